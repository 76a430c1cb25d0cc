"""What descriptions are counted from: ways, long tickets, many updates, hidden lines.

Floor 4, analysis. Each query goes over the records once and groups everything at once; what is told
of it is in `describing.py`. Visits and repeated patterns are in `visits.py`.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.examples import KEY, MONTH, with_most
from opsgauge.analysis.mining.steps import is_followed, next_step, step, updates, variant_hash
from opsgauge.warehouse.portable import micros, ones, summed


def way_rows(history: ir.Table, steps: str) -> ir.Table:
    """Count ways from step to step of open tickets, by the team that had them.

    Returns
    -------
    step, then, team, opened_month, n, lasts_us (elapsed in the step before the way), example
    """
    rows = updates(history)
    rows = rows.filter(is_followed(rows) & rows.team.notnull() & rows.open)
    rows = rows.select(
        *KEY, "team", MONTH, step=step(rows, steps), then=next_step(rows, steps),
        lasts_us=rows.elapsed_us,
    )  # fmt: skip
    rows = rows.filter(rows.step.notnull() & rows.then.notnull() & (rows.step != rows.then))
    return rows.group_by("step", "then", "team", MONTH).aggregate(
        n=rows.count(),
        lasts_us=summed(rows.lasts_us.sum()),
        example=with_most(rows, rows.lasts_us),
    )


def length_rows(tickets: ir.Table, times: float) -> ir.Table:
    """Count, by practice and month of opening, tickets that took very long.

    Parameters
    ----------
    times : of the median time to resolve, from which on a ticket took very long

    Returns
    -------
    practice, opened_month, n, median_us (of the practice), long (tickets), long_us (their time
    beyond the median), example
    """
    rows = tickets.filter(tickets.resolved_at.notnull())
    rows = rows.select(
        *KEY, "practice", MONTH, took_us=micros(rows.resolved_at) - micros(rows.opened_at)
    )
    middle = rows.group_by("practice").aggregate(
        median_us=rows.took_us.cast("float64").quantile(0.5)
    )
    rows = rows.inner_join(middle, "practice")
    long = (rows.took_us > rows.median_us * times) & (rows.median_us > 0)
    return rows.group_by("practice", MONTH).aggregate(
        n=rows.count(),
        median_us=rows.median_us.max(),
        long=summed(ones(long).sum()),
        long_us=ibis.cases((long, rows.took_us - rows.median_us), else_=0.0).sum(),
        example=with_most(rows, rows.took_us, long),
    )


def touch_rows(tickets: ir.Table) -> ir.Table:
    """Count tickets by practice, team and how often they were updated.

    Returns
    -------
    practice, team, touches, tickets, took_us (from opening to resolution, of those resolved),
    example
    """
    rows = tickets.filter(tickets.team.notnull())
    grouped = rows.group_by("practice", "team", touches=rows.update_count)
    took = summed(rows.life_us.sum().fill_null(0))
    most = with_most(rows, rows.update_count)
    return grouped.aggregate(tickets=rows.count(), took_us=took, example=most)


def lasting_rows(tickets: ir.Table, steps: str) -> ir.Table:
    """Return how long tickets of each path took, of those resolved.

    Returns
    -------
    path (its hash), opened_month, n, took_us (from opening to resolution), example
    """
    rows = tickets.filter(tickets.life_us.notnull())
    grouped = rows.group_by(MONTH, path=variant_hash(rows, steps))
    return grouped.aggregate(
        n=rows.count(),
        took_us=summed(rows.life_us.sum()),
        example=with_most(rows, rows.life_us),
    )


def line_rows(rows: ir.Table) -> ir.Table:
    """Count how tickets came to each team and where they went.

    Parameters
    ----------
    rows : what `stays.stays` gave

    Returns
    -------
    team, before, opened_month, n, back (given back to `before`), last (never passed on), held_us,
    example
    """
    return rows.group_by("team", "before", MONTH).aggregate(
        n=rows.count(),
        back=summed(ones(rows.to == rows.before).sum()),
        last=summed(ones(rows.to.isnull()).sum()),
        held_us=summed(rows.stayed_us.sum().fill_null(0)),
        example=with_most(rows, rows.stayed_us),
    )


def front_rows(tickets: ir.Table) -> ir.Table:
    """Count resolved tickets by practice and first team, and those the first team resolved.

    Returns
    -------
    practice, team, n, kept, passed_us (from opening to resolution, of those passed on), example
    (of those)
    """
    done = tickets.filter(tickets.resolved_at.notnull() & tickets.first_team.notnull())
    kept = done.history_handoff_count == 0
    return done.group_by("practice", team=done.first_team).aggregate(
        n=done.count(),
        kept=summed(ones(kept).sum()),
        passed_us=summed(ibis.cases((~kept, done.life_us), else_=0).sum().fill_null(0)),
        example=with_most(done, done.history_handoff_count, ~kept),
    )
