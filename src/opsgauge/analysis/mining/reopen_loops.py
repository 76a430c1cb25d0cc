"""Reopen loops: tickets that were resolved and reopened again and again.

Floor 4, analysis. Told by the team that resolved them first, whose solution did not hold. Their
hours run from the first resolution to the last, whatever the state between; those in which they
were open again are told apart. A ticket that is open once more counts up to its last resolution.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.describing import Description, hours_of, rows_by, total
from opsgauge.analysis.mining.examples import KEY, MONTH, examples_of, with_most
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import whole
from opsgauge.warehouse.portable import micros, summed

KIND = "reopen_loop"


def loop_rows(history: ir.Table, tickets: ir.Table, times: int) -> ir.Table:
    """Count tickets that were reopened so many times or more, by the team that resolved them first.

    Returns
    -------
    team, opened_month, tickets, loop_us (from the first resolution to the last), open_us (of it,
    while open again), example (the one with most of the former)
    """
    often = tickets.filter(tickets.history_reopen_count >= times).select(*KEY)
    rows = history.semi_join(often, list(KEY)).select(
        *KEY, MONTH, "seq", "team", "passage", "open", "elapsed_us", at_us=micros(history.since)
    )
    done, ticket = rows.passage == "resolved", ibis.window(group_by=KEY)
    resolved = ibis.cases((done, rows.seq))
    rows = rows.mutate(
        done=done, first_seq=resolved.min().over(ticket), last_seq=resolved.max().over(ticket)
    )
    rows = rows.filter((rows.seq >= rows.first_seq) & (rows.seq <= rows.last_seq))
    rows = rows.mutate(
        ended_us=ibis.cases((rows.done, rows.at_us)),
        again_us=ibis.cases(
            (rows.open & (rows.seq < rows.last_seq), rows.elapsed_us.fill_null(0)), else_=0
        ),
        first=ibis.cases((rows.done, ibis.struct({"seq": rows.seq, "team": rows.team}))),
    )
    each = rows.group_by(*KEY, MONTH).aggregate(
        first=rows["first"].min(),
        loop_us=rows.ended_us.max() - rows.ended_us.min(),
        open_us=summed(rows.again_us.sum()),
    )
    each = each.mutate(team=each["first"].team)
    each = each.filter(each.team.notnull())
    return each.group_by("team", MONTH).aggregate(
        tickets=each.count(),
        loop_us=summed(each.loop_us.sum()),
        open_us=summed(each.open_us.sum()),
        example=with_most(each, each.loop_us),
    )


def loops(rows: Sequence[Mapping[str, Any]], limits: Thresholds) -> Iterator[Description]:
    """Yield the teams many of whose tickets were reopened again and again.

    Parameters
    ----------
    rows : what `loop_rows` gave
    """
    for team, own in rows_by(rows, "team").items():
        tickets = total(own, "tickets")
        if tickets >= limits.reopen_tickets:
            yield Description(
                KIND,
                f"{whole(tickets)} tickets that {team} resolved first were reopened "
                f"{whole(limits.reopen_times)} times or more.",
                f"{whole(limits.reopen_times)} reopenings, {whole(limits.reopen_tickets)} tickets "
                "or more",
                tickets,
                hours_of(own, "loop_us"),
                (team,),
                examples_of(own),
                open_hours=hours_of(own, "open_us"),
            )
