"""Stays in the backlog: one at a time, and the two ways of counting them agree."""

from itertools import pairwise
from typing import Any

import pytest

from opsgauge.metrics.ask import Ask, make_ask
from opsgauge.metrics.question import Question
from opsgauge.metrics.stock import moves, open_at_ends, stays
from tests.metrics.desks import CATALOGUE, Opened


def ask(desk: Opened, **asked: Any) -> Ask:
    question = Question("backlog", **asked)
    return make_ask(CATALOGUE.get("backlog"), question, desk.tables, desk.periods, desk.watermark)


def test_the_stays_of_a_ticket_do_not_overlap(mixed: Opened) -> None:
    """Each begins where an earlier one ended, or later."""
    rows = mixed.engine.run(stays(ask(mixed))).to_pylist()
    rows.sort(key=lambda row: (row["ticket_id"], row["seq"]))

    assert rows
    for before, after in pairwise(rows):
        if before["ticket_id"] == after["ticket_id"]:
            assert before["until_us"] <= after["since_us"]


@pytest.mark.parametrize("by", [(), ("team",), ("priority", "channel")])
def test_moves_add_up_to_what_is_open_now(mixed: Opened, by: tuple[str, ...]) -> None:
    """By passages where nothing changes on the way, by stays where it does."""
    asked = ask(mixed, by=by)
    moved = mixed.engine.run(moves(asked))["delta"].to_pylist()
    tickets = mixed.tables.tickets

    assert sum(moved) == mixed.engine.run(tickets.filter(tickets.open)).num_rows


@pytest.mark.parametrize("period", ["day", "week", "month", "all"])
def test_a_ticket_is_open_once_when_a_period_ends(mixed: Opened, period: str) -> None:
    """No ticket stands in two stays at one instant."""
    rows = mixed.engine.run(open_at_ends(ask(mixed, period=period))).to_pylist()
    keys = [(row["period"], row["ticket_id"]) for row in rows]

    assert len(keys) == len(set(keys)) > 0
    assert all(row["number"] >= 0 for row in rows)
