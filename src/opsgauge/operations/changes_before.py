"""The changes made before an incident, on its item, on one it needs, or on its service.

Floor 5. An association, never a cause: beside each change stands how many other incidents it has
near it, and how many are usual in as long a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import ibis

from opsgauge.analysis.changes.before import (
    NEEDED,
    PAST_US,
    About,
    Incidents,
    Made,
    Needs,
    Tie,
    Usual,
    before,
    change_rows,
    incidents_about,
    incidents_of,
    made_of,
    near_and_past,
    needs_of,
    services_of,
)
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import MICROS_PER_HOUR, whole
from opsgauge.log.related import CHANGES, CONFIGURATION_ITEMS, DEPENDENCIES
from opsgauge.operations.answers import Provenance, published
from opsgauge.operations.context import Context
from opsgauge.operations.ticket import whole_ticket
from opsgauge.warehouse.portable import EPOCH, micros_at

INCIDENT = "incident"
MOST_HOURS = 8_760.0
MOST_SHOWN = 50
CAUSED_BY = "caused_by"
NOT_CAUSE = "Before is not because: these changes came first, and that is all it says."
DETAILS = ("type", "risk", "configuration_item", "service", "outcome", "backed_out")


@dataclass(frozen=True)
class ChangeBefore:
    """One change that was made before an incident.

    Attributes
    ----------
    how : what it shares with the incident: "item", "needed" (an item that the incident's needs,
        over so many `steps`) or "service"
    by_plan : no actual moment is on record, so the planned ones are taken
    hours_before : from its end to the incident; 0 where it was still under way
    named : the incident itself names it as its cause
    here : its own ticket is in the records
    others : other incidents near it, on what it touches; None where too few to be shown
    usual : how many incidents are usual in as long a time; None where nobody can say
    """

    source: str
    change_id: str
    how: str
    steps: int
    began_at: datetime
    ended_at: datetime
    by_plan: bool
    hours_before: float
    named: bool
    here: bool
    others: int | None
    usual: float | None
    details: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        own = {key: published(value) for key, value in vars(self).items() if key != "details"}
        return {**own, **self.details}


@dataclass(frozen=True)
class ChangesBefore:
    """The changes before one ticket; `compared` says whether there was anything to look at."""

    source: str
    ticket_id: str
    hours: float
    compared: bool
    words: str
    changes: tuple[ChangeBefore, ...]
    provenance: Provenance
    more: int = 0  # changes that are not shown

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "source": self.source,
            "ticket_id": self.ticket_id,
            "hours": self.hours,
            "compared": self.compared,
            "words": self.words,
            "more": self.more,
            "changes": [each.as_json() for each in self.changes],
        }


def changes_before(
    ctx: Context, ticket_id: str, source: str | None = None, hours: float | None = None
) -> ChangesBefore:
    """Return the changes made within a window before an incident was opened, the closest first.

    Needs `ticket:read`.

    Parameters
    ----------
    hours : the window; else that of the settings

    Raises
    ------
    UnknownTicket : there is none the actor may see, or several of that number
    QueryWrong : the window is none
    """
    ctx.require("ticket:read")
    ctx = ctx.holding()
    window = ctx.workspace.settings.change_window_hours if hours is None else hours
    if not isfinite(window) or not 0 < window <= MOST_HOURS:
        raise QueryWrong(
            f"A window of {window:g} hours cannot be looked at.",
            hint=f"Choose more than 0 and at most {MOST_HOURS:,.0f} hours.",
        )
    row = dict(whole_ticket(ctx, ticket_id, source).ticket)
    key = ("changes before", ctx.scope, row["source"], ticket_id, window)
    return ctx.opened().once(key, lambda: _answer(ctx, row, window))


def _answer(ctx: Context, row: dict[str, Any], hours: float) -> ChangesBefore:
    window_us = round(hours * MICROS_PER_HOUR)
    why_not = _why_not(ctx, row)
    found = [] if why_not else _found(ctx, row, window_us)
    return ChangesBefore(
        source=row["source"],
        ticket_id=row["ticket_id"],
        hours=hours,
        compared=not why_not,
        words=why_not or _sentence(found, hours),
        changes=tuple(found[:MOST_SHOWN]),
        provenance=ctx.provenance(),
        more=max(len(found) - MOST_SHOWN, 0),
    )


def _why_not(ctx: Context, row: dict[str, Any]) -> str:
    """Return why there is nothing to compare, "" where there is."""
    if row["practice"] != INCIDENT:
        return "Not compared: only incidents are looked at for changes before them."
    if not row["configuration_item"] and not row["service"]:
        return "Not compared: the incident names neither a configuration item nor a service."
    if CHANGES.name not in ctx.opened().version.tables:
        return "Not compared: no changes are imported (docs/guides/related-records.md)."
    return ""


def _sentence(found: list[ChangeBefore], hours: float) -> str:
    span = f"within {hours:g} hours before it was opened"
    if not found:
        return f"No change is on record on its item or service {span}."
    many = "1 change was" if len(found) == 1 else f"{whole(len(found))} changes were"
    return f"{many} made {span}, on the same item or service. {NOT_CAUSE}"


def _found(ctx: Context, row: dict[str, Any], window_us: int) -> list[ChangeBefore]:
    made, needs, services = (_kept(ctx, name) for name in ("made", "needs", "services"))
    item = row["configuration_item"]
    about = About(micros_at(row["opened_at"]), item, row["service"] or services.get(item))
    ties = before(about, made, needs, window_us)
    if not ties:
        return []
    known = _Known(ctx, made, needs, window_us, _details(ctx, made, ties), _named(ctx, row))
    return [_change(known, tie, about.opened_us) for tie in ties]


def _kept(ctx: Context, what: str) -> Any:
    """Return a part of what the tables say, read once for this data version and scope."""
    opened, key = ctx.opened(), ("changes before", what, ctx.scope)

    def remembered() -> Any:
        if key not in opened.memo:
            opened.memo[key] = READ[what](ctx)
        return opened.memo[key]

    return opened.once(key, remembered)


def _made(ctx: Context) -> Made:
    tables, related = ctx.tables, ctx.tables.related
    rows = change_rows(related[CHANGES.name], tables.tickets, related[CONFIGURATION_ITEMS.name])
    return made_of(ctx.opened().engine.run(rows))


def _needs(ctx: Context) -> Needs:
    rows = ctx.tables.related[DEPENDENCIES.name].select("configuration_item", "needs").distinct()
    return needs_of(ctx.opened().engine.run(rows).to_pylist())


def _incidents(ctx: Context) -> Incidents:
    items = ctx.tables.related[CONFIGURATION_ITEMS.name]
    return incidents_of(ctx.opened().engine.run(incidents_about(ctx.tables.tickets, items)))


def _services(ctx: Context) -> dict[str, str]:
    rows = services_of(ctx.tables.related[CONFIGURATION_ITEMS.name])
    return {each["item"]: each["carries"] for each in ctx.opened().engine.run(rows).to_pylist()}


READ: dict[str, Callable[[Context], Any]] = {
    "made": _made,
    "needs": _needs,
    "incidents": _incidents,
    "services": _services,
}


@dataclass(frozen=True)
class _Known:
    """What is known of the changes before one incident."""

    ctx: Context
    made: Made
    needs: Needs
    window_us: int
    details: dict[tuple[str, str], dict[str, Any]]
    named: frozenset[str]


def _details(ctx: Context, made: Made, ties: list[Tie]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the change records say, and whether each change's own ticket is there."""
    changes, tickets = ctx.tables.related[CHANGES.name], ctx.tables.tickets
    wanted = sorted({made.keys[tie.at][1] for tie in ties})
    there = tickets.select("source", change_id=tickets.ticket_id, here=ibis.literal(True))
    rows = changes.filter(changes.change_id.isin(wanted)).left_join(there, ["source", "change_id"])
    told = rows.select("source", "change_id", *DETAILS, here=rows.here.fill_null(False))
    found = ctx.opened().engine.run(told).to_pylist()
    return {(row["source"], row["change_id"]): row for row in found}


