"""Tickets reopened again and again: by hand, and walked in plain Python."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.reopen_loops import loop_rows, loops
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import MICROS_PER_HOUR
from tests.analysis.waiting.logs import Log, at, history, tickets

pytestmark = pytest.mark.row("MAP-05")


def looped(log: Log, times: int = 2) -> list[dict[str, Any]]:
    """Return the rows of a log, whose tickets say how often they were reopened."""
    for row in log.rows:  # what ends otherwise is not resolved
        if row["phase"] == "cancelled":
            row["passage"] = None
    for head in log.heads:
        key = head["ticket_id"]
        head["history_reopen_count"] = sum(
            row["ticket_id"] == key and row["passage"] == "reopened" for row in log.rows
        )
    [rows] = log.tables(loop_rows(history, tickets, times))
    return rows.to_pylist()


AGAIN = (
    "08:00 new Desk", "09:00 resolved Desk", "11:00 new Network", "12:00 resolved Network",
    "15:00 new Desk", "17:00 resolved Desk",
)  # fmt: skip


def test_the_team_that_resolved_first_is_told_with_two_kinds_of_hours() -> None:
    """From nine to five; open for one hour and for two of them. Once reopened is no loop."""
    log = Log().has("INC1", *AGAIN).has("INC2", *AGAIN[:4])
    [row] = looped(log)
    limits = Thresholds(reopen_tickets=1)
    [told] = loops([row], limits)

    assert (told.teams, told.tickets, told.hours, told.delayed_hours) == (("Desk",), 1, 8.0, 3.0)
    assert told.examples == (("desk", "INC1"),)
    assert told.claim == "1 tickets that Desk resolved first were reopened 2 times or more."
    assert list(loops([row], Thresholds())) == []  # ten of a team are told


def test_a_ticket_that_is_open_again_counts_to_its_last_resolution() -> None:
    """And one that came in as done begins with the first resolution that is on record."""
    log = Log().has("INC1", *AGAIN, "20:00 new Desk")
    log.has(
        "INC2", "08:00 resolved Field", "09:00 new Field", "10:00 resolved Network",
        "11:00 new Desk", "14:00 resolved Desk",
    )  # fmt: skip
    told = {row["team"]: row for row in looped(log)}

    assert told["Desk"]["loop_us"] == 8 * MICROS_PER_HOUR
    assert told["Network"]["loop_us"] == 4 * MICROS_PER_HOUR
    assert told["Network"]["open_us"] == 3 * MICROS_PER_HOUR


def test_what_is_cancelled_in_between_is_not_open() -> None:
    """Open for an hour, cancelled for two, open for one; then reopened as it is resolved."""
    log = Log().has(
        "INC1", "08:00 new Desk", "09:00 resolved Desk", "10:00 new Desk", "11:00 cancelled Desk",
        "13:00 new Desk", "14:00 resolved Desk", "14:00 new Desk",
    )  # fmt: skip
    [row] = looped(log)

    assert row["loop_us"] == 5 * MICROS_PER_HOUR
    assert row["open_us"] == 2 * MICROS_PER_HOUR


UPDATES = st.lists(
    st.tuples(
        st.sampled_from(["new", "resolved", "cancelled"]), st.sampled_from("AB"), st.integers(0, 5)
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(moved=st.lists(UPDATES, min_size=1, max_size=3))
def test_they_are_what_a_walk_finds(moved: list[Any]) -> None:
    """Update by update."""
    log = Log()
    expected: dict[str, tuple[int, int, int]] = {}
    for n, updates in enumerate(moved):
        clock, lines, moments, done, reopened = 0, [], [], [], 0
        for at_, (phase, team, wait) in enumerate(updates):
            lines.append(f"{clock // 60:02}:{clock % 60:02} {phase} {team}")
            moments.append(clock)
            was_open = at_ > 0 and updates[at_ - 1][0] == "new"
            done += [at_] if was_open and phase == "resolved" else []
            reopened += at_ > 0 and not was_open and phase == "new"
            clock += wait
        log.has(f"T{n}", *lines)
        if reopened >= 2 and done:
            first, last = done[0], done[-1]
            still = sum(updates[k][2] for k in range(first, last) if updates[k][0] == "new")
            team, so_far = updates[first][1], expected.get(updates[first][1], (0, 0, 0))
            more = (1, moments[last] - moments[first], still)
            expected[team] = tuple(a + b for a, b in zip(so_far, more, strict=True))
    minute = (at("00:01") - at("00:00")).seconds * 1_000_000

    found = {
        row["team"]: (row["tickets"], row["loop_us"] // minute, row["open_us"] // minute)
        for row in looped(log)
    }
    assert found == expected
