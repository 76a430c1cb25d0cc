"""Units of measure and how they are written for people.

Floor 0. Inside, durations are integer microseconds until a metric gives hours.
"""

from collections.abc import Sequence
from datetime import datetime

MICROS_PER_SECOND = 1_000_000
MICROS_PER_MINUTE = 60_000_000
MICROS_PER_HOUR = 3_600_000_000
# Units in which records are counted whole, by what a record is.
COUNTED = (
    "tickets",
    "changes",
    "approvals",
    "deployments",
    "contacts",
    "surveys",
    "notes",
    "articles",
    "uses",
    "items",
    "bookings",
    "contracts",
    "links",
    "clocks",
    "decisions",
)
UNITS = (*COUNTED, "hours", "share", "count", "money", "score", "points")
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"
SMALL = 59.5  # of seconds or minutes; what would be written as 60 is one of the next unit
HOURS_UNTIL = 72
LARGE_SUM = 1000  # from here on nobody reads the cents


def whole(number: float) -> str:
    """Write a count.

    Examples
    --------
    >>> whole(24918)
    '24,918'
    """
    return f"{number:,.0f}".replace("-", MINUS)


def percent(share: float, digits: int = 1) -> str:
    """Write a share of 1 as a percentage.

    Examples
    --------
    >>> percent(0.6342).replace(NARROW_NO_BREAK, "_")
    '63.4_%'
    """
    return f"{share * 100:.{digits}f}{NARROW_NO_BREAK}%".replace("-", MINUS)


def duration(hours: float) -> str:
    """Write a duration in the unit a person would use.

    Seconds below a minute, minutes below an hour, hours below 72, days above.

    Examples
    --------
    >>> [duration(h) for h in (0.005, 0.4, 6.7, 22.1, 178.2, -0.5)]
    ['18 s', '24 min', '6.7 h', '22.1 h', '7.4 days', '−30 min']
    """
    return _in_the_unit_of(abs(hours), hours)


def durations(hours: Sequence[float], like: Sequence[float] = ()) -> list[str]:
    """Write durations that are read side by side, all in the unit of the smallest that is not none.

    Parameters
    ----------
    like : durations whose unit it is to be; none: of these themselves

    Examples
    --------
    >>> durations([60.1, 88.8]), durations([6.2, 178.2]), durations([0.0, 96.0])
    (['60.1 h', '88.8 h'], ['6.2 h', '178.2 h'], ['0.0 days', '4.0 days'])
    """
    least = min((abs(each) for each in like or hours if each), default=0.0)
    return [_in_the_unit_of(least, each) for each in hours]


def _in_the_unit_of(least: float, hours: float) -> str:
    size = abs(hours)
    if least * 3600 < SMALL:
        text = f"{size * 3600:,.0f} s"
    elif least * 60 < SMALL:
        text = f"{size * 60:,.0f} min"
    elif least < HOURS_UNTIL:
        text = f"{size:,.1f} h"
    else:
        text = f"{size / 24:,.1f} days"
    return MINUS + text if hours < 0 else text


def clock_time(micros: int) -> str:
    """Write a length of time to the second, as a clock shows it; never rounded up.

    Examples
    --------
    >>> clock_time(90_000_000), clock_time(93_600_000_000), clock_time(-1_500_000)
    ('0:01:30', '26:00:00', '−0:00:01')
    """
    seconds = abs(micros) // MICROS_PER_SECOND
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return MINUS + text if micros < 0 and seconds else text


def amounts(values: Sequence[float], unit: str) -> list[str]:
    """Write values of a metric that are read side by side, in one unit.

    Examples
    --------
    >>> amounts([60.1, 88.8], "hours"), amounts([1184, 3], "tickets")
    (['60.1 h', '88.8 h'], ['1,184', '3'])
    """
    return durations(values) if unit == "hours" else [amount(each, unit) for each in values]


def amount(value: float | None, unit: str) -> str:
    """Write a value of a metric in its unit.

    Examples
    --------
    >>> amount(22.1, "hours"), amount(1184, "tickets"), amount(0.94, "count"), amount(None, "hours")
    ('22.1 h', '1,184', '0.94', 'no value')
    """
    if value is None:
        return "no value"
    if unit == "hours":
        return duration(value)
    if unit == "share":
        return percent(value)
    if unit in COUNTED or (unit == "money" and abs(value) >= LARGE_SUM):
        return whole(value)
    if unit == "points":
        return f"{value:,.1f}".replace("-", MINUS).removesuffix(".0")
    return f"{value:,.2f}".replace("-", MINUS)


def uncapitalised(title: str) -> str:
    """Return a title as it stands inside a sentence.

    Examples
    --------
    >>> uncapitalised("Tickets opened")
    'tickets opened'
    """
    return title[:1].lower() + title[1:]


def instant(moment: datetime | None) -> str:
    """Write an instant to the minute.

    Examples
    --------
    >>> instant(datetime(2016, 5, 30, 6, 0))
    'Mon 30 May 2016, 06:00'
    """
    if moment is None:
        return "not known"
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"
