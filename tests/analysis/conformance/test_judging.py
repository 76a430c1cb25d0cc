"""Each kind of rule on tickets that can be judged by eye."""

from dataclasses import replace

import pytest

from opsgauge.analysis.conformance.judging import known_steps
from opsgauge.metrics.policies.rule import Excused
from tests.analysis.conformance.conftest import Cases, rule


@pytest.mark.row("CON-01")
def test_precedence(cases: Cases) -> None:
    """Work only after a yes: what came later is no yes, and who never worked is not judged."""
    cases.has("kept", "08:00 New", "09:00 Yes", "10:00 Work ann", "11:00 Done")
    cases.has("never", "08:00 New", "10:00 Work bob", "11:00 Done")
    cases.has("later", "08:00 New", "10:00 Work cid", "11:00 Yes", "12:00 Work", "13:00 Done")
    cases.has("no work", "08:00 New", "09:00 Done")
    cases.has("open", "08:00 New", "10:00 Work")

    rows = cases.judged(rule("precedence: {step: Work, only_after: [Yes, Aye]}"))
    assert {number: row["outcome"] for number, row in rows.items()} == {
        "kept": "kept",
        "never": "broken",
        "later": "broken",
        "open": "broken",  # nothing that comes can mend it
    }
    assert rows["kept"]["cause"] == ""
    assert rows["never"]["cause"] == "it never came before"
    assert rows["later"]["cause"] == "it came only later"
    told = rows["later"]
    assert (told["actor"], told["team"], told["step"]) == ("cid", "Team Work", "Work")
    assert f"{told['at']:%H:%M}" == "10:00"


@pytest.mark.row("CON-01")
def test_response(cases: Cases) -> None:
    """After the last work a review; an open ticket may still have it."""
    cases.has("kept", "08:00 Work", "09:00 Look", "10:00 Done")
    cases.has("again", "08:00 Work", "09:00 Look", "10:00 Work", "11:00 Done")
    cases.has("never", "08:00 Work", "10:00 Done")
    cases.has("waits", "08:00 Work")
    cases.has("none", "08:00 New", "09:00 Done")

    rows = cases.judged(rule("response: {step: Work, then: Look}"))
    assert {number: row["outcome"] for number, row in rows.items()} == {
        "kept": "kept",
        "again": "broken",
        "never": "broken",
        "waits": "pending",
    }
    assert rows["again"]["cause"] == "it came before, and not again after"
    assert rows["never"]["cause"] == "it never came"


@pytest.mark.row("CON-01")
def test_absence(cases: Cases) -> None:
    """Only ended tickets are judged, so that those which broke early are not all there are."""
    cases.has("kept", "08:00 New", "09:00 Done")
    cases.has("broken", "08:00 New", "09:00 Bypass", "10:00 Done")
    cases.has("early", "08:00 New", "09:00 Bypass")
    cases.has("open", "08:00 New")

    assert cases.outcomes("absence: {step: Bypass}") == {
        "broken": "broken",
        "early": "broken_open",
        "kept": "kept",
        "open": "pending",
    }


@pytest.mark.row("CON-01")
def test_exactly_once(cases: Cases) -> None:
    """A state that an update leaves as it is came once; gone and back, twice."""
    cases.has("once", "08:00 New", "09:00 Done")
    cases.has("stayed", "08:00 New", "09:00 Done", "09:30 Done")
    cases.has("twice", "08:00 Done", "09:00 New", "10:00 Done ann", "11:00 Shut")
    cases.has("never", "08:00 New", "09:00 Shut")
    cases.has("open", "08:00 New")
    cases.has("open twice", "08:00 Done", "09:00 New", "10:00 Done", "11:00 New")

    rows = cases.judged(rule("exactly_once: {step: Done}"))
    assert {number: row["outcome"] for number, row in rows.items()} == {
        "once": "kept",
        "stayed": "kept",
        "twice": "broken",
        "never": "broken",
        "open": "pending",
        "open twice": "broken_open",
    }
    assert f"{rows['twice']['at']:%H:%M} {rows['twice']['actor']}" == "10:00 ann"
    assert rows["never"]["cause"] == "it never came"
    assert rows["never"]["team"] == "Desk"  # no update broke it, so the ticket's own


@pytest.mark.row("CON-01")
def test_an_activity_is_done_each_time(cases: Cases) -> None:
    """Two in a row are two, other than a state that lasts."""
    cases.has("stayed", "08:00 New", "09:00 Done", "09:30 Done")

    assert cases.outcomes("exactly_once: {step: Done}", steps="activity") == {"stayed": "broken"}


@pytest.mark.row("CON-01")
def test_maximal_time(cases: Cases) -> None:
    """Two hours are kept to the microsecond; what ends before counts for neither side."""
    cases.has("kept", "08:00 Asked", "10:00 Yes", "11:00 Done")
    cases.has("late", "08:00 Asked", "10:01 Yes", "11:00 Done")
    cases.has("dropped", "08:00 Asked", "09:00 Done")
    cases.has("dropped late", "08:00 Asked", "12:00 Done")
    cases.has("waits", "19:00 Asked")
    cases.has("waits long", "17:00 Asked ann")
    cases.has("again", "08:00 Asked", "09:00 Yes", "10:00 Asked", "15:00 Yes", "16:00 Done")

    rows = cases.judged(rule("maximal_time: {from: Asked, to: 'Yes', within: 2 h}"))
    assert {number: row["outcome"] for number, row in rows.items()} == {
        "kept": "kept",
        "late": "broken",
        "dropped late": "broken",
        "waits": "pending",
        "waits long": "broken",
        "again": "kept",  # the first of each counts
    }
    assert rows["late"]["cause"] == "it came later"
    assert "has not yet" in rows["waits long"]["cause"]


