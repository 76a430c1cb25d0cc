"""Steps ranked by the time that can be won in them, not by how long they last.

Floor 4, analysis. For each step, recoverable hours = cases x (mean hours in it - achievable hours),
where achievable is what the fastest part of its own cases take: a quantile, the 25th percentile
unless another is asked for. A case is one ticket in one step, all its stays there together; one
that is still there is told beside, since how long it will last nobody knows. A ticket that went
through a step without any time in it is no case of it: such a step was set and left in one update,
and would make nothing at all seem achievable.

Its examples are the tickets that were in it longest, at most one of each month of opening, and only
such as took longer than is achievable.

The cases are taken for a sample of how the step works: as many others would have taken other hours.
So the interval of the recoverable hours comes from that of the mean (on its logarithm, since times
are skewed) and that of the quantile (by order statistics), put together by MOVER. Mean and quantile
rise and fall together, which makes it somewhat too wide, never too narrow.

Sources: Lashkevich et al., Why am I waiting, BPM 2023 (time to win instead of time that passes);
Conover, Practical Nonparametric Statistics, 3rd ed., 1999, section 3.2; Zou and Donner,
Construction of confidence limits about effect measures, Statistics in Medicine 27, 2008.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.examples import MONTH, SHOWN, with_most
from opsgauge.analysis.waiting.steps import KEY, Name, columns_of, is_touch, name_of, open_rows
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, whole
from opsgauge.metrics.intervals import (
    UNKNOWN,
    Interval,
    less_interval,
    positive_mean_interval,
)
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import micros, micros_at, ones, summed

KIND, METHOD = "recoverable_wait", "mean_less_a_quantile"
ACHIEVABLE = 25  # percentile of a step's own cases
FEWEST_CASES = 20  # fewer say little of what is achievable
MOST_FOUND = 3


@dataclass(frozen=True)
class Longest:
    """A ticket that was long in a step: its source and number, and the hours of all its stays."""

    key: tuple[str, str]
    hours: float


@dataclass(frozen=True)
class Step:
    """One step, and what can be won in it.

    Attributes
    ----------
    name : its team and phase, or one of them, or a state or activity; None where none is written
    touch : whether it is work, else waiting; None where steps do not tell
    cases : tickets that were in it and left it
    hours : of all of them together; `mean` and `median` of one, `deviation` of one from the mean
    achievable : hours in which the fastest of them do; with its 95 % interval, None with too few
    recoverable : hours; None with fewer than FEWEST_CASES cases
    running, running_hours : tickets that are in it now, and for how long by now
    longest : tickets to look at, those that were in it longest first
    """

    name: Name
    touch: bool | None
    cases: int
    hours: float
    median: float | None
    achievable: float | None
    achievable_low: float | None
    achievable_high: float | None
    running: int
    running_hours: float
    deviation: float | None = None
    longest: tuple[Longest, ...] = ()

    @property
    def mean(self) -> float | None:
        """Hours of one case."""
        return self.hours / self.cases if self.cases else None

    @property
    def recoverable(self) -> float | None:
        """Hours that would be won, were each case as the fastest."""
        if self.achievable is None or self.cases < FEWEST_CASES:
            return None
        return max(self.hours - self.cases * self.achievable, 0.0)

    @property
    def recoverable_low(self) -> float | None:
        """The lower end of its 95 % interval."""
        return self._won(self._between[0])

    @property
    def recoverable_high(self) -> float | None:
        """The upper end."""
        return self._won(self._between[1])

    @property
    def _between(self) -> Interval:
        """Where the hours of one case above the achievable lie."""
        if self.mean is None or self.achievable is None:
            return UNKNOWN
        mean = positive_mean_interval(self.mean, self.deviation, self.cases)
        quick = self.achievable_low, self.achievable_high
        return less_interval((self.mean, mean), (self.achievable, quick))

    def _won(self, each: float | None) -> float | None:
        """Return the hours of all cases together."""
        if each is None or self.cases < FEWEST_CASES:
            return None
        return max(self.cases * each, 0.0)


def case_rows(history: ir.Table, steps: str) -> ir.Table:
    """Return one row per ticket and step: how long it was there, all stays together.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : a word of `steps.KINDS`

    Returns
    -------
    key, opened_month, the columns of the step, number (microseconds), running (1 where it is there
    still)

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows, names = open_rows(history), columns_of(steps)
    return rows.group_by([*KEY, MONTH, *names]).aggregate(
        number=summed(rows.elapsed_us.sum().fill_null(0)),
        running=ones(rows.until.isnull()).max(),
    )


def step_rows(cases: ir.Table, steps: str) -> ir.Table:
    """Return for each step: cases, total_us, median_us, deviation_us of left cases."""
    left = _left(cases)
    return left.group_by(columns_of(steps)).aggregate(
        cases=left.count(),
        total_us=summed(left.number.sum()),
        median_us=left.number.cast("float64").quantile(0.5),
        deviation_us=left.number.cast("float64").std(how="sample"),
    )


def achievable_rows(cases: ir.Table, steps: str, percentile: int = ACHIEVABLE) -> ir.Table:
    """Return for each step: n, value, low and high, the quantile of its cases in hours."""
    return summarise(_left(cases), columns_of(steps), f"p{percentile}", float(MICROS_PER_HOUR))


