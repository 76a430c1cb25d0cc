"""Queues: how many tickets were in each step, what came and went, and how old they were.

Floor 4, analysis. A ticket is in a step from the update that brings it there to the one that takes
it away or ends it; a stay, an update that leaves it where it is, is neither coming nor going. So

* length at a period's end = length at its beginning + came - went, in every step;
* the lengths of all steps add up to the open tickets at every moment;
* mean length = (time that tickets spent in the step in that period) / (the period's length).

All of it comes from sums of plus and minus one at the instants of updates: no period is looked
through by itself. Sums of time are whole microseconds.

Source: Little, Operations Research 9 (1961) 383-387; Vacanti, Actionable Agile Metrics, 2015.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import steps as by
from opsgauge.analysis.waiting.steps import (
    EVERYWHERE,
    KEY,
    Name,
    columns_of,
    leaves,
    name_of,
    open_rows,
)
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.periods import ORDINALS, periods_table
from opsgauge.log.vocabulary import STEPS
from opsgauge.warehouse.portable import micros, micros_at, ones, quantile, summed

PACE = (0.5, 0.85, 0.95)  # quantiles of finished tickets that ages are held against


@dataclass(frozen=True)
class Grid:
    """The periods of one grain: where each begins and ends, in microseconds since 1970 UTC.

    `first_us` is the earliest instant that the table `periods` is sure to know.
    """

    grain: str
    first_us: int
    labels: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def last_us(self) -> int:
        """Where the last one ends: what is counted in sums of time is counted up to there."""
        return self.ends[-1]


def grid_of(period_ends: pa.Table, grain: str, first_us: int, last_us: int) -> Grid:
    """Return the periods of a grain; the last one ends with the records, not with its week.

    Parameters
    ----------
    period_ends : as in `log.periods`
    first_us, last_us : the earliest and the newest record
    """
    rows = [row for row in period_ends.to_pylist() if row["grain"] == grain]
    rows = sorted((row for row in rows if row["start_us"] <= last_us), key=lambda r: r["ordinal"])
    return Grid(
        grain,
        first_us,
        tuple(row["label"] for row in rows),
        tuple(row["start_us"] for row in rows),
        tuple(min(row["end_us"], last_us) for row in rows),
    )


@dataclass(frozen=True)
class Point:
    """A queue in one period.

    Attributes
    ----------
    length : tickets in it at the end
    mean_length : over the period
    mean_age : hours since they were opened, of those in it at the end; None where none is
    time_us : that tickets spent in it in the period
    """

    period: str
    came: int
    went: int
    length: int
    mean_length: float
    mean_age: float | None
    time_us: int


@dataclass(frozen=True)
class Queue:
    """One step over time, oldest period first."""

    name: Name
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Average:
    """What a queue was like in a usual period: its length, what came and what went."""

    length: float
    came: float
    went: float


def average(points: Sequence[Point]) -> Average | None:
    """Return the means over some periods; None without any."""
    n = len(points)
    if not n:
        return None
    return Average(
        sum(each.mean_length for each in points) / n,
        sum(each.came for each in points) / n,
        sum(each.went for each in points) / n,
    )


def change_rows(history: ir.Table, steps: str, grid: Grid, bucket_us: int) -> ir.Table:
    """Return by step and period what changed the queue.

    Parameters
    ----------
    history : the rows of whole tickets
    grid : the periods, which begin no later than any record
    bucket_us : width of a bucket of the table `periods`

    Returns
    -------
    the columns of the step, ordinal (place of the period), came, went, delta, after_s and after_us
    (sum of delta times what is left from the change to the last period's end, in whole seconds and
    the microseconds beyond), age_s (the same from opening, in seconds)
    """
    names = columns_of(steps)
    rows = _followed(history, steps)
    end = rows.filter(rows.until.notnull())
    stay = ones(~leaves(end, steps))
    opened = micros(rows.opened_at)
    begun = rows.select(*names, at_us=micros(rows.since), opened_us=opened, **_signs(1, 1, 0))
    ended = end.select(
        *names,
        at_us=micros(end.until),
        opened_us=micros(end.opened_at),
        came=0 - stay,
        went=1 - stay,
        delta=ibis.literal(-1, "int64"),
    )
    changes = begun.union(ended)
    at_us = ibis.least(ibis.greatest(changes.at_us, grid.first_us), grid.last_us)
    changes = changes.mutate(at_us=at_us, bucket=at_us // bucket_us)
    periods = periods_table()
    placed = changes.inner_join(
        periods.select("bucket", ordinal=periods[ORDINALS[grid.grain]]), "bucket"
    )
    left = grid.last_us - placed.at_us
    seconds = left // MICROS_PER_SECOND
    age = (grid.last_us - placed.opened_us) // MICROS_PER_SECOND
    return placed.group_by([*names, "ordinal"]).aggregate(
        came=summed(placed.came.sum()),
        went=summed(placed.went.sum()),
        delta=summed(placed.delta.sum()),
        after_s=summed((placed.delta * seconds).sum()),
        after_us=summed((placed.delta * (left - seconds * MICROS_PER_SECOND)).sum()),
        age_s=summed((placed.delta * age).sum()),
    )


def _signs(delta: int, came: int, went: int) -> dict[str, ir.IntegerValue]:
    return {
        "came": ibis.literal(came, "int64"),
        "went": ibis.literal(went, "int64"),
        "delta": ibis.literal(delta, "int64"),
    }


def _followed(history: ir.Table, steps: str) -> ir.Table:
    """Return the open rows, each with what follows it; history does not say so of the opening."""
    names = {*columns_of(steps), "phase"}
    following = {by.next_step(history, name).get_name(): name for name in STEPS if name in names}
    kept = [*dict.fromkeys([*columns_of(steps), "since", "until", "opened_at"])]
    rows = open_rows(history)
    later = rows.filter(rows.seq >= 1).select(*kept, *following)
    opening = rows.filter(rows.seq == 0)
    firsts = history.filter(history.seq == 1)
    first = firsts.select(*KEY, **{after: firsts[name] for after, name in following.items()})
    begun = opening.select(*KEY, *kept).inner_join(first, list(KEY)).select(*kept, *following)
    return later.union(begun)


def queues(rows: pa.Table, steps: str, grid: Grid) -> list[Queue]:
    """Return each step over all periods of the grid, the one with most tickets' time first."""
    sums: dict[Name, dict[int, Mapping[str, int]]] = {}
    for row in rows.to_pylist():
        sums.setdefault(name_of(row, steps), {})[row["ordinal"]] = row
    found = [Queue(name, _points(changes, grid)) for name, changes in sums.items()]
    return sorted(found, key=lambda queue: (-_time(queue.points), _words(queue.name)))


