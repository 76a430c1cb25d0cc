"""Tickets left out of numbers by agreement: every way of asking gives the number without them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownMetric, UnknownTicket
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.exclusions import Wanted
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import Measured
from opsgauge.operations.both_ways import csv_rows, pairs
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.excluded import (
    approve_exclusion,
    ask_exclusion,
    end_exclusion,
    exclusion_register,
    named,
)
from opsgauge.operations.flow import process_map
from opsgauge.operations.measure import explain, measure, tickets_behind
from tests.conftest import MAPPING, Intake

DESK = MAPPING + "practice: incident\n"
HEAD = "number,at,state,team,who\n"


def row(number: int, day: int, team: str, hours: int) -> str:
    """Return the updates of one incident that took so many hours."""
    made, done = f"2026-01-{day:02} 01:00", f"2026-01-{day:02} {hours + 1:02}:00"
    return f"INC{number},{made},New,{team},a\nINC{number},{done},Done,{team},a\n"


ROWS = HEAD + "".join(
    row(n, day, team, hours)
    for n, (day, team, hours) in enumerate(
        [(5, "A", 2), (5, "A", 4), (6, "B", 20), (7, "B", 22), (8, "A", 6)], start=1
    )
)
SLOW = Wanted("The storm.", "time_to_resolve", (Condition("team", ("B",)),))


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import five incidents, three of team A, two slow ones of team B; return the workspace."""
    made = Intake(tmp_path_factory.mktemp("imported"))
    made.takes(ROWS, mapping=DESK)
    made.close()
    return made.workspace.path


