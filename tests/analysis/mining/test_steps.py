"""What a step is, and in which columns it stands."""

from collections.abc import Callable
from typing import Any

import ibis.expr.types as ir
import pytest

from opsgauge.analysis.mining.steps import is_followed, next_step, step, updates, variant_hash
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.log.vocabulary import STEPS


@pytest.mark.parametrize(
    ("steps", "here", "then"),
    [
        ("phase", "new", "in_progress"),
        ("original_status", "NEW", "IN_PROGRESS"),
        ("team", "Desk", "Network"),
        ("activity", "new Desk", "in_progress Network"),
    ],
)
def test_each_kind_of_step_has_its_columns(desk: Any, steps: str, here: str, then: str) -> None:
    """The first update of INC1, and what follows it."""
    rows = desk.history
    first = rows.filter(rows.ticket_id == "INC1", rows.seq == 1)

    assert desk.rows(first.select(here=step(first, steps), then=next_step(first, steps))) == [
        {"here": here, "then": then}
    ]


def test_the_opening_interval_is_no_update(desk: Any) -> None:
    """INC2 was opened an hour before its first update; it has four of them."""
    rows = updates(desk.history)

    assert [row["seq"] for row in desk.rows(rows.filter(rows.ticket_id == "INC2"))] == [1, 2, 3, 4]


def test_the_last_update_is_not_followed(desk: Any) -> None:
    """One of each ticket's updates is its last."""
    rows = updates(desk.history)

    last = desk.rows(rows.filter(~is_followed(rows)).select("ticket_id", "seq"))

    assert {(row["ticket_id"], row["seq"]) for row in last} == {
        ("INC1", 3),
        ("INC2", 4),
        ("INC3", 2),
        ("INC4", 2),
    }


def test_every_kind_of_step_has_its_variants(desk: Any) -> None:
    """Four columns, one for each."""
    names = {variant_hash(desk.tickets, steps).get_name() for steps in STEPS}

    assert names == {"variant", "variant_phase", "variant_original_status", "variant_team"}


@pytest.mark.parametrize("of", [step, next_step])
def test_unknown_steps_are_refused(desk: Any, of: Callable[[ir.Table, str], ir.Table]) -> None:
    """The message names the nearest kind."""
    with pytest.raises(UnknownColumn, match=r"no steps by 'phases'\. Did you mean 'phase'"):
        of(desk.history, "phases")
    with pytest.raises(UnknownColumn):
        variant_hash(desk.tickets, "phases")
