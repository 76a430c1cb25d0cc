"""Kinds of cause, each with the test that the data can make of it, and what its tickets cost.

Floor 4, analysis. A ticket bears the mark of a kind, or not, or its records cannot say. Marked
tickets are held against unmarked ones of the same practice, category and priority: a kind is told
where enough tickets bear its mark and take longer than like ones by more than chance. What waiting
for approval and work by hand take is on record and needs no comparison: these are told where a
tenth of the tickets bears the mark.

Source: the five usual sources of poor performance (unclear ownership, manual steps, gaps of tools,
approvals, unclear policy); direct standardisation as in `comparison/fair.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum, sqrt

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.causes.alike import Z
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import LogTables
from opsgauge.warehouse.portable import ones, summed

KEY = ["source", "ticket_id"]
OWNERSHIP, MANUAL, TOOL, APPROVAL, POLICY = (
    "unclear ownership",
    "manual step",
    "tool gap",
    "approval bottleneck",
    "unclear policy",
)
KINDS = (OWNERSHIP, MANUAL, TOOL, APPROVAL, POLICY)
MANY_HANDOFFS = 3  # changes of team, from which on nobody seems to own it
OF_THE_TIME = 0.25  # of its open time, from which on a ticket waited for approval
LIKE_MOST, MANY = 0.5, 20  # of a kind of work on one path, and tickets of it: it is repetitive
WATCHED = 0.1  # of a service's incidents, opened by programs: tools watch it
MEASURED = (MANUAL, APPROVAL)  # whose hours are on record
MUCH = 0.1  # of the tickets that can say, to be told of these
ENOUGH, FEWEST = 0.02, 20  # of the tickets that can say, and tickets with the mark, to be told
POINTS, NOT, SILENT = "points to it", "does not point to it", "no data to say"
STRATA = ("practice", "category", "priority")


@dataclass(frozen=True)
class Cause:
    """One kind of cause and what the data say of it.

    Attributes
    ----------
    said : tickets whose records can say; `marked`, those of them that bear its mark
    excess, low, high : hours that a marked ticket takes beyond like ones, with 95 % interval; of
        those `MEASURED`, hours that it waited or was worked on, without one; None where too few can
        be compared
    lost : these hours of all marked tickets together
    verdict : points to it, does not point to it, or no data to say
    """

    kind: str
    said: int
    marked: int
    excess: float | None
    low: float | None
    high: float | None
    lost: float | None
    verdict: str


def marks(tables: LogTables, kind: str) -> ir.Table:
    """Return the tickets whose records can say, and whether they bear the mark.

    Returns
    -------
    key, mark, cost_us: of those `MEASURED`, what it cost; else null
    """
    rows = _MARKS[kind](tables)
    return rows if kind in MEASURED else rows.mutate(cost_us=ibis.null("int64"))


def _ownership(tables: LogTables) -> ir.Table:
    rows = tables.tickets.filter(tables.tickets.history_handoff_count.notnull())
    return rows.select(*KEY, mark=rows.history_handoff_count >= MANY_HANDOFFS)


def _approval(tables: LogTables) -> ir.Table:
    """Return of tickets that were open at all, whether a quarter of it was waiting for approval.

    Only practices can say in which any ticket waits for one: elsewhere nobody is asked.
    """
    history = tables.history
    open_ = history.filter(history.open & history.elapsed_us.notnull())
    waits = ibis.ifelse(open_.phase == "pending_approval", open_.elapsed_us, ibis.literal(0))
    each = open_.mutate(waits=waits).group_by(*KEY, "practice")
    times = each.aggregate(
        waits=lambda rows: summed(rows.waits.sum()),
        whole=lambda rows: summed(rows.elapsed_us.sum()),
    )
    asking = times.filter(times.waits > 0).select("practice").distinct()
    known = times.filter(times.whole > 0).semi_join(asking, "practice")
    return known.select(*KEY, mark=known.waits >= known.whole * OF_THE_TIME, cost_us=known.waits)


def _policy(tables: LogTables) -> ir.Table:
    """Return of tickets with a history, whether their priority or category was put right."""
    history = tables.history
    told = history.filter(history.priority.notnull() | history.category.notnull())
    each = told.group_by(KEY).aggregate(
        priorities=told.priority.nunique(), categories=told.category.nunique()
    )
    plain = tables.tickets.filter(tables.tickets.history_handoff_count.isnull())
    known = each.anti_join(plain, KEY)
    return known.select(*KEY, mark=(known.priorities > 1) | (known.categories > 1))


def _manual(tables: LogTables) -> ir.Table:
    """Return of tickets whose updates say who made them, whether they are the same work by hand.

    The same work: half of a category or more take one path; by hand: no update is a program's.
    """
    history = tables.history
    told = history.filter((history.seq >= 1) & history.automatic.notnull())
    work = ibis.ifelse(told.phase == "in_progress", told.elapsed_us.fill_null(0), ibis.literal(0))
    told = told.mutate(work=work)
    each = told.group_by(KEY).aggregate(
        by_program=ones(told.automatic).sum(), work=summed(told.work.sum())
    )
    rows = tables.tickets.filter(tables.tickets.resolved_at.notnull())
    what = rows.select(
        *KEY,
        "practice",
        what=ibis.coalesce(rows.catalogue_item, rows.category),
        path=rows.variant_phase,
    )
    paths = what.group_by("practice", "what", "path").aggregate(like=what.count())
    sizes = what.group_by("practice", "what").aggregate(size=what.count())
    joined = what.inner_join(paths, ["practice", "what", "path"])
    known = joined.inner_join(sizes, ["practice", "what"]).inner_join(each, KEY)
    alike = (known["size"] >= MANY) & (known.like >= known["size"] * LIKE_MOST)
    return known.select(*KEY, mark=alike & (known.by_program == 0), cost_us=known.work)


def _tool(tables: LogTables) -> ir.Table:
    """Return of incidents of services that tools watch, whether a person had to report it."""
    history, tickets = tables.history, tables.tickets
    told = history.filter((history.practice == "incident") & history.automatic.notnull())
    first = told.filter(told.seq >= 1)
    begun = first.group_by(KEY).aggregate(seq=first.seq.min())
    opened = first.inner_join(begun, [*KEY, "seq"]).select(*KEY, "automatic")
    each = tickets.select(*KEY, "service").inner_join(opened, KEY)
    of = each.group_by("service").aggregate(n=each.count(), seen=ones(each.automatic).sum())
    watched = of.filter(of.service.notnull() & (of.seen >= of.n * WATCHED) & (of.seen > 0))
    known = each.semi_join(watched, "service")
    return known.select(*KEY, mark=~known.automatic)


_MARKS: Mapping[str, Callable[[LogTables], ir.Table]] = {
    OWNERSHIP: _ownership,
    MANUAL: _manual,
    TOOL: _tool,
    APPROVAL: _approval,
    POLICY: _policy,
}


def stratum_rows(tables: LogTables, marked: ir.Table) -> ir.Table:
    """Count tickets and their hours open by stratum and mark: STRATA, mark, n, done, total …"""
    tickets = tables.tickets
    rows = tickets.select(
        *KEY, *STRATA, life_us=tickets.life_us, done=tickets.resolved_at.notnull()
    )
    each = rows.inner_join(marked, KEY)
    told = each.mutate(
        life=ibis.ifelse(each.done, each.life_us, ibis.null("int64")),
        done=ones(each.done & each.life_us.notnull()),
        cost=each.cost_us.fill_null(0),
    )
    return told.group_by([*STRATA, "mark"]).aggregate(
        n=told.count(),
        done=summed(told.done.sum()),
        total=summed(told.life.sum()),
        cost=summed(told.cost.sum()),
        spread=(told.life.cast("float64") / MICROS_PER_HOUR).std(how="sample"),
    )


def cause_of(kind: str, rows: pa.Table) -> Cause:
    """Return what the data say of one kind.

    Parameters
    ----------
    rows : of `stratum_rows`
    """
    strata: dict[tuple[str | None, ...], dict[bool, dict[str, float]]] = {}
    said, marked, cost_us = 0, 0, 0
    for row in rows.to_pylist():
        said += row["n"]
        marked += row["n"] if row["mark"] else 0
        cost_us += row["cost"] if row["mark"] else 0
        place = strata.setdefault(tuple(row[name] for name in STRATA), {})
        place[bool(row["mark"])] = row
    if not said:
        return Cause(kind, 0, 0, None, None, None, None, SILENT)
    if kind in MEASURED:
        lost = cost_us / MICROS_PER_HOUR
        tells = marked >= max(FEWEST, MUCH * said)
        mean = lost / marked if marked else None
        return Cause(kind, said, marked, mean, None, None, lost, POINTS if tells else NOT)
    excess = _excess(strata)
    if excess is None:
        verdict = NOT if marked < max(FEWEST, ENOUGH * said) else SILENT
        return Cause(kind, said, marked, None, None, None, None, verdict)
    n, mean, error = excess
    low, high = mean - Z * error, mean + Z * error
    tells = marked >= max(FEWEST, ENOUGH * said) and low > 0
    return Cause(kind, said, marked, mean, low, high, mean * n, POINTS if tells else NOT)


def _excess(
    strata: Mapping[tuple[str | None, ...], Mapping[bool, Mapping[str, float]]],
) -> tuple[float, float, float] | None:
    """Return how many marked tickets can be compared, their mean hours beyond like ones, its error.

    A stratum is compared where it has two done tickets of each side.
    """
    parts = []
    for place in strata.values():
        sides = [place.get(side) for side in (True, False)]
        if all(side is not None and side["done"] >= 2 for side in sides):
            parts.append([side for side in sides if side is not None])
    n = fsum(one["done"] for one, _ in parts)
    if n < FEWEST:
        return None
    total, variance = [], []
    for one, other in parts:
        mean, theirs = (side["total"] / side["done"] / MICROS_PER_HOUR for side in (one, other))
        total.append(one["done"] * (mean - theirs))
        variance.append(
            one["done"] ** 2
            * fsum((side["spread"] or 0.0) ** 2 / side["done"] for side in (one, other))
        )
    return n, fsum(total) / n, sqrt(fsum(variance)) / n