@pytest.mark.row("CON-01")
def test_required_field(cases: Cases) -> None:
    """Empty is null or no letter; before its step nobody is asked for it."""
    cases.has("filled", "08:00 New", "09:00 Done", resolution_code="Fixed")
    cases.has("null", "08:00 New", "09:00 Done")
    cases.has("blank", "08:00 New", "09:00 Done", resolution_code="")
    cases.has("open", "08:00 New")
    cases.has("reopened", "08:00 Done", "09:00 New")

    assert cases.outcomes("required_field: {field: resolution_code}") == {
        "blank": "broken",
        "filled": "kept",
        "null": "broken",
        "open": "pending",
        "reopened": "pending",
    }
    assert cases.outcomes("required_field: {field: resolution_code, once: Done}") == {
        "blank": "broken",
        "filled": "kept",
        "null": "broken",
        "reopened": "broken_open",
    }


@pytest.mark.row("CON-07")
def test_segregation_of_duties(cases: Cases) -> None:
    """Requester, approver and implementer are three; a program is nobody."""
    asked = {"requester": "ann", "approver": "bob"}
    cases.has("kept", "08:00 New", "09:00 Work cid", "10:00 Done", **asked)
    cases.has(
        "own yes", "08:00 New", "09:00 Work cid", "10:00 Done", requester="bob", approver="bob"
    )
    cases.has("own work", "08:00 New", "09:00 Work ann", "10:00 Done", **asked)
    cases.has(
        "yes and work", "08:00 New", "09:00 Work dan", "09:30 Work bob", "10:00 Done", **asked
    )
    cases.has("no yes", "08:00 New", "09:00 Work cid", "10:00 Done", requester="ann")
    cases.has("no yes, one", "08:00 New", "09:00 Work ann", "10:00 Done", requester="ann")
    cases.has("nobody", "08:00 New", "09:00 Work -", "10:00 Done", **asked)
    cases.has("program", "08:00 New", "09:00 Work bot", "10:00 Done", **asked)
    cases.has("open", "08:00 New", "09:00 Work cid", **asked)
    cases.has("open, one", "08:00 New", "09:00 Work bob", **asked)

    said = "segregation: {requester: requester, approver: approvals, implementer: Work}"
    rows = cases.judged(rule(said))
    assert {number: row["outcome"] for number, row in rows.items()} == {
        "kept": "kept",
        "own yes": "broken",
        "own work": "broken",
        "yes and work": "broken",
        "no yes, one": "broken",  # two duties of one person need no third
        "nobody": "unknown",
        "program": "unknown",
        "open": "pending",
        "open, one": "broken_open",
    }
    assert rows["own yes"]["cause"] == "requester is approver"
    assert rows["own work"]["cause"] == "requester is implementer"
    assert rows["yes and work"]["cause"] == "approver is implementer"
    assert rows["yes and work"]["actor"] == "bob"
    assert f"{rows['yes and work']['at']:%H:%M}" == "09:30"


@pytest.mark.row("CON-01", "CON-07")
def test_four_eyes(cases: Cases) -> None:
    """Whoever made one step made not the other, in any of its comings."""
    cases.has("kept", "08:00 Work ann", "09:00 Look bob", "10:00 Done")
    cases.has("same", "08:00 Work ann", "09:00 Look ann", "10:00 Done")
    cases.has("third", "08:00 Work ann", "09:00 Look bob", "09:30 Work bob", "10:00 Done")
    cases.has("no look", "08:00 Work ann", "10:00 Done")

    assert cases.outcomes("four_eyes: {one: Work, other: Look}") == {
        "kept": "kept",
        "same": "broken",
        "third": "broken",
    }


@pytest.mark.row("CON-01")
def test_an_exception_excuses_its_ticket_alone(cases: Cases) -> None:
    """Of its source, while it lasts; an open ticket is not counted as excused."""
    for number in ("A", "B", "C"):
        cases.has(number, "08:00 New", "09:00 Bypass", "10:00 Done")
    cases.has("D", "08:00 New", "09:00 Bypass")
    made = rule("absence: {step: Bypass}")
    allowed = (Excused("A", "Fine"), Excused("B", "Fine", source="other"), Excused("D", "Fine"))

    assert cases.outcomes("absence: {step: Bypass}", exceptions=allowed) == {
        "A": "excepted",
        "B": "broken",
        "C": "broken",
        "D": "pending",
    }
    rows = cases.judged(replace(made, exceptions=()))
    assert {row["outcome"] for row in rows.values()} == {"broken", "broken_open"}


def test_known_steps_are_those_of_updates(cases: Cases) -> None:
    """Each once."""
    cases.has("A", "08:00 New", "09:00 Work", "10:00 Work", "11:00 Done")
    engine = cases.engine()
    rows = engine.run(known_steps(cases.tables.history, "original_status"))
    engine.close()

    assert rows["step"].to_pylist() == ["Done", "New", "Work"]
