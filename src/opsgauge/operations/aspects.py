"""The score card of a practice: which aspect which metric tells of, and the three that need more.

Floor 5. Consistency, repeatability and scalability are worked out from the practice's own times,
repeatability over teams and over shifts; a score card lacks an aspect only where neither a metric
nor these tell of it.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any

from opsgauge.analysis.aspects.consistency import Consistency, consistency
from opsgauge.analysis.aspects.crossed import Crossed, Part, crossed
from opsgauge.analysis.aspects.groups import Group, group_rows, groups_of
from opsgauge.analysis.aspects.repeatability import Repeatability, repeatability
from opsgauge.analysis.aspects.scalability import Scalability, scalability
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, TooFewPoints, did_you_mean
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import dates_of, labels_between
from opsgauge.metrics.behind import records_split
from opsgauge.metrics.grouping_files import load_groupings
from opsgauge.metrics.groupings import HOUR, Banded, built_in
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.subject import TICKETS_SUBJECT
from opsgauge.operations import fitting
from opsgauge.operations.answers import Provenance
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plain
from opsgauge.operations.gate import let_through
from opsgauge.operations.grouped import grouped
from opsgauge.operations.measure import chart, measure, must_have_columns
from opsgauge.operations.small_teams import is_of_few

TIME, LOAD = "time_to_resolve", "backlog"
TYPE, ACROSS, GRAIN = "category", "team", "week"
OWN_SHIFT, SHIFT = "work_shift", "opened_work_shift"  # the workspace's, and what is there without
REPEATABILITY, OVER_SHIFTS = "repeatability", "over_shifts"
LIKELY = 0.05  # what comes of chance as often as that may be chance
Steadiness = Consistency | Repeatability | Scalability | Crossed


@dataclass(frozen=True)
class Compared:
    """What of a practice is compared.

    Attributes
    ----------
    metric : a metric of tickets in hours
    type : what makes work alike: a dimension of tickets, a level or a band
    across : whose work is compared: the same, never a person
    shift : bands of hours; "" for those called `work_shift` in the workspace, else three of eight
        hours, by the moment of opening
    """

    metric: str = TIME
    type: str = TYPE
    across: str = ACROSS
    shift: str = ""


USUAL = Compared()
ASSUMED = "early from 6, late from 14, night from 22, taken for the usual ones"


@dataclass(frozen=True)
class ScoreCard:
    """What is known of each aspect of a practice.

    Attributes
    ----------
    metrics : of each aspect, the metrics that tell of it
    gaps : the aspects that nothing tells of
    special_causes, periods : weeks of the time's chart that break a rule, of how many; None for no
        chart
    sentences : of each of the three, what was found, or why nothing was
    """

    practice: str
    metric: str
    type: str
    across: str
    shift: str
    metrics: dict[str, list[str]]
    gaps: tuple[str, ...]
    provenance: Provenance
    suspect: tuple[str, ...]
    found: dict[str, Steadiness] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    special_causes: int | None = None
    periods: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "practice": self.practice,
            "metric": self.metric,
            "type": self.type,
            "across": self.across,
            "shift": self.shift,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "aspects": self.metrics,
            "gaps": list(self.gaps),
            "special_causes": self.special_causes,
            "periods": self.periods,
            "sentences": self.sentences,
            **{name: _published(self.found.get(name)) for name in ASPECTS},
        }


def score_card(ctx: Context, practice: str, compared: Compared = USUAL) -> ScoreCard:
    """Return the score card of a practice with its consistency, repeatability and scalability.

    Needs `metric:read` and `chart:read`.

    Raises
    ------
    UnknownColumn, UnknownMetric, PersonSplit, QueryWrong : it cannot be asked
    GroupingWrong : a file of the workspace does not fit its format
    ColumnsMissing : the records lack what the metric needs
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    there = fitting.gaps(ctx.catalogue, practice)
    timed = ctx.catalogue.get(compared.metric)
    if timed.definition.unit != "hours" or not timed.subject.is_tickets or timed.parts:
        raise QueryWrong(
            f"{timed.name} is no time of tickets.", hint=f"Choose one in hours, such as {TIME}."
        )
    shift = _shift(ctx, compared.shift)
    where = (Condition(fitting.PRACTICE, (practice,)),)
    by = (compared.type, compared.across)
    asked, by_shift = (
        check_question(timed, grouped(ctx, Question(timed.name, by=each, where=where)))
        for each in (by, (*by, shift.name))
    )
    must_have_columns(ctx, timed)
    groups = _groups(ctx, asked)
    charted = _chart(ctx, replace(asked, by=(), groupings=(), period=GRAIN))
    card = ScoreCard(
        practice=practice,
        metric=timed.name,
        type=compared.type,
        across=compared.across,
        shift=shift.name,
        metrics=there["aspects"],
        gaps=(),
        provenance=ctx.provenance(timed.definition_hash),
        suspect=let_through(ctx, (*timed.columns, *by, *shift.columns)),
        special_causes=sum(bool(p.signals) for p in charted.points) if charted else None,
        periods=sum(p.complete and p.value is not None for p in charted.points) if charted else 0,
    )
    tried: dict[str, Callable[[], Steadiness]] = {
        "consistency": lambda: _named(ctx, asked, consistency(groups)),
        REPEATABILITY: lambda: repeatability(groups),
        OVER_SHIFTS: lambda: crossed(_groups(ctx, by_shift)),
        "scalability": lambda: _scalability(ctx, charted, where),
    }
    return _with_findings(card, tried, there["gaps"])


