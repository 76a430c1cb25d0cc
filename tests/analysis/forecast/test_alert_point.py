"""First alerts where they cost least, counted by hand."""

import numpy as np
import pytest

from opsgauge.analysis.forecast.alert_point import alert_points, cheapest, threshold

# Four tickets, one breaks. At the start two look alike; at half the target it is clear.
EARLY = (0.0, np.array([0.4, 0.4, 0.1, 0.1]), np.array([1.0, 0.0, 0.0, 0.0]))
LATE = (0.5, np.array([0.9, 0.1]), np.array([1.0, 0.0]))


def test_an_alert_pays_above_where_the_costs_meet() -> None:
    """At 30 % and a cost of 4, halfway: 0.3 * 4 * 0.5 = 0.6 is less than 0.7 false alarms."""
    assert threshold(0.0, 4.0) == pytest.approx(0.2)
    assert threshold(0.5, 4.0) == pytest.approx(1 / 3)


@pytest.mark.row("SLA-09")
@pytest.mark.parametrize(("late_cost", "share", "costs"), [(4.0, 0.0, (1, 2)), (1.6, 0.5, (1, 2))])
def test_the_cheapest_share_depends_on_what_a_late_one_costs(
    late_cost: float, share: float, costs: tuple[int, int]
) -> None:
    """At 4 one false alarm at the start is worth it; at 1.6 it is better to wait and be sure."""
    points = alert_points([EARLY, LATE], 4, 1, late_cost)

    assert cheapest(points).share == share
    by_hand = {4.0: (1 / 4, 2 / 4), 1.6: (1 / 4 if costs else 0, 0.8 / 4)}[late_cost]
    if late_cost == 4.0:
        assert [each.cost for each in points] == pytest.approx(by_hand)
    else:
        assert points[1].cost == pytest.approx(0.8 / 4)
    assert (points[1].alerts, points[1].false, points[1].missed) == (1, 0, 0)
