"""Rules on single updates."""

from opsgauge.log.checks.rules import run
from opsgauge.log.checks.seen import Seen
from opsgauge.log.checks.update_rules import update_rules
from tests.log.checks.desks import Row, desk


def look(*history: Row) -> dict[str, Seen]:
    """Return what each rule saw in the updates of one ticket opened at eight."""
    records = desk([{"opened_at": "2026-01-05 08:00"}], history)
    found = run(records, records.updates, update_rules(records.updates))
    return {each.id: each for each in found}


FINE: Row = {"ticket": 1, "since": "2026-01-05 09:00", "phase": "new", "original_status": "New"}


def test_an_update_dated_before_the_one_it_follows() -> None:
    """It starts where that one did, and says by how far it was moved."""
    found = look(FINE, {**FINE, "moved_us": 60_000_000})["update_order"]

    assert (found.count, found.of, found.examples, found.columns) == (1, 2, ("T1",), ("*",))


def test_a_state_without_a_phase() -> None:
    """A word that the mapping does not know."""
    found = look(FINE, {**FINE, "phase": None, "original_status": "Odd"})["words_without_phase"]

    assert (found.count, found.examples) == (1, ("T1",))
    touched = {
        "open",
        "resolved_at",
        "closed_at",
        "reopen_count",
        "pending_us",
        "first_response_at",
    }
    assert touched <= {*found.columns}
    assert not {"opened_at", "team", "handoff_count"} & {*found.columns}


def test_an_update_before_the_opening() -> None:
    """The ticket says it was opened an hour later."""
    found = look({**FINE, "since": "2026-01-05 07:00"})["before_opening"]

    assert (found.count, found.of, found.state) == (1, 1, "warn")


def test_updates_in_order_break_no_rule() -> None:
    """The interval before the first update is no update."""
    found = look(FINE, {**FINE, "since": "2026-01-05 10:00", "phase": "in_progress"})

    assert {each.state for each in found.values()} == {"pass"}
    assert {each.of for each in found.values()} == {2}
