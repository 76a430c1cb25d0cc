"""What one table names of another is there: tickets of records beside them, items and services.

Floor 2. Many exports name what was never meant to be imported, so a kind of name is judged only
where half of those it names are there; else it is not compared. Tickets are those of the record's
own source, and records older than its first ticket name what lies before the export.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import percent, whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.seen import EXAMPLES, Seen, Subject, Told, seen
from opsgauge.log.door import LogTables
from opsgauge.log.related import (
    APPROVALS,
    ARTICLE_USES,
    CHANGES,
    CONFIGURATION_ITEMS,
    CONTACTS,
    DEPENDENCIES,
    DEPLOYMENTS,
    NOTES,
    RELATED_BY_NAME,
    SERVICES,
    SURVEYS,
)
from opsgauge.warehouse.portable import micros, ones

TICKETS = "tickets"
MEETING = Subject("names_meet", "What is named is there", (), worst="warn", across=True)
JUDGED = 0.5  # of what is named must be there, for the rest to be missed
ITEM, SERVICE = "configuration_item", "service"
NAMED: tuple[tuple[str, str, str], ...] = (  # table, column, and the table it names a row of
    (APPROVALS.name, "ticket_id", TICKETS),
    (CONTACTS.name, "ticket_id", TICKETS),
    (SURVEYS.name, "ticket_id", TICKETS),
    (NOTES.name, "ticket_id", TICKETS),
    (ARTICLE_USES.name, "ticket_id", TICKETS),
    (CHANGES.name, "change_id", TICKETS),
    (DEPLOYMENTS.name, "change_id", TICKETS),
    (DEPLOYMENTS.name, "release_id", TICKETS),
    (DEPLOYMENTS.name, "failed_by", TICKETS),
    (TICKETS, ITEM, CONFIGURATION_ITEMS.name),
    (CHANGES.name, ITEM, CONFIGURATION_ITEMS.name),
    (DEPENDENCIES.name, ITEM, CONFIGURATION_ITEMS.name),
    (DEPENDENCIES.name, "needs", CONFIGURATION_ITEMS.name),
    (TICKETS, SERVICE, SERVICES.name),
    (CHANGES.name, SERVICE, SERVICES.name),
    (CONFIGURATION_ITEMS.name, SERVICE, SERVICES.name),
)


@dataclass(frozen=True)
class Met:
    """How many records of one kind name something, and how many of these find it."""

    kind: str
    named: int
    met: int

    @property
    def missed(self) -> int:
        """Records that name what is not there."""
        return self.named - self.met

    @property
    def column(self) -> str:
        """The column that names it, as metrics call it."""
        return self.kind.split(" ", 1)[0].removeprefix(f"{TICKETS}.")

    @property
    def words(self) -> str:
        """It as an example."""
        return (
            f"{self.kind}: {whole(self.missed)} of {whole(self.named)}, "
            f"{percent(self.missed / self.named)}"
        )


def names_meet(records: Records) -> Seen:
    """Look at every kind of name of which both sides are imported."""
    kinds = [each for each in NAMED if _there(records, each)]
    rows = records.rows(met(records.tables, kinds)) if kinds else []
    looked = [Met(row["kind"], row["named"], row["met"]) for row in sorted(rows, key=_kind)]
    judged = [each for each in looked if each.met >= JUDGED * each.named]
    short = [each for each in judged if each.missed]
    count, of = sum(each.missed for each in judged), sum(each.named for each in judged)
    told = Told(
        count,
        of,
        f"{whole(count)} of {whole(of)} records name a ticket, item or service that is not there.",
        "Import what they name, or ask which of the two exports leaves something out.",
        tuple(each.words for each in sorted(short, key=lambda each: -each.missed)[:EXAMPLES]),
        columns=tuple(dict.fromkeys(each.column for each in short)),
    )
    return seen(MEETING, told)


def _kind(row: dict[str, Any]) -> str:
    return str(row["kind"])


def _there(records: Records, kind: tuple[str, str, str]) -> bool:
    return {kind[0], kind[2]} <= {TICKETS, *records.beside}


def met(tables: LogTables, kinds: Iterable[tuple[str, str, str]]) -> ir.Table:
    """Count by kind the records that name something, and those that find it: kind, named, met."""
    return ibis.union(*_each(tables, kinds))


def _each(tables: LogTables, kinds: Iterable[tuple[str, str, str]]) -> list[ir.Table]:
    made = []
    for table, column, other in kinds:
        rows = tables.tickets if table == TICKETS else tables.related[table]
        rows = _of_tickets(tables, rows, table, column) if other == TICKETS else rows
        known = tables.tickets if other == TICKETS else tables.related[other]
        name = "ticket_id" if other == TICKETS else RELATED_BY_NAME[other].key[1]
        on = ["source", "named"] if other == TICKETS else ["named"]
        keys = known.mutate(named=known[name]).select(*on).distinct()
        asked = rows.mutate(named=rows[column]).select("source", "named")
        asked = asked.filter(asked.named.notnull())
        found = asked.left_join(keys.mutate(there=ibis.literal(True)), on)
        kind = ibis.literal(f"{table}.{column} in {other}")
        told = found.aggregate(named=found.count(), met=ones(found.there).sum())
        made.append(told.select(kind=kind, named=told.named, met=told.met.fill_null(0)))
    return made


def _of_tickets(tables: LogTables, rows: ir.Table, table: str, column: str) -> ir.Table:
    """Return the records that are not older than the first ticket of their source."""
    at = RELATED_BY_NAME[table].dated_by
    begins = tables.tickets.group_by("source").aggregate(
        begins_us=micros(tables.tickets.opened_at).min()
    )
    joined = rows.select("source", column, at=rows[at]).inner_join(begins, "source")
    told = joined.select("source", column, at_us=micros(joined["at"]), begins_us=joined.begins_us)
    return told.filter(told.at_us.isnull() | (told.at_us >= told.begins_us))
