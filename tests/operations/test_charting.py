"""Which chart is drawn of a series: the one asked for, or what has to stand in its place."""

import pytest

from opsgauge.analysis.control_charts.chart import Point
from opsgauge.analysis.control_charts.chooser import Data
from opsgauge.foundation.agreed import AgreedPhases, FrozenLimits, Series
from opsgauge.operations.charting import OTHER_LIMITS, Charting, charting, judge

AGREED = AgreedPhases(Series("m", "share", (), "week"))
CALM, WILD, EVEN = [5, 4, 7, 4, 6, 3, 5, 6], [2, 9, 1, 12, 3, 11, 0, 14], [5, 4, 5, 5, 5, 4, 5, 5]


def shares(counts: list[int]) -> list[Point]:
    """Return weeks of fifty tickets each, of which so many count."""
    return [
        Point(f"2026-W{week:02}", count / 50, 50, numerator=count, denominator=50)
        for week, count in enumerate(counts, 1)
    ]


@pytest.mark.row("SPC-09")
@pytest.mark.parametrize(
    ("counts", "kind", "said"),
    [
        (CALM * 2, "p", ""),
        (WILD * 2, "laney_p", "above 1.5), so that its limits would be too narrow."),
        (EVEN * 2, "laney_p", "under 0.7), so that its limits would be too wide."),
    ],
)
def test_a_p_chart_gives_way_to_a_laney_chart_where_chance_explains_it_not(
    counts: list[int], kind: str, said: str
) -> None:
    """And says so in words; where chance explains it, the chart asked for is drawn."""
    chart, why = judge(shares(counts), "lower", Data.SHARE, Charting("p"))

    assert chart.kind == kind
    assert why.endswith(said)
    assert ("stands here in place of the p chart" in why) == bool(said)


@pytest.mark.row("SPC-09")
def test_laney_limits_are_those_of_chance_times_sigma_z() -> None:
    """Shares by turns 0.1 and 0.3 of fifty: centre 0.2, σ by chance 0.0566; z steps by 3.54."""
    chart, _ = judge(shares([5, 15] * 8), "lower", Data.SHARE, Charting("p"))

    sigma = (0.2 * 0.8 / 50) ** 0.5
    sigma_z = 0.2 / sigma / 1.128
    assert chart.kind == "laney_p"
    assert chart.phase.sigma_z == pytest.approx(sigma_z, rel=1e-3)
    assert chart.limits.upper == pytest.approx(0.2 + 3 * sigma * sigma_z, rel=1e-3)


@pytest.mark.row("SPC-05")
def test_other_rules_are_asked_of_the_phases_that_people_agreed_on() -> None:
    """Frozen limits and excluded points hold under Nelson's rules as under the usual ones."""
    points = shares([*CALM, 40, *CALM])
    frozen = FrozenLimits("2026-W01", "2026-W08", 0.1, 0.02, 0.18, 0.03, 8, 1)
    agreed = AgreedPhases(AGREED.series, (frozen,), (), (("2026-W09", "A storm."),))
    chart, _ = judge(points, "lower", Data.SHARE, charting(rules="nelson"), agreed)

    assert (chart.rules, chart.limits.centre, chart.limits.upper) == ("nelson", 0.1, 0.18)
    assert (chart.points[8].excluded, chart.points[8].reason) == (True, "A storm.")

    other, _ = judge(points, "lower", Data.SHARE, Charting("p"), agreed)
    assert other.limits.upper != 0.18
    assert OTHER_LIMITS in other.notes
    assert other.points[8].excluded


@pytest.mark.row("SPC-05")
def test_another_kind_of_chart_begins_anew_where_people_agreed() -> None:
    """Two levels, each with limits of its own; the newest decides about σz."""
    agreed = AgreedPhases(AGREED.series, rebased=("2026-W17",))
    points = shares([*CALM, *CALM, *(each + 20 for each in CALM * 2)])
    chart, why = judge(points, "lower", Data.SHARE, Charting("auto"), agreed)

    assert [round(each.limits.centre, 2) for each in chart.phases if each.limits] == [0.1, 0.5]
    assert "σz" in why
