"""What a step is, and in which columns it stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.mining.steps import (
    fields_of,
    following,
    has_paths,
    here,
    is_followed,
    named,
    step,
    stepped,
    updates,
    values_of,
    variant_hash,
)
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.log.vocabulary import STEPS


@pytest.mark.parametrize(
    ("steps", "first", "then"),
    [
        ("phase", ["new"], ["in_progress"]),
        ("original_status", ["NEW"], ["IN_PROGRESS"]),
        ("team", ["Desk"], ["Network"]),
        ("activity", ["new Desk"], ["in_progress Network"]),
        ("phase+team", ["new", "Desk"], ["in_progress", "Network"]),
    ],
)
def test_each_kind_of_step_has_its_columns(
    desk: Any, steps: str, first: list[str], then: list[str]
) -> None:
    """The first update of INC1, and what follows it."""
    rows = stepped(desk.history, steps)
    one = rows.filter(rows.ticket_id == "INC1", rows.seq == 1)

    assert desk.rows(one.select(**here(one, steps), **following(one, steps))) == [
        dict(
            zip(
                [*here(one, steps), *following(one, steps)],
                [*first, *then],
                strict=True,
            )
        )
    ]


@pytest.mark.row("MAP-01")
def test_what_follows_is_looked_up_where_it_is_not_stored(desk: Any) -> None:
    """Priorities that change as phases do follow one another as those; none after the last."""
    rows = desk.history
    pairs = [
        desk.rows(told.select(*here(told, by).values(), *following(told, by).values()))
        for told, by in [
            (stepped(rows, "phase"), "phase"),
            (stepped(rows.mutate(priority=rows.phase), "priority"), "priority"),
        ]
    ]
    stored, sought = ([tuple(row.values()) for row in each] for each in pairs)

    assert len(stored) == 11
    assert sorted(sought, key=str) == sorted(stored, key=str)


@given(st.lists(st.none() | st.text("a ·()"), min_size=2, max_size=2))
def test_a_step_of_two_fields_has_a_name_of_its_own(values: list[str | None]) -> None:
    """One gets both values back, whatever dots are in them."""
    assert values_of(named(values) or "", ("phase", "team")) == tuple(values)


@pytest.mark.parametrize("steps", ["phases", "phase+phase", "phase+team+activity", "assignee", ""])
def test_what_no_map_is_drawn_by_is_refused(steps: str) -> None:
    """Persons least of all."""
    with pytest.raises(UnknownColumn, match="There are no steps by"):
        fields_of(steps)


def test_a_step_of_other_fields_is_refused() -> None:
    """The message says how one is written."""
    with pytest.raises(UnknownColumn, match="'new' is no step by phase"):
        values_of("new", ("phase", "team"))


def test_paths_are_known_by_what_is_stored() -> None:
    """Not by pairs, and not by what is looked up."""
    assert [has_paths(each) for each in ("phase", "phase+team", "priority")] == [True, False, False]


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


def test_unknown_steps_are_refused(desk: Any) -> None:
    """The message names the nearest kind."""
    with pytest.raises(UnknownColumn, match=r"no steps by 'phases'\. Did you mean 'phase'"):
        step(desk.history, "phases")
    with pytest.raises(UnknownColumn):
        variant_hash(desk.tickets, "phases")
