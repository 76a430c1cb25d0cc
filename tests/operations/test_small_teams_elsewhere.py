"""Teams of few people outside of metrics: told together on maps and in clocks, else refused."""

from collections.abc import Callable, Iterator

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.operations.clock_lists import ClocksBehind, clocks_behind
from opsgauge.operations.context import Context
from opsgauge.operations.find import find
from opsgauge.operations.flow import Passed, Selection, process_map, variants
from opsgauge.operations.measure import tickets_where
from opsgauge.operations.requests import fulfilment
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_levels import Clocks, breakdown, shown
from tests.conftest import MAPPING, Intake, with_settings

# A is one person, B two others, C four; D names nobody. Of each three tickets that C hands on.
PEOPLE = {"A": "x", "B": "vw", "C": "abcd", "D": "?"}
LABEL = "(withheld: fewer than 3 people)"
LEVELS = """
in_time:
  title: Resolved in time
  kind: resolution
  practices: incident
  targets: [{within: 1 h}]
  pause: {phase: [pending_user]}
"""


def rows() -> str:
    """Return each ticket's way: from C to its team, a pause there, and the end."""
    lines = ["number,at,state,team,who"]
    for team, who in PEOPLE.items():
        for n in range(len(who) + 1):
            at, name = f"2026-01-0{5 + n}", who[n % len(who)]
            lines += [
                f"{team}{n},{at} 08:00,New,C,{PEOPLE['C'][n % 4]}",
                f"{team}{n},{at} 09:00,Wait,{team},{name}",
                f"{team}{n},{at} 10:00,Work,{team},{name}",
                f"{team}{n},{at} 12:00,Done,{team},{name}",
            ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def open_to_all(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return that desk, whose settings show all."""
    held = Intake(tmp_path_factory.mktemp("few"))
    held.takes(rows(), mapping=f"practice: incident{MAPPING}")
    folder = held.workspace.path / "service_levels"
    folder.mkdir(exist_ok=True)
    (folder / "own.yaml").write_text(LEVELS)
    yield with_settings(held.context)
    held.close()


@pytest.fixture(scope="module")
def desk(open_to_all: Context) -> Context:
    """Return the same; numbers of teams of three people and more are shown."""
    return with_settings(open_to_all, fewest_persons=3)


@pytest.mark.row("SEC-02")
def test_small_teams_are_one_step_of_a_map(desk: Context, open_to_all: Context) -> None:
    """Nothing is lost: entered is as much, and the step's list is as long as its number."""
    every, told = process_map(open_to_all, "team"), process_map(desk, "team")

    assert {node.id for node in every.nodes} == {"A", "B", "C", "D"}
    assert {node.id for node in told.nodes} == {LABEL, "C", "D"}
    assert sum(node.count for node in told.nodes) == sum(node.count for node in every.nodes)
    [step] = [node for node in told.nodes if node.id == LABEL]
    assert (step.tickets, step.count, step.starts, step.ends) == (5, 15, 0, 5)
    behind = tickets_where(desk, Selection(passed=Passed("team", LABEL)))
    assert behind.total == step.tickets
    assert every.withheld == ""
    assert told.as_json()["notes"] == [told.withheld]
    assert told.withheld.startswith("Teams in which fewer than 3 people ever held a ticket")


def test_a_map_of_phases_is_the_same(desk: Context, open_to_all: Context) -> None:
    """It names no team."""
    assert process_map(desk, "phase").nodes == process_map(open_to_all, "phase").nodes
    assert process_map(desk, "phase").withheld == ""


@pytest.mark.row("SEC-02")
def test_paths_through_small_teams_are_one(desk: Context) -> None:
    """Whatever way they took; as many tickets as before."""
    told = variants(desk, "team")

    assert {row.path[0] for row in told.rows} == {"C", LABEL}
    [one] = [row for row in told.rows if LABEL in row.path]
    assert (one.path, one.count) == ((LABEL,), 5)
    assert sum(row.count for row in told.rows) == told.tickets == 12
    behind = tickets_where(desk, Selection(passed=Passed("team", path=one.id)))
    assert behind.total == one.count
    assert "A" not in behind.sentence


def test_one_small_team_takes_the_next_with_it(desk: Context) -> None:
    """Of A and C alone, what is told of neither would be told of A."""
    asked = Selection((Condition("team", ("A", "C")),))
    assert {node.id for node in process_map(desk, "team", asked).nodes} == {LABEL}


ASKS: list[Callable[[Context, Condition], object]] = [
    lambda ctx, few: process_map(ctx, "phase", Selection((few,))),
    lambda ctx, few: variants(ctx, "phase", Selection((few,))),
    lambda ctx, few: find(ctx, Selection((few,))),
    lambda ctx, few: tickets_where(ctx, Selection((few,))),
    lambda ctx, few: tickets_where(ctx, Selection(passed=Passed("team", few.values[0]))),
    lambda ctx, few: tickets_where(ctx, Selection(passed=Passed("team", "C", few.values[0]))),
    lambda ctx, few: fulfilment(ctx, Selection((few,))),
    lambda ctx, few: shown(ctx, Clocks((few,))),
    lambda ctx, few: breakdown(ctx, "in_time", "phase", Clocks((few,))),
    lambda ctx, few: paused(ctx, "in_time", Clocks((few,))),
    lambda ctx, few: clocks_behind(ctx, ClocksBehind("in_time"), Clocks((few,))),
    lambda ctx, few: clocks_behind(ctx, ClocksBehind("in_time", spent=few), Clocks()),
]


@pytest.mark.row("SEC-02")
@pytest.mark.parametrize("ask", ASKS)
def test_what_is_asked_of_a_small_team_alone_is_refused(
    desk: Context, open_to_all: Context, ask: Callable[[Context, Condition], object]
) -> None:
    """With the reason; the settings that show all let it through, and so do teams of many."""
    few = Condition("team", ("A",))
    with pytest.raises(QueryWrong, match="team is A is withheld: fewer than 3 people"):
        ask(desk, few)
    ask(open_to_all, few)
    ask(desk, Condition("team", ("C",)))


@pytest.mark.row("SEC-02")
def test_the_time_of_clocks_is_told_of_small_teams_together(
    desk: Context, open_to_all: Context
) -> None:
    """The parts add up to the whole still, and the list behind is as long as its number."""
    every, told = (breakdown(ctx, "in_time", "team") for ctx in (open_to_all, desk))

    assert {part.part for part in told.parts} == {LABEL, "C", "D"}
    assert sum(part.used_us for part in told.parts) == told.used_us == every.used_us
    [few] = [part for part in told.parts if part.part == LABEL]
    alone = [part for part in every.parts if part.part in {"A", "B"}]
    assert (few.used_us, few.clocks) == (sum(part.used_us for part in alone), 5)
    spent = ClocksBehind("in_time", spent=Condition("team", (LABEL,)))
    assert clocks_behind(desk, spent, Clocks()).total == few.clocks


@pytest.mark.row("SEC-02")
def test_pauses_are_told_of_small_teams_together(desk: Context, open_to_all: Context) -> None:
    """Two and three of them make five, and no agents of theirs are counted."""
    told = {each.team: each.pauses for each in paused(desk, "in_time").teams}
    every = {each.team: each.pauses for each in paused(open_to_all, "in_time").teams}

    assert (every["A"], every["B"]) == (2, 3)
    assert told == {LABEL: 5, "C": every["C"], "D": every["D"]}
    assert LABEL not in {crowd.team for crowd in paused(desk, "in_time").agents}
