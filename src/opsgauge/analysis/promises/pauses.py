"""Pauses of clocks: who stops them just before they break, for moments, or without a word.

Floor 4, analysis. Pausing is right where somebody else is waited for, and then it comes at any time
of a clock, and whoever is waited for was told so. Where a clock is paused to save it, pauses crowd
into its last tenth, last for moments only, or begin and end without a message to the customer. So a
team's share of late pauses, of short ones and of silent ones is held against that of all other
teams together (Fisher's exact test, one-sided), over all that was looked at (Benjamini and
Hochberg), and where it is at least twice theirs. Teams differ by nature, so where there are enough
to say how much, it must also be beyond what they differ (beta-binomial, see
`mining/standing_out.py`). And a team whose clocks run long, or that gets them late, pauses more of
them late by nature: of the time its clocks ran within their promise, some share ran in the last
tenth, and that share of its pauses would come there if they came at any time alike. So late ones
must surely be twice that, or twice as many times that as others have (a standardised ratio). Inside
a team the same is asked of its agents, of whom only their number is told: who they are is nobody's
business here.

Sources: the "wait-user" question of BPI Challenge 2013; Fisher, Statistical methods for research
workers, 1925; Benjamini and Hochberg, Controlling the false discovery rate, 1995.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from opsgauge.analysis.fisher import chance_of_more
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.analysis.mining.standing_out import (
    Place,
    lowest_share,
    odds_of_so_many,
    usual_share,
)
from opsgauge.analysis.promises.pause_rows import NUMBERS, Pauses, pauses_of
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import percent, whole
from opsgauge.log.service_levels.paragraph import ServiceLevel

METHOD = "fisher_exact_over_teams"
FEWEST = 10  # late or short pauses of a team, for anything to be said of them
FEWEST_PAUSES = 20  # of a team, for anything to be said of it
FEWEST_AGENTS = 5  # with fewer, a number would point at somebody
TIMES_OTHERS = 2.0
SURE = 0.01  # share of false findings among those told


@dataclass(frozen=True)
class Kind:
    """What is looked for among pauses: how many of a team's are so, and how it is said.

    Attributes
    ----------
    among : of how many it is asked
    by_itself : the share that would be so if pauses came at any time of a clock alike
    seldom : half as many that are not so as elsewhere stand out too, as where most are so anyway
    """

    name: str
    counted: Callable[[Pauses], int]
    words: str
    caveat: str
    among: Callable[[Pauses], int] = lambda of: of.pauses
    seldom: bool = False
    by_itself: Callable[[Pauses], float] | None = None


LATE_PAUSES = Kind(
    "late_pauses",
    lambda of: of.late,
    "with less than a tenth of it left",
    "A team that gets tickets late in their life pauses them late, too: look at the tickets before "
    "anyone is asked why.",
    by_itself=lambda of: of.late_by_itself,
)
SHORT_PAUSES = Kind(
    "short_pauses",
    lambda of: of.short,
    "for less than five minutes",
    "A tool may set and lift a state by itself within a moment: look at who did it before anyone "
    "is asked why.",
)
SILENT_PAUSES = Kind(
    "silent_pauses",
    lambda of: of.silent,
    "without a message to the customer",
    "A message may go out by telephone, or by a tool whose updates are not here: ask how the team "
    "tells its customers before anyone is asked why.",
    among=lambda of: of.judged,
    seldom=True,
)
KINDS = (LATE_PAUSES, SHORT_PAUSES, SILENT_PAUSES)


@dataclass(frozen=True)
class Crowd:
    """The agents of one team, and how many of them pause so more than their peers.

    Nobody is named, and teams of fewer than `FEWEST_AGENTS` agents with pauses are left out.
    """

    team: str
    agents: int
    late_apart: int
    short_apart: int
    silent_apart: int


def crowds(rows: pa.Table) -> list[Crowd]:
    """Return the teams of what `pause_rows` gave by team and assignee."""
    teams: dict[str, list[Pauses]] = {}
    for row in rows.to_pylist():
        if row["team"] is not None and row["assignee"] is not None:
            counts = {name: int(row[name] or 0) for name in NUMBERS}
            teams.setdefault(row["team"], []).append(pauses_of(row["team"], counts))
    return [
        Crowd(team, len(agents), *(_apart(kind, agents) for kind in KINDS))
        for team, agents in sorted(teams.items())
        if len(agents) >= FEWEST_AGENTS
    ]


def _apart(kind: Kind, agents: Sequence[Pauses]) -> int:
    """Count the agents who surely pause so at least twice as often as their peers."""
    judged = [(each, _others(each, agents)) for each in agents if _enough(kind, each)]
    if not judged:
        return 0
    sure = false_discovery_rates([_odds(kind, each, peers) for each, peers in judged])
    return sum(
        bool(chance < SURE) and kind.counted(each) >= FEWEST and _twice(kind, each, peers)
        for (each, peers), chance in zip(judged, sure, strict=True)
    )


def odd_pauses(level: ServiceLevel, known: Sequence[Pauses], evidence: Evidence) -> list[Finding]:
    """Return the teams that pause late, for moments or without a word more than others do."""
    named = [each for each in known if each.team is not None]
    judged = {kind.name: [each for each in named if _enough(kind, each)] for kind in KINDS}
    # Every kind is looked for in every team, so all of it is taken into account at once.
    looked = [(kind, each) for kind in KINDS for each in judged[kind.name]]
    looked = [(kind, each) for kind, each in looked if len(judged[kind.name]) > 1]
    if not looked:
        return []
    odds = [_odds(kind, each, _others(each, known)) for kind, each in looked]
    found = [
        replace(
            _finding(level, kind, (each, _others(each, known)), len(judged[kind.name]), evidence),
            odds=float(chance),
        )
        for (kind, each), chance in zip(looked, false_discovery_rates(odds), strict=True)
        if chance < SURE
        and kind.counted(each) >= FEWEST
        and _twice(kind, each, _others(each, known))
        and _beyond_nature(kind, each, judged[kind.name])
        and _beyond_itself(kind, each, known)
    ]
    return sorted(found, key=lambda finding: -finding.size)


def _beyond_nature(kind: Kind, of: Pauses, teams: Sequence[Pauses]) -> bool:
    """Say whether a team's share is beyond what teams differ; yes where too few tell how much."""
    others = (
        Place((each.team or "",), kind.among(each), kind.counted(each))
        for each in teams
        if each is not of
    )
    usual = usual_share(others)
    if usual is None:
        return True
    return odds_of_so_many(kind.counted(of), kind.among(of), usual) * len(teams) < SURE