def _named(ctx: Context, asked: Question, found: Consistency) -> Consistency:
    """Name only types that are no team of few people; of what all differ by, they are a part."""
    of = asked.by[0]
    named = tuple(
        each for each in found.segments if not is_of_few(ctx, of, each.name, question=asked)
    )
    return replace(found, segments=named, withheld=len(found.segments) - len(named))


def _shift(ctx: Context, name: str) -> Banded:
    """Return the shifts that are compared.

    Raises
    ------
    QueryWrong : the name is not one of bands of hours
    """
    own = load_groupings(ctx.workspace.path).by_name()
    name = name or (OWN_SHIFT if OWN_SHIFT in own else SHIFT)
    found = own.get(name) or built_in(name, TICKETS_SUBJECT)
    if not isinstance(found, Banded) or found.kind != HOUR:
        hours = [each.name for each in own.values() if isinstance(each, Banded)]
        hint = did_you_mean(name, [*hours, SHIFT, "resolved_work_shift", "opened_hour"])
        raise QueryWrong(f"{name!r} is no shift: it is not made of hours of the day.", hint=hint)
    return found


def _with_findings(
    card: ScoreCard, tried: dict[str, Callable[[], Steadiness]], lacking: list[str]
) -> ScoreCard:
    found: dict[str, Steadiness] = {}
    sentences: dict[str, str] = {}
    for name, work_out in tried.items():
        try:
            found[name] = work_out()
        except TooFewPoints as few:
            sentences[name] = f"{few.message} {few.hint}".strip()
        else:
            sentences[name] = SENTENCES[name](card, found[name])
    over = sentences.pop(OVER_SHIFTS)
    sentences[REPEATABILITY] = f"{sentences[REPEATABILITY]} {over}"
    gaps = tuple(aspect for aspect in lacking if aspect not in found)
    return replace(card, found=found, sentences=sentences, gaps=gaps)


def _groups(ctx: Context, asked: Question) -> tuple[Group, ...]:
    """Return the practice's tickets by type and group, and by shift where that is asked."""
    opened, metric = ctx.opened(), ctx.catalogue.get(asked.metric)

    def counted() -> tuple[Group, ...]:
        records = records_split(metric, asked, ctx.tables, opened.periods, opened.watermark)
        return groups_of(opened.engine.run(group_rows(records, *asked.by)))

    return opened.once(("aspects", metric.definition_hash, asked, ctx.scope), counted)


