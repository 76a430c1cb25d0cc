"""Phases, baselines and points left out together, and what each kind of chart makes of odd data."""

from collections.abc import Sequence
from math import nan

import pytest

from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.patterns import Lenient
from opsgauge.foundation.errors import QueryWrong, TooFewPoints

CALM = [11, 9, 10, 12, 9, 11, 10, 8, 10, 11]
LOWER = [6, 4, 5, 7, 4, 6, 5, 3, 5, 6]


def weeks(values: Sequence[float | None], n: int = 40) -> list[Point]:
    """Return weeks, so many tickets each."""
    return [Point(f"2026-W{week:02}", value, n) for week, value in enumerate(values, 1)]


def counted(counts: Sequence[float], sizes: Sequence[int]) -> list[Point]:
    """Return weeks with a numerator and a denominator."""
    return [
        Point(f"2026-W{week:02}", None, n, numerator=count, denominator=n)
        for week, (count, n) in enumerate(zip(counts, sizes, strict=True), 1)
    ]


def signals(drawn: Chart) -> dict[int, tuple[str, ...]]:
    """Return position and rules of the points that break any."""
    return {at: point.signals for at, point in enumerate(drawn.points) if point.signals}


@pytest.mark.row("SPC-05")
def test_a_rebase_begins_new_limits_and_every_rule_anew() -> None:
    """Ten weeks low, the last three of them before the change: no shift reaches over it."""
    drawn = draw(weeks([*CALM, *LOWER]), "lower", plan=Plan(rebase=(Rebase(10, why="new tool"),)))

    assert [phase.limits.centre for phase in drawn.phases if phase.limits] == [10.1, 5.1]
    assert [(phase.start, phase.end, phase.why) for phase in drawn.phases] == [
        (0, 10, ""),
        (10, 20, "new tool"),
    ]
    assert [point.centre for point in drawn.points] == [10.1] * 10 + [5.1] * 10
    assert signals(drawn) == {}
    assert drawn.limits.centre == 5.1


def test_a_run_over_a_rebase_is_no_run() -> None:
    """Six below the centre end the one phase and six begin the next: no seven in a row."""
    first, second = [14, 13, 14, 13, 9, 9, 9, 9, 9, 9], [4, 4, 4, 4, 4, 4, 9, 8, 9, 8]

    together = draw(weeks([*first, *second]), "lower", plan=Plan(rebase=(Rebase(10),)))

    assert "shift" not in {rule for rules in signals(together).values() for rule in rules}
    assert [p.moving_range for p in together.points][10] is None


@pytest.mark.row("SPC-05")
def test_baselines_rebases_and_points_left_out_go_together() -> None:
    """Each phase is frozen on its own first points, without the one with a known cause."""
    values = [*CALM[:5], 30, *CALM[5:], 25, *LOWER[:3], 40, *LOWER[3:], 20]
    plan = Plan(freeze=11, rebase=(Rebase(12, freeze=11),), exclude={5: "outage", 15: "move"})

    drawn = draw(weeks(values), "lower", plan=plan)

    assert [phase.limits.centre for phase in drawn.phases if phase.limits] == [10.1, 5.1]
    assert [phase.limits_from for phase in drawn.phases] == [10, 10]
    assert signals(drawn) == dict.fromkeys((5, 11, 15, 23), ("outside_limits",))
    assert {at: p.reason for at, p in enumerate(drawn.points) if p.excluded} == {
        5: "outage",
        15: "move",
    }


def test_a_young_phase_waits_for_its_limits() -> None:
    """Three weeks after a lasting change nobody can tell yet: shown, not judged, and said."""
    drawn = draw(weeks([*CALM, 5, 30, 5]), "lower", plan=Plan(rebase=(Rebase(10),)))

    assert drawn.phases[1].limits is None
    assert [(p.value, p.lower, p.verdict) for p in drawn.points[10:]] == [
        (5, None, "steady"),
        (30, None, "steady"),
        (5, None, "steady"),
    ]
    assert drawn.limits.centre == 10.1
    assert drawn.notes == (
        "The phase that begins with 2026-W11 has no limits yet: they come with 8 periods.",
    )