def _beyond_itself(kind: Kind, of: Pauses, known: Iterable[Pauses]) -> bool:
    """Say whether a team's share is surely twice what comes by itself, by the rate of others."""
    if kind.by_itself is None:
        return True
    others = [each for each in known if each is not of and kind.among(each)]
    by_itself = sum(kind.among(each) * kind.by_itself(each) for each in others)
    rate = max(sum(map(kind.counted, others)) / by_itself, 1.0) if by_itself else 1.0
    surely = lowest_share(kind.counted(of), kind.among(of))
    return surely >= TIMES_OTHERS * rate * kind.by_itself(of)


def _others(of: Pauses, known: Iterable[Pauses]) -> Pauses:
    rest = [each for each in known if each is not of]
    return Pauses(
        None,
        sum(each.pauses for each in rest),
        sum(each.late for each in rest),
        sum(each.short for each in rest),
        sum(each.hours for each in rest),
        sum(each.judged for each in rest),
        sum(each.silent for each in rest),
    )


def _enough(kind: Kind, of: Pauses) -> bool:
    return kind.among(of) >= FEWEST_PAUSES


def _share(kind: Kind, of: Pauses) -> float:
    return kind.counted(of) / kind.among(of) if kind.among(of) else 0.0


def _twice(kind: Kind, one: Pauses, others: Pauses) -> bool:
    mine, theirs = _share(kind, one), _share(kind, others)
    more = mine >= TIMES_OTHERS * theirs
    return more or (kind.seldom and TIMES_OTHERS * (1 - mine) <= 1 - theirs)


def _odds(kind: Kind, one: Pauses, others: Pauses) -> float:
    return chance_of_more(
        kind.counted(one), kind.among(one), kind.counted(others), kind.among(others)
    )


def _finding(
    level: ServiceLevel, kind: Kind, both: tuple[Pauses, Pauses], looked: int, evidence: Evidence
) -> Finding:
    of, others = both
    among = kind.among(of)
    expected = among * _share(kind, others)
    return Finding(
        id=f"{kind.name}-{level.name}-{of.team}",
        kind=kind.name,
        lane=Lane.INTEGRITY,
        claim=(
            f"{of.team} paused the clock of ‘{level.title}’ {whole(kind.counted(of))} times "
            f"{kind.words}: {percent(_share(kind, of), 0)} of its {whole(among)} pauses, "
            f"where {percent(_share(kind, others), 0)} is usual in other teams."
        ),
        size=kind.counted(of) - expected,
        unit="count",
        interval=None,
        n=among,
        method=METHOD,
        evidence=evidence,
        teams=(of.team,) if of.team is not None else (),
        about=(f"team={of.team}",),
        look_next=(
            f"Read ten of these pauses of {of.team}: was somebody else waited for? Then look at "
            "what share of its clocks would be kept without them."
        ),
        caveats=(
            f"{whole(looked)} teams were looked at; that is taken into account.",
            kind.caveat,
            f"Size is the number above the {whole(expected)} that would be usual.",
        ),
    )
