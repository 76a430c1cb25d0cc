"""A claim is made of a signal only where chance is an unlikely reason."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from opsgauge.analysis.control_charts import xmr
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.operations.answers import Measured, Provenance, Value
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.claims import Claim, Subject
from opsgauge.operations.claims import claim as claim_of
from opsgauge.operations.drawing.words import period_brief, state_words
from opsgauge.operations.phrases import chart_sentence, run_start
from opsgauge.operations.standing import Candidate, ChartKey, Standing, standings

PROVENANCE = Provenance(3, None, None, "abc", "UTC")
CALM = [10, 12, 9, 11, 10, 13, 9, 11, 12, 10, 11, 9]
ORDINALS = ("first", "second", "third")


def charted(values: Sequence[float], good: str = "lower", unit: str = "hours") -> Charted:
    """Chart values of consecutive weeks, forty tickets each."""
    labels = [f"2026-W{week:02}" for week in range(1, len(values) + 1)]
    judged = xmr.chart(
        [Point(label, value, 40) for label, value in zip(labels, values, strict=True)], good
    )
    rows = tuple(
        Value(label, {}, 40, value, value - 1, value + 1)
        for label, value in zip(labels, values, strict=True)
    )
    return Charted(
        measured=Measured(
            "m", "Time to mend", unit, good, "median", "week", (), (), rows, PROVENANCE, "m, weekly"
        ),
        chart="xmr",
        rules="making_data_count",
        centre=judged.limits.centre,
        lower=judged.limits.lower,
        upper=judged.limits.upper,
        mean_moving_range=judged.limits.mean_moving_range,
        points=tuple(
            ChartPoint(p.period, p.value, p.n, p.signals, p.verdict, p.complete)
            for p in judged.points
        ),
    )


def counted(hits: Sequence[int], of: int) -> Charted:
    """Chart the share of tickets that something happened to, `of` a week."""
    chart = charted([each / of for each in hits], unit="share")
    rows = tuple(
        replace(row, n=of, numerator=float(each), denominator=float(of))
        for row, each in zip(chart.measured.rows, hits, strict=True)
    )
    return replace(chart, measured=replace(chart.measured, rows=rows))


def newest(chart: Charted) -> ChartPoint:
    """Return the last point."""
    return chart.points[-1]


def calm_chart(seed: int) -> Charted:
    """Chart a series of which nothing is the matter."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    return charted([100 + dice.gauss(0, 5) for _ in range(26)])


def standing(chart: Charted, charts: int, drifts: bool = False) -> Standing:
    """Return how a chart stands among so many, the others calm."""
    every: dict[ChartKey, Charted] = {("m", ()): chart}
    every |= {("calm", (str(seed),)): calm_chart(seed) for seed in range(charts - 1)}
    judged = standings(
        {key: Candidate(one, newest(one), drifts and one is chart) for key, one in every.items()}
    )
    return judged["m", ()]


def claim(subject: Subject, chart: Charted, point: ChartPoint, charts: int) -> Claim | None:
    """Make a claim of a chart among so many."""
    return claim_of(subject, chart, point, standing(chart, charts, subject.drifts))


def test_a_value_far_outside_is_very_sure_among_twenty_charts() -> None:
    """Twelve calm weeks, then four times as long."""
    chart = charted([*CALM, 40])
    made = claim(Subject("m", "speed", "Time to mend"), chart, newest(chart), 20)

    assert made is not None
    assert made.sure == "Very sure"
    assert made.verdict == "worse"
    assert made.finding.claim == (
        f"Time to mend rose to 40.0 h in week 13, where {chart.centre:.1f} h is normal."
    )
    assert made.figure == "40.0 h"
    assert made.finding.interval == pytest.approx((39 - chart.centre, 41 - chart.centre))
    assert made.finding.evidence.data_version == 3


def test_one_rare_event_is_no_claim() -> None:
    """After twelve weeks with none, one of sixty breaks the limits, and is no wonder."""
    chart = counted([0] * 12 + [1], of=60)
    point = newest(chart)

    assert point.signals[0] == "outside_limits"
    assert claim(Subject("m", "risk", "Major incidents"), chart, point, 20) is None
    many = counted([0] * 12 + [9], of=60)
    assert claim(Subject("m", "risk", "Major incidents"), many, newest(many), 20) is not None


def test_the_more_charts_are_looked_at_the_less_sure_it_is() -> None:
    """Somebody who looks at a hundred charts sees a signal by chance."""
    chart = charted([*CALM, 19])
    sure = [standing(chart, charts).certainty for charts in (1, 10, 100, 800)]

    assert sure == sorted(sure, reverse=True)
    assert sure[0] > 0.95
    assert sure[-1] < 0.9