def _chart(ctx: Context, question: Question) -> Charted | None:
    try:
        return chart(ctx, question)
    except TooFewPoints:
        return None


def _scalability(
    ctx: Context, charted: Charted | None, where: tuple[Condition, ...]
) -> Scalability:
    """Compare each whole week's time with what lay open when it began."""
    if charted is None:
        return scalability(())
    open_then = measure(ctx, Question(LOAD, where=where, period=GRAIN))
    loads = {row.period: row.value for row in open_then.rows}
    if not loads:
        return scalability(())
    first, last = (dates_of(label)[0] for label in (min(loads), max(loads)))
    before = {later: label for label, later in pairwise(labels_between(first, last, GRAIN))}
    return scalability(
        [
            (loads.get(before.get(point.period, "")), point.value)
            for point in charted.points
            if point.complete
        ]
    )


def _consistent(card: ScoreCard, found: Consistency) -> str:
    weeks = (
        f"; {card.special_causes} of {card.periods} weeks break a rule of the chart"
        if card.special_causes is not None
        else ""
    )
    kinds = len(found.segments) + found.withheld
    gone = f" {found.withheld} of them are teams of few people, withheld." if found.withheld else ""
    return (
        f"Within one {plain(card.type)}, times spread by {percent(found.variation, 0)} of their "
        f"mean ({whole(found.n)} tickets of {kinds} kinds){weeks}.{gone}"
    )


def _repeatable(card: ScoreCard, found: Repeatability) -> str:
    return (
        f"Of what varies within one {plain(card.type)}, {percent(found.share, 0)} "
        f"({percent(found.low, 0)} to {percent(found.high, 0)}) lies between one "
        f"{plain(card.across)} and another: a slow one takes {found.factor:.2f} times as long as "
        f"the middle one."
    )


def _over_shifts(card: ScoreCard, found: Crossed) -> str:
    def told(part: Part, words: str) -> str:
        sure = ", which may be chance" if part.variance and part.chance >= LIKELY else ""
        return f"{percent(part.share, 0)} {words}{sure}"

    across = plain(card.across)
    parts = (
        told(found.teams, f"between one {across} and another"),
        told(found.shifts, "between one shift and another"),
        told(found.both, f"in what one {across} has in one shift and not in another"),
    )
    return f"With shifts ({_hours_of(card)}): {'; '.join(parts)}."


def _hours_of(card: ScoreCard) -> str:
    """Say which shifts those are, where nobody said it."""
    return f"{plain(card.shift)}: {ASSUMED}" if card.shift == SHIFT else plain(card.shift)


def _scalable(_: ScoreCard, found: Scalability) -> str:
    ends = (found.low, found.high)
    side = "longer" if found.slope >= 0 else "shorter"
    sure = "" if ends[0] > 0 or ends[1] < 0 else ", which may be chance"
    low, high = (percent(1.1**end - 1) for end in ends)
    return (
        f"With a tenth more open at its beginning, a week's usual time is "
        f"{percent(abs(found.for_a_tenth_more))} {side} ({low} to {high}; {found.n} weeks){sure}."
    )


SENTENCES: dict[str, Callable[[ScoreCard, Any], str]] = {
    "consistency": _consistent,
    REPEATABILITY: _repeatable,
    OVER_SHIFTS: _over_shifts,
    "scalability": _scalable,
}
ASPECTS = tuple(SENTENCES)


def _published(found: Steadiness | None) -> dict[str, Any] | None:
    if found is None:
        return None
    if isinstance(found, Crossed):
        return asdict(found)
    told = dict(vars(found))
    if isinstance(found, Consistency):
        told["segments"] = [dict(vars(each)) for each in found.segments]
    if isinstance(found, Scalability):
        told["for_a_tenth_more"] = found.for_a_tenth_more
    return told
