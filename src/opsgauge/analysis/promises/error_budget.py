"""Error budgets: how much may go wrong in a window, how much did, and how fast it goes.

Floor 4, analysis. Pure arithmetic on counts: no table, no clock.
Source: Beyer and others, The Site Reliability Workbook, O'Reilly, 2018, chapters 2 and 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SHORT_OF_LONG = 12  # the short window of a burn is a twelfth of the long one


@dataclass(frozen=True)
class Counted:
    """Records of a stretch of time, and how many of them are bad."""

    total: int = 0
    bad: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.total + other.total, self.bad + other.bad)

    @property
    def good_share(self) -> float | None:
        """The share that is good; None of none."""
        return None if not self.total else 1 - self.bad / self.total


@dataclass(frozen=True)
class Budget:
    """An error budget in a window.

    Attributes
    ----------
    share : to be good, above 0 and below 1
    counted : the records of the window so far
    elapsed : the share of the window that is over, above 0 up to 1
    """

    share: float
    counted: Counted
    elapsed: float = 1.0

    @property
    def allowed(self) -> float:
        """How many records may be bad, of those so far."""
        return (1 - self.share) * self.counted.total

    @property
    def spent(self) -> float | None:
        """The share of the budget that is spent: above 1 where more went wrong than may.

        Of a window that is not over, the budget is that of all the records it will hold, as
        many a day as so far. None without records.

        Examples
        --------
        >>> halves = Budget(0.75, Counted(200, 10)), Budget(0.75, Counted(100, 10), 0.5)
        >>> [each.spent for each in halves]
        [0.2, 0.2]
        """
        if not self.counted.total:
            return None
        return self.counted.bad / (self.allowed / self.elapsed)

    @property
    def left(self) -> float | None:
        """How many more records may go bad in the window; below 0: so many too many."""
        return None if self.spent is None else self.allowed / self.elapsed - self.counted.bad


@dataclass(frozen=True)
class BurnRate:
    """How many times too fast the budget is being spent, in a long and in a short window.

    Attributes
    ----------
    limit : so many times too fast in both is told
    long, short : the rate; None of a window without records
    bad : bad records of the long window
    """

    hours: int
    limit: float
    long: float | None
    short: float | None
    bad: int

    def is_burning(self, fewest_bad: int = 1) -> bool:
        """Say whether it is told: too fast in both windows, and not by one bad record alone."""
        rates = (self.long, self.short)
        return self.bad >= fewest_bad and all(
            rate is not None and rate >= self.limit for rate in rates
        )


def burn_limit(spent: float, hours: float, days: float) -> float:
    """Return how many times too fast it is to spend such a share of the budget in such a time.

    Examples
    --------
    >>> [round(burn_limit(*each, 30), 1) for each in ((0.02, 1), (0.05, 6), (0.10, 72))]
    [14.4, 6.0, 1.0]
    """
    return spent * days * 24 / hours


def burn_rate(hourly: Sequence[Counted], share: float, hours: int, limit: float) -> BurnRate:
    """Return how fast the budget is being spent.

    Parameters
    ----------
    hourly : records by the hour, the newest hour last
    share : to be good
    hours : of the long window; the short one is a twelfth of it, an hour at least

    Examples
    --------
    >>> hours = [Counted(10, 0)] * 5 + [Counted(10, 6)]
    >>> rate = burn_rate(hours, 0.95, 6, 6.0)
    >>> round(rate.long, 2), round(rate.short, 2), rate.is_burning()
    (2.0, 12.0, False)
    """
    long = sum(hourly[-hours:], Counted())
    short = sum(hourly[-max(1, hours // SHORT_OF_LONG) :], Counted())
    return BurnRate(hours, limit, _rate(long, share), _rate(short, share), long.bad)


def _rate(counted: Counted, share: float) -> float | None:
    return None if not counted.total else counted.bad / counted.total / (1 - share)
