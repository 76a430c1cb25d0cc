"""The numbers of a baseline: centre and limits of a stretch of a series, and whether they may be.

Floor 4, analysis. A baseline needs twelve periods and is warned of under twenty; where a special
cause is among them, the limits are not those of a steady process, so a reason is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsgauge.analysis.control_charts import xmr
from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.foundation.errors import TooFewPoints

FEWEST_PERIODS = 12  # of a baseline; a chart itself is drawn from eight on
ENOUGH_PERIODS = 20  # with fewer, limits are still rough


@dataclass(frozen=True)
class Frozen:
    """What is frozen of a series.

    Attributes
    ----------
    periods : how many of its periods count
    n : records behind these
    special_causes : the periods that break a rule, each with the rules
    excluded : the periods that people excluded, each with the reason
    """

    chart: Chart
    periods: int
    n: int
    special_causes: Mapping[str, tuple[str, ...]]
    excluded: Mapping[str, str]

    @property
    def stable(self) -> bool:
        """Whether no period that counts breaks a rule."""
        return not self.special_causes

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to bear in mind of the limits."""
        if self.periods >= ENOUGH_PERIODS:
            return ()
        return (
            f"It stands on {self.periods} periods; from {ENOUGH_PERIODS} on, limits are steadier.",
        )

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as JSON values."""
        limits = self.chart.limits
        return {
            "centre": limits.centre,
            "lower": limits.lower,
            "upper": limits.upper,
            "mean_moving_range": limits.mean_moving_range,
            "periods": self.periods,
            "n": self.n,
            "values": [
                {"period": point.period, "value": point.value, "n": point.n}
                for point in self.chart.points
            ],
            "special_causes": {at: list(rules) for at, rules in self.special_causes.items()},
            "excluded": dict(self.excluded),
            "warnings": list(self.warnings),
        }


def frozen(points: Sequence[Point], good: str, excluded: Mapping[str, str]) -> Frozen:
    """Return what a baseline of these periods is.

    Parameters
    ----------
    points : whole periods, oldest first, without leaving any out
    excluded : periods that people took out, with the reason; of others than these too

    Raises
    ------
    TooFewPoints : fewer than twelve count

    Examples
    --------
    >>> weeks = [Point(f"2026-W{w:02}", float(10 + w % 2), n=40) for w in range(1, 13)]
    >>> found = frozen(weeks, "lower", {})
    >>> found.chart.limits.centre, found.periods, found.n, found.stable
    (10.5, 12, 480, True)
    """
    out = [at for at, point in enumerate(points) if point.period in excluded]
    counted = [
        point
        for at, point in enumerate(points)
        if at not in out and point.value is not None and point.complete
    ]
    if len(counted) < FEWEST_PERIODS:
        raise TooFewPoints(
            f"A baseline needs {FEWEST_PERIODS} periods with a value or more; here are "
            f"{len(counted)}.",
            hint="Take a longer stretch, or a shorter period.",
        )
    chart = xmr.chart(points, good, exclude=out)
    return Frozen(
        chart=chart,
        periods=len(counted),
        n=sum(point.n for point in counted),
        special_causes={
            point.period: point.signals for point in chart.points if point.judged and point.signals
        },
        excluded={points[at].period: excluded[points[at].period] for at in out},
    )
