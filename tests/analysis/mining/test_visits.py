"""Visits and patterns of many tickets, beside the same counted one ticket after another."""

import random
from collections import Counter
from itertools import groupby, product
from typing import Any

import pytest

from opsgauge.analysis.mining.visits import LONGEST, STEP_COLUMNS, pattern_rows, visit_rows

HOUR_US = 3_600_000_000
PHASES = ("new", "assigned", "resolved", "-")
Walk = list[str]
Steps = tuple[str, ...]


@pytest.fixture
def walks(empty_desk: Any) -> list[Walk]:
    """Tickets whose phase is told, or not, every hour of a day, at random."""
    chance, made = random.Random(7), []  # noqa: S311 - invents tickets
    for n in range(150):
        walk = chance.choices(PHASES, weights=(4, 4, 3, 1), k=chance.randint(1, 12))
        if n % 3 == 0:  # to and fro, so that patterns come often
            walk = [*PHASES[:3]] * 4 if n % 2 else ["new", "assigned", "new", "resolved"] * 3
            walk[chance.randrange(12)] = chance.choice(PHASES)
        empty_desk.has(f"T{n}", *(f"{8 + at:02}:00 {phase} A" for at, phase in enumerate(walk)))
        made.append(walk)
    return made


def visits_of(walk: Walk) -> list[tuple[str, int, int]]:
    """Return the visits of a ticket: the step, its hours and those while it was open."""
    told = [(phase, 1 if at < len(walk) - 1 else 0) for at, phase in enumerate(walk)]
    told = [each for each in told if each[0] != "-"]
    found = []
    for phase, of in groupby(told, key=lambda each: each[0]):
        hours = sum(lasts for _, lasts in of)
        found.append((phase, hours, hours if phase != "resolved" else 0))
    return found


@pytest.mark.row("MAP-04")
def test_visits_are_counted_as_by_hand(empty_desk: Any, walks: list[Walk]) -> None:
    """How many tickets came how often to a step, and the hours after the first time."""
    tickets, hours, open_hours = Counter[Any](), Counter[Any](), Counter[Any]()
    for walk in walks:
        seen = visits_of(walk)
        for phase in {each[0] for each in seen}:
            of = [each for each in seen if each[0] == phase]
            tickets[phase, len(of)] += 1
            hours[phase, len(of)] += sum(each[1] for each in of[1:])
            open_hours[phase, len(of)] += sum(each[2] for each in of[1:])
    rows = empty_desk.rows(visit_rows(empty_desk.history, "phase"))

    assert {(row["step"], row["visits"]): row["tickets"] for row in rows} == tickets
    for name, expected in (("again_us", hours), ("open_us", open_hours)):
        found = {(row["step"], row["visits"]): row[name] // HOUR_US for row in rows}
        assert found == {key: expected[key] for key in tickets}
    assert len(rows) == len(tickets)


def is_made_of_less(steps: Steps) -> bool:
    """Say whether steps are fewer steps over again."""
    n = len(steps)
    return any(steps[:part] * (n // part) == steps for part in range(1, n) if n % part == 0)


@pytest.mark.row("MAP-04")
@pytest.mark.parametrize(
    ("shortest", "times", "lengths"),
    [(3, 2, {3, 4}), (4, 2, {4}), (2, 2, {2, 3, 4}), (3, 3, {3, 4})],
)
def test_patterns_are_counted_as_by_hand(
    empty_desk: Any, walks: list[Walk], shortest: int, times: int, lengths: set[int]
) -> None:
    """Which steps came so often in a row, in how many tickets, and the hours after the first."""
    tickets, hours, open_hours = Counter[Any](), Counter[Any](), Counter[Any]()
    for walk in walks:
        seen, of_ticket = visits_of(walk), set()
        for n, at in product(range(shortest, LONGEST + 1), range(len(seen))):
            met = seen[at : at + n * times]
            steps = tuple(each[0] for each in met)
            key = steps[:n]
            if len(met) == n * times and steps == key * times and not is_made_of_less(key):
                of_ticket.add(key)
                hours[key] += sum(each[1] for each in met[n:])
                open_hours[key] += sum(each[2] for each in met[n:])
        tickets.update(of_ticket)
    rows = empty_desk.rows(pattern_rows(empty_desk.history, "phase", shortest, times))
    keys = [tuple(row[name] for name in STEP_COLUMNS[: row["length"]]) for row in rows]

    assert lengths <= {len(key) for key in tickets}
    assert all(row[name] is None for row in rows for name in STEP_COLUMNS[row["length"] :])
    assert dict(zip(keys, (row["tickets"] for row in rows), strict=True)) == tickets
    for name, expected in (("again_us", hours), ("open_us", open_hours)):
        found = dict(zip(keys, (row[name] // HOUR_US for row in rows), strict=True))
        assert found == {key: expected[key] for key in tickets}
