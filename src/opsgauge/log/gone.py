"""What records say of their tickets: that they are deleted, merged into another, or there.

Floor 2. Pure text, run by `deletions.py` and `building.py`; see there for what follows from it.
"""

from opsgauge.log.mapping import Mapping
from opsgauge.log.normalise import (
    column_of,
    deleted_sql,
    fields_sql,
    moment,
    order_sql,
    practice_sql,
    read_rows,
)
from opsgauge.log.raw import ROW
from opsgauge.warehouse.engine import quoted

GONE = "gone"  # the relation of tickets gone by now: ticket_id, kind, merged_into, stands_for
CHANGED = "gone_changed"  # those of which this import changes whether they are gone
LONGEST_CHAIN = 20  # of merges; one that is longer goes round in a circle
MISSING, DELETED, MERGED = "missing", "deleted", "merged"
BACK = "back"  # a file holds an ordinary record of it again
# What is kept of a ticket that is gone: as last known.
KNOWN = ("practice", "opened_at", "last_update_at", "original_status", "priority", "team")
UNSAID = "unsaid"  # under the mapping of now, nothing ever said that it is gone


def every_sql(mapping: Mapping, raw: str, place: str) -> str:
    """Return what each raw record says of its ticket: ticket_id, place, kind, merged_into, nth.

    `nth` puts a file's records of one ticket in order, as the mapping does; what has no moment
    comes last.
    """
    ticket = column_of(mapping.ticket_id)
    into = column_of(mapping.merged_into) if mapping.merged_into else "NULL::VARCHAR"
    merged = f"{into} IS NOT NULL AND {into} <> {ticket}"
    return (
        f"SELECT {ticket} AS ticket_id, {place}::BIGINT AS place, "
        f"CASE WHEN {deleted_sql(mapping)} THEN '{DELETED}' WHEN {merged} THEN '{MERGED}' "
        f"ELSE '{BACK}' END AS kind, CASE WHEN {merged} THEN {into} END AS merged_into, "
        f"{_nth(mapping)} AS nth FROM {read_rows(mapping, raw)} "
        f"WHERE {ticket} IS NOT NULL"
    )


def _nth(mapping: Mapping) -> str:
    """Return the SQL of a value that orders a file's records of one ticket, as the mapping does."""
    at = moment("_updated_at") if "updated_at" in mapping.fields else "NULL::TIMESTAMP"
    keys = [at if sql == "happened_at" else sql for sql in order_sql(mapping)]
    order = ", ".join(f"{key}, 'ASC NULLS LAST'" for key in [*keys, ROW])
    return f"create_sort_key({order})"


def known_sql(mapping: Mapping, raw: str, tickets: str) -> str:
    """Return what raw records tell of some tickets: ticket_id, then the columns of `KNOWN`.

    Each as it was last told. A ticket that was gone when it first came has no other row.

    Parameters
    ----------
    tickets : the relation of their numbers
    """
    fields = fields_sql(mapping) | {"practice": practice_sql(mapping)}
    fields["last_update_at"] = fields.pop("updated_at", "NULL::TIMESTAMP")
    columns = ", ".join(f"{fields.get(name, 'NULL')} AS {name}" for name in KNOWN)
    told = {name: f"arg_max({name}, nth)" for name in KNOWN}
    told["last_update_at"] = "max(last_update_at)"
    if mapping.shape != "tickets":
        told["opened_at"] = "coalesce(arg_max(opened_at, nth), min(last_update_at))::TIMESTAMP"
    asked = ", ".join(f"{sql} AS {name}" for name, sql in told.items())
    return (
        f"SELECT ticket_id, {asked} FROM (SELECT {column_of(mapping.ticket_id)} AS ticket_id, "
        f"{columns}, {_nth(mapping)} AS nth FROM {read_rows(mapping, raw)}) "
        f"WHERE ticket_id IN ({tickets}) GROUP BY ticket_id"
    )


def said_sql(mapping: Mapping, raw: str, place: str) -> str:
    """Return what raw records say of a ticket in the end: ticket_id, place, kind, merged_into."""
    return (
        "SELECT ticket_id, max(place) AS place, arg_max(kind, row(place, nth)) AS kind, "
        "nullif(arg_max(coalesce(merged_into, ''), row(place, nth)), '') AS merged_into "
        f"FROM ({every_sql(mapping, raw, place)}) GROUP BY ticket_id"
    )


def gone_sql(events: str, source: str) -> str:
    """Return who of a source is gone by now: ticket_id, kind, merged_into."""
    return (
        "SELECT ticket_id, kind, merged_into FROM (SELECT ticket_id, arg_max(kind, place) AS kind, "
        "nullif(arg_max(coalesce(merged_into, ''), place), '') AS merged_into "
        f"FROM ({events}) WHERE source = {quoted(source)} GROUP BY ticket_id) "
        f"WHERE kind NOT IN ('{BACK}', '{UNSAID}')"
    )


def with_ends_sql(gone: str) -> str:
    """Return the relation `gone`: each ticket with the one that stands for it, null for none.

    A merged ticket's is where its chain of merges ends, unless that one is gone too.
    """
    return (
        f"WITH RECURSIVE here AS MATERIALIZED ({gone}), chain AS ("
        "SELECT ticket_id, merged_into AS upto, 1 AS steps FROM here WHERE merged_into IS NOT NULL "
        "UNION ALL SELECT c.ticket_id, h.merged_into, c.steps + 1 FROM chain AS c "
        "JOIN here AS h ON h.ticket_id = c.upto WHERE h.merged_into IS NOT NULL "
        f"AND c.steps < {LONGEST_CHAIN}) "
        "SELECT h.ticket_id, h.kind, h.merged_into, e.upto AS stands_for FROM here AS h LEFT JOIN "
        "(SELECT ticket_id, upto FROM chain WHERE upto NOT IN (SELECT ticket_id FROM here)) AS e "
        "USING (ticket_id)"
    )


def merged_links_sql(mapping: Mapping, heads: str) -> str:
    """Return the rows of `links` that tie merged tickets to those they were merged into."""
    return (
        f"SELECT {quoted(mapping.source)} AS source, g.ticket_id, 'duplicate_of' AS kind, "
        "g.merged_into AS to_id, timezone('UTC', h.last.happened_at) AS at, "
        f"strftime(h.opened_at, '%Y-%m') AS opened_month FROM {GONE} AS g "
        f"JOIN {heads} AS h USING (ticket_id) WHERE g.kind = '{MERGED}'"
    )
