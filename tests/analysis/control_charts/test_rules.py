"""Each Making Data Count rule on series made for it, against limits of -3 and 3 around 0."""

from collections.abc import Sequence

import pytest

from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.analysis.control_charts.rules import Broken, broken_rules, verdict
from opsgauge.foundation.errors import QueryWrong

STANDARD = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128)
UP, DOWN = 1, -1


def flagged(rule: str, values: Sequence[float | None], **options: bool) -> dict[int, int]:
    """Return position and direction of the values that break that rule."""
    return {
        at: one.direction
        for at, broken in enumerate(broken_rules(values, STANDARD, **options))
        for one in broken
        if one.rule == rule
    }


def test_outside_is_beyond_a_limit_not_on_it() -> None:
    """3 is on the limit; 3.1 and -3.1 are outside."""
    assert flagged("outside_limits", [3, 3.1, 0, -3, -3.1, None]) == {1: UP, 4: DOWN}


def test_seven_rising_values_are_a_trend_and_all_seven_are_flagged() -> None:
    """Six steps up in a row; the values before and after do not belong to it."""
    values = [0.5, -0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.1]

    assert flagged("trend", values) == dict.fromkeys(range(1, 8), UP)
    assert flagged("trend", [-value for value in values]) == dict.fromkeys(range(1, 8), DOWN)


def test_six_rising_values_are_no_trend() -> None:
    """Five steps are one too few."""
    assert flagged("trend", [0.5, -0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.1]) == {}


def test_an_equal_step_ends_a_trend_unless_told_otherwise() -> None:
    """1 2 3 3 4 5 6 7 has six steps up and one that is level."""
    values: list[float | None] = [0.1, 0.2, 0.3, 0.3, 0.4, 0.5, 0.6, 0.7]

    assert flagged("trend", values) == {}
    assert flagged("trend", values, equal_steps_break=False) == dict.fromkeys(range(8), UP)


def test_a_level_end_does_not_belong_to_a_trend() -> None:
    """Equal steps that are skipped neither begin nor end the run that is flagged."""
    values: list[float | None] = [0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6]

    found = flagged("trend", values, equal_steps_break=False)

    assert found == dict.fromkeys(range(1, 8), UP)


def test_where_two_trends_meet_the_later_one_decides() -> None:
    """Seven up, six more down: the peak belongs to both and is read as falling."""
    peak = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0]

    found = flagged("trend", peak)

    assert found == dict.fromkeys(range(6), UP) | dict.fromkeys(range(6, 13), DOWN)


def test_no_trend_reaches_over_a_gap() -> None:
    """Nobody knows whether the missing value rose."""
    assert flagged("trend", [0, 0.1, 0.2, 0.3, None, 0.4, 0.5, 0.6, 0.7]) == {}


@pytest.mark.parametrize(
    ("values", "members"),
    [
        ([2.5, 0.1, 2.5], {0: UP, 2: UP}),
        ([0.1, 2.5, 2.9], {1: UP, 2: UP}),
        ([-2.5, -2.5, -0.1], {0: DOWN, 1: DOWN}),
        ([2.5, 2.5, 2.5], {0: UP, 1: UP, 2: UP}),
        ([2.5, -0.1, 2.5], {}),  # the third lies on the other side
        ([2.5, 0, 2.5], {}),  # the third lies on the centre
        ([2.5, 3.1, 0.1], {}),  # outside the limits is another rule
        ([2.5, 3.1, 2.5], {0: UP, 2: UP}),
        ([2.5, None, 2.5], {}),
        ([2.5, -2.5, -2.5], {}),
        ([2, 2, 2], {}),  # on two sigma is not beyond it
        ([2.5, 2.5], {}),
    ],
)
def test_two_of_three_close_to_one_limit(
    values: list[float | None], members: dict[int, int]
) -> None:
    """Two of three neighbours beyond two sigma but inside the limits, all on one side."""
    assert flagged("two_of_three", values) == members


def test_seven_values_on_one_side_are_a_shift_and_all_are_flagged() -> None:
    """The eighth joins the seven; what lies on the other side does not."""
    values = [-0.5, 1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5, -1]

    assert flagged("shift", values) == dict.fromkeys(range(1, 9), UP)
    assert flagged("shift", [-value for value in values]) == dict.fromkeys(range(1, 9), DOWN)


@pytest.mark.parametrize("break_", [0, -0.5, None])
def test_a_shift_ends_on_the_centre_on_the_other_side_and_at_a_gap(break_: float | None) -> None:
    """Six and six are not seven."""
    six = [1.0, 0.5, 1, 0.5, 1, 0.5]

    assert flagged("shift", [*six, break_, *six]) == {}


@pytest.mark.row("SPC-02")
def test_every_broken_rule_is_listed_in_order_of_precedence() -> None:
    """A rise over the upper limit: outside, in a trend, and in a shift at once."""
    rise = [0.5, 1, 1.5, 1.9, 2.4, 2.8, 3.5]

    last, near = broken_rules(rise, STANDARD)[-1], broken_rules(rise, STANDARD)[-2]

    assert [one.rule for one in last] == ["outside_limits", "trend", "shift"]
    assert [one.rule for one in near] == ["trend", "two_of_three", "shift"]


def test_nothing_breaks_no_rule() -> None:
    """No values, no answer."""
    assert broken_rules([], STANDARD) == []


@pytest.mark.row("SPC-03")
@pytest.mark.parametrize(
    ("direction", "good", "words"),
    [
        (UP, "higher", "better"),
        (UP, "lower", "worse"),
        (DOWN, "higher", "worse"),
        (DOWN, "lower", "better"),
        (UP, "neutral", "change"),
        (DOWN, "neutral", "change"),
    ],
)
def test_the_good_direction_gives_the_verdict(direction: int, good: str, words: str) -> None:
    """Up is not good and down is not bad: the metric says which."""
    assert verdict([Broken("shift", direction)], good) == words
    assert verdict([], good) == "steady"


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ([Broken("outside_limits", UP), Broken("trend", DOWN)], "worse"),
        ([Broken("trend", DOWN), Broken("two_of_three", UP), Broken("shift", UP)], "better"),
        ([Broken("trend", UP), Broken("shift", DOWN)], "worse"),
    ],
)
def test_where_rules_disagree_the_first_in_precedence_decides(
    broken: list[Broken], words: str
) -> None:
    """Lower is good: outside above is worse even while falling; a trend outweighs the side."""
    assert verdict(broken, "lower") == words


def test_a_direction_that_is_none_is_refused() -> None:
    """A slip in a catalogue must not become a verdict."""
    with pytest.raises(QueryWrong, match="Did you mean 'lower'"):
        verdict([], "lowe")
