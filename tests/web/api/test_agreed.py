"""The API about targets, owners and exclusions: what is made is told, what cannot be is refused."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.api.agreed import router
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.conftest import LOG

BASE = "http://127.0.0.1:8787/api/v1"
TARGET = {"metric": "time_to_resolve", "value": 3, "period": "week", "why": "Users wait."}
OWNER = {"kind": "metric", "subject": "backlog", "person": "Ana"}
EXCLUSION = {"metric": "time_to_resolve", "where": ["team=Network"], "why": "A move."}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import sixty tickets into a workspace of their own."""
    held = Intake(tmp_path_factory.mktemp("agreed"))
    held.takes(LOG)
    yield held
    held.close()


@pytest.fixture(scope="module")
def client(desk: Intake) -> TestClient:
    """Return a program on this machine."""
    context = Context(desk.context.workspace, readers=Readers(in_memory=True, remember=True))
    return TestClient(make_app(context), base_url=BASE, raise_server_exceptions=False)


def as_(desk: Intake, role: str) -> TestClient:
    """Return a program of somebody with one role."""
    ctx = Context(desk.context.workspace, actor=everywhere("eve", role))
    return TestClient(make_app(ctx), base_url=BASE, raise_server_exceptions=False)


@pytest.mark.row("CAT-12")
def test_a_target_is_set_listed_and_ended(client: TestClient) -> None:
    """It stands on its metric too; an older data version hinders nobody from setting one."""
    made = client.post("/targets?data_version=99", json=TARGET | {"from": "2026-01-05"})
    assert made.status_code == 201, made.text
    number = made.json()["number"]
    [told] = client.get("/targets?metric=time_to_resolve").json()["targets"]
    assert (told["number"], told["goal"], told["from_day"]) == (number, 3.0, "2026-01-05")
    assert client.get("/targets?metric=backlog").json()["targets"] == []
    assert client.get("/metrics/time_to_resolve").json()["targets"][0]["number"] == number

    assert client.post(f"/targets/{number}/end", json={"why": "Enough."}).json()["ended_at"]
    assert client.get("/targets").json() == {"sentence": "No target is set", "targets": []}
    assert client.get("/targets/history").json()["targets"][0]["number"] == number


@pytest.mark.row("GOV-01")
def test_an_owner_is_named_and_ended(client: TestClient) -> None:
    """The answer tells the gaps as well."""
    made = client.post("/owners", json=OWNER | {"rights": "spends"})
    assert made.status_code == 201, made.text
    told = client.get("/owners").json()
    assert [each["person"] for each in told["owners"]] == ["Ana"]
    assert told["gaps"] == client.get("/owners/gaps").json()["gaps"]
    assert {"kind": "metric", "subject": "backlog", "title": "Backlog"}.items() <= next(
        each for each in told["gaps"] if each["subject"] == "backlog"
    ).items()
    assert client.get("/metrics/backlog").json()["owners"][0]["rights"] == "spends"
    assert client.post(f"/owners/{made.json()['number']}/end").status_code == 200
    assert client.get("/owners").json()["owners"] == []


@pytest.mark.row("GOV-11")
def test_an_exclusion_is_asked_approved_and_ended(client: TestClient) -> None:
    """Between the two, numbers are told both ways."""
    measured = "/measure/time_to_resolve"
    before = client.get(measured).json()["rows"][0]["n"]
    named = {"metric": "time_to_resolve", "tickets": ["desk:T1", "desk:T2"], "why": "A move."}
    number = client.post("/exclusions", json=named).json()["number"]
    assert client.post(f"/exclusions/{number}/approve").json()["state"] == "in force"
    told = client.get(measured).json()
    assert told["rows"][0]["n"] < told["rows_with_excluded"][0]["n"] == before
    assert told["excluded"] == [{"number": number, "why": "A move."}]
    file = client.get(f"{measured}?format=csv").text.splitlines()[0]
    assert "value_with_excluded,n_with_excluded" in file
    ended = client.post(f"/exclusions/{number}/end", json={"why": "Done."})
    assert ended.json()["state"] == "ended"
    assert client.get(measured).json()["rows"][0]["n"] == before
    assert client.get("/exclusions").json()["exclusions"][0]["number"] == number


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/targets", TARGET | {"metric": "time_to_resolv"}, 404, "no metric"),
        ("/targets", TARGET | {"value": "much"}, 400, "value"),
        ("/targets", TARGET | {"metric": "reopened_share", "value": 95}, 400, "between 0 and 1"),
        ("/targets", TARGET | {"period": "day"}, 400, "has no 'day'"),
        ("/targets", TARGET | {"why": ""}, 400, "why"),
        ("/targets", TARGET | {"why": "x" * 2_001}, 400, "why"),
        ("/targets", TARGET | {"from": "tomorrow"}, 400, "from"),
        ("/targets", TARGET | {"goal": 3}, 400, "goal"),
        ("/targets", TARGET | {"where": ["team"]}, 400, "no condition"),
        ("/targets/99/end", {"why": "x"}, 404, "no target 99"),
        (f"/targets/{10**30}/end", {"why": "x"}, 400, "number"),
        ("/owners", OWNER | {"subject": "backlg"}, 404, "no metric 'backlg'"),
        ("/owners", OWNER | {"person": " "}, 400, "needs a person"),
        ("/owners/99/end", None, 404, "no line 99"),
        ("/exclusions", EXCLUSION | {"tickets": ["desk:T1"]}, 400, "names tickets, or says"),
        ("/exclusions", {"why": "x", "tickets": ["desk:none"]}, 404, "none"),
        ("/exclusions/99/approve", None, 404, "no exclusion 99"),
    ],
)
def test_what_cannot_be_is_told(
    client: TestClient, path: str, body: dict[str, object] | None, status: int, said: str
) -> None:
    """With the field or the name that is wrong, and nothing is kept."""
    answer = client.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["error"]["message"]


def test_no_number_that_is_none_gets_in(client: TestClient) -> None:
    """Some programs write NaN and Infinity into JSON."""
    for odd in ("NaN", "Infinity", "1e999"):
        text = '{"metric": "time_to_resolve", "why": "x", "value": ' + odd + "}"
        answer = client.post("/targets", content=text, headers={"content-type": "application/json"})
        assert answer.status_code == 400, answer.text


def test_every_route_asks_for_its_right(desk: Intake) -> None:
    """Who only reads may read targets and owners, and change nothing."""
    viewer = as_(desk, "viewer")
    bodies = {"/targets": TARGET, "/owners": OWNER, "/exclusions": EXCLUSION}
    tried = set()
    for route in router.routes:
        assert isinstance(route, APIRoute)
        path = route.path.removeprefix("/api/v1").replace("{number}", "1")
        tried.add(path)
        if "POST" in (route.methods or ()):
            answer = viewer.post(path, json=bodies.get(path, {"why": "x"}))
            assert answer.status_code == 403, (path, answer.text)
        else:
            expected = 403 if path == "/exclusions" else 200
            assert viewer.get(path).status_code == expected, path
    assert len(tried) == 9


def test_who_asks_for_an_exclusion_may_not_approve_it(desk: Intake) -> None:
    """Where people have names."""
    owner = as_(desk, "process owner")
    number = owner.post("/exclusions", json=EXCLUSION).json()["number"]
    answer = owner.post(f"/exclusions/{number}/approve")
    assert answer.status_code == 400
    assert "so cannot approve it" in answer.json()["error"]["message"]
