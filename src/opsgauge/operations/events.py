"""What happened meanwhile: releases, changes, outages, holidays, decisions, by day.

Floor 5. So that whoever sees a chart change sees what else changed then. Nothing here says that one
caused the other. Tickets are those that the actor sees; what people decided about numbers is told
to whoever sees all of them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.control_charts.change_points import Event, change_points, matched
from opsgauge.foundation.agreed import Series
from opsgauge.governance.access import decide
from opsgauge.governance.rebases import rebases
from opsgauge.log.periods import ALL, dates_of, label_of
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.context import Context
from opsgauge.operations.holidays import holidays
from opsgauge.operations.measure import chart
from opsgauge.operations.which_chart import same_series

RELEASE, CHANGE, MAJOR, OUTAGE, HOLIDAY, DEFINITION, LEFT_OUT, REBASE = (
    "release",
    "change",
    "major incident",
    "outage",
    "holiday",
    "definition",
    "left out",
    "rebase",
)
MOST = 200  # tickets of a kind; more say nothing of any one of them
EVER = 5_000  # of a kind that are kept


@dataclass(frozen=True)
class Happening:
    """Something that happened on a day, and where more of it is told.

    Attributes
    ----------
    kind : release, change, major incident, outage, holiday, definition, left out or rebase
    source, ticket_id : of a ticket; "" of anything else
    """

    on: date
    kind: str
    text: str
    source: str = ""
    ticket_id: str = ""

    @property
    def event(self) -> Event:
        """Return it as the analysis takes it."""
        return Event(self.on, self.kind, self.text)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "on": self.on.isoformat()}


@dataclass(frozen=True)
class Changed:
    """A lasting change of a series: between which periods it came, and what happened then."""

    period: str
    earliest: str
    latest: str
    before: float
    after: float
    low: float
    high: float
    events: tuple[Event, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form; `low` and `high` are of the difference."""
        told = [{"on": e.on.isoformat(), "kind": e.kind, "text": e.text} for e in self.events]
        return {**vars(self), "events": told}


def happenings(ctx: Context, measured: Measured) -> tuple[Happening, ...]:
    """Return what happened while a series was measured, oldest first; needs `metric:read`."""
    ctx.require("metric:read")
    if measured.period == ALL or not measured.rows:
        return ()
    labels = sorted(row.period for row in measured.rows)
    return happened_in(ctx, measured, dates_of(labels[0])[0], dates_of(labels[-1])[1])


def happened_in(ctx: Context, measured: Measured, first: date, last: date) -> tuple[Happening, ...]:
    """Return what happened from one day to another that concerns a series, oldest first.

    Needs `metric:read`.
    """
    ctx.require("metric:read")
    metric = ctx.catalogue.get(measured.metric)
    decided = _decided(ctx, metric, measured) if ctx.sight.is_everything else ()
    inside = (each for each in decided if first <= each.on <= last)
    return _in_order([*_of_days(ctx, first, last), *inside])


def happened_between(ctx: Context, first: date, last: date) -> tuple[Happening, ...]:
    """Return what happened to everybody from one day to another, oldest first.

    Needs `metric:read`. What people decided about one metric is not among it.
    """
    ctx.require("metric:read")
    return _in_order(_of_days(ctx, first, last))


