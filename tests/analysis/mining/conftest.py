"""A desk whose tickets are written as lines: when, phase, team."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise, zip_longest
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from opsgauge.log.door import unbound
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.warehouse.engine import DuckEngine

DAY = datetime(2026, 1, 5, tzinfo=UTC)


class Desk:
    """Tickets of one Monday, and the log they make."""

    history = unbound(HISTORY)
    tickets = unbound(TICKETS)

    def __init__(self) -> None:
        self._history: list[dict[str, Any]] = []
        self._tickets: list[dict[str, Any]] = []

    def has(self, ticket_id: str, *updates: str, opened: str = "", source: str = "desk") -> None:
        """Add a ticket by its updates, such as "08:00 new Desk"; "-" is nothing written.

        Where `opened` is before the first update, an opening interval stands before it.
        """
        made = [update(line) for line in updates]
        if opened:
            made.insert(0, {"since": clock_time(opened), "phase": "new", "team": None})
        key = {"source": source, "ticket_id": ticket_id, "practice": "incident"}
        common = {**key, "opened_at": DAY, "opened_month": "2026-01"}
        for seq, (row, after) in enumerate(zip_longest(made, made[1:]), 0 if opened else 1):
            self._history.append(
                {
                    **common,
                    **row,
                    "seq": seq,
                    "open": row["phase"] not in DONE_PHASES,
                    **followed(row, after),
                }
            )
        path = ">".join(str(row["phase"]) for row in made[1 if opened else 0 :])
        teams = [row["team"] for row in made if row["team"]]
        self._tickets.append(
            {
                **common,
                "last_update_at": DAY,
                "variant_phase": path or None,
                "update_count": 1,
                "history_handoff_count": sum(one != other for one, other in pairwise(teams)),
            }
        )

    def rows(
        self, expression: ir.Table, beside: Mapping[str, pa.Table] | None = None
    ) -> list[dict[str, Any]]:
        """Run a query on the desk's log, and on tables beside it."""
        found: list[dict[str, Any]] = self.table(expression, beside).to_pylist()
        return found

    def table(self, expression: ir.Table, beside: Mapping[str, pa.Table] | None = None) -> pa.Table:
        """Run a query on the desk's log and keep it as Arrow."""
        engine = DuckEngine(
            [],
            extra={
                **(beside or {}),
                "history": pa.Table.from_pylist(self._history, HISTORY.arrow_schema()),
                "tickets": pa.Table.from_pylist(self._tickets, TICKETS.arrow_schema()),
            },
        )
        try:
            return engine.run(expression)
        finally:
            engine.close()


def update(line: str) -> dict[str, Any]:
    """Read "08:00 new Desk": the state is the phase in capitals, the activity both."""
    at, *words = line.split()
    phase, team = (None if word == "-" else word for word in (*words, "-")[:2])
    return {
        "since": clock_time(at),
        "phase": phase,
        "team": team,
        "original_status": phase and phase.upper(),
        "activity": f"{phase} {team}",
    }


def followed(row: dict[str, Any], after: dict[str, Any] | None) -> dict[str, Any]:
    """Return what a row says about the one after it."""
    if after is None:
        return {}
    elapsed = after["since"] - row["since"]
    return {
        "until": after["since"],
        "elapsed_us": int(elapsed.total_seconds()) * 1_000_000,
        "next_phase": after["phase"],
        "next_team": after["team"],
        "next_status": after["original_status"],
        "next_activity": after["activity"],
    }


def clock_time(text: str) -> datetime:
    """Read "08:30" as that time of the day."""
    hour, minute = text.split(":")
    return DAY.replace(hour=int(hour), minute=int(minute))


@pytest.fixture
def desk() -> Desk:
    """Make four tickets.

    INC1  new 08:00, in progress 09:00, resolved 11:00
    INC2  opened 07:00; new 08:00, in progress 08:30, again 09:30, resolved 10:30
    INC3  new 08:00, in progress 12:00, and still is
    INC4  no phase 08:00, resolved 08:10
    """
    made = Desk()
    made.has("INC1", "08:00 new Desk", "09:00 in_progress Network", "11:00 resolved Network")
    made.has(
        "INC2",
        "08:00 new Desk",
        "08:30 in_progress Desk",
        "09:30 in_progress Network",
        "10:30 resolved Desk",
        opened="07:00",
    )
    made.has("INC3", "08:00 new -", "12:00 in_progress Network")
    made.has("INC4", "08:00 - Desk", "08:10 resolved Desk")
    return made


@pytest.fixture
def empty_desk() -> Desk:
    """Make a desk without a ticket."""
    return Desk()
