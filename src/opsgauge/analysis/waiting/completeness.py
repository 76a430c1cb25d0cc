"""What the next team was given at a handoff, and what goes with it: fields, a note, files.

Floor 4, analysis. Of a field it is known whether it was filled then. A note went with the handoff
where one was written while the giving team had the ticket, or a few minutes later, by anybody not
known to be the one who asked; who wrote it is not looked at further, so a note from elsewhere
counts too. A file was there where a note up to then came with one, whoever wrote it. Both are known
of tickets opened after the first note of their source and practice, handed over before the last;
files only where any note there has one.

What goes with a part that is missing is told like with like: among handoffs between the same two
teams, of the same practice and priority, those without against those with it (`strata.py`). That
is no proof that the part is what helps: who writes a note may also call.

Source: none for the parts; the comparison is Cochran's, see `strata.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.describing import total
from opsgauge.analysis.waiting.steps import KEY
from opsgauge.analysis.waiting.strata import Gap, Side, apart, counted, gap, measured
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.warehouse.portable import ones, summed

NOTE, FILES = "note", "files"
FIELDS = ("category", "service", "priority", "assignee")
PARTS = (*FIELDS, NOTE, FILES)
LIKE = ("from_", "to", "practice", "at_priority")
OF_NOTES = ("source", "practice")
SUMS = ("handoffs", "touched", "idle_us", "squares", "back")


@dataclass(frozen=True)
class Completeness:
    """Handoffs by how many of the parts in use were there.

    Attributes
    ----------
    filled : of `of` parts
    idle_hours : until the next update, of `touched` handoffs
    back : of the handoffs, those that went straight back
    """

    filled: int
    of: int
    handoffs: int
    touched: int
    idle_hours: float
    back: int


@dataclass(frozen=True)
class Part:
    """One part, and what goes with its lack.

    Attributes
    ----------
    name : a word of PARTS
    handoffs : those that had it, of `of` of which that is known
    idle : hours until the next update, of those without against those with it; None with too few
    back : the same of the share that went straight back
    """

    name: str
    handoffs: int
    of: int
    idle: Gap | None
    back: Gap | None


def with_notes(each: ir.Table, written: ir.Table, known: ir.Table, grace_us: int) -> ir.Table:
    """Add to handoffs whether a note and a file went with them: 1 or 0, null where nobody knows.

    Parameters
    ----------
    each : of `handoffs.handoff_rows`
    written : of `notes.written`, the notes of these tickets
    known : of `told_rows`
    grace_us : after the handoff, up to which a note still belongs to it
    """
    theirs = written.semi_join(each, list(KEY))
    lines = theirs.select(
        *KEY,
        **_nothing(each, but=KEY),
        told_us=theirs.at_us,
        turn=ibis.literal(0),  # a note at the very moment still belongs to the handoff
        note_us=ibis.cases((_by_staff(theirs), theirs.at_us)),
        file_us=ibis.cases((theirs.attachments > 0, theirs.at_us)),
    )
    number = ibis.null("int64")
    moments = each.mutate(
        told_us=each.at_us + grace_us, turn=ibis.literal(1), note_us=number, file_us=number
    )
    both = moments.union(lines.select(moments.columns))
    so_far = ibis.window(group_by=KEY, order_by=("told_us", "turn"), preceding=None, following=0)
    told = both.mutate(
        note_us=both.note_us.max().over(so_far), file_us=both.file_us.max().over(so_far)
    )
    told = told.filter(told.turn == 1).left_join(known, list(OF_NOTES))
    covered = (told.opened_us >= told.first_us) & (told.told_us <= told.last_us)
    attached = covered & told.any_files
    return told.select(
        *each.columns,
        **{
            NOTE: ibis.cases((covered, ones(told.note_us >= told.got_us))),
            FILES: ibis.cases((attached, ones(told.file_us.notnull()))),
        },
    )


def without_notes(each: ir.Table) -> ir.Table:
    """Add to handoffs that of notes and files nothing is known."""
    return each.mutate(**dict.fromkeys((NOTE, FILES), ibis.null("int64")))


def _nothing(each: ir.Table, but: Sequence[str]) -> dict[str, ir.Value]:
    kinds = each.schema()
    return {name: ibis.null(kinds[name]) for name in each.columns if name not in but}


def _by_staff(notes: ir.Table) -> ir.BooleanValue:
    """Say which notes are by somebody not known to be the one who asked."""
    return ~notes.theirs.fill_null(False)


def told_rows(written: ir.Table) -> ir.Table:
    """Return of which time notes are known: source, practice, first_us, last_us, any_files.

    Parameters
    ----------
    written : of `notes.written`, of all tickets, not only of those chosen
    """
    staff = written.filter(_by_staff(written))
    return staff.group_by(list(OF_NOTES)).aggregate(
        first_us=staff.at_us.min(),
        last_us=staff.at_us.max(),
        any_files=(staff.attachments.fill_null(0).max() > 0),
    )


def stratum_rows(each: ir.Table) -> ir.Table:
    """Return handoffs by LIKE and PARTS (1, 0 or null).

    Returns
    -------
    handoffs, back, touched (with an update after them), idle_us (until it), squares (of the hours)
    """
    hours = each.idle_us.cast("float64") / MICROS_PER_HOUR
    return each.group_by([*LIKE, *PARTS]).aggregate(
        handoffs=each.count(),
        touched=each.idle_us.count(),
        idle_us=summed(each.idle_us.sum().fill_null(0)),
        squares=(hours * hours).sum().fill_null(0.0),
        back=summed(each.back.sum()),
    )


def parts_in_use(rows: pa.Table) -> tuple[str, ...]:
    """Return the parts that any handoff had: the others nobody fills, or nobody knows of.

    Parameters
    ----------
    rows : what `stratum_rows` gave
    """
    return tuple(name for name in PARTS if pa.compute.max(rows[name]).as_py() == 1)


def known(rows: pa.Table) -> tuple[int, int]:
    """Return of how many handoffs notes are known, and of how many in all."""
    listed = _by(rows, (NOTE,))
    told = [row for row in listed if row[NOTE] is not None]
    return total(told, "handoffs"), total(listed, "handoffs")


def completeness(rows: pa.Table, parts: Sequence[str]) -> list[Completeness]:
    """Return handoffs of which all these parts are known, by how many they had, the most first."""
    sums: dict[int, list[float]] = {}
    for row in _by(rows, parts):
        if all(row[name] is not None for name in parts):
            one = sums.setdefault(sum(row[name] for name in parts), [0] * len(SUMS))
            for place, name in enumerate(SUMS):
                one[place] += row[name]
    found = [
        Completeness(filled, len(parts), int(n), int(touched), us / MICROS_PER_HOUR, int(back))
        for filled, (n, touched, us, _, back) in sums.items()
    ]
    return sorted(found, key=lambda each: -each.filled)


def lacks(rows: pa.Table, parts: Sequence[str]) -> list[Part]:
    """Return what goes with the lack of each of these parts."""
    return [_part(name, _by(rows, (*LIKE, name))) for name in parts]


def _part(name: str, rows: Sequence[Mapping[str, Any]]) -> Part:
    told = [{**row, "lacks": 1 - row[name]} for row in rows if row[name] is not None]
    sides = apart(told, LIKE, "lacks")
    return Part(
        name,
        handoffs=total([row for row in told if row[name]], "handoffs"),
        of=total(told, "handoffs"),
        idle=gap((_idle(without), _idle(with_)) for without, with_ in sides),
        back=_of_shares(gap((_back(without), _back(with_)) for without, with_ in sides)),
    )


def _of_shares(found: Gap | None) -> Gap | None:
    """Return a gap of shares within what shares can differ by."""
    return found and replace(found, low=max(found.low, -1.0), high=min(found.high, 1.0))


def _idle(rows: Sequence[Mapping[str, Any]]) -> Side:
    hours = total(rows, "idle_us") / MICROS_PER_HOUR
    return measured(total(rows, "touched"), hours, fsum(row["squares"] for row in rows))


def _back(rows: Sequence[Mapping[str, Any]]) -> Side:
    return counted(total(rows, "handoffs"), total(rows, "back"))


def _by(rows: pa.Table, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return sums by fewer columns."""
    found = rows.group_by(list(names)).aggregate([(name, "sum") for name in SUMS])
    named = [name.removesuffix("_sum") for name in found.column_names]
    listed: list[dict[str, Any]] = found.rename_columns(named).to_pylist()
    return listed
