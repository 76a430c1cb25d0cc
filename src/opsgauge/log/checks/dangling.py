"""References that lead nowhere: links to tickets that are not there.

Floor 2. Many tools point to records that were never meant to be imported. A kind of link is judged
only where some of a source's links of that kind do arrive.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.units import whole
from opsgauge.log.checks.records import Records
from opsgauge.log.checks.rules import examples
from opsgauge.log.checks.seen import Seen, Subject, Told, seen
from opsgauge.warehouse.portable import ones

DANGLING = Subject("dangling_links", "Links arrive", (), worst="warn", across=True)


def dangling_links(records: Records) -> Seen:
    """Count the links that do not arrive, of the kinds of which some do."""
    links = arriving(records.tables.links, records.tables.tickets)
    kinds = records.rows(counted(links))
    judged = [row for row in kinds if row["arrive"]]
    of = sum(row["links"] for row in judged)
    count = of - sum(row["arrive"] for row in judged)
    kinds_short = sorted({row["kind"] for row in judged if row["arrive"] < row["links"]})
    told = Told(
        count,
        of,
        f"{whole(count)} of {whole(of)} links lead to tickets that are not there "
        f"({', '.join(kinds_short)}).",
        "Import what they point to, if it lies in other files; else ask what was deleted.",
        tickets=_short(records, links, judged) if count else (),
    )
    return seen(DANGLING, told)


def arriving(links: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return the links, each with whether a ticket of that number is there, in any source.

    A ticket that was merged into another is there as long as it is tied to it.
    """
    known = ibis.union(
        tickets.select(to_id=tickets.ticket_id), links.select(to_id=links.ticket_id), distinct=True
    )
    there = known.mutate(there=ibis.literal(1, "int64"))
    return links.select("source", "ticket_id", "kind", "to_id").left_join(there, "to_id")


def counted(links: ir.Table) -> ir.Table:
    """Count links and those that arrive, by source and kind."""
    arrive = ones(links.there.notnull()).sum()
    return links.group_by("source", "kind").aggregate(links=links.count(), arrive=arrive)


def _short(
    records: Records, links: ir.Table, judged: list[dict[str, object]]
) -> tuple[tuple[str, str], ...]:
    lost = links.filter(links.there.isnull())
    of_these = [(lost.source == row["source"]) & (lost.kind == row["kind"]) for row in judged]
    return examples(records, lost.filter(ibis.or_(*of_these)))