def _in_order(happened: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple(sorted(happened, key=lambda each: (each.on, each.kind, each.text)))


def meanwhile(ctx: Context, question: Question) -> dict[str, Any]:
    """Return what happened, and the lasting changes, as it is published; needs `chart:read`."""
    charted = chart(ctx, question)
    happened = happenings(ctx, charted.measured)
    return {
        "metric": charted.measured.metric,
        "unit": charted.measured.unit,
        "statistic": charted.measured.statistic,
        "period": charted.measured.period,
        "data_version": charted.measured.provenance.data_version,
        "events": [each.as_json() for each in happened],
        "changes": [each.as_json() for each in lasting_changes(charted, happened)],
    }


def by_period(happened: Iterable[Happening], grain: str) -> Mapping[str, tuple[Happening, ...]]:
    """Return what happened in each period, such as a week, oldest first."""
    found: dict[str, list[Happening]] = {}
    for each in happened:
        found.setdefault(label_of(each.on, grain), []).append(each)
    return {label: tuple(found[label]) for label in sorted(found)}


def lasting_changes(charted: Charted, happened: Sequence[Happening]) -> tuple[Changed, ...]:
    """Return when the level of a chart changed, each with what happened about then.

    Of a series on which nothing changed, one in twenty is told to have.
    """
    points = [each for each in charted.points if each.complete]
    if not points:
        return ()
    measured = {row.period: row.value for row in charted.measured.rows}
    values = [None if each.excluded else measured.get(each.period) for each in points]
    days = [dates_of(each.period) for each in points]
    events = [each.event for each in happened if each.kind != HOLIDAY]
    found = matched(change_points(values), events, [first for first, _ in days], days[-1][1])
    return tuple(
        Changed(
            period=points[each.at].period,
            earliest=points[each.earliest].period,
            latest=points[each.latest].period,
            before=each.before,
            after=each.after,
            low=each.interval[0],
            high=each.interval[1],
            events=each.events,
        )
        for each in found
    )


def _of_days(ctx: Context, first: date, last: date) -> Iterator[Happening]:
    """Yield what happened to everybody between two days, but for kinds of too many tickets."""
    every = ctx.opened().once(("happenings", ctx.sight), lambda: _ever(ctx))
    for kind in every.values():
        days = [each.on for each in kind]
        there = kind[bisect_left(days, first) : bisect_right(days, last)]
        yield from there if len(there) <= MOST else ()


def _ever(ctx: Context) -> Mapping[str, Sequence[Happening]]:
    """Return what ever happened, by kind, oldest first: asked once for all pages."""
    tickets = ctx.tables.tickets
    done = {kind: tickets.filter(tickets.practice == kind) for kind in (RELEASE, CHANGE)}
    lesser = tickets.filter(~tickets.major.fill_null(False))
    return {
        **{kind: _dated(ctx, rows, "resolved_at", kind) for kind, rows in done.items()},
        MAJOR: _dated(ctx, tickets.filter(tickets.major), "opened_at", MAJOR),
        OUTAGE: _dated(ctx, lesser, "outage_started_at", OUTAGE),
        HOLIDAY: [Happening(on, HOLIDAY, name) for on, name in holidays(ctx)],
    }


def _dated(ctx: Context, rows: ir.Table, moment: str, kind: str) -> Sequence[Happening]:
    """Return tickets by a moment of theirs, oldest first; the newest where there are very many."""
    opened = ctx.opened()
    asked = rows.filter(rows[moment].notnull()).select("source", "ticket_id", moment)
    found = opened.engine.run(asked.order_by(ibis.desc(moment), "source", "ticket_id").limit(EVER))
    return [
        Happening(
            opened.periods.date_of(row[moment].replace(tzinfo=UTC)),
            kind,
            row["ticket_id"],
            row["source"],
            row["ticket_id"],
        )
        for row in reversed(found.to_pylist())
    ]


def _decided(ctx: Context, metric: Metric, measured: Measured) -> Iterator[Happening]:
    """Yield what people decided about a series, at whatever time."""
    plain = metric.definition
    if plain.valid_from:
        yield Happening(plain.valid_from, DEFINITION, f"definition {plain.version} holds from here")
    if decide(ctx.actor, "exclusion:read").allowed:
        for each in ctx.exclusions:
            if each.is_of(metric.name) and each.since:
                on = each.since.astimezone(ctx.workspace.zone).date()
                yield Happening(on, LEFT_OUT, f"exclusion {each.number}: {each.why}")
    if ctx.phases and decide(ctx.actor, "baseline:read").allowed:
        series = Series(metric.name, measured.statistic, measured.where, measured.period)
        for one in rebases(ctx.database, metric.name):
            if same_series(one.series, series):
                yield Happening(one.event_day or dates_of(one.at)[0], REBASE, one.event)
