"""Variants: the paths that tickets take, how many take each, and how long cases last.

Floor 4, analysis. Each ticket carries the hash of its path, so counting paths is counting hashes;
the path itself is read from one example ticket. Nothing is run here.
"""

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import durations
from opsgauge.analysis.mining import steps as by
from opsgauge.warehouse import portable

TICKET_KEY = ("source", "ticket_id")


def variant_rows(tickets: ir.Table, steps: str) -> ir.Table:
    """Select the variants, most frequent first; tickets without an update have none.

    Parameters
    ----------
    tickets : one row per ticket
    steps : "phase", "original_status", "team" or "activity"

    Returns
    -------
    variant (the hash), count, share (of all tickets with a path, also where the caller takes only
    the first rows), and the key of an example: source (the first that has it) and ticket_id (its
    smallest there).

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = _with_path(tickets, steps)
    # As one value: the smallest number must belong to the source it is shown with.
    key = ibis.struct({name: rows[name] for name in TICKET_KEY})
    grouped = rows.group_by("variant").aggregate(count=rows.count(), example=key.min())
    everything = grouped["count"].sum().over(ibis.window())
    return grouped.select(
        "variant",
        "count",
        source=grouped.example["source"],
        ticket_id=grouped.example["ticket_id"],
        share=portable.ratio(grouped["count"], everything),
    ).order_by(ibis.desc("count"), "variant")


def variant_totals(tickets: ir.Table, steps: str) -> ir.Table:
    """Count, in one row, how many variants there are, and how many tickets have one.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    rows = _with_path(tickets, steps)
    return rows.aggregate(variants=rows.variant.nunique(), tickets=rows.count())


def path_rows(history: ir.Table, examples: ir.Table, steps: str) -> ir.Table:
    """Select the steps of some tickets, in order.

    Parameters
    ----------
    history : the rows of whole tickets
    examples : source and ticket_id of the tickets wanted, such as the first of `variant_rows`
    steps : "phase", "original_status", "team" or "activity"

    Returns
    -------
    source, ticket_id, seq, step (null where none is written); `paths` folds them.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    wanted = by.updates(history).semi_join(examples, list(TICKET_KEY))
    return wanted.select(*TICKET_KEY, "seq", step=by.step(wanted, steps)).order_by(
        *TICKET_KEY, "seq"
    )


def paths(rows: pa.Table) -> dict[tuple[str, str], tuple[str | None, ...]]:
    """Return the path of each ticket, by source and number, from what `path_rows` gave.

    Examples
    --------
    >>> rows = {"source": ["s", "s"], "ticket_id": ["1", "1"], "seq": [1, 2], "step": ["new", None]}
    >>> paths(pa.table(rows))
    {('s', '1'): ('new', None)}
    """
    found: dict[tuple[str, str], list[str | None]] = {}
    for row in rows.to_pylist():
        found.setdefault((row["source"], row["ticket_id"]), []).append(row["step"])
    return {ticket: tuple(path) for ticket, path in found.items()}


def case_seconds(history: ir.Table) -> ir.Table:
    """Summarise how long cases last, from the first to the last update.

    Parameters
    ----------
    history : the rows of whole tickets; the opening interval before the first update is left out

    Returns
    -------
    One row: median, p90 and mean in seconds, null without tickets. A ticket with one update lasts
    no time and counts as zero.
    """
    rows = by.updates(history)
    cases = rows.group_by(*TICKET_KEY).aggregate(
        elapsed_us=portable.micros(rows.since.max()) - portable.micros(rows.since.min())
    )
    summary = cases.aggregate(**durations.summaries(cases.elapsed_us))
    seconds = durations.in_seconds(summary)
    return summary.select(
        median=seconds["median_seconds"], p90=seconds["p90_seconds"], mean=seconds["mean_seconds"]
    )


def _with_path(tickets: ir.Table, steps: str) -> ir.Table:
    rows = tickets.select(*TICKET_KEY, variant=by.variant_hash(tickets, steps))
    return rows.filter(rows.variant.notnull())
