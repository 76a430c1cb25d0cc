"""Ties between records: the SQL of the rows of `links`, from the columns that name other records.

Floor 2. A value may be a list in JSON, as tools write several ties into one column.
"""

from opsgauge.log.history import stored
from opsgauge.log.mapping import Mapping
from opsgauge.log.normalise import column_of, fields_sql, fit_sql, read_rows
from opsgauge.log.tables import LINKS
from opsgauge.warehouse.engine import quoted


def links_sql(mapping: Mapping, raw: str, heads: str) -> str:
    """Return the rows of `links`: each tie once, at the moment it was first seen."""
    at = fields_sql(mapping).get("updated_at", "NULL::TIMESTAMP")
    ties = ", ".join(
        f"{{'kind': {quoted(link.kind)}, 'to_ids': {listed_sql(column_of(link.column))}}}"
        for link in mapping.links
    )
    any_tie = f"coalesce({', '.join(column_of(link.column) for link in mapping.links)})"
    each = (
        f"SELECT {column_of(mapping.ticket_id)} AS ticket_id, {at} AS happened_at, "
        f"unnest([{ties}], max_depth := 2) "
        f"FROM {read_rows(mapping, raw)} WHERE {any_tie} IS NOT NULL AND {fit_sql(mapping)}"
    )
    one = f"SELECT ticket_id, happened_at, kind, unnest(to_ids) AS to_id FROM ({each})"
    made = {
        "source": quoted(mapping.source),
        "at": "coalesce(min(l.happened_at), any_value(h.opened_at))",
        "opened_month": "any_value(h.opened_month)",
    }
    columns = ", ".join(stored(made.get(c.name, f"l.{c.name}"), c) for c in LINKS.columns)
    return (
        f"SELECT {columns} FROM ({one}) AS l JOIN {heads} AS h USING (ticket_id) "
        "WHERE l.to_id IS NOT NULL AND l.to_id <> '' GROUP BY l.ticket_id, l.kind, l.to_id"
    )


def listed_sql(value: str) -> str:
    """Return the SQL of the values of a column: those of a list in JSON, else the one it holds."""
    read = f"try_cast(try_cast({value} AS JSON) AS VARCHAR[])"
    return f"CASE WHEN {value} LIKE '[%' THEN coalesce({read}, [{value}]) ELSE [{value}] END"
