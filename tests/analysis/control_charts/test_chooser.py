"""Which chart suits which numbers, and the reason in words."""

from collections.abc import Sequence

import numpy as np
import pytest

from opsgauge.analysis.control_charts.chart import Point
from opsgauge.analysis.control_charts.chooser import Data, choose, draw_chosen


def counted(counts: Sequence[float], size: int = 50) -> list[Point]:
    """Return periods of so many tickets, with how many of them count."""
    return [
        Point(f"w{at:02}", count / size, size, numerator=count, denominator=size)
        for at, count in enumerate(counts)
    ]


def measured(values: Sequence[float], sizes: Sequence[int]) -> list[Point]:
    """Return periods with a mean of so many tickets."""
    return [Point(f"w{at:02}", v, n) for at, (v, n) in enumerate(zip(values, sizes, strict=True))]


CHANCE = [5, 8, 3, 6, 5, 2, 7, 4, 6, 5, 8, 3]
WILD = [5, 25, 3, 20, 5, 30, 2, 22, 6, 25, 4, 20]
ALIKE = [5, 5, 5, 6, 5, 5, 5, 5, 6, 5, 5, 5]


@pytest.mark.row("SPC-09")
@pytest.mark.row("SPC-01")
@pytest.mark.parametrize(
    ("counts", "data", "kind", "said"),
    [
        (CHANCE, Data.SHARE, "p", "Chance within the periods explains how the shares vary"),
        (WILD, Data.SHARE, "laney_p", "above 1.5): a Laney p′ chart"),
        (ALIKE, Data.SHARE, "laney_p", "under 0.7): a Laney p′ chart"),
        (CHANCE, Data.RATE, "u", "a u chart, whose limits widen where there are fewer"),
        (WILD, Data.RATE, "laney_u", "above 1.5): a Laney u′ chart"),
        (CHANCE, Data.COUNT, "c", "a c chart"),
        (WILD, Data.COUNT, "xmr", "above 1.5): an XmR chart"),
        (CHANCE, Data.TIME_BETWEEN, "t", "Times between rare events: a t chart"),
        (CHANCE, Data.COUNT_BETWEEN, "g", "a g chart"),
        (CHANCE, Data.MEASURE, "xmr", "of about equally many: an XmR chart"),
    ],
)
def test_each_kind_of_number_gets_its_chart(
    counts: list[float], data: Data, kind: str, said: str
) -> None:
    """By chance alone where chance explains it, else by how much neighbours differ."""
    points = counted(counts)
    if data in {Data.COUNT, Data.TIME_BETWEEN, Data.COUNT_BETWEEN}:
        points = measured(counts, [50] * len(counts))

    drawn, choice = draw_chosen(points, "lower", data)

    assert choice.kind == drawn.kind == kind
    assert said in choice.why


@pytest.mark.row("SPC-09")
def test_the_widened_limits_hold_what_chance_alone_does_not() -> None:
    """Shares that jump every week: signals everywhere on a p chart, none on the one chosen."""
    drawn, choice = draw_chosen(counted(WILD), "lower", Data.SHARE)

    assert not any(point.broken for point in drawn.points)
    assert drawn.phase.sigma_z == pytest.approx(float(choice.why.split("σz = ")[1][:4]), abs=0.01)


def test_shares_without_their_numerators_get_an_xmr_chart() -> None:
    """Nobody knows what chance explains."""
    assert choose(measured([0.1, 0.2] * 6, [50] * 12), Data.SHARE).why == (
        "How many stand behind the shares is not known: an XmR chart."
    )


def test_what_seldom_happens_is_said_to() -> None:
    """Three in twelve weeks."""
    choice = choose(counted([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]), Data.SHARE)

    assert "less than once a period" in choice.why


def test_means_get_wider_limits_only_where_they_vary_more_of_fewer() -> None:
    """Sizes of 10 and 400 in blocks: by chance within, small weeks scatter; else they do not."""
    draws = np.random.default_rng(5)
    sizes = ([10] * 6 + [400] * 6) * 3
    by_chance = [8 + float(draws.standard_normal()) * 6 / n**0.5 for n in sizes]
    alike = [8 + float(draws.standard_normal()) for _ in sizes]

    assert choose(measured(by_chance, sizes), Data.MEASURE).kind == "i_prime"
    assert choose(measured(alike, sizes), Data.MEASURE).kind == "xmr"
    assert choose(measured(by_chance, [40] * 36), Data.MEASURE).kind == "xmr"
