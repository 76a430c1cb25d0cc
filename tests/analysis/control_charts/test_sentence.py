"""What the newest judged period shows, in words; values are written with one digit."""

from dataclasses import replace

import pytest

from opsgauge.analysis.control_charts.chart import Plan, Point, Rebase
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.sentence import period_words, sentence
from opsgauge.analysis.control_charts.xmr import chart

CALM = [11, 9, 10, 12, 9, 11, 10, 8, 10, 11]  # frozen: centre 10.1, limits 5.4 and 14.8
RUN = [11, 12, 11, 12, 11, 12, 11, 12]
write = "{:.1f}".format


OFF = [0.0, 0.0001, 0.0, 0.0, 0.0001, 0.0, 0.0, 0.0]


def said(*later: float | None, exclude: tuple[int, ...] = (), **options: bool) -> str:
    """Return the sentence for ten calm weeks and what came later, judged by the calm ones."""
    weeks = [
        Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate([*CALM, *later], 1)
    ]
    return sentence(chart(weeks, "lower", freeze=10, exclude=exclude, **options), write, 2026)


def test_a_calm_series_is_steady_since_it_began() -> None:
    """Nothing happened: the limits, and the first week."""
    assert said() == "Steady between 5.4 and 14.8 since week 1."


def test_steady_since_the_week_after_the_last_signal() -> None:
    """Week 11 was outside; since week 12 nothing is."""
    assert said(20, 10, 11) == "Steady between 5.4 and 14.8 since week 12."


def test_the_first_calm_week_is_back() -> None:
    """One week is not yet a state."""
    assert said(20, 10) == "Back between 5.4 and 14.8 in week 12."


def test_outside_a_limit() -> None:
    """Which limit, its value and the week."""
    assert said(20) == "Above the upper limit (14.8) in week 11."
    assert said(1) == "Below the lower limit (5.4) in week 11."


def test_outside_for_weeks_in_a_row() -> None:
    """The run is counted back to the first; a week on the other side is another run."""
    assert said(20, 21, 20) == "Above the upper limit (14.8) in week 13, the third week in a row."
    assert said(1, 21, 20) == "Above the upper limit (14.8) in week 13, the second week in a row."


def test_what_a_season_leaves_of_a_run_is_told_by_its_rule() -> None:
    """Never "for 1 weeks in a row": the rest is shorter than the rule asks for."""
    weeks = [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate([*CALM, *RUN], 1)]
    whole = chart(weeks, "lower", freeze=10)
    assert sentence(whole, write, 2026).startswith("Above the centre (10.1) for 9 weeks in a row")
    rest = tuple(replace(each, broken=()) for each in whole.points[:-1])
    told = sentence(replace(whole, points=(*rest, whole.points[-1])), write, 2026)
    assert told == "7 values or more in a row on one side of the centre, the latest week 18."


def test_a_gap_ends_the_row() -> None:
    """Nobody knows what the missing week was."""
    assert said(20, None, 20) == "Above the upper limit (14.8) in week 13."


def test_a_left_out_week_is_passed_over() -> None:
    """It neither counts into the row nor ends it, nor is it the newest."""
    said_so = said(20, 9, 20, 2, exclude=(11, 13))
    assert said_so == "Above the upper limit (14.8) in week 13, the second week in a row."


def test_a_trend() -> None:
    """Seven values, six steps, from the first of them."""
    assert said(7, 8, 9, 10, 11, 12, 13) == "Rising for 7 weeks in a row, since week 11."
    assert said(13, 12, 11, 10, 9, 8, 7) == "Falling for 7 weeks in a row, since week 11."


def test_two_trends_that_touch_are_not_counted_as_one() -> None:
    """Seven up, level, seven up: the row is the second seven."""
    up = [6, 7, 8, 9, 10, 11, 12]
    level = [12, 12.2, 12.4, 12.6, 12.8, 13, 13.2]
    assert said(*up, *level) == "Rising for 7 weeks in a row, since week 18."
    assert said(*up, *level, equal_steps_break=False) == (
        "Rising for 14 weeks in a row, since week 11."
    )


def test_close_to_a_limit() -> None:
    """Two or all of the last three weeks; a fourth is not spoken of."""
    assert said(14, 11, 14) == (
        "Close to the upper limit (14.8) in 2 of the last 3 weeks, the latest week 13."
    )
    assert said(6, 6, 6, 6) == (
        "Close to the lower limit (5.4) in 3 of the last 3 weeks, the latest week 14."
    )


def test_a_shift() -> None:
    """Weeks on one side of the centre, from the first."""
    assert said(9, 12, 11, 12, 11, 12, 11, 12, 11) == (
        "Above the centre (10.1) for 8 weeks in a row, since week 12."
    )


def test_the_newest_judged_week_is_spoken_of() -> None:
    """Week 12 has no value: the sentence is about week 11, and says so."""
    assert said(20, None) == "Above the upper limit (14.8) in week 11."


