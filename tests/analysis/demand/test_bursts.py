"""Bursts of a category against its part of the whole, on made-up days."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from opsgauge.analysis.demand.burst_words import AFTER_CHANGE, BURST, burst_finding
from opsgauge.analysis.demand.bursts import Burst, bursts, odds_of_so_many, usual_days
from opsgauge.foundation.finding import Evidence, Lane

FIRST, DAYS = date(2026, 1, 5), 200
EVIDENCE = Evidence("a query", 7)


def desk(seed: int = 3, growth: float = 0.0, times: int = 1) -> dict[str, dict[date, int]]:
    """Return five categories of a practice, by day: Mondays bring double, weekends nothing."""
    draws = np.random.default_rng(seed)
    made: dict[str, dict[date, int]] = {}
    for at, mean in enumerate((2, 3, 5, 8, 10)):
        days = [FIRST + timedelta(days=day) for day in range(DAYS)]
        means = [
            times
            * mean
            * (1 + growth * n / DAYS)
            * (0 if day.weekday() > 4 else 1 + (day.weekday() == 0))
            for n, day in enumerate(days)
        ]
        made[f"C{at}"] = dict(zip(days, draws.poisson(means).tolist(), strict=True))
    return made


@pytest.mark.row("MAP-05")
def test_thirty_more_in_three_days_are_found_at_their_days() -> None:
    """Of the smallest category, from the hundredth day on."""
    made = desk()
    for day in range(100, 103):
        made["C0"][FIRST + timedelta(days=day)] += 10
    [found] = bursts({"incident": made})

    assert (found.category, found.looked) == ("C0", 5)
    assert found.first == FIRST + timedelta(days=100)
    assert found.last == FIRST + timedelta(days=102)
    assert found.tickets >= 30
    assert found.usual < 8


@pytest.mark.parametrize(("more", "told"), [(60, False), (400, True)])
def test_a_sure_burst_that_is_less_than_a_usual_day_is_not_told(more: int, told: bool) -> None:
    """Sixty on a Sunday of none, where a usual day has two hundred; four hundred are."""
    made, sunday = desk(times=100), FIRST + timedelta(days=104)
    made["C0"][sunday] += more

    assert [(each.category, each.first) for each in bursts({"incident": made})] == (
        [("C0", sunday)] if told else []
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("growth", [0.0, 3.0])
def test_mondays_weekends_and_growth_are_no_bursts(seed: int, growth: float) -> None:
    """All categories follow them alike."""
    assert bursts({"incident": desk(seed, growth)}) == []


def test_usual_is_the_part_of_what_the_others_brought() -> None:
    """A fifth of them, on every day."""
    others = np.array([10.0, 20.0, 0.0, 30.0] * 50)

    assert usual_days(others / 5, others) == pytest.approx(others / 5)


@pytest.mark.parametrize(("n", "mean", "spread"), [(5, 2.0, 1.0), (12, 3.5, 1.7), (40, 8.0, 4.0)])
def test_odds_are_those_of_poisson_and_of_the_negative_binomial(
    n: int, mean: float, spread: float
) -> None:
    """As another program computes them."""
    expected = (
        poisson.sf(n - 1, mean)
        if spread == 1
        else nbinom.sf(n - 1, mean / (spread - 1), 1 / spread)
    )

    assert odds_of_so_many(n, mean, spread) == pytest.approx(expected, rel=1e-9)


BURST_FOUND = Burst("incident", "Mail", FIRST, FIRST + timedelta(days=2), 42, 2.0, 1e-9, 5)


@pytest.mark.parametrize(
    ("causes", "kind", "told"),
    [
        ([{"to_id": "CHG1", "n": 30}], AFTER_CHANGE, "30 of them name CHG1 as their cause."),
        ([{"to_id": "CHG1", "n": 2}], BURST, "where 2 are usual."),
        ([], BURST, "where 2 are usual."),
    ],
)
def test_a_change_is_named_where_the_tickets_name_it(
    causes: list[dict[str, object]], kind: str, told: str
) -> None:
    """Two of forty-two are no cause."""
    found = burst_finding(BURST_FOUND, causes, EVIDENCE)

    assert (found.kind, found.lane) == (kind, Lane.DEMAND)
    assert found.claim.startswith("42 incidents of ‘Mail’ came from 5 January 2026 to 7 January")
    assert found.claim.endswith(told)
    assert found.within == (BURST_FOUND.first, BURST_FOUND.last)
    assert ("CHG1" in found.look_next) == (kind == AFTER_CHANGE)
