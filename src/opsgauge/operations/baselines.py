"""Baselines: frozen, signed by two, objected to, and shown with what came after.

Floor 5. The records are `governance.baselines`. A baseline says how things were; what they should
come to is a target, which somebody sets. Neither becomes the other by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.analysis.baselines.frozen import Frozen, frozen
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.foundation.agreed import AgreedPhases, Series
from opsgauge.foundation.errors import Misuse, QueryWrong
from opsgauge.foundation.units import amount
from opsgauge.governance import baselines as kept
from opsgauge.governance.access import LOCAL
from opsgauge.governance.baselines import OWNER, Baseline, Voice, same_person
from opsgauge.governance.phases import limits_of
from opsgauge.log.periods import dates_of, label_of, labels_between, previous_label
from opsgauge.operations.agreed_phases import phases_of
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.baseline_numbers import behind_numbers
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted_with
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import rule_words
from opsgauge.operations.gate import refuse_withheld
from opsgauge.operations.looked import settled
from opsgauge.operations.measure import measure
from opsgauge.operations.reached import must_reach, sees
from opsgauge.operations.which_chart import (
    named_series,
    period_named,
    question_of,
    same_series,
)

ON_THE_WAY = "Its newest tickets are still on their way, so its last values may change."
USUAL_PERIODS = 20  # of a baseline where nobody says from when to when
NO_TARGET = (
    "A baseline says how things were. It is no target: what they should come to, somebody sets "
    "under targets."
)


@dataclass(frozen=True)
class Freezing:
    """What is to be frozen.

    Attributes
    ----------
    from_, to : first and last period, as label or as a day in it; "": the newest twenty that are
        over, and lie in the newest phase of the chart
    accept : why it is taken although it is not stable
    """

    series: Series
    from_: str = ""
    to: str = ""
    accept: str = ""


@dataclass(frozen=True)
class BaselineState:
    """A baseline with what came after it.

    Attributes
    ----------
    charted : the series since its first period, judged by its limits; None where `why_not`
    """

    baseline: Baseline
    title: str
    unit: str
    charted: Charted | None = None
    why_not: str = ""

    def sentence(self) -> str:
        """Say it in words."""
        numbers, series = self.baseline.numbers, self.baseline.series
        centre, lower, upper = (amount(numbers[n], self.unit) for n in ("centre", "lower", "upper"))
        return (
            f"Centre {centre}, limits {lower} to {upper}: {numbers['periods']} {series.period}s "
            f"from {self.baseline.first} to {self.baseline.last}, n {numbers['n']:,}."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **self.baseline.as_json(),
            "title": self.title,
            "unit": self.unit,
            "sentence": self.sentence(),
            "is_target": False,
            "chart": self.charted.as_json() if self.charted else None,
            "why_not": self.why_not or None,
        }


def freeze(ctx: Context, wanted: Freezing) -> Baseline:
    """Freeze the numbers of a series; needs `baseline:freeze` for the records of its segment.

    Raises
    ------
    UnknownMetric, UnknownColumn : it names what is not there
    TooFewPoints : fewer than twelve of its periods have a value
    NumbersWithheld, QueryWrong : its data are suspect, it is not stable and no reason is given, its
        periods are not over, or a rebase lies between them
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(kept.FREEZE)
    ctx = ctx.holding()
    series = named_series(ctx, wanted.series)
    must_reach(ctx, kept.FREEZE, "freeze baselines", series.segment)
    labels = _stretch(ctx, series, wanted)
    first, last = (dates_of(labels[at]) for at in (0, -1))
    question = replace(question_of(series), from_=first[0], to=last[1])
    measured = measure(ctx, question)
    refuse_withheld(ctx, measured.suspect)
    if measured.suspect:
        raise QueryWrong(
            "A check fails on which these numbers stand, so they are not frozen.",
            hint="See opsgauge check.",
        )
    agreed = phases_of(ctx, measured)
    found = frozen(
        _points(measured, labels), measured.good, dict(agreed.left_out if agreed else ())
    )
    _must_be_stable(found, series, wanted.accept)
    numbers = {
        **found.as_json(),
        **behind_numbers(ctx, replace(question, period="all"), labels),
        "warnings": [*found.warnings, *([] if _settled(ctx, series, labels[-1]) else [ON_THE_WAY])],
        "unit": measured.unit,
        "exclusions": [each.number for each in measured.left_out],
    }
    made = Baseline(
        *(series, labels[0], labels[-1], numbers),
        measured.provenance.data_version,
        measured.provenance.definition,
        accepted_why="" if found.stable else wanted.accept,
    )
    return kept.freeze(ctx.database, ctx.clock, ctx.actor, made)


