"""What goes with an outcome on a desk made by hand: what was known then, and nothing written later.

Printing is slow: of 60 tickets 45 take three days, of 240 others 30; the rest take an hour.
Slow tickets are put into category "late" and to team "Back" before they end; their code is set.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, TooFewPoints
from opsgauge.governance.access import everywhere
from opsgauge.operations.cases_behind import HITS, REST, cases_behind
from opsgauge.operations.causes import Causes, causes
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.outcomes import Asked, decided
from tests.conftest import MAPPING, Intake, with_settings

pytestmark = [pytest.mark.row("RCA-01"), pytest.mark.row("RCA-02")]
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
MOMENT = "%Y-%m-%d %H:%M"
HEAD = "number,at,state,team,who,sort,way,code,reopened"
SLOW = Asked("slow", slow_hours=24.0)


def desk_of(folder: Path) -> Intake:
    """Return the desk, imported into a folder."""
    intake = Intake(folder)
    rows = [HEAD]
    for place in range(300):
        printing = place % 5 == 0
        slow = place % 20 < 15 if printing else place % 10 == 1
        opened = BEGIN + timedelta(hours=place)
        done = opened + (timedelta(days=3) if slow else timedelta(hours=1))
        sort, way = ("printing" if printing else "mail"), ("phone" if place % 3 else "walk-in")
        last, code = ("late", "Escalated") if slow else (sort, "Fixed")
        team, again = ("Back" if slow else "Front"), int(slow and place % 2 == 0)
        rows.append(f"T{place},{opened:{MOMENT}},New,Front,x,{sort},{way},,0")
        before = done - timedelta(minutes=5)
        rows.append(f"T{place},{before:{MOMENT}},Work,{team},y,{last},{way},,{again}")
        rows.append(f"T{place},{done:{MOMENT}},Done,{team},y,{last},{way},{code},{again}")
    rows.append(f"Z1,{BEGIN + timedelta(days=40):{MOMENT}},New,Front,x,mail,phone,,0")
    fields = "  category: sort\n  channel: way\n  resolution_code: code\n  reopen_count: reopened\n"
    mapping = MAPPING.replace("  assignee: who\n", f"  assignee: who\n{fields}")
    intake.takes("\n".join(rows) + "\n", mapping=mapping + "practice: incident\n")
    return intake


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return the desk."""
    intake = desk_of(tmp_path_factory.mktemp("causes"))
    yield intake
    intake.close()


@pytest.fixture(scope="module")
def found(desk: Intake) -> Causes:
    """Return what goes with being slow."""
    return causes(desk.context, SLOW)


def test_what_was_known_then_is_told(found: Causes) -> None:
    """Printing has 45 of 60; the others 30 of 240. The ticket of today is not decided yet."""
    [row] = found.found.rows

    assert row.parts == (("category", "printing"),)
    assert (row.n, row.hits, row.rest_n, row.rest_hits) == (60, 45, 240, 30)
    assert row.raw == pytest.approx(6.0)
    assert row.low < 6 < row.high
    assert found.sentence().startswith("Category printing goes with")


def test_nothing_written_later_explains_it(found: Causes, desk: Intake) -> None:
    """Every slow ticket ends in category "late" with team "Back": neither is looked at."""
    told = str(found.as_json()["rows"])

    assert "late" not in told
    assert "Back" not in told
    assert {"team", "resolution_code", "reopen_count", "handoff_count"} <= set(found.barred)
    for name in ("team", "resolution_code", "handoff_count"):
        with pytest.raises(QueryWrong, match="only after the outcome"):
            causes(desk.context, Asked("slow", also=(name,)))


def test_at_a_set_moment_it_is_what_was_known_by_then(desk: Intake) -> None:
    """Two hours on, 225 are done; of the 76 others those about printing are reopened, 30 of 45."""
    found = causes(desk.context, Asked("reopen", hours=2.0))

    assert (found.found.n, found.found.hits) == (76, 30)
    assert [row.parts for row in found.found.rows] == [(("category", "printing"),)]
    assert found.notes[0].startswith("225 were over 2.0 h after their opening")


def test_tickets_of_a_row_are_as_many_as_its_n(desk: Intake, found: Causes) -> None:
    """All of them, those with the outcome, and the rest; each as it was known."""
    [row] = found.found.rows
    parts = [Condition(name, (word,)) for name, word in row.parts]
    every = cases_behind(desk.context, SLOW, parts)
    slow, rest = (cases_behind(desk.context, SLOW, parts, which) for which in (HITS, REST))

    assert (every.total, slow.total, rest.total) == (row.n, row.hits, row.n - row.hits)
    assert {each["category"] for each in every.rows} == {"printing"}
    assert [each["outcome"] for each in slow.rows] == [True] * row.hits
    assert len(cases_behind(desk.context, SLOW, parts, offset=50).rows) == row.n - 50


