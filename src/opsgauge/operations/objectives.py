"""Service level objectives: how much of each error budget is spent, and how fast it burns.

Floor 5. The definitions are `metrics.objectives`, the arithmetic `analysis.promises.error_budget`;
what is counted is measured as every other number is, so that an objective cannot say another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from opsgauge.analysis.promises.error_budget import (
    Budget,
    BurnRate,
    Counted,
    burn_limit,
    burn_rate,
)
from opsgauge.foundation.errors import ObjectiveWrong, OpsgaugeError, UnknownName, did_you_mean
from opsgauge.foundation.units import percent, whole
from opsgauge.log.periods import start_of_day
from opsgauge.metrics.behind import SPLIT
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.objectives import Objective, days_of, load_objectives
from opsgauge.operations.answers import Provenance, iso
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.objective_counts import counted_by_day, counted_by_hour
from opsgauge.operations.service_hours import ServiceHours, service_hours

A_DAY, AN_INSTANT = timedelta(days=1), timedelta(microseconds=1)
HOURS_A_DAY = 24
MOST_NAMED = 3  # of the objectives that burn or are spent, in one sentence
LOOKS_BACK_DAYS = 60  # for the service hours of the longest burn


class State(StrEnum):
    """How an objective is doing."""

    WITHIN = "within budget"
    BURNING = "burning"
    SPENT = "budget spent"
    NO_DATA = "no data"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True)
class ObjectiveState:
    """One objective, and how it is doing.

    Attributes
    ----------
    from_, to : the days of its window, both included
    budget : with the tickets of maintenance left out
    whole : with them; None where there is no maintenance in the window
    all_hours : with what came in outside the objective's hours; None where it has none
    open_hours : of its window, where it counts within the hours of a calendar
    burns : how fast the budget is being spent, by window
    left_by_day : the share of the budget left at the end of each day, the newest last
    why_not : why it cannot be told; "" where it can
    """

    objective: Objective
    metric_title: str
    from_: date
    to: date
    state: State
    budget: Budget
    whole: Budget | None = None
    all_hours: Budget | None = None
    open_hours: int = 0
    burns: tuple[BurnRate, ...] = ()
    left_by_day: tuple[float | None, ...] = ()
    why_not: str = ""
    suspect: tuple[str, ...] = ()

    @property
    def day_labels(self) -> tuple[str, ...]:
        """The days of `left_by_day`."""
        return tuple((self.from_ + at * A_DAY).isoformat() for at in range(len(self.left_by_day)))

    @property
    def maintenance(self) -> tuple[str, ...]:
        """Why tickets of the window are left out."""
        return tuple(
            each.words()
            for each in self.objective.maintenance
            if each.from_ <= self.to and each.to >= self.from_
        )

    def sentence(self) -> str:
        """Say it in words.

        Of the records, how many were good; how much of the budget is spent; how fast it goes.
        """
        one, counted = self.objective, self.budget.counted
        aim = f"{percent(one.share)} over {one.window_words()}"
        if self.why_not:
            return f"{aim}: {self.why_not}"
        if self.budget.spent is None or counted.good_share is None:
            return f"{aim}: nothing to count from {self.from_} to {self.to}."
        parts = [
            f"{aim}: {percent(counted.good_share)} of {whole(counted.total)} were good.",
            f"{percent(self.budget.spent, 0)} of the budget is spent",
        ]
        if self.budget.elapsed < 1:
            parts.append(f"after {percent(self.budget.elapsed, 0)} of the {one.grain}")
        burning = [each for each in self.burns if each.is_burning(one.fewest_bad)]
        told = " ".join(parts) + "."
        for each in burning[:1]:
            told += (
                f" In the last {_hours(each.hours)} it burned {each.long:.1f} times too fast, "
                f"where {each.limit:.1f} is told."
            )
        return told

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        one = self.objective
        return {
            "id": one.name,
            "title": one.title,
            "metric": one.metric,
            "where": [written(each) for each in one.where],
            "objective": one.share,
            "window": one.window_words(),
            "from": self.from_.isoformat(),
            "to": self.to.isoformat(),
            "state": str(self.state),
            **_budget(self.budget),
            "with_maintenance": _budget(self.whole) if self.whole else None,
            "maintenance": list(self.maintenance),
            "hours": one.hours or None,
            "open_hours": self.open_hours or None,
            "at_all_hours": _budget(self.all_hours) if self.all_hours else None,
            "burns": [
                {
                    "hours": each.hours,
                    "limit": each.limit,
                    "long": each.long,
                    "short": each.short,
                    "bad": each.bad,
                    "burning": each.is_burning(one.fewest_bad),
                }
                for each in self.burns
            ],
            "decision": one.decision,
            "sentence": self.sentence(),
            "suspect": list(self.suspect),
        }


@dataclass(frozen=True)
class Objectives:
    """Every objective of a workspace."""

    states: tuple[ObjectiveState, ...]
    provenance: Provenance

    def sentence(self) -> str:
        """Say in one sentence how all of them are doing."""
        return together(self.states)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "data_as_of": iso(self.provenance.data_as_of),
            "objectives": [each.as_json() for each in self.states],
        }


def together(states: Sequence[ObjectiveState]) -> str:
    """Say in one sentence how some objectives are doing, and which of them burn or are spent.

    Examples
    --------
    >>> together([])
    'No service level objective is defined'
    """
    if not states:
        return "No service level objective is defined"
    many = len(states)
    bad = [each for each in states if each.state in (State.BURNING, State.SPENT)]
    all_ = "The one objective" if many == 1 else f"All {many} objectives"
    if not bad:
        known = any(each.state is State.WITHIN for each in states)
        return f"{all_}: within budget" if known else f"{all_}: nothing can be told"
    named = [f"‘{each.objective.title}’, {each.state}" for each in bad[:MOST_NAMED]]
    named += [f"{len(bad) - MOST_NAMED} more"] if len(bad) > MOST_NAMED else []
    if many == 1:
        return f"{all_}, {named[0]}"
    return (
        f"{len(bad)} of {many} objectives {'is' if len(bad) == 1 else 'are'} burning or spent: "
        + ("; ".join(named))
    )


def objectives(ctx: Context, until: date | None = None) -> Objectives:
    """Return how every service level objective is doing; needs `metric:read`.

    Parameters
    ----------
    until : the last local day that counts; None: that of the newest record

    Raises
    ------
    ObjectiveWrong : a file of them does not fit, or names what is not there
    """
    ctx.require("metric:read")
    ctx = ctx.holding()
    every = load_objectives(ctx.workspace.path)
    return Objectives(tuple(_state(ctx, each, until) for each in every), ctx.provenance())


def objective(ctx: Context, name: str) -> ObjectiveState:
    """Return how one objective is doing; needs `metric:read`.

    Raises
    ------
    UnknownName : there is none of that name
    """
    found = {each.objective.name: each for each in objectives(ctx).states}
    if name not in found:
        raise UnknownName(
            f"There is no service level objective {name!r}.", hint=did_you_mean(name, found)
        )
    return found[name]


def _state(ctx: Context, one: Objective, until: date | None) -> ObjectiveState:
    metric = metric_of(ctx, one)
    now, today = _now(ctx, until)
    first, last = days_of(one, today)
    length = (last - first).days + 1
    elapsed = min(1.0, ((today - first).days + 1) / length)
    state = ObjectiveState(
        one, metric.definition.title, first, last, State.UNKNOWN, Budget(one.share, Counted())
    )
    try:
        hours = hours_of(ctx, one, first, last)
        days = counted_by_day(ctx, metric, one, (first, today), hours)
        hourly = counted_by_hour(ctx, metric, one, now, hours)
    except OpsgaugeError as fault:
        return replace(state, why_not=fault.message)
    if days.why_not:
        return replace(state, why_not=days.why_not, suspect=days.suspect)
    open_hours = hours.between(first, last) if hours else 0
    if hours and one.grain:
        elapsed = max(hours.between(first, today), 1) / open_hours
    window = [first + A_DAY * place for place in range((today - first).days + 1)]

    def budget(by_day: Mapping[date, Counted]) -> Budget:
        counted = sum((by_day.get(day, Counted()) for day in window), Counted())
        return Budget(one.share, counted, elapsed)

    found = replace(
        state,
        budget=budget(days.without),
        all_hours=budget(days.all_hours) if hours else None,
        open_hours=open_hours,
        burns=_burns_of(one, hourly, length, open_hours),
        left_by_day=tuple(_left_by_day(one, days.without, today)),
        suspect=days.suspect,
    )
    if found.maintenance:
        found = replace(found, whole=budget(days.whole))
    return replace(found, state=_how(found))


def _now(ctx: Context, until: date | None) -> tuple[datetime, date]:
    """Return the newest moment that counts, and its local day."""
    opened = ctx.opened()
    now = opened.watermark
    if until is not None:
        now = min(now, start_of_day(until + A_DAY, ctx.workspace.zone) - AN_INSTANT)
    return now, opened.periods.date_of(now)


def _burns_of(
    one: Objective, hourly: Sequence[Counted], days: int, open_hours: int
) -> tuple[BurnRate, ...]:
    """Return how fast the budget goes; of hours of a calendar, a day is one of the window's mean.

    So many service hours as a window of clock hours holds on average: the limits of windows of days
    are then those of all the time.
    """
    length = open_hours / HOURS_A_DAY if open_hours else days
    made = []
    for each in one.burns:
        long = long_hours(each.hours, days, open_hours)
        made.append(burn_rate(hourly, one.share, long, burn_limit(each.spent, long, length)))
    return tuple(made)


def long_hours(hours: int, days: int, open_hours: int) -> int:
    """Return the hours of a burn's window: those of a day and more by how much of it is open.

    Examples
    --------
    >>> long_hours(72, 30, 0), long_hours(6, 30, 240), long_hours(72, 30, 240)
    (72, 6, 24)
    """
    if not open_hours or hours < HOURS_A_DAY:
        return hours
    return max(1, round(hours / HOURS_A_DAY * open_hours / days))


def hours_of(ctx: Context, one: Objective, first: date, last: date) -> ServiceHours | None:
    """Return the hours within which an objective counts, as far back as is looked."""
    if not one.hours:
        return None
    back = first - timedelta(days=max(one.days, LOOKS_BACK_DAYS))
    return service_hours(ctx, one.name, one.hours, back, last)


def _how(found: ObjectiveState) -> State:
    spent = found.budget.spent
    if spent is None:
        return State.NO_DATA
    if spent > 1:
        return State.SPENT
    burning = any(each.is_burning(found.objective.fewest_bad) for each in found.burns)
    return State.BURNING if burning else State.WITHIN


def metric_of(ctx: Context, one: Objective) -> Metric:
    """Return the metric of an objective; one of which each record is good or bad."""
    metric = ctx.catalogue.get(one.metric)
    plain = metric.definition
    if metric.kind not in SPLIT or not isinstance(plain, Dated):
        raise ObjectiveWrong(
            f"slos: {one.name}, metric: {plain.title} is no share of records, so nothing of it is "
            "good or bad.",
            hint="Name a metric in percent: opsgauge metrics list",
        )
    if plain.good not in ("higher", "lower"):
        raise ObjectiveWrong(
            f"slos: {one.name}, metric: {plain.title} has no direction that is better.",
        )
    return metric


def _left_by_day(
    one: Objective, days: Mapping[date, Counted], today: date
) -> Sequence[float | None]:
    """Return the share of the budget that was left at the end of each day of the window."""
    first, _ = days_of(one, today)
    told: list[float | None] = []
    for day in (first + A_DAY * place for place in range((today - first).days + 1)):
        begin, end = days_of(one, day)
        span = (begin + A_DAY * place for place in range((day - begin).days + 1))
        counted = sum((days.get(each, Counted()) for each in span), Counted())
        elapsed = ((day - begin).days + 1) / ((end - begin).days + 1)
        spent = Budget(one.share, counted, elapsed).spent
        told.append(None if spent is None else 1 - spent)
    return told


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "n": budget.counted.total,
        "bad": budget.counted.bad,
        "value": budget.counted.good_share,
        "spent": budget.spent,
        "left": budget.left,
        "elapsed": budget.elapsed,
    }


def _hours(hours: int) -> str:
    if hours % 24 == 0:
        return "day" if hours == 24 else f"{hours // 24} days"
    return "hour" if hours == 1 else f"{hours} hours"
