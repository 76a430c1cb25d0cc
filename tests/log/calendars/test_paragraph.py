"""What a calendar's file may say, and the calendar it becomes."""

from datetime import date

import pytest
from pydantic import ValidationError

from opsgauge.log.calendars.definition import Exceptional, PublicHolidays, Slot
from opsgauge.log.calendars.paragraph import CalendarFile

WEEK = {"monday-thursday": ["09:00-17:00"], "friday": "22:00-06:00"}
GIVEN = {"title": "Desk", "zone": "Europe/Berlin", "week": WEEK}


def test_a_file_becomes_a_calendar() -> None:
    """One slot may stand without a list; a day of which nothing is said is closed."""
    told = {
        **GIVEN,
        "holidays": {
            "country": "NL",
            "dates": [{"date": "2026-06-05", "name": "A"}, {"every": "12-24", "name": "B"}],
        },
        "exceptions": [
            {"date": "2026-05-16", "hours": "closed", "name": "C"},
            {"every": "12-31", "hours": ["09:00-10:00"]},
        ],
    }
    made = CalendarFile.model_validate(told).calendar("desk")

    assert made.week == (*[(Slot(540, 1020),)] * 4, (Slot(1320, 1800),), (), ())
    assert made.public == PublicHolidays("NL")
    assert made.dates == ((date(2026, 6, 5), "A"),)
    assert made.yearly == (((12, 24), "B"),)
    assert made.exceptions == ((date(2026, 5, 16), Exceptional("C")),)
    assert made.yearly_exceptions == (((12, 31), Exceptional("", (Slot(540, 600),))),)
    assert hash(made)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"week": {**WEEK, "saturday": "05:00-07:00"}}, "Saturday: the slots 22:00-06:00 and"),
        ({"week": {"sunday": "20:00-04:00", "monday": "03:00-05:00"}}, "Monday: the slots"),
        ({"week": {"monday-friday": "9:00-10:00", "friday": "closed"}}, "friday are said twice"),
        ({"exceptions": [{"date": "2026-05-16", "hours": "05:00-07:00"}]}, "'2026-05-16' or the"),
        ({"exceptions": [{"date": "2026-05-17", "hours": "22:00-10:00"}]}, "'2026-05-17' or the"),
        ({"exceptions": [{"every": "12-31", "hours": "05:00-07:00"}]}, "'12-31' or the day"),
        ({"exceptions": [{"every": "12-31", "hours": "23:00-09:01"}]}, "in some years"),
        ({"exceptions": [{"hours": "closed"}]}, "say either 'date'"),
        ({"exceptions": [{"date": "2026-05-16", "every": "12-31", "hours": "closed"}]}, "either"),
        ({"exceptions": [{"date": "2026-05-16", "hours": "closed"}] * 2}, "is said twice"),
        ({"holidays": {"dates": [{"every": "1-2", "name": "A"}, {"every": "01-02", "name": "B"}]}},
         "'01-02' is said twice"),
        ({"holidays": {"subdivision": "BY"}}, "needs 'country'"),
        ({"holidays": {"country": "Germany"}}, "'Germany' is no country"),
        ({"holidays": {"country": "DE", "subdivision": "BYY"}}, "Did you mean 'BY'"),
        ({"holidays": {"country": "GG", "subdivision": "X"}}, "It has none"),
        ({"zone": "Europe/Berlim"}, "Did you mean 'Europe/Berlin'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change: dict[str, object], told: str) -> None:
    """Before anything is made of it."""
    with pytest.raises(ValidationError, match=told):
        CalendarFile.model_validate({**GIVEN, **change})


def test_hours_of_an_exception_that_only_touch_are_fine() -> None:
    """From the very end of the night before."""
    told = {**GIVEN, "exceptions": [{"date": "2026-05-16", "hours": "06:00-09:00"}]}

    assert CalendarFile.model_validate(told).exceptions
