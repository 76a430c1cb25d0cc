"""What holds for every kind of chart and every rule set: limits, phases, and windows by hand."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.false_alarms import alarms
from opsgauge.analysis.control_charts.patterns import OF_THE_WHOLE, STRICT, Rule
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.analysis.control_charts.standing import stand

values = st.lists(st.integers(0, 60).map(float), min_size=8, max_size=30)
counts = st.lists(st.tuples(st.integers(0, 20), st.integers(20, 90)), min_size=8, max_size=30)
levels = st.sampled_from([-3.2, -2.5, -1.2, -0.4, 0.0, 0.4, 0.5, 1.2, 2.5, 3.2, np.nan])
# Parts of one level, of two by turns, and of rising levels, each long enough for a rule.
parts = st.one_of(
    st.tuples(levels, st.integers(1, 10)).map(lambda part: [part[0]] * part[1]),
    st.tuples(levels, levels, st.integers(1, 16)).map(lambda part: [*part[:2]] * part[2]),
    st.tuples(levels, st.sampled_from([-0.3, 0.3]), st.integers(1, 9)).map(
        lambda part: [part[0] + part[1] * at for at in range(part[2])]
    ),
)
rows = st.lists(parts, max_size=4).map(lambda found: [value for part in found for value in part])
RULES = {
    (name, rule.name): rule
    for name, rules in RULE_SETS.items()
    for rule in rules.rules
    if rule.pattern not in OF_THE_WHOLE
}


def weeks(given: Sequence[float], n: int = 40) -> list[Point]:
    """Return one point a value."""
    return [Point(str(at), value, n) for at, value in enumerate(given)]


def shares(given: Sequence[tuple[int, int]]) -> list[Point]:
    """Return so many of so many."""
    return [Point(str(at), None, n, numerator=k) for at, (k, n) in enumerate(given)]


def lines(drawn: Chart) -> list[tuple[float | None, float | None, float | None]]:
    """Return the limits of every point."""
    return [(p.lower, p.centre, p.upper) for p in drawn.points]


@settings(max_examples=25)
@given(values)
def test_unequal_limits_are_xmr_limits_where_sizes_are_equal(given: list[float]) -> None:
    """I′ with 40 tickets each: √(π/2) / √2 x the mean range is sigma, as 1 / 1.128 is."""
    equal, plain = draw(weeks(given), "lower", "i_prime"), draw(weeks(given), "lower")

    assert equal.limits.centre == pytest.approx(plain.limits.centre)
    assert equal.limits.upper == pytest.approx(plain.limits.upper, rel=1e-3, abs=1e-9)


@settings(max_examples=25)
@given(counts)
def test_laney_limits_are_plain_ones_times_sigma_z(given: list[tuple[int, int]]) -> None:
    """Where neither is cut off at what a share can be."""
    plain, laney = (draw(shares(given), "lower", kind) for kind in ("p", "laney_p"))

    assert plain.phase.sigma_z == pytest.approx(laney.phase.sigma_z)
    for one, other in zip(plain.points, laney.points, strict=True):
        if other.lower and one.lower:
            reach = (one.centre or 0) - (one.lower or 0)
            assert (other.centre or 0) - (other.lower or 0) == pytest.approx(
                reach * (laney.phase.sigma_z or 0)
            )


@settings(max_examples=25)
@given(counts)
def test_limits_of_shares_stay_within_what_a_share_can_be(given: list[tuple[int, int]]) -> None:
    """And the mean lies between them; np counts the same tickets."""
    of_shares, of_counts = (draw(shares(given), "lower", kind) for kind in ("p", "np"))

    for one, other in zip(of_shares.points, of_counts.points, strict=True):
        assert 0 <= (one.lower or 0) <= (one.centre or 0) <= (one.upper or 0) <= 1
        assert other.value == pytest.approx((one.value or 0) * one.n)
        assert other.upper == pytest.approx((one.upper or 0) * one.n)
        assert one.signals == other.signals


@settings(max_examples=25)
@given(values, values)
def test_a_phase_is_judged_as_if_it_were_alone(first: list[float], second: list[float]) -> None:
    """Whatever comes before it."""
    together = draw(weeks([*first, *second]), "lower", plan=Plan(rebase=(Rebase(len(first)),)))

    apart = [draw(weeks(each), "lower") for each in (first, second)]

    assert lines(together) == [*lines(apart[0]), *lines(apart[1])]
    assert [p.broken for p in together.points] == [
        point.broken for each in apart for point in each.points
    ]


@settings(max_examples=25)
@given(values, st.sampled_from([1 / 60, 3, 3600]))
def test_units_do_not_matter_to_the_smoothed_charts(given: list[float], scale: float) -> None:
    """Hours or minutes, the same signals."""
    for kind in ("ewma", "cusum", "t"):
        one = draw(weeks(given), "lower", kind)
        other = draw(weeks([value * scale for value in given]), "lower", kind)
        assert [p.signals for p in one.points] == [p.signals for p in other.points]


@given(rows, st.sampled_from(sorted(RULES)))
def test_rules_flag_just_the_members_of_windows_that_show_them(
    given: list[float], which: tuple[str, str]
) -> None:
    """A slow count, written apart from the words of the rules, finds the same."""
    rule, found = RULES[which], set()
    seen = []
    for end in range(len(given)):
        window = given[max(0, end + 1 - rule.points) : end + 1]
        members = shown(rule, window) if len(window) == rule.points else set()
        found |= {end + 1 - rule.points + at for at in members}
        seen.append(bool(members))
    standing = stand(np.array(given, dtype=float), 0.0, 1.0, noise=0.0)

    assert set(np.flatnonzero(rule.flags(standing, STRICT)).tolist()) == found
    assert rule.seen(standing).tolist() == seen


def shown(rule: Rule, window: Sequence[float]) -> set[int]:
    """Return the members of one window, just as long as the rule looks, that show it."""
    if any(np.isnan(window)):
        return set()
    everybody = {*range(len(window))}
    steps = np.sign(np.diff(window))
    off = np.abs(window)
    whole = {
        "one_side": abs(np.sign(window).sum()) == len(window),
        "trend": abs(steps.sum()) == len(steps),
        "alternating": (steps[1:] * steps[:-1] == -1).all(),
        "near_centre": (off <= rule.sigmas).all(),
        "off_centre": (off > rule.sigmas).all(),
    }
    if rule.pattern not in whole:
        return far(rule, window)
    return everybody if whole[rule.pattern] else set()


def far(rule: Rule, window: Sequence[float]) -> set[int]:
    """Return the members of a window that lie far off on one side, if they are enough."""
    for side in (1, -1):
        members = {
            at for at, value in enumerate(window) if rule.sigmas < side * value <= rule.below
        }
        together = all(side * value > 0 for value in window) or not rule.one_side
        if len(members) >= rule.least and together:
            return {*range(len(window))} if rule.every else members
    return set()


@given(rows)
def test_nothing_is_seen_before_it_is_flagged(given: list[float]) -> None:
    """Where nothing is seen nothing is flagged, and the other way round."""
    standing = stand(np.array(given, dtype=float), 0.0, 1.0, noise=0.0)

    for rules in RULE_SETS.values():
        flagged = any(
            rule.flags(standing, STRICT).any()
            for rule in rules.rules
            if rule.pattern not in OF_THE_WHOLE
        )
        assert bool(alarms(standing, rules).any()) == flagged
