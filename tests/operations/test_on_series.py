"""What one series shows: which way a signal goes, what is a record, and a run without a break."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from opsgauge.governance.signals import HIGH, LEVEL, LOW
from opsgauge.log.calendars.definition import always
from opsgauge.operations.answers import Measured, Provenance, Value
from opsgauge.operations.chart_answers import Charted, ChartPoint
from opsgauge.operations.on_series import FEWEST_BEFORE, records_on, signal_on, way
from opsgauge.operations.open_signals import OpenSignal
from opsgauge.operations.protocols import working_day


def chart(values: Sequence[float | None], good: str = "lower", n: int = 30) -> Charted:
    """Return a chart of weeks that break no rule, whose centre is ten."""
    labels = [f"2026-W{week:02}" for week in range(1, len(values) + 1)]
    rows = tuple(Value(p, {}, n, v) for p, v in zip(labels, values, strict=True))
    points = tuple(ChartPoint(row.period, row.value, n, (), "steady", True) for row in rows)
    made = Measured(
        *("age", "Age", "hours", good, "median", "week", (), (), rows),
        Provenance(1, None, None, "", "UTC"),
        "Age.",
    )
    return Charted(made, "xmr", "making_data_count", 10.0, 4.0, 16.0, 2.0, points)


def marked(made: Charted, **marks: tuple[tuple[str, ...], str]) -> Charted:
    """Return a chart with rules and verdicts put at some weeks: w3=(("shift",), "worse")."""
    points = [
        replace(p, signals=marks[name][0], verdict=marks[name][1])
        if (name := f"w{at}") in marks
        else p
        for at, p in enumerate(made.points, start=1)
    ]
    return replace(made, points=tuple(points))


@pytest.mark.parametrize(
    ("good", "rule", "verdict", "value", "expected"),
    [
        ("lower", "outside_limits", "worse", 20.0, 1),
        ("lower", "shift", "better", 8.0, -1),
        ("higher", "trend", "worse", 12.0, -1),
        ("higher", "trend", "better", 8.0, 1),
        ("neutral", "outside_limits", "change", 20.0, 1),
        ("neutral", "shift", "change", 8.0, -1),
    ],
)
def test_the_way_of_a_signal(
    good: str, rule: str, verdict: str, value: float, expected: int
) -> None:
    """By its verdict where one way is better, else by the side of the centre."""
    made = marked(chart([10.0, value], good), w2=((rule,), verdict))
    assert way(made.points, 1, made) == expected
    assert way(made.points, 0, made) == 0


def test_the_way_of_a_trend_without_a_better_way() -> None:
    """By its steps: what falls above the centre goes down, from its first week on."""
    marks = {f"w{at}": (("trend",), "change") for at in (1, 2, 3)}
    made = marked(chart([15.0, 14.0, 13.0], "neutral"), **marks)
    assert [way(made.points, at, made) for at in range(3)] == [-1, -1, -1]


@pytest.mark.row("ALR-06")
def test_a_record_is_more_than_all_before_it() -> None:
    """After twelve others; a tie is none, weeks without a value and of few tickets do not count."""
    calm: list[float | None] = [10.0, 11.0, 9.0] * 4

    def records(*values: float | None, n: int = 30) -> list[str]:
        made = chart([*calm, *values], n=n)
        return [each.kind for each in records_on(made, made.points[-1].period) if each.sight]

    assert len(calm) == FEWEST_BEFORE
    assert (records(12.0), records(8.0)) == ([HIGH], [LOW])
    assert (records(11.0), records(9.0), records(None), records(10.0)) == ([], [], [], [])
    assert records(12.0, n=19) == []
    assert records(12.0, 12.0) == []
    grown = chart([*calm, 12.0, 13.0])
    high, _ = records_on(grown, "2026-W14")
    assert high.sight is not None
    assert (high.sight.run, high.sight.among) == (("2026-W13", "2026-W14"), 14)
    short = chart([10.0] * 11 + [12.0])
    assert [each.sight for each in records_on(short, "2026-W12")] == [None, None]


def test_a_run_ends_where_a_week_has_no_value() -> None:
    """We do not know what was there; so what comes after it is another signal."""
    worse = (("outside_limits",), "worse")
    values: list[float | None] = [10.0, 11.0, 9.0, 10.0, 11.0, 20.0, None, 20.0, 20.0]
    made = marked(chart(values), w6=worse, w8=worse, w9=worse)
    told = OpenSignal(None, made.measured.rows[-1], "worse", worse[0], "2026-W08")  # type: ignore[arg-type]
    found = signal_on(made, told)
    assert found is not None
    assert found.sight is not None
    assert found.sight.run == ("2026-W08", "2026-W09")
    assert found.still["2026-W06"] == (20.0, 1)
    assert found.still["2026-W07"] == (None, 0)


def test_weeks_that_tell_together_go_on_by_themselves() -> None:
    """No week of them breaks a rule; the way is the side on which they lie."""
    made = chart([10.0, 8.0, 8.0])
    told = OpenSignal(None, made.measured.rows[-1], "better", (LEVEL,), "2026-W02")  # type: ignore[arg-type]
    found = signal_on(made, told, news=False)
    assert found is not None
    assert found.sight is not None
    assert (found.sight.way, found.sight.lasting, found.news) == (-1, True, False)


def test_working_days_are_counted_after_the_day() -> None:
    """None is that very day, or the next that is one."""
    assert working_day(always(), date(2026, 1, 5), 0) == date(2026, 1, 5)
    office = replace(always(), week=(always().week[0],) * 5 + ((), ()))
    friday, saturday = date(2026, 8, 7), date(2026, 8, 8)
    assert working_day(office, friday, 0) == friday
    assert working_day(office, friday, 1) == working_day(office, saturday, 0) == date(2026, 8, 10)
    assert working_day(office, saturday, 1) == date(2026, 8, 10)
    assert working_day(office, friday, 6) == date(2026, 8, 17)
