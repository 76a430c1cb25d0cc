"""Approvals that stall: they wait, or waited, for an answer for days.

Floor 4, analysis. An approval waits from asking to deciding; one without an answer until the end
of the records, while its ticket is open: of others nobody knows until when it was wanted. Of each
ticket the longest of its stalled approvals by one step and group counts, since a ticket waits once
however many are asked. A description, not a judgement. The three days of the usual threshold are
elapsed, so that what is asked on a Friday may be answered on the Monday.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.describing import Description, hours_of, total
from opsgauge.analysis.mining.examples import KEY, MONTH, examples_of, with_most
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import percent, whole
from opsgauge.warehouse.portable import micros, ones, summed

KIND = "approval_stall"
HOURS_PER_DAY = 24


def stalled_rows(
    tickets: ir.Table, approvals: ir.Table, until_us: int, stalled_us: int
) -> ir.Table:
    """Count the approvals of each step and group that have a wait, and those that stalled.

    Parameters
    ----------
    until_us : up to when the records go
    stalled_us : from which wait on an approval stalled

    Returns
    -------
    step, approver_group, opened_month, n, stalled, waiting (of these, still without an answer),
    tickets (of the stalled ones), waited_us (of these tickets), example (the one with most of it)
    """
    whose = tickets.select(*KEY, MONTH, "open")
    named = approvals.filter(approvals.ticket_id.notnull() & approvals.asked_at.notnull())
    both = named.inner_join(whose, list(KEY))
    asked, decided = micros(both.asked_at), micros(both.decided_at)
    waits = both.approved.isnull() & decided.isnull() & both.open
    end = ibis.cases((decided.notnull(), decided), (waits, ibis.literal(until_us, "int64")))
    rows = both.select(
        *KEY,
        MONTH,
        "step",
        "approver_group",
        waits=waits,
        waited_us=ibis.greatest(end - asked, 0),
        known=end.notnull(),
    )
    rows = rows.filter(rows.known)
    stalled = rows.waited_us >= stalled_us
    of_ticket = rows.group_by(*KEY, MONTH, "step", "approver_group").aggregate(
        n=rows.count(),
        stalled=summed(ones(stalled).sum()),
        waiting=summed(ones(stalled & rows.waits).sum()),
        waited_us=ibis.cases((stalled, rows.waited_us), else_=0).max(),
    )
    some = of_ticket.stalled > 0
    return of_ticket.group_by("step", "approver_group", MONTH).aggregate(
        n=summed(of_ticket.n.sum()),
        stalled=summed(of_ticket.stalled.sum()),
        waiting=summed(of_ticket.waiting.sum()),
        tickets=summed(ones(some).sum()),
        waited_us=summed(of_ticket.waited_us.sum()),
        example=with_most(of_ticket, of_ticket.waited_us, some),
    )


def stalls(rows: Sequence[Mapping[str, Any]], limits: Thresholds) -> Iterator[Description]:
    """Yield the steps of approval, by the group that decides, at which many stall.

    Parameters
    ----------
    rows : what `stalled_rows` gave
    """
    steps: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        steps.setdefault((row["step"] or "", row["approver_group"] or ""), []).append(row)
    for (step, group), of in sorted(steps.items()):
        n, stalled, waiting = (total(of, name) for name in ("n", "stalled", "waiting"))
        if stalled >= limits.stalled_approvals:
            by = f" by {group}" if group else ""
            days = "day" if limits.stalled_days == 1 else "days"
            still = f", {whole(waiting)} still do" if waiting else ""
            yield Description(
                KIND,
                f"{whole(stalled)} of {whole(n)} approvals ‘{step or 'without a step'}’{by} waited "
                f"{limits.stalled_days:g} {days} or longer for an answer, "
                f"{percent(stalled / n, 0)}{still}.",
                f"{limits.stalled_days:g} {days} or longer, {whole(limits.stalled_approvals)} "
                "approvals or more",
                total(of, "tickets"),
                hours_of(of, "waited_us"),
                (group,) if group else (),
                examples_of(of),
            )
