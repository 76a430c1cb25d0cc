"""The register of exclusions: asked for, approved by another, ended, and all of it in the audit."""

from datetime import date

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import exclusions
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.exclusions import Wanted
from tests.governance.conftest import ANA

BOB = everywhere("bob", "process owner")
STORM = Wanted("The storm of January.", rules=(Condition("team", ("Network",)),))


def test_it_counts_from_its_approval_to_its_end(database: Database, clock: Clock) -> None:
    """Asked for it does not count yet; ended it counts no more, and is never forgotten."""
    asked = exclusions.ask(database, clock, ANA, STORM)
    assert (asked.state, exclusions.in_force(database)) == ("asked", [])

    approved = exclusions.approve(database, clock, BOB, asked.number)
    assert (approved.state, approved.approved_by) == ("in force", "bob")
    assert exclusions.in_force(database) == [approved]

    ended = exclusions.end(database, clock, BOB, asked.number, "It was not the storm.")
    assert (ended.state, exclusions.in_force(database)) == ("ended", [])
    assert exclusions.register(database) == [ended]


def test_each_step_stands_in_the_audit_with_before_and_after(
    database: Database, clock: Clock
) -> None:
    """Who, what, when and why."""
    number = exclusions.ask(database, clock, ANA, STORM).number
    exclusions.approve(database, clock, BOB, number)
    exclusions.end(database, clock, ANA, number, "Over.")

    told = lines(database, subject=f"exclusion {number}")
    assert [(each.actor, each.action, each.why) for each in reversed(told)] == [
        ("ana", "exclusion:ask", "The storm of January."),
        ("bob", "exclusion:approve", ""),
        ("ana", "exclusion:approve", "Over."),
    ]
    assert [each.after["state"] for each in told] == ["ended", "in force", "asked"]  # type: ignore[call-overload,index]
    assert told[0].before == told[1].after
    assert verify(database).holds


def test_nobody_approves_what_they_asked_for(database: Database, clock: Clock) -> None:
    """Four eyes; only where there is nobody else one's own do."""
    number = exclusions.ask(database, clock, BOB, STORM).number
    with pytest.raises(QueryWrong, match="bob asked for exclusion 1, and so cannot approve it"):
        exclusions.approve(database, clock, BOB, number)
    assert exclusions.in_force(database) == []
    assert exclusions.approve(database, clock, BOB, number, alone=True).state == "in force"


def test_what_is_over_is_over(database: Database, clock: Clock) -> None:
    """A refused one is not approved, and nothing is ended twice."""
    number = exclusions.ask(database, clock, ANA, STORM).number
    assert exclusions.end(database, clock, BOB, number, "No.").state == "refused"
    with pytest.raises(QueryWrong, match="is refused"):
        exclusions.approve(database, clock, BOB, number)
    with pytest.raises(QueryWrong, match="ended before"):
        exclusions.end(database, clock, BOB, number, "No.")
    with pytest.raises(UnknownRecord, match="no exclusion 7"):
        exclusions.approve(database, clock, BOB, 7)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("  ", rules=STORM.rules), "needs a reason"),
        (Wanted("x" * 2_001, rules=STORM.rules), "longer than 2,000"),
        (Wanted("why"), "names tickets, or says"),
        (Wanted("why", rules=STORM.rules, tickets=(("desk", "1"),)), "names tickets, or says"),
        (Wanted("why", from_=date(2026, 2, 1), to=date(2026, 1, 1)), "lies after"),
        (Wanted("why", tickets=(("desk", "1"),) * 1_001), "1,001 tickets are named"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    database: Database, clock: Clock, wanted: Wanted, said: str
) -> None:
    """And leaves nothing behind."""
    with pytest.raises(QueryWrong, match=said):
        exclusions.ask(database, clock, ANA, wanted)
    assert exclusions.register(database) == []
    assert lines(database) == []


def test_all_that_was_asked_comes_back(database: Database, clock: Clock) -> None:
    """Rules with missing values, tickets, days and metric survive the database."""
    rules = (Condition("priority", (None, "1")), Condition("team", ("B é 日本",)))
    wanted = Wanted("why", "time_to_resolve", rules, (), date(2026, 1, 1), date(2026, 1, 2))
    named = Wanted("why", tickets=(("desk", "INC1"), ("other", "INC 2")))
    for each in (wanted, named):
        assert exclusions.ask(database, clock, ANA, each).wanted == each
