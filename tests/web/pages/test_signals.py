"""The page of signals, its twin, and what a metric's page says of its signals."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.pages.conftest import Read
from tests.web.pages.desk import make_desk
from tests.web.pages.test_agreed import HOSTILE, Visit, actions, fields

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
READERS = Readers(remember=True)
PROTOCOL = {
    "metric": "backlog",
    "who": "owner",
    "days": "2",
    "calendar": "desk",
    "what": "Look at the queue.",
    "why": "It grows.",
}


class Visiting(Visit):
    """Somebody at the pages on a day in May."""

    def __init__(self, desk: Intake, actor: Actor, now: datetime = NOW) -> None:
        clock = fixed_clock(now)
        context = Context(desk.workspace, actor=actor, readers=READERS, clock=clock)
        self.asks = TestClient(
            make_app(context), base_url="http://127.0.0.1:8787", follow_redirects=False
        )


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("signals"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def ana(own: Intake) -> Visiting:
    """Return somebody who may everything."""
    return Visiting(own, everywhere("ana", "administrator"))


def of_network(read: Read) -> str:
    """Return where the forms of the signal of one team's backlog begin."""
    place = read.source.index("Count of each week, team is Network")
    return read.source[:place].rsplit('id="signal-', 1)[1].partition('"')[0]


@pytest.mark.row("SPC-06")
@pytest.mark.row("DSH-04")
@pytest.mark.row("GOV-03")
def test_signals_are_looked_for_and_stand_with_what_is_to_be_done(ana: Visiting) -> None:
    """First with nobody having looked; then open ones, notices and how each metric stands."""
    empty = ana.see("/signals")
    assert empty.headline == "Nobody has looked for signals yet"
    assert "Backlog" in empty.words  # it needs attention, whoever looked
    assert ana.send("/protocols", **PROTOCOL).status == 200
    ana.send("/owners", kind="metric", subject="backlog", person="Bo", part="owner")

    page = ana.send("/signals/note")
    assert page.headline == "2 signals are open; 4 notices"
    assert "Data version 1 was looked at on" in page.words
    assert "Above the upper limit (6) in week 17, the second week in a row." in page.words
    assert "20, normal up to 6" in page.words
    assert "Due 6 May 2026" in page.words
    assert "Response Look at the queue, by Bo." in page.words
    assert page.words.index("To be seen to") < page.words.index("Worth knowing")
    assert "Needs attention" in page.words
    assert page.source.count('class="spark"') >= 3
    ids = [given["id"] for _, given in page.tags if "id" in given]
    assert sorted(ids) == sorted(set(ids))
    twin = ana.asks.get(page.twin()).json()
    assert twin["sentence"] == page.headline
    assert [each["due"] for each in twin["signals"]][:2] == ["2026-05-06"] * 2
    assert ana.send("/signals/note").headline == page.headline


@pytest.mark.row("SPC-06")
def test_a_signal_is_decided_about_by_forms_that_keep_what_was_typed(ana: Visiting) -> None:
    """Given away, dismissed, undone; what is refused stands in its form again, and does no harm."""
    number = of_network(ana.see("/signals"))
    place = f"/signals/{number}"
    wrong = ana.send(f"{place}/assign", owner=HOSTILE, due="2026-01-01", why="Because")
    assert wrong.status == 400
    assert "The day 2026-01-01 is over." in wrong.words
    kept = {given.get("id"): given.get("value") for tag, given in wrong.tags if tag == "input"}
    assert kept[f"assign-{number}-owner"] == HOSTILE
    assert kept[f"assign-{number}-due"] == "2026-01-01"
    assert "<script>alert" not in wrong.source
    assert ana.send(f"{place}/dismiss", cause=" ").status == 400

    given = ana.send(f"{place}/assign", owner="Cleo", due="2026-05-20", why="")
    assert "Who Cleo" in given.words
    assert "Due 20 May 2026" in given.words
    done = ana.send(f"{place}/done", why="Two people moved.")
    assert "Done: Two people moved." in done.words
    assert ana.send(f"{place}/remark", text="Asked them.").status == 200
    gone = ana.send(f"{place}/dismiss", cause="A server died.")
    assert gone.headline == "One signal is open; 4 notices"
    assert "A server died." in gone.words
    assert f"{place}/dismiss" not in actions(gone)
    assert ana.send(f"{place}/dismiss", cause="Twice.").status == 400
    back = ana.send(f"{place}/undo", why="It lives.")
    assert "Open again" in back.words
    assert ana.send("/signals/99/dismiss", cause="x").status == 404


@pytest.mark.row("SPC-06")
def test_a_lasting_change_is_rebased_from_the_page(ana: Visiting) -> None:
    """With its event, which the history tells; undone, it is open again."""
    number = of_network(ana.see("/signals"))
    wrong = ana.send(f"/signals/{number}/rebase", event="", why="It stays.", at="")
    assert wrong.status == 400
    done = ana.send(f"/signals/{number}/rebase", event="New rota", why="It stays.", at="")
    assert "New rota, 2026-W16" in done.words
    assert done.headline == "One signal is open; 4 notices"
    assert (
        ana.send(f"/signals/{number}/undo", why="No.").headline == "2 signals are open; 4 notices"
    )


