"""What can be said of a target, and what cannot."""

import pytest

from opsgauge.analysis.control_charts.assurance import assurance
from opsgauge.analysis.control_charts.chart import Plan, Point, Rebase
from opsgauge.analysis.control_charts.draw import draw

CALM = [9, 7, 8, 7, 9, 8, 7, 9]
WEEKS = [Point(f"w{at:02}", value, 40) for at, value in enumerate(CALM)]


@pytest.mark.row("SPC-04")
def test_the_newest_limits_decide() -> None:
    """Before the change a target of 6 was met by chance, after it never missed."""
    later = [Point(f"w{at:02}", value - 5, 40) for at, value in enumerate(CALM, 8)]

    before = assurance(draw(WEEKS, "lower"), 7.5)
    after = assurance(draw([*WEEKS, *later], "lower", plan=Plan(rebase=(Rebase(8),))), 7.5)

    assert before is not None
    assert after is not None
    assert (before.state, after.state) == ("hit_or_miss", "consistently_pass")
    assert after.sentence == "As it runs, the target is met in every period."


def test_a_target_on_a_limit_is_hit_or_miss() -> None:
    """It may be met and missed."""
    drawn = draw(WEEKS, "lower")

    for target in (drawn.limits.lower, drawn.limits.upper):
        found = assurance(drawn, target)
        assert found is not None
        assert found.state == "hit_or_miss"


@pytest.mark.parametrize(
    ("good", "kind", "target"),
    [
        ("neutral", "xmr", 8.0),
        ("lower", "run", 8.0),
        ("lower", "ewma", 8.0),
        ("lower", "cusum", 8.0),
        ("lower", "xmr", float("nan")),
        ("lower", "xmr", float("inf")),
    ],
)
def test_nothing_is_said_where_there_is_nothing_to_say(good: str, kind: str, target: float) -> None:
    """No direction, no limits of a single period, no target."""
    assert assurance(draw(WEEKS, good, kind), target) is None
