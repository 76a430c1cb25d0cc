"""Signals of the newest week that are open: of metrics, and of what single teams hold.

Floor 5. Teams are looked at beside all metrics, whoever asks, and count as charts looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.metrics.question import Question
from opsgauge.operations.answers import FEWEST_TICKETS, Measured, Value
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.charted import charted
from opsgauge.operations.context import Context
from opsgauge.operations.looked import GRAIN, Look, Looked, Weeks, weekly
from opsgauge.operations.phrases import run_start
from opsgauge.operations.small_teams import small_teams, withheld_words
from opsgauge.operations.standing import LEVEL, ChartKey, Standing, level_verdict

BACKLOG = "backlog"
MOST_TEAMS = 5  # that are beyond their limits, among the signals


@dataclass(frozen=True)
class OpenSignal:
    """A metric that breaks a rule in the newest week, and since when it does."""

    looked: Looked
    value: Value
    verdict: str
    rules: tuple[str, ...]
    since: str  # the first period of the run
    where: tuple[str, ...] = ()  # of one team alone: "team=Group 20"


def held_by_teams(ctx: Context, over: Weeks, where: tuple[Condition, ...]) -> Measured | None:
    """Return what each team holds at the end of each week; None where that cannot be told."""
    if BACKLOG not in ctx.catalogue.metrics:
        return None
    by_team = Question(
        BACKLOG, by=("team",), where=where, period=GRAIN, from_=over.from_, to=over.to
    )
    measured = weekly(ctx, by_team)
    return None if measured.suspect else measured


def withheld_of_teams(ctx: Context, measured: Measured | None) -> str:
    """Say that what some teams hold is withheld, where it is for being few people."""
    small = small_teams(ctx)
    if measured is None or small.fewest <= 1:
        return ""
    gone = any(row.suppressed and small.are_few([row.by["team"]]) for row in measured.rows)
    return f" What some teams hold is {withheld_words(small.fewest)}." if gone else ""


def team_charts(ctx: Context, measured: Measured | None) -> dict[str, Charted]:
    """Chart what each team holds at the end of each week, where there are weeks enough."""
    if measured is None:
        return {}
    found = {}
    for team in sorted({row.by["team"] or "" for row in measured.rows if row.n} - {""}):
        rows = tuple(row for row in measured.rows if row.by["team"] == team)
        of_it = (*measured.where, Condition("team", (team,)))
        one = replace(measured, rows=rows, by=(), where=of_it)
        try:
            found[team] = charted(ctx, one)
        except TooFewPoints:
            continue
    return found


def full_teams(seen: Look, teams: Mapping[str, Charted]) -> tuple[OpenSignal, ...]:
    """Return the teams above their limits, those that are farthest over their usual work first."""
    over: list[tuple[float, OpenSignal]] = []
    for team, chart in teams.items():
        backlog = seen[BACKLOG]
        point = next((p for p in chart.points if p.period == backlog.newest), None)
        if point is None or not point.judged or point.n < FEWEST_TICKETS:
            continue
        if (point.value or 0) <= chart.upper:
            continue
        named = replace(
            backlog, title=f"{backlog.title} of {team}", measured=chart.measured, charted=chart
        )
        row = next(each for each in chart.measured.rows if each.period == point.period)
        since = _since(chart, point.period)
        signal = OpenSignal(named, row, point.verdict, point.signals, since, (f"team={team}",))
        over.append(((point.value or 0) - chart.centre, signal))
    over.sort(key=lambda pair: -pair[0])  # of two alike, the first by name
    return tuple(signal for _, signal in over[:MOST_TEAMS])


def signals_of(seen: Look) -> list[OpenSignal]:
    """Return the metrics with a signal in the newest week, the worse ones first."""
    found = []
    for each in seen.values():
        point, value = each.point, each.value
        if each.settled and each.charted and point and value and point.signals:
            since = _since(each.charted, point.period)
            found.append(OpenSignal(each, value, point.verdict, point.signals, since))
    return sorted(found, key=lambda signal: ("worse", "change", "better").index(signal.verdict))


def level_signals(seen: Look, judged: Mapping[ChartKey, Standing]) -> list[OpenSignal]:
    """Return the metrics whose newest weeks together are news, while none breaks a rule."""
    found = []
    for each in seen.values():
        point, value, standing = each.point, each.value, judged.get((each.metric, ()))
        if not (each.charted and point and value and standing and standing.is_news):
            continue
        if not point.signals and not each.stock:
            since = _whole(each.charted, point.period)[-standing.shift.last].period
            verdict = level_verdict(standing.shift, each.good)
            found.append(OpenSignal(each, value, verdict, (LEVEL,), since))
    return found


def _whole(chart: Charted, newest: str) -> list[ChartPoint]:
    there = [each for each in chart.newest_phase if each.counts]
    return [each for each in there if each.period <= newest]


def _since(chart: Charted, newest: str) -> str:
    points = _whole(chart, newest)
    return points[run_start(points, chart.centre)].period
