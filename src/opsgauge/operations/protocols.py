"""Response protocols: set, ended, and what one asks for on the day that a metric slips.

Floor 5. The register is `governance.protocols`; which days are working days a calendar of the
workspace says.
"""

from dataclasses import replace
from datetime import date, timedelta

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import Misuse, NeverOpen
from opsgauge.governance import owners as register
from opsgauge.governance import protocols as kept
from opsgauge.governance.protocols import OWNER, PERSON, Protocol
from opsgauge.governance.signals import Response
from opsgauge.log.calendars.definition import Calendar, always
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.choices import held
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped
from opsgauge.operations.looked import PRACTICE, usual_tickets
from opsgauge.operations.reached import must_reach, sees

A_DAY = timedelta(days=1)
FURTHEST = 3_660  # days that are looked through for working days
NOBODY = "its owner, and nobody is named"


def set_protocol(ctx: Context, wanted: Protocol) -> Protocol:
    """Say what follows when a metric slips; needs `protocol:set` for the records of its segment.

    Raises
    ------
    UnknownMetric, UnknownColumn, UnknownCalendar : it names what is not there
    NeverOpen : the calendar has too few working days
    QueryWrong : who, what, days or reason cannot be
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(kept.SET)
    metric = ctx.catalogue.get(wanted.metric)
    asked = grouped(ctx, Question(metric.name, where=wanted.segment, period="year"))
    wanted = replace(wanted, segment=check_question(metric, asked).where)
    must_reach(ctx, kept.SET, "set response protocols", wanted.segment)
    working_day(workspace_calendars(ctx).get(wanted.calendar), today(ctx), wanted.days)
    return kept.set_protocol(ctx.database, ctx.clock, ctx.actor, wanted)


def end_protocol(ctx: Context, number: int, why: str) -> Protocol:
    """End a protocol; needs `protocol:set` for the records of its segment."""
    ctx.require(kept.SET)
    must_reach(ctx, kept.SET, "end response protocols", kept.protocol(ctx.database, number).segment)
    return kept.end_protocol(ctx.database, ctx.clock, ctx.actor, number, why)


def protocol_list(ctx: Context, metric: str | None = None, ended: bool = False) -> list[Protocol]:
    """Return the protocols that stand, all of whose records are seen; needs `signal:read`."""
    ctx.require("signal:read")
    return [each for each in kept.protocols(ctx.database, metric, ended) if sees(ctx, each.segment)]


def today(ctx: Context) -> date:
    """Return the day it is where the workspace is."""
    return ctx.clock().astimezone(ctx.workspace.zone).date()


def working_day(calendar: Calendar, start: date, days: int) -> date:
    """Return the working day that is so many after a day; 0: that day, or the next working day.

    Raises
    ------
    NeverOpen : there are not so many within ten years

    Examples
    --------
    >>> working_day(always(), date(2026, 1, 5), 3)
    datetime.date(2026, 1, 8)
    """
    day, left = start, days
    for _ in range(FURTHEST):
        if left == 0 and calendar.day(day).slots:
            return day
        day += A_DAY
        left -= bool(calendar.day(day).slots) and left > 0
    raise NeverOpen(
        f"The calendar {calendar.name!r} has no {days} working days after {start}.",
        hint="Give it hours in its 'week', or choose another calendar.",
    )


def response_to(ctx: Context, protocol: Protocol, segment: Rules) -> Response:
    """Return what a protocol asks for if the metric slips today.

    A calendar that cannot be read any more does not hold a response up: every day counts then.
    """
    note = ""
    try:
        due = working_day(
            workspace_calendars(ctx).get(protocol.calendar), today(ctx), protocol.days
        )
    except Misuse as wrong:
        due = working_day(always(), today(ctx), protocol.days)
        note = f"Every day was counted as a working day. {wrong}"
    who = _who(ctx, protocol, segment)
    return Response(protocol.number, who, protocol.what, due.isoformat(), note)


def _who(ctx: Context, protocol: Protocol, segment: Rules) -> str:
    if protocol.who == OWNER:
        return owner_of(ctx, protocol.metric, segment) or NOBODY
    return protocol.name if protocol.who == PERSON else f"the {protocol.name}"


def owner_of(ctx: Context, metric: str, segment: Rules) -> str:
    """Return who answers for a metric's signals: its owner, or that of its process; "" for none.

    The process is the practice of the tickets, where they are of one, else that of the metric.
    """
    owners = {
        (each.kind, each.subject): each.person
        for each in register.owners(ctx.database)
        if each.part == register.OWNER
    }
    named = [each.values for each in segment if each.column == PRACTICE]
    process = named[0][0] if named and len(named[0]) == 1 else process_of(ctx, metric)
    return owners.get(("metric", metric)) or owners.get(("process", process or "")) or ""


def process_of(ctx: Context, metric: str) -> str:
    """Return the process of a metric of the catalogue: its practice, where there are such tickets.

    Else the practice of which it is shown where nobody says of which tickets. "" for no metric.
    """
    known = ctx.catalogue.metrics.get(metric)
    if known is None:
        return ""
    kinds = [each.value or "" for each in held(ctx, PRACTICE)]
    if known.practice in kinds:
        return known.practice
    usual = [each.values[0] for each in usual_tickets(known, kinds) if each.column == PRACTICE]
    return next((each for each in [*usual, *kinds[:1]] if each), known.practice)