def test_seven_in_a_row_among_twenty_charts_are_no_claim() -> None:
    """Two in 128, twenty times: it happens every third time that one looks."""
    chart = charted([*CALM[:9], 8, 9, 8, 8, 9, 8, 9])
    point = newest(chart)

    assert point.signals[0] == "shift"
    assert claim(Subject("m", "speed", "Time to mend"), chart, point, 20) is None
    alone = claim(Subject("m", "speed", "Time to mend"), chart, point, 1)
    assert alone is not None
    assert alone.verdict == "better"


def test_a_run_of_what_lies_open_is_no_claim() -> None:
    """A backlog that rose once stays high for weeks; only beyond its limits it is news."""
    chart = charted([*CALM[:9], 8, 9, 8, 8, 9, 8, 9])
    backlog = Subject("backlog", "flow", "Backlog", stock="open tickets", drifts=True)
    assert claim(backlog, chart, newest(chart), 1) is None

    beyond = charted([*CALM, 40])
    assert claim(backlog, beyond, newest(beyond), 20) is not None


def test_a_change_of_a_neutral_metric_has_no_colour() -> None:
    """More tickets may mean more trouble, or more trust."""
    chart = charted([*CALM, 40], good="neutral", unit="tickets")
    made = claim(Subject("tickets_opened", "capacity", "Tickets opened"), chart, newest(chart), 20)

    assert made is not None
    assert made.verdict == "change"
    assert made.finding.lane == "demand"


def test_what_a_team_holds_beyond_the_usual_is_worth_waiting_hours() -> None:
    """As if the level at the week's end had been that of the week, which it says."""
    chart = charted([*CALM, 40], unit="tickets")
    subject = Subject("backlog", "flow", "Group 20", ("team=Group 20",), "open tickets", holds=True)
    made = claim(subject, chart, newest(chart), 70)

    assert made is not None
    assert made.finding.worth_hours == pytest.approx((40 - chart.centre) * 168)
    assert made.finding.claim.startswith("Group 20 holds 3.")
    assert "40 open tickets" in made.finding.claim
    assert any("week's end" in caveat for caveat in made.finding.caveats)


def test_worse_comes_before_better_and_large_before_small() -> None:
    """Ranked by verdict, then by worth times certainty."""
    worse, better = charted([*CALM, 40]), charted([*CALM, 40], good="higher")
    made = [
        claim(Subject("m", "speed", "Time to mend"), chart, newest(chart), 20)
        for chart in (better, worse)
    ]

    ranked = sorted((each for each in made if each), key=lambda each: each.rank)
    assert [each.verdict for each in ranked] == ["worse", "better"]


def test_a_week_that_is_hardly_off_is_no_claim() -> None:
    """Twelve in a row below the centre are a signal; the week itself is nobody's concern."""
    chart = charted([43, 45] * 6 + [42] * 12, unit="tickets")
    point = newest(chart)
    assert point.signals == ("shift",)
    assert standing(chart, 1).certainty > 0.99
    slight = replace(chart, centre=43.0, upper=47.0)
    assert claim(Subject("m", "flow", "Tickets resolved"), slight, point, 1) is None
    assert claim(Subject("m", "flow", "Tickets resolved"), replace(slight, upper=44.0), point, 1)


def test_of_two_the_one_farther_from_its_usual_steps_comes_first() -> None:
    """Hours and shares have no common unit; what is usual of each is the measure."""
    far, near = charted([*CALM, 60]), charted([1000 * each for each in (*CALM, 40)])
    made = [claim(Subject("m", "speed", "x"), chart, newest(chart), 1) for chart in (near, far)]
    first, second = sorted((each for each in made if each), key=lambda each: each.rank)

    assert first.charted is far
    assert second.finding.size > first.finding.size


@pytest.mark.parametrize("good", ["lower", "neutral"])
@pytest.mark.parametrize(
    ("values", "week"),
    [
        ([*[30, 20] * 6, *[28, 36] * 4], 13),
        ([*[40, 30] * 6, 33, 32, 31, 30, 29, 28, 27.5], 13),
        ([*CALM, 40, 41], 13),
    ],
)
def test_a_mark_a_list_and_a_sentence_name_one_beginning(
    values: list[float], week: int, good: str
) -> None:
    """Of a shift, a trend, and of two weeks beyond the limits."""
    chart = charted(values, good)
    begun = chart.points[run_start(chart.points, chart.centre)]
    told = chart_sentence(chart)

    assert begun.period == f"2026-W{week:02}", told
    assert f"since week {week}" in told or f"the {ORDINALS[len(values) - week]} week" in told
    assert state_words(chart).words.endswith(f"since {period_brief(begun.period)}")
