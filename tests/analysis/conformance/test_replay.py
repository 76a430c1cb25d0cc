"""Fitness and precision of nets that can be worked by hand, and properties that always hold."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.conformance.replay import (
    EARLY,
    LEFT,
    UNKNOWN_STEP,
    Deviation,
    Player,
    Tokens,
    merged,
    precision,
    reference,
)
from opsgauge.foundation.errors import ModelWrong
from tests.analysis.conformance.nets import AGAIN, AT_ONCE, EITHER, IN_TURN, net

PATHS = st.lists(st.sampled_from("ABCDX"), max_size=7).map(tuple)


@pytest.mark.row("CON-02")
@pytest.mark.parametrize(
    ("ways", "path", "tokens"),
    [
        # a case begins with one put and ends with one taken; start, A, B, C and end do both
        (IN_TURN, "ABC", Tokens(0, 6, 0, 6)),
        # C lacks its token; the one before B is left behind
        (IN_TURN, "AC", Tokens(1, 5, 1, 5)),
        # B lacks one, and A's own way stands: nothing of it is left
        (IN_TURN, "ABBC", Tokens(1, 7, 1, 7)),
        # nothing happened but the end, which lacks its token
        (IN_TURN, "", Tokens(1, 1, 1, 1)),
        # a step that the model does not know lacks one
        (IN_TURN, "AXBC", Tokens(1, 7, 0, 6)),
        # the split puts two, the join takes two
        (AT_ONCE, "ABCD", Tokens(0, 10, 0, 10)),
        (AT_ONCE, "ACBD", Tokens(0, 10, 0, 10)),
        # without C: D lacks one; before C and after B one is left
        (AT_ONCE, "ABD", Tokens(1, 7, 2, 8)),
        (EITHER, "ABD", Tokens(0, 8, 0, 8)),
        (EITHER, "ACD", Tokens(0, 8, 0, 8)),
        (AGAIN, "ABBBC", Tokens(0, 14, 0, 14)),
    ],
)
def test_tokens_of_nets_worked_by_hand(ways: Sequence[str], path: str, tokens: Tokens) -> None:
    """Missing, consumed, remaining, produced."""
    assert Player(net(*ways)).replay(tuple(path)).tokens == tokens


@pytest.mark.row("CON-02")
def test_fitness_is_that_of_rozinat_and_van_der_aalst() -> None:
    """Half of what is not missing, and half of what is not left behind."""
    assert Tokens(1, 7, 2, 8).fitness == pytest.approx((1 - 1 / 7) / 2 + (1 - 2 / 8) / 2)
    assert (Tokens(1, 5, 1, 5) + Tokens(0, 6, 0, 6).times(2)).fitness == pytest.approx(1 - 1 / 17)
    assert Tokens().fitness is None


@pytest.mark.row("CON-02")
def test_deviations_say_which_step_and_how() -> None:
    """Not in the model, out of turn, left undone."""
    player = Player(net(*AT_ONCE))

    assert player.replay(tuple("ABD")).deviations == (Deviation("D", EARLY), Deviation("C", LEFT))
    assert player.replay(tuple("AXBCD")).deviations == (Deviation("X", UNKNOWN_STEP),)
    assert player.replay(tuple("AB")).deviations == (Deviation("C", LEFT),)
    assert player.replay(tuple("ACBD")).fits


@pytest.mark.row("CON-02")
def test_precision_counts_what_the_model_allows_and_nobody_does() -> None:
    """After A either B or C may come, of which C never did: one in four escapes."""
    player = Player(net(*EITHER))

    # allowed: A; B, C; D; nothing. Escaping: C.
    assert precision(player, {tuple("ABD"): 5}) == pytest.approx(1 - 1 / 4)
    assert precision(player, {tuple("ABD"): 5, tuple("ACD"): 1}) == 1.0
    # Twice A: once B and once D, which does not fit and counts no further than it does.
    assert precision(player, {tuple("ABD"): 1, tuple("AD"): 1}) == pytest.approx(1 - 2 / 7)


@pytest.mark.row("CON-02")
def test_the_most_frequent_paths_are_a_model_too() -> None:
    """Which allows them and nothing else."""
    counts = {tuple("ABC"): 6, tuple("AC"): 3, tuple("ABBC"): 1}
    player = Player(reference(counts, 0.8))

    assert [player.replay(path).fits for path in counts] == [True, True, False]
    assert precision(player, counts) == 1.0
    assert Player(reference({tuple("AB"): 1}, 1.0)).allowed(tuple("A")) == frozenset("B")


@given(path=PATHS)
def test_a_path_fits_where_nothing_is_missing_or_left(path: tuple[str, ...]) -> None:
    """Whatever happens, tokens are conserved: put in = taken out - missing + left."""
    for ways in (IN_TURN, AT_ONCE, EITHER, AGAIN):
        became = Player(net(*ways)).replay(path)
        t = became.tokens
        assert t.produced + t.missing == t.consumed + t.remaining
        assert became.fits == (t.missing == t.remaining == 0)
        assert 0 <= (t.fitness or 0) <= 1


@given(st.dictionaries(PATHS, st.integers(1, 9), min_size=1, max_size=5))
def test_a_reference_of_all_paths_fits_all(counts: dict[tuple[str, ...], int]) -> None:
    """And nothing escapes it."""
    player = Player(reference(counts, 1.0))

    assert all(player.replay(path).fits for path in counts)
    assert precision(player, counts) in (None, 1.0)


def test_a_model_that_runs_away_is_refused() -> None:
    """A split that comes together exclusively, in a circle, puts ever more tokens."""
    with pytest.raises(ModelWrong, match="more happen at the same time"):
        Player(net("( x1 +1 x2 A )", "+1 x1")).replay(tuple("A"))


def test_a_step_that_lasts_comes_once() -> None:
    """For states; what is not written is no step."""
    assert merged(["A", None, "A", "B", "A"]) == ("A", "B", "A")
