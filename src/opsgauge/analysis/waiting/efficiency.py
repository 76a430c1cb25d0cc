"""Flow efficiency, and the gap between throughput time and cycle time, team by team.

Floor 4, analysis. Of finished tickets: throughput time is what they were open, cycle time what of
it was touch (the phases assigned and in_progress, as in `analysis.requests.orders`), the gap is
waiting. Flow efficiency = touch / (touch + wait), of all tickets together, so that long tickets
weigh more. Where throughput time rises from period to period while cycle time does not, the work
has not become harder: the flow is broken. Whether a series rises is told by Mann and Kendall's
test, on means of periods with enough tickets.

A finished ticket counts for the team that holds it at the end, and in the period of its end.

Sources: Modig and Ahlstrom, This is Lean, 2012 (flow efficiency); Mann, Econometrica 13 (1945)
245-259; Kendall, Rank correlation methods, 4th ed., 1975.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.standard import trend
from opsgauge.analysis.requests.orders import TOUCH_PHASES
from opsgauge.analysis.waiting.steps import KEY, open_rows
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.periods import periods_table
from opsgauge.warehouse.portable import micros, summed

FEWEST_TICKETS = 5  # of a period, for its mean to count


@dataclass(frozen=True)
class Period:
    """Finished tickets of one period: how many, and the hours of all of them together."""

    label: str
    tickets: int
    touch_hours: float
    hours: float

    @property
    def throughput_mean(self) -> float:
        """Hours for which a ticket was open."""
        return self.hours / self.tickets

    @property
    def cycle_mean(self) -> float:
        """Hours for which it was worked on."""
        return self.touch_hours / self.tickets


@dataclass(frozen=True)
class Efficiency:
    """One team's finished tickets, or those of all teams (`team` None and `everybody`)."""

    team: str | None
    periods: tuple[Period, ...]
    everybody: bool = False

    @property
    def tickets(self) -> int:
        """How many there are."""
        return sum(each.tickets for each in self.periods)

    @property
    def touch_hours(self) -> float:
        """Hours worked on them."""
        return sum(each.touch_hours for each in self.periods)

    @property
    def hours(self) -> float:
        """Hours for which they were open."""
        return sum(each.hours for each in self.periods)

    @property
    def throughput_mean(self) -> float | None:
        """Hours for which one was open."""
        return self.hours / self.tickets if self.tickets else None

    @property
    def cycle_mean(self) -> float | None:
        """Hours for which one was worked on."""
        return self.touch_hours / self.tickets if self.tickets else None

    @property
    def gap_mean(self) -> float | None:
        """Hours for which one waited."""
        return (self.hours - self.touch_hours) / self.tickets if self.tickets else None

    @property
    def share(self) -> float | None:
        """Flow efficiency."""
        return flow_efficiency(self.touch_hours, self.hours - self.touch_hours)

    @property
    def throughput_rises(self) -> bool | None:
        """Whether throughput time rises; None with too few periods."""
        return rises([each.throughput_mean for each in self._judged])

    @property
    def cycle_rises(self) -> bool | None:
        """Whether cycle time rises."""
        return rises([each.cycle_mean for each in self._judged])

    @property
    def broken(self) -> bool:
        """Whether tickets take longer while the work on them does not."""
        return self.throughput_rises is True and self.cycle_rises is False

    @property
    def _judged(self) -> list[Period]:
        return [each for each in self.periods if each.tickets >= FEWEST_TICKETS]


def flow_efficiency(touch: float, wait: float) -> float | None:
    """Return the share of time in which something was done; None without time.

    Examples
    --------
    >>> round(flow_efficiency(touch=1, wait=11), 4)
    0.0833
    """
    return touch / (touch + wait) if touch + wait > 0 else None


def rises(values: Sequence[float]) -> bool | None:
    """Say whether a series rises more than chance explains; None with too few values.

    Examples
    --------
    >>> rises([1, 2, 3, 4, 5, 6, 7]), rises([4, 1, 5, 2, 6, 3, 4]), rises([1, 2])
    (True, False, None)
    """
    said = trend(values)
    return said == "rising" if said else None


def finished_rows(tickets: ir.Table, history: ir.Table, grain: str, bucket_us: int) -> ir.Table:
    """Return by team and period: tickets, life_us and touch_us of what was finished.

    Parameters
    ----------
    grain : day, week, month, quarter or year
    bucket_us : width of a bucket of the table `periods`
    """
    rows = open_rows(history)
    worked = rows.filter(rows.phase.isin(TOUCH_PHASES) & rows.elapsed_us.notnull())
    touch = worked.group_by(list(KEY)).aggregate(touch_us=summed(worked.elapsed_us.sum()))
    ends = ibis.coalesce(micros(tickets.resolved_at), micros(tickets.closed_at))
    ended = tickets.filter(~tickets.open & tickets.life_us.notnull())
    done = ended.select(*KEY, "team", "life_us", bucket=ends // bucket_us)
    periods = periods_table()
    placed = done.inner_join(periods.select("bucket", label=periods[grain]), "bucket")
    both = placed.left_join(touch, list(KEY))
    return both.group_by(["team", "label"]).aggregate(
        tickets=both.count(),
        life_us=summed(both.life_us.sum()),
        touch_us=summed(both.touch_us.fill_null(0).sum()),
    )


def efficiencies(rows: pa.Table) -> list[Efficiency]:
    """Return all teams together, then each, the one with most hours of waiting first."""
    found: dict[str | None, list[Period]] = {}
    sums: dict[str, Period] = {}
    for row in sorted(rows.to_pylist(), key=lambda row: str(row["label"])):
        label, n = row["label"], int(row["tickets"])
        touch, life = (int(row[name]) / MICROS_PER_HOUR for name in ("touch_us", "life_us"))
        found.setdefault(row["team"], []).append(Period(label, n, touch, life))
        old = sums.get(label, Period(label, 0, 0.0, 0.0))
        sums[label] = Period(label, old.tickets + n, old.touch_hours + touch, old.hours + life)
    teams = [Efficiency(team, tuple(periods)) for team, periods in found.items()]
    teams.sort(key=lambda each: (each.touch_hours - each.hours, each.team or ""))
    everybody = Efficiency(None, tuple(sums.values()), everybody=True)
    return [everybody, *teams] if teams else []
