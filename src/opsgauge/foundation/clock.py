"""The only reader of time.

Floor 0. Everything that needs "now" takes a `Clock`, so that a test, or a question about the
past, can set it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def fixed_clock(instant: datetime) -> Clock:
    """Return a clock that stands still.

    Examples
    --------
    >>> fixed_clock(datetime(2026, 1, 5, 8, tzinfo=UTC))().isoformat()
    '2026-01-05T08:00:00+00:00'
    """
    return lambda: instant


class Stopwatch:
    """Seconds since it was made, for progress and reports."""

    def __init__(self) -> None:
        self._start = perf_counter()

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return perf_counter() - self._start
