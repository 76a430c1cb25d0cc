"""A month on one page: how the work ran, what is news, what was promised, found and decided.

Floor 5. Every number is that of the metric's own page; months are judged together, as Home judges
weeks. What was promised is told as it stood when the month ended, what was found of the tickets
opened in it; what can only be told of now, the data's quality and what became of a signal, says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from opsgauge.foundation.agreed import Condition, Rules
from opsgauge.foundation.errors import (
    ColumnsMissing,
    NumbersWithheld,
    ObjectiveWrong,
    QueryWrong,
    TooFewPoints,
)
from opsgauge.foundation.finding import Finding
from opsgauge.governance.access import decide
from opsgauge.log.checks.score import Score
from opsgauge.log.periods import dates_of, grain_of, label_of, labels_between, previous_label
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured, Provenance, Value, enough, iso
from opsgauge.operations.asking import written
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.check import check
from opsgauge.operations.choices import practices
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plural
from opsgauge.operations.find import find
from opsgauge.operations.flow import Selection
from opsgauge.operations.found import published_finding
from opsgauge.operations.home import FIRST_CARDS
from opsgauge.operations.home_words import OPENED, RESOLVED
from opsgauge.operations.looked import PRACTICE, STOCKS, of_one_practice, settled
from opsgauge.operations.meant import meant
from opsgauge.operations.measure import measure
from opsgauge.operations.objectives import ObjectiveState, objectives, together
from opsgauge.operations.phrases import noun, when
from opsgauge.operations.signals import Line, inbox
from opsgauge.operations.standing import Candidate, ChartKey, Standing, level_verdict, standings
from opsgauge.operations.targets import TargetState, target_states

MONTH = "month"
MONTHS = 24  # of each chart
FLOW = (OPENED, RESOLVED, "backlog")
MOST_FINDINGS = 3
FEW_MONTHS = 24  # before so many are judged, a month beyond all others may be chance or no chance
WIDE = 0.5  # of the centre, that limits reach to a side
SAID = {"worse": "Worse", "better": "Better", "change": "Changed", "steady": "As usual"}
NEWS = ("worse", "better", "change")
TOO_FEW = "too few months to tell"


@dataclass(frozen=True)
class MonthLine:
    """One metric in the month.

    Attributes
    ----------
    value, before, year_before : in the month, in the one before, and in the same of last year
    verdict : "better", "worse" or "change" where it is news among all lines, else "steady"; ""
        where it is not judged
    words : why it is not judged, "" where it is
    """

    metric: str
    title: str
    unit: str
    good: str
    measured: Measured | None
    charted: Charted | None
    value: Value | None
    before: Value | None
    year_before: Value | None
    verdict: str = ""
    words: str = ""

    @property
    def said(self) -> str:
        """What is said of it, the same words everywhere."""
        return SAID[self.verdict] if self.verdict else self.words

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.metric,
            "title": self.title,
            "unit": self.unit,
            "good": self.good,
            "value": self.value.value if self.value else None,
            "n": self.value.n if self.value else 0,
            "before": self.before.value if self.before else None,
            "year_before": self.year_before.value if self.year_before else None,
            "verdict": self.verdict,
            "words": self.words,
            "said": self.said,
        }


@dataclass(frozen=True)
class Month:
    """A month on one page.

    Attributes
    ----------
    where : the tickets that it is about
    targets, objectives : as they stood when it ended
    signals : first seen in a period that ended in it, each as it stands now
    findings : of the tickets opened in it
    score : of the data as they are now
    """

    label: str
    where: tuple[Condition, ...]
    lines: tuple[MonthLine, ...]
    judged: int
    targets: tuple[TargetState, ...]
    objectives: tuple[ObjectiveState, ...]
    signals: tuple[Line, ...]
    findings: tuple[Finding, ...]
    score: Score
    provenance: Provenance

    def sentence(self) -> str:
        """Say in one sentence what is news, and which objectives were missed."""
        told = self._of_metrics()
        if not self.objectives:
            return told
        aims = together(self.objectives)
        return f"{told}; {aims[:1].lower()}{aims[1:]}"

    @property
    def which(self) -> str:
        """The tickets that it is about, in words."""
        kinds = next((each.values for each in self.where if each.column == PRACTICE), ())
        named = " and ".join(plural(noun([each or ""])) for each in kinds)
        rest = [each.sentence() for each in self.where if each.column != PRACTICE]
        return f"{named or 'all tickets'}{', where ' if rest else ''}{', '.join(rest)}"

    @property
    def found_in(self) -> str:
        """Of which tickets its findings tell, in words."""
        return f"{self.which} opened {when(self.label)}"

    def _of_metrics(self) -> str:
        counts = {word: sum(each.verdict == word for each in self.lines) for word in NEWS}
        few = sum(each.words.endswith(TOO_FEW) for each in self.lines)
        open_ = f"; for {few} there are {TOO_FEW}" if few else ""
        if not self.judged:
            return f"nothing can be judged yet{open_}"
        told = [
            f"{count} {'changed' if word == 'change' else word}"
            for word, count in counts.items()
            if count
        ]
        if not told:
            return f"nothing left its usual course, of {self.judged} metrics{open_}"
        return f"{' and '.join(told)}, of {self.judged} metrics{open_}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "month": self.label,
            "where": [written(each) for each in self.where],
            "which": self.which,
            "data_version": self.provenance.data_version,
            "data_as_of": iso(self.provenance.data_as_of),
            "sentence": self.sentence(),
            "judged": self.judged,
            "metrics": [each.as_json() for each in self.lines],
            "targets": [each.as_json() for each in self.targets],
            "objectives": [each.as_json() for each in self.objectives],
            "signals": [each.as_json() for each in self.signals],
            "findings": [published_finding(each) for each in self.findings],
            "score": self.score.value,
        }


def month(ctx: Context, label: str = "", where: tuple[Condition, ...] = ()) -> Month:
    """Return a month on one page; the newest that is over where none is named.

    Needs `metric:read`, `chart:read` and `check:read`; what else the actor may not read is left
    out.

    Raises
    ------
    QueryWrong : it is no month, or lies outside the records
    """
    for action in ("metric:read", "chart:read", "check:read"):
        ctx.require(action)
    ctx = ctx.holding()
    where = of_one_practice(meant(ctx, where), practices(ctx))
    label = _label(ctx, label)
    first, last = dates_of(label)
    lines = _lines(ctx, label, where)
    may = {name: decide(ctx.actor, f"{name}:read").allowed for name in ("target", "finding")}
    return Month(
        label=label,
        where=where,
        lines=lines,
        judged=sum(bool(each.verdict) for each in lines),
        targets=_targets(ctx, last, where) if may["target"] else (),
        objectives=_objectives(ctx, last, where),
        signals=_signals(ctx, label, where),
        findings=_findings(ctx, Selection(where, first, last)) if may["finding"] else (),
        score=check(ctx).score,
        provenance=ctx.provenance(),
    )


def months(ctx: Context) -> list[str]:
    """Return the months of the records that are over, the newest first; needs `metric:read`."""
    ctx.require("metric:read")
    opened = ctx.opened()
    first, last = (opened.periods.date_of(at) for at in (opened.periods.first, opened.watermark))
    return labels_between(first, last, MONTH)[:-1][::-1]


def _label(ctx: Context, label: str) -> str:
    known = months(ctx)
    if not known:
        raise QueryWrong("No month of the records is over yet.")
    if not label:
        return known[0]
    if grain_of(label) != MONTH:
        raise QueryWrong(f"{label!r} is no month.", hint="Write it as 2026-03.")
    if label not in known:
        raise QueryWrong(
            f"{label} is no month of the records that is over.",
            hint=f"They go from {known[-1]} to {known[0]}.",
        )
    return label


def _lines(ctx: Context, label: str, where: tuple[Condition, ...]) -> tuple[MonthLine, ...]:
    names = [*FLOW, *(name for name in FIRST_CARDS if name not in FLOW)]
    known = [ctx.catalogue.metrics[name] for name in names if name in ctx.catalogue.metrics]
    made = [_line(ctx, each.name, label, where) for each in known]
    there = [each for each in made if each is not None]
    judged = standings(_candidates(ctx, there, label))
    return tuple(_judged(each, judged, label) for each in there)


def _line(ctx: Context, name: str, label: str, where: tuple[Condition, ...]) -> MonthLine | None:
    metric = ctx.catalogue.get(name)
    plain = metric.definition
    first, last = dates_of(label)
    begin = dates_of(label_of(first - timedelta(days=31 * (MONTHS - 1)), MONTH))[0]
    line = MonthLine(name, plain.title, plain.unit, plain.good, None, None, None, None, None)
    try:
        found = measure(ctx, Question(name, where=where, period=MONTH, from_=begin, to=last))
    except (ColumnsMissing, QueryWrong):
        return None
    if found.suspect:
        return replace(line, measured=found, words="withheld, since a check fails")
    rows = {row.period: row for row in found.rows if not row.suppressed}
    line = replace(
        line,
        measured=found,
        value=rows.get(label),
        before=rows.get(previous_label(label)),
        year_before=rows.get(f"{int(label[:4]) - 1}{label[4:]}"),
    )
    try:
        return replace(line, charted=charted(ctx, found))
    except (TooFewPoints, NumbersWithheld):
        return replace(line, words="too few months for limits")


def _candidates(
    ctx: Context, lines: Sequence[MonthLine], label: str
) -> Mapping[ChartKey, Candidate]:
    found: dict[ChartKey, Candidate] = {}
    last = dates_of(label)[1]
    for each in lines:
        metric = ctx.catalogue.get(each.metric)
        points = each.charted.points if each.charted else ()
        point = next((one for one in points if one.period == label), None)
        if each.charted is None or point is None or not point.judged or point.value is None:
            continue
        if enough(each.unit, point.n) and settled(ctx, metric, last):
            found[each.metric, ()] = Candidate(each.charted, point, metric.kind in STOCKS)
    return found


def _judged(line: MonthLine, judged: Mapping[ChartKey, Standing], label: str) -> MonthLine:
    standing = judged.get((line.metric, ()))
    if standing is None:
        unsettled = (
            "" if line.words or line.value is None else "its newest tickets are on their way"
        )
        return replace(line, words=line.words or unsettled)
    if standing.is_news:
        return replace(line, verdict=level_verdict(standing.shift, line.good))
    few = untold(line, label)
    return replace(line, words=few) if few else replace(line, verdict="steady")


def untold(line: MonthLine, label: str) -> str:
    """Say why a month is not called usual though it is no news: too few months are there to tell.

    It is beyond all before it, or off its centre within limits so wide that it may double there.
    """
    points = line.charted.points if line.charted else ()
    values = [each.value for each in points if each.judged and each.period <= label]
    known = [each for each in values if each is not None]
    if line.value is None or line.value.value is None or len(known) >= FEW_MONTHS:
        return ""
    value, others = line.value.value, known[:-1]
    if others and not min(others) <= value <= max(others):
        end = "highest" if value > max(others) else "lowest"
        return f"the {end} of {len(known)}, {TOO_FEW}"
    return f"wide limits, {TOO_FEW}" if _is_lost_in_its_limits(line.charted, value) else ""


def _is_lost_in_its_limits(chart: Charted | None, value: float) -> bool:
    """Say whether limits are too wide to say anything of a value that is off their centre."""
    if chart is None:
        return False
    reach = chart.upper - chart.centre
    return reach > WIDE * abs(chart.centre) and abs(value - chart.centre) > reach / 3


def _targets(ctx: Context, last: date, where: Rules) -> tuple[TargetState, ...]:
    return tuple(
        each
        for each in target_states(ctx, until=last)
        if _concerns(ctx, each.target.metric, each.target.segment, where)
    )


def _objectives(ctx: Context, last: date, where: Rules) -> tuple[ObjectiveState, ...]:
    try:
        states = objectives(ctx, last).states
    except ObjectiveWrong:
        return ()  # the page of objectives says what is wrong
    return tuple(
        each
        for each in states
        if _concerns(ctx, each.objective.metric, each.objective.where, where)
    )


def _concerns(ctx: Context, name: str, rules: Rules, where: Rules) -> bool:
    """Say whether a metric, of the tickets of some rules, may tell of the practices of a page."""
    asked = _practices(where)
    metric = ctx.catalogue.metrics.get(name)
    made_for = set(metric.definition.meant_for) if metric else set()
    return all(not asked or not other or asked & other for other in (_practices(rules), made_for))


def _practices(rules: Rules) -> set[str | None]:
    return {value for each in rules if each.column == PRACTICE for value in each.values}


def _findings(ctx: Context, chosen: Selection) -> tuple[Finding, ...]:
    """Return what the tickets opened in the month show, and what the records lack of its days."""
    first, last = chosen.from_, chosen.to
    return tuple(
        each
        for each in find(ctx, chosen).findings
        if each.within is None
        or (first and last and each.within[0] <= last and each.within[1] >= first)
    )[:MOST_FINDINGS]


def _signals(ctx: Context, label: str, where: Rules) -> tuple[Line, ...]:
    """Return the signals of periods that ended in the month."""
    if not decide(ctx.actor, "signal:read").allowed:
        return ()
    return tuple(
        each
        for each in inbox(ctx).lines
        if label_of(dates_of(each.signal.first.period)[1], MONTH) == label
        and _concerns(ctx, each.signal.series.metric, each.signal.series.segment, where)
    )
