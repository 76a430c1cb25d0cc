"""Clocks that got more time when little was left: by hand, and followed in plain Python."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.analysis.promises.raised_targets import late_downgrades, raised_rows
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.metrics.example import make_desk
from tests.lent import engine_of
from tests.log.service_levels.clocked import followed, level_of

pytestmark = pytest.mark.row("MAP-05")
TARGETS = {"1": 2, "2": 4, "3": 10}  # hours by priority
LEVEL = level_of(
    """
in_time:
  title: Resolved in time
  kind: resolution
  targets:
    - {priority: ["1"], within: 2 h}
    - {priority: ["2"], within: 4 h}
    - {within: 10 h}
"""
)
USED = 0.75


def raised(*tickets: Sequence[str], at: str = "") -> list[dict[str, Any]]:
    """Return the rows of tickets, each told by updates such as "08:00 1 Desk"; "done" ends one."""
    history = []
    for n, updates in enumerate(tickets):
        for update in updates:
            moment, priority, team, *done = update.split()
            history.append(
                {
                    "ticket": n + 1,
                    "since": f"2026-01-05 {moment}",
                    "priority": priority,
                    "team": team,
                    "phase": "resolved" if done else "new",
                }
            )
    heads = [{"opened_at": f"2026-01-05 {each[0].split()[0]}"} for each in tickets]
    of, tables = followed(make_desk(heads, history), LEVEL, at)
    with engine_of(tables) as engine:
        return engine.run(raised_rows(LEVEL, of, USED)).to_pylist()


def sums(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int, int, float]]:
    """Return raised, late, tickets and hours beyond the old target, by team."""
    found: dict[str, tuple[int, int, int, float]] = {}
    for row in rows:
        so_far = found.get(row["team"], (0, 0, 0, 0.0))
        more = (row["raised"], row["late"], row["tickets"], row["over_us"] / MICROS_PER_HOUR)
        found[row["team"]] = tuple(one + other for one, other in zip(so_far, more, strict=True))
    return found


def test_hours_are_those_beyond_the_target_that_was_raised_late() -> None:
    """Of four hours three had passed; then nine more until the end: eight beyond."""
    [row] = raised(["08:00 2 Desk", "11:00 3 Desk", "20:00 3 Desk done"])

    assert (row["raised"], row["late"], row["tickets"]) == (1, 1, 1)
    assert row["over_us"] == 8 * MICROS_PER_HOUR
    assert row["example"]["ticket_id"] == "T1"


def test_what_was_done_in_time_anyway_hid_nothing() -> None:
    """Half an hour later it was resolved, within four hours."""
    [row] = raised(["08:00 2 Desk", "11:00 3 Desk", "11:30 3 Desk done"])

    assert (row["late"], row["over_us"]) == (1, 0)


@pytest.mark.parametrize(
    ("moment", "late"), [("10:59", 0), ("11:00", 1), ("12:00", 1), ("12:01", 0)]
)
def test_late_is_from_a_share_of_the_target_to_its_end(moment: str, late: int) -> None:
    """A priority that was wrong is seen at any time; after the breach it saves nothing."""
    [row] = raised(["08:00 2 Desk", f"{moment} 3 Desk", "20:00 3 Desk done"])

    assert (row["raised"], row["late"]) == (1, late)
    assert (row["over_us"] > 0) == bool(late)


def test_a_clock_counts_once_by_its_first_target_that_was_raised_late() -> None:
    """From two hours to four and then to ten: it ran twelve, ten more than the first allowed."""
    rows = raised(["08:00 1 Desk", "10:00 2 Desk", "12:00 3 Desk", "20:00 3 Desk done"])

    assert sums(rows) == {"Desk": (2, 2, 1, 10.0)}


def test_a_clock_that_still_runs_counts_until_now() -> None:
    """Nine hours after the opening, five beyond."""
    assert sums(raised(["08:00 2 Desk", "11:00 3 Desk"], at="2026-01-05 17:00")) == {
        "Desk": (1, 1, 1, 5.0)
    }


def test_a_team_is_told_with_hours_and_examples() -> None:
    """The example is that with most hours."""
    rows = raised(
        ["08:00 2 Desk", "11:00 3 Desk", "13:00 3 Desk done"],
        ["08:00 2 Desk", "11:00 3 Desk", "20:00 3 Desk done"],
    )
    assert list(late_downgrades(LEVEL, rows, Thresholds(late_downgrades=3))) == []
    [told] = late_downgrades(LEVEL, rows, Thresholds(late_downgrades=2))

    assert (told.tickets, told.hours, told.teams) == (2, 9.0, ("Desk",))
    assert [ticket for _, ticket in told.examples] == ["T2"]
    assert "2 times when 80" in told.claim


STEPS = st.lists(
    st.tuples(st.integers(1, 90), st.sampled_from("123"), st.sampled_from(["A", "B"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(tickets=st.lists(STEPS, min_size=1, max_size=3))
def test_they_are_what_following_each_clock_gives(tickets: list[Any]) -> None:
    """Update by update: which targets grew late, and how long the clock ran in the end."""
    expected: dict[str, tuple[int, int, int, float]] = {}
    told = []
    for steps in tickets:
        at, updates, first, old = 0, [], dict[str, float](), None
        counts: dict[str, list[float]] = {}
        for wait, priority, team in steps:
            updates.append(f"{at // 60:02}:{at % 60:02} {priority} {team}")
            target = TARGETS[priority] * 60
            if old is not None and target > old:
                one = counts.setdefault(team, [0, 0])
                one[0] += 1
                if USED <= at / old <= 1:
                    one[1] += 1
                    first[team] = min(first.get(team, old), old)
            old, at = target, at + wait
        updates.append(f"{at // 60:02}:{at % 60:02} 3 A done")
        told.append(updates)
        for team, (grown, late) in counts.items():
            so_far = expected.get(team, (0, 0, 0, 0.0))
            over = max(at - first[team], 0) / 60 if team in first else 0.0
            more = (int(grown), int(late), int(late > 0), over)
            expected[team] = tuple(a + b for a, b in zip(so_far, more, strict=True))  # type: ignore[assignment]
    found = sums(raised(*told))

    assert found.keys() == expected.keys()
    for team, counts_of in expected.items():
        assert found[team] == pytest.approx(counts_of)
