"""Gaps: what should have come and did not; nights, weekends and holidays are none."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from math import exp
from random import Random

import pytest

from opsgauge.log.checks.gaps import dispersion, gaps, odds_of_none
from opsgauge.log.checks.seen import Seen
from opsgauge.log.checks.stream import streams
from tests.log.checks.desks import DAY, HOUR, MONDAY, WEEK, desk, office, openings

A_DAY = 12
WEEKS = 20


def without(lost: Callable[[datetime], bool], moments: Sequence[datetime]) -> list[datetime]:
    """Return the moments without those that are lost."""
    return [moment for moment in moments if not lost(moment)]


def days(first: date, last: date) -> Callable[[datetime], bool]:
    """Return whether a moment lies on one of these days."""
    return lambda moment: first <= moment.date() <= last


def look(moments: Sequence[datetime], zone: str = "UTC") -> Seen:
    """Make the check on tickets opened at these moments, and nothing else."""
    return gaps(desk(openings(moments), zone=zone))


USUAL = office(WEEKS, A_DAY)


def test_a_week_that_is_missing_is_found_with_its_days() -> None:
    """From Monday to Friday; the weekends beside it are quiet anyway."""
    lost = days(date(2026, 3, 16), date(2026, 3, 22))
    found = look(without(lost, USUAL))

    assert (found.state, found.columns, found.critical) == ("warn", ("*",), False)
    assert found.examples == ("example: 2026-03-16 to 2026-03-20, where 60 updates are usual",)
    assert found.count == 5


def test_a_gap_is_named_by_the_days_it_takes_most_of() -> None:
    """Lost is what UTC calls the week; in Auckland that is from Monday afternoon on."""
    moments = [moment - 13 * HOUR for moment in USUAL]
    found = look(without(days(date(2026, 3, 15), date(2026, 3, 21)), moments), "Pacific/Auckland")

    assert "2026-03-16 to 2026-03-20" in found.examples[0]


def test_nothing_is_missing_where_weekends_are_empty() -> None:
    """Twenty weeks of office hours."""
    assert look(USUAL).state == "pass"


@pytest.mark.parametrize("off", [1, 2])
def test_holidays_are_days_off(off: int) -> None:
    """One on a Wednesday, and Good Friday with Easter Monday: four days without anybody."""
    holidays = [date(2026, 2, 4), date(2026, 4, 3), date(2026, 4, 6)][-off:]

    assert look(without(lambda moment: moment.date() in holidays, USUAL)).state == "pass"


def test_a_third_working_day_is_too_many_for_a_holiday() -> None:
    """Wednesday to Friday."""
    found = look(without(days(date(2026, 3, 18), date(2026, 3, 20)), USUAL))

    assert found.examples[0].startswith("example: 2026-03-18 to 2026-03-20, where 3")
    assert found.state == "note"


def test_a_whole_week_of_the_same_desk_is_no_luck() -> None:
    """Three of its days are many more than chance leaves out."""
    found = look(without(days(date(2026, 3, 16), date(2026, 3, 20)), USUAL))

    assert found.state == "warn"


def test_one_day_is_missed_where_sundays_are_busy() -> None:
    """A desk that never closes has no day without a ticket, not even on holidays."""
    always = [MONDAY + n * HOUR for n in range(24 * 7 * WEEKS)]
    found = look(without(days(date(2026, 3, 18), date(2026, 3, 18)), always))

    assert found.examples == ("example: 2026-03-18, where 23 updates are usual",)


def test_a_desk_of_few_tickets_has_quiet_weeks() -> None:
    """Three tickets a week, at any time: a week without one is luck."""
    chance = Random(11)  # noqa: S311 - a made-up desk keeps no secrets
    few = sorted(MONDAY + chance.random() * WEEKS * WEEK for _ in range(3 * WEEKS))

    assert look(without(days(date(2026, 3, 16), date(2026, 3, 22)), few)).state == "pass"


def test_a_source_that_comes_once_a_month_has_no_gaps() -> None:
    """Its stretches of silence are how it works."""
    monthly = [MONDAY + month * 4 * WEEK + n * HOUR for month in range(12) for n in range(40)]

    assert look(monthly).state == "pass"


def test_a_desk_that_ran_down_has_no_gap_at_its_end() -> None:
    """A ticket now and then, after half a year of many: what is around it is what counts."""
    tail = [MONDAY + (WEEKS + 3 * n) * WEEK for n in range(1, 12)]

    assert look([*USUAL, *tail]).state == "pass"


def test_one_ticket_of_long_ago_makes_no_gap() -> None:
    """There is no past to judge the years between by."""
    assert look([MONDAY - 500 * WEEK, *USUAL]).state == "pass"


def test_two_weeks_that_are_missing_are_two_gaps() -> None:
    """Each with its days, oldest first."""
    lost = [days(date(2026, 2, 16), date(2026, 2, 20)), days(date(2026, 4, 6), date(2026, 4, 10))]
    found = look(without(lambda moment: any(each(moment) for each in lost), USUAL))

    assert [text[9:33] for text in found.examples] == [
        "2026-02-16 to 2026-02-20",
        "2026-04-06 to 2026-04-10",
    ]
    assert "10 of" in found.words
    assert "2 stretches" in found.words


def test_a_source_that_stopped_does_not_hide_behind_another() -> None:
    """One of two sources lacks a week."""
    lost = days(date(2026, 3, 16), date(2026, 3, 22))
    rows = [*openings(USUAL), *openings(without(lost, USUAL), source="other")]
    found = gaps(desk(rows))

    assert [text.split(":")[0] for text in found.examples] == ["other"]


def test_odds_of_none() -> None:
    """Poisson where counts spread as chance has it; far less sure where they spread wider."""
    assert odds_of_none(3, 1) == pytest.approx(exp(-3))
    assert odds_of_none(3, 1.0001) == pytest.approx(exp(-3), rel=1e-3)
    assert odds_of_none(10, 5) == pytest.approx(5 ** (-10 / 4))
    assert odds_of_none(0, 5) == 1


def test_the_spread_of_an_even_desk_is_that_of_chance_at_most() -> None:
    """Every day of a week brings what its weekday always brings."""
    [even] = streams(desk(openings(USUAL)))
    [uneven] = streams(desk(openings([*USUAL, *[MONDAY + 9 * DAY + 9 * HOUR] * 100])))

    assert dispersion(even) == 1
    assert dispersion(uneven) > 5
