"""How a metric stands, in two words: healthy, drifting, or needs attention, with the rule.

Floor 5. The two words sum up what is said elsewhere: the verdict of the newest whole period of its
chart, its target, and whether what was to be done about it is overdue.
"""

from dataclasses import dataclass
from enum import StrEnum

from opsgauge.analysis.control_charts.rules import OUTSIDE_LIMITS
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.phrases import chart_sentence
from opsgauge.operations.targets import MISSED, TargetState

TOO_FEW = "Too few to judge"


class Stand(StrEnum):
    """How a metric stands."""

    NEEDS_ATTENTION = "needs attention"
    DRIFTING = "drifting"
    HEALTHY = "healthy"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Health:
    """How a metric stands, and the rule that says so, as a sentence.

    `of_chart` says whether its chart does, rather than its target or what is overdue.
    """

    stand: Stand
    rule: str
    of_chart: bool = False

    def as_json(self) -> dict[str, str]:
        """Return the published form."""
        return {"state": str(self.stand), "rule": self.rule}


def health(
    chart: Charted | None, target: TargetState | None = None, overdue: str = "", why: str = TOO_FEW
) -> Health:
    """Say how a metric stands.

    Needs attention: it misses its target, what was to be done is overdue, or its newest whole
    period is worse and outside the limits. Drifting: that period is in a run to the worse, or, of
    a metric without a better direction, any signal. Else it is healthy.

    Parameters
    ----------
    overdue : what is overdue, as a sentence; "" for nothing
    why : why there is no chart, where there is none
    """
    if target is not None and not target.suspect and target.outlook.state in MISSED:
        return Health(Stand.NEEDS_ATTENTION, f"Target, {target.aim()}: {target.outlook.state}.")
    if overdue:
        return Health(Stand.NEEDS_ATTENTION, overdue)
    points = chart.points if chart else ()
    whole = [each for each in points if each.complete and each.value is not None]
    if chart is None or not whole:
        return Health(Stand.UNKNOWN, f"{why.rstrip('.')}.")
    newest, rule = whole[-1], chart_sentence(chart)
    if newest.verdict == "worse" and OUTSIDE_LIMITS in newest.signals:
        return Health(Stand.NEEDS_ATTENTION, rule, True)
    if newest.verdict in ("worse", "change"):
        return Health(Stand.DRIFTING, rule, True)
    return Health(Stand.HEALTHY, rule, True)
