"""Words and figures for pages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.words import (
    at,
    at_brief,
    counted,
    elapsed,
    figure,
    interval_words,
    period_span,
    period_words,
    sql_marked,
    state_words,
    written,
)
from tests.operations.drawing.samples import HOSTILE, charted

DAYS = st.dates(date(1971, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_kind_of_period_holds_its_days(day: date) -> None:
    """A day lies in its week, month, quarter and year."""
    year, week, _ = day.isocalendar()
    keys = [
        f"{day}",
        f"{year}-W{week:02}",
        f"{day:%Y-%m}",
        f"{day.year}-Q{(day.month + 2) // 3}",
        f"{day.year}",
    ]
    for key in keys:
        span = period_span(key)
        assert span is not None
        assert span[0] <= day <= span[1]
        assert period_words(key)


@given(DAYS)
def test_periods_follow_each_other_without_a_gap(day: date) -> None:
    """The day after the last day of a month is the first of the next."""
    span = period_span(f"{day:%Y-%m}")
    assert span is not None
    after = period_span(f"{span[1] + timedelta(days=1):%Y-%m}")
    assert after is not None
    assert after[0] == span[1] + timedelta(days=1)


def test_all_time_has_no_first_day() -> None:
    """It is said, not dated."""
    assert period_span("all") is None
    assert period_words("all") == "all time"


def test_instants_are_told_on_the_clock_of_the_workspace() -> None:
    """06:00 UTC is 08:00 in Amsterdam in May, with or without a zone written on it."""
    moment = datetime(2016, 5, 30, 6, tzinfo=UTC)
    assert at(moment, "Europe/Amsterdam") == "Mon 30 May 2016, 08:00"
    assert at_brief(moment.replace(tzinfo=None), "Europe/Amsterdam") == "Mon 30 May, 08:00"
    assert at(None) == at_brief(None) == "not known"


@pytest.mark.parametrize(
    ("values", "tone", "words"),
    [
        ([0.3, 0.3, 0.3], "steady", "Steady"),
        ([0.3, 0.3, 0.5, 0.6], "concern", "Worse since 18 Jan"),
        ([0.5, 0.3, 0.3], "steady", "Steady since 11 Jan"),
        ([0.1, 0.1], "improve", "Better"),
        ([None, None], "steady", "Too few to judge"),
    ],
)
def test_the_state_is_said_with_its_beginning(
    values: list[float | None], tone: str, words: str
) -> None:
    """Weeks 1, 2 and 3 of 2016 begin on 4, 11 and 18 January."""
    chart: Charted = charted(values)
    said = state_words(chart)
    assert (said.tone, said.words) == (tone, words)


def test_a_figure_and_its_unit_are_parted() -> None:
    """So that a card can set them apart; no value is said as such."""
    assert figure(200.0, "hours") == ("8.3", "days")
    assert figure(None, "hours") == ("no value", "")


def test_an_interval_that_was_counted_says_so() -> None:
    """Counts of all tickets have no doubt of sampling."""
    assert interval_words(None, None, "tickets") == "none, all counted"
    assert interval_words(0.2, 100.0, "hours") == "12 min to 4.2 days"


def test_counts_bend_their_noun() -> None:
    """One ticket, two tickets, two categories, two days."""
    assert counted(1, "ticket") == "1 ticket"
    assert counted(2, "category") == "2 categories"
    assert counted(2, "day") == "2 days"


def test_time_that_is_not_there_has_words() -> None:
    """Never a zero."""
    assert elapsed(None) == "no value"
    assert elapsed(90_000_000) == "2 min"


def test_hostile_sql_stays_text() -> None:
    """The words of SQL are marked, and whatever stands in quotes is only text."""
    marked = sql_marked(f"SELECT 1 WHERE team = '{HOSTILE}'")
    assert "<script" not in marked
    assert marked.count('class="k"') == 2
    assert marked.striptags()


def test_a_cell_of_an_example_is_written_as_people_would() -> None:
    """Nothing yet, a moment, a list, a number."""
    assert written(None) == "nothing yet"
    assert written(datetime(2026, 1, 5, 8, tzinfo=UTC)) == "Mon 08:00"
    assert written(["a", 2]) == "a, 2"
