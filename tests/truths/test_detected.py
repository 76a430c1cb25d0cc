"""What is planted is found where it lies by what the product has for it, and nothing else is."""

from collections.abc import Callable

import pytest
from bench.truths import Score, detected, places, same, score

from opsgauge.operations.check import check
from opsgauge.operations.demo import TRUTHS
from opsgauge.operations.home import home
from tests.truths.conftest import MANY, Found

PLANTED, CLEAN = (1, 2, 3), (1, 2, 3, 4, 5)

Made = Callable[..., Found]


def compared(found: Found) -> Score:
    """Return how what was found compares with what was planted."""
    return score(places(found.truths), detected(found.context))


@pytest.mark.row("MAP-04")
@pytest.mark.parametrize("seed", PLANTED)
def test_all_that_is_planted_is_found_at_its_place_and_nothing_else(made: Made, seed: int) -> None:
    """The two teams that bounce, the high Mondays, and the days of the missing week."""
    found = compared(made(seed, TRUTHS, MANY))

    assert found == Score(planted=3, found=3, false=0)
    assert (found.recall, found.precision) == (1, 1)


@pytest.mark.parametrize("seed", CLEAN)
def test_nothing_is_found_on_a_clean_desk(made: Made, seed: int) -> None:
    """No pair, no weekday, no gap."""
    clean = made(seed, (), MANY)
    found = detected(clean.context)

    assert found == set()
    assert score(places(clean.truths), found) == Score()


@pytest.mark.row("GOV-04")
@pytest.mark.parametrize("seed", CLEAN)
def test_no_check_says_more_than_a_note_of_a_clean_desk(made: Made, seed: int) -> None:
    """All of them were made."""
    checks = check(made(seed, (), MANY).context).checks

    assert {each.id: each.words for each in checks if each.state not in ("pass", "note")} == {}
    assert len(checks) == 31


@pytest.mark.row("SPC-08")
@pytest.mark.parametrize("seed", CLEAN[:2])
def test_home_tells_nothing_of_a_clean_desk(made: Made, seed: int) -> None:
    """Of the five desks of the benchmark, in which one may have a signal."""
    shown = home(made(seed, (), MANY).context)

    assert shown.charts > 20
    assert not shown.claims
    assert not shown.signals


@pytest.mark.row("GOV-04")
def test_the_missing_week_is_warned_of(planted: Found) -> None:
    """On small desks too, by its dates and how much is usual."""
    [gaps] = [each for each in check(planted.context).checks if each.id == "gaps"]
    [place] = [each for each in places(planted.truths) if each[0] == "gaps"]

    assert gaps.state == "warn"
    assert [each for each in detected(planted.context) if same(place, each)]
    assert gaps.words.endswith("are usual.")


def test_a_score_counts_what_was_missed_and_what_was_made_up() -> None:
    """One of two found, two that are not there; the days of a gap may be off by one."""
    planted = [("ping_pong-A-B",), ("gaps", "2025-10-27", "2025-11-03")]
    found = [
        ("gaps", "2025-10-28", "2025-11-03"),
        ("gaps", "2025-10-28", "2025-11-03"),
        ("ping_pong-A-C",),
    ]

    assert score(planted, found) == Score(planted=2, found=1, false=2)
    assert score(planted, found).recall == 0.5
    assert score(planted, found).precision == pytest.approx(1 / 3)