def sign(ctx: Context, number: int, part: str, person: str = "") -> Baseline:
    """Sign a baseline as `owner` or `frontline`; needs `baseline:own` or `baseline:sign` for it.

    Parameters
    ----------
    person : where nobody signs in, who signs; the record says that they were named. Who is signed
        in signs for themselves alone.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it stands no more, is signed in that part, or by one who may not sign it
    NotAllowed : its segment reaches beyond the actor's records
    """
    action = kept.OWN if part == OWNER else kept.SIGN
    ctx.require(action)
    if part not in kept.SIGNATURES:
        raise QueryWrong(f"Nobody signs as {part[:40]!r}.", hint="Sign as owner or frontline.")
    voice = _voice(ctx, action, number, part, person)
    return kept.sign(ctx.database, ctx.clock, ctx.actor, voice)


def object_to(ctx: Context, number: int, why: str, person: str = "") -> Baseline:
    """Say what is wrong with a baseline; needs `baseline:sign` for the records of its segment.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it stands no more, or nothing is said
    NotAllowed : its segment reaches beyond the actor's records
    """
    voice = _voice(ctx, kept.SIGN, number, kept.OBJECTION, person)
    return kept.object_to(ctx.database, ctx.clock, ctx.actor, replace(voice, why=why))


def baseline_states(
    ctx: Context, metric: str | None = None, ended: bool = False
) -> list[BaselineState]:
    """Return the baselines of segments one sees, newest first; needs `baseline:read`.

    Parameters
    ----------
    ended : also those that were superseded
    """
    ctx.require("baseline:read")
    every = kept.baselines(ctx.database, metric, ended)
    return [_state(ctx, each) for each in reversed(every) if sees(ctx, each.series.segment)]


