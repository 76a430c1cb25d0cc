"""What holds for every log: the map loses nothing, and counts what a person would count."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.flow_map import arc_rows, conserves, node_rows
from opsgauge.analysis.mining.variants import case_seconds, path_rows, paths
from opsgauge.log.door import unbound
from opsgauge.log.tables import HISTORY, TICKETS
from tests.lent import engine_of

START = datetime(2026, 1, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
history, known = unbound(HISTORY), unbound(TICKETS)

# A ticket: whether an opening interval stands before it, and each update's phase and seconds
# since the one before. Few phases, so that tickets come back and stay; no seconds is allowed.
phases = st.sampled_from(["new", "in_progress", "resolved", None])
tickets = st.tuples(
    st.booleans(), st.lists(st.tuples(phases, st.integers(0, 900)), min_size=1, max_size=7)
)

logs = st.lists(tickets, max_size=6)
Log = list[tuple[bool, list[tuple[str | None, int]]]]


def rows_of(log: Log) -> pa.Table:
    """Return the log as the rows of `history`."""
    rows: list[dict[str, Any]] = []
    for number, (opened_before, updates) in enumerate(log):
        since = START
        made = [("new", 0), *updates] if opened_before else updates
        for at, (phase, _) in enumerate(made):
            after = made[at + 1] if at + 1 < len(made) else None
            until = None if after is None else since + after[1] * SECOND
            rows.append(
                {
                    "source": "desk",
                    "ticket_id": f"INC{number}",
                    "seq": at if opened_before else at + 1,
                    "since": since,
                    "until": until,
                    "phase": phase,
                    "next_phase": None if after is None else after[0],
                    "elapsed_us": None if after is None else after[1] * 1_000_000,
                }
            )
            since = since if until is None else until
    return pa.Table.from_pylist(rows, HISTORY.arrow_schema())


def tickets_of(log: Log) -> pa.Table:
    """Return the log's tickets, each with a word for its path."""
    rows = [
        {
            "source": "desk",
            "ticket_id": f"INC{number}",
            "variant_phase": ">".join(str(phase) for phase, _ in updates),
        }
        for number, (_, updates) in enumerate(log)
    ]
    return pa.Table.from_pylist(rows, TICKETS.arrow_schema())


def answers(log: Log, *questions: ir.Table) -> list[pa.Table]:
    """Run questions on a log."""
    with engine_of({"history": rows_of(log), "tickets": tickets_of(log)}) as engine:
        return [engine.run(question) for question in questions]


@settings(max_examples=40, deadline=None)  # each example opens a database
@given(logs)
def test_nothing_is_lost_on_the_way(log: Log) -> None:
    """Every step: entered = starts + ways in = ways out + ends; all time is on the ways too."""
    nodes, arcs = answers(log, node_rows(history, "phase"), arc_rows(history, "phase"))

    assert conserves(nodes, arcs)
    assert sum(nodes["count"].to_pylist()) == sum(len(updates) for _, updates in log)
    assert sum(nodes["starts"].to_pylist()) == sum(nodes["ends"].to_pylist()) == len(log)
    spent = {row["id"]: row["total_seconds"] for row in nodes.to_pylist()}
    for row in arcs.to_pylist():
        spent[row["from_"]] -= row["total_seconds"]
    assert list(spent.values()) == pytest.approx([0.0] * len(spent))


@settings(max_examples=40, deadline=None)
@given(logs)
def test_ways_are_those_that_a_person_would_count(log: Log) -> None:
    """Walk through every ticket by hand: the same ways, as often, by as many tickets."""
    walked = [Counter(pairwise(phase for phase, _ in updates)) for _, updates in log]
    passages, by_tickets = Counter[Any](), Counter[Any]()
    for ways in walked:
        passages.update(ways)
        by_tickets.update(ways.keys())

    arcs, by_path = answers(
        log,
        arc_rows(history, "phase", with_tickets=True),
        arc_rows(history, "phase", with_tickets=True, tickets=known),
    )

    assert by_path == arcs
    found = arcs.to_pylist()
    assert {(row["from_"], row["to"]): row["count"] for row in found} == passages
    assert {(row["from_"], row["to"]): row["tickets"] for row in found} == by_tickets


@settings(max_examples=40, deadline=None)
@given(logs)
def test_tickets_at_a_step_are_those_that_a_person_would_count(log: Log) -> None:
    """One by one, or one for all of its path."""
    met = Counter(phase for _, updates in log for phase in {phase for phase, _ in updates})

    one_by_one, by_path = answers(
        log, node_rows(history, "phase"), node_rows(history, "phase", tickets=known)
    )

    assert by_path == one_by_one
    assert {row["id"]: row["tickets"] for row in by_path.to_pylist()} == met


@settings(max_examples=40, deadline=None)
@given(logs)
def test_paths_and_durations_are_those_of_the_tickets(log: Log) -> None:
    """The path of a ticket is its phases; it lasts the time between its updates."""
    key = history.select("source", "ticket_id").distinct()

    steps, seconds = answers(log, path_rows(history, key, "phase"), case_seconds(history))

    assert paths(steps) == {
        ("desk", f"INC{number}"): tuple(phase for phase, _ in updates)
        for number, (_, updates) in enumerate(log)
    }
    lasted = [sum(wait for _, wait in updates[1:]) for _, updates in log]
    mean = sum(lasted) / len(lasted) if lasted else None
    assert seconds["mean"].to_pylist() == [mean if mean is None else pytest.approx(mean)]
