"""Who wrote the notes on tickets, and for whom.

Floor 4, analysis. Whoever asked wrote a note where the export says so (`from_requester`), else
where its author is the ticket's requester; where neither is known it stays unknown. A message to
them is a note that they did not write and that is known not to be internal. An internal note is
never part of an exchange with them.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.waiting.steps import KEY
from opsgauge.warehouse.portable import micros, ones

Span = tuple[int, int]  # a source's first and last note, microseconds


def written(notes: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return the dated notes of these tickets: key, practice, at_us, internal, theirs, attachments.

    `theirs` says whether the ticket's requester wrote it; null where nobody knows.
    """
    whose = tickets.select(*KEY, "practice", "requester")
    dated = notes.filter(notes.written_at.notnull() & notes.ticket_id.notnull())
    both = dated.inner_join(whose, list(KEY))
    return both.select(
        *KEY,
        "practice",
        at_us=micros(both.written_at),
        internal=both.internal,
        theirs=ibis.coalesce(both.from_requester, both.author == both.requester),
        attachments=both.attachments,
    )


def source_rows(each: ir.Table) -> ir.Table:
    """Return of `written` the notes of each source: n, first_us, last_us, messages, answers."""
    return each.group_by("source").aggregate(
        n=each.count(),
        first_us=each.at_us.min(),
        last_us=each.at_us.max(),
        messages=ones(~each.theirs & ~each.internal).sum(),
        answers=ones(each.theirs).sum(),
    )


def exchanging(rows: pa.Table) -> dict[str, Span]:
    """Return the span of each source whose notes tell messages and answers apart.

    Where none of a source's notes is known to be to whoever asked, or none by them, its export does
    not say so, and nobody knows whether they wrote to one another.
    """
    return {
        row["source"]: (row["first_us"], row["last_us"])
        for row in rows.to_pylist()
        if row["messages"] and row["answers"]
    }


def covered(source: ir.Value, at_us: ir.Value, spans: Mapping[str, Span]) -> ir.BooleanValue:
    """Say whether a moment lies between the first and the last note of its source."""
    met = (
        (source == name) & (at_us >= first) & (at_us <= last)
        for name, (first, last) in spans.items()
    )
    return reduce(or_, met, ibis.literal(False))


def answered(each: ir.Table, until: ir.Table) -> ir.Table:
    """Return whether whoever asked answered a message: key, messages (1, or null if not known).

    Parameters
    ----------
    each : of `written`
    until : key and until_us of tickets: only notes before then are looked at; null for all

    Returns
    -------
    One row for each ticket of which it is so or may be so. A note of which nobody knows by whom or
    for whom it is may be either.
    """
    shown = each.filter(~each.internal.fill_null(False))
    both = shown.inner_join(until, list(KEY))
    early = both.filter(both.until_us.isnull() | (both.at_us < both.until_us))
    theirs, not_theirs = early.theirs.fill_null(True), ~early.theirs.fill_null(False)
    seen = early.group_by(list(KEY)).aggregate(
        asked_us=early.at_us.min(where=(~early.theirs & ~early.internal).fill_null(False)),
        said_us=early.at_us.max(where=early.theirs.fill_null(False)),
        maybe_asked_us=early.at_us.min(where=not_theirs),
        maybe_said_us=early.at_us.max(where=theirs),
    )
    maybe = seen.filter(seen.maybe_said_us > seen.maybe_asked_us)
    return maybe.select(
        *KEY, maybe=ibis.literal(1), messages=ibis.cases((maybe.said_us > maybe.asked_us, 1))
    )
