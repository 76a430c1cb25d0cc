"""Teams that resolve at the end of months what they would not otherwise."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from opsgauge.analysis.mining.detector_limits import DetectorLimits
from opsgauge.analysis.promises.month_end import (
    month_end_closings,
    month_ends,
    working_months,
)
from opsgauge.foundation.finding import Evidence, Lane

EVIDENCE = Evidence("a query", 7)
FIRST, LAST = date(2025, 1, 1), date(2026, 1, 20)
Days = dict[date, tuple[int, int]]


def working_days() -> list[date]:
    """Return every Monday to Friday."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [day for day in days if day.weekday() < 5]


def at_end(day: date) -> bool:
    """Say whether a day is one of the last two working days of its month."""
    rest = [each for each in working_days() if each > day and each.month == day.month]
    return len(rest) < 2 and (day.year, day.month) != (LAST.year, LAST.month)


def desk(odd: Callable[[np.random.Generator], tuple[int, int]] | None = None) -> dict[str, Days]:
    """Return five teams with four resolutions a day of which one in twenty comes back.

    Parameters
    ----------
    odd : what the first team resolves and gets back on the last two working days of a month
    """
    draws = np.random.default_rng(4)
    teams: dict[str, Days] = {}
    for team in "ABCDE":
        for day in working_days():
            n = int(draws.poisson(4))
            told = (n, int(draws.binomial(n, 0.05)))
            if odd and team == "A" and at_end(day):
                told = odd(draws)
            teams.setdefault(team, {})[day] = told
    return teams


def test_months_that_the_export_may_have_cut_are_left_out() -> None:
    """Of thirteen, the last, which has no end; a day without work is none."""
    teams = desk()
    for days in teams.values():
        del days[date(2025, 5, 1)]
    months = working_months(teams)

    assert len(months) == 12
    assert months[4][0] == date(2025, 5, 2)
    assert months[0][-1] == date(2025, 1, 31)


@pytest.mark.row("MAP-05")
@pytest.mark.parametrize(
    "odd",
    [
        lambda draws: (int(draws.poisson(12)), 0),  # three times as many
        lambda draws: (4, 2),  # no more, but half of them come back
    ],
)
def test_a_rush_is_found_by_its_size_or_by_what_comes_back(
    odd: Callable[[np.random.Generator], tuple[int, int]],
) -> None:
    """In one of five teams."""
    [found] = month_end_closings(month_ends(desk(odd)), EVIDENCE)

    assert found.teams == ("A",)
    assert found.lane is Lane.INTEGRITY
    assert "on the last two working days of 12 months" in found.claim
    assert found.odds is not None
    assert found.odds < 0.01


def test_ordinary_months_say_nothing() -> None:
    """Nor does a desk too young to have whole months."""
    assert month_end_closings(month_ends(desk()), EVIDENCE) == []
    young = {"A": dict.fromkeys(working_days()[:40], (9, 0))}
    assert month_ends(young) == []


def test_examples_are_of_the_ends_of_months_and_came_back() -> None:
    """One of each day; of other days none, however many came back."""
    teams = desk(lambda draws: (int(draws.poisson(12)), 0))
    examples = {
        ("A", day): {
            "example": {"source": "desk", "ticket_id": f"T{day}", "most": int(day.day > 25)}
        }
        for day in working_days()
    }
    [found] = month_end_closings(month_ends(teams, examples), EVIDENCE)

    assert len(found.examples) == 3
    assert all(int(ticket[-2:]) > 25 for _, ticket in found.examples)
    assert month_end_closings(month_ends(teams), EVIDENCE)[0].examples == ()


def test_a_workspace_says_how_much_is_a_rush() -> None:
    """Four times as many, or nothing is told."""
    known = month_ends(desk(lambda draws: (int(draws.poisson(12)), 0)))

    assert month_end_closings(known, EVIDENCE, DetectorLimits(month_end_times=9)) == []
