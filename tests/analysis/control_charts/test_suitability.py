"""Before limits: leaning neighbours, a season, and what is said of either."""

import numpy as np
import pytest

from opsgauge.analysis.control_charts.chart import Plan, Point
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.season import decompose, loess, without_season
from opsgauge.analysis.control_charts.suitability import autocorrelation, suitability
from opsgauge.foundation.errors import QueryWrong, TooFewPoints

DRAWS = np.random.default_rng(20260105)
NOISE = DRAWS.standard_normal(104)
WEEK = np.array([0.0, 1, 0, 0, 0, -6, -7])
SEASONAL = [float(v) for v in 20 + NOISE[:84] + np.tile(WEEK, 12)]


def leaning(lean: float) -> list[float]:
    """Return values that take over so much from the one before."""
    values = [float(NOISE[0])]
    for noise in NOISE[1:]:
        values.append(lean * values[-1] + float(noise) * (1 - lean**2) ** 0.5)
    return values


@pytest.mark.row("SPC-07")
def test_leaning_neighbours_make_limits_unsafe_and_it_is_said_how_much() -> None:
    """Autocorrelation of about 0.7: limits about half as wide as they should be."""
    found = suitability(leaning(0.7))

    assert found.unsafe
    assert found.autocorrelation == pytest.approx(0.7, abs=0.15)
    assert found.growth > 10
    assert f"lies outside them {found.growth:.0f} times as often" in found.sentences[0]


@pytest.mark.row("SPC-07")
def test_independent_values_are_left_in_peace() -> None:
    """Nothing is said, nothing grows."""
    found = suitability(NOISE.tolist(), cycle=7)

    assert (found.unsafe, found.growth, found.season, found.sentences) == (False, 1.0, None, ())


def test_values_that_swing_make_limits_too_wide() -> None:
    """A high week is followed by a low one: not unsafe, but blind."""
    found = suitability(leaning(-0.6))

    assert not found.unsafe
    assert found.growth < 1
    assert "swing against each other" in found.sentences[0]


def test_a_change_of_level_at_a_phase_is_no_leaning() -> None:
    """Two calm levels: leaning as one series, calm as two phases."""
    values = [*NOISE[:52].tolist(), *(NOISE[52:] + 5).tolist()]

    assert suitability(values).unsafe
    assert not suitability(values, phases=[52]).unsafe


def test_few_values_tell_nothing() -> None:
    """Nineteen, of which nobody can say whether they lean."""
    found = suitability([float(at) for at in range(19)])

    assert found.autocorrelation is None
    assert not found.unsafe


def test_no_step_is_reckoned_over_a_gap() -> None:
    """Pairs only; a level series has none to speak of."""
    swinging = np.array([1.0, 2, np.nan, 1, 2, 1, np.nan, 2, 1, 2, 1, 2])

    assert autocorrelation(swinging) < -0.8
    assert autocorrelation(np.full(30, 4.0)) == 0.0


@pytest.mark.row("SPC-07")
def test_a_season_is_found_and_its_chart_is_drawn_without_it() -> None:
    """Quiet weekends: XmR limits span them and hide a bad day; without the season it shows."""
    values = [*SEASONAL]
    values[70] += 7

    def outside(series: list[float | None]) -> list[int]:
        points = [Point(f"d{at:02}", value, 40) for at, value in enumerate(series)]
        drawn = draw(points, "lower", plan=Plan(rules="limits_only"))
        return [at for at, point in enumerate(drawn.points) if point.broken]

    assert suitability(values, cycle=7).season == 7
    assert outside([*values]) == []
    assert outside(without_season(values, 7)) == [70]


def test_a_season_is_taken_out_and_the_level_stays() -> None:
    """What is left has the mean and the noise that were put in."""
    rest = np.array(without_season(SEASONAL, 7), dtype=float)

    assert rest.mean() == pytest.approx(np.mean(SEASONAL), abs=0.05)
    assert rest.std() < 1.1
    assert decompose(SEASONAL, 7).season[:7] == pytest.approx(WEEK - WEEK.mean(), abs=0.8)


def test_the_parts_add_up_and_gaps_stay_gaps() -> None:
    """Season, trend and rest are the value again; an outlier leaves the season alone."""
    values: list[float | None] = [*SEASONAL]
    values[10], values[33] = None, 500.0

    parts = decompose(values, 7)

    known = np.array([np.nan if v is None else v for v in values])
    np.testing.assert_allclose(parts.season + parts.trend + parts.rest, known)
    assert np.isnan(parts.rest[10])
    assert without_season(values, 7)[10] is None
    assert parts.season[:7] == pytest.approx(decompose(SEASONAL, 7).season[:7], abs=0.5)


@pytest.mark.parametrize(
    ("values", "cycle", "wrong"),
    [
        ([1.0] * 13, 7, TooFewPoints),
        ([1.0, None] * 14, 2, TooFewPoints),
        ([1.0] * 20, 1, QueryWrong),
    ],
)
def test_a_season_that_cannot_be_told_is_refused(
    values: list[float | None], cycle: int, wrong: type[Exception]
) -> None:
    """Two whole cycles, with a value at each place of them."""
    with pytest.raises(wrong):
        decompose(values, cycle)


def test_a_line_stays_a_line_when_smoothed() -> None:
    """Also where some places have no say."""
    line = np.arange(20.0)
    weight = np.ones(20)
    weight[[0, 7, 8, 19]] = 0

    assert loess(line, weight, 7) == pytest.approx(line)
