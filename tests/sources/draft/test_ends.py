"""Lines on how tickets end: proposed with how many tickets they are of, and switched off."""

import pytest

from opsgauge.log.mapping import parse_mapping
from tests.sources.draft.conftest import Desk

HEAD = "Ticket No,Created,Solved,Status,Group\n"
STATES = ("Closed", "Closed", "Solved", "Open", "Cancelled", "Closed")


def listed(*states: str, nothing: str = "") -> str:
    """Return a list; every third ticket says no moment of resolution."""
    rows = []
    for n, state in enumerate(states * 5):
        solved = nothing if n % 3 == 0 or state in ("Open", "Cancelled") else f"2026-01-{n + 1:02}"
        rows.append(f"T{n + 1},2026-01-01 08:{n:02},{solved},{state},Desk\n")
    return HEAD + "".join(rows)


@pytest.mark.parametrize("nothing", ["", "-"])
def test_tickets_closed_without_a_resolution_are_counted(desk: Desk, nothing: str) -> None:
    """Of thirty tickets five are closed and blank; those that were cancelled are not among them."""
    made = desk.draft(listed(*STATES, nothing=nothing))

    assert "# 5 tickets are closed and never resolved" in made.text
    assert "\n# closing_resolves: yes" in made.text
    assert any(ask.startswith("closing_resolves") for ask in made.asks)
    assert not made.mapping.closing_resolves
    on = made.text.replace("# closing_resolves: yes", "closing_resolves: yes")
    assert parse_mapping(on, "m").closing_resolves


def test_a_log_tells_who_was_closed_at_once(desk: Desk) -> None:
    """One ticket of three passes no resolution; one was cancelled before it was closed."""
    paths = ("New Resolved Closed", "New Closed", "New Cancelled Closed")
    rows = "".join(
        f"INC{n},2026-01-{n + 1:02}T{8 + hour:02}:00:00Z,{state}\n"
        for n in range(18)
        for hour, state in enumerate(paths[n % 3].split())
    )
    made = desk.draft("Incident,Updated at,State\n" + rows)

    assert "# 6 tickets are closed and never resolved" in made.text


def test_where_all_were_resolved_nothing_is_proposed(desk: Desk) -> None:
    """Nor where nothing is deleted."""
    made = desk.draft(listed("Open", "Closed", "Solved"))

    assert "closing_resolves" not in made.text
    assert "deleted" not in made.text


def test_a_state_that_says_deleted_is_proposed_as_one(desk: Desk) -> None:
    """Off, with a mark; until it is switched on the word means cancelled."""
    made = desk.draft(listed("Open", "Deleted", "Solved"))

    assert "CHECK THIS" in made.text.split("# deleted:")[0].splitlines()[-1]
    assert made.mapping.phases[0].words["Deleted"] == "cancelled"
    assert any(ask.startswith("deleted") for ask in made.asks)
    on = parse_mapping(made.text.replace("# deleted:", "deleted:"), "m").deleted
    assert on is not None
    assert (on.column, on.words) == ("Status", ("Deleted",))