def test_limits_from_few_periods_are_said_to_move() -> None:
    """From 20 on nothing is said."""
    assert draw(weeks(CALM), "lower").notes == (
        "The limits come from 10 periods; under 20 they may yet move.",
    )
    assert draw(weeks(CALM * 2), "lower").notes == ()


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (Plan(rebase=(Rebase(10),)), "no point 10 to begin a phase at. Points are counted from 0"),
        (Plan(rebase=(Rebase(3), Rebase(3))), "Two phases begin at point 3"),
        (Plan(rules="nelsson"), "no rule set 'nelsson'. Did you mean 'nelson'"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(plan: Plan, message: str) -> None:
    """The message says what is wrong and what there is."""
    with pytest.raises(QueryWrong, match=message):
        draw(weeks(CALM), "lower", plan=plan)


def test_a_kind_that_is_not_there_is_refused() -> None:
    """With the nearest one."""
    with pytest.raises(QueryWrong, match=r"no kind of chart 'ewna'\. Did you mean 'ewma'"):
        draw(weeks(CALM), "lower", "ewna")


@pytest.mark.parametrize("kind", ["ewma", "cusum"])
def test_runs_of_smoothed_values_are_not_judged(kind: str) -> None:
    """They lean on each other: rules about runs are refused."""
    with pytest.raises(QueryWrong, match="lean on each other"):
        draw(weeks(CALM), "lower", kind, Plan(rules="nelson"))


@pytest.mark.row("SPC-01")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_judges_gaps_and_unfinished_periods_alike(kind: str) -> None:
    """A gap, a week without tickets and the running week are shown and in no limit."""
    shares = [0.2, 0.25, 0.2, 0.15, 0.2, 0.25, 0.3, 0.2, 0.15, 0.25, 0.2, 0.2]
    calm = [Point(f"w{at:02}", v, 40, spread=0.1) for at, v in enumerate(shares)]
    gap, empty = Point("w12", None, 40, spread=nan), Point("w13", nan, 0)
    running = Point("w14", 0.9, 2, complete=False, spread=0.9)

    drawn = draw([*calm, gap, empty, running], "lower", kind)

    assert drawn.limits == draw(calm, "lower", kind).limits
    assert signals(drawn) == signals(draw(calm, "lower", kind))
    assert [p.value for p in drawn.points[12:14]] == [None, None]
    assert drawn.points[14].measured == 0.9
    assert not drawn.points[14].judged
    assert drawn.limits_from == 12


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("value", [0.0, 1.0])
def test_equal_values_are_steady_on_every_chart(kind: str, value: float) -> None:
    """Nothing varies, so nothing is a signal; no division by the width of nothing."""
    points = [Point(f"w{at:02}", value, 40, spread=0.0) for at in range(12)]

    drawn = draw(points, "lower", kind)

    assert signals(drawn) == {}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_seven_points_are_too_few_for_every_chart(kind: str) -> None:
    """Also where more are there that cannot be judged."""
    points = [Point(f"w{at:02}", 0.2, 40, spread=0.1) for at in range(7)]

    with pytest.raises(TooFewPoints, match="needs 8 periods or more; this one has 7"):
        draw([*points, Point("w07", None, 0), Point("w08", 0.2, 4, complete=False)], "lower", kind)


def test_no_points_are_too_few() -> None:
    """Nothing came in."""
    with pytest.raises(TooFewPoints, match="this one has 0"):
        draw([], "lower")


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("p", 1.2, "share between 0 and 1; w03 has 1.2"),
        ("p", -0.1, "share between 0 and 1; w03 has -0.1"),
        ("u", -0.1, "count of 0 or more; w03 has -0.1"),
        ("c", -4, "count of 0 or more; w03 has -4"),
        ("laney_p", 3, "share between 0 and 1"),
        ("t", -1, "time between events is 0 or more; w03 has -1"),
        ("g", -1, "number between events is 0 or more"),
    ],
)
def test_what_cannot_have_been_counted_is_refused(kind: str, value: float, message: str) -> None:
    """The message names the period, and what is possible."""
    points = [Point(f"w{at:02}", value if at == 3 else 0.5, 40) for at in range(10)]

    with pytest.raises(QueryWrong, match=message):
        draw(points, "lower", kind)


def test_a_chart_of_means_needs_a_spread() -> None:
    """One value per period has none."""
    with pytest.raises(QueryWrong, match="needs the spread within each period"):
        draw(weeks(CALM), "lower", "xbar")


