"""What every control chart comes to: points, phases, and the chart that holds them.

Floor 4, analysis. Shapes alone: `draw.py` fills them, whatever the kind of chart.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.analysis.control_charts.patterns import STRICT, Lenient
from opsgauge.analysis.control_charts.rules import Broken


@dataclass(frozen=True)
class Point:
    """One period as measured.

    A value of None (or one that is no finite number) is a gap. A period that is not `complete`
    has not ended yet, or began before the records did: it is shown, but neither judged nor counted
    into the limits.

    numerator, denominator : of a share or a rate; without them value x n, and n
    spread : standard deviation within the period, where a chart of means wants it
    """

    period: str
    value: float | None
    n: int
    complete: bool = True
    numerator: float | None = None
    denominator: float | None = None
    spread: float | None = None


@dataclass(frozen=True)
class JudgedPoint:
    """One period on the chart."""

    period: str
    value: float | None  # as it is drawn; the smoothed one on EWMA, the sum on CUSUM
    n: int
    complete: bool
    excluded: bool
    moving_range: float | None  # None for the first value, after a gap, and where not judged
    broken: tuple[Broken, ...]  # in order of precedence
    verdict: str  # "better", "worse", "change" (neutral metrics), "steady"
    centre: float | None = None  # None where its phase has no limits yet
    lower: float | None = None  # None too on a chart without limits
    upper: float | None = None
    phase: int = 0
    reason: str = ""  # why it is excluded
    measured: float | None = None  # the value as it came in

    @property
    def signals(self) -> tuple[str, ...]:
        """Names of the rules it breaks."""
        return tuple(one.rule for one in self.broken)

    @property
    def judged(self) -> bool:
        """Whether it takes part: it has a value, its period is whole, nobody took it out."""
        return self.complete and not self.excluded and self.value is not None


@dataclass(frozen=True)
class Phase:
    """A stretch of the chart with limits of its own, at which every rule begins anew.

    limits : those of its newest point; None while it has too few points
    limits_from : so many points went into them
    sigma_z : how many times as much as chance alone explains the values vary; None for charts
        whose limits do not ask that
    broken : rules that are said of the whole stretch
    """

    start: int
    end: int  # the position after its last point
    first: str  # labels of its periods
    last: str
    limits: Limits | None
    limits_from: int
    why: str = ""
    sigma_z: float | None = None
    broken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rebase:
    """A lasting change: from here on the chart has limits of its own.

    at : position, from 0, of the first point of the new phase
    freeze : take its limits from its first so many points only; None takes all
    limits : those that hold in it whatever its points do, known from elsewhere (XmR charts)
    """

    at: int
    freeze: int | None = None
    why: str = ""
    limits: Limits | None = None


@dataclass(frozen=True)
class Smoothing:
    """How EWMA and CUSUM look at small lasting changes, in sigmas.

    The pairs give one false alarm in 370 points, as limits at three sigmas do.
    """

    weight: float = 0.2  # of the newest value in the EWMA
    reach: float = 2.86  # of its limits
    allowance: float = 0.5  # per point, of the CUSUM
    decision: float = 4.77  # its limits


SMOOTHING = Smoothing()


@dataclass(frozen=True)
class Plan:
    """How a series is charted.

    freeze : take the limits of the first phase from its first so many points only (excluded ones
        among them stay out); None takes all
    rebase : where new phases begin, each with or without a baseline of its own
    exclude : positions, from 0, of points with a known cause, with the reason or without. They
        enter no limits and no run, and the points beside them become neighbours, as if they were
        not there; only whether they lie outside the limits is still said.
    rules : a rule set; "" takes the one that fits the kind of chart
    """

    freeze: int | None = None
    rebase: tuple[Rebase, ...] = ()
    exclude: Collection[int] | Mapping[int, str] = ()
    rules: str = ""
    lenient: Lenient = STRICT
    smoothing: Smoothing = SMOOTHING


USUAL = Plan()


@dataclass(frozen=True)
class Chart:
    """A judged series with its limits."""

    kind: str  # a key of `kinds.KINDS`
    rules: str  # a key of `rules.RULE_SETS`
    good: str
    points: tuple[JudgedPoint, ...]
    phases: tuple[Phase, ...]
    lenient: Lenient = STRICT
    notes: tuple[str, ...] = ()  # what a reader must know about these limits, in sentences

    @property
    def phase(self) -> Phase:
        """The newest phase that has limits."""
        return next(phase for phase in reversed(self.phases) if phase.limits is not None)

    @property
    def limits(self) -> Limits:
        """The limits of the newest phase that has any, at its newest point."""
        limits = self.phase.limits
        if limits is None:  # pragma: no cover - `draw` refuses a chart without limits
            raise ValueError("a chart without limits")
        return limits

    @property
    def limits_from(self) -> int:
        """How many periods went into the newest limits."""
        return self.phase.limits_from

    @property
    def far_steps(self) -> tuple[int, ...]:
        """Positions of the points whose moving range is above its upper limit."""
        found = []
        for at, point in enumerate(self.points):
            limits = self.phases[point.phase].limits
            if limits is None or point.moving_range is None:
                continue
            if limits.sign(point.moving_range - limits.upper_moving_range) > 0:
                found.append(at)
        return tuple(found)
