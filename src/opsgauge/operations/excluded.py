"""Tickets left out of numbers: asked for, approved, ended, and told of beside every number.

Floor 5. The register is `governance.exclusions`; what is in force reaches queries by
`Context.leaving_out`.
"""

from collections.abc import Sequence
from dataclasses import replace

from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import exclusions
from opsgauge.governance.access import LOCAL, decide
from opsgauge.governance.exclusions import Entry, Wanted
from opsgauge.operations.answers import LeftOut
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant
from opsgauge.operations.ticket import ticket

SAID = 5  # tickets that are named in a sentence


def exclusion_register(ctx: Context) -> list[Entry]:
    """Return every exclusion ever asked for, newest first; needs `exclusion:read`."""
    ctx.require("exclusion:read")
    return exclusions.register(ctx.database)


def ask_exclusion(ctx: Context, wanted: Wanted) -> Entry:
    """Ask for tickets to be left out of a metric's numbers, or of all; needs `exclusion:ask`.

    Raises
    ------
    UnknownMetric, UnknownColumn, UnknownTicket : it names what is not there
    QueryWrong : it has no reason, means nothing, or both names and describes tickets
    """
    ctx.require(exclusions.ASK)
    if wanted.metric:
        ctx.catalogue.get(wanted.metric)
    for source, ticket_id in wanted.tickets:
        ticket(ctx, ticket_id, source)
    wanted = replace(wanted, rules=meant(ctx, wanted.rules))
    return exclusions.ask(ctx.database, ctx.clock, ctx.actor, wanted)


def approve_exclusion(ctx: Context, number: int) -> Entry:
    """Let an exclusion count; needs `exclusion:approve`, and another than who asked for it.

    Where nobody signs in there is nobody else; the audit says then that it was one's own.
    """
    ctx.require(exclusions.APPROVE)
    alone = ctx.actor == LOCAL
    return exclusions.approve(ctx.database, ctx.clock, ctx.actor, number, alone)


def end_exclusion(ctx: Context, number: int, why: str) -> Entry:
    """Refuse an exclusion, or end it; needs `exclusion:approve`."""
    ctx.require(exclusions.APPROVE)
    return exclusions.end(ctx.database, ctx.clock, ctx.actor, number, why)


def named(tickets: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return tickets written as SOURCE:NUMBER.

    Examples
    --------
    >>> named(["desk:INC1"])
    (('desk', 'INC1'),)
    """
    parted = [each.partition(":") for each in tickets]
    for source, colon, number in parted:
        if not (source and colon and number):
            raise QueryWrong(
                f"{source + colon + number!r} names no ticket.", hint="Write it as desk:INC1."
            )
    return tuple((source.strip(), number.strip()) for source, _, number in parted)


def which_words(wanted: Wanted) -> str:
    """Say which tickets an exclusion is about.

    Examples
    --------
    >>> which_words(Wanted("The storm.", tickets=(("desk", "INC1"),)))
    'desk:INC1'
    >>> from datetime import date
    >>> which_words(Wanted("The storm.", from_=date(2026, 1, 5), to=date(2026, 1, 6)))
    'opened from 2026-01-05 to 2026-01-06'
    """
    if wanted.tickets:
        names = [f"{source}:{number}" for source, number in wanted.tickets[:SAID]]
        more = len(wanted.tickets) - len(names)
        return ", ".join(names) + (f" and {more:,} more" if more else "")
    parts = [each.sentence() for each in wanted.rules]
    days = [f"from {wanted.from_}"] if wanted.from_ else []
    days += [f"to {wanted.to}"] if wanted.to else []
    return ", ".join([*parts, *([f"opened {' '.join(days)}"] if days else [])])


def told_of(ctx: Context) -> tuple[LeftOut, ...]:
    """Return what a number leaves out, with the reasons for whom they may be told."""
    may = bool(ctx.left_out) and decide(ctx.actor, "exclusion:read").allowed
    return tuple(LeftOut(each.number, each.why if may else "") for each in ctx.left_out or ())


def words_of(left_out: Sequence[LeftOut]) -> tuple[str, ...]:
    """Return what to say beside numbers that leave tickets out."""
    if not left_out:
        return ()
    told = "; ".join(each.sentence() for each in left_out)
    return (f"Tickets are left out by agreement ({told}). The number with them stands beside it.",)
