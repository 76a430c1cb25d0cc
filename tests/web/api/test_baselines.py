"""The API about baselines, rebases, excluded points and benchmarks."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from opsgauge.governance.access import Actor, everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.api.baselines import router
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.pages.desk import make_desk

BASE = "http://127.0.0.1:8787/api/v1"
SERIES = {"metric": "time_to_resolve", "where": ["team=Desk"], "period": "week"}
FROZEN = SERIES | {"accept": "All that there is."}
REBASE = SERIES | {"at": "2026-W10", "why": "It stays.", "event": "A new tool."}
POINT = SERIES | {"at": "2026-W05", "why": "A storm."}
CSV = (
    "metric,source,date,peer_group,percentile,value,differences\n"
    "time_to_resolve,A survey,2025-06-30,Banks,50,9.5,Counts weekends.\n"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of sixteen weeks of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("baselines"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def readers() -> Readers:
    """Return what all programs share."""
    return Readers(remember=True)


def as_(desk: Intake, readers: Readers, actor: Actor | None = None) -> TestClient:
    """Return a program on this machine, or of somebody."""
    context = Context(desk.workspace, readers=readers)
    if actor is not None:
        context = Context(desk.workspace, actor=actor, readers=readers)
    return TestClient(make_app(context), base_url=BASE, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(desk: Intake, readers: Readers) -> TestClient:
    """Return a program on this machine, where nobody signs in."""
    return as_(desk, readers)


@pytest.mark.row("BAS-01")
@pytest.mark.row("BAS-02")
def test_a_baseline_is_frozen_signed_and_drawn(client: TestClient) -> None:
    """Provisional, then signed by two who are named; then the chart has its limits."""
    made = client.post("/baselines", json=FROZEN)
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    assert (made.json()["state"], made.json()["segment"][0]["values"]) == ("provisional", ["Desk"])
    asked = "/chart/time_to_resolve?where=team=Desk&period=week"
    assert [each["frozen"] for each in client.get(asked).json()["phases"]] == [None]
    for part, person in (("owner", "Ana"), ("frontline", "Bo")):
        said = client.post(f"/baselines/{number}/sign", json={"part": part, "person": person})
        assert said.status_code == 200, said.text
    against = {"why": "Nights are missing.", "person": "Cleo"}
    assert client.post(f"/baselines/{number}/object", json=against).status_code == 200
    told = client.get(f"/baselines/{number}").json()
    assert (told["state"], told["is_target"]) == ("signed", False)
    assert [each["signed_in"] for each in told["voices"]] == [False] * 3
    drawn = client.get(asked).json()
    assert drawn["phases"][0]["frozen"]["number"] == number
    assert drawn["centre"] == told["numbers"]["centre"] == told["chart"]["centre"]
    [brief] = client.get("/metrics/time_to_resolve").json()["baselines"]
    assert (brief["number"], "values" in brief["numbers"]) == (number, False)


@pytest.mark.row("BAS-10")
@pytest.mark.row("SPC-05")
def test_a_rebase_and_a_point_are_set_and_undone(client: TestClient) -> None:
    """Each with its reason; all of it stays in the list."""
    mark = client.post("/rebases", json=REBASE | {"event_day": "2026-03-02"}).json()
    point = client.post("/excluded-points", json=POINT).json()
    told = client.get("/baselines?metric=time_to_resolve").json()
    assert [each["at"] for each in told["rebases"]] == ["2026-W10"]
    assert [each["why"] for each in told["excluded_points"]] == ["A storm."]
    for path in (f"/rebases/{mark['number']}", f"/excluded-points/{point['number']}"):
        undone = client.post(f"{path}/undo", json={"why": "It was none."})
        assert undone.json()["ended_why"] == "It was none."
    assert client.get("/baselines").json()["rebases"] == []
    assert len(client.get("/baselines?all=true").json()["rebases"]) == 1


@pytest.mark.row("BAS-06")
def test_no_target_takes_a_baseline(client: TestClient) -> None:
    """A target is set by its value alone, and the answer says what a baseline is not."""
    target = {"metric": "time_to_resolve", "value": 3, "why": "x", "baseline": 1}
    answer = client.post("/targets", json=target)
    assert answer.status_code == 400
    assert "baseline" in answer.json()["error"]["message"]
    assert "It is no target" in client.get("/baselines").json()["note"]
    assert client.get("/targets").json()["targets"] == []


@pytest.mark.row("BAS-09")
def test_benchmarks_stand_beside_with_their_differences(client: TestClient) -> None:
    """One's own comes first in the sentence, also where there is none yet."""
    [line] = client.post("/benchmarks", json={"csv": CSV}).json()["benchmarks"]
    [told] = client.get("/baselines").json()["benchmarks"]
    assert told["sentence"] == (
        "No baseline of one’s own is signed yet; freeze one before comparing. Banks, "
        "percentile 50: 9.5 h (A survey, 2025-06-30). Differs: Counts weekends."
    )
    wrong = client.post("/benchmarks", json={"csv": CSV.replace("9.5", "=1+1")})
    assert wrong.status_code == 400
    assert "line 2: value '=1+1' is no number" in wrong.json()["error"]["message"]
    end = client.post(f"/benchmarks/{line['number']}/end", json={"why": "Old."})
    assert end.json()["ended_at"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/baselines", SERIES | {"metric": "time_to_resolv"}, 404, "no metric"),
        ("/baselines", SERIES | {"period": "all"}, 400, "no period"),
        ("/baselines", SERIES | {"from": "2026-W14", "accept": "x"}, 400, "needs 12 periods"),
        ("/baselines", SERIES | {"target": True}, 400, "target"),
        ("/baselines/99/sign", {"part": "owner", "person": "A"}, 404, "no baseline 99"),
        ("/baselines/99/sign", {"part": "boss"}, 400, "Nobody signs as"),
        ("/baselines/99/object", {"why": "x", "person": "A"}, 404, "no baseline 99"),
        ("/rebases", REBASE | {"at": "soon"}, 400, "is no week"),
        ("/rebases", REBASE | {"event": ""}, 400, "event"),
        ("/rebases/99/undo", {"why": "x"}, 404, "no rebase 99"),
        ("/excluded-points", POINT | {"why": ""}, 400, "why"),
        ("/excluded-points/99/undo", {"why": "x"}, 404, "no excluded point 99"),
        ("/benchmarks/99/end", {"why": "x"}, 404, "no benchmark 99"),
    ],
)
def test_what_cannot_be_is_told(
    client: TestClient, path: str, body: dict[str, object], status: int, said: str
) -> None:
    """With the field or the name that is wrong."""
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]["message"]


def test_every_route_asks_for_its_right(desk: Intake, readers: Readers) -> None:
    """An auditor reads all of it and changes nothing."""
    auditor = as_(desk, readers, everywhere("eve", "auditor"))
    bodies = {
        "/baselines": FROZEN,
        "/baselines/1/sign": {"part": "frontline"},
        "/rebases": REBASE,
        "/excluded-points": POINT,
        "/benchmarks": {"csv": CSV},
    }
    for route in router.routes:
        assert isinstance(route, APIRoute)
        path = route.path.removeprefix("/api/v1").replace("{number}", "1")
        if "POST" in (route.methods or ()):
            answer = auditor.post(path, json=bodies.get(path, {"why": "x"}))
            assert answer.status_code == 403, (path, answer.text)
        else:
            assert auditor.get(path).status_code == 200, path
