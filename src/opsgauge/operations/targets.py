"""Targets of metrics: set, ended, and how each is doing.

Floor 5. The records are `governance.targets`; how a target is doing is said from its own series,
measured as every other number is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from opsgauge.analysis.targets.outlook import Outlook, State, outlook
from opsgauge.foundation.agreed import Target
from opsgauge.foundation.errors import Misuse, QueryWrong, did_you_mean
from opsgauge.foundation.units import amount
from opsgauge.governance import targets as kept
from opsgauge.governance.rules import plain as plain_rules
from opsgauge.log.periods import GRAINS, dates_of, label_of, labels_between, previous_label
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.answers import Measured
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped
from opsgauge.operations.measure import measure
from opsgauge.operations.reached import must_reach, sees

PERIODS = ("week", "month", "quarter")
FORMS = ("number", "percent")
BASELINE_PERIODS = 12  # before its first day, from which a target in percent starts
A_DAY = timedelta(days=1)
MISSED = (State.OFF_TRACK, State.NOT_MET)
UNSAID = (State.TOO_EARLY, State.NO_DATA)


@dataclass(frozen=True)
class TargetState:
    """A target and how it is doing.

    Attributes
    ----------
    review_period : the period that is judged at the review; "" without a review
    periods : the whole periods since it began
    why_not : why its series cannot be measured; "" where it can
    series : each of these periods with its value, None where it has none
    suspect : ids of failed critical checks that touch the series
    """

    target: Target
    title: str
    unit: str
    good: str
    outlook: Outlook
    review_period: str
    periods: int
    why_not: str = ""
    series: tuple[tuple[str, float | None], ...] = ()
    suspect: tuple[str, ...] = ()

    def aim(self) -> str:
        """Say what is to be reached."""
        return aim_words(self.target, self.unit, self.good)

    def sentence(self) -> str:
        """Say it in words."""
        found, aim = self.outlook, self.aim()
        if self.why_not:
            return f"Aim: {aim}. {self.why_not}"
        if found.state is State.NO_DATA:
            since = self.target.from_day
            return f"Aim: {aim}. No whole {self.target.period} since {since} has a value."
        value = amount(found.value, self.unit) if found.value is not None else "nothing yet"
        if found.forecast is None or found.low is None or found.high is None:
            return f"Aim: {aim}. The newest {self.target.period}: {value}."
        expected, low, high = (
            amount(possible(each, self.unit), self.unit)
            for each in (found.forecast, found.low, found.high)
        )
        return (
            f"Aim: {aim}. The newest {self.target.period}: {value}. Expected in "
            f"{self.review_period}: {expected} ({low} to {high}, 80 %)."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        found = self.outlook
        return {
            **self.target.as_json(),
            "title": self.title,
            "unit": self.unit,
            "good": self.good,
            "state": str(found.state),
            "newest": found.value,
            "forecast": found.forecast,
            "low": found.low,
            "high": found.high,
            "n": found.n,
            "review_period": self.review_period or None,
            "series": [{"period": period, "value": value} for period, value in self.series],
            "suspect": list(self.suspect),
            "sentence": self.sentence(),
        }


def aim_words(target: Target, unit: str, good: str) -> str:
    """Say what a target wants of a metric of this unit and direction.

    Examples
    --------
    >>> from datetime import date
    >>> day = date(2026, 1, 5)
    >>> aim = Target("time_to_resolve", "", (), "week", "number", 8.0, None, day, None, "Why.")
    >>> aim_words(aim, "hours", "lower"), aim_words(aim, "hours", "higher")
    ('at most 8.0 h', 'at least 8.0 h')
    """
    end = "at most" if good == "lower" else "at least"
    return f"{end} {amount(target.goal, unit)}"


def possible(value: float, unit: str) -> float:
    """Return the nearest value that a metric of this unit can have, for saying what is expected.

    Examples
    --------
    >>> possible(-0.01, "share"), possible(1.2, "share"), possible(-3, "hours")
    (0.0, 1.0, 0.0)
    >>> possible(-3, "points")
    -3
    """
    if unit in ("points", "score", "money"):
        return value
    return min(max(value, 0.0), 1.0) if unit == "share" else max(value, 0.0)


def summary(states: Sequence[TargetState]) -> str:
    """Say in one sentence how all targets are doing.

    Examples
    --------
    >>> summary([])
    'No target is set'
    """
    if not states:
        return "No target is set"
    missed = sum(each.outlook.state in MISSED for each in states)
    many = f"{len(states)} targets" if len(states) > 1 else "The one target"
    if not missed:
        early = sum(each.outlook.state in UNSAID for each in states)
        if early == len(states):
            return f"{many}: too early to say"
        return f"{many}: none is off track"
    if len(states) == 1:
        return f"{many} is {states[0].outlook.state}"
    are = "is" if missed == 1 else "are"
    return f"{missed} of {many} {are} off track or not met"


def of_series(targets: Iterable[Target], measured: Measured) -> Target | None:
    """Return the target by which a series is judged: of its segment, statistic and period."""
    same = (measured.metric, measured.statistic, measured.period)
    segment = plain_rules(measured.where)
    for each in targets:
        if (each.metric, each.statistic, each.period) == same and (
            plain_rules(each.segment) == segment
        ):
            return each
    return None


def set_target(ctx: Context, target: Target) -> Target:
    """Set a target; needs `target:set` for the records of its segment.

    Of a target in percent the baseline is measured here: the value over the twelve periods before
    its first day.

    Raises
    ------
    UnknownMetric, UnknownColumn : it names what is not there
    QueryWrong : the metric has no better direction, or its numbers or days cannot be
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(kept.SET)
    metric = ctx.catalogue.get(target.metric)
    if metric.definition.good not in ("lower", "higher"):
        raise QueryWrong(
            f"{metric.definition.title} has no direction that is better, so it can have no target.",
            hint="Set one for a metric whose good is lower or higher.",
        )
    for word, known in ((target.period, PERIODS), (target.form, FORMS)):
        if word not in known:
            raise QueryWrong(f"A target has no {word!r}.", hint=did_you_mean(word, known))
    if GRAINS.index(target.period) < GRAINS.index(metric.finest):
        raise QueryWrong(f"{metric.definition.title} is of a {metric.finest} at least.")
    question = check_question(metric, grouped(ctx, _question(target)))
    target = replace(target, statistic=question.statistic or "", segment=question.where)
    must_reach(ctx, kept.SET, "set targets", target.segment)
    if target.form == "percent":
        target = replace(target, baseline=_baseline(ctx, target))
    if metric.definition.unit == "share" and not 0 <= target.goal <= 1:
        raise QueryWrong(
            f"A share lies between 0 and 1, and this target would be {target.goal:g}.",
            hint="Write 95 percent as 0.95 or as 95%.",
        )
    return kept.set_target(ctx.database, ctx.clock, ctx.actor, target)


