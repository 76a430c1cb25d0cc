"""Orders as fetched: once per data version, choice and scope; everything else is arithmetic.

Floor 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter

from opsgauge.analysis.requests.approvals import Approval, approval_rows, approvals_of
from opsgauge.analysis.requests.orders import (
    KEY,
    ORDER,
    Clock,
    Orders,
    order_rows,
    orders_of,
    stretch_rows,
    typed_rows,
)
from opsgauge.analysis.requests.right_first_time import (
    Judged,
    fault_rows,
    incident_rows,
    judged,
)
from opsgauge.foundation.finding import Evidence
from opsgauge.log.calendars.compiled import range_of
from opsgauge.log.calendars.definition import ALWAYS, Calendar
from opsgauge.log.calendars.stretches import stretches
from opsgauge.log.related import APPROVALS, CATALOGUE_ITEMS, CHANGES
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.context import Context
from opsgauge.operations.find import chosen_words
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.small_teams import Together, small_teams, told_together
from opsgauge.warehouse.portable import micros_at

CHANGE = "change"  # the practice whose tickets have a type where orders have an item
STANDS_ON = ("phase", "catalogue_item", "opened_at", "resolved_at")  # as in `find`


@dataclass(frozen=True)
class Offer:
    """What the catalogue says of an item; None where it says nothing."""

    name: str
    category: str | None = None
    service: str | None = None
    target_hours: float | None = None
    price: float | None = None
    offered: bool | None = None


def loaded(ctx: Context, chosen: Selection | None, practice: str = ORDER) -> Orders:
    """Return the orders chosen, or the tickets of another practice in the same form."""

    def fetched() -> Orders:
        tables, engine = chosen_tables(ctx, chosen), ctx.opened().engine
        orders = order_rows(tables.tickets, practice)
        if practice == CHANGE:
            orders = typed_rows(orders, ctx.tables.related[CHANGES.name])
        approvals = ctx.tables.related[APPROVALS.name]
        rows = teams_of_orders(ctx, chosen).in_rows(engine.run(orders), "team")
        parts = stretch_rows(orders, tables.history, approvals, practice)
        return orders_of(rows, engine.run(parts))

    return ctx.opened().once(("orders", ctx.scope, chosen, practice), fetched)


def teams_of_orders(ctx: Context, chosen: Selection | None) -> Together:
    """Return the teams that answers about the orders chosen tell together."""
    if small_teams(ctx).fewest <= 1:
        return Together()
    return told_together(ctx, meant_of_tickets(ctx, chosen.where) if chosen else ())


def offers(ctx: Context) -> Mapping[str, Offer]:
    """Return the catalogue's items by name; of several sources the first that has it."""

    def fetched() -> Mapping[str, Offer]:
        items = ctx.tables.related[CATALOGUE_ITEMS.name]
        rows = (
            ctx.opened()
            .engine.run(items)
            .sort_by([("catalogue_item", "ascending"), ("source", "ascending")])
        )
        found: dict[str, Offer] = {}
        for row in rows.to_pylist():
            found.setdefault(
                row["catalogue_item"],
                Offer(
                    row["catalogue_item"],
                    row["category"],
                    row["service"],
                    row["target_hours"],
                    row["price"],
                    row["offered"],
                ),
            )
        return found

    return ctx.opened().once(("offers", ctx.scope), fetched)


def promises(ctx: Context) -> dict[str, float]:
    """Return the hours in which items are promised, of those that are."""
    known = offers(ctx).items()
    return {name: item.target_hours for name, item in known if item.target_hours is not None}


def approvals_in(ctx: Context, chosen: Selection | None, practice: str = ORDER) -> list[Approval]:
    """Return the approvals of the orders chosen, in the order in which each order's were asked."""

    def fetched() -> list[Approval]:
        tables, opened = chosen_tables(ctx, chosen), ctx.opened()
        approvals = ctx.tables.related[APPROVALS.name]
        orders = order_rows(tables.tickets, practice)
        rows = opened.engine.run(approval_rows(orders, tables.history, approvals, practice))
        rows = teams_of_orders(ctx, chosen).in_rows(rows, "approver_group")
        known = loaded(ctx, chosen, practice)
        return approvals_of(rows, known, micros_at(opened.watermark))

    return ctx.opened().once(("approvals of orders", ctx.scope, chosen, practice), fetched)


def practices_asked(ctx: Context, chosen: Selection | None) -> dict[str, int]:
    """Return of which practices the tickets chosen have approvals, and how many."""

    def fetched() -> dict[str, int]:
        tickets = chosen_tables(ctx, chosen).tickets.select(*KEY, "practice")
        asked = ctx.tables.related[APPROVALS.name].select(*KEY).join(tickets, list(KEY))
        counts = asked.group_by("practice").aggregate(n=asked.count())
        rows = ctx.opened().engine.run(counts).to_pylist()
        return {row["practice"]: int(row["n"]) for row in sorted(rows, key=itemgetter("practice"))}

    return ctx.opened().once(("practices asked", ctx.scope, chosen), fetched)


def judged_orders(ctx: Context, chosen: Selection | None, days: int) -> Judged:
    """Return which completed orders were right first time."""

    def fetched() -> Judged:
        tables, opened = chosen_tables(ctx, chosen), ctx.opened()
        orders = order_rows(tables.tickets)
        items = ctx.tables.related[CATALOGUE_ITEMS.name]
        # An incident counts whatever was chosen: the choice is of orders.
        came = incident_rows(orders, ctx.tables.tickets, items, days)
        return judged(
            loaded(ctx, chosen),
            opened.engine.run(fault_rows(orders, tables.history)),
            opened.engine.run(came),
            micros_at(opened.watermark),
            days,
        )

    return ctx.opened().once(("judged orders", ctx.scope, chosen, days), fetched)


def calendar_of(ctx: Context, name: str) -> Calendar:
    """Return a calendar of the workspace by its name, as it is written now.

    Raises
    ------
    UnknownCalendar : there is none of that name
    CalendarWrong : its file, or another, does not fit
    """
    return workspace_calendars(ctx).get(name)


def clock_of(ctx: Context, calendar: Calendar) -> Clock | None:
    """Return the clock that runs while a calendar is open; None for the one that always is."""
    if calendar.name == ALWAYS:
        return None
    opened = ctx.opened()
    earliest = opened.version.earliest or opened.watermark
    return stretches(calendar, *range_of(earliest, opened.watermark)).open_at


def evidence_of(ctx: Context, question: str, chosen: Selection | None) -> Evidence:
    """Return what it takes to get an answer about orders again."""
    return Evidence(f"{question}{chosen_words(chosen)}", ctx.provenance().data_version)