def test_the_slowest_quarter_is_of_each_practice(desk: Intake) -> None:
    """Where no limit is told."""
    found = decided(desk.context, Asked("slow"))

    assert found.limits == {"incident": 72.0}  # 75 of 300 took that long
    assert found.outcome.did == "took longer than three in four of their practice and priority"


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return 800 tickets: half are low and take four days, half high and take four hours.

    Of each, those by mail take half as long again.
    """
    intake, rows = Intake(tmp_path_factory.mktemp("paced")), [f"{HEAD},urgent"]
    for place in range(800):
        low, mail = place % 2 == 0, place % 8 in {0, 1}
        hours = (96 if low else 4) * (1.5 if mail else 1.0) + place % 7 / 100
        way, opened = ("mail" if mail else "phone"), BEGIN + timedelta(hours=place)
        for at, state in ((opened, "New"), (opened + timedelta(hours=hours), "Done")):
            urgent = "4 low" if low else "2 high"
            rows.append(f"T{place},{at:{MOMENT}},{state},Front,x,a,{way},,0,{urgent}")
    rows.append(f"Z1,{BEGIN + timedelta(days=80):{MOMENT}},New,Front,x,a,phone,,0,2 high")
    fields = "  priority: urgent\n  channel: way\n"
    mapping = MAPPING.replace("  assignee: who\n", f"  assignee: who\n{fields}")
    intake.takes("\n".join(rows) + "\n", mapping=mapping + "practice: incident\n")
    yield intake
    intake.close()


def test_priority_sets_the_pace_and_is_no_cause(paced: Intake) -> None:
    """Mail is what is slow for its priority; of any priority it is priority, which is no news."""
    alike = causes(paced.context, Asked("slow"))
    every = causes(paced.context, Asked("slow", any_priority=True))

    assert alike.found.rows[0].parts == (("channel", "mail"),)
    assert "priority" not in str([row.parts for row in alike.found.rows])
    assert {*alike.limits} == {"incident", "incident, 2 high", "incident, 4 low"}
    assert alike.limits["incident, 2 high"] < 7
    assert alike.limits["incident, 4 low"] > 90
    assert any("Priority sets the pace" in note for note in alike.notes)
    assert every.found.rows[0].parts[-1] == ("priority", "4 low")
    assert {*every.limits} == {"incident"}
    assert not any("Priority sets the pace" in note for note in every.notes)


def test_with_hours_of_ones_own_priority_is_held_alike_too(paced: Intake) -> None:
    """Above 24 hours are all low ones: within priority nothing is left to tell."""
    with_it = causes(paced.context, Asked("slow", slow_hours=24.0, any_priority=True))
    without = causes(paced.context, Asked("slow", slow_hours=24.0))

    assert ("priority", "4 low") in with_it.found.rows[0].parts
    assert "priority" not in str([row.parts for row in without.found.rows])


def test_a_choice_is_of_the_tickets_chosen(desk: Intake) -> None:
    """As everywhere."""
    chosen = Selection((Condition("channel", ("phone",)),))

    assert causes(desk.context, Asked("slow", chosen, slow_hours=24.0)).found.n == 200


@pytest.mark.parametrize(
    "asked",
    [
        Asked("slo"),
        Asked("time_to_resolve"),
        Asked("slow", hours=-1),
        Asked("slow", hours=1e300),
        Asked("slow", slow_hours=1e300),
        Asked("slow", support=0.0),
        Asked("slow", slow_hours=0.0),
        Asked("slow", also=("assignee",)),
        Asked("slow", also=("nonsense",)),
    ],
)
def test_what_cannot_be_asked_is_refused(desk: Intake, asked: Asked) -> None:
    """With what to do next."""
    with pytest.raises(QueryWrong):
        causes(desk.context, asked)


def test_too_few_are_told_as_too_few(desk: Intake) -> None:
    """Rather than as nothing found."""
    chosen = Selection((Condition("category", ("nothing",)),))
    with pytest.raises(TooFewPoints):
        causes(desk.context, Asked("slow", chosen))


def test_lists_of_few_are_withheld(desk: Intake) -> None:
    """Under the setting that withholds small numbers."""
    ctx: Context = with_settings(desk.context, suppress_below=70)
    with pytest.raises(QueryWrong, match="withheld"):
        cases_behind(ctx, SLOW, [Condition("category", ("printing",))])


def test_it_needs_its_rights(desk: Intake) -> None:
    """Both ask first."""
    stranger = Context(desk.context.workspace, actor=everywhere("eve", "nobody"))
    with pytest.raises(NotAllowed):
        causes(stranger, SLOW)
    with pytest.raises(NotAllowed):
        cases_behind(stranger, SLOW, [])
