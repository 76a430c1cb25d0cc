"""A data version compared with the one that was asked before it.

Floor 5. What differs is looked up once, by both engines, and kept with the later version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.differences import COMPARED, Difference, difference, told_of, unshared_bytes
from opsgauge.log.door import open_tables
from opsgauge.log.periods import ONE_DAY, arrow_numbers, start_of_day
from opsgauge.log.related import CLOCKS, CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import TICKETS, Table
from opsgauge.metrics.reach import PLACE, Compared, dated_rows, key_columns, later_rows
from opsgauge.metrics.subject import Subject
from opsgauge.operations.context import Context
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.spilling import reading_memory
from opsgauge.warehouse.portable import EPOCH, micros_at

Flags = Mapping[str, npt.NDArray[np.bool_]]  # by column, for each key whether it differs
MOST_COMPARED = 1_000_000_000  # bytes of files; beyond, comparing takes as long as asking
CLOCKS_DIFFER = "clocks that differ"  # under which a version remembers them, beside the other's
OF_TICKET, LATER = "its ticket", "later"  # beside tables: where records that differ are found
LOOKED_AT = {**COMPARED, CLOCKS.name: CLOCKS}
EVERYWHERE = open_tables(Scope.everything())  # what a scope withholds differs nowhere else


def compare(ctx: Context, before: OpenVersion) -> Compared | None:
    """Compare the data version that a context reads with an earlier one that is still open.

    None where the two have no calendar in common, share too little, or the earlier one's files are
    gone.
    """
    opened = ctx.opened()
    return opened.once(("compared", before.version.version), lambda: _compared(ctx, before))


def _compared(ctx: Context, before: OpenVersion) -> Compared | None:
    opened = ctx.opened()
    one, other = before.periods, opened.periods
    first = other.date_of(other.first)
    alike = (one.zone, one.bucket_us) == (other.zone, other.bucket_us)
    if not alike or one.date_of(one.first) != first:
        return None
    told = _told(ctx, before)
    if told is None:
        return None
    for name, rows in told.told.items():
        _hold_keys(LOOKED_AT[name], rows, before, opened)

    def days(subject: Subject, moment: str, names: frozenset[str]) -> frozenset[date] | None:
        known = _with_clocks(told, before, opened) if subject.name == CLOCKS.name else told
        if known is None:
            return None
        buckets: set[int] = set()
        for source in _sources(subject, known):
            if source == OF_TICKET and TICKETS.name not in names:
                continue
            key = ("differing rows", before.version.version, subject.name, source)
            found = opened.once(key, partial(_dated, subject, source, known, (before, opened)))
            buckets |= found.buckets_of(moment, names)
        width = timedelta(microseconds=other.bucket_us)
        return frozenset(other.date_of(EPOCH + width * bucket) for bucket in buckets)

    return Compared(
        difference=told,
        days=days,
        same=frozenset(COMPARED) - told.told.keys(),
        first=first,
        since=min(one.date_of(before.watermark), one.date_of(one.last)),
        last=max(one.date_of(one.last), other.date_of(other.last)),
        day_of=lambda us: other.date_of(EPOCH + timedelta(microseconds=us)),
    )


def _told(ctx: Context, before: OpenVersion) -> Difference | None:
    """Return what differs; None where it is too much, or a file is gone."""
    opened = ctx.opened()
    try:
        if unshared_bytes(before.stored, opened.stored) > MOST_COMPARED:
            return None
        memory = reading_memory(ctx.workspace)
        return difference(before.stored, opened.stored, memory=memory)
    except WarehouseDamaged:
        return None


def note_clocks(before: OpenVersion, opened: OpenVersion, again: ir.Table) -> None:
    """Note which clocks differ between two versions, once both have theirs.

    Parameters
    ----------
    again : keys of the tickets of which any may differ, as a table that both engines hold
    """
    rows = EVERYWHERE.related[CLOCKS.name].semi_join(again, list(TICKETS.key))
    told = told_of(CLOCKS, before.engine.read(rows), opened.engine.read(rows))
    _hold_keys(CLOCKS, told, before, opened)
    opened.memo[CLOCKS_DIFFER, before.version.version] = told


def _with_clocks(told: Difference, before: OpenVersion, opened: OpenVersion) -> Difference | None:
    """Add the clocks that differ; None where nobody noted them."""
    clocks = opened.memo.get((CLOCKS_DIFFER, before.version.version))
    return None if clocks is None else replace(told, told={**told.told, CLOCKS.name: clocks})


def _hold_keys(table: Table, told: pa.Table, before: OpenVersion, opened: OpenVersion) -> None:
    held = {_keys(table.name, opened): _placed(table, told)}
    before.engine.hold(held)
    opened.engine.hold(held)


def differing_keys(compared: Compared, table: Table, opened: OpenVersion) -> list[ir.Table]:
    """Return the keys of the records of a table that differ, as a table that the engine holds.

    There is none where nothing differs.
    """
    if table.name in compared.same:
        return []
    held = {**dict.fromkeys(key_columns(table.key), "string"), PLACE: "int64"}
    rows = ibis.table(held, name=_keys(table.name, opened))
    named = dict(zip(table.key, key_columns(table.key), strict=True))
    return [rows.select(**{name: rows[column] for name, column in named.items()})]


def _keys(table: str, opened: OpenVersion) -> str:
    """Return the name under which the keys of a table are held by both engines."""
    return f"differing_{table}_{opened.version.version}"


def _placed(table: Table, told: pa.Table) -> pa.Table:
    named = dict(zip(key_columns(table.key), (told[name] for name in table.key), strict=True))
    return pa.table({**named, PLACE: arrow_numbers(np.arange(told.num_rows, dtype=np.int64))})


@dataclass(frozen=True)
class _Dated:
    """Records that differ, or whose tickets do: when they are dated, by the one and the other."""

    flags: Flags | None  # None where all of them count, whatever is asked
    rows: Sequence[pa.Table]  # of either version: place, and a bucket for each moment

    def buckets_of(self, moment: str, names: frozenset[str]) -> set[int]:
        """Return the buckets in which those are dated that differ in one of some columns."""
        found: set[int] = set()
        for rows in self.rows:
            buckets = rows[moment]
            if self.flags is not None:
                asked = [flags for name, flags in self.flags.items() if name in names]
                if not asked:
                    continue
                differs = np.logical_or.reduce(asked)
                buckets = buckets.filter(pa.array(differs[rows[PLACE].to_numpy()]))
            found |= {*buckets.unique().drop_null().to_pylist()}
        return found


def _sources(subject: Subject, told: Difference) -> Sequence[str]:
    """Return where to look for records that differ: tables of keys, their tickets, or time."""
    own = [subject.name, *([CONTACT_TICKETS.name] if subject.name == CONTACTS.name else [])]
    found = [name for name in own if name in told.told]
    if subject.ticket and not subject.is_tickets and TICKETS.name in told.told:
        found.append(OF_TICKET)
    return found if subject.is_tickets else [*found, LATER]


def _dated(
    subject: Subject, source: str, told: Difference, versions: tuple[OpenVersion, OpenVersion]
) -> _Dated:
    before, opened = versions
    if source == LATER:
        ends = start_of_day(
            before.periods.date_of(before.periods.last) + ONE_DAY, opened.periods.zone
        )
        query = later_rows(subject, EVERYWHERE, opened.periods, micros_at(ends))
        return _Dated(None, [opened.engine.run(query)])
    table = TICKETS if source == OF_TICKET else LOOKED_AT[source]
    keys = _keys(table.name, opened)
    query = dated_rows(subject, EVERYWHERE, opened.periods, keys, source == OF_TICKET)
    rows = [version.engine.run(query) for version in versions]
    return _Dated(_flags(table, told.told[table.name]), rows)


def _flags(table: Table, told: pa.Table) -> Flags:
    names: Iterable[str] = (name for name in told.column_names if name not in table.key)
    return {name: told[name].to_numpy() for name in names}
