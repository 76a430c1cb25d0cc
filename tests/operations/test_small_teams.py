"""Numbers of teams of few people: withheld, with what would give them away, and the lists too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.question import Question
from opsgauge.operations.measure import measure, tickets_behind
from tests.conftest import MAPPING, Intake, seeing

# Who holds tickets of which team: A has one person, B two, C four; D names nobody.
DESK = {"A": "x", "B": "vw", "C": "abcd", "D": ""}
ROWS = "number,at,state,team,who\n" + "".join(
    f"{team}{n},2026-01-0{1 + n} 08:00,New,{team},{(who or '?')[n % max(len(who), 1)]}\n"
    for team, who in DESK.items()
    for n in range(4)
)
GROUPS = """
dimension: team
levels:
  house:
    small: [A]
    rest: [B]
    large: [C, D]
"""
BY_TEAM = Question("tickets_opened", by=("team",))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return four tickets of each team; numbers of teams of three people and more are shown."""
    held = Intake(tmp_path_factory.mktemp("small"), "fewest_persons = 3\n")
    held.takes(ROWS, mapping=MAPPING)
    yield held
    held.close()


def shown(desk: Intake, question: Question, name: str = "team") -> dict[str | None, float | None]:
    """Return the values by group."""
    return {row.by[name]: row.value for row in measure(desk.context, question).rows}


@pytest.mark.row("SEC-02")
def test_a_team_of_few_people_has_no_numbers(desk: Intake) -> None:
    """One of enough people has; one whose people are not on record has, too."""
    assert shown(desk, BY_TEAM) == {"A": None, "B": None, "C": 4, "D": 4}
    told = measure(desk.context, BY_TEAM).as_json()["rows"]
    assert [(row["by"]["team"], row["n"], row["suppressed"]) for row in told] == [
        ("A", None, True),
        ("B", None, True),
        ("C", 4, False),
        ("D", 4, False),
    ]


@pytest.mark.row("SEC-02")
def test_a_filter_is_a_group_too(desk: Intake) -> None:
    """Of people together: two teams of three are enough."""
    for teams, value in ((("A",), None), (("A", "B"), 8), (("C",), 4), (("A", None), None)):
        asked = Question("tickets_opened", where=(Condition("team", teams),))
        assert [row.value for row in measure(desk.context, asked).rows] == [value], teams


@pytest.mark.row("SEC-02")
def test_the_list_behind_is_withheld_as_well(desk: Intake) -> None:
    """It would tell the number."""
    with pytest.raises(QueryWrong, match="few people stand behind it"):
        tickets_behind(desk.context, BY_TEAM, {"period": "all", "team": "A"})
    assert tickets_behind(desk.context, BY_TEAM, {"period": "all", "team": "C"}).total == 4


def test_the_only_small_team_is_not_found_by_taking_the_others_away(desk: Intake) -> None:
    """So the next smallest value goes, too."""
    asked = Question("tickets_opened", by=("team",), where=(Condition("team", ("A", "C", "D")),))
    values = shown(desk, asked)
    assert values["A"] is None
    assert sum(value is None for value in values.values()) == 2


def test_groups_of_teams_count_the_people_of_all(desk: Intake) -> None:
    """A group of a small team is small; one of many people is not."""
    (desk.workspace.path / "hierarchies" / "house.yaml").write_text(GROUPS)
    values = shown(desk, Question("tickets_opened", by=("team.house",)), "team.house")
    assert (values["small"], values["rest"], values["large"]) == (None, None, 8)


def test_who_asks_makes_no_team_smaller(desk: Intake) -> None:
    """A team's people are counted over all records, not over those that somebody sees."""
    theirs = replace(desk.context, actor=seeing(Condition("team", ("C",))))
    assert [row.value for row in measure(theirs, BY_TEAM).rows] == [4]
