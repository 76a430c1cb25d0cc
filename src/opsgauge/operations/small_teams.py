"""Teams of few people: a number of theirs is nearly one of a person, and may be withheld.

Floor 5. `fewest_persons` in the settings says from how many people on a team's numbers are shown.
A team's people are all who ever held a ticket in it, whoever asks; of a team without any on record
nobody can be told, so its numbers stay.
"""

from collections.abc import Iterable, Mapping, Sequence

from opsgauge.metrics.placing import Placed
from opsgauge.metrics.question import Question
from opsgauge.metrics.series import Point
from opsgauge.operations.compared import EVERYWHERE
from opsgauge.operations.context import Context
from opsgauge.operations.withheld import Cell, cell_of

TEAMS = ("team", "team_then")  # the dimensions that name a team
People = Mapping[str, frozenset[str]]


def of_small_teams(ctx: Context, question: Question, points: Sequence[Point]) -> frozenset[Cell]:
    """Return which values are of teams, or of groups of teams, of too few people."""
    fewest = ctx.workspace.settings.fewest_persons
    if fewest <= 1:
        return frozenset()
    people = _people(ctx)
    asked = [each for each in question.where if _is_of_teams(question, each.column)]
    if any(_is_small(question, each.column, each.values, people, fewest) for each in asked):
        return frozenset(cell_of(point) for point in points)
    split = [name for name in question.by if _is_of_teams(question, name)]
    return frozenset(
        cell_of(point)
        for point in points
        if any(_is_small(question, name, (point.by[name],), people, fewest) for name in split)
    )


def _people(ctx: Context) -> People:
    """Return who ever held a ticket in each team."""

    def asked() -> People:
        history = EVERYWHERE.history
        pairs = history.filter(history.team.notnull() & history.assignee.notnull())
        rows = ctx.opened().engine.run(pairs.select("team", "assignee").distinct()).to_pylist()
        found: dict[str, set[str]] = {}
        for row in rows:
            found.setdefault(row["team"], set()).add(row["assignee"])
        return {team: frozenset(persons) for team, persons in found.items()}

    return ctx.opened().once("people of teams", asked)


def _is_of_teams(question: Question, name: str) -> bool:
    grouping = question.grouping(name)
    return name in TEAMS or (isinstance(grouping, Placed) and grouping.of in TEAMS)


def _is_small(
    question: Question, name: str, values: Iterable[str | None], people: People, fewest: int
) -> bool:
    """Say whether values of a dimension name too few people, all of them together."""
    grouping = question.grouping(name)
    named = [value for value in values if value is not None]
    if isinstance(grouping, Placed):
        members = dict(grouping.groups)
        named = [team for value in named for team in members.get(value, ())]
    together = frozenset[str]().union(*(people.get(team, frozenset()) for team in named))
    return 0 < len(together) < fewest
