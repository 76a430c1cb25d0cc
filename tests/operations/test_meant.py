"""Filters are understood as pages spell them, and what is not there is told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.question import Question
from opsgauge.operations import meant as module
from opsgauge.operations.asking import conditions
from opsgauge.operations.choices import Choice
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, process_map, variants
from opsgauge.operations.meant import NotThere, meant, not_there
from opsgauge.operations.measure import measure, tickets_where
from opsgauge.operations.opened import Readers
from tests.conftest import Intake

LOG = """number,at,state,team,who
T1,2026-01-05T08:00Z,New,Service Desk,ann
T1,2026-01-05T09:00Z,Wait,Old Team,ann
T1,2026-01-05T10:00Z,Wait,Service Desk,ann
T2,2026-01-05T08:00Z,Wait,Service Desk,bob
T3,2026-01-05T08:00Z,Done,NET,ann
T4,2026-01-05T08:00Z,Done,net,ann
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import four tickets of three teams, two of them spelled alike."""
    held = Intake(tmp_path_factory.mktemp("desk"))
    held.takes(LOG)
    yield held
    held.close()


@pytest.fixture
def ctx(desk: Intake) -> Context:
    """Return that desk as one who has asked nothing yet."""
    return replace(desk.context, readers=Readers())


def total(ctx: Context, *where: str) -> int:
    """Count the tickets that fit."""
    return tickets_where(ctx, Selection(conditions(where))).total


@pytest.mark.row("DSH-12")
@pytest.mark.parametrize(
    "where",
    [
        "phase=pending_user",
        "phase=pending user",
        "phase=Pending user",
        "original_status=wait",
        "team=service desk",
        "team=Service_Desk",
        "open=Yes",
        "open=true",
        "practice=Incident",
    ],
)
def test_a_value_is_understood_as_pages_spell_it(ctx: Context, where: str) -> None:
    """By list, metric, map and variants alike."""
    found = conditions([where])
    expected = 4 if where.startswith("practice") else 2

    assert total(ctx, where) == expected
    assert process_map(ctx, "phase", Selection(found)).tickets == expected
    assert variants(ctx, "phase", Selection(found)).tickets == expected
    answer = measure(ctx, Question("tickets_opened", where=found))
    assert [row.value for row in answer.rows] == [expected]
    assert answer.caveats == ()


def test_what_is_spelled_like_two_stays_as_written(ctx: Context) -> None:
    """The exact spelling finds its own; another one could be either, so it finds none."""
    assert total(ctx, "team=NET") == total(ctx, "team=net") == 1
    assert total(ctx, "team=Net") == 0
    assert not_there(ctx, conditions(["team=Net"])) == ()


@pytest.mark.row("DSH-12")
def test_what_is_not_there_is_told_with_the_nearest(ctx: Context) -> None:
    """The answer stays empty: a program may ask for what is yet to come."""
    where = conditions(["team=Servise Desk|NET"])
    told = "There is no 'Servise Desk' among team; nearest: Service Desk (2)."

    listed = tickets_where(ctx, Selection(where))
    assert listed.total == 1
    assert listed.notes == (told,)
    assert listed.as_json()["notes"] == [told]
    assert process_map(ctx, "phase", Selection(where)).as_json()["notes"] == [told]
    assert variants(ctx, "phase", Selection(where)).as_json()["notes"] == [told]
    assert told in measure(ctx, Question("tickets_opened", where=where)).caveats


def test_where_nothing_is_alike_the_most_frequent_are_named(ctx: Context) -> None:
    """So that one sees what values look like."""
    [found] = not_there(ctx, conditions(["original_status=xyzzy"]))

    assert not found.alike
    assert found.near[0] == Choice("Done", 2)


def test_a_value_of_the_past_is_there(ctx: Context) -> None:
    """A team that held a ticket once may be asked for as of then, in any spelling."""
    assert not_there(ctx, conditions(["team=old team"])) == ()
    assert meant(ctx, conditions(["team=old team"])) == (Condition("team", ("Old Team",)),)


def test_a_value_beyond_the_most_frequent_is_there(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list that one chooses from ends; the records are looked through all the same."""
    monkeypatch.setattr(module, "MOST_VALUES", 2)
    monkeypatch.setattr(module, "held", lambda ctx, name: (Choice("Service Desk", 2),))

    assert meant(ctx, conditions(["team=NET"])) == (Condition("team", ("NET",)),)
    assert meant(ctx, conditions(["original_status=done"]))[0].values == ("Done",)
    assert not_there(ctx, conditions(["team=NET|nowhere"]))[0].value == "nowhere"


def test_what_is_missing_and_what_is_no_ticket_s_column_stay(ctx: Context) -> None:
    """Neither is looked for among the words of tickets."""
    where = conditions(["team=", "opened_hour=25", "assignee=Agent 1"])

    assert meant(ctx, where) == where
    assert not_there(ctx, where) == ()


def test_few_tickets_are_not_counted(ctx: Context) -> None:
    """Where the workspace withholds small numbers."""
    found = NotThere("team", "x", (Choice("A", 9), Choice("B", 2)), alike=True)

    assert found.sentence(5) == "There is no 'x' among team; nearest: A (9), B."
