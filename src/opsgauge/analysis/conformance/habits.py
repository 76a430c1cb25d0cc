"""Departures that are habits: frequent, written down nowhere, and followed by better or worse ends.

Floor 4, analysis. Tickets that depart from the model in one way are set against all others: is the
promise kept more often, is it reopened more often, does it take longer. What may be the luck of
many comparisons is left out (false discovery rate over all of them). A departure that is better in
something and worse in nothing may be a better way of working; one that is worse in something and
better in nothing should stop; all others stay undecided. It is an association: what departs may
have been another kind of ticket to begin with. Where the model is only what most tickets did,
nobody wrote that others should do it too, and rare ways are longer by nature: of these is told how
they end, and not what to do.

Sources: Newcombe, Interval estimation for the difference between independent proportions,
Statistics in Medicine 17, 1998, method 10; Welch, Biometrika 34, 1947, on logarithms of times;
Benjamini and Hochberg, 1995.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import exp, sqrt
from typing import Any

import ibis.expr.types as ir
from scipy.special import ndtr, stdtr, stdtrit

from opsgauge.analysis.conformance.replay import Deviation
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.analysis.mining import steps as by
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import LOG_SCALE, natural_log, ones

FEWEST = 30  # tickets on either side
FALSE_SHARE = 0.05
PROPOSE, STOP, OPEN = "propose as standard", "stop", "undecided"
BETTER, WORSE = "ends better", "ends worse"  # where nothing is written that could be kept
SLA, REOPENED, HOURS = "promise kept", "reopened", "hours"


@dataclass(frozen=True)
class Ends:
    """How tickets ended, as sums that add.

    Attributes
    ----------
    promised, kept : whose service level's flag is known, and of these those that kept it
    told, reopened : whose reopenings are known, and of these those that were
    timed, logs, squares : with a time from opening to resolution; sums of its logarithm in hours
    """

    n: int = 0
    promised: int = 0
    kept: int = 0
    told: int = 0
    reopened: int = 0
    timed: int = 0
    logs: float = 0.0
    squares: float = 0.0

    def __add__(self, other: "Ends") -> "Ends":
        """Add two sets of tickets that have none in common."""
        return Ends(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Ends)))

    def __sub__(self, other: "Ends") -> "Ends":
        """Take tickets away that are among these."""
        return Ends(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Ends)))


@dataclass(frozen=True)
class Difference:
    """How tickets that depart differ from the others in one end.

    Attributes
    ----------
    size : difference of the shares, or of hours the factor by which they take longer
    rate : the least share of false findings at which it is told
    better : None where it may be chance
    """

    of: str
    here: float
    elsewhere: float
    size: float
    low: float
    high: float
    chance: float
    rate: float = 1.0

    @property
    def better(self) -> bool | None:
        """Whether it is better than elsewhere."""
        if self.rate > FALSE_SHARE:
            return None
        return self.size > 0 if self.of == SLA else self.size < (1 if self.of == HOURS else 0)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "better": self.better}


@dataclass(frozen=True)
class Habit:
    """A frequent departure, and how it ends; `written`, whether somebody wrote the model."""

    deviation: Deviation
    n: int
    differences: tuple[Difference, ...]
    written: bool = True

    @property
    def verdict(self) -> str:
        """What to do about it; without a written model, how it ends."""
        told = [each.better for each in self.differences]
        if True in told and False not in told:
            return PROPOSE if self.written else BETTER
        if False in told and True not in told:
            return STOP if self.written else WORSE
        return OPEN

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "step": self.deviation.step,
            "how": self.deviation.how,
            "n": self.n,
            "verdict": self.verdict,
            "differences": [each.as_json() for each in self.differences],
        }


def end_rows(tickets: ir.Table, steps: str) -> ir.Table:
    """Add up how tickets ended, by the hash of their path."""
    rows = tickets.mutate(variant=by.variant_hash(tickets, steps))
    rows = rows.filter(rows.variant.notnull())
    timed = (rows.life_us > 0).fill_null(False)
    rows = rows.mutate(log=natural_log(timed.ifelse(rows.life_us, None)))
    return rows.group_by("variant").aggregate(
        n=rows.count(),
        promised=ones(rows.sla_met.notnull()).sum(),
        kept=ones(rows.sla_met).sum(),
        told=ones(rows.history_reopen_count.notnull()).sum(),
        reopened=ones(rows.history_reopen_count > 0).sum(),
        timed=rows.log.count(),
        logs=rows.log.cast("float64").sum().fill_null(0.0),
        squares=(rows.log.cast("float64") * rows.log.cast("float64")).sum().fill_null(0.0),
    )


def ends_of(row: Mapping[str, Any]) -> Ends:
    """Return what `end_rows` gave of one path."""
    return Ends(
        n=int(row["n"]),
        promised=int(row["promised"]),
        kept=int(row["kept"]),
        told=int(row["told"]),
        reopened=int(row["reopened"]),
        timed=int(row["timed"]),
        logs=float(row["logs"]) / LOG_SCALE,
        squares=float(row["squares"]) / LOG_SCALE**2,
    )


def habits(
    departing: Mapping[Deviation, Sequence[str]], ends: Mapping[str, Ends], written: bool = True
) -> tuple[Habit, ...]:
    """Return the frequent departures with how they end, the most frequent first.

    Parameters
    ----------
    departing : by deviation the hashes of the paths that have it
    ends : by hash of path, of every ticket
    written : whether somebody wrote the model down, and it is not what most tickets did
    """
    every = sum(ends.values(), Ends())
    found: list[tuple[Deviation, Ends, list[Difference]]] = []
    for deviation, hashes in departing.items():
        here = sum((ends[each] for each in hashes), Ends())
        if here.n >= FEWEST and every.n - here.n >= FEWEST:
            found.append((deviation, here, list(_differences(here, every - here))))
    flat = [each for _, _, told in found for each in told]
    rates = iter(false_discovery_rates([each.chance for each in flat]))
    made = [
        Habit(
            deviation,
            here.n,
            tuple(Difference(**{**vars(each), "rate": next(rates)}) for each in told),
            written,
        )
        for deviation, here, told in found
    ]
    return tuple(sorted(made, key=lambda each: (-each.n, each.deviation.step, each.deviation.how)))


def _differences(here: Ends, there: Ends) -> Iterable[Difference]:
    for of, hits, known in ((SLA, "kept", "promised"), (REOPENED, "reopened", "told")):
        n, m = getattr(here, known), getattr(there, known)
        if min(n, m) >= FEWEST:
            yield share_difference(of, (getattr(here, hits), n), (getattr(there, hits), m))
    if min(here.timed, there.timed) >= FEWEST:
        yield _longer(here, there)


def share_difference(of: str, here: tuple[int, int], there: tuple[int, int]) -> Difference:
    """Return how two shares differ, each hits of how many.

    Examples
    --------
    >>> told = share_difference("", (56, 70), (48, 80))  # Newcombe's first example
    >>> round(told.size, 4), round(told.low, 4), round(told.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    (a, n), (b, m) = here, there
    one, two = a / n, b / m
    ends = [end or 0.0 for end in (*wilson(a, n), *wilson(b, m))]
    size = one - two
    low = size - sqrt((one - ends[0]) ** 2 + (ends[3] - two) ** 2)
    high = size + sqrt((ends[1] - one) ** 2 + (two - ends[2]) ** 2)
    pooled = (a + b) / (n + m)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    chance = 2 * float(ndtr(-abs(size) / error)) if error else 1.0
    return Difference(of, one, two, size, low, high, chance)


def _longer(here: Ends, there: Ends) -> Difference:
    """Return by which factor it takes longer: Welch's t on logarithms."""
    means: list[float] = []
    errors: list[float] = []
    degrees: list[int] = []
    for each in (here, there):
        mean = each.logs / each.timed
        variance = max(each.squares - each.timed * mean * mean, 0.0) / (each.timed - 1)
        means.append(mean)
        errors.append(variance / each.timed)
        degrees.append(each.timed - 1)
    size, error = means[0] - means[1], sqrt(sum(errors))
    hours = [exp(mean) / 3_600_000_000 for mean in means]
    if not error:
        return Difference(HOURS, hours[0], hours[1], exp(size), exp(size), exp(size), 1.0)
    free = sum(errors) ** 2 / sum(e * e / d for e, d in zip(errors, degrees, strict=True))
    reach = float(stdtrit(free, 0.975)) * error
    chance = 2 * float(stdtr(free, -abs(size) / error))
    low, high = exp(size - reach), exp(size + reach)
    return Difference(HOURS, hours[0], hours[1], exp(size), low, high, chance)
