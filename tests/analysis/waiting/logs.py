"""Makes the log of a few tickets from lines such as "08:30 in_progress Network"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.log.door import unbound
from opsgauge.log.periods import Periods, make_periods
from opsgauge.log.tables import HISTORY, TICKETS, Table
from opsgauge.log.vocabulary import DONE_PHASES
from tests.lent import engine_of

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
HOUR_US = 3_600_000_000
history, tickets = unbound(HISTORY), unbound(TICKETS)
Update = Mapping[str, Any]


@dataclass
class Log:
    """Tickets, and the two tables they make; `end` is the newest record."""

    end: datetime = MONDAY + timedelta(days=1)
    rows: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, Any]] = field(default_factory=list)
    beside: dict[str, tuple[list[dict[str, Any]], Table]] = field(default_factory=dict)

    def has(self, number: str, *lines: str, opened: str = "", **more: Any) -> "Log":
        """Add a ticket by its updates; `more` are columns of tickets, or of each update."""
        self.add(number, [read(line) for line in lines], at(opened) if opened else None, **more)
        return self

    def add(
        self, number: str, updates: Sequence[Update], opened: datetime | None = None, **more: Any
    ) -> None:
        """Add a ticket by updates with since, phase, team and further columns of history."""
        first = updates[0]["since"]
        made: list[dict[str, Any]] = [dict(each) for each in updates]
        begins = opened is not None and opened < first
        if begins:
            made.insert(0, {"since": opened, "phase": "new", "team": None})
        start = made[0]["since"]
        known, was_open, open_us = None, False, 0
        key = {"source": "desk", "ticket_id": number, "practice": "incident"}
        for place, row in enumerate(made):
            after = made[place + 1] if place + 1 < len(made) else None
            known = row.get("phase") or known
            is_open = known not in DONE_PHASES
            passage = None
            if place == 0:
                passage = "created" if is_open else None
            elif is_open != was_open:
                passage = "reopened" if is_open else "resolved"
            elapsed = None if after is None else (after["since"] - row["since"]) // MICRO
            open_us += (elapsed or 0) if is_open else 0
            was_open = is_open
            seq = place if begins else place + 1
            self.rows.append(
                {
                    **key,
                    **row,
                    "seq": seq,
                    "until": after and after["since"],
                    "open": is_open,
                    "passage": passage,
                    "opened_at": start,
                    "opened_month": "2026-01",
                    "elapsed_us": elapsed,
                    **({} if after is None or seq == 0 else following(after)),
                }
            )
        teams = [row["team"] for row in made if row.get("team")]
        ended = None if was_open else last_end(self.rows, number)
        self.heads.append(
            {
                **key,
                "opened_at": start,
                "last_update_at": made[-1]["since"],
                "resolved_at": ended,
                "phase": known,
                "open": was_open,
                "team": teams[-1] if teams else None,
                "first_team": teams[0] if teams else None,
                "opened_month": "2026-01",
                "update_count": len(updates),
                "life_us": open_us,
                "history_handoff_count": sum(one != other for one, other in pairwise(teams)),
                "variant_phase": ">".join(str(row.get("phase")) for row in made),
                **{name: value for name, value in more.items() if name in TICKETS.names},
            }
        )

    @property
    def periods(self) -> Periods:
        """The calendar of the log."""
        first = min((row["since"] for row in self.rows), default=MONDAY)
        return make_periods(ZoneInfo("UTC"), first, max(self.end, first))

    def tables(self, *questions: ir.Table) -> list[pa.Table]:
        """Run questions on the log."""
        tables = {
            "history": pa.Table.from_pylist(self.rows, HISTORY.arrow_schema()),
            "tickets": pa.Table.from_pylist(self.heads, TICKETS.arrow_schema()),
            **self.periods.tables(),
            **{
                name: pa.Table.from_pylist(rows, table.arrow_schema())
                for name, (rows, table) in self.beside.items()
            },
        }
        with engine_of(tables) as engine:
            return [engine.run(question) for question in questions]


MICRO = timedelta(microseconds=1)


def at(text: str) -> datetime:
    """Read "08:30" as that time of the Monday, "1 08:30" as that of the day after."""
    *day, clock = text.split()
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=int(day[0]) if day else 0, hours=int(hour), minutes=int(minute))


def read(line: str) -> dict[str, Any]:
    """Read "08:00 new Desk" or "1 08:00 new Desk ann"; "-" is nothing written."""
    words = line.split()
    day = [words.pop(0)] if ":" not in words[0] else []
    when = at(" ".join([*day, words.pop(0)]))
    phase, team, assignee = (None if word == "-" else word for word in (*words, "-", "-")[:3])
    return {"since": when, "phase": phase, "team": team, "assignee": assignee}


def following(after: Update) -> dict[str, Any]:
    """Return what a row says about the one after it."""
    return {"next_phase": after.get("phase"), "next_team": after.get("team")}


def last_end(rows: Sequence[Mapping[str, Any]], number: str) -> datetime | None:
    """Return when a ticket was last resolved."""
    ends = [r["since"] for r in rows if r["ticket_id"] == number and r["passage"] == "resolved"]
    return ends[-1] if ends else None
