"""Passages over time: pairs that overtook and batches, against every pair by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.mining.spectrum import (
    Batch,
    Overtaking,
    batches,
    dot_rows,
    overtaking,
    passage_rows,
)

pytestmark = pytest.mark.row("MAP-11")
HOUR = 3_600_000_000


def test_passages_are_those_of_the_way(desk: Any) -> None:
    """From new to in progress: INC1 08:00 to 09:00, INC2 08:00 to 08:30, INC3 08:00 to 12:00."""
    rows = desk.rows(passage_rows(desk.history, "phase", ("new", "in_progress")))

    assert [(row["end_us"] - row["start_us"]) / HOUR for row in rows] == [0.5, 1.0, 4.0]
    assert len({row["start_us"] for row in rows}) == 1


def test_steps_of_two_fields_and_without_a_value(desk: Any) -> None:
    """INC4 came from no phase; of two tickets new at the desk one went to the network."""
    none = desk.rows(passage_rows(desk.history, "phase", ("(none)", "resolved")))
    both = desk.rows(
        passage_rows(desk.history, "phase+team", ("new · Desk", "in_progress · Network"))
    )
    assert (len(none), len(both)) == (1, 1)


def test_dots_are_all_updates(desk: Any) -> None:
    """Eleven, none for the opening interval."""
    rows = desk.rows(dot_rows(desk.history, "phase"))
    assert [(row["ticket_id"], row["id"]) for row in rows][:3] == [
        ("INC1", "new"),
        ("INC1", "in_progress"),
        ("INC1", "resolved"),
    ]
    assert len(rows) == 11


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 12)), max_size=30))
def test_overtaking_is_what_a_person_would_count(stays: list[tuple[int, int]]) -> None:
    """Every pair looked at: there at the same time; came later and left earlier."""
    lines = sorted((start, start + length) for start, length in stays)
    together = sum(s < t < end for s, end in lines for t, _ in lines)
    overtook = sum(s < t and u < end for s, end in lines for t, u in lines)
    starts, ends = (np.array([line[at] for line in lines], dtype=np.int64) for at in (0, 1))

    assert overtaking(starts, ends) == Overtaking(together, overtook)


def test_first_come_first_served_never_overtakes() -> None:
    """A queue that keeps its order, and its opposite, a pile."""
    starts = np.arange(50)
    queue, pile = overtaking(starts, starts + 100), overtaking(starts, 200 - starts)

    assert (queue.overtook, queue.share) == (0, 0.0)
    assert (pile.together, pile.share) == (50 * 49 // 2, 1.0)
    assert overtaking(np.array([0]), np.array([1])).share is None


def test_a_batch_is_told_with_when_its_tickets_came() -> None:
    """Six that came over six hours leave in one second; the rest leave an hour apart."""
    came = np.arange(20) * HOUR
    left = came + HOUR // 2
    left[4:10] = left[9] + np.arange(6) * 200_000

    assert batches(np.sort(came), left) == [
        Batch(6, int(came[4]), int(left[4]), int(left[9])),
    ]
    assert batches(came, left, least=7) == []


def test_tickets_that_came_together_are_no_batch() -> None:
    """They leave together because they came together."""
    came = np.concatenate((np.arange(10) * HOUR, 20 * HOUR + np.arange(6) * 1_000))
    assert batches(came, came + 60_000_000) == []


def test_by_chance_alone_there_are_next_to_no_batches() -> None:
    """Twenty thousand departures at random, of stays of random length."""
    chance = np.random.default_rng(3)
    starts = np.sort(chance.integers(0, 10**12, 20_000))
    ends = starts + chance.exponential(10**9, 20_000).astype(np.int64)
    assert sum(batch.tickets for batch in batches(starts, ends)) <= 20
