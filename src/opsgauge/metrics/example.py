"""Small desks: a few tickets as a person would note them down, made into whole tables.

Floor 3. A paragraph's worked example is run through the same query and engine as everything else.
What a row leaves out is empty, or follows from what it says: a ticket with `resolved_at` is
resolved, and without updates of its own its history is told by its moments.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.log.door import open_tables
from opsgauge.log.periods import make_periods
from opsgauge.log.related import CONTACT_TICKETS, DERIVED, READ_BESIDE
from opsgauge.log.tables import HISTORY, LINKS, TICKETS, Table
from opsgauge.log.untold import TOLD_BY_UPDATES
from opsgauge.log.vocabulary import DONE_PHASES, OPEN_PHASES, RESOLVED_PHASE
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import LENGTHS
from opsgauge.metrics.question import Question
from opsgauge.metrics.series import measure
from opsgauge.warehouse.engine import DuckEngine

Row = dict[str, Any]
BESIDE_TICKETS = (LINKS, *READ_BESIDE, *DERIVED)
DEFAULT_OPENING = datetime(2026, 1, 5, 8, tzinfo=UTC)
LENGTH_UNITS = {"h": timedelta(hours=1), "min": timedelta(minutes=1), "s": timedelta(seconds=1)}
INSTANTS = {c.name for table in (TICKETS, HISTORY) for c in table.columns if c.type == "instant"}
NOON = time(12, tzinfo=UTC)
# The moments that tell a history where an example gives none, with the phase that begins then.
TOLD_BY = (
    ("opened_at", "new"),
    ("assigned_at", "assigned"),
    ("first_response_at", "in_progress"),
    ("resolved_at", "resolved"),
    ("closed_at", "closed"),
)
STATE = ("original_status", "team", "assignee", "priority", "category", "service")
CARRIED_BACK = ("priority", "category", "service")  # what a ticket has from its opening on
COUNTS = ("reopen_count", "handoff_count")


@dataclass(frozen=True)
class Desk:
    """Whole tables of a small desk, and the earliest and latest instant in them."""

    tickets: pa.Table
    history: pa.Table
    beside: Mapping[str, pa.Table]  # links and the tables of related records
    first: datetime
    watermark: datetime

    def tables(self) -> dict[str, pa.Table]:
        """Return the tables under the names by which queries know them."""
        return {"tickets": self.tickets, "history": self.history, **self.beside}


def make_desk(
    tickets: Sequence[Mapping[str, Any]],
    history: Iterable[Mapping[str, Any]] = (),
    records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> Desk:
    """Make whole tables from partial rows.

    Parameters
    ----------
    tickets : columns of `tickets`; instants as text, naive ones are UTC; lengths such as "2 h"
    history : updates in order: `ticket` (number in the list, from 1), `since`, columns of `history`
    records : table -> its records; the tickets of the list are T1, T2 and so on there
    """
    updates: dict[int, list[Row]] = {}
    for row in history:
        plain = _read(row)
        updates.setdefault(int(plain.pop("ticket")), []).append(plain)
    whole, stretches = [], []
    for number, row in enumerate(tickets, start=1):
        ticket = _ticket(number, _read(row), updates.get(number, []))
        own = _history(ticket, updates.get(number) or _told(ticket))
        last = own[-1]
        ticket = {"phase": last["phase"], "open": last["open"], **ticket}
        ticket |= {
            "last_update_at": last["since"],
            "update_count": ticket.get("update_count", last["seq"]),
        }
        whole.append(ticket)
        stretches += own
    beside, dated = _beside(records or {})
    instants = [v for row in [*whole, *stretches] for n, v in row.items() if n in INSTANTS and v]
    openings = [row["opened_at"] for row in whole]
    return Desk(
        tickets=_table(whole, TICKETS),
        history=_table(stretches, HISTORY),
        beside=beside,
        first=min(openings or dated),
        watermark=max([*instants, *dated]),
    )


def _beside(
    records: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[dict[str, pa.Table], list[datetime]]:
    """Return the tables beside the tickets, most of them empty, and the instants in them."""
    made: dict[str, list[Row]] = {table.name: [] for table in BESIDE_TICKETS}
    dated: list[datetime] = []
    for table in BESIDE_TICKETS:
        for number, said in enumerate(records.get(table.name, ()), start=1):
            row = _record(table, number, said)
            dated += [each for each in map(_dated, row.values()) if each]
            made[table.name].append(row)
    made[CONTACT_TICKETS.name] = [
        {name: row[name] for name in ("source", "contact_id", "ticket_id")}
        for row in made["contacts"]
        if row.get("ticket_id")
    ]
    whole = {table.name: _table(made[table.name], table) for table in BESIDE_TICKETS}
    return whole, dated


def _record(table: Table, number: int, said: Mapping[str, Any]) -> Row:
    kinds = {column.name: column.type for column in table.columns}
    row: Row = {"source": "example", table.key[-1]: f"R{number}"}
    for name, value in said.items():
        kind = kinds[name]
        if kind == "instant" and value is not None:
            row[name] = instant(value)
        elif name.endswith("_us") and isinstance(value, str):
            row[name] = length_us(value)
        elif kind == "number" and value is not None:
            row[name] = float(value)
        else:
            row[name] = (
                date.fromisoformat(value) if kind == "day" and isinstance(value, str) else value
            )
    if table.name == LINKS.name:
        row = {"ticket_id": "T1", "kind": "related_to", "opened_month": "2026-01", **row}
    return row


def _dated(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, NOON) if isinstance(value, date) else None


def _table(rows: list[Row], of: Any) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=of.arrow_schema())


def instant(text: str | datetime) -> datetime:
    """Read an instant; without a zone it is UTC.

    Examples
    --------
    >>> instant("2026-01-05 08:30").isoformat()
    '2026-01-05T08:30:00+00:00'
    """
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def length_us(text: str) -> int:
    """Read a length of time as microseconds.

    Examples
    --------
    >>> length_us("90 min")
    5400000000
    """
    number, unit = text.split()
    return round(float(number) * (LENGTH_UNITS[unit] / timedelta(microseconds=1)))


def _read(row: Mapping[str, Any]) -> Row:
    plain: Row = {}
    for name, value in row.items():
        if name in INSTANTS and value is not None:
            plain[name] = instant(value)
        elif (name in LENGTHS or name == "elapsed_us") and isinstance(value, str):
            plain[name] = length_us(value)
        else:
            plain[name] = value
    return plain


def _ticket(number: int, row: Row, updates: list[Row]) -> Row:
    first = updates[0]["since"] if updates else DEFAULT_OPENING
    ticket: Row = {
        "source": "example",
        "ticket_id": f"T{number}",
        "practice": "incident",
        "opened_at": first,
        "reopen_count": 0,
        "handoff_count": 0,
        TOLD_BY_UPDATES: 0,
        **row,
    }
    if "phase" in ticket:
        ticket.setdefault("open", ticket["phase"] in OPEN_PHASES)
    return {**ticket, "opened_month": f"{ticket['opened_at'].astimezone(UTC):%Y-%m}"}


def _told(ticket: Row) -> list[Row]:
    """Return the updates that a ticket's moments and phase tell."""
    said = [
        {"since": ticket[name], "phase": phase}
        for name, phase in TOLD_BY
        if ticket.get(name) is not None
    ]
    said.sort(key=lambda update: update["since"])
    phase = ticket.get("phase")
    if phase is not None and phase != said[-1]["phase"]:
        said.append({"since": said[-1]["since"], "phase": phase})
    return said