@pytest.fixture
def intake(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a copy of those incidents, of which nothing is left out yet."""
    made = Intake(tmp_path_factory.mktemp("excluded"))
    shutil.copytree(imported, made.workspace.path, dirs_exist_ok=True)
    made.reopen()
    yield made
    made.close()


def asked(ctx: Context, metric: str = "time_to_resolve", **more: object) -> Measured:
    """Measure in a context of its own, as every request has."""
    return measure(replace(ctx), Question(metric, **more))  # type: ignore[arg-type]


def excluded(ctx: Context, wanted: Wanted = SLOW) -> int:
    """Ask for an exclusion and approve it; return its number."""
    return approve_exclusion(ctx, ask_exclusion(ctx, wanted).number).number


@pytest.mark.row("GOV-11")
def test_it_changes_the_number_from_its_approval_to_its_end(intake: Intake) -> None:
    """And the number with the tickets stands beside it all the time."""
    ctx = intake.context
    number = ask_exclusion(ctx, SLOW).number
    assert [(each.n, each.value) for each in asked(ctx).rows] == [(5, 6)]
    assert "excluded" not in asked(ctx).as_json()

    approve_exclusion(ctx, number)
    told = asked(ctx)
    assert [(each.n, each.value) for each in told.rows] == [(3, 4)]
    assert [(each.n, each.value) for each in told.rows_with_left_out] == [(5, 6)]
    assert told.as_json()["excluded"] == [{"number": number, "why": "The storm."}]
    assert "left out by agreement (exclusion 1: The storm.)" in told.caveats[0]

    end_exclusion(ctx, number, "Enough.")
    assert [each.n for each in asked(ctx).rows] == [5]
    assert [each.state for each in exclusion_register(ctx)] == ["ended"]


def test_a_file_has_both_numbers_only_while_something_is_left_out(intake: Intake) -> None:
    """A group of which every ticket is left out keeps its row, with an n of 0."""
    ctx = intake.context
    plain = asked(ctx, by=("team",))
    assert csv_rows(plain.as_json()) == plain.as_json()["rows"]
    assert [other for _, other in pairs(plain)] == [None, None]

    excluded(ctx)
    told = asked(ctx, by=("team",))
    rows = csv_rows(told.as_json())
    assert [
        (row["by"]["team"], row["n"], row["value"], row["n_with_excluded"]) for row in rows
    ] == [("A", 3, 4, 3), ("B", 0, None, 2)]
    assert rows[1]["value_with_excluded"] == 21
    assert [(row.by["team"], row.n, other.n) for row, other in pairs(told) if other] == [
        ("A", 3, 3),
        ("B", 0, 2),
    ]


def test_the_list_behind_a_number_has_as_many_tickets(intake: Intake) -> None:
    """The drill-down leaves out what the number leaves out."""
    ctx = intake.context
    excluded(ctx)
    told = tickets_behind(replace(ctx), Question("time_to_resolve"))

    assert told.total == 3
    assert {each["ticket_id"] for each in told.rows} == {"INC1", "INC2", "INC5"}
    assert "'B'" in explain(replace(ctx), Question("time_to_resolve")).sql


def test_it_is_of_its_metric_alone(intake: Intake) -> None:
    """Other metrics count every ticket, and so does the process map."""
    ctx = intake.context
    excluded(ctx)

    assert [each.n for each in asked(ctx, "tickets_opened").rows] == [5]
    assert process_map(replace(ctx), "phase").nodes[0].count == 5
    excluded(ctx, Wanted("All of them.", tickets=(("desk", "INC1"), ("desk", "INC2"))))
    assert [each.n for each in asked(ctx, "tickets_opened").rows] == [3]
    assert [each.n for each in asked(ctx).rows] == [1]
    assert process_map(replace(ctx), "phase").nodes[0].count == 5


def test_checks_look_at_what_numbers_leave_out_as_well(intake: Intake) -> None:
    """What is wrong with a record stays wrong, and no check is made anew for a number."""
    ctx = replace(intake.context).holding()
    before = [(each.id, each.count, each.share) for each in check(ctx).checks]
    excluded(replace(intake.context), replace(SLOW, metric=""))
    again = replace(intake.context, held=ctx.held)

    assert asked(again).rows[0].n == 3
    assert [(each.id, each.count, each.share) for each in check(again).checks] == before
    kept = [key for key in again.opened().memo if key[0] == "critical"]
    assert kept == [("critical", again.sight)]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted("x", tickets=(("desk", "INC4"),)), ["INC1", "INC2", "INC3", "INC5"]),
        (Wanted("x", from_=date(2026, 1, 6), to=date(2026, 1, 7)), ["INC1", "INC2", "INC5"]),
        (Wanted("x", from_=date(2026, 1, 8)), ["INC1", "INC2", "INC3", "INC4"]),
        (
            Wanted("x", "", (Condition("team", ("A", None)),), to=date(2026, 1, 5)),
            ["INC3", "INC4", "INC5"],
        ),
        (Wanted("x", "", (Condition("team", ("nobody",)),)), [f"INC{n}" for n in range(1, 6)]),
        (Wanted("x", "", (Condition("category", ("x",)),)), [f"INC{n}" for n in range(1, 6)]),
    ],
)
def test_what_is_meant_is_left_out(intake: Intake, wanted: Wanted, left: list[str]) -> None:
    """By number, by days and by conditions, each alone and together; what is missing stays in."""
    excluded(intake.context, wanted)
    told = tickets_behind(replace(intake.context), Question("tickets_opened"))
    assert sorted(each["ticket_id"] for each in told.rows) == left


def test_who_may_not_see_the_register_is_told_that_there_is_one(intake: Intake) -> None:
    """A reason may speak of other people's tickets."""
    excluded(intake.context)
    theirs = Actor("v", (Assignment("viewer", (Condition("team", ("A", "B")),)),))
    told = asked(replace(intake.context, actor=theirs))

    assert [each.n for each in told.rows] == [3]
    assert told.as_json()["excluded"] == [{"number": 1, "why": ""}]
    assert "storm" not in str(told.as_json())
    with pytest.raises(NotAllowed):
        exclusion_register(replace(intake.context, actor=theirs))


def test_two_numbers_do_not_tell_of_too_few_tickets(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Taking the one from the other would show the few that are left out."""
    intake = Intake(tmp_path_factory.mktemp("few"), "suppress_below = 3\n")
    intake.takes(ROWS, mapping=DESK)
    excluded(intake.context)
    told = asked(intake.context)
    assert [(each.n, each.value) for each in told.rows] == [(3, 4.0)]
    assert [each.value for each in told.rows_with_left_out] == [None]
    assert told.as_json()["rows_with_excluded"][0]["n"] is None
    intake.close()


def test_what_is_not_there_cannot_be_left_out(intake: Intake) -> None:
    """A misspelt metric, ticket or column would leave out nothing, in silence."""
    ctx = intake.context
    with pytest.raises(UnknownMetric, match="time_to_resolv"):
        ask_exclusion(ctx, replace(SLOW, metric="time_to_resolv"))
    with pytest.raises(UnknownTicket, match="INC9"):
        ask_exclusion(ctx, Wanted("x", tickets=(("desk", "INC9"),)))
    with pytest.raises(QueryWrong, match="'INC1' names no ticket"):
        named(["INC1"])
    with pytest.raises(NotAllowed):
        ask_exclusion(replace(ctx, actor=everywhere("eve", "viewer")), SLOW)
    with pytest.raises(NotAllowed):
        approve_exclusion(replace(ctx, actor=everywhere("eve", "analyst")), 1)
