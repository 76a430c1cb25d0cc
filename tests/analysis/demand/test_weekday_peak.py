"""A weekday above the others, week after week; holidays, growth and luck are none."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import t, ttest_1samp

from opsgauge.analysis.demand.weekday_peak import (
    arrivals,
    by_practice,
    weekday_peaks,
    weekdays,
    whole_weeks,
)
from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.log.door import open_tables
from opsgauge.log.periods import make_periods
from opsgauge.metrics.example import make_desk
from opsgauge.warehouse.engine import DuckEngine

MONDAY = date(2026, 1, 5)
EVIDENCE = Evidence("a query", 7)
OFFICE = (20, 20, 20, 20, 20, 1, 0)
HIGH = (30, 20, 20, 20, 20, 1, 0)


def desk(weeks: int, usual: Callable[[int], tuple[int, ...]], first: date = MONDAY) -> dict:  # type: ignore[type-arg]  # days
    """Return the tickets of each day, a little uneven from week to week."""
    days = {}
    for week in range(weeks):
        for at, n in enumerate(usual(week)):
            uneven = (week * 5 + at * 3) % 4 - 1 if n > 5 else 0
            days[first + timedelta(days=7 * week + at)] = n + uneven
    return days


def find(days: dict[date, int]) -> list[Finding]:
    """Look at the incidents of a desk."""
    return weekday_peaks({"incident": days}, EVIDENCE)


def test_a_high_monday_is_found_with_its_size() -> None:
    """Thirty where the others bring twenty, for twenty weeks."""
    [found] = find(desk(20, lambda week: HIGH))

    assert (found.id, found.kind, found.lane) == (
        "weekday_peak-incident-Monday",
        "weekday_peak",
        Lane.DEMAND,
    )
    assert found.size == pytest.approx(10, abs=1)
    assert found.interval is not None
    assert found.interval[0] < 10 < found.interval[1]
    assert (found.unit, found.evidence) == ("tickets", EVIDENCE)
    assert found.claim.startswith("Mondays bring 3")
    assert "27\u202f% of the week's" in found.claim
    assert "5 weekdays were looked at" in found.caveats[0]


def test_a_monday_three_times_as_high_is_found_too() -> None:
    """However high it is, the other days stay working days."""
    [found] = find(desk(20, lambda week: (60, *OFFICE[1:])))

    assert found.size == pytest.approx(40, abs=1)


def test_even_days_are_no_peak() -> None:
    """Twenty weeks of twenty a day, and a quiet weekend."""
    assert find(desk(20, lambda week: OFFICE)) == []


def test_a_slow_friday_lifts_nobody() -> None:
    """Monday to Thursday are alike: each is above the mean with Friday, none by a tenth."""
    assert find(desk(40, lambda week: (20, 20, 20, 20, 15, 1, 0))) == []


def test_growth_and_season_move_all_days_alike() -> None:
    """From ten a day to fifty, and half as many in the summer."""
    grown = desk(
        50, lambda week: tuple(n * (10 + week) // (20 if 25 < week < 32 else 10) for n in OFFICE)
    )
    assert find(grown) == []


def test_one_bad_monday_is_no_weekday() -> None:
    """Three hundred tickets on a single day: week by week there is nothing."""
    assert find(desk(20, lambda week: (300, *OFFICE[1:]) if week == 7 else OFFICE)) == []


def test_mondays_that_are_high_now_and_then_are_luck() -> None:
    """Every fifth one brings twice as many; what spreads so is not told from chance."""
    assert find(desk(20, lambda week: (40, *OFFICE[1:]) if week % 5 == 0 else OFFICE)) == []


def test_holidays_do_not_make_the_other_days_peaks() -> None:
    """Every second Monday is off: on Tuesdays to Fridays nothing more comes in."""
    assert find(desk(30, lambda week: (1, *OFFICE[1:]) if week % 2 else OFFICE)) == []


def test_holidays_do_not_hide_a_peak() -> None:
    """Eight of thirty high Mondays are off."""
    found = find(desk(30, lambda week: (1, *HIGH[1:]) if week % 4 == 1 else HIGH))

    assert [each.id for each in found] == ["weekday_peak-incident-Monday"]
    assert found[0].size == pytest.approx(10, abs=1)


def test_weekends_that_work_are_weekdays_too() -> None:
    """A desk around the clock, with more on Sundays."""
    found = find(desk(20, lambda week: (20, 20, 20, 20, 20, 20, 32)))

    assert [each.id for each in found] == ["weekday_peak-incident-Sunday"]


@pytest.mark.parametrize(
    "days",
    [
        {},
        desk(8, lambda week: HIGH),  # seven whole weeks
        desk(30, lambda week: (3, 1, 1, 1, 1, 0, 0)),  # too few a day
        desk(30, lambda week: (30, 20, 0, 0, 0, 0, 0)),  # two working days: nothing to compare
    ],
)
def test_too_little_to_judge_by(days: dict[date, int]) -> None:
    """Nothing is said."""
    assert find(days) == []


def test_more_practices_looked_at_ask_for_more() -> None:
    """Odds of 1 in 5,000: enough among five weekdays, not among seven hundred."""
    days = desk(13, lambda week: (24 + (week * 7) % 13, *OFFICE[1:]))
    monday = weekdays("incident", days)[0]
    assert 0.01 / 700 < monday.odds < 0.01 / 5
    assert len(find(days)) == 1

    even = desk(13, lambda week: OFFICE)
    many = {"incident": days, **{f"other {n}": even for n in range(140)}}
    assert weekday_peaks(many, EVIDENCE) == []


def test_the_odds_are_those_of_the_paired_t_test() -> None:
    """As another program computes them, with the interval; weeks spread wider than chance."""
    days = desk(16, lambda week: (24 + week * 17 % 47, 19, 22, 18, 21, 1, 0))
    monday = weekdays("incident", days)[0]
    differences = [week[0] - np.mean(week[1:5]) for week in whole_weeks(days)]
    expected = ttest_1samp(differences, 0)

    assert monday.odds == pytest.approx(expected.pvalue)
    assert (monday.low, monday.high) == pytest.approx(tuple(expected.confidence_interval()))
    assert monday.more == pytest.approx(np.mean(differences))


def test_even_weeks_are_not_surer_than_chance_lets_be() -> None:
    """Every Monday brings 30, every other day 20: without a spread there is still that of chance.

    Poisson: 30 and the mean of four days of 20 differ by 30 + 20/4 = 35, squared.
    """
    days = {MONDAY + timedelta(days=n): HIGH[n % 7] for n in range(7 * 18 + 1)}
    monday = weekdays("incident", days)[0]

    assert (monday.weeks, monday.more, monday.others) == (17, 10.0, 20.0)
    assert monday.high - monday.more == pytest.approx(t.ppf(0.975, 16) * (35 / 17) ** 0.5)


def test_weeks_that_were_cut_off_or_hardly_ran_are_left_out() -> None:
    """The records begin on a Wednesday, end on a Thursday, and single tickets follow."""
    wednesday = MONDAY - timedelta(days=5)
    days = {wednesday + timedelta(days=n): 10 for n in range(5 + 14 + 4)}
    assert whole_weeks(days) == [[10] * 7, [10] * 7]

    tail = {MONDAY + timedelta(weeks=n): 1 for n in range(3, 30)}
    assert whole_weeks({**days, **tail})[:2] == [[10] * 7, [10] * 7]
    assert all(sum(week) >= 7 for week in whole_weeks({**days, **tail}))


def test_days_are_those_of_the_zone() -> None:
    """Sunday 23:30 UTC is Monday in Amsterdam."""
    tickets = [
        {"opened_at": "2026-01-04 23:30"},
        {"opened_at": "2026-01-05 12:00"},
        {"opened_at": "2026-01-05 23:30", "practice": "request"},
    ]
    made = make_desk(tickets)
    periods = make_periods(ZoneInfo("Europe/Amsterdam"), made.first, made.watermark)
    engine = DuckEngine([], extra={**made.tables(), **periods.tables()})
    rows: pa.Table = engine.run(
        arrivals(open_tables(Scope.everything()).tickets, periods.bucket_us)
    )

    assert by_practice(rows) == {
        "incident": {date(2026, 1, 5): 2},
        "request": {date(2026, 1, 6): 1},
    }
