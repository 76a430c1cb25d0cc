"""Incidents, changes, items and what they need, written by hand: "05 08:30" is January 2026."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from opsgauge.log.related import CHANGES, CONFIGURATION_ITEMS, DEPENDENCIES
from opsgauge.log.tables import TICKETS

TABLES = (TICKETS, CHANGES, CONFIGURATION_ITEMS, DEPENDENCIES)
MOMENTS = ("planned_start", "planned_end", "actual_start", "actual_end")


def at(text: str) -> datetime:
    """Read "05 08:30" as that time of that day."""
    return datetime.strptime(f"2026-01-{text}+0000", "%Y-%m-%d %H:%M%z").astimezone(UTC)


class Estate:
    """What is there, and what happened to it."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}

    def breaks(self, ticket_id: str, opened: str, **said: Any) -> None:
        """Add a ticket: an incident, unless it says otherwise."""
        moment = at(opened)
        row = {"source": "desk", "practice": "incident", "opened_month": "2026-01", **said}
        open_ = {"phase": "new", "open": True, "last_update_at": moment, "update_count": 1}
        self.rows["tickets"].append(
            {**open_, "variant_phase": "new", "ticket_id": ticket_id, "opened_at": moment, **row}
        )

    def changes(self, change_id: str, source: str = "board", **said: Any) -> None:
        """Add a change; its moments as text."""
        told = {name: at(v) if name in MOMENTS else v for name, v in said.items()}
        self.rows["changes"].append({"source": source, "change_id": change_id, **told})

    def has(self, item: str, service: str, source: str = "cmdb") -> None:
        """Add a configuration item with its service."""
        row = {"source": source, "configuration_item": item, "service": service}
        self.rows["configuration_items"].append(row)

    def needs(self, item: str, needed: str) -> None:
        """Add that an item needs another."""
        row = {"source": "cmdb", "dependency_id": f"{item}>{needed}"}
        self.rows["dependencies"].append({**row, "configuration_item": item, "needs": needed})

    def tables(self) -> dict[str, pa.Table]:
        """Return what engines open."""
        return {
            table.name: pa.Table.from_pylist(self.rows[table.name], table.arrow_schema())
            for table in TABLES
        }
