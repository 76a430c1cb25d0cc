"""When to alert first: the share of a target at which an alert costs least.

Floor 4, analysis. An alert about a ticket that is kept costs 1. A ticket that breaks without an
alert costs what a late one costs; with one, the part of it that could no longer be helped, which is
the share of the target that was used by then. So an early alert helps more and is less sure. At one
share, an alert pays above the probability at which the two costs meet.

Source: Elkan, The foundations of cost-sensitive learning, 2001 (the threshold).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
LATE_COST = 5.0  # what a late ticket costs, in false alarms, unless somebody says otherwise


@dataclass(frozen=True)
class AlertPoint:
    """What alerts at one share of the target would have cost.

    Attributes
    ----------
    share : of the target used
    threshold : the probability from which on to alert
    alerts, false, missed : tickets alerted, those of them that were kept, and those that broke
        without an alert
    cost : of one ticket on average, in false alarms
    """

    share: float
    threshold: float
    alerts: int
    false: int
    missed: int
    cost: float


def threshold(share: float, late_cost: float) -> float:
    """Return the probability from which on an alert pays.

    Examples
    --------
    >>> threshold(0.5, 4.0)
    0.3333333333333333
    """
    return 1 / (1 + late_cost * (1 - share))


def alert_points(
    asked: Sequence[tuple[float, Numbers, Numbers]], clocks: int, broken: int, late_cost: float
) -> tuple[AlertPoint, ...]:
    """Return what alerts at each share would have cost, over the same tickets.

    Parameters
    ----------
    asked : share, and of the tickets that came to it the probability given and 1.0 where it broke
    clocks, broken : how many tickets there were, and how many of them broke
    late_cost : what a late one costs, in false alarms
    """
    made = []
    for share, said, broke in asked:
        from_ = threshold(share, late_cost)
        alerted = said >= from_
        helped = int(broke[alerted].sum())
        false = int(alerted.sum()) - helped
        missed = broken - helped
        cost = (false + late_cost * (missed + share * helped)) / clocks
        made.append(AlertPoint(share, from_, int(alerted.sum()), false, missed, float(cost)))
    return tuple(made)


def cheapest(points: Sequence[AlertPoint]) -> AlertPoint:
    """Return the point that costs least; of equal ones the earliest."""
    return min(points, key=lambda point: (point.cost, point.share))
