"""Writes what people decided: `record_facts`, and the tickets that it changes.

Floor 2. Called under the import lock, after all else was written. Only months are written in which
something changes.
"""

from collections.abc import Mapping as Dict

import duckdb
import pyarrow as pa

from opsgauge.log.building import stored_sql
from opsgauge.log.decided import TIER, hold_decided, laid_over_sql, months_otherwise_sql
from opsgauge.log.related import RECORD_FACTS, SERVICES
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.engine import name_of, number, quoted
from opsgauge.warehouse.tables import PARTITION, Warehouse

BATCH = 100_000
FRESH = "published_facts"  # under which the connection knows them while they are compared


def replace_facts(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    stored: Dict[str, int],
    facts: pa.Table,
) -> bool:
    """Write `record_facts` anew where it holds something else; say whether it did.

    Parameters
    ----------
    stored : Delta version of each table in the committed data version
    facts : all of them, with the columns of the table
    """
    held = stored_sql(warehouse, RECORD_FACTS, stored)
    columns = ", ".join(
        f"make_timestamp(epoch_us({name_of(name)})) AS {name_of(name)}"
        if RECORD_FACTS.ibis_schema()[name].startswith("timestamp")
        else name_of(name)
        for name in RECORD_FACTS.names
    )
    connection.register(FRESH, facts)
    fresh = f"SELECT {columns} FROM {FRESH}"
    differ = " UNION ALL ".join(
        f"(({one}) EXCEPT ALL ({other}))" for one, other in ((fresh, held), (held, fresh))
    )
    same = not number(connection, f"SELECT count(*) FROM ({differ})")
    connection.unregister(FRESH)
    if same:
        return False
    schema = RECORD_FACTS.arrow_schema()
    warehouse.make(RECORD_FACTS.name, schema)
    warehouse.replace(RECORD_FACTS.name, facts.to_reader(), schema)
    return True


def lay_over(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, stored: Dict[str, int]
) -> bool:
    """Write those months of `tickets` anew in which something else was decided; say whether any.

    Parameters
    ----------
    stored : Delta version of each table as it is now, those just written included
    """
    if TICKETS.name not in stored:
        return False
    told = stored_sql(warehouse, TICKETS, stored)
    there = hold_decided(
        connection,
        stored_sql(warehouse, RECORD_FACTS, stored),
        stored_sql(warehouse, SERVICES, stored),
    )
    # An older program wrote no such column: there nothing was decided, and nothing is now.
    if not there and TIER not in warehouse.columns(TICKETS.name, stored[TICKETS.name]):
        return False
    months = [str(month) for (month,) in connection.execute(months_otherwise_sql(told)).fetchall()]
    if not months:
        return False
    chosen = f"SELECT * FROM ({told}) WHERE {PARTITION} IN ({', '.join(map(quoted, months))})"
    # sql(), not execute(): the latter copies all rows before the first is handed over.
    reader = connection.sql(laid_over_sql(chosen)).to_arrow_reader(BATCH)
    warehouse.replace_months(TICKETS.name, reader, TICKETS.arrow_schema(), months)
    return True
