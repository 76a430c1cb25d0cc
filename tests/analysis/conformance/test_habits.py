"""Frequent departures are weighed by how they end, and never told where it may be chance."""

import pytest

from opsgauge.analysis.conformance.habits import (
    BETTER,
    HOURS,
    OPEN,
    PROPOSE,
    SLA,
    STOP,
    WORSE,
    Ends,
    habits,
    share_difference,
)
from opsgauge.analysis.conformance.replay import EARLY, Deviation


def ends(n: int, kept: int, reopened: int, log_hours: float) -> Ends:
    """Return tickets whose times lie alike around a logarithm (of microseconds)."""
    log = log_hours + 22.0
    return Ends(n, n, kept, n, reopened, n, n * log, n * (log * log + 0.25))


@pytest.mark.row("CON-05")
def test_better_is_proposed_worse_stopped_and_like_left_open() -> None:
    """Set against all tickets that do not depart so."""
    good, bad, same, rare = (Deviation(step, EARLY) for step in ("G", "B", "S", "R"))
    told = {
        "good": ends(200, 198, 2, 0.0),
        "bad": ends(200, 100, 60, 1.0),
        "same": ends(200, 180, 10, 0.5),
        "rare": ends(20, 1, 19, 3.0),
        "fits": ends(2000, 1800, 100, 0.5),
    }
    found = habits({good: ["good"], bad: ["bad"], same: ["same"], rare: ["rare"]}, told)

    assert {each.deviation.step: each.verdict for each in found} == {
        "G": PROPOSE,
        "B": STOP,
        "S": OPEN,
    }  # the rare one is too few to say
    mined = habits({good: ["good"], bad: ["bad"]}, told, written=False)
    assert [each.verdict for each in mined] == [WORSE, BETTER]  # nobody wrote what to do
    kept = found[0].differences[0]
    assert (kept.of, kept.better) == (SLA, False)  # B, of as many tickets, comes first by name
    assert kept.here == 0.5
    hours = {each.of: each for each in found[1].differences}[HOURS]
    assert hours.low < hours.size < hours.high < 1


@pytest.mark.row("CON-05")
def test_what_may_be_the_luck_of_many_is_left_open() -> None:
    """One of forty departures looks better by a little, as one of forty will."""
    told = {f"d{n}": ends(100, 90, 5, 0.5) for n in range(40)}
    told["d0"] = ends(100, 96, 5, 0.5)
    told["fits"] = ends(1000, 900, 50, 0.5)
    found = habits({Deviation(f"D{n}", EARLY): [f"d{n}"] for n in range(40)}, told)

    assert found[0].differences[0].chance < 0.05
    assert {each.verdict for each in found} == {OPEN}


def test_a_difference_of_shares_is_newcombes() -> None:
    """His example (b): 9 of 10 and 3 of 10."""
    told = share_difference("", (9, 10), (3, 10))

    assert [round(each, 4) for each in (told.size, told.low, told.high)] == [0.6, 0.1705, 0.8090]