def longest_rows(cases: ir.Table, steps: str) -> ir.Table:
    """Return for each step and month of opening: example, the ticket that was in it longest."""
    left = _left(cases)
    return left.group_by([*columns_of(steps), MONTH]).aggregate(
        example=with_most(left, left.number)
    )


def _left(cases: ir.Table) -> ir.Table:
    return cases.filter((cases.running == 0) & (cases.number > 0))


def running_rows(history: ir.Table, steps: str, until: datetime) -> ir.Table:
    """Return for each step: running (tickets in it now) and running_us, of their newest stay."""
    rows = open_rows(history)
    rows = rows.filter(rows.until.isnull())
    lasted = micros_at(until) - micros(rows.since)
    return rows.group_by(columns_of(steps)).aggregate(
        running=rows.count(), running_us=summed(lasted.sum())
    )


def ranked(left: pa.Table, achievable: pa.Table, running: pa.Table, steps: str) -> list[Step]:
    """Return the steps, the most recoverable hours first.

    Parameters
    ----------
    left, achievable, running : what the three queries above gave, for the same steps
    """
    by_name = {name_of(row, steps): row for row in left.to_pylist()}
    quantiles = {name_of(row, steps): row for row in achievable.to_pylist()}
    now = {name_of(row, steps): row for row in running.to_pylist()}
    found = [
        _step(name, steps, by_name.get(name, {}), quantiles.get(name, {}), now.get(name, {}))
        for name in {**by_name, **now}
    ]
    return sorted(found, key=_place)


def _step(
    name: Name,
    steps: str,
    left: Mapping[str, Any],
    quantile: Mapping[str, Any],
    running: Mapping[str, Any],
) -> Step:
    median, deviation = left.get("median_us"), left.get("deviation_us")
    return Step(
        name=name,
        touch=is_touch(name, steps),
        cases=int(left.get("cases", 0)),
        hours=int(left.get("total_us", 0)) / MICROS_PER_HOUR,
        median=None if median is None else median / MICROS_PER_HOUR,
        achievable=quantile.get("value"),
        achievable_low=quantile.get("low"),
        achievable_high=quantile.get("high"),
        running=int(running.get("running", 0)),
        running_hours=int(running.get("running_us", 0)) / MICROS_PER_HOUR,
        deviation=None if deviation is None else deviation / MICROS_PER_HOUR,
    )


def with_longest(steps: Sequence[Step], rows: pa.Table, by: str) -> list[Step]:
    """Return steps with their longest tickets.

    Parameters
    ----------
    rows : what `longest_rows` gave
    by : what tells steps apart, as there
    """
    of_step: dict[Name, list[Longest]] = {}
    for row in rows.to_pylist():
        found = row["example"]
        longest = Longest(
            (found["source"], found["ticket_id"]), int(found["most"]) / MICROS_PER_HOUR
        )
        of_step.setdefault(name_of(row, by), []).append(longest)
    return [replace(each, longest=_longest(each, of_step.get(each.name, ()))) for each in steps]


def _longest(step: Step, found: Sequence[Longest]) -> tuple[Longest, ...]:
    if step.recoverable is None or step.achievable is None:
        return ()
    beyond = [each for each in found if each.hours > step.achievable]
    beyond.sort(key=lambda each: (each.hours, each.key), reverse=True)
    return tuple(beyond[:SHOWN])


def _place(step: Step) -> tuple[bool, float, float, tuple[str, ...]]:
    won = step.recoverable
    return won is None, -(won or 0.0), -step.hours, tuple(part or "" for part in step.name)


def total_hours(steps: Sequence[Step]) -> tuple[float, float]:
    """Return the hours of all steps together, and of these what can be won."""
    return sum(each.hours for each in steps), sum(each.recoverable or 0.0 for each in steps)


def bottlenecks(
    steps: Sequence[Step], words: Mapping[Name, str], percentile: int, evidence: Evidence
) -> list[Finding]:
    """Return the steps of waiting in which most hours can be won, as findings.

    Parameters
    ----------
    steps : as `ranked` gave them
    words : what to call each step
    """
    waits = [each for each in steps if not each.touch and (each.recoverable or 0.0) > 0]
    return [_finding(each, words[each.name], percentile, evidence) for each in waits[:MOST_FOUND]]


def _finding(step: Step, named: str, percentile: int, evidence: Evidence) -> Finding:
    won = step.recoverable or 0.0
    low, high = step.recoverable_low, step.recoverable_high
    return Finding(
        id=f"{KIND}-{'-'.join(part or 'none' for part in step.name)}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{named}: {whole(won)} hours to win. {whole(step.cases)} tickets spent "
            f"{duration(step.mean or 0.0)} there on average, where {percentile} in 100 needed "
            f"{duration(step.achievable or 0.0)} or less."
        ),
        size=won,
        unit="hours",
        interval=None if low is None or high is None else (low, high),
        n=step.cases,
        method=METHOD,
        evidence=evidence,
        worth_hours=won,
        caveats=(
            "Elapsed hours, nights and weekends included.",
            "What the fastest cases take is what is achievable for all only where the work is "
            "alike: compare like with like by a filter.",
            "Hours of waiting are not hours of work: winning them makes tickets quicker, "
            "not the team larger.",
        ),
        examples=tuple(each.key for each in step.longest),
    )
