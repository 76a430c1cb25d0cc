"""The shapes in which a control chart is answered: its points, its phases, and the chart.

Floor 5. Plain frozen data; `as_json` gives the published names (docs/reference/json.md).
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

from opsgauge.analysis.control_charts.chart import Chart, Phase
from opsgauge.foundation.agreed import FrozenLimits
from opsgauge.operations.answers import Measured


@dataclass(frozen=True)
class ChartPoint:
    """One period on a control chart."""

    period: str
    value: float | None
    n: int
    signals: tuple[str, ...]  # names of the rules it breaks
    verdict: str  # "better", "worse", "steady", "change" (neutral metrics)
    complete: bool  # False: the period is not whole, so it is shown but not judged
    early: bool = False  # it is not whole since it began before the records did
    excluded: str = ""  # why people took it out of limits and runs; "" where they did not
    judged: bool = True  # False: it is excluded, or its phase has too few periods for limits
    predictable: str = ""  # what was known ahead and explains it, so that it is not flagged
    broke: tuple[str, ...] = ()  # names of the rules that it breaks nevertheless

    @property
    def counts(self) -> bool:
        """Whether it takes part in limits and runs: it is whole, has a value, is not excluded."""
        return self.complete and self.value is not None and not self.excluded

    @property
    def part(self) -> str:
        """Why the period is not whole, in words; "" where it is."""
        if self.complete:
            return ""
        return "began before the records" if self.early else "not ended"


@dataclass(frozen=True)
class ChartPhase:
    """A phase of a control chart: from a rebase, or the beginning, to the next or the end.

    Attributes
    ----------
    first, last : its periods on the chart
    periods : how many of these count
    centre, lower, upper : those of its newest point; None while it has too few periods for limits
    frozen : the signed baseline whose limits hold in it
    limits_from : so many periods went into its limits
    sigma_z, broken, why : see `control_charts.chart.Phase`
    """

    first: str
    last: str
    periods: int
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    frozen: FrozenLimits | None = None
    limits_from: int = 0
    sigma_z: float | None = None
    broken: tuple[str, ...] = ()
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "first": self.first,
            "last": self.last,
            "centre": self.centre,
            "lower": _limit(self.lower),
            "upper": _limit(self.upper),
            "limits_from": self.frozen.periods if self.frozen else self.limits_from,
            "sigma_z": self.sigma_z,
            "signals": list(self.broken),
            "why": self.why,
            "frozen": vars(self.frozen) if self.frozen else None,
        }


@dataclass(frozen=True)
class Lines:
    """The centre and the limits at one point of a chart; None where there are none."""

    centre: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Charted:
    """A metric's control chart; its limits are those of the newest phase that has any.

    phases : its phases; () where it is one and nobody agreed on anything about it
    judged : the chart as the analysis drew it
    why : why it is this kind of chart, where nobody chose it
    unusual : periods outside the limits only once what was known ahead is taken out
    false_alarms : how likely a calm chart of so many periods shows a signal somewhere
    between : its points are days on which something rare happened, its values what lay between
    """

    measured: Measured
    chart: str  # a key of `control_charts.kinds.KINDS`, such as "xmr"
    rules: str  # a key of `control_charts.rules.RULE_SETS`, such as "making_data_count"
    centre: float
    lower: float  # without end where the kind of chart has no limits
    upper: float
    mean_moving_range: float
    points: tuple[ChartPoint, ...]
    phases: tuple[ChartPhase, ...] = ()
    judged: Chart | None = None
    why: str = ""
    false_alarms: float | None = None
    unusual: tuple[str, ...] = ()
    between: bool = False

    @property
    def newest_phase(self) -> tuple[ChartPoint, ...]:
        """The points of its newest phase: all of them where it has but one."""
        since = self.phases[-1].first if self.phases else ""
        return tuple(point for point in self.points if point.period >= since)

    @property
    def waits(self) -> bool:
        """Whether its newest phase has too few periods for limits."""
        return bool(self.phases) and self.phases[-1].centre is None

    def phase_at(self, period: str) -> ChartPhase | None:
        """Return the phase that holds a period; None where nothing is agreed."""
        return next((each for each in reversed(self.phases) if each.first <= period), None)

    def centre_at(self, period: str) -> float:
        """Return the centre in the phase that holds a period."""
        phase = self.phase_at(period)
        return self.centre if phase is None or phase.centre is None else phase.centre

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "metric": self.measured.metric,
            "unit": self.measured.unit,
            "statistic": self.measured.statistic,
            "period": self.measured.period,
            "data_version": self.measured.provenance.data_version,
            "chart": self.chart,
            "rules": self.rules,
            "suspect": list(self.measured.suspect),
            "centre": self.centre,
            "lower": _limit(self.lower),
            "upper": _limit(self.upper),
            "why": self.why,
            "false_alarms": self.false_alarms,
            "notes": list(self.judged.notes) if self.judged else [],
            "unusual": list(self.unusual),
            "between": self.between,
            "phases": self._phases_json(),
            "points": [
                {
                    "period": point.period,
                    "value": point.value,
                    "n": point.n,
                    "signals": list(point.signals),
                    "verdict": point.verdict,
                    "complete": point.complete,
                    "excluded": point.excluded or None,
                    "predictable": point.predictable or None,
                    **vars(self.lines_at(at)),
                }
                for at, point in enumerate(self.points)
            ],
        }

    def lines_at(self, at: int) -> Lines:
        """Return the centre and the limits at a point, by its place."""
        if self.judged is not None:
            point = self.judged.points[at]
            return Lines(point.centre, point.lower, point.upper)
        phase = self.phase_at(self.points[at].period)
        if phase is not None:
            return Lines(phase.centre, phase.lower, phase.upper)
        return Lines(self.centre, self.lower, self.upper)

    def _phases_json(self) -> list[dict[str, Any]]:
        if self.phases:
            return [each.as_json() for each in self.phases]
        return [_phase_json(each) for each in self.judged.phases] if self.judged else []


def _phase_json(phase: Phase) -> dict[str, Any]:
    limits = phase.limits
    return {
        "first": phase.first,
        "last": phase.last,
        "centre": limits.centre if limits else None,
        "lower": _limit(limits.lower) if limits else None,
        "upper": _limit(limits.upper) if limits else None,
        "limits_from": phase.limits_from,
        "sigma_z": phase.sigma_z,
        "signals": list(phase.broken),
        "why": phase.why,
        "frozen": None,
    }


def _limit(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