def test_what_never_happened_makes_any_case_a_signal_and_says_so() -> None:
    """Eight weeks without one, then one: outside, and the note says how little that means."""
    drawn = draw(counted([0] * 8 + [1], [50] * 9), "lower", "p", Plan(freeze=8))

    assert signals(drawn) == {8: ("outside_limits",)}
    assert "every value is the same" in drawn.notes[0]


def test_a_p_chart_of_single_tickets_knows_no_signal() -> None:
    """One ticket a week is met or missed: neither lies outside."""
    drawn = draw(counted([0, 1, 0, 0, 1, 0, 1, 0, 0, 1], [1] * 10), "lower", "p")

    assert signals(drawn) == {}
    assert {(p.lower, p.upper) for p in drawn.points} == {(0.0, 1.0)}


def test_limits_of_a_p_chart_widen_where_there_are_few() -> None:
    """The same share is a signal of 400 tickets and none of 5."""
    counts, sizes = [40] * 10 + [2, 160], [400] * 10 + [5, 400]

    drawn = draw(counted(counts, sizes), "lower", "p", Plan(freeze=10))

    assert [point.value for point in drawn.points[10:]] == [0.4, 0.4]
    assert set(signals(drawn)) == {11}


def test_an_np_chart_draws_how_many_and_moves_its_centre() -> None:
    """A tenth of 100, a tenth of 200."""
    drawn = draw(counted([8, 12] * 5 + [20], [100] * 10 + [200]), "lower", "np")

    assert [point.value for point in drawn.points[-2:]] == [12, 20]
    assert [round(point.centre or 0, 6) for point in drawn.points[-2:]] == [10, 20]
    assert signals(drawn) == {}


def test_a_run_chart_has_no_limits_and_tells_long_runs() -> None:
    """Ten on one side of the median and ten on the other: too long, and too few crossings."""
    drawn = draw(weeks([*LOWER, *CALM]), "lower", "run")

    assert drawn.rules == "anhoej"
    assert {(p.lower, p.upper) for p in drawn.points} == {(None, None)}
    assert drawn.phases[0].broken == ("crossings",)
    assert set(signals(drawn).values()) == {("longest_run",)}


def test_ewma_sees_a_small_change_that_single_values_hide() -> None:
    """A good sigma up for twelve weeks: XmR limits hold all of them, the smoothed mean leaves."""
    values = [*CALM, *CALM, *(value + 2 for value in [*CALM, 11, 9])]
    plan = Plan(freeze=20, rules="limits_only")

    assert signals(draw(weeks(values), "lower", plan=plan)) == {}
    assert draw(weeks(values), "lower", "ewma", plan).points[-1].signals == ("outside_limits",)
    assert draw(weeks(values), "lower", "cusum", plan).points[-1].signals == ("outside_limits",)


@pytest.mark.parametrize("kind", ["ewma", "cusum"])
def test_a_point_left_out_does_not_move_a_smoothed_mean(kind: str) -> None:
    """An outage of 1,000 hours, excluded: what follows is as if it were not there."""
    without = draw(weeks([*CALM, *CALM]), "lower", kind, Plan(freeze=10))
    longer = [*CALM, 1000, *CALM]

    drawn = draw(weeks(longer), "lower", kind, Plan(freeze=11, exclude=(10,)))

    assert [p.value for p in drawn.points if not p.excluded] == [p.value for p in without.points]


def test_values_on_the_centre_can_be_let_pass() -> None:
    """Four above, one on the centre, four above: eight of a run where the centre ends none."""
    values = [*CALM[:8], 8.5, *[12.0] * 4, 10.0, *[12.0] * 4]
    plan = Plan(freeze=8, rules="western_electric", lenient=Lenient(on_centre_breaks=False))

    strict, lenient = (
        draw(weeks(values), "lower", plan=each)
        for each in (Plan(freeze=8, rules="western_electric"), plan)
    )

    def shifted(drawn: Chart) -> list[int]:
        return [at for at, rules in signals(drawn).items() if "shift" in rules]

    assert strict.limits.centre == 10
    assert shifted(strict) == []
    assert shifted(lenient) == list(range(9, 18))
