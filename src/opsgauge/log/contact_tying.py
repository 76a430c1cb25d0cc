"""Ties contacts to tickets: by the number that was noted, or else by who called when.

Floor 2. A contact without a number is tied to the nearest ticket that the same person had opened
within a quarter of an hour of it and that no noted number ties already; the confidence says among
how many. Made anew whenever tickets or contacts were.
"""

from collections.abc import Collection
from collections.abc import Mapping as Dict

import duckdb

from opsgauge.log.building import stored_sql
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import TICKETS
from opsgauge.warehouse.tables import Warehouse

NEAR = "INTERVAL 15 MINUTES"


def contact_tickets_sql(contacts: str, tickets: str) -> str:
    """Return the rows of `contact_tickets`; instants of both relations are naive UTC.

    A time falls to the contact that was answered nearest to it; of two tickets as near, to the one
    opened first.
    """
    met = "coalesce(c.answered_at, c.started_at)"
    apart = f"epoch_us(t.opened_at) - epoch_us({met})"
    return (
        f"WITH noted AS (SELECT c.source, c.contact_id, t.ticket_id, 'number' AS how, "
        f"1.0::DOUBLE AS confidence, {apart} AS apart_us FROM {contacts} AS c "
        f"JOIN {tickets} AS t USING (source, ticket_id)), "
        f"meant AS (SELECT c.source, c.contact_id, t.ticket_id, {apart} AS apart_us "
        f"FROM {contacts} AS c JOIN {tickets} AS t "
        "ON t.source = c.source AND t.requester = c.requester "
        f"AND t.opened_at BETWEEN {met} - {NEAR} AND {met} + {NEAR} "
        "WHERE c.ticket_id IS NULL AND NOT coalesce(c.abandoned, false) AND NOT EXISTS "
        "(FROM noted AS n WHERE n.source = t.source AND n.ticket_id = t.ticket_id)) "
        "SELECT * FROM noted UNION ALL BY NAME "
        "SELECT source, contact_id, ticket_id, 'person' AS how, "
        "1.0 / count(*) OVER (PARTITION BY source, contact_id) AS confidence, apart_us FROM meant "
        "QUALIFY row_number() OVER (PARTITION BY source, contact_id "
        "ORDER BY abs(apart_us), apart_us, ticket_id) = 1 ORDER BY source, contact_id"
    )


def tie_contacts(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    stored: Dict[str, int],
    fresh: Collection[str],
) -> None:
    """Write `contact_tickets` anew, where there are both contacts and tickets.

    Parameters
    ----------
    stored : Delta version of each table in the committed data version
    fresh : the tables that this import has written, read as they are now
    """
    now = {name: warehouse.head(name) for name in fresh if warehouse.exists(name)}
    held = {**stored, **now}
    if not {TICKETS.name, CONTACTS.name} <= held.keys():
        return
    contacts, tickets = (f"({stored_sql(warehouse, t, held)})" for t in (CONTACTS, TICKETS))
    schema = CONTACT_TICKETS.arrow_schema()
    warehouse.make(CONTACT_TICKETS.name, schema)
    rows = connection.sql(contact_tickets_sql(contacts, tickets)).to_arrow_reader(100_000)
    warehouse.replace(CONTACT_TICKETS.name, rows, schema)
