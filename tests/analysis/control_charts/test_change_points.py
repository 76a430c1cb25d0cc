"""When the level changed: dates, intervals, sizes, and events beside them."""

from datetime import date, timedelta

import numpy as np
import pytest

from opsgauge.analysis.control_charts.change_points import Event, change_points, matched

DRAWS = np.random.default_rng(2)
NOISE = DRAWS.standard_normal(80)
A_WEEK = timedelta(days=7)
# Annual volume at Aswan, 1871 to 1920, in hundred million cubic metres (public data).
NILE = [
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994),
    *(1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100),
    *(774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726),
    *(456, 824, 702, 1120, 1100, 832, 764, 821),
]


@pytest.mark.row("SPC-10")
def test_the_nile_fell_in_1899() -> None:
    """The best known change of all: 1899, by about 250."""
    (change,) = change_points([float(flow) for flow in NILE])

    assert 1871 + change.at == 1899
    assert change.earliest <= change.at <= change.latest
    assert change.latest - change.earliest <= 8
    assert change.before == 1097.75
    assert change.size == pytest.approx(change.after - change.before)
    assert change.interval[0] < -247.8 < change.interval[1] < 0


@pytest.mark.row("SPC-10")
def test_each_change_gets_the_events_of_its_time() -> None:
    """Of two releases, a holiday and a new shift plan two fit; the nearest is told first."""
    values = [*(NOISE[:30] + 10), *(NOISE[30:60] + 13)]
    starts = [date(2026, 1, 5) + A_WEEK * at for at in range(60)]
    first = starts[30]
    events = [
        Event(first - A_WEEK * 20, "holiday", "Easter"),
        Event(first + A_WEEK * 20, "release", "Portal 4.3"),
        Event(first + timedelta(days=6), "staffing", "Shift plan"),
        Event(first + timedelta(days=1), "release", "Portal 4.2"),
    ]

    (change,) = matched(change_points(values), events, starts, starts[-1] + A_WEEK)

    assert change.earliest <= 30 <= change.latest
    assert [event.text for event in change.events] == ["Portal 4.2", "Shift plan"]


def test_there_and_back_are_two_changes() -> None:
    """A bad month in the middle of a calm year."""
    values = NOISE[:52].copy()
    values[20:32] += 4

    assert [change.at for change in change_points(values.tolist())] == [20, 32]


def test_gaps_are_passed_over_and_positions_are_those_of_the_series() -> None:
    """Two empty weeks before the change move nothing."""
    values: list[float | None] = [*NOISE[:20].tolist(), *(NOISE[20:40] + 5).tolist()]
    gaps = [*values[:5], None, *values[5:10], float("nan"), *values[10:]]

    (plain,), (gapped,) = change_points(values), change_points(gaps)

    assert gapped.at == plain.at + 2
    assert gapped.size == plain.size


@pytest.mark.parametrize(
    "values", [[], [1.0] * 40, [1.0, 9.0] * 4, [float(v) for v in NOISE], [0.1 + 0.2, 0.3] * 20]
)
def test_nothing_is_found_where_nothing_changed(values: list[float]) -> None:
    """Empty, equal, too few, calm, and equal but for the arithmetic."""
    assert change_points(values) == ()


def test_the_same_seed_gives_the_same_answer_and_units_do_not_matter() -> None:
    """Hours or minutes, the same dates."""
    values = [*(NOISE[:30] + 10).tolist(), *(NOISE[30:60] + 12).tolist()]

    hours, minutes = change_points(values), change_points([60 * value for value in values])

    assert change_points(values) == hours
    assert [(c.at, c.earliest, c.latest) for c in hours] == [
        (c.at, c.earliest, c.latest) for c in minutes
    ]
