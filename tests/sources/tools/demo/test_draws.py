"""Random streams."""

import numpy as np

from opsgauge.sources.tools.demo.draws import Draws


def test_an_aspect_is_not_moved_by_another() -> None:
    """What is drawn for one aspect is the same, whatever was drawn before it."""
    alone = Draws(5).uniform("b", 4)
    draws = Draws(5)
    draws.uniform("a", 1000)

    assert draws.uniform("b", 4).tolist() == alone.tolist()
    assert draws.uniform("a", 4).tolist() != alone.tolist()


def test_another_seed_is_other_luck() -> None:
    """Two seeds share no stream."""
    assert Draws(1).uniform("a", 3).tolist() != Draws(2).uniform("a", 3).tolist()


def test_hits_come_as_often_as_asked() -> None:
    """A share of 0.3 hits three in ten; a share of its own for each is heeded."""
    draws = Draws(1)

    assert abs(draws.hits("a", 20_000, 0.3).mean() - 0.3) < 0.015
    assert draws.hits("b", 3, np.array([0.0, 1.0, 0.0])).tolist() == [False, True, False]


def test_a_smaller_share_hits_a_part_of_the_same() -> None:
    """Who is hit at a tenth was hit at a half: effects of one aspect nest."""
    draws = Draws(1)

    assert not (draws.hits("a", 500, 0.1) & ~draws.hits("a", 500, 0.5)).any()


def test_a_lognormal_lies_around_its_median() -> None:
    """Half of the draws are above the median."""
    drawn = Draws(3).lognormal("a", 20_000, 4.0, 0.8)

    assert abs(float(np.median(drawn)) - 4.0) < 0.15
    assert (drawn > 0).all()