def _named(ctx: Context, row: dict[str, Any]) -> frozenset[str]:
    """Return what the incident itself names as its cause."""
    links = ctx.tables.links
    mine = links.filter(
        (links.source == row["source"])
        & (links.ticket_id == row["ticket_id"])
        & (links.kind == CAUSED_BY)
    )
    return frozenset(each["to_id"] for each in ctx.opened().engine.run(mine).to_pylist())


def _change(known: _Known, tie: Tie, opened_us: int) -> ChangeBefore:
    made = known.made
    key, ended_us = made.keys[tie.at], int(made.ended[tie.at])
    own = known.details[key]
    others, usual = _beside(known, tie)
    return ChangeBefore(
        source=key[0],
        change_id=key[1],
        how=tie.how,
        steps=tie.steps,
        began_at=_moment(int(made.begun[tie.at])),
        ended_at=_moment(ended_us),
        by_plan=made.by_plan[tie.at],
        hours_before=max(opened_us - ended_us, 0) / MICROS_PER_HOUR,
        named=key[1] in known.named,
        here=own["here"],
        others=others,
        usual=usual,
        details={name: own[name] for name in DETAILS},
    )


def _beside(known: _Known, tie: Tie) -> tuple[int | None, float | None]:
    """Return how many other incidents are near a change, and how many are usual there."""
    opened, below = known.ctx.opened(), known.ctx.workspace.settings.suppress_below
    first, last = (micros_at(each) for each in (opened.periods.first, opened.watermark))
    begun, ended = int(known.made.begun[tie.at]), int(known.made.ended[tie.at])
    near, past = near_and_past(
        tie.at, known.made, _kept(known.ctx, "incidents"), known.needs, known.window_us
    )
    usual = Usual(
        near, past, min(ended + known.window_us, last) - begun, min(PAST_US, begun - first)
    )
    others = near - 1  # the incident itself is among them
    few = [0 < each < below for each in (others, past)]
    return None if few[0] else others, None if few[1] else usual.usual


def _moment(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def how_words(change: ChangeBefore) -> str:
    """Say what a change shares with the incident.

    Where it is on an item that the incident's needs, and over how many steps.
    """
    if change.how != NEEDED:
        return f"the same {'item' if change.how == 'item' else 'service'}"
    return "an item it needs" + (f", {change.steps} steps away" if change.steps > 1 else "")


def usual_words(change: ChangeBefore) -> str:
    """Say how many other incidents the change has near it, against the usual."""
    if change.others is None:
        return "too few to be shown"
    others = "1 other" if change.others == 1 else f"{whole(change.others)} others"
    if change.usual is None:
        return f"{others}; what is usual is not known"
    return f"{others}, {change.usual:.1f} are usual"
