"""The calendars of a workspace."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import CalendarWrong, NotAllowed, UnknownCalendar
from opsgauge.foundation.settings import make_workspace
from opsgauge.governance.access import everywhere
from opsgauge.log.calendars.year import YearDay
from opsgauge.operations.calendars import (
    calendar_year,
    day_words,
    differs_words,
    folder_of,
    hours_words,
    listed_calendars,
    week_words,
    workspace_calendars,
)
from opsgauge.operations.context import Context
from tests.log.calendars.clocks import calendar
from tests.web.pages.desk import CALENDAR

NOW = fixed_clock(datetime(2026, 7, 1, tzinfo=UTC))


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """Make a workspace with one calendar."""
    made = Context(make_workspace(tmp_path / "w"), clock=NOW)
    (folder_of(made) / "desk.yaml").write_text(CALENDAR)
    return made


@pytest.mark.row("SLA-01")
def test_calendars_are_listed_with_their_week(ctx: Context) -> None:
    """The built-in one first."""
    built_in, desk = listed_calendars(ctx)

    assert (built_in.name, built_in.week_hours, built_in.file) == ("always", 168, "built-in")
    assert built_in.holidays == "none"
    assert desk.as_json() == {
        "name": "desk",
        "title": "Service desk",
        "zone": "Europe/Berlin",
        "hours": "Mon to Thu 08:00-12:30, 13:15-17:00; Fri 08:00-14:00",
        "week_hours": 39.0,
        "holidays": "DE BY and 1 of its own",
        "file": "desk.yaml",
        "fault": "",
    }


def test_a_file_that_does_not_fit_is_listed_with_its_fault(ctx: Context) -> None:
    """The others stay; nothing is counted with any until it is mended."""
    (folder_of(ctx) / "night.yaml").write_text("title: Night\n")

    found = {each.name: each.fault for each in listed_calendars(ctx)}
    assert found["always"] == found["desk"] == ""
    assert "calendars/night.yaml, zone: this key is needed." in found["night"]
    with pytest.raises(CalendarWrong, match=r"night\.yaml"):
        workspace_calendars(ctx)


def test_names_of_files_that_do_not_fit_are_a_fault_of_the_folder(ctx: Context) -> None:
    """Listed, not raised: the page that tells it stays a page."""
    (folder_of(ctx) / "always.yaml").write_text(CALENDAR)

    found = {each.name: each.fault for each in listed_calendars(ctx)}
    assert "calendars/always.yaml: there is a calendar 'always' already" in found["calendars"]


def test_a_calendar_is_shown_as_a_year(ctx: Context) -> None:
    """The present one, where none is asked for; months and days add up to the year."""
    shown = calendar_year(ctx, "desk")
    plain = shown.as_json()

    assert shown.year == 2026
    assert plain["sentence"] == "Service desk is open 1,964 hours on 252 days in 2026"
    assert len(plain["days"]) == 365
    assert sum(each["open_hours"] for each in plain["months"]) == plain["open_hours"] == 1964.25
    assert sum(day["open_hours"] for day in plain["days"]) == plain["open_hours"]
    assert plain["days"][5] == {
        "date": "2026-01-06",
        "weekday": "tuesday",
        "slots": [],
        "open_hours": 0,
        "why": "holiday",
        "name": "Epiphany",
        "clock_change_minutes": 0,
    }
    assert calendar_year(ctx, "desk", 2024).as_json()["year"] == 2024


def test_an_unknown_calendar_is_answered_with_the_nearest(ctx: Context) -> None:
    """By name."""
    with pytest.raises(UnknownCalendar, match="Did you mean 'desk'"):
        calendar_year(ctx, "desks")


def test_reading_needs_its_right(ctx: Context) -> None:
    """As every operation."""
    nobody = Context(ctx.workspace, actor=everywhere("x", "none"))
    for ask in (lambda: listed_calendars(nobody), lambda: calendar_year(nobody, "always")):
        with pytest.raises(NotAllowed):
            ask()


def test_a_week_is_told_with_equal_days_together() -> None:
    """Over the weekend too; a closed day in between parts them."""
    assert (
        week_words(calendar("22:00-06:00", days="friday-sunday").week) == "Fri to Sun 22:00-06:00"
    )
    week = calendar("09:00-10:00", more="  saturday: 10:00-11:00").week
    assert week_words((*week[:2], (), *week[3:])) == (
        "Mon to Tue 09:00-10:00; Thu to Fri 09:00-10:00; Sat 10:00-11:00"
    )


@pytest.mark.parametrize(
    ("why", "name", "change", "words"),
    [
        ("week", "", 0, ""),
        ("holiday", "Epiphany", 0, "Epiphany"),
        ("exception", "", 0, "Exception"),
        ("week", "", -30, "Clocks go back by 30 min"),
        ("exception", "Move", 60, "Move; Clocks go forward by 60 min"),
    ],
)
def test_what_differs_is_told(why: str, name: str, change: int, words: str) -> None:
    """Nothing where nothing does."""
    day = YearDay(date(2026, 3, 29), (), 0.0, why, name, change)

    assert differs_words(day) == words
    assert (day_words(day.date), hours_words(day)) == ("Sun 29 Mar", "closed")