def _history(ticket: Row, updates: list[Row]) -> list[Row]:
    """Turn updates into intervals that follow each other from the opening on."""
    rows = [dict(update) for update in updates]
    late = rows[0]["since"] > ticket["opened_at"] or rows[0].get("phase") in DONE_PHASES
    if late:
        kept = {name: rows[0].get(name, ticket.get(name)) for name in CARRIED_BACK}
        rows.insert(0, {"since": ticket["opened_at"], "phase": "new", **kept})
    made: list[Row] = []
    for seq, row in enumerate(rows, start=0 if late else 1):
        carried = {name: ticket.get(name) for name in (*STATE, *COUNTS)} if seq else {}
        before = made[-1] if made else None
        now: Row = {
            **{name: ticket[name] for name in ("source", "ticket_id", "practice", "opened_at")},
            **carried,
            **row,
            "seq": seq,
            "until": None,
            "opened_month": ticket["opened_month"],
        }
        now["open"] = now["phase"] not in DONE_PHASES
        now["passage"] = _passage(before, now)
        if before is not None:
            _follow(before, now)
        made.append(now)
    return made


def _follow(before: Row, now: Row) -> None:
    now["since"] = max(now["since"], before["since"])
    before["until"] = now["since"]
    before["elapsed_us"] = (now["since"] - before["since"]) // timedelta(microseconds=1)
    if before["seq"] > 0:
        before |= {
            "next_activity": now.get("activity"),
            "next_phase": now["phase"],
            "next_status": now.get("original_status"),
            "next_team": now.get("team"),
        }


def _passage(before: Row | None, now: Row) -> str | None:
    if before is None:
        return "created"
    if before["open"] == now["open"]:
        return None
    if now["open"]:
        return "reopened"
    if now["phase"] == RESOLVED_PHASE:
        return "resolved"
    return "closed_unresolved" if now["phase"] == "closed" else "cancelled"


def work_example(metric: Metric) -> dict[str, float | None]:
    """Run a metric's worked example: what its tickets and records give, by statistic.

    Raises
    ------
    DefinitionWrong : the example's rows cannot be read
    """
    example = metric.definition.example
    try:
        desk = make_desk(example.tickets, example.history, example.records)
        at = instant(example.at) if example.at else desk.watermark
    except (KeyError, ValueError, TypeError, pa.ArrowException) as fault:
        raise DefinitionWrong(f"{metric.origin}, {metric.name}: example: {fault}") from fault
    watermark = max(at, desk.watermark)
    periods = make_periods(ZoneInfo("UTC"), desk.first, watermark)
    engine = DuckEngine([], extra={**desk.tables(), **periods.tables()})
    tables = open_tables(Scope.everything())
    given: dict[str, float | None] = {}
    try:
        for statistic in example.gives:
            question = Question(metric.name, statistic)
            points = measure(engine, metric, question, tables, periods, watermark)
            given[statistic] = points[0].value if points else None
    finally:
        engine.close()
    return given
