"""Reassigned without a note: teams that hand tickets on and write nothing about it.

Floor 4, analysis. What a note is that goes with a handoff is said in `completeness.py`. Counted are
handoffs of open tickets of which notes are known. A description, not a judgement: who hands on what
a program sorted wrongly has nothing to say of it. Source: practice of service desks.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.describing import Description, hours_of, rows_by, total
from opsgauge.analysis.mining.examples import KEY, MONTH, examples_of, with_most
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import percent, whole
from opsgauge.warehouse.portable import ones, summed

KIND = "reassigned_without_note"


def unnoted_rows(each: ir.Table) -> ir.Table:
    """Count the handoffs of each team by whether a note went with them, where that is known.

    Parameters
    ----------
    each : of `completeness.with_notes`

    Returns
    -------
    team (that gave them), opened_month, n, without, tickets (handed on without a note), idle_us
    (until the next update, of those without a note), example (the ticket with most of it)
    """
    told = each.filter(each.note.notnull() & each.open)
    without = told.note == 0
    of_ticket = told.group_by(*KEY, MONTH, team=told.from_).aggregate(
        n=told.count(),
        without=summed(ones(without).sum()),
        idle_us=summed(ibis.cases((without, told.idle_us), else_=0).sum().fill_null(0)),
    )
    some = of_ticket.without > 0
    return of_ticket.group_by("team", MONTH).aggregate(
        n=summed(of_ticket.n.sum()),
        without=summed(of_ticket.without.sum()),
        tickets=summed(ones(some).sum()),
        idle_us=summed(of_ticket.idle_us.sum()),
        example=with_most(of_ticket, of_ticket.idle_us, some),
    )


def without_note(rows: Sequence[Mapping[str, Any]], limits: Thresholds) -> Iterator[Description]:
    """Yield the teams that hand many tickets on without a note.

    Parameters
    ----------
    rows : what `unnoted_rows` gave
    """
    for team, own in rows_by(rows, "team").items():
        n, without = total(own, "n"), total(own, "without")
        if without >= limits.unnoted_handoffs:
            yield Description(
                KIND,
                f"{whole(without)} of {whole(n)} handoffs by {team} had no note, "
                f"{percent(without / n, 0)}: none was written while it had the ticket, nor within "
                f"{limits.note_minutes:g} minute{'' if limits.note_minutes == 1 else 's'}.",
                f"{whole(limits.unnoted_handoffs)} handoffs or more",
                total(own, "tickets"),
                hours_of(own, "idle_us"),
                (team,),
                examples_of(own),
            )
