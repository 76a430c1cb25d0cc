"""Tickets written as lines, and a rule held against them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from typing import Any

import pyarrow as pa
import pytest

from opsgauge.analysis.conformance.outcomes import counted_rows, outcome_counts, outcome_rows
from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import RuleWrong
from opsgauge.log.door import open_tables
from opsgauge.log.related import APPROVALS
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.policies.reading import read_rules
from opsgauge.metrics.policies.rule import Rule
from opsgauge.metrics.written_page import Page
from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.portable import micros_at

DAY = datetime(2026, 1, 5, tzinfo=UTC)
NOW = DAY + timedelta(hours=20)
ENDED = ("Done", "Shut")


class Cases:
    """Tickets of one Monday."""

    tables = open_tables(Scope.everything())

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.records: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []

    def has(self, number: str, *updates: str, approver: str = "", **fields: Any) -> None:
        """Add a ticket by its updates, such as "08:00 New ann"; "-" is nobody, "bot" a program.

        It is ended when its last state is one of `ENDED`; `approver` said yes to it.
        """
        made = [line.split() for line in updates]
        key = {"source": "desk", "ticket_id": number, "practice": "change", "opened_at": DAY}
        common = {**key, "opened_month": "2026-01"}
        for seq, (row, after) in enumerate(zip_longest(made, made[1:]), 1):
            who = row[2] if len(row) > 2 and row[2] != "-" else None
            self.updates.append(
                {
                    **common,
                    "seq": seq,
                    "since": _at(row[0]),
                    "until": _at(after[0]) if after else None,
                    "original_status": row[1],
                    "activity": row[1],
                    "next_status": after[1] if after else None,
                    "next_activity": after[1] if after else None,
                    "open": row[1] not in ENDED,
                    "team": f"Team {row[1]}",
                    "actor": who,
                    "automatic": who == "bot",
                }
            )
        self.records.append(
            {
                **common,
                "last_update_at": _at(made[-1][0]),
                "open": made[-1][1] not in ENDED,
                "update_count": len(made),
                "team": "Desk",
                **fields,
            }
        )
        if approver:
            said = {"source": "desk", "approval_id": f"A{number}", "ticket_id": number}
            who = None if approver == "-" else approver
            self.said.append({**said, "approved": True, "approver": who})

    def engine(self) -> DuckEngine:
        """Return an engine that holds them."""
        return DuckEngine(
            [],
            extra={
                "history": pa.Table.from_pylist(self.updates, HISTORY.arrow_schema()),
                "tickets": pa.Table.from_pylist(self.records, TICKETS.arrow_schema()),
                "approvals": pa.Table.from_pylist(self.said, APPROVALS.arrow_schema()),
            },
        )

    def judged(self, rule: Rule) -> dict[str, dict[str, Any]]:
        """Return what became of a rule on each ticket, by its number."""
        engine = self.engine()
        try:
            ends = [None for _ in rule.exceptions]
            every = outcome_rows(rule, self.tables, micros_at(NOW), ends)
            rows = engine.run(every).to_pylist()
            counted = engine.run(
                outcome_counts(counted_rows(rule, self.tables, micros_at(NOW), ends))
            )
            assert counted == engine.run(outcome_counts(every))
        finally:
            engine.close()
        assert len(rows) == len({row["ticket_id"] for row in rows})
        return {row["ticket_id"]: row for row in rows}

    def outcomes(self, said: str, **more: Any) -> dict[str, str]:
        """Return the outcome of a rule on each ticket that it applies to."""
        rows = self.judged(replace(rule(said), **more))
        return {number: row["outcome"] for number, row in sorted(rows.items())}


def rule(said: str) -> Rule:
    """Return a rule about states."""
    text = f"one:\n  title: One\n  steps: original_status\n  {said}\n"
    [made] = read_rules(Page(text, "rules/one.yaml", RuleWrong))
    return made


def _at(text: str) -> datetime:
    hour, minute = text.split(":")
    return DAY.replace(hour=int(hour), minute=int(minute))


@pytest.fixture
def cases() -> Cases:
    """Return a desk without tickets."""
    return Cases()
