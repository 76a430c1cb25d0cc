"""The signals of a chart as a list."""

from dataclasses import replace

from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.signals import signal_rows
from tests.operations.drawing.samples import charted


def test_neighbours_that_say_the_same_are_one_signal() -> None:
    """Weeks 2 and 3 are worse, week 5 is better: two signals, the newest first."""
    better, worse = signal_rows(charted([0.3, 0.5, 0.6, 0.3, 0.1]))

    assert (better.tone, better.said, better.when) == (
        "improve",
        "Better",
        "week 5, 1 to 7 Feb 2016",
    )
    assert (worse.tone, worse.said, worse.when) == ("concern", "Worse", "11 to 24 Jan 2016")
    assert worse.rules == "outside the limits"
    assert worse.periods == ("2016-W02", "2016-W03")


def test_the_farthest_period_stands_for_a_signal() -> None:
    """0.6 is farther from the centre than 0.5."""
    (row,) = signal_rows(charted([0.3, 0.5, 0.6, 0.3]))
    assert row.farthest.value == 0.6


def test_a_steady_chart_has_no_signals() -> None:
    """An empty list, over which the page says that nothing moved."""
    assert signal_rows(charted([0.3] * 12)) == ()


def test_a_trend_is_told_as_one_and_by_its_end() -> None:
    """It fell to what is worse and may still lie on the good side: the end is what is told."""
    chart = charted([0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6])
    points = tuple(
        replace(point, signals=("trend",), verdict="worse", complete=True) for point in chart.points
    )
    (row,) = signal_rows(replace(chart, points=points, centre=0.5))

    assert (row.said, row.tone) == ("Getting worse", "concern")
    assert row.rules == "fell for 7 weeks in a row"
    assert row.farthest.value == 0.6


def flagged(values: list[float], rules: list[tuple[str, ...]], good: str = "worse") -> Charted:
    """Return a chart around 0.5 whose points break these rules; "-" before one: a season has it."""
    chart = charted(values)
    points = tuple(
        replace(
            point,
            signals=() if "-" in broken else broken,
            broke=broken[1:] if "-" in broken else (),
            verdict=good if broken and "-" not in broken else "steady",
            complete=True,
        )
        for point, broken in zip(chart.points, rules, strict=True)
    )
    return replace(chart, points=points, centre=0.5)


def test_a_run_is_one_row_whatever_else_single_weeks_of_it_break() -> None:
    """One week of it lies outside the limits, two are close to one: still one run."""
    shift = ("shift",)
    run = [
        shift,
        ("two_of_three", "shift"),
        ("outside_limits", "shift"),
        shift,
        shift,
        shift,
        shift,
    ]
    (row,) = signal_rows(flagged([0.6, 0.7, 0.9, 0.7, 0.6, 0.6, 0.6], run))
    assert len(row.periods) == 7
    assert row.farthest.value == 0.9
    assert row.rules == (
        "seven in a row on one side of the centre; two of three close to a limit; "
        "outside the limits"
    )


def test_a_trend_of_which_a_season_explains_a_part_is_named_whole() -> None:
    """Never "fell for 1 weeks in a row", and not a row for each rest of it."""
    seasonal = ("-", "trend")
    rules = [seasonal, ("trend",), seasonal, seasonal, ("trend",), seasonal, seasonal, seasonal]
    (row,) = signal_rows(flagged([0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55], rules))
    assert row.rules == "fell for 8 weeks in a row; 6 of them as its season has it"
    assert len(row.periods) == 8
    assert signal_rows(flagged([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], [seasonal] * 7)) == ()


def test_a_run_shorter_than_its_rule_is_never_named() -> None:
    """Where the rest of it is not there any more, the rule is told in its own words."""
    (row,) = signal_rows(flagged([0.5, 0.6, 0.55], [(), (), ("trend",)]))
    assert row.rules == "seven in a row rising or falling"


def test_up_and_then_down_are_two_rows_of_a_metric_that_is_neither_good_nor_bad() -> None:
    """Each with its whole length, the week where they meet counted in both."""
    values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    down, up = signal_rows(flagged(values, [("trend",)] * 13, "change"))
    assert (up.rules, down.rules) == ("rose for 7 weeks in a row", "fell for 7 weeks in a row")
    sides = [0.7] * 7 + [0.3] * 7
    assert len(signal_rows(flagged(sides, [("shift",)] * 14, "change"))) == 2