@pytest.mark.row("DSH-04")
def test_a_metrics_page_says_how_it_stands_and_what_becomes_of_its_signals(
    own: Intake, ana: Visiting
) -> None:
    """In the same words, with the same forms; overdue is told before what the chart says."""
    page = ana.see("/metrics/backlog?period=week")
    assert "State Needs attention Worse since 20 Apr" in page.words
    assert "What becomes of its signals" in page.words
    assert any(each.endswith("/dismiss") for each in actions(page))
    late = Visiting(own, everywhere("ana", "administrator"), datetime(2026, 6, 1, tzinfo=UTC))
    told = late.see("/metrics/backlog?period=week").words
    assert "should have been seen to by 2026-05-06." in told
    assert late.see("/signals").headline == "2 signals are open, 2 are overdue; 4 notices"
    assert "Overdue" in late.see("/signals").words
    calm = ana.see("/metrics/tickets_opened?period=week")
    assert "What becomes of its signals" not in calm.words
    assert "State Healthy" in calm.words


@pytest.mark.row("GOV-13")
def test_the_page_of_owners_says_how_much_is_asked_of_whom(ana: Visiting) -> None:
    """With the metrics; the twin tells it apart."""
    page = ana.see("/owners")
    assert "How much is asked of whom" in page.words
    assert "Bo owner 1 metric" in page.words
    [load] = ana.asks.get("/api/v1/owners/load").json()["load"]
    assert (load["who"], load["count"], load["too_many"]) == ("Bo", 1, False)


@pytest.mark.row("GOV-03")
def test_a_protocol_is_set_and_ended_by_its_form(ana: Visiting) -> None:
    """One that is wrong keeps what was typed."""
    wrong = ana.send("/protocols", **{**PROTOCOL, "days": "soon", "name": HOSTILE})
    assert wrong.status == 400
    assert "is no whole number" in wrong.words
    assert fields(wrong)["what"] == "Look at the queue."
    assert fields(wrong)["name"] == HOSTILE
    assert "<script>alert" not in wrong.source
    assert "Within 2 working days by the calendar desk." in ana.see("/signals").words
    assert ana.asks.get("/api/v1/protocols").json()["protocols"][0]["days"] == 2
    [end] = [each for each in actions(ana.see("/signals")) if each.startswith("/protocols/")]
    assert ana.send(end, why="").status == 400
    assert "Look at the queue." not in ana.send(end, why="Enough.").words.split("Response")[0]


@pytest.mark.row("SPC-06")
def test_programs_decide_by_the_api(ana: Visiting) -> None:
    """The same acts; what cannot be is refused with what to do."""
    api, number = "/api/v1/signals", of_network(ana.see("/signals"))
    one = f"{api}/{number}"
    assert ana.asks.post(f"{api}/note").json()["new"] == []
    assert ana.asks.get(one).json()["title"] == "Backlog"
    told = ana.asks.post(f"{one}/dismiss", json={"cause": "A server died."}).json()
    assert (told["state"], told["place"]) == ("dismissed", "past")
    again = ana.asks.post(f"{one}/assign", json={"owner": "Cleo"})
    assert (again.status_code, "signals undo" in again.text) == (400, True)
    assert ana.asks.post(f"{one}/undo", json={"why": "No."}).json()["state"] == "open again"
    body = {"event": "New rota", "why": "It stays."}
    assert ana.asks.post(f"{one}/rebase", json=body).json()["state"] == "rebased"
    assert ana.asks.post(f"{one}/undo", json={"why": "No."}).json()["state"] == "open again"
    assert ana.asks.post(f"{one}/assign", json={"due": "2026-06-01"}).json()["due"] == "2026-06-01"
    assert ana.asks.post(f"{one}/remark", json={"text": "Asked."}).status_code == 200
    assert ana.asks.post(f"{one}/done", json={"why": "Moved."}).status_code == 200
    states = ana.asks.get(f"{api}/states").json()
    assert {each["state"] for each in states["metrics"]} >= {"healthy", "needs attention"}
    made = {"metric": "backlog", "days": 1, "what": "Look.", "why": "It grows."}
    protocol = ana.asks.post("/api/v1/protocols", json=made)
    assert protocol.status_code == 201
    end = f"/api/v1/protocols/{protocol.json()['number']}/end"
    assert ana.asks.post(end, json={"why": "Enough."}).json()["ended_at"]


@pytest.mark.row("SEC-01")
def test_who_may_not_act_sees_no_form_and_who_sees_a_part_no_signal_of_all(own: Intake) -> None:
    """A viewer reads; somebody of one team sees the signal of no other, nor of all."""
    eve = Visiting(own, everywhere("eve", "viewer"))
    page = eve.see("/signals")
    assert (page.headline, actions(page)) == ("2 signals are open; 4 notices", [])
    assert "viewer may not say what follows" in page.words
    assert eve.send("/signals/1/dismiss", cause="x").status == 403
    vic = Visiting(own, Actor("vic", (Assignment("vendor", (Condition("team", ("Desk",)),)),)))
    assert vic.asks.get("/api/v1/signals").json()["signals"] == []
    page = vic.see("/signals")
    assert (page.headline, "Network" in page.source) == ("No signal is open", False)
    for number in range(1, 7):
        assert vic.asks.get(f"/api/v1/signals/{number}").status_code == 404
