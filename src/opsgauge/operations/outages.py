"""When outages began and were detected, over what their tickets say.

Floor 5. The records are `governance.outages`; `publish_records` brings them to the numbers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import NotAllowed, QueryWrong
from opsgauge.governance import outages as kept
from opsgauge.governance.access import decide, reaches
from opsgauge.governance.outages import Outage
from opsgauge.log.tables import OF_OUTAGES, TICKETS
from opsgauge.operations.answers import published
from opsgauge.operations.asking import instant
from opsgauge.operations.context import Context
from opsgauge.operations.publish_records import Reached, reach_numbers
from opsgauge.operations.ticket import whole_ticket

FURTHEST = timedelta(days=366)  # from the ticket's opening; beyond, a year was mistyped


@dataclass(frozen=True)
class OutageSet:
    """A decision on an outage, and whether the numbers know it."""

    outage: Outage
    reached: Reached

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**self.outage.as_json(), **vars(self.reached)}


@dataclass(frozen=True)
class OutageTimes:
    """The times of one ticket's outage: what counts, what the source says, and who decided.

    Attributes
    ----------
    told : what the source says, by column of `tickets`
    decided : what stands, or None
    why_not : why the actor may not set them, "" where they may
    """

    counts: dict[str, datetime | None]
    told: dict[str, datetime | None]
    decided: Outage | None
    before: tuple[Outage, ...]
    why_not: str

    @property
    def any(self) -> bool:
        """Whether anything is known of an outage."""
        return any((*self.counts.values(), *self.told.values(), self.decided))

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        moments = {
            side: {name: published(value) for name, value in getattr(self, side).items()}
            for side in ("counts", "told")
        }
        decided = self.decided.as_json() if self.decided else None
        return {**moments, "decided": decided, "before": [each.as_json() for each in self.before]}


def outage_list(ctx: Context, ended: bool = False) -> list[Outage]:
    """Return what was decided on the tickets one sees, oldest first; needs `ticket:read`.

    Parameters
    ----------
    ended : also what counts no more
    """
    ctx.require("ticket:read")
    found = kept.outages(ctx.database, ended=ended)
    if not found or not ctx.scope.hides:
        return found
    tickets = ctx.tables.tickets
    named = tickets.filter(tickets.ticket_id.isin(sorted({each.ticket_id for each in found})))
    rows = ctx.opened().engine.run(named.select(*TICKETS.key)).to_pylist()
    seen = {(row["source"], row["ticket_id"]) for row in rows}
    return [each for each in found if (each.source, each.ticket_id) in seen]


def outage_times(ctx: Context, ticket_id: str, source: str) -> OutageTimes:
    """Return the times of a ticket's outage; needs `ticket:read`.

    Raises
    ------
    UnknownTicket : there is none the actor may see
    """
    row = whole_ticket(ctx, ticket_id, source).ticket
    every = kept.outages(ctx.database, source, ticket_id, ended=True)
    standing = next((each for each in every if each.ended_at is None), None)
    return OutageTimes(
        counts={name: row[name] for name in OF_OUTAGES},
        told={name: row[f"own_{name}"] for name in OF_OUTAGES},
        decided=standing,
        before=tuple(each for each in every if each.ended_at is not None),
        why_not=_why_not(ctx, row),
    )


def outage_of(
    ctx: Context, source: str, ticket_id: str, started: str, detected: str, why: str
) -> Outage:
    """Return the decision that these words mean; moments without an offset are local.

    Raises
    ------
    QueryWrong : a moment cannot be read
    """
    zone = ctx.workspace.zone
    return Outage(
        source,
        ticket_id,
        instant("started", started.strip(), zone),
        instant("detected", detected.strip(), zone),
        why,
    )


def set_outage(ctx: Context, wanted: Outage) -> OutageSet:
    """Set when an outage began and was detected; needs `outage:set` for its ticket.

    The ticket's own times stay beside it; the decision before it is kept.

    Raises
    ------
    UnknownTicket : there is none the actor may see
    NotAllowed : the ticket is beyond what the actor may decide on
    QueryWrong : its times cannot be, or it has no reason
    """
    ctx.require(kept.SET)
    row = whole_ticket(ctx, wanted.ticket_id, wanted.source).ticket
    _must_reach(ctx, row)
    _must_fit(row, wanted)
    wanted = replace(wanted, source=row["source"])
    made = kept.set_outage(ctx.database, ctx.clock, ctx.actor, wanted)
    return OutageSet(made, reach_numbers(ctx, kept.SET))


def end_outage(ctx: Context, number: int, why: str) -> OutageSet:
    """Let a ticket's own times count again; needs `outage:set` for its ticket."""
    ctx.require(kept.SET)
    found = kept.outage(ctx.database, number)
    if ctx.scope.hides:  # of a ticket that is gone, only who sees everything may say it
        _must_reach(ctx, whole_ticket(ctx, found.ticket_id, found.source).ticket)
    made = kept.end_outage(ctx.database, ctx.clock, ctx.actor, number, why)
    return OutageSet(made, reach_numbers(ctx, kept.SET))


def _why_not(ctx: Context, row: Any) -> str:
    verdict = decide(ctx.actor, kept.SET)
    if not verdict.allowed:
        return verdict.reason
    if not Scope(any_of=reaches(ctx.actor, kept.SET)).shows(row):
        return f"{ctx.actor.name} may not set the times of this ticket's outage."
    return ""


def _must_reach(ctx: Context, row: Any) -> None:
    reason = _why_not(ctx, row)
    if reason:
        raise NotAllowed(reason)


def _must_fit(row: Any, wanted: Outage) -> None:
    """Refuse times that lie out of order with the ticket's own, or far from it."""
    started = wanted.started_at or row["own_outage_started_at"]
    detected = wanted.detected_at or row["own_detected_at"]
    if started and detected and started > detected:
        raise QueryWrong(
            f"The outage would begin on {started:%Y-%m-%d %H:%M %Z}, after its detection on "
            f"{detected:%Y-%m-%d %H:%M %Z}.",
            hint="What is detected has begun: give both times.",
        )
    for moment in (wanted.started_at, wanted.detected_at):
        if moment is not None and abs(moment - row["opened_at"]) > FURTHEST:
            raise QueryWrong(
                f"{moment:%Y-%m-%d %H:%M %Z} lies more than a year from the opening of "
                f"{row['ticket_id']} on {row['opened_at']:%Y-%m-%d}.",
                hint="Is the year right?",
            )