def baseline_state(ctx: Context, number: int) -> BaselineState:
    """Return one baseline with what came after it; needs `baseline:read`.

    Raises
    ------
    UnknownRecord : there is none of that number
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require("baseline:read")
    found = kept.baseline_of(ctx.database, number)
    if not sees(ctx, found.series.segment):
        must_reach(ctx, "baseline:read", "see baselines", found.series.segment)
    return _state(ctx, found)


def summary(found: Sequence[Baseline]) -> str:
    """Say how many baselines stand, and how many wait for a signature.

    Examples
    --------
    >>> summary([])
    'No baseline is frozen'
    """
    standing = [each for each in found if each.ended_at is None]
    if not standing:
        return "No baseline is frozen"
    signed = sum(each.signed for each in standing)
    waiting = len(standing) - signed
    parts = [f"{signed} signed"] if signed else []
    parts += [f"{waiting} provisional"] if waiting else []
    return f"{len(standing)} baseline{'s' if len(standing) > 1 else ''}: {', '.join(parts)}"


def _stretch(ctx: Context, series: Series, wanted: Freezing) -> list[str]:
    """Return the labels of the periods to freeze: over, whole, of one phase of the chart."""
    opened = ctx.opened()
    newest = previous_label(opened.periods.label_at(opened.watermark, series.period))
    begin = opened.periods.date_of(opened.periods.first)
    earliest = label_of(begin, series.period)
    last = period_named(ctx, series, wanted.to) if wanted.to.strip() else newest
    while not wanted.to.strip() and not _settled(ctx, series, last):
        last = previous_label(last)
    if last > newest:
        raise QueryWrong(f"{last} is not over.", hint=f"Freeze until {newest}, the newest that is.")
    rebased = next((e.rebased for e in ctx.phases if same_series(e.series, series)), ())
    begun = max([at for at in rebased if at <= last], default=earliest)
    if wanted.from_.strip():
        first = period_named(ctx, series, wanted.from_)
    else:
        every = labels_between(dates_of(max(begun, earliest))[0], dates_of(last)[1], series.period)
        whole = [each for each in every if dates_of(each)[0] >= begin]
        first = (whole or every)[-USUAL_PERIODS:][0]
    if first > last:
        raise QueryWrong(f"from {first} lies after to {last}.")
    if dates_of(first)[0] < begin:
        raise QueryWrong(f"{first} began before the records did, so it is not whole.")
    between = [at for at in rebased if first < at <= last]
    if between:
        raise QueryWrong(
            f"The chart begins anew with {between[-1]}, so one baseline cannot hold both sides.",
            hint=f"Freeze from {between[-1]} on, or until the period before it.",
        )
    return labels_between(dates_of(first)[0], dates_of(last)[1], series.period)


def _settled(ctx: Context, series: Series, label: str) -> bool:
    return settled(ctx, ctx.catalogue.get(series.metric), dates_of(label)[1])


def _points(measured: Measured, labels: Sequence[str]) -> list[Point]:
    """Return a point for each period; one without a value is a gap."""
    rows: dict[str, Value] = {row.period: row for row in measured.rows}
    return [
        Point(label, rows[label].value, rows[label].n) if label in rows else Point(label, None, 0)
        for label in labels
    ]


def _must_be_stable(found: Frozen, series: Series, accept: str) -> None:
    if found.stable or accept.strip():
        return
    broken = "; ".join(
        f"{period} ({', '.join(map(rule_words, rules))})"
        for period, rules in list(found.special_causes.items())[:5]
    )
    many = len(found.special_causes)
    raise QueryWrong(
        f"{many} {series.period}{'s break' if many > 1 else ' breaks'} a rule of the chart, so "
        f"this is no steady process: {broken}.",
        hint="Find the cause and exclude the point with it, take another stretch, or say why it is "
        "taken all the same: in Why on the page, with --accept on the command line, as accept in "
        "the API.",
    )


def _voice(ctx: Context, action: str, number: int, part: str, person: str) -> Voice:
    ctx.require(action)
    found = kept.baseline_of(ctx.database, number)
    must_reach(ctx, action, "sign baselines", found.series.segment)
    if ctx.actor == LOCAL:
        return Voice(number, part, person, signed_in=False)
    if person.strip() and not same_person(person, ctx.actor.name):
        raise QueryWrong(
            f"{ctx.actor.name} is signed in, and cannot sign for {person.strip()}.",
            hint="Each person signs in and signs for themselves.",
        )
    return Voice(number, part, ctx.actor.name, signed_in=True)


def _state(ctx: Context, found: Baseline) -> BaselineState:
    """Return a baseline, with its chart while it stands."""
    known = {each.name: each.definition for each in ctx.catalogue}
    about = known.get(found.series.metric)
    unit = str(found.numbers.get("unit", ""))
    if about is None:
        why = "The catalogue has no such metric any more."
        return BaselineState(found, found.series.metric, unit, None, why)
    state = BaselineState(found, about.title, about.unit)
    if found.ended_at is not None:
        return replace(state, why_not="Another one has taken its place.")
    asked = replace(question_of(found.series), from_=dates_of(found.first)[0])
    try:
        measured = measure(ctx, asked)
        if measured.suspect:
            return replace(state, why_not="A check fails on which its series stands.")
        agreed = phases_of(ctx, measured) or AgreedPhases(found.series)
        ours = replace(agreed, frozen=(limits_of(found),), rebased=_later(agreed, found))
        return replace(state, charted=charted_with(ctx, measured, ours))
    except Misuse as wrong:  # such as a column that a later export lacks
        return replace(state, why_not=wrong.message)


def _later(agreed: AgreedPhases, found: Baseline) -> tuple[str, ...]:
    return tuple(at for at in agreed.rebased if at > found.first)
