"""The pages about targets, owners and exclusions, and what a metric's page says of them."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.governance.access import Actor, everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.pages.conftest import Read
from tests.web.pages.desk import make_desk

HOSTILE = '"><script>alert(1)</script>'
TARGET = {"metric": "time_to_resolve", "value": "9", "period": "week", "why": "Users wait."}
EXCLUSION = {"metric": "time_to_resolve", "where": "team=Network\n\n", "why": "A move."}


class Visit:
    """Somebody at the pages, without a script."""

    def __init__(self, desk: Intake, actor: Actor) -> None:
        context = Context(
            desk.workspace, actor=actor, readers=Readers(in_memory=True, remember=True)
        )
        self.asks = TestClient(
            make_app(context), base_url="http://127.0.0.1:8787", follow_redirects=False
        )

    def see(self, path: str) -> Read:
        """Open a page."""
        answer = self.asks.get(path)
        return Read(answer.text, answer.status_code)

    def send(self, path: str, **fields: str) -> Read:
        """Send a form; return the page that answers, the one it leads to where it was taken."""
        form = {name.removesuffix("_"): (None, value) for name, value in fields.items()}
        answer = self.asks.post(path, files=form or {"none": (None, "")})
        if answer.status_code == 303:
            return self.see(answer.headers["location"].partition("#")[0])
        return Read(answer.text, answer.status_code)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of sixteen weeks of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("agreed"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def ana(own: Intake) -> Visit:
    """Return somebody who may everything."""
    return Visit(own, everywhere("ana", "administrator"))


def fields(read: Read) -> dict[str, str]:
    """Return the fields of a page's forms by name, as they are filled in."""
    areas = re.findall(
        r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', read.source, re.DOTALL
    )
    lines = [(given["name"], given.get("value", "")) for t, given in read.tags if t == "input"]
    return {**dict(lines), **dict(areas)}


def actions(read: Read) -> list[str]:
    """Return where the forms of a page are sent that change something."""
    return [given["action"] for tag, given in read.tags if given.get("method") == "post"]


@pytest.mark.row("CAT-12")
def test_a_target_is_set_by_its_form_and_stands_on_its_metric(ana: Visit) -> None:
    """With its state, its goal line and its history; ended, all of it is gone but the history."""
    assert ana.see("/targets").headline == "No target is set"
    page = ana.send("/targets", from_="2026-01-05", review="2026-12-31", **TARGET)
    assert page.headline == "The one target is off track"
    assert "Aim: at most 9.0 h." in page.words
    assert "c-target" in page.source
    [end] = [each for each in actions(page) if each.endswith("/end")]

    metric = ana.see("/metrics/time_to_resolve?period=week")
    spec = json.loads(re.findall(r'id="chart-spec">(.*?)</script>', metric.source)[0])
    assert [row["y"] for row in spec["datasets"]["target"]] == [9.0]
    assert "Target, at most 9.0 h" in metric.words
    other = ana.see("/metrics/time_to_resolve?period=week&statistic=p90")
    assert '"target":[]' in other.source.replace(" ", "")
    assert "Aim: at most 9.0 h." in other.words

    assert ana.send(end, why="").headline == "The one target is off track"
    assert "A target needs a reason." in ana.send(end, why="").words
    gone = ana.send(end, why="Enough.")
    assert gone.headline == "No target is set"
    assert "At most 9.0 h" in gone.words


@pytest.mark.parametrize(
    ("changed", "said", "status"),
    [
        ({"value": "9,5"}, "Write it with a point", 400),
        ({"metric": ""}, "A target needs a metric.", 400),
        ({"period": "day"}, "has no 'day'", 400),
        ({"where": "priorty=1"}, "priorty", 400),
        ({"why": " "}, "A target needs a reason.", 400),
        ({"review": "2025-01-01"}, "does not lie after the start", 400),
        ({"value": HOSTILE}, "is no number to reach", 400),
    ],
)
def test_a_form_that_is_wrong_keeps_what_was_typed(
    ana: Visit, changed: dict[str, str], said: str, status: int
) -> None:
    """Above the list, with what is wrong; nothing is set."""
    typed = TARGET | {"where": "team=Desk", "from_": "2026-01-05", "review": ""} | changed
    page = ana.send("/targets", **typed)
    assert page.status == status
    assert "Nothing was changed" in page.words
    assert said in page.words
    kept = fields(page)
    assert all(kept[name] == typed[name] for name in ("value", "where", "why") if name in kept)
    assert kept["from"] == "2026-01-05"
    assert "<script>alert" not in page.source
    assert ana.see("/targets").headline == "No target is set"


