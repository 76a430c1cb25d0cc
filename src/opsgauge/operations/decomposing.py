"""Why a number changed between two periods: by other work, and by the same work done otherwise.

Floor 5. What is split is measured as every other number is; the arithmetic is
`analysis.comparison.mix_and_rate`. Only shares and means can be split so that the parts add up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from opsgauge.analysis.comparison.mix_and_rate import Cell, Decomposed, Segment, decompose
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MINUS, amount, durations
from opsgauge.log.periods import dates_of, label_of, previous_label
from opsgauge.metrics.behind import SPLIT
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Provenance, iso
from opsgauge.operations.context import Context
from opsgauge.operations.events import Happening, happened_in
from opsgauge.operations.measure import measure
from opsgauge.operations.within_normal import ChartVerdict, chart_verdicts, verdicts_sentence

SHARE, MEAN = "share", "mean"
USUAL_PERIOD = "month"
SHOWN = 10  # of the largest effect, the part that still shows
Days = tuple[date, date]  # the first and the last, both included


@dataclass(frozen=True)
class Change:
    """A metric in two stretches of days, and what its change is made of."""

    before: Measured
    after: Measured
    by: tuple[str, ...]
    then: Days
    now: Days
    found: Decomposed
    caveats: tuple[str, ...]
    provenance: Provenance
    happened: tuple[Happening, ...] = ()
    charts: tuple[ChartVerdict, ...] = ()  # what they say of the later stretch

    def happened_from(self, first: date, last: date) -> tuple[Happening, ...]:
        """Return what happened from one day to another, oldest first."""
        return tuple(each for each in self.happened if first <= each.on <= last)

    @property
    def unit(self) -> str:
        """The unit of the values and of their parts."""
        return self.after.unit

    @property
    def statistic(self) -> str:
        """What the values are: a share or a mean."""
        return self.after.statistic

    def sentence(self) -> str:
        """Say how much it changed, and how much of that is mix."""
        found = self.found
        title = self.after.title
        if self.statistic != SHARE:
            title = f"{title}, on average ({self.statistic}),"
        if found.change == 0:
            return f"{title} did not change"
        way = "rose" if found.change > 0 else "fell"
        dims = " and ".join(self.by)
        begin, end, mix, rate = self._in_one_unit()
        return (
            f"{title} {way} from {begin} to {end}: {mix} since the mix of {dims} is another, "
            f"{rate} within them"
        )

    def _in_one_unit(self) -> list[str]:
        """Return the values before and after, mix and rate, as one sentence may hold them."""
        found, unit = self.found, self.unit
        if unit != "hours":
            ends = [amount(each, unit) for each in (found.before, found.after)]
            return [*ends, *(size_words(each, unit) for each in (found.mix, found.rate))]
        values = (found.before, found.after, found.mix, found.rate)
        written = durations(values, like=values[:2])
        signs = ("", "", *("+" if each >= 0 else "" for each in values[2:]))
        return [f"{sign}{each}" for sign, each in zip(signs, written, strict=True)]

    def columns(self) -> list[list[str]]:
        """Return each effect's value before and after, mix, rate and total; then those of all.

        Values are in the unit of the whole, effects in one of their own, so that they can be read
        from row to row and added up.
        """
        every, found = self.found.effects, self.found
        ends = [(each.before, each.after) for each in every]
        values = [cell.value for pair in ends for cell in pair if cell.n and cell.value is not None]
        all_ends = [found.before, found.after]
        sizes = [size for each in every for size in (each.mix, each.rate, each.total)]
        sizes += [found.mix, found.rate, found.change]
        values += all_ends
        told = iter(
            durations(values, like=all_ends)
            if self.unit == "hours"
            else [amount(each, self.unit) for each in values]
        )
        rows = [
            [next(told) if cell.n and cell.value is not None else "none" for cell in pair]
            for pair in ends
        ]
        effects = sizes_words(sizes, self.unit)
        rows.append(list(told))
        return [[*row, *effects[3 * at : 3 * at + 3]] for at, row in enumerate(rows)]

    def chart_sentence(self) -> str:
        """Say whether the later stretch is within what is normal by the metric's chart."""
        return verdicts_sentence(self.charts) or (
            "No chart judges these days as one period, so whether it is chance is not said."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.after.metric,
            "unit": self.unit,
            "statistic": self.statistic,
            "data_version": self.provenance.data_version,
            "definition": self.after.provenance.definition,
            "data_as_of": iso(self.provenance.data_as_of),
            "by": list(self.by),
            "before": {"from": self.then[0].isoformat(), "to": self.then[1].isoformat()},
            "after": {"from": self.now[0].isoformat(), "to": self.now[1].isoformat()},
            "value_before": self.found.before,
            "value_after": self.found.after,
            "change": self.found.change,
            "mix": self.found.mix,
            "rate": self.found.rate,
            "sentence": self.sentence(),
            "chart": [dict(vars(each)) for each in self.charts],
            "chart_sentence": self.chart_sentence(),
            "rows": [
                {
                    "by": dict(zip(self.by, each.segment, strict=True)),
                    "n_before": each.before.n,
                    "n_after": each.after.n,
                    "value_before": each.before.value,
                    "value_after": each.after.value,
                    "share_before": each.share_before,
                    "share_after": each.share_after,
                    "mix": each.mix,
                    "rate": each.rate,
                    "total": each.total,
                }
                for each in self.found.effects
            ],
            "events": [each.as_json() for each in self.happened],
            "caveats": list(self.caveats),
            "suspect": list(self.after.suspect),
        }


