"""Queues over time, the age of what is open, Little's law and flow efficiency, as answers.

Floor 5. Of the tickets that the filters choose, whenever they were opened: a first and a last day
choose the stretch of time that is looked at, else it is the newest weeks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from opsgauge.analysis.waiting import efficiency as eff
from opsgauge.analysis.waiting import little as law
from opsgauge.analysis.waiting import queues as queued
from opsgauge.analysis.waiting.steps import EVERYWHERE, TEAM_PHASE, Name, check_kind, columns_of
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, duration, percent, whole
from opsgauge.log.periods import GRAINS, dates_of, instants_between
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.waiting_tables import Told, tables_of, told, words_of
from opsgauge.warehouse.portable import micros_at

USUAL = timedelta(weeks=12)  # that are looked at where no days are named
MOST_PERIODS = 26  # shown where no days are named


@dataclass(frozen=True)
class Window:
    """The stretch of time that is looked at, local days and instants of it."""

    first: date
    last: date
    start_us: int
    end_us: int

    @property
    def length_us(self) -> int:
        """How long it is."""
        return self.end_us - self.start_us


@dataclass(frozen=True)
class Queues:
    """How many tickets were in each step over time, and how old those are that are open now.

    Attributes
    ----------
    steps, grain : what steps are told apart by, and the periods
    all_ : all steps together; `rows` each, the one with most tickets' time first
    aging : the open tickets of each step now; `pace` the hours of finished tickets at
        `analysis.waiting.queues.PACE`
    shown : how many of the newest periods are within the days chosen
    """

    steps: str
    grain: str
    all_: queued.Queue
    rows: tuple[queued.Queue, ...]
    aging: tuple[queued.Aging, ...]
    pace: tuple[float | None, ...]
    shown: slice
    words: Mapping[Name, str]
    told: Told

    @property
    def sentence(self) -> str:
        """What is open now and where, in words."""
        if not self.aging:
            return "Nothing is open"
        first = self.aging[0]
        return (
            f"{whole(self.open_now)} tickets are open; the most, {whole(first.tickets)}, lie "
            f"with {self.words[first.name]}, where half are older than {duration(first.median)}"
        )

    def points(self, queue: queued.Queue) -> tuple[queued.Point, ...]:
        """Return the periods of a queue that are shown."""
        return queue.points[self.shown]

    def average(self, queue: queued.Queue) -> queued.Average | None:
        """Return what a queue was like in a usual period of those shown."""
        return queued.average(self.points(queue))

    @property
    def open_now(self) -> int:
        """How many tickets are open."""
        return sum(each.tickets for each in self.aging)

    @property
    def beyond_pace(self) -> int:
        """How many of them are older than 85 % of finished tickets became."""
        return sum(each.beyond[1] for each in self.aging if len(each.beyond) > 1)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "steps": self.steps,
            "period": self.grain,
            **self.told.as_json(),
            "all": [_point(each) for each in self.points(self.all_)],
            "rows": [
                {**self._named(queue.name), **_point(each)}
                for queue in self.rows
                for each in self.points(queue)
            ],
            "pace_hours": {
                f"p{100 * at:.0f}": hours for at, hours in zip(queued.PACE, self.pace, strict=True)
            },
            "aging": [
                {
                    **self._named(each.name),
                    "tickets": each.tickets,
                    "median_hours": each.median,
                    "p85_hours": each.p85,
                    "oldest_hours": each.oldest,
                    "since_last_update_hours": each.here_median,
                    "older_than_pace": list(each.beyond),
                }
                for each in self.aging
            ],
        }

    def _named(self, name: Name) -> dict[str, Any]:
        return {
            "step": self.words[name],
            **dict(zip(columns_of(self.steps), name, strict=True)),
        }


def _point(point: queued.Point) -> dict[str, Any]:
    renamed = {"mean_age": "mean_age_hours"}
    plain = {renamed.get(name, name): value for name, value in vars(point).items()}
    plain["hours"] = plain.pop("time_us") / MICROS_PER_HOUR
    return plain


@dataclass(frozen=True)
class Flowing:
    """Little's law over a stretch of time, and how efficiently each team's tickets flow."""

    window: Window
    law: law.Little
    rows: tuple[eff.Efficiency, ...]  # all teams together first
    grain: str
    told: Told

    @property
    def sentence(self) -> str:
        """How much of a ticket's life somebody works on it, in words."""
        share = self.rows[0].share if self.rows else None
        if share is None:
            return "No ticket is finished, so nothing is known of how they flow"
        return f"{percent(share, 0)} of a ticket's life somebody works on it; the rest it waits"

    @property
    def broken(self) -> tuple[eff.Efficiency, ...]:
        """Teams whose tickets take longer while the work on them does not."""
        return tuple(each for each in self.rows if each.broken)

    @property
    def law_words(self) -> str:
        """What Little's law says, in words."""
        one = self.law
        if not one.identity:
            apart = abs(one.queue_us - one.item_us) / MICROS_PER_HOUR
            return (
                f"The time of the tickets and the number of open ones differ by {whole(apart)} "
                "hours: the records contradict themselves, see opsgauge check."
            )
        said = f"On average {one.mean_open:,.1f} tickets were open."
        if one.by_average is None or one.mean_hours is None:
            return said
        held = (
            "All conditions hold, so both say the same"
            if one.may_be_averaged
            else "Not all conditions hold, so do not reckon with it"
        )
        return (
            f"{said} {one.throughput:,.1f} a day × {duration(one.mean_hours)} would make "
            f"{one.by_average:,.1f}. {held}."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        one = self.law
        return {
            "sentence": self.sentence,
            "from": self.window.first.isoformat(),
            "to": self.window.last.isoformat(),
            **self.told.as_json(),
            "little": {
                "sentence": self.law_words,
                "identity_holds": one.identity,
                "queue_hours": one.queue_us / MICROS_PER_HOUR,
                "ticket_hours": one.item_us / MICROS_PER_HOUR,
                "mean_open": one.mean_open,
                "throughput_per_day": one.throughput,
                "mean_hours": one.mean_hours,
                "throughput_times_hours": one.by_average,
                "conditions": [dict(vars(each)) for each in one.conditions],
                "conditions_hold": one.may_be_averaged,
            },
            "period": self.grain,
            "rows": [_efficiency(each) for each in self.rows],
        }


def _efficiency(each: eff.Efficiency) -> dict[str, Any]:
    return {
        "team": each.team,
        "all_teams": each.everybody,
        "tickets": each.tickets,
        "touch_hours": each.touch_hours,
        "wait_hours": each.hours - each.touch_hours,
        "flow_efficiency": each.share,
        "throughput_rises": each.throughput_rises,
        "cycle_rises": each.cycle_rises,
        "flow_broken": each.broken,
        "periods": [
            {
                "period": one.label,
                "tickets": one.tickets,
                "throughput_hours": one.throughput_mean,
                "cycle_hours": one.cycle_mean,
            }
            for one in each.periods
        ],
    }


def queues(
    ctx: Context,
    chosen: Selection | None = None,
    steps: str = TEAM_PHASE,
    grain: str = "week",
) -> Queues:
    """Return the queue of each step over time, and the age of what is open now.

    Needs `map:read`.

    Raises
    ------
    QueryWrong : there is no such period
    UnknownColumn : there are no such steps
    """
    ctx.require("map:read")
    check_kind(steps)
    _refuse_grain(grain)
    key = ("queues", ctx.scope, chosen, steps, grain)
    return ctx.opened().once(key, lambda: _queues(ctx, chosen, steps, grain))


def _queues(ctx: Context, chosen: Selection | None, steps: str, grain: str) -> Queues:
    (tables, together), opened = tables_of(ctx, _whenever(chosen)), ctx.opened()
    run, periods = opened.engine.run, opened.periods
    first_us, last_us = micros_at(periods.first), micros_at(opened.watermark)
    grid = queued.grid_of(periods.period_ends, grain, first_us, last_us)
    history, bucket = tables.history, periods.bucket_us
    rows = queued.queues(run(queued.change_rows(history, steps, grid, bucket)), steps, grid)
    every = run(queued.change_rows(history, EVERYWHERE, grid, bucket))
    pace = run(queued.pace_rows(tables.tickets)).to_pylist()[0]
    limits = [pace[f"p{100 * at:.0f}"] for at in queued.PACE]
    aging = queued.agings(run(queued.aging_rows(history, steps, opened.watermark, limits)), steps)
    names = {*(each.name for each in rows), *(each.name for each in aging)}
    return Queues(
        steps=steps,
        grain=grain,
        all_=queued.whole(every, grid),
        rows=tuple(rows),
        aging=tuple(aging),
        pace=tuple(None if us is None else us / MICROS_PER_HOUR for us in limits),
        shown=_shown(grid, chosen),
        words={name: words_of(name, steps) for name in names},
        told=told(ctx, chosen, together),
    )


def flowing(ctx: Context, chosen: Selection | None = None, grain: str = "month") -> Flowing:
    """Return Little's law over a stretch of time, and each team's flow efficiency.

    Needs `map:read`.

    Raises
    ------
    QueryWrong : there is no such period
    """
    ctx.require("map:read")
    _refuse_grain(grain)
    key = ("flowing", ctx.scope, chosen, grain)
    return ctx.opened().once(key, lambda: _flowing(ctx, chosen, grain))


def _flowing(ctx: Context, chosen: Selection | None, grain: str) -> Flowing:
    (tables, together), opened = tables_of(ctx, _whenever(chosen)), ctx.opened()
    run, seen = opened.engine.run, _window(ctx, chosen)
    history, span = tables.history, (seen.start_us, seen.end_us)
    bucket = opened.periods.bucket_us
    return Flowing(
        window=seen,
        law=law.little(
            run(law.queue_rows(history, *span)),
            run(law.item_rows(history, *span)),
            run(law.ticket_rows(tables.tickets, history, *span)),
            seen.length_us,
        ),
        rows=tuple(
            eff.efficiencies(run(eff.finished_rows(tables.tickets, history, grain, bucket)))
        ),
        grain=grain,
        told=told(ctx, chosen, together),
    )


def _refuse_grain(grain: str) -> None:
    if grain not in GRAINS:
        raise QueryWrong(f"There is no period {grain!r}.", hint=did_you_mean(grain, GRAINS))


def _whenever(chosen: Selection | None) -> Selection | None:
    """Return the tickets chosen whenever they were opened: days choose a stretch of time here."""
    return None if chosen is None else replace(chosen, from_=None, to=None)


def _window(ctx: Context, chosen: Selection | None) -> Window:
    opened, zone = ctx.opened(), ctx.workspace.zone
    newest, oldest = (opened.periods.date_of(m) for m in (opened.watermark, opened.periods.first))
    last = min((chosen.to if chosen else None) or newest, newest)
    usual = max(last - USUAL, oldest)
    first = min(max((chosen.from_ if chosen else None) or usual, oldest), last)
    start, end = instants_between(first, last, zone)
    end_us = min(micros_at(end), micros_at(opened.watermark))
    start_us = min(max(micros_at(start), micros_at(opened.periods.first)), end_us)
    return Window(first, last, start_us, end_us)


def _shown(grid: queued.Grid, chosen: Selection | None) -> slice:
    """Return which periods lie within the days chosen, else the newest."""
    first, last = (chosen.from_, chosen.to) if chosen else (None, None)
    within = [
        place
        for place, label in enumerate(grid.labels)
        if (first is None or dates_of(label)[1] >= first)
        and (last is None or dates_of(label)[0] <= last)
    ]
    if not within:
        return slice(0, 0)
    begin = within[0] if first else max(within[0], within[-1] + 1 - MOST_PERIODS)
    return slice(begin, within[-1] + 1)