def test_the_address_fills_the_form_in(ana: Visit) -> None:
    """As the metric's page asks for it."""
    metric = ana.see("/metrics/time_to_resolve?period=week&where=team=Desk")
    href = next(link.href for link in metric.links if link.text == "Set a target")
    page = ana.see(href.partition("#")[0])
    assert fields(page)["where"] == "team=Desk"
    chosen = [given["value"] for tag, given in page.tags if "selected" in given]
    assert {"time_to_resolve", "median", "week"} <= set(chosen)
    assert not [e for e in ana.see("/metrics/tickets_opened").links if e.text == "Set a target"]


@pytest.mark.row("GOV-01")
def test_what_nobody_answers_for_comes_first_and_is_named_by_a_form(ana: Visit) -> None:
    """Its metric's page then says who, and what is left of the gap."""
    page = ana.see("/owners")
    assert "have no owner" in page.headline
    assert page.words.index("What is missing") < page.words.index("Name somebody")
    gap = next(link.href for link in page.links if link.text == "Backlog")
    assert fields(ana.see(gap.partition("#")[0]))["subject"] == "backlog"
    assert "Nobody answers for this metric." in ana.see("/metrics/backlog").words

    wrong = ana.send("/owners", kind="metric", subject="backlg", person=HOSTILE, part="owner")
    assert (wrong.status, fields(wrong)["person"] != "") == (400, True)
    assert "Did you mean 'backlog'?" in wrong.words
    assert "<script>alert" not in wrong.source

    named = ana.send(
        *("/owners",), kind="metric", subject="backlog", person="Bo", part="owner", rights="Spends."
    )
    assert "1 metric has an owner, and nobody decides by it" in named.words
    assert "Spends." in named.words
    ana.send("/owners", kind="metric", subject="backlog", person="Cleo", part="consumer")
    told = ana.see("/metrics/backlog").words
    assert "Owner Bo" in told
    assert "Decide by it Cleo" in told
    for end in [each for each in actions(ana.see("/owners")) if each.endswith("/end")]:
        after = ana.send(end)
    assert not [each for each in actions(after) if each.endswith("/end")]


@pytest.mark.row("GOV-11")
def test_an_exclusion_shows_both_numbers_from_its_approval_to_its_end(
    own: Intake, ana: Visit
) -> None:
    """Who asked sees why they cannot approve; then both numbers stand on its pages and Home."""
    bo = Visit(own, everywhere("bo", "process owner"))
    asked = ana.send("/exclusions", **EXCLUSION)
    assert asked.headline == "Nothing is left out of numbers, 1 waits for approval"
    assert "Who asked for it may not approve it." in asked.words
    assert not [each for each in actions(asked) if each.endswith("/approve")]
    assert "With those left out" not in ana.see("/metrics/time_to_resolve").words

    [approve] = [e for e in actions(bo.see("/exclusions")) if e.endswith("/approve")]
    assert bo.send(approve).headline == "1 exclusion is in force"
    metric = bo.see("/metrics/time_to_resolve?period=week&by=team")
    assert "With those left out" in metric.words
    assert "Left out exclusion 1: A move." in metric.words
    told = bo.asks.get("/api/v1/measure/time_to_resolve").json()
    without, both = told["rows"][0]["n"], told["rows_with_excluded"][0]["n"]
    assert without < both
    assert f"of {both} tickets" in metric.words
    assert f"of {without} tickets" in metric.words
    # Of the one team whose tickets are all left out, the split still says what there was.
    of_team = f"{bo.asks.get('/api/v1/measure/time_to_resolve?where=team=Network').json()}"
    assert "rows_with_excluded" in of_team
    assert "With those left out" in bo.see("/").words

    wrong = bo.send("/exclusions/1/end", why="")
    assert (wrong.status, "needs a reason" in wrong.words) == (400, True)
    assert bo.send("/exclusions/1/end", why="Enough.").headline == "Nothing is left out of numbers"
    assert bo.send("/exclusions/9/approve").status == 404


