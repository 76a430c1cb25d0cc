"""The vital few and trouble that comes again, on an invented desk; and their tickets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opsgauge.analysis.causes.kinds import APPROVAL, SILENT
from opsgauge.analysis.causes.pareto import OF_TICKETS
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance.access import everywhere
from opsgauge.operations.cases_behind import cases_behind
from opsgauge.operations.cause_kinds import cause_kinds, evidence_words, kind_tickets
from opsgauge.operations.causes import causes
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.flow import Selection
from opsgauge.operations.lists import Page
from opsgauge.operations.measure import tickets_where
from opsgauge.operations.opened import Readers
from opsgauge.operations.outcomes import Asked
from opsgauge.operations.recurring import cluster_conditions, recurring
from opsgauge.operations.small_teams import told_together
from opsgauge.operations.vital_few import vital_few
from tests.conftest import with_settings

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
ALL = Selection()


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Invent a desk and open it."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(NOW), 2500, 5, ())
    made = Context(open_workspace(folder), readers=Readers(remember=True))
    yield made
    made.database.close()


def listed(ctx: Context, chosen: Selection) -> int:
    """Return how many tickets are in a list."""
    return tickets_where(ctx, chosen, Page(limit=1)).total


@pytest.mark.row("RCA-05")
@pytest.mark.parametrize("of", OF_TICKETS)
def test_groups_are_as_many_tickets_as_their_lists(ctx: Context, of: str) -> None:
    """Whatever is measured."""
    found = vital_few(ctx, ALL, "priority", of)

    assert sum(row.n for row in found.found.rows) == listed(ctx, ALL)
    for row in found.found.rows:
        assert listed(ctx, Selection((Condition("priority", (row.group,)),))) == row.n
    assert f"{found.found.vital} of {len(found.found.rows)} groups" in found.sentence()


@pytest.mark.row("RCA-05")
def test_other_groups_and_measures_are_refused(ctx: Context) -> None:
    """A person is no group, and money needs rates."""
    for by, of in (("assignee", "count"), ("nonsense", "count"), ("category", "cost")):
        with pytest.raises(QueryWrong):
            vital_few(ctx, ALL, by, of)


@pytest.mark.row("RCA-05")
def test_teams_of_few_people_are_told_together(ctx: Context) -> None:
    """By no list, and by no name."""
    small = with_settings(ctx, fewest_persons=12)
    gone = told_together(small)
    found = vital_few(small, ALL, "team")

    assert gone.teams
    assert found.together == {gone.label}
    assert not {row.group for row in found.found.rows} & gone.teams
    told = causes(small, Asked("slow", support=0.02)).as_json()
    assert not [team for team in gone.teams if team in str(told["rows"])]


@pytest.mark.row("RCA-06")
def test_trouble_is_as_many_tickets_as_its_lists(ctx: Context) -> None:
    """At all, and lately."""
    found = recurring(ctx, ALL, 91)

    assert found.found.rows
    for row in found.found.rows[:3]:
        chosen = replace(found.chosen, where=(*found.chosen.where, *cluster_conditions(row)))
        assert listed(ctx, chosen) == row.n
        assert listed(ctx, replace(chosen, from_=found.since)) == row.recent
    assert sum(row.n for row in found.found.rows) <= found.found.n - found.found.alone_tickets


@pytest.mark.row("RCA-06")
def test_only_a_length_of_days_can_be_lately(ctx: Context) -> None:
    """Not none, and not years."""
    for days in (0, 1000):
        with pytest.raises(QueryWrong):
            recurring(ctx, ALL, days)


@pytest.mark.row("RCA-01")
@pytest.mark.parametrize(
    "outcome", ["breach", "reopen", "slow", "failed", "first_level_resolution_share"]
)
def test_every_outcome_has_its_tickets(ctx: Context, outcome: str) -> None:
    """As many as are counted, with and without it."""
    every = cases_behind(ctx, Asked(outcome), []).total
    parts = [cases_behind(ctx, Asked(outcome), [], which).total for which in ("outcome", "rest")]

    assert sum(parts) == every
    assert min(parts) > 0


def test_they_ask_first(ctx: Context) -> None:
    """As every operation."""
    stranger = Context(ctx.workspace, actor=everywhere("eve", "nobody"), readers=ctx.readers)
    for asked in (vital_few, recurring, cause_kinds):
        with pytest.raises(NotAllowed):
            asked(stranger, ALL)


@pytest.mark.row("RCA-08")
def test_marks_are_as_many_tickets_as_their_lists(ctx: Context) -> None:
    """Of each kind, and of a choice of tickets."""
    for chosen in (ALL, Selection((Condition("practice", ("request",)),))):
        for row in cause_kinds(ctx, chosen).rows:
            assert kind_tickets(ctx, chosen, row.kind, Page(limit=1)).total == row.marked
            assert evidence_words(row)


@pytest.mark.row("RCA-08")
def test_what_is_not_on_record_is_said_to_be_so(ctx: Context) -> None:
    """Nobody asks for approval of incidents, on this desk."""
    found = cause_kinds(ctx, Selection((Condition("practice", ("incident",)),)))
    [approval] = [row for row in found.rows if row.kind == APPROVAL]

    assert approval.verdict == SILENT
    assert evidence_words(approval) == (
        "There is nothing on record of a state of waiting for approval"
    )
    with pytest.raises(QueryWrong):
        kind_tickets(ctx, ALL, "laziness")
