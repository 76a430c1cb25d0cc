"""What people decided about tickets and services, laid over what the records tell.

Floor 2. The table `record_facts` says what was decided (see `operations.publish_records`). Of it
the beginning and the detection of an outage, and the tier of a service, reach `tickets`. What a
source said itself stands beside it, so that a decision can be ended.
"""

import duckdb

from opsgauge.log.tables import OF_OUTAGES, TICKETS
from opsgauge.warehouse.engine import name_of, number, quoted

OUTAGE_STARTED, DETECTED = OF_OUTAGES
TIER = "tier"
LAID_OVER = (*OF_OUTAGES, TIER)  # the columns of `tickets` that are decided
KINDS = (*LAID_OVER, "target_set", "target_ended", "owner_set", "exclusion_in_force")
OUTAGES, TIERS, TOLD_TIERS = MADE = ("decided_outages", "decided_tiers", "told_tiers")


def hold_decided(connection: duckdb.DuckDBPyConnection, facts: str, services: str) -> bool:
    """Make the tables that `laid_over_sql` joins; say whether there is anything in them.

    Parameters
    ----------
    facts, services : the SQL that reads `record_facts` and `services`
    """
    stand = f"(SELECT * FROM ({facts}) WHERE stands)"
    moments = ", ".join(
        f"max({name_of('at')}) FILTER (kind = {quoted(n)}) AS {n}" for n in OF_OUTAGES
    )
    made = {
        OUTAGES: f"SELECT source, ticket_id, {moments} FROM {stand} "
        f"WHERE kind IN ({', '.join(map(quoted, OF_OUTAGES))}) GROUP BY source, ticket_id",
        TIERS: f"SELECT service, max(number)::BIGINT::VARCHAR AS tier FROM {stand} "
        f"WHERE kind = {quoted(TIER)} GROUP BY service",
        TOLD_TIERS: f"SELECT source, service, max(tier)::VARCHAR AS tier FROM ({services}) "
        "WHERE tier IS NOT NULL GROUP BY source, service",
    }
    for name, query in made.items():
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")
    return any(number(connection, f"SELECT count(*) FROM {name}") for name in MADE)


def laid_over_sql(tickets: str) -> str:
    """Return rows of `tickets` with what was decided laid over them; `hold_decided` was called."""
    columns = ", ".join(
        f"{_decided(name)} AS {name}" if name in LAID_OVER else f"t.{name_of(name)}"
        for name in TICKETS.names
    )
    return f"SELECT {columns} FROM {_joined(tickets)}"


def months_otherwise_sql(tickets: str) -> str:
    """Return the query of the months with tickets that hold something else than was decided."""
    otherwise = " OR ".join(f"{_decided(n)} IS DISTINCT FROM t.{n}" for n in LAID_OVER)
    return f"SELECT DISTINCT t.opened_month FROM {_joined(tickets)} WHERE {otherwise} ORDER BY 1"


def _joined(tickets: str) -> str:
    return (
        f"({tickets}) AS t LEFT JOIN {OUTAGES} AS o USING (source, ticket_id) "
        f"LEFT JOIN {TIERS} AS d USING (service) LEFT JOIN {TOLD_TIERS} AS s "
        "ON s.source = t.source AND s.service = t.service"
    )


def _decided(name: str) -> str:
    return "coalesce(d.tier, s.tier)" if name == TIER else f"coalesce(o.{name}, t.own_{name})"
