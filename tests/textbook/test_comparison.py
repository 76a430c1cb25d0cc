"""Fair comparison and decomposition against published examples.

Sources: C. R. Charig and others, BMJ 292, 1986 (kidney stones, as two teams); D. J. Spiegelhalter,
Statistics in Medicine 24, 2005; exact Poisson limits after F. Garwood, Biometrika 28, 1936.
"""

import pytest

from opsgauge.analysis.comparison.fair import Counted, Stratum, compare, reversed_by
from opsgauge.analysis.comparison.funnel import INNER, OUTER, funnel
from opsgauge.analysis.comparison.mix_and_rate import Cell, Segment, decompose

EASY: Stratum = ("easy",)
HARD: Stratum = ("hard",)
A: dict[Stratum, Counted] = {EASY: Counted(87, 81), HARD: Counted(263, 192)}
B: dict[Stratum, Counted] = {EASY: Counted(270, 234), HARD: Counted(80, 55)}


@pytest.mark.row("DSH-06")
def test_the_kidney_stones_turn_round_once_compared_fairly() -> None:
    """Raw, B is better; in each stratum, and adjusted either way, A is."""
    a, b = compare({"A": A, "B": B})

    assert [a.raw, b.raw] == pytest.approx([0.780, 0.826], abs=5e-4)
    assert a.direct == pytest.approx(0.8325, abs=5e-5)
    assert b.direct == pytest.approx(0.7789, abs=5e-5)
    assert a.ratio == pytest.approx(1.0257, abs=5e-5)
    assert b.ratio == pytest.approx(0.9769, abs=5e-5)
    assert [round(one[key].hits / one[key].n, 3) for key in (EASY, HARD) for one in (A, B)] == [
        *(0.931, 0.867),
        *(0.730, 0.688),
    ]
    assert reversed_by(A, B)
    assert not reversed_by(B, A)


def test_exact_limits_are_garwoods() -> None:
    """Ten observed where ten were expected: 4.795 to 18.39."""
    [found] = compare({"A": {EASY: Counted(20, 10)}})

    assert found.low == pytest.approx(0.4795, abs=5e-5)
    assert found.high == pytest.approx(1.8390, abs=5e-5)


def test_limits_of_the_funnel() -> None:
    """1.96 and 3.09 times the spread of a share of so many."""
    found = funnel([(100, 0.2)], 0.2)

    assert found.limits(100) == pytest.approx((0.2 - INNER * 0.04, 0.2 + INNER * 0.04))
    assert pytest.approx(1.96, abs=1e-3) == INNER
    assert pytest.approx(3.09, abs=1e-3) == OUTER


@pytest.mark.row("RCA-09")
def test_mix_and_rate_add_up_to_the_change() -> None:
    """The two teams as two periods: all of it is rate in each stratum, against the mix."""
    before: dict[Segment, Cell] = {key: Cell(cell.n, cell.hits / cell.n) for key, cell in B.items()}
    after: dict[Segment, Cell] = {key: Cell(cell.n, cell.hits / cell.n) for key, cell in A.items()}
    found = decompose(before, after)

    assert found.change == pytest.approx(273 / 350 - 289 / 350, abs=1e-15)
    assert found.mix + found.rate == pytest.approx(found.change, abs=1e-15)
    assert found.mix < 0 < found.rate
    assert all(each.rate > 0 for each in found.effects)
    easy = next(each for each in found.effects if each.segment == EASY)
    middle = (273 / 350 + 289 / 350) / 2
    assert easy.mix == pytest.approx(
        (87 / 350 - 270 / 350) * ((81 / 87 + 234 / 270) / 2 - middle), abs=1e-15
    )
    assert easy.rate == pytest.approx((87 / 350 + 270 / 350) / 2 * (81 / 87 - 234 / 270), abs=1e-15)
