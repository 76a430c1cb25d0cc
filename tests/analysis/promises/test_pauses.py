"""Pauses that come late or last for moments: in teams against teams, in agents against peers."""

import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

from opsgauge.analysis.promises.pauses import (
    FEWEST_AGENTS,
    Crowd,
    Pauses,
    crowds,
    odd_pauses,
    pauses,
)
from opsgauge.foundation.finding import Evidence
from tests.log.service_levels.clocked import RESOLUTION, level_of

pytestmark = pytest.mark.row("SLA-08")
LEVEL, EVIDENCE = level_of(RESOLUTION), Evidence("pauses", 1)


def team(name: str, count: int, late: int = 0, short: int = 0) -> Pauses:
    """Return the pauses of a team."""
    return Pauses(name, count, late, short, 0.0)


def agents(*each: tuple[str, str | None, int, int, int]) -> pa.Table:
    """Return pauses by team and assignee as the engine counts them."""
    heads = ("team", "assignee", "pauses", "late", "short")
    return pa.Table.from_pylist([dict(zip(heads, row, strict=True), late_us=0) for row in each])


def test_a_team_that_pauses_for_moments_is_told_of() -> None:
    """Forty of its hundred pauses, where one in twenty is usual; nothing is said of the others."""
    known = [team("A", 100, 5, 40), team("B", 100, 5, 5), team("C", 100, 5, 5)]
    [found] = odd_pauses(LEVEL, known, EVIDENCE)

    assert (found.kind, found.id) == ("short_pauses", "short_pauses-in_time-A")
    assert "40 times for less than five minutes" in found.claim
    assert found.size == pytest.approx(40 - 100 * 10 / 200)
    assert fisher_exact([[40, 60], [10, 190]], alternative="greater").pvalue < 0.01


def test_late_and_short_are_two_findings() -> None:
    """Of one team, the larger first."""
    known = [team("A", 100, 30, 60), team("B", 200, 5, 5)]

    assert [each.kind for each in odd_pauses(LEVEL, known, EVIDENCE)] == [
        "short_pauses",
        "late_pauses",
    ]


def test_few_pauses_and_small_differences_are_no_finding() -> None:
    """Nine of twenty; half as much again of a thousand; one team alone."""
    assert odd_pauses(LEVEL, [team("A", 20, 9), team("B", 500)], EVIDENCE) == []
    assert odd_pauses(LEVEL, [team("A", 1000, 150), team("B", 1000, 100)], EVIDENCE) == []
    assert odd_pauses(LEVEL, [team("A", 100, 90)], EVIDENCE) == []


def test_agents_are_counted_and_not_named() -> None:
    """One of six stands apart; the team of four is not told of; who is not known is no agent."""
    peers = [("A", f"Agent {n}", 50, 2, 2) for n in range(FEWEST_AGENTS)]
    few = [("B", f"Agent {n}", 50, 2 if n else 45, 2) for n in range(FEWEST_AGENTS - 1)]
    told = crowds(agents(*peers, ("A", "Agent 9", 50, 25, 2), ("A", None, 50, 50, 50), *few))

    assert told == [Crowd("A", FEWEST_AGENTS + 1, 1, 0)]
    assert "Agent" not in repr(told)


def test_peers_alike_stand_nowhere_apart() -> None:
    """All of them late half of the time is a matter of the team."""
    every = [("A", f"Agent {n}", 50, 25, 25) for n in range(8)]

    assert crowds(agents(*every)) == [Crowd("A", 8, 0, 0)]
    assert crowds(agents(("A", "Agent 1", 5, 5, 5))) == []


def test_teams_come_by_name() -> None:
    """The tickets that nobody held first."""
    rows = agents(("B", None, 1, 0, 0), ("A", None, 1, 0, 0))

    assert [each.team for each in pauses(rows)] == ["A", "B"]
