"""Audit exceptions over time: what share of tickets breaks each rule, charted by period.

Floor 5. The verdicts are those of `rules.py`, ticket by ticket, so the periods of a rule add up to
its numbers. Each series is judged on a p chart: its limits are as wide as chance between so many
tickets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.analysis.conformance.over_time import (
    OF_ANY,
    of_any,
    period_counts,
    together,
    verdict_rows,
)
from opsgauge.analysis.control_charts.chart import Chart, JudgedPoint
from opsgauge.analysis.control_charts.chart import Point as ChartedPoint
from opsgauge.analysis.control_charts.chooser import Data
from opsgauge.foundation.errors import QueryWrong, TooFewPoints, did_you_mean
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import GRAINS, dates_of, labels_between
from opsgauge.metrics.intervals import wilson
from opsgauge.metrics.policies.rule import Rule
from opsgauge.metrics.series import Point
from opsgauge.operations.answers import Provenance
from opsgauge.operations.charted import begun_before
from opsgauge.operations.charting import Charting, judge
from opsgauge.operations.conformance.rules import (
    ACTION,
    EVERY_NUMBER,
    columns_of,
    rows_of,
    rule_of,
    rules_of,
    state_of,
    tables_for,
)
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import not_there_words
from opsgauge.operations.withheld import withheld

CHART = Charting("p")
MOST_UNDECIDED = 0.05  # of a period's tickets; with more its share may still change
UNSETTLED = (
    "A ticket stands in the period in which it was opened. A period in which more than "
    f"{percent(MOST_UNDECIDED, 0)} of the tickets are not decided yet is shown and not judged."
)
ANY_TITLE = "Any rule"


@dataclass(frozen=True)
class Asked:
    """Of which rules (none: all), by which period."""

    grain: str = "month"
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exceptions:
    """The tickets opened in one period, and how many of them break a rule.

    Attributes
    ----------
    n : judged; of these, `broken` without and `excepted` with an exception on record
    undecided : that the rule applies to and may still go either way; not among n
    whole : whether its share is settled: it is over, and few tickets are undecided
    suppressed : whether it is withheld, being of too few tickets
    signals : the rules of the chart that it breaks; `verdict` better, worse or steady
    """

    period: str
    n: int = 0
    broken: int = 0
    excepted: int = 0
    undecided: int = 0
    whole: bool = True
    suppressed: bool = False
    signals: tuple[str, ...] = ()
    verdict: str = "steady"

    @property
    def share(self) -> float | None:
        """The share of the judged tickets that break it."""
        return self.broken / self.n if self.n else None

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """Where the share lies, 95 %."""
        return wilson(self.broken, self.n)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        low, high = self.interval
        return {
            **vars(self),
            "share": self.share,
            "low": low,
            "high": high,
            "signals": list(self.signals),
        }


@dataclass(frozen=True)
class Series:
    """One rule over time, or any of them together.

    Attributes
    ----------
    rule : None for any
    chart : None where too few periods can be judged; `why` says so, or why it is this chart
    """

    rule: Rule | None
    rows: tuple[Exceptions, ...]
    chart: Chart | None = None
    why: str = ""

    @property
    def name(self) -> str:
        """The rule's name; empty for any."""
        return self.rule.name if self.rule else OF_ANY

    @property
    def title(self) -> str:
        """What it is called."""
        return self.rule.title if self.rule else ANY_TITLE

    @property
    def newest(self) -> Exceptions | None:
        """The newest period whose share is settled."""
        settled = [each for each in self.rows if each.whole and each.n and not each.suppressed]
        return settled[-1] if settled else None

    def sentence(self) -> str:
        """Say how the newest period was, and whether that is usual."""
        newest = self.newest
        if newest is None:
            return "No period is settled yet."
        told = (
            f"{percent(newest.share or 0.0)} of {whole(newest.n)} judged tickets opened in "
            f"{newest.period} break {'it' if self.rule else 'a rule'}"
        )
        if self.chart is None:
            return f"{told}."
        usual = percent(self.chart.limits.centre)
        words = {"worse": "more than", "better": "less than"}.get(newest.verdict)
        return f"{told}, {words} is usual ({usual})." if words else f"{told}; usual is {usual}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        limits = self.chart.limits if self.chart else None
        return {
            "rule": self.name,
            "title": self.title,
            "owner": self.rule.owner if self.rule else "",
            "hash": self.rule.hash if self.rule else "",
            "sentence": self.sentence(),
            "chart": self.chart.kind if self.chart else None,
            "centre": limits.centre if limits else None,
            "lower": limits.lower if limits else None,
            "upper": limits.upper if limits else None,
            "why": self.why,
            "rows": [each.as_json() for each in self.rows],
        }


