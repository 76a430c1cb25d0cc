"""How each metric that is watched stands: healthy, drifting, or needs attention.

Floor 5. The words are those of `health.py`, the same on the page of signals, on a metric's page, in
the API and on the command line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.foundation.agreed import Rules
from opsgauge.governance.access import decide
from opsgauge.governance.rules import plain
from opsgauge.operations.answers import Measured
from opsgauge.operations.asking import written
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.context import Context
from opsgauge.operations.health import Health, Stand, health
from opsgauge.operations.home import home
from opsgauge.operations.looked import Looked
from opsgauge.operations.signals import Line, inbox
from opsgauge.operations.targets import TargetState, of_series, target_states
from opsgauge.operations.watched import watched_look

_ORDER = tuple(Stand)


@dataclass(frozen=True)
class Standing:
    """One metric that is watched: of which tickets, and how it stands."""

    metric: str
    title: str
    where: Rules
    health: Health

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.metric,
            "title": self.title,
            "where": [written(each) for each in self.where],
            **self.health.as_json(),
        }


def standings(ctx: Context) -> tuple[Standing, ...]:
    """Return how every metric of Home stands in the newest week that is over, the worst first.

    Needs `metric:read`, `chart:read`, `check:read` and `signal:read`. Metrics that the records
    cannot give are left out.
    """
    ctx = ctx.holding()
    late, chance = inbox(ctx).overdue, _by_chance(ctx)
    targets = target_states(ctx) if decide(ctx.actor, "target:read").allowed else ()
    found = [
        Standing(
            each.metric,
            each.title,
            _where(each),
            _with_chance(_of(each, targets, late), each.metric in chance),
        )
        for each in watched_look(ctx).values()
        if each.why != "missing"
    ]
    return tuple(sorted(found, key=lambda each: (_ORDER.index(each.health.stand), each.title)))


def standing_of(
    measured: Measured, chart: Charted | None, targets: Sequence[TargetState], late: Sequence[Line]
) -> Health:
    """Return how a series stands.

    Parameters
    ----------
    chart : None where there is none
    targets : among which its own may be
    late : signals of which some may be overdue
    """
    if measured.suspect:
        return health(None, why="The data is suspect")
    target = of_series((each.target for each in targets), measured)
    state = next((each for each in targets if target and each.target == target), None)
    return health(chart, state, _overdue(measured, late))


def summary(found: Sequence[Standing]) -> str:
    """Say how many metrics stand how; a signal of one team alone says nothing of the whole.

    Examples
    --------
    >>> summary([])
    'No metric is watched'
    """
    if not found:
        return "No metric is watched"
    counts = {stand: sum(each.health.stand is stand for each in found) for stand in Stand}
    attention = counts[Stand.NEEDS_ATTENTION]
    told = [f"{attention or 'none'} {'needs' if attention < 2 else 'need'} attention"]
    drifting = counts[Stand.DRIFTING]
    told += [f"{drifting} {'is' if drifting == 1 else 'are'} drifting"]
    healthy = counts[Stand.HEALTHY]
    told += [f"{healthy} {'is' if healthy == 1 else 'are'} healthy"]
    unknown = counts[Stand.UNKNOWN]
    rest = f"; of {unknown} it is not known" if unknown else ""
    return f"Of {len(found)} metrics as a whole, {', '.join(told)}{rest}"


def _by_chance(ctx: Context) -> frozenset[str]:
    """Return the metrics that break a rule while, of all charts, that may be chance."""
    return frozenset(each.looked.metric for each in home(ctx).unsure if not each.where)


def _with_chance(found: Health, by_chance: bool) -> Health:
    """Say of what may be the luck of many charts no more than that it drifts."""
    if not by_chance or not found.of_chart:
        return found
    stand = Stand.DRIFTING if found.stand is Stand.NEEDS_ATTENTION else found.stand
    return replace(
        found, stand=stand, rule=f"{found.rule} Among all charts looked at, that may be chance."
    )


def _where(looked: Looked) -> Rules:
    return looked.measured.where if looked.measured else ()


def _of(looked: Looked, targets: Sequence[TargetState], late: Sequence[Line]) -> Health:
    if looked.measured is None:
        return health(None, why=looked.words)
    return standing_of(looked.measured, looked.charted if looked.point else None, targets, late)


def _overdue(measured: Measured, late: Sequence[Line]) -> str:
    for each in late:
        series = each.signal.series
        if series.metric == measured.metric and plain(series.segment) == plain(measured.where):
            return f"Signal {each.signal.number} should have been seen to by {each.signal.due}."
    return ""
