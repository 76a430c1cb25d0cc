"""Benchmarks beside one's own baseline: loaded from a table, told with what differs, never instead.

Floor 5. The records are `governance.benchmarks`. No number of one's own is made of them, and where
one has a baseline of one's own it comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.foundation.errors import FileUnreadable, did_you_mean
from opsgauge.foundation.units import amount
from opsgauge.governance import benchmarks as kept
from opsgauge.governance.baselines import Baseline, baselines
from opsgauge.governance.benchmarks import Benchmark
from opsgauge.metrics.metric import Metric
from opsgauge.operations.context import Context
from opsgauge.operations.looked import PRACTICE
from opsgauge.operations.reached import sees

NO_BASELINE = "No baseline of one’s own is signed yet; freeze one before comparing."


@dataclass(frozen=True)
class Beside:
    """A benchmark beside one's own baseline.

    Attributes
    ----------
    own : the signed baseline; None where there is none, or its records are not all seen
    """

    benchmark: Benchmark
    title: str
    unit: str
    own: Baseline | None

    def sentence(self) -> str:
        """Say it in words: one's own first, then the others, then what differs."""
        one = self.benchmark
        own = NO_BASELINE
        if self.own is not None:
            of = ", ".join(each.sentence() for each in self.own.series.segment)
            centre = amount(self.own.numbers["centre"], self.unit)
            own = f"Own baseline {centre}{f' ({of})' if of else ''}."
        return (
            f"{own} {one.peer_group}, percentile {one.percentile:g}: "
            f"{amount(one.value, self.unit)} ({one.source}, {one.day}). "
            f"Differs: {one.differences.rstrip('.')}."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        own = self.own
        return {
            **self.benchmark.as_json(),
            "title": self.title,
            "unit": self.unit,
            "own": {"baseline": own.number, "centre": own.numbers["centre"]} if own else None,
            "sentence": self.sentence(),
        }


def load_benchmarks(ctx: Context, content: bytes, name: str = "the table") -> list[Benchmark]:
    """Load a CSV of benchmarks; needs `benchmark:load`.

    Raises
    ------
    FileUnreadable : naming the line and what is wrong with it; nothing of it is taken then
    """
    ctx.require(kept.LOAD)
    found = kept.read_benchmarks(content, name)
    named = [_named(ctx, each, f"{name}, line {line}") for line, each in found]
    return kept.keep_benchmarks(ctx.database, ctx.clock, ctx.actor, named)


def end_benchmark(ctx: Context, number: int, why: str) -> Benchmark:
    """Let a benchmark count no more; needs `benchmark:load`."""
    ctx.require(kept.LOAD)
    return kept.end_benchmark(ctx.database, ctx.clock, ctx.actor, number, why)


def benchmarks_beside(ctx: Context, metric: str | None = None) -> list[Beside]:
    """Return the benchmarks that count, each beside one's own baseline; needs `baseline:read`."""
    ctx.require("baseline:read")
    known = {each.name: each for each in ctx.catalogue}
    own = [each for each in baselines(ctx.database, metric) if each.signed and _of_all(ctx, each)]
    return [
        Beside(each, about.title, about.unit, _own(own, each, known[each.metric]))
        for each in kept.benchmarks(ctx.database, metric)
        if each.metric in known and (about := known[each.metric].definition)
    ]


def _of_all(ctx: Context, baseline: Baseline) -> bool:
    """Say whether it is of all tickets, or of all of a practice."""
    segment = baseline.series.segment
    return all(each.column == PRACTICE for each in segment) and sees(ctx, segment)


def _own(own: Sequence[Baseline], benchmark: Benchmark, metric: Metric) -> Baseline | None:
    """Return one's own baseline of the benchmark's statistic: of all tickets, else of a practice.

    Of several the newest.
    """
    statistic = benchmark.statistic or next(iter(metric.statistics), "")
    found = [
        each
        for each in own
        if each.series.metric == metric.name and each.series.statistic == statistic
    ]
    whole = [each for each in found if not each.series.segment]
    return next(reversed(whole or found), None)


def _named(ctx: Context, wanted: Benchmark, where: str) -> Benchmark:
    known = {each.name: each for each in ctx.catalogue}
    metric = known.get(wanted.metric)
    if metric is None:
        raise FileUnreadable(
            f"{where}: there is no metric {wanted.metric[:60]!r} in the catalogue.",
            hint=did_you_mean(wanted.metric[:60], known),
        )
    if wanted.statistic and wanted.statistic not in metric.statistics:
        raise FileUnreadable(
            f"{where}: {metric.name} has no statistic {wanted.statistic[:60]!r}.",
            hint=did_you_mean(wanted.statistic[:60], metric.statistics),
        )
    if metric.definition.unit == "share" and not 0 <= wanted.value <= 1:
        raise FileUnreadable(
            f"{where}: a share lies between 0 and 1, and here is {wanted.value:g}.",
            hint="Write 95 percent as 0.95.",
        )
    usual = next(iter(metric.statistics), "")
    return replace(wanted, statistic=wanted.statistic or usual)
