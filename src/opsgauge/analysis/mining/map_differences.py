"""Two process maps compared: where more tickets pass, and where they take longer, beyond chance.

Floor 4, analysis. A ticket is the unit of every test, since passages of one ticket are no separate
witnesses. Flow is the share of tickets that pass a step or a way: compared by the exact test of two
proportions (by the normal distribution beyond 50,000 tickets, where the two agree), its difference
by Newcombe's hybrid score interval. A ticket that is not finished may yet pass what it has not
passed: a difference is tested as if all such tickets did what makes it smallest, so that one side
being younger is no difference; nor is it told that a side takes shorter of which more is not
finished, for its long stays still last. Time is the geometric mean over
tickets of seconds plus one, each ticket by the mean of its logarithms: compared by Welch's test.
All tests of a comparison are corrected together for their number. What is told is beyond chance and
at least as large as the least effect asked for.

Source: Fisher, Statistical methods for research workers, 1925; Newcombe, Interval estimation for
the difference between independent proportions, Statistics in Medicine 17, 1998, method 10; Welch,
The generalization of Student's problem, Biometrika 34, 1947.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, hypot, sqrt
from typing import Any

import ibis.expr.types as ir
from scipy.special import ndtr, stdtr, stdtrit

from opsgauge.analysis.fisher import chance_of_more
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.analysis.mining import steps as by
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_SECOND
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse import portable

FALSE = 0.05  # of what is told, by chance
LEAST_SHARE = 0.02
LEAST_TIME = 1.2
FEWEST = 10  # tickets of a side, below which times are not compared, nor what so few pass in all
APART = 0.05  # where more of one side are unfinished, its long stays are missing: no faster for it
_MOST_EXACT = 50_000  # tickets of both sides
_PARTS = 10_000  # of the natural logarithm, whole, so that sums do not depend on the order of rows
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Effect:
    """What is worth telling.

    Attributes
    ----------
    share : least difference of shares of tickets, 0.02 being two in a hundred
    time : least factor between times, either way
    """

    share: float = LEAST_SHARE
    time: float = LEAST_TIME

    def __post_init__(self) -> None:
        """Refuse what is no effect."""
        if not 0 <= self.share <= 1 or not self.time >= 1:
            raise QueryWrong(
                f"An effect of {self.share} in share and {self.time} in time is none.",
                hint="A share lies between 0 and 1; a time is a factor of 1 or more, such as 1.2.",
            )


@dataclass(frozen=True)
class Passed:
    """Of one side, what passed a step or a way.

    Attributes
    ----------
    tickets : that passed
    passages : how often
    timed : tickets of which a passage has ended
    log_mean, log_deviation : over those, of ln(seconds + 1); None where there are too few
    """

    tickets: int = 0
    passages: int = 0
    timed: int = 0
    log_mean: float | None = None
    log_deviation: float | None = None

    @property
    def typical_seconds(self) -> float | None:
        """The geometric mean, the one second taken off again."""
        return None if self.log_mean is None else exp(self.log_mean) - 1


@dataclass(frozen=True)
class Unfinished:
    """Of one side, the tickets that are not finished, and how many of these passed each key."""

    tickets: int
    passed: Mapping[Key, int]

    def may_pass(self, key: Key) -> int:
        """Return how many may pass a step or a way yet."""
        return self.tickets - self.passed.get(key, 0)

    def share_of(self, key: Key, passed: Passed) -> float:
        """Return what share of those that passed is not finished."""
        return self.passed.get(key, 0) / passed.tickets if passed.tickets else 0.0


NONE_UNFINISHED = Unfinished(0, {})


@dataclass(frozen=True)
class Tested:
    """An effect with what is known of it.

    Attributes
    ----------
    size : a difference of shares, or a factor of time
    low, high : where it lies, 95 %, whatever tickets that are not finished will do
    chance : of such an effect where there is none; `rate` the same among all tests
    said : "more", "less", "slower", "faster", or "" for nothing beyond chance and large enough
    least : the difference of shares that is left, whatever those will do; None of times
    """

    size: float
    low: float
    high: float
    chance: float
    rate: float = 1.0
    said: str = ""
    least: float | None = None


@dataclass(frozen=True)
class Difference:
    """A step (one name in `key`) or a way (two), on two sides."""

    key: Key
    one: Passed
    other: Passed
    flow: Tested | None
    time: Tested | None

    def undecided(self, effect: Effect) -> bool:
        """Whether a difference of flow is large so far and can still come to nothing."""
        flow = self.flow
        if flow is None or flow.said or flow.least is None or abs(flow.size) < effect.share:
            return False
        return flow.least != flow.size and abs(flow.least) < effect.share


def passed_rows(history: ir.Table, steps: str, *, ways: bool) -> ir.Table:
    """Select what passed each step or each way, ticket by ticket counted up.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : a field of `steps.FIELDS`, or two: "phase+team"
    ways : whether the ways are asked for, else the steps

    Returns
    -------
    The columns of the step or the way as `flow_map` names them, tickets, passages, timed, and
    log_sum and log_squares over the timed ones, of ln(seconds + 1) in `_PARTS`.
    """
    rows = by.stepped(history, steps)
    if ways:
        rows = rows.filter(by.is_followed(rows))
        key = {**by.here(rows, steps, "from_"), **by.following(rows, steps, "to")}
    else:
        key = dict(by.here(rows, steps))
    seconds = rows.elapsed_us.cast("float64") / MICROS_PER_SECOND + 1.0
    logs = portable.natural_log(seconds) // (portable.LOG_SCALE // _PARTS)
    ticket = {name: rows[name] for name in by.TICKET}
    each = rows.group_by(**key, **ticket).aggregate(
        visits=rows.count(), ended=rows.elapsed_us.count(), logs=portable.summed(logs.sum())
    )
    each = each.mutate(log=each.logs // each.ended.nullif(0))
    told = each.group_by(list(key)).aggregate(
        tickets=each.count(),
        passages=portable.summed(each.visits.sum()),
        timed=each.log.count(),
        log_sum=portable.summed(each.log.sum()),
        log_squares=portable.summed((each.log * each.log).sum()),
    )
    return told.order_by(*key)


def passed_of(row: Mapping[str, Any]) -> Passed:
    """Return what a row of `passed_rows` tells."""
    n = row["timed"]
    if not n:
        return Passed(row["tickets"], row["passages"])
    mean = row["log_sum"] / n
    spread = (row["log_squares"] - n * mean * mean) / (n - 1) if n > 1 else 0.0
    return Passed(
        row["tickets"], row["passages"], n, mean / _PARTS, sqrt(max(spread, 0.0)) / _PARTS
    )


def differences(
    one: Mapping[Key, Passed],
    other: Mapping[Key, Passed],
    tickets: tuple[int, int],
    effect: Effect,
    yet: tuple[Unfinished, Unfinished] = (NONE_UNFINISHED, NONE_UNFINISHED),
) -> list[Difference]:
    """Compare two sides, every step and way of either.

    Parameters
    ----------
    one, other : what passed, by step and way
    tickets : how many tickets each side has in all
    effect : what is worth telling
    yet : of each side the tickets that are not finished

    Returns
    -------
    In the order of how many tickets passed on both sides together, most first.
    """
    nothing = Passed()
    keys = sorted(
        {*one, *other},
        key=lambda key: (
            -one.get(key, nothing).tickets - other.get(key, nothing).tickets,
            [part or "" for part in key],
        ),
    )
    found = [
        _compared(key, (one.get(key, nothing), other.get(key, nothing)), tickets, yet)
        for key in keys
    ]
    tests = [test for each in found for test in (each.flow, each.time) if test]
    rates = iter(false_discovery_rates([test.chance for test in tests]))
    return [
        replace(
            each,
            flow=_judged_flow(each.flow, next(rates), effect) if each.flow else None,
            time=_judged_time(each.time, next(rates), effect) if each.time else None,
        )
        for each in found
    ]


def shares_compared(
    hits: tuple[int, int], among: tuple[int, int], yet: tuple[int, int] = (0, 0)
) -> Tested:
    """Compare two shares: difference, interval and the exact chance, two-sided.

    Parameters
    ----------
    hits, among : of each side
    yet : how many of each side may become hits; the chance is that of the smallest difference
        they leave, 1 where they can turn it round

    Examples
    --------
    Newcombe's table II: 56 of 70 and 48 of 80.

    >>> test = shares_compared((56, 48), (70, 80))
    >>> round(test.size, 4), round(test.low, 4), round(test.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    (a, b), (m, n) = hits, among
    lowest, highest = (a, b + yet[1]), (a + yet[0], b)
    (low, least), (high, most) = _difference(lowest, among)[::2], _difference(highest, among)[1:]
    if least > 0:
        nearest, chance = least, _chance_of_shares(lowest, among)
    elif most < 0:
        nearest, chance = most, _chance_of_shares(highest, among)
    else:
        nearest, chance = 0.0, 1.0
    return Tested(a / m - b / n, low, high, chance, least=nearest)


def _difference(hits: tuple[int, int], among: tuple[int, int]) -> tuple[float, float, float]:
    """Return where a difference of shares lies, 95 %, and the difference."""
    (a, b), (m, n) = hits, among
    size = a / m - b / n
    (low_a, high_a), (low_b, high_b) = _score(a, m), _score(b, n)
    low = size - hypot(a / m - low_a, high_b - b / n)
    high = size + hypot(high_a - a / m, b / n - low_b)
    return low, high, size


def _chance_of_shares(hits: tuple[int, int], among: tuple[int, int]) -> float:
    (a, b), (m, n) = hits, among
    if m + n <= _MOST_EXACT:
        more, less = chance_of_more(a, m, b, n), chance_of_more(b, n, a, m)
        return min(2 * min(more, less), 1.0)
    all_share = (a + b) / (m + n)
    error = sqrt(all_share * (1 - all_share) * (1 / m + 1 / n))
    return 2 * float(ndtr(-abs(a / m - b / n) / error)) if error else 1.0


def times_compared(one: Passed, other: Passed) -> Tested | None:
    """Compare times: by what factor those of `one` are longer; None where it cannot be told.

    Examples
    --------
    Welch's test of means 1 and 0 with deviations 1 and 2 of 20 and 40 tickets: t = 2.58.

    >>> one, other = Passed(20, 20, 20, 1.0, 1.0), Passed(40, 40, 40, 0.0, 2.0)
    >>> test = times_compared(one, other)
    >>> round(test.size, 3), round(test.chance, 4)
    (2.718, 0.0124)
    """
    if min(one.timed, other.timed) < FEWEST or one.log_mean is None or other.log_mean is None:
        return None
    parts = [(each.log_deviation or 0.0) ** 2 / each.timed for each in (one, other)]
    error = sqrt(sum(parts))
    apart = one.log_mean - other.log_mean
    if not error:
        return Tested(1.0, 1.0, 1.0, 1.0) if not apart else None
    squares = (part**2 / (each.timed - 1) for part, each in zip(parts, (one, other), strict=True))
    freedom = sum(parts) ** 2 / sum(squares)
    reach = float(stdtrit(freedom, 0.975)) * error
    chance = 2 * float(stdtr(freedom, -abs(apart) / error))
    return Tested(exp(apart), exp(apart - reach), exp(apart + reach), chance)


def told(found: Iterable[Difference]) -> Sequence[Difference]:
    """Return those with something beyond chance and large enough, the largest in tickets first."""
    return [each for each in found if any(t and t.said for t in (each.flow, each.time))]


def _compared(
    key: Key,
    sides: tuple[Passed, Passed],
    tickets: tuple[int, int],
    yet: tuple[Unfinished, Unfinished],
) -> Difference:
    (one, other), flow, time = sides, None, times_compared(*sides)
    if one.tickets + other.tickets >= FEWEST and all(tickets):
        may_pass = yet[0].may_pass(key), yet[1].may_pass(key)
        flow = shares_compared((one.tickets, other.tickets), tickets, may_pass)
    apart = yet[0].share_of(key, one) - yet[1].share_of(key, other)
    if time and abs(apart) > APART and (time.size < 1) == (apart > 0):
        time = replace(time, chance=1.0)
    return Difference(key, one, other, flow, time)


def _score(hits: int, among: int) -> tuple[float, float]:
    low, high = wilson(hits, among)
    return low or 0.0, 1.0 if high is None else high


def _judged_flow(test: Tested, rate: float, effect: Effect) -> Tested:
    left = test.size if test.least is None else test.least
    large = rate <= FALSE and abs(left) >= effect.share
    return replace(test, rate=rate, said="" if not large else "more" if test.size > 0 else "less")


def _judged_time(test: Tested, rate: float, effect: Effect) -> Tested:
    large = rate <= FALSE and max(test.size, 1 / test.size) >= effect.time
    said = "" if not large else "slower" if test.size > 1 else "faster"
    return replace(test, rate=rate, said=said)