def size_words(size: float, unit: str) -> str:
    """Return a difference with its sign; of shares in points.

    Examples
    --------
    >>> size_words(-0.021, "share"), size_words(1.5, "hours"), size_words(-0.0001, "share")
    ('−2.1 points', '+1.5 h', '0.0 points')
    """
    sign = "+" if size >= 0 else MINUS
    if unit == SHARE:
        points = f"{abs(size) * 100:.1f}"
        return f"{sign if float(points) else ''}{points} points"
    return f"{sign}{amount(abs(size), unit)}"


def sizes_words(sizes: Sequence[float], unit: str) -> list[str]:
    """Return differences with their signs, all in one unit; of hours one that shows a tenth of the
    largest.

    Examples
    --------
    >>> sizes_words([2.1, -0.01, 1.0], "hours"), sizes_words([0.1, -0.02], "share")
    (['+126 min', '−1 min', '+60 min'], ['+10.0 points', '−2.0 points'])
    """
    if unit != "hours":
        return [size_words(each, unit) for each in sizes]
    largest = max(map(abs, sizes), default=0.0)
    written = durations([abs(each) for each in sizes], like=[largest / SHOWN])
    signs = ["+" if each >= 0 else MINUS for each in sizes]
    return [
        f"{sign if any(digit in text for digit in '123456789') else ''}{text}"
        for sign, text in zip(signs, written, strict=True)
    ]


def why_changed(ctx: Context, question: Question, then: Days | None = None) -> Change:
    """Split the change of a metric between two stretches of days; needs `metric:read`.

    Parameters
    ----------
    question : with the dimensions that tell work from work; between the dates of the later
        stretch, or without them over the newest whole month
    then : the earlier stretch; None: as many days before the later one, or the month before

    Raises
    ------
    QueryWrong : it splits by nothing, or the metric has neither a share nor a mean
    """
    if not question.by:
        raise QueryWrong(
            "What tells work from work is not said.", hint="Name dimensions: --by priority"
        )
    metric = ctx.catalogue.get(question.metric)
    statistic = _statistic(metric)
    ctx = ctx.holding()
    now, then = _stretches(ctx, question, then)
    answers = [
        measure(
            ctx,
            Question(
                metric.name,
                None if statistic == SHARE else statistic,
                by=question.by,
                where=question.where,
                from_=first,
                to=last,
            ),
        )
        for first, last in (then, now)
    ]
    cells = [_cells(each) for each in answers]
    held = any(row.suppressed for each in answers for row in each.rows)
    caveats = dict.fromkeys(caveat for each in answers for caveat in each.caveats)
    if held:
        caveats["Segments of few records are withheld, and left out of both periods."] = None
    return Change(
        before=answers[0],
        after=answers[1],
        by=answers[1].by,
        then=then,
        now=now,
        found=decompose(*cells),
        caveats=tuple(caveats),
        provenance=ctx.provenance(),
        charts=chart_verdicts(
            ctx,
            metric.name,
            tuple(dict.fromkeys((statistic, metric.statistics[0]))),
            question.where,
            now,
        ),
        happened=happened_in(ctx, answers[1], min(then[0], now[0]), max(then[1], now[1])),
    )


def _statistic(metric: Metric) -> str:
    if metric.definition.unit == SHARE and metric.kind in SPLIT:
        return SHARE
    if MEAN in metric.statistics:
        return MEAN
    raise QueryWrong(
        f"{metric.definition.title} is neither a share of records nor does it have a mean, so its "
        "change cannot be split into parts that add up.",
        hint="Choose a metric in percent or in hours: opsgauge metrics list",
    )


def _cells(measured: Measured) -> dict[Segment, Cell]:
    return {
        tuple(row.by[name] for name in measured.by): Cell(row.n, row.value)
        for row in measured.rows
        if row.n and row.value is not None and not row.suppressed
    }


def _stretches(ctx: Context, question: Question, then: Days | None) -> tuple[Days, Days]:
    if (question.from_ is None) != (question.to is None):
        raise QueryWrong("The later stretch needs a first and a last day.")
    if question.from_ is None or question.to is None:
        opened = ctx.opened()
        label = previous_label(label_of(opened.periods.date_of(opened.watermark), USUAL_PERIOD))
        return dates_of(label), then or dates_of(previous_label(label))
    now = (question.from_, question.to)
    if now[1] < now[0]:
        raise QueryWrong(f"{now[1]} lies before {now[0]}.")
    if then is None:
        days = now[1] - now[0] + timedelta(days=1)
        then = (now[0] - days, now[1] - days)
    if then[1] < then[0]:
        raise QueryWrong(f"{then[1]} lies before {then[0]}.")
    return now, then


def stretch(words: Sequence[date | None]) -> Days | None:
    """Return two days as a stretch; None where neither is said.

    Raises
    ------
    QueryWrong : only one of them is
    """
    first, last = words
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise QueryWrong("The earlier stretch needs a first and a last day.")
    return first, last