@pytest.mark.parametrize(
    ("within", "span"),
    [
        ((0, 100), "between 5.4 and 14.8"),
        ((6, 100), "at up to 14.8"),
        ((0, 14), "at 5.4 or more"),
        ((6, 14), "around 10.1"),
    ],
)
def test_a_limit_that_no_value_can_reach_is_not_said(
    within: tuple[float, float], span: str
) -> None:
    """A waiting time below zero is no news."""
    weeks = [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate(CALM, 1)]
    assert sentence(chart(weeks, "lower"), write, 2026, within) == f"Steady {span} since week 1."


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (("2026-05-29", "2026-05-30"), "on 30 May, the second day in a row."),
        (("2026-04", "2026-05"), "in May, the second month in a row."),
        (("2026-Q1", "2026-Q2"), "in quarter 2, the second quarter in a row."),
        (("2025-W52", "2025-W53"), "in week 53 of 2025, the second week in a row."),
        (("2025", "2026"), "in 2026, the second year in a row."),
    ],
)
def test_periods_are_called_as_people_call_them(labels: tuple[str, str], words: str) -> None:
    """Days, months, quarters and years, the year only where it is not this one."""
    calm = [Point(f"week {week}", value, n=40) for week, value in enumerate(CALM, 1)]
    high = [Point(label, 20, n=40) for label in labels]
    assert sentence(chart([*calm, *high], "lower", freeze=10), write, 2026) == (
        f"Above the upper limit (14.8) {words}"
    )


@pytest.mark.parametrize(
    ("weeks", "ordinal"),
    [(9, "ninth"), (10, "10th"), (11, "11th"), (12, "12th"), (21, "21st"), (22, "22nd")],
)
def test_long_rows_are_counted_in_figures(weeks: int, ordinal: str) -> None:
    """Words up to nine."""
    assert said(*([20, 21] * 11)[:weeks]).endswith(f", the {ordinal} week in a row.")


def test_a_label_of_another_form_is_said_as_it_is() -> None:
    """Somebody's own periods keep their names."""
    assert period_words("shift 3").when == "in shift 3"
    assert period_words("shift 3").kind == "period"


def test_a_limit_that_reads_as_the_end_of_what_can_be_is_that_end() -> None:
    """Nothing is more than 100 %, and nothing below 0 %."""
    high, low = ([1 - each for each in OFF], OFF)

    def told(values: list[float]) -> str:
        weeks = [Point(f"2026-W{week:02}", value, 40) for week, value in enumerate(values, 1)]
        return sentence(chart(weeks, "neutral"), "{:.1%}".format, 2026, within=(0, 1))

    assert told(high) == "Steady at 100.0% since week 1."
    assert told(low) == "Steady at 0.0% since week 1."


def test_a_young_phase_is_not_judged_yet() -> None:
    """Three weeks after a rebase; the steady weeks before say nothing of them."""
    weeks = [Point(f"2026-W{at:02}", value, 40) for at, value in enumerate([*CALM, 3, 4, 3], 1)]
    drawn = draw(weeks, "lower", plan=Plan(rebase=(Rebase(10),)))

    assert sentence(drawn, "{:.1f}".format, 2026) == (
        "Not judged yet: its limits begin anew in week 11."
    )


def test_what_is_steady_is_so_since_its_phase_began() -> None:
    """Not since before the change; limits are those of the phase."""
    values = [*CALM, *(value - 5 for value in CALM)]
    weeks = [Point(f"2026-W{at:02}", value, 40) for at, value in enumerate(values, 1)]
    drawn = draw(weeks, "lower", plan=Plan(rebase=(Rebase(10),)))

    assert sentence(drawn, "{:.1f}".format, 2026) == "Steady between 0.4 and 9.8 since week 11."


@pytest.mark.parametrize(
    ("kind", "rules", "tail", "told"),
    [
        (
            "xmr",
            "western_electric",
            [12, 12, 12, 12],
            "4 of 5 neighbours more than one sigma off on one side, the latest week 14.",
        ),
        (
            "xmr",
            "nelson",
            [14, 14],
            "2 of 3 neighbours more than two sigmas off on one side, the latest week 12.",
        ),
        ("run", "", [12] * 8, "Above the centre (11.5) for 8 weeks in a row, since week 11."),
        ("run", "", [], "Steady around 10.0 since week 1."),
    ],
)
def test_other_rules_are_said_as_their_set_says_them(
    kind: str, rules: str, tail: list[float], told: str
) -> None:
    """Runs as ever; what has no words of its own by the sentence of the rule."""
    weeks = [Point(f"2026-W{at:02}", value, 40) for at, value in enumerate([*CALM, *tail], 1)]
    freeze = 10 if kind == "xmr" else None

    drawn = draw(weeks, "lower", kind, Plan(freeze=freeze, rules=rules))

    assert sentence(drawn, "{:.1f}".format, 2026) == told