def _points(changes: Mapping[int, Mapping[str, int]], grid: Grid) -> tuple[Point, ...]:
    length, age_s, found = 0, 0, []
    for place, (label, start, end) in enumerate(
        zip(grid.labels, grid.starts, grid.ends, strict=True)
    ):
        row = changes.get(place, {})
        delta = row.get("delta", 0)
        # What each change adds until this period ends, from what it adds until the last one does.
        until_last = row.get("after_s", 0) * MICROS_PER_SECOND + row.get("after_us", 0)
        time_us = length * (end - start) + until_last - delta * (grid.last_us - end)
        length += delta
        age_s += row.get("age_s", 0)
        found.append(
            Point(
                label,
                row.get("came", 0),
                row.get("went", 0),
                length,
                time_us / (end - start) if end > start else float(length),
                _age(age_s, length, grid.last_us - end),
                time_us,
            )
        )
    return tuple(found)


def _age(age_s: int, length: int, since_us: int) -> float | None:
    if not length:
        return None
    return max(age_s * MICROS_PER_SECOND / length - since_us, 0.0) / MICROS_PER_HOUR


def whole(rows: pa.Table, grid: Grid) -> Queue:
    """Return all steps as one, from `change_rows` of `steps.EVERYWHERE`.

    Its lengths and times are the sums of the steps'; its coming and going is not, since a ticket
    that goes from step to step neither comes nor goes.
    """
    found = queues(rows, EVERYWHERE, grid)
    return found[0] if found else Queue((), _points({}, grid))


def _time(points: Sequence[Point]) -> int:
    return sum(point.time_us for point in points)


def _words(name: Name) -> tuple[str, ...]:
    return tuple(part or "" for part in name)


@dataclass(frozen=True)
class Aging:
    """The open tickets of one step now.

    Attributes
    ----------
    median, p85, oldest : hours since they were opened
    here_median : hours since they came to the step last, or were last updated in it
    beyond : of them, how many are older than each of the quantiles PACE of finished tickets
    """

    name: Name
    tickets: int
    median: float
    p85: float
    oldest: float
    here_median: float
    beyond: tuple[int, ...]


def pace_rows(tickets: ir.Table) -> ir.Table:
    """Return one row: n of finished tickets and how long they were open, at PACE (microseconds)."""
    done = tickets.filter(~tickets.open & (tickets.life_us >= 0))
    return done.aggregate(
        n=done.count(), **{f"p{at * 100:.0f}": quantile(done.life_us, at) for at in PACE}
    )


def aging_rows(
    history: ir.Table, steps: str, until: datetime, pace_us: Sequence[float | None]
) -> ir.Table:
    """Return for each step the open tickets in it and their ages, in microseconds.

    Parameters
    ----------
    until : now, for the data
    pace_us : as `pace_rows` gave them; None where nothing is finished
    """
    rows = open_rows(history)
    rows = rows.filter(rows.until.isnull())
    now = micros_at(until)
    aged = rows.mutate(age_us=now - micros(rows.opened_at), here_us=now - micros(rows.since))
    beyond = {
        f"beyond_{place}": ones(aged.age_us > int(limit)).sum()
        for place, limit in enumerate(pace_us)
        if limit is not None
    }
    return aged.group_by(columns_of(steps)).aggregate(
        tickets=aged.count(),
        median=quantile(aged.age_us, 0.5),
        p85=quantile(aged.age_us, 0.85),
        oldest=aged.age_us.max(),
        here=quantile(aged.here_us, 0.5),
        **beyond,
    )


def agings(rows: pa.Table, steps: str) -> list[Aging]:
    """Return what `aging_rows` gave, the step with most tickets first."""
    found = [
        Aging(
            name=name_of(row, steps),
            tickets=int(row["tickets"]),
            median=float(row["median"]) / MICROS_PER_HOUR,
            p85=float(row["p85"]) / MICROS_PER_HOUR,
            oldest=float(row["oldest"]) / MICROS_PER_HOUR,
            here_median=float(row["here"]) / MICROS_PER_HOUR,
            beyond=tuple(int(row[key]) for key in row if key.startswith("beyond_")),
        )
        for row in rows.to_pylist()
    ]
    return sorted(found, key=lambda each: (-each.tickets, _words(each.name)))