def end_target(ctx: Context, number: int, why: str) -> Target:
    """End a target; needs `target:set` for the records of its segment."""
    ctx.require(kept.SET)
    found = next((each for each in kept.targets(ctx.database) if each.number == number), None)
    if found is not None:
        must_reach(ctx, kept.SET, "set targets", found.segment)
    return kept.end_target(ctx.database, ctx.clock, ctx.actor, number, why)


def target_states(
    ctx: Context, metric: str | None = None, until: date | None = None
) -> list[TargetState]:
    """Return how every target is doing, or those of a metric; needs `target:read`.

    To whom some records are hidden, a target is shown where all of its records are seen.

    Parameters
    ----------
    until : the last local day that counts, of the targets that began by then; None: of all,
        whatever the records tell
    """
    ctx.require("target:read")
    known = {each.name for each in ctx.catalogue}
    return [
        _state(ctx, each, until)
        for each in kept.targets(ctx.database, metric)
        if each.metric in known
        and sees(ctx, each.segment)
        and (until is None or each.from_day <= until)
    ]


def target_history(ctx: Context, metric: str | None = None) -> list[Target]:
    """Return every target that ever stood, oldest first; needs `target:read`."""
    ctx.require("target:read")
    every = kept.targets(ctx.database, metric, ended=True)
    return [each for each in every if sees(ctx, each.segment)]


def _question(target: Target) -> Question:
    return Question(
        target.metric, target.statistic or None, where=target.segment, period=target.period
    )


def _baseline(ctx: Context, target: Target) -> float:
    """Return the value over the periods before a target begins."""
    last = target.from_day - A_DAY
    label = label_of(last, target.period)
    for _ in range(BASELINE_PERIODS - 1):
        label = previous_label(label)
    asked = replace(_question(target), period="all", from_=dates_of(label)[0], to=last)
    rows = measure(ctx, asked).rows
    if not rows or rows[0].value is None:
        raise QueryWrong(
            f"There is no value before {target.from_day} to start from.",
            hint="Name the target itself, or a later first day.",
        )
    if rows[0].value == 0:
        raise QueryWrong(
            f"Before {target.from_day} the value was 0, of which every percentage is 0.",
            hint="Name the target itself.",
        )
    return rows[0].value


def _state(ctx: Context, target: Target, until: date | None) -> TargetState:
    plain = ctx.catalogue.get(target.metric).definition
    labels, review, over, ahead = _judged(ctx, target, until)
    values: Sequence[float | None] = ()
    suspect: tuple[str, ...] = ()
    why_not = ""
    if labels:
        asked = replace(_question(target), from_=dates_of(labels[0])[0], to=dates_of(labels[-1])[1])
        try:
            measured = measure(ctx, asked)
            found, suspect = {row.period: row.value for row in measured.rows}, measured.suspect
            values = [found.get(label) for label in labels]
        except Misuse as wrong:  # such as a column that a later export lacks
            why_not = wrong.message
    found_state = outlook(values, target.goal, plain.good, ahead, over)
    return TargetState(
        *(target, plain.title, plain.unit, plain.good, found_state, review, len(labels), why_not),
        series=tuple(zip(labels, values, strict=False)),
        suspect=suspect,
    )


def _judged(
    ctx: Context, target: Target, until: date | None
) -> tuple[list[str], str, bool, int | None]:
    """Return the whole periods to judge, the one of the review, whether that is over, how far."""
    opened, grain = ctx.opened(), target.period
    first = dates_of(label_of(target.from_day, grain))[0]
    if first < target.from_day:  # it begins within a period: the next is the first whole one
        first = dates_of(label_of(target.from_day, grain))[1] + A_DAY
    today = opened.periods.date_of(opened.watermark)
    today = today if until is None else min(today, until + A_DAY)
    newest = previous_label(label_of(today, grain))
    review, ahead = "", None
    if target.review_day is not None:
        review = previous_label(label_of(target.review_day + A_DAY, grain))
    over = bool(review) and review <= newest
    last = review if over else newest
    end = dates_of(last)[1]
    labels = labels_between(first, end, grain) if first <= end else []
    if review and not over:
        ahead = len(labels_between(end + A_DAY, dates_of(review)[1], grain))
    return labels, review, over, ahead
