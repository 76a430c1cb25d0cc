"""Teams of few people: a number of theirs is nearly one of a person, and may be withheld.

Floor 5. `fewest_persons` in the settings says from how many people on a team's numbers are shown.
A team's people are all who ever held a ticket in it, whoever asks; of a team without any on record
nobody can be told, so its numbers stay. Where an answer parts the work by team, such teams are told
together, with the next smallest where they alone are still too few: so the parts add up, and
nothing is found by taking the others from the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.log.related import APPROVALS
from opsgauge.metrics.placing import Placed
from opsgauge.metrics.question import Question
from opsgauge.metrics.series import Point
from opsgauge.operations.compared import EVERYWHERE
from opsgauge.operations.context import Context
from opsgauge.operations.withheld import Cell, cell_of

TEAMS = ("team", "team_then")  # the dimensions that name a team
People = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Together:
    """Teams that are told together, and under what name; no team where nothing is withheld."""

    teams: frozenset[str] = frozenset()
    fewest: int = 1

    @property
    def label(self) -> str:
        """What stands in the place of their names.

        Examples
        --------
        >>> Together(frozenset("A"), 3).label
        '(withheld: fewer than 3 people)'
        """
        return f"({withheld_words(self.fewest)})"

    @property
    def note(self) -> str:
        """What a reader should know of it; empty where nothing is withheld."""
        if not self.teams:
            return ""
        return (
            f"Teams in which fewer than {self.fewest} people ever held a ticket are told together, "
            "with the next smallest where they alone are too few."
        )

    def named(self, team: str | None) -> str | None:
        """Return a team's name, or what stands in its place."""
        return self.label if team in self.teams else team

    def word(self, column: ir.Value) -> ir.Value:
        """Return the same of a column of teams."""
        if not self.teams:
            return column
        gone = column.isin(sorted(self.teams))
        return ibis.cases((gone, self.label), (column.notnull(), column))

    def in_rows(self, rows: pa.Table, *names: str) -> pa.Table:
        """Return rows with the same done to columns of theirs."""
        for name in names if self.teams else ():
            held = rows[name]
            gone = pc.is_in(held, value_set=pa.array(sorted(self.teams), held.type))
            told = pc.if_else(gone, pa.scalar(self.label, held.type), held)
            rows = rows.set_column(rows.column_names.index(name), name, told)
        return rows


@dataclass(frozen=True)
class SmallTeams:
    """Who ever held a ticket in each team, and how many of them are too few."""

    fewest: int = 1
    people: People = field(default_factory=dict)

    def are_few(self, teams: Iterable[str | None]) -> bool:
        """Say whether teams have too few people, all of them together; with none on record not."""
        return 0 < len(self._people_of(teams)) < self.fewest

    def together(self, asked: Iterable[str | None] = ()) -> Together:
        """Return which teams are told together.

        Parameters
        ----------
        asked : where not empty, the answer is of these teams alone

        Examples
        --------
        >>> people = {"A": "x", "B": "yz", "C": "abcd"}
        >>> small = SmallTeams(3, {team: frozenset(names) for team, names in people.items()})
        >>> sorted(small.together().teams), sorted(small.together(["A", "C"]).teams)
        (['A', 'B'], ['A', 'B', 'C'])
        """
        told = {team for team in self.people if self.are_few([team])}
        within = {team for team in asked if team is not None} or set(self.people)
        if told & within:
            larger = sorted(within - told, key=lambda team: (len(self._people_of([team])), team))
            for team in larger:
                if not self.are_few(told & within):
                    break
                told |= {team} if self._people_of([team]) else set()
        return Together(frozenset(told), self.fewest)

    def _people_of(self, teams: Iterable[str | None]) -> frozenset[str]:
        named = (self.people.get(team, frozenset()) for team in teams if team is not None)
        return frozenset[str]().union(*named)


NONE = SmallTeams()


def withheld_words(fewest: int) -> str:
    """Say why nothing is told.

    Examples
    --------
    >>> withheld_words(5)
    'withheld: fewer than 5 people'
    """
    return f"withheld: fewer than {fewest} people"


def small_teams(ctx: Context) -> SmallTeams:
    """Return which teams are small; asks nothing of the records where the settings show all."""
    fewest = ctx.workspace.settings.fewest_persons
    return NONE if fewest <= 1 else SmallTeams(fewest, _people(ctx))


def with_approvers(ctx: Context, small: SmallTeams) -> SmallTeams:
    """Return the same with who decides in groups of approvers, of which no ticket may be held."""
    if small is NONE:
        return small
    approvals = ctx.tables.related[APPROVALS.name]
    named = approvals.filter(approvals.approver_group.notnull() & approvals.approver.notnull())
    rows = ctx.opened().engine.run(named.select("approver_group", "approver").distinct())
    people = dict(small.people)
    for row in rows.to_pylist():
        so_far = people.get(row["approver_group"], frozenset())
        people[row["approver_group"]] = so_far | {row["approver"]}
    return SmallTeams(small.fewest, people)


def told_together(ctx: Context, where: Sequence[Condition] = ()) -> Together:
    """Return which teams an answer about the tickets chosen tells together."""
    return small_teams(ctx).together(_teams_asked(where))


def refuse_small(ctx: Context, where: Iterable[Condition]) -> None:
    """Refuse a number of teams of too few people, all teams of a condition together.

    Raises
    ------
    QueryWrong : a condition names none but such
    """
    small = small_teams(ctx)
    for each in where:
        if each.column in TEAMS and small.are_few(each.values):
            raise withheld_teams(each, small.fewest)


def withheld_teams(asked: Condition, fewest: int) -> QueryWrong:
    """Return the refusal of what would be a number of teams of too few people."""
    return QueryWrong(
        f"What is asked of tickets where {asked.sentence()} is {withheld_words(fewest)} ever held "
        "a ticket there.",
        hint="Choose more teams together, or leave the team away.",
    )


def _teams_asked(where: Iterable[Condition]) -> list[str | None]:
    return [value for each in where if each.column in TEAMS for value in each.values]


def of_small_teams(ctx: Context, question: Question, points: Sequence[Point]) -> frozenset[Cell]:
    """Return which values are of teams, or of groups of teams, of too few people."""
    small = small_teams(ctx)
    if small is NONE:
        return frozenset()
    if any(_is_of_few(small, question, each) for each in question.where):
        return frozenset(cell_of(point) for point in points)
    return frozenset(
        cell_of(point)
        for point in points
        if any(
            _is_of_few(small, question, Condition(name, (point.by[name],))) for name in question.by
        )
    )


def is_of_few(
    ctx: Context, column: str, value: str | None, question: Question | None = None
) -> bool:
    """Say whether a value of a dimension is a team, or a group of teams, of too few people.

    Parameters
    ----------
    question : knows what names mean that are no columns
    """
    asked = Condition(column, (value,))
    return _is_of_few(small_teams(ctx), question or Question(""), asked)


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


def _is_of_few(small: SmallTeams, question: Question, asked: Condition) -> bool:
    grouping = question.grouping(asked.column)
    of_teams = asked.column in TEAMS or (isinstance(grouping, Placed) and grouping.of in TEAMS)
    return of_teams and small.are_few(_teams_in(question, asked))


def _teams_in(question: Question, asked: Condition) -> list[str | None]:
    """Return the teams that a condition names, also where it names groups of teams."""
    grouping = question.grouping(asked.column)
    if not isinstance(grouping, Placed):
        return list(asked.values)
    members = dict(grouping.groups)
    return [team for value in asked.values if value is not None for team in members.get(value, ())]