def test_who_may_not_sees_no_form_and_why(own: Intake) -> None:
    """And a form that is sent all the same changes nothing."""
    eve = Visit(own, everywhere("eve", "viewer"))
    for path in ("/targets", "/owners"):
        page = eve.see(path)
        assert page.status == 200
        assert actions(page) == []
        assert "viewer may not" in page.words
    assert eve.see("/exclusions").status == 403
    assert eve.send("/targets", **TARGET).status == 403
    assert eve.send("/owners", kind="metric", subject="backlog", person="Eve").status == 403
    assert eve.send("/exclusions/1/approve").status == 403
    auditor = Visit(own, everywhere("aud", "auditor")).see("/exclusions")
    assert (auditor.status, actions(auditor)) == (200, [])
    assert "auditor may not ask for tickets to be left out" in auditor.words


def test_every_page_leads_there_by_its_foot(ana: Visit) -> None:
    """And the catalogue too; each has its twin."""
    links = {link.href for link in ana.see("/checks").links}
    for path in ("/targets", "/owners", "/exclusions"):
        assert path in links
        page = ana.see(path)
        assert ana.asks.get(page.twin()).status_code == 200
        ids = [given["id"] for _, given in page.tags if "id" in given]
        assert sorted(ids) == sorted(set(ids))


def test_a_file_that_no_form_asks_for_is_not_kept(own: Intake, ana: Visit) -> None:
    """Whoever sends one beside the fields leaves nothing in the workspace."""
    uploads = own.workspace.path / "inbox" / ".uploads"
    sent = [("file", ("a.csv", b"a,b\n1,2\n")), ("metric", ("", b"nonsense"))]
    assert ana.asks.post("/targets", files=sent).status_code == 400
    assert [each.name for each in uploads.glob("*")] == []


@pytest.mark.row("GOV-08")
def test_what_a_metrics_page_shows_is_published_with_a_note_and_computed_again(
    own: Intake, ana: Visit
) -> None:
    """By the address of what is shown; who may not sees no way to, and is refused."""
    shown = "/metrics/tickets_opened?period=month&where=team%3DNetwork"
    page = ana.see(shown)
    assert "Nothing was published of this metric yet." in page.words
    [way] = [link.href for link in page.links if link.text == "Publish what is shown"]
    place = way.partition("#")[0]
    form = ana.see(place)
    assert "where team is Network" in form.words

    assert ana.send(place, note=" ").status == 400
    long = ana.send(place, note=HOSTILE + "x" * 200)
    assert (long.status, fields(long)["note"][: len(HOSTILE)]) == (400, HOSTILE)
    assert ana.asks.get("/api/v1/published?metric=tickets_opened").json()["published"] == []

    kept = ana.send(place, note="The board’s report")
    [number] = ana.asks.get("/api/v1/published?metric=tickets_opened").json()["published"]
    measured = ana.asks.get(shown.replace("/metrics/", "/api/v1/measure/")).json()
    assert (number["place"], number["answer"]) == ("The board’s report", measured)
    assert f"{number['ref']}: " in kept.words
    again = ana.see(f"/published/{number['ref']}?again=yes")
    assert "The same values" in again.words
    assert "The board’s report" in ana.see(shown).words
    assert "The board’s report" not in ana.see("/published?metric=backlog").words
    assert ana.see("/published/N-999").status == 404

    for role, may_read in (("viewer", False), ("auditor", True)):
        other = Visit(own, everywhere("eve", role))
        page = other.see(shown)
        assert "Publish what is shown" not in page.words
        assert ("The board’s report" in page.words) == may_read
        assert other.send(place, note="x").status == 403
