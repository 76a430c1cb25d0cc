"""Periods put back in time: the one before, the same one a year ago, and the same point in it.

Floor 3. Pure arithmetic on labels and local dates; no table and no clock. The rules, in short:

- A year back, a month, quarter or year keeps its name. A week keeps its number of ISO 8601; week
  53 has no like in a year of 52 weeks. A day keeps its date; 29 February has none in a common year.
- The same point in another period is the same day of the week in a week, and the same day of the
  month in the same month of it elsewhere; a month too short for that day is taken whole.
- A window of days ends with the day named and includes it. One of months begins a day after the
  same date so many months before, the last of a month standing for any date it lacks.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.periods import ONE_DAY, dates_of, grain_of, label_of

PREVIOUS, YEAR = "previous", "year"
SHIFTS = (PREVIOUS, YEAR)
FURTHEST = 1_000  # periods back
ROLLING = {"7d": (7, 0), "28d": (28, 0), "30d": (30, 0), "3m": (0, 3), "12m": (0, 12)}
MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def steps_of(shift: str) -> int | None:
    """Return how many periods a shift goes back, None for a year.

    Raises
    ------
    QueryWrong : it is no shift

    Examples
    --------
    >>> steps_of("previous"), steps_of("4"), steps_of("year")
    (1, 4, None)
    """
    if shift == YEAR:
        return None
    if shift == PREVIOUS:
        return 1
    if re.fullmatch(r"[1-9]\d{0,3}", shift, re.ASCII) and int(shift) <= FURTHEST:
        return int(shift)
    raise QueryWrong(
        f"There is no shift {shift!r}.",
        hint=f"Write previous, year, or a number of periods from 1 to {FURTHEST:,}.",
    )


def shifted_label(label: str, shift: str) -> str | None:
    """Return the label of the period that another is set against, None where there is none.

    Examples
    --------
    >>> shifted_label("2016-Q1", "previous"), shifted_label("2016-03", "14")
    ('2015-Q4', '2015-01')
    >>> shifted_label("2016-02-29", "year"), shifted_label("2020-W53", "year")
    (None, None)
    >>> shifted_label("2021-W52", "year"), shifted_label("2016-02-28", "year")
    ('2020-W52', '2015-02-28')
    """
    steps = steps_of(shift)
    try:
        return _same_last_year(label) if steps is None else _back(label, steps)
    except (ValueError, OverflowError):
        return None  # before the first year there is


def _back(label: str, steps: int) -> str:
    grain, (first, _) = grain_of(label), dates_of(label)
    if grain in MONTHS_OF:
        return label_of(months_before(first, steps * MONTHS_OF[grain]), grain)
    return label_of(first - timedelta(days=steps * (7 if grain == "week" else 1)), grain)


def _same_last_year(label: str) -> str | None:
    grain, (first, _) = grain_of(label), dates_of(label)
    if grain == "day":
        return first.replace(year=first.year - 1).isoformat()  # ValueError on 29 February
    if grain == "week":
        year, week, _ = first.isocalendar()
        return label_of(date.fromisocalendar(year - 1, week, 1), grain)  # ValueError: no week 53
    return label_of(months_before(first, 12), grain)


def months_before(day: date, months: int) -> date:
    """Return the same date some months before, or the last of that month where it has none.

    Examples
    --------
    >>> str(months_before(date(2016, 3, 31), 1))
    '2016-02-29'
    """
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def same_point(day: date, label: str, other: str) -> tuple[date, bool]:
    """Return the day of another period that stands where a day stands in its own.

    Returns
    -------
    the day, and whether it is the very one: False where the month there is too short for it

    Examples
    --------
    >>> same_point(date(2026, 3, 31), "2026-03", "2026-02")
    (datetime.date(2026, 2, 28), False)
    >>> same_point(date(2026, 8, 15), "2026-Q3", "2026-Q2")
    (datetime.date(2026, 5, 15), True)
    >>> same_point(date(2026, 3, 4), "2026-W10", "2025-W10")
    (datetime.date(2025, 3, 5), True)
    """
    (begin, _), (there, _) = dates_of(label), dates_of(other)
    if grain_of(label) not in MONTHS_OF:
        return there + (day - begin), True
    apart = (begin.year - there.year) * 12 + begin.month - there.month
    found = months_before(day, apart)
    return found, found.day == day.day


def stretch_before(first: date, last: date, shift: str) -> tuple[date, date]:
    """Return the stretch of days that a stretch is set against.

    Whole months go back by as many months as they are, other stretches by as many days.

    Examples
    --------
    >>> [str(day) for day in stretch_before(date(2026, 3, 1), date(2026, 3, 31), "previous")]
    ['2026-02-01', '2026-02-28']
    >>> [str(day) for day in stretch_before(date(2026, 3, 3), date(2026, 3, 9), "2")]
    ['2026-02-17', '2026-02-23']
    """
    steps, beyond = steps_of(shift), last + ONE_DAY
    if steps is None:
        months = 12
    elif first.day == 1 and beyond.day == 1:
        months = steps * ((beyond.year - first.year) * 12 + beyond.month - first.month)
    else:
        back = (beyond - first) * steps
        return first - back, last - back
    if first.day == 1 and beyond.day == 1:
        return months_before(first, months), months_before(beyond, months) - ONE_DAY
    return months_before(first, months), months_before(last, months)


def window_start(last: date, rolling: str) -> date:
    """Return the first day of the window that ends with a day.

    Examples
    --------
    >>> str(window_start(date(2026, 3, 31), "7d")), str(window_start(date(2026, 2, 28), "3m"))
    ('2026-03-25', '2025-12-01')
    """
    days, months = ROLLING[rolling]
    beyond = last + ONE_DAY
    return months_before(beyond, months) if months else beyond - timedelta(days=days)


def window_words(rolling: str) -> str:
    """Return a window in words.

    Examples
    --------
    >>> window_words("28d"), window_words("3m")
    ('28 days', '3 months')
    """
    days, months = ROLLING[rolling]
    return f"{months} months" if months else f"{days} days"
