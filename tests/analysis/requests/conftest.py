"""A desk of orders written as lines: when (day of January 2026 and time), phase, team."""

from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from opsgauge.analysis.requests.approvals import Approval, approval_rows, approvals_of
from opsgauge.analysis.requests.orders import ORDER, Orders, order_rows, orders_of, stretch_rows
from opsgauge.analysis.requests.right_first_time import DAYS, Judged, fault_rows, incident_rows
from opsgauge.analysis.requests.right_first_time import judged as judged_of
from opsgauge.log.door import unbound
from opsgauge.log.related import APPROVALS, CATALOGUE_ITEMS
from opsgauge.log.tables import HISTORY, LINKS, TICKETS
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at

TABLES = (TICKETS, HISTORY, LINKS, APPROVALS, CATALOGUE_ITEMS)
NO_STRETCHES = pa.table({})
DONE = ("resolved", "closed", "cancelled", "rejected")


def at(text: str) -> datetime:
    """Read "05 08:30" as that time of that day."""
    return datetime.strptime(f"2026-01-{text}+0000", "%Y-%m-%d %H:%M%z").astimezone(UTC)


class Shop:
    """Tickets, approvals, items and ties, and the tables they make."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}

    def has(self, ticket_id: str, *updates: str, **fixed: Any) -> None:
        """Add an order, or what `practice` says, by its updates: "05 08:00 new Desk"."""
        made = [_update(line) for line in updates]
        key = {"source": "shop", "ticket_id": ticket_id}
        own = {**key, "practice": fixed.pop("practice", "request"), "opened_month": "2026-01"}
        opened = at(fixed.pop("opened")) if "opened" in fixed else made[0]["since"]
        for seq, (row, after) in enumerate(zip_longest(made, made[1:]), start=1):
            until = after["since"] if after else None
            still = row["phase"] not in DONE
            self.rows["history"].append(
                {**own, "opened_at": opened, "open": still, **row, "seq": seq, "until": until}
            )
        done = [row["since"] for row in made if row["phase"] == "resolved"]
        last = made[-1]
        self.rows["tickets"].append(
            {
                **own,
                "opened_at": opened,
                "last_update_at": last["since"],
                "phase": last["phase"],
                "open": last["phase"] not in DONE,
                "team": last["team"],
                "resolved_at": done[-1] if done and last["phase"] in DONE else None,
                "update_count": len(made),
                "variant_phase": ">".join(str(row["phase"]) for row in made),
                **fixed,
            }
        )

    def asks(
        self, ticket_id: str, asked: str, decided: str | None, said: bool | None, **more: Any
    ) -> None:
        """Add an approval."""
        number = f"A{len(self.rows['approvals']) + 1}"
        self.rows["approvals"].append(
            {
                "source": "shop",
                "approval_id": number,
                "ticket_id": ticket_id,
                "step": "Manager",
                "asked_at": at(asked),
                "decided_at": at(decided) if decided else None,
                "approved": said,
                **more,
            }
        )

    def sells(self, item: str, **more: Any) -> None:
        """Add an item of the catalogue."""
        self.rows["catalogue_items"].append({"source": "shop", "catalogue_item": item, **more})

    def ties(self, child: str, parent: str) -> None:
        """Make a ticket the child of another."""
        self.rows["links"].append(
            {
                "source": "shop",
                "ticket_id": child,
                "kind": "child_of",
                "to_id": parent,
                "opened_month": "2026-01",
            }
        )

    def run(self, expression: ir.Table) -> pa.Table:
        """Run a query on these tables."""
        tables = {
            table.name: pa.Table.from_pylist(self.rows[table.name], table.arrow_schema())
            for table in TABLES
        }
        engine = DuckEngine([], extra=tables)
        try:
            return engine.run(expression)
        finally:
            engine.close()

    @property
    def asked(self) -> ir.Table:
        """The orders as an expression."""
        return order_rows(unbound(TICKETS))

    def orders(self) -> Orders:
        """Return the orders, fetched."""
        stretches = stretch_rows(self.asked, unbound(HISTORY), unbound(APPROVALS))
        return orders_of(self.run(self.asked), self.run(stretches))

    def approvals(self, known_until: str = "31 00:00", practice: str = ORDER) -> list[Approval]:
        """Return the approvals of the orders, or of the tickets of another practice."""
        asked = order_rows(unbound(TICKETS), practice)
        rows = approval_rows(asked, unbound(HISTORY), unbound(APPROVALS), practice)
        orders = orders_of(self.run(asked), NO_STRETCHES)
        return approvals_of(self.run(rows), orders, micros_at(at(known_until)))

    def judged(self, known_until: str = "31 00:00", days: int = DAYS) -> Judged:
        """Return which orders were right first time."""
        tickets, items = unbound(TICKETS), unbound(CATALOGUE_ITEMS)
        return judged_of(
            self.orders(),
            self.run(fault_rows(self.asked, unbound(HISTORY))),
            self.run(incident_rows(self.asked, tickets, items, days)),
            micros_at(at(known_until)),
            days,
        )


def _update(line: str) -> dict[str, Any]:
    day, clock, *words = line.split(maxsplit=3)
    phase, team = (None if word == "-" else word for word in (*words, "-")[:2])
    return {"since": at(f"{day} {clock}"), "phase": phase, "team": team}


@pytest.fixture
def shop() -> Shop:
    """Return a desk without anything."""
    return Shop()