@dataclass(frozen=True)
class OverTime:
    """Exceptions to rules by period: any rule first, where there are several."""

    grain: str
    series: tuple[Series, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def signals(self) -> bool:
        """Whether any newest settled period stands out."""
        return any(each.newest is not None and each.newest.signals for each in self.series)

    def sentence(self) -> str:
        """Say it in one sentence."""
        if not self.series:
            return "No rule is written yet"
        first = self.series[0]
        told = first.sentence().removesuffix(".")
        return f"{first.title}: {told}" if first.rule else told

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "period": self.grain,
            "sentence": f"{self.sentence()}.",
            "series": [each.as_json() for each in self.series],
            "suspect": list(self.suspect),
            "notes": list(self.notes),
        }


def exceptions(ctx: Context, asked: Asked, chosen: Selection | None = None) -> OverTime:
    """Return what share of the tickets chosen breaks each rule, by the period of their opening.

    Needs `conformance:read`.

    Raises
    ------
    QueryWrong : there is no such period
    UnknownName, RuleWrong : there is no such rule, or a file of rules does not fit
    """
    ctx.require(ACTION)
    if asked.grain not in GRAINS:
        raise QueryWrong(
            f"There is no period {asked.grain!r}.", hint=did_you_mean(asked.grain, GRAINS)
        )
    ctx = ctx.holding().leaving_out(EVERY_NUMBER)
    for name in asked.rules:
        rule_of(ctx, name)
    rules = [each for each in rules_of(ctx) if not asked.rules or each.name in asked.rules]
    states = [state_of(ctx, each, chosen) for each in rules]
    told = tuple(each.rule for each in states if not each.why_not)
    key = ("exceptions over time", ctx.scope, asked.grain, told, chosen)
    return OverTime(
        asked.grain,
        ctx.opened().once(key, lambda: _series(ctx, told, asked.grain, chosen)),
        ctx.provenance(),
        let_through(ctx, columns_of(rules)) if rules else (),
        (
            *((UNSETTLED,) if told else ()),
            *(f"{each.rule.title}: {each.why_not}" for each in states if each.why_not),
            *(not_there_words(ctx, chosen.where) if chosen else ()),
        ),
    )


def _series(
    ctx: Context, rules: Sequence[Rule], grain: str, chosen: Selection | None
) -> tuple[Series, ...]:
    if not rules:
        return ()
    bucket_us = ctx.opened().periods.bucket_us
    verdicts = together(
        [
            verdict_rows(
                rows_of(ctx, rule, tables_for(ctx, rule, chosen)), rule.name, grain, bucket_us
            )
            for rule in rules
        ]
    )
    run = ctx.opened().engine.run
    rows = run(period_counts(verdicts)).to_pylist()
    if len(rules) > 1:
        rows = [*run(period_counts(of_any(verdicts))).to_pylist(), *rows]
    hidden = _hidden(ctx, rows)
    by_rule: dict[str, dict[str, Exceptions]] = {}
    for row in rows:
        made = _made(row, (row["label"], row["rule"]) in hidden)
        by_rule.setdefault(row["rule"], {})[row["label"]] = made
    every: list[Rule | None] = [None, *rules] if len(rules) > 1 else [*rules]
    return tuple(
        _judged(ctx, each, grain, by_rule.get(each.name if each else OF_ANY, {})) for each in every
    )


def _made(row: Mapping[str, Any], hidden: bool) -> Exceptions:
    if hidden:
        return Exceptions(row["label"], suppressed=True)
    n, broken, excepted, undecided = (
        int(row[name]) for name in ("n", "broken", "excepted", "undecided")
    )
    settled = undecided <= MOST_UNDECIDED * (n + undecided)
    return Exceptions(row["label"], n, broken, excepted, undecided, settled)


def _hidden(ctx: Context, rows: Sequence[Mapping[str, Any]]) -> frozenset[tuple[str | None, ...]]:
    points = [Point(row["label"], {"rule": row["rule"]}, int(row["n"]), None) for row in rows]
    return withheld(points, ctx.workspace.settings.suppress_below, adds_over_time=True)


def _judged(ctx: Context, rule: Rule | None, grain: str, found: Mapping[str, Exceptions]) -> Series:
    """Return a series without gaps, judged on its chart."""
    opened = ctx.opened()
    now, early = (
        opened.periods.label_at(opened.watermark, grain),
        begun_before(opened.periods, grain),
    )
    labels = (
        labels_between(dates_of(min(found))[0], dates_of(max(found))[1], grain) if found else ()
    )
    rows = [found.get(label, Exceptions(label)) for label in labels]
    rows = [replace(each, whole=each.whole and early < each.period < now) for each in rows]
    points = [
        ChartedPoint(
            each.period,
            None if each.suppressed else each.share,
            each.n,
            complete=each.whole and not each.suppressed,
            numerator=float(each.broken),
            denominator=float(each.n),
        )
        for each in rows
    ]
    try:
        chart, why = judge(points, "lower", Data.SHARE, CHART)
    except TooFewPoints as few:
        return Series(rule, tuple(rows), None, few.message)
    pairs = zip(rows, chart.points, strict=True)
    return Series(rule, tuple(_told(each, point) for each, point in pairs), chart, why)


def _told(each: Exceptions, point: JudgedPoint) -> Exceptions:
    return replace(each, signals=tuple(point.signals), verdict=point.verdict)
