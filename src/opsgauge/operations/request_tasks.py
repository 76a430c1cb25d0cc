"""Tasks and bundles of orders, and the catalogue's health.

Floor 5.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.analysis.requests.bundles import (
    DAYS,
    FIRST_DAY,
    Bundles,
    Due,
    bundles_by_item,
    first_day_rows,
    late_pieces,
)
from opsgauge.analysis.requests.health import (
    AsIncident,
    Automation,
    FreeText,
    as_incidents,
    automation,
    automation_findings,
    free_findings,
    free_text,
    incident_findings,
    never_findings,
    never_ordered,
    tied_incident_rows,
)
from opsgauge.analysis.requests.orders import Truths, elapsed, order_rows
from opsgauge.analysis.requests.right_first_time import DAYS as INCIDENT_DAYS
from opsgauge.analysis.requests.tasks import (
    Bundle,
    Tasks,
    bundles_of,
    deciding,
    task_rows,
    tasks_by_item,
)
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.finding import Finding
from opsgauge.log.calendars.definition import ALWAYS, Calendar
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.found import published_finding
from opsgauge.operations.gate import let_through
from opsgauge.operations.ordered import (
    STANDS_ON,
    calendar_of,
    clock_of,
    evidence_of,
    judged_orders,
    loaded,
    offers,
    promises,
    teams_of_orders,
)
from opsgauge.operations.pricing import an_hour_waited, priced
from opsgauge.warehouse.portable import micros_at


@dataclass(frozen=True)
class TasksOfOrders:
    """The tasks of orders, by item, and which of them decide the end."""

    items: tuple[Tasks, ...]
    findings: tuple[Finding, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "items": [each.as_json() for each in self.items],
            "findings": [published_finding(finding) for finding in self.findings],
        }


@dataclass(frozen=True)
class BundlesOfOrders:
    """Bundles by item, whether they are complete when due, and which piece is late.

    Attributes
    ----------
    days : after how many a bundle is due of which nothing was promised
    unread : first days that orders name and that are no date
    """

    items: tuple[Bundles, ...]
    findings: tuple[Finding, ...]
    days: float
    calendar: str
    unread: int
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "days": self.days,
            "calendar": self.calendar,
            "first_days_unread": self.unread,
            "items": [each.as_json() for each in self.items],
            "findings": [published_finding(finding) for finding in self.findings],
        }


@dataclass(frozen=True)
class Health:
    """What the orders say about the catalogue.

    Attributes
    ----------
    orders : all that were chosen, completed or not
    days : how long after its completion an incident counts against an order
    """

    orders: int
    never: tuple[str, ...]
    incidents: tuple[AsIncident, ...]
    free: tuple[FreeText, ...]
    automation: tuple[Automation, ...]
    findings: tuple[Finding, ...]
    days: int
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "orders": self.orders,
            "days": self.days,
            "never_ordered": list(self.never),
            "incidents": [each.as_json() for each in self.incidents],
            "free_text": [each.as_json() for each in self.free],
            "automation": [each.as_json() for each in self.automation],
            "findings": [published_finding(finding) for finding in self.findings],
        }


def bundled(ctx: Context, chosen: Selection | None) -> list[Bundle]:
    """Return the orders chosen that have two tasks or more."""

    def fetched() -> list[Bundle]:
        orders = order_rows(chosen_tables(ctx, chosen).tickets)
        # Tasks count whatever was chosen: the choice is of orders.
        rows = task_rows(orders, ctx.tables.tickets, ctx.tables.links)
        found = _told_of(ctx, chosen, ctx.opened().engine.run(rows))
        return bundles_of(found, loaded(ctx, chosen))

    return ctx.opened().once(("bundles", ctx.scope, chosen), fetched)


def _told_of(ctx: Context, chosen: Selection | None, rows: pa.Table) -> pa.Table:
    """Return tasks with teams told together, also where a task has no other name than its team."""
    together = teams_of_orders(ctx, chosen)
    if not together.teams:
        return rows
    called = pc.equal(rows["name"], rows["team"]).fill_null(False)
    rows = together.in_rows(rows, "team")
    names = pc.if_else(called, rows["team"], rows["name"])
    return rows.set_column(rows.column_names.index("name"), "name", names)


def order_tasks(ctx: Context, chosen: Selection | None = None) -> TasksOfOrders:
    """Return how the tasks of orders run, and which of them decide the end.

    Needs `request:read`.
    """
    ctx.require("request:read")

    def made() -> TasksOfOrders:
        items = tasks_by_item(bundled(ctx, chosen))
        evidence = evidence_of(ctx, "Tasks of orders by item", chosen)
        return TasksOfOrders(
            tuple(items),
            tuple(deciding(items, evidence)),
            ctx.provenance(),
            let_through(ctx, STANDS_ON),
        )

    found = ctx.opened().once(("order tasks", ctx.scope, chosen), made)
    return replace(found, findings=priced(found.findings, an_hour_waited(ctx)))


def order_bundles(
    ctx: Context,
    chosen: Selection | None = None,
    calendar: str = ALWAYS,
    days: float = DAYS,
    attribute: str = FIRST_DAY,
) -> BundlesOfOrders:
    """Return whether bundles are complete when due, and which piece is late.

    Needs `request:read`.

    Parameters
    ----------
    calendar : by whose open time promises are held
    days : for bundles that name no first day and of whose item nothing was promised
    attribute : of the order, that names the first day

    Raises
    ------
    QueryWrong : days that are none
    UnknownCalendar : there is none of that name
    """
    ctx.require("request:read")
    if not 0 < days <= MOST_DAYS:
        raise QueryWrong(f"{days:g} days is not above 0 and up to {MOST_DAYS}.", hint="Such as 5.")
    named = calendar_of(ctx, calendar)
    key = ("order bundles", ctx.scope, chosen, named, days, attribute)
    return ctx.opened().once(key, lambda: _bundles(ctx, chosen, named, (days, attribute)))


MOST_DAYS = 365


def _bundles(
    ctx: Context, chosen: Selection | None, calendar: Calendar, asked: tuple[float, str]
) -> BundlesOfOrders:
    days, attribute = asked
    due, unread = due_of(ctx, chosen, calendar, days, attribute)
    items = bundles_by_item(bundled(ctx, chosen), due)
    evidence = evidence_of(ctx, "Bundles of orders by item", chosen)
    return BundlesOfOrders(
        items=tuple(items),
        findings=tuple(late_pieces(items, evidence)),
        days=days,
        calendar=calendar.name,
        unread=unread,
        provenance=ctx.provenance(),
        suspect=let_through(ctx, STANDS_ON),
    )


def due_of(
    ctx: Context, chosen: Selection | None, calendar: Calendar, days: float, attribute: str
) -> tuple[Due, int]:
    """Return when bundles are due, and how many first days could not be read."""
    rows = ctx.opened().engine.run(first_day_rows(chosen_tables(ctx, chosen).tickets, attribute))
    places = loaded(ctx, chosen).places(rows).tolist()
    told = dict(zip(places, rows["day"].to_pylist(), strict=True))
    read = {place: first_moment_us(day, ctx.workspace.zone) for place, day in told.items()}
    known = {place: us for place, us in read.items() if us is not None}
    due = Due(
        first_days=known,
        promised=promises(ctx),
        now_us=micros_at(ctx.opened().watermark),
        days=days,
        clock=clock_of(ctx, calendar),
    )
    return due, len(told) - len(known)


def first_moment_us(day: str, zone: ZoneInfo) -> int | None:
    """Return when a day begins, or the moment where one is written; None for what is neither.

    Examples
    --------
    >>> first_moment_us("1970-01-02", ZoneInfo("UTC"))
    86400000000
    """
    try:
        moment = datetime.fromisoformat(day.strip())
    except ValueError:
        return None
    if moment.time() == time() and moment.tzinfo is None:
        moment = datetime.combine(moment.date(), time())
    return micros_at(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def catalogue_health(
    ctx: Context, chosen: Selection | None = None, days: int = INCIDENT_DAYS
) -> Health:
    """Return which items nobody orders, which end as incidents, and which to automate.

    Needs `request:read`.
    """
    ctx.require("request:read")
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint="Such as 14.")
    key = ("catalogue health", ctx.scope, chosen, days)
    return ctx.opened().once(key, lambda: _health(ctx, chosen, days))


def _health(ctx: Context, chosen: Selection | None, days: int) -> Health:
    orders, items = loaded(ctx, chosen), offers(ctx)
    never = never_ordered(orders, {name: item.offered for name, item in items.items()})
    incidents = ending_as_incidents(ctx, chosen, days)
    about = {name: (item.service, item.category) for name, item in items.items()}
    free = free_text(orders, about)
    ranked = automation(orders, orders.parts(elapsed))
    evidence = evidence_of(ctx, "Orders by item", chosen)
    return Health(
        orders=len(orders),
        never=tuple(never),
        incidents=tuple(incidents),
        free=tuple(free),
        automation=tuple(ranked),
        findings=(
            *automation_findings(ranked, evidence),
            *incident_findings(incidents, days, evidence),
            *free_findings(free, evidence),
            *never_findings(never, len(orders), evidence),
        ),
        days=days,
        provenance=ctx.provenance(),
        suspect=let_through(ctx, STANDS_ON),
    )


def ending_as_incidents(ctx: Context, chosen: Selection | None, days: int) -> list[AsIncident]:
    """Return how often orders of each item were followed by an incident, or tied to one."""
    ripe = judged_orders(ctx, chosen, days).ripe
    return as_incidents(loaded(ctx, chosen), ripe, followed_by_incident(ctx, chosen, days))


def followed_by_incident(ctx: Context, chosen: Selection | None, days: int) -> Truths:
    """Say which orders were followed by an incident of their requester, or are tied to one."""
    orders, verdict = loaded(ctx, chosen), judged_orders(ctx, chosen, days)
    asked = order_rows(chosen_tables(ctx, chosen).tickets)
    rows = tied_incident_rows(asked, ctx.tables.tickets, ctx.tables.links)
    tied = orders.marked(ctx.opened().engine.run(rows))
    return np.asarray(verdict.faults["incident"] | tied)
