"""What is watched, and what its newest whole period shows.

Floor 5. Watched is what Home looks at, every metric that has a target or a response protocol, and
each segment that one of these is for. Of all of it the newest week that is over is looked at, as
Home does; of a target the newest of its own periods.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from opsgauge.foundation.agreed import Condition, Rules, Series
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.governance import rules
from opsgauge.governance import targets as kept_targets
from opsgauge.governance.protocols import protocols
from opsgauge.governance.signals import TARGET, Found, Sight
from opsgauge.log.periods import GRAINS, dates_of
from opsgauge.metrics.metric import BUILT_IN, Metric
from opsgauge.metrics.question import Question
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.choices import practices
from opsgauge.operations.context import Context
from opsgauge.operations.home import BESIDE, FIRST_CARDS, home
from opsgauge.operations.looked import GRAIN, Look, Looked, Weeks, look, usual_tickets
from opsgauge.operations.measure import measure
from opsgauge.operations.on_series import calm_on, records_on, series_of, signal_on
from opsgauge.operations.open_signals import (
    OpenSignal,
    full_teams,
    held_by_teams,
    level_signals,
    signals_of,
    team_charts,
)
from opsgauge.operations.standing import Candidate, ChartKey, standings
from opsgauge.operations.targets import MISSED, TargetState, target_states

TEAM = "team"


def found_now(ctx: Context) -> tuple[Found, ...]:
    """Look at everything that is watched; needs `metric:read`, `chart:read` and `check:read`.

    What is news among all charts looked at begins a signal; what breaks a rule and is none shows
    that a known signal goes on. What cannot be said now, since a check withholds it or records
    lack, is left out.
    """
    ctx = ctx.holding()
    shown = home(ctx)
    whole = _looked_at(ctx, shown.weeks, shown.where)
    teams = team_charts(ctx, held_by_teams(ctx, shown.weeks, shown.where))
    full = full_teams(whole, teams) if len(teams) > 1 else ()
    told = _told(whole, {**_candidates(whole), **_of_each_team(teams, shown.weeks)}, full)
    found = [*_of_looks(ctx, whole, told), *_of_teams(teams, shown.weeks, told)]
    for each in _besides(ctx, shown.weeks, whole):
        found += _of_looks(ctx, each, _told(each, _candidates(each)))
    return (*_once(found), *_of_targets(ctx))


@dataclass(frozen=True)
class Told:
    """What breaks a rule, by metric and team, and which of that is news."""

    broken: Mapping[ChartKey, OpenSignal]
    news: frozenset[ChartKey]


def _told(
    seen: Look, charts: Mapping[ChartKey, Candidate], full: Sequence[OpenSignal] = ()
) -> Told:
    """Return what breaks a rule, and what of it is news among these charts, as Home judges."""
    judged = standings(charts)
    broken = [*full, *signals_of(seen), *level_signals(seen, judged)]
    news = frozenset(key for key, standing in judged.items() if standing.is_news)
    return Told({(each.looked.metric, each.where): each for each in broken}, news)


def _candidates(seen: Look) -> dict[ChartKey, Candidate]:
    return {
        (each.metric, ()): Candidate(each.charted, each.point, each.stock)
        for each in seen.values()
        if each.settled and each.charted and each.point
    }


def _of_each_team(teams: Mapping[str, Charted], over: Weeks) -> dict[ChartKey, Candidate]:
    found: dict[ChartKey, Candidate] = {}
    for team, chart in teams.items():
        for point in chart.points:
            if point.period == over.newest and point.value is not None:
                key = (chart.measured.metric, (f"{TEAM}={team}",))
                found[key] = Candidate(chart, point, drifts=True)
    return found


def watched_look(ctx: Context) -> Look:
    """Return the metrics that Home looks at, in the newest week that is over."""
    shown = home(ctx)
    return _looked_at(ctx, shown.weeks, shown.where)


def watched_charts(ctx: Context) -> Iterator[Charted]:
    """Yield the chart of each series that is watched, targets apart, each once."""
    ctx = ctx.holding()
    shown = home(ctx)
    whole = _looked_at(ctx, shown.weeks, shown.where)
    seen = set()
    for each in (whole, *_besides(ctx, shown.weeks, whole)):
        for looked in each.values():
            if looked.charted is None or looked.point is None:
                continue
            series = series_of(looked.charted.measured)
            if series not in seen:
                seen.add(series)
                yield looked.charted


def watched_names(ctx: Context) -> frozenset[str]:
    """Return the metrics that are watched, of whatever tickets."""
    agreed = {each.metric for each in protocols(ctx.database)}
    agreed |= {each.metric for each in kept_targets.targets(ctx.database)}
    return _of_home(ctx) | agreed & set(ctx.catalogue.metrics)


def _looked_at(ctx: Context, over: Weeks, where: Rules) -> Look:
    return look(ctx, over, where, partial(_is_among, _of_home(ctx)))


def _is_among(names: frozenset[str], metric: Metric) -> bool:
    return metric.name in names


def _of_home(ctx: Context) -> frozenset[str]:
    known = ctx.catalogue.metrics
    pairs = {known[name].definition.counter_metric for name in FIRST_CARDS if name in known}
    own = {metric.name for metric in ctx.catalogue if metric.origin != BUILT_IN}
    wanted = {*FIRST_CARDS, *BESIDE, *pairs, *own}
    return frozenset(name for name in known if name in wanted)


def _besides(ctx: Context, over: Weeks, whole: Look) -> Iterator[Look]:
    """Yield what is watched beside Home, by its tickets."""
    agreed = {(each.metric, rules.text(each.segment)) for each in protocols(ctx.database)}
    agreed |= {
        (each.metric, rules.text(each.segment)) for each in kept_targets.targets(ctx.database)
    }
    found: dict[Rules, set[str]] = {}
    for name, text in sorted(agreed):
        metric, segment = ctx.catalogue.metrics.get(name), rules.read(text)
        if metric is None or GRAINS.index(GRAIN) < GRAINS.index(metric.finest):
            continue
        if segment:
            found.setdefault(segment, set()).add(name)
        elif name not in whole:
            where = usual_tickets(metric, practices(ctx))
            found.setdefault(where, set()).add(name)
    for where, names in found.items():
        yield look(ctx, over, where, partial(_is_among, frozenset(names)))


def _of_looks(ctx: Context, seen: Look, told: Told) -> Iterator[Found]:
    for each in seen.values():
        # Of few tickets, or of tickets that are still on their way, nothing is said.
        if each.charted is None or each.point is None or not each.settled:
            continue
        key = (each.metric, ())
        found = signal_on(each.charted, told.broken.get(key), key in told.news)
        if found is not None:
            yield found
        yield from _over_all(ctx, each)


def _over_all(ctx: Context, looked: Looked) -> Iterator[Found]:
    """Yield what the newest period is among all there are."""
    assert looked.measured is not None  # noqa: S101 - it has a chart
    where = looked.measured.where
    try:
        whole = charted(ctx, measure(ctx, Question(looked.metric, where=where, period=GRAIN)))
    except TooFewPoints:
        return
    yield from records_on(whole, looked.newest)
    calm = calm_on(ctx, whole, looked.newest)
    if calm is not None:
        yield calm


def _of_teams(teams: Mapping[str, Charted], over: Weeks, told: Told) -> Iterator[Found]:
    for team, chart in teams.items():
        key = (chart.measured.metric, (f"{TEAM}={team}",))
        more = (Condition(TEAM, (team,)),)
        found = signal_on(chart, told.broken.get(key), key in told.news, more)
        if found is not None and found.newest == over.newest:
            yield found


def _once(found: Iterable[Found]) -> Iterator[Found]:
    """Yield each series once for each kind: a segment may be what Home looks at as well."""
    seen = set()
    for each in found:
        key = (each.kind, each.series)
        if key not in seen:
            seen.add(key)
            yield each


def _of_targets(ctx: Context) -> Iterator[Found]:
    for each in target_states(ctx):
        known = [(label, value) for label, value in each.series if value is not None]
        if not each.why_not and not each.suspect and known:
            yield _of_target(each, known)


def _of_target(state: TargetState, known: Sequence[tuple[str, float]]) -> Found:
    target, outlook = state.target, state.outlook
    newest, value = known[-1]
    missed = outlook.state in MISSED
    up = 1 if state.good == "lower" else -1
    segment = rules.read(rules.text(target.segment))
    sight = Sight(
        period=newest,
        since=newest,
        rules=(str(outlook.state),),
        verdict="worse",
        way=up,
        value=value,
        n=outlook.n,
        began=dates_of(newest)[0].isoformat(),
        goal=target.goal,
        words=f"{str(outlook.state).capitalize()}. {state.sentence()}",
        run=tuple(label for label, _ in known),
        lasting=True,
    )
    return Found(
        Series(target.metric, target.statistic, segment, target.period),
        TARGET,
        newest,
        sight if missed else None,
        {newest: (value, up if missed else 0)},
        target=target.number,
    )
