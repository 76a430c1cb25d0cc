"""Every rule of every set on a row made for it, in sigmas about a centre of 0."""

from collections.abc import Sequence

import numpy as np
import pytest

from opsgauge.analysis.control_charts.patterns import STRICT, runs
from opsgauge.analysis.control_charts.rules import RULE_SETS, broken_by, rule_set, verdict
from opsgauge.analysis.control_charts.standing import stand

ZIGZAG = [0.5, -0.5] * 7
CLOSE = [0.5, 0.2, -0.5, -0.2, 0.4, -0.3] * 3


def flagged(rules: str, rule: str, values: Sequence[float]) -> dict[int, int]:
    """Return position and direction of the values that break that rule of that set."""
    standing = stand(np.array(values, dtype=float), 0.0, 1.0, noise=0.0)
    return {
        at: one.direction
        for at, broken in enumerate(broken_by(standing, rule_set(rules), STRICT))
        for one in broken
        if one.rule == rule
    }


@pytest.mark.row("SPC-02")
@pytest.mark.parametrize(
    ("rules", "rule", "values", "members"),
    [
        ("nelson", "outside_limits", [0, 3.1, -3.2], {1: 1, 2: -1}),
        ("nelson", "shift", [1.0] * 8, {}),
        ("nelson", "shift", [1.0] * 9, dict.fromkeys(range(9), 1)),
        ("nelson", "trend", [0, 0.1, 0.2, 0.3, 0.4], {}),
        ("nelson", "trend", [0, 0.1, 0.2, 0.3, 0.4, 0.5], dict.fromkeys(range(6), 1)),
        ("nelson", "alternating", ZIGZAG[:13], {}),
        ("nelson", "alternating", [*ZIGZAG, -0.5], dict.fromkeys(range(14), 0)),
        ("nelson", "two_of_three", [2.5, 0.1, 2.5], {0: 1, 2: 1}),
        ("nelson", "two_of_three", [2.5, -1, 3.5], {0: 1, 2: 1}),  # the third may lie anywhere
        ("nelson", "two_of_three", [2.5, 0.1, -2.5], {}),
        ("nelson", "four_of_five", [1.5, 1.5, 0, 1.5, 1.5], {0: 1, 1: 1, 3: 1, 4: 1}),
        ("nelson", "four_of_five", [1.5, 1.5, 0, 1.5, 0], {}),
        ("nelson", "four_of_five", [-1.5, -1.5, -1.5, -1.5, 3], dict.fromkeys(range(4), -1)),
        ("nelson", "near_centre", CLOSE[:14], {}),
        ("nelson", "near_centre", [*CLOSE[:15], 1.2], dict.fromkeys(range(15), 0)),
        ("nelson", "off_centre", [1.5, -1.5] * 4, dict.fromkeys(range(8), 0)),
        ("nelson", "off_centre", [1.5, -1.5] * 3 + [0.9, 1.5], {}),
        ("western_electric", "shift", [-1.0] * 8, dict.fromkeys(range(8), -1)),
        ("western_electric", "two_of_three", [0, 2.1, 2.1], {1: 1, 2: 1}),
        ("western_electric", "four_of_five", [2] * 4 + [-1], dict.fromkeys(range(4), 1)),
        ("kpi_signals", "short_run", [2.5, 0.5, 2.5, 3.5], dict.fromkeys(range(4), 1)),
        ("kpi_signals", "short_run", [2.5, 0.5, 0.5, 3.5], {}),
        ("kpi_signals", "short_run", [2.5, -0.5, 2.5, 3.5], {}),
        ("kpi_signals", "shift", [0.5] * 6, {}),
        ("kpi_signals", "shift", [0.5] * 7, dict.fromkeys(range(7), 1)),
        ("kpi_signals", "shift", [0.5, 3.5, 0.5, 0.5, 0.5, 0.5, 0.5], dict.fromkeys(range(7), 1)),
        ("limits_only", "outside_limits", [3, 3.01], {1: 1}),
        ("anhoej", "longest_run", [1.0] * 8 + [-1, 1, -1, 1, -1, 1, -1, 1], {*range(8)}),
    ],
)
def test_a_rule_flags_just_its_members(
    rules: str, rule: str, values: list[float], members: dict[int, int] | set[int]
) -> None:
    """One too few is nothing; enough is every member, with its direction."""
    expected = dict.fromkeys(members, 1) if isinstance(members, set) else members

    assert flagged(rules, rule, values) == expected


def test_what_lies_on_the_median_or_is_missing_neither_counts_nor_ends_a_run() -> None:
    """Eight of ten useful values on one side, with a gap and a zero between them."""
    values = [1.0, 1, 1, 0, 1, 1, np.nan, 1, 1, 1, -1, 1]

    assert set(flagged("anhoej", "longest_run", values)) == set(range(10))
    found = runs(np.sign(np.nan_to_num(values)).astype(np.int8))
    assert (int(found.useful), int(found.longest), int(found.crossings)) == (10, 8, 2)


def test_no_values_run_nowhere() -> None:
    """Nothing is useful, nothing too long, nothing too few."""
    found = runs(np.zeros(5, dtype=np.int8))

    assert (int(found.useful), int(found.longest), int(found.crossings)) == (0, 0, 0)
    assert not found.too_long
    assert not found.too_few


def test_every_set_is_told_in_words() -> None:
    """Each rule has a sentence; names within a set are its own."""
    for rules in RULE_SETS.values():
        names = [rule.name for rule in rules.rules]
        assert len(names) == len(set(names))
        assert all(len(rule.sentence) > 15 for rule in rules.rules)


def test_a_signal_without_a_direction_is_a_change() -> None:
    """Values that alternate are neither better nor worse."""
    standing = stand(np.array(ZIGZAG), 0.0, 1.0, noise=0.0)
    broken = broken_by(standing, rule_set("nelson"))[0]

    assert verdict(broken, "lower") == "change"


def test_rules_shorter_than_they_look_find_nothing() -> None:
    """One value; no window is full."""
    standing = stand(np.array([2.5]), 0.0, 1.0, noise=0.0)

    assert {broken_by(standing, rules)[0] for rules in RULE_SETS.values()} == {()}
