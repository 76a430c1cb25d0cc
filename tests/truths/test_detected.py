"""What is planted is found where it lies by what the product has for it, and nothing else is."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from bench.truths import FAILED, TOP, WORKED, Desk, at_place, kept, looked_at, ranks, scorecard

from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.operations.check import check
from opsgauge.operations.demo import TRUTHS
from opsgauge.operations.home import home
from tests.truths.conftest import MANY, Found

PLANTED, CLEAN = (1, 2, 3), (1, 2, 3, 4, 5)

Made = Callable[..., Found]


def looked(found: Found, seed: int) -> Desk:
    """Return what was found of what was planted, and beside it."""
    where = {name: truth["where"] for name, truth in found.truths.items()}
    return looked_at(found.context, seed, where)


@pytest.mark.row("MAP-04", "MAP-05")
@pytest.mark.parametrize("seed", PLANTED)
def test_all_that_is_planted_is_high_in_its_lane(made: Made, seed: int) -> None:
    """All ten truths but the improvement that did nothing, of which nothing is told."""
    desk = looked(made(seed, TRUTHS, MANY), seed)
    found = {name: rank for name, rank in desk.truths.items() if name != FAILED}

    assert {name for name, rank in found.items() if rank is None} == set()
    assert max(rank or 0 for name, rank in found.items() if name != WORKED) <= TOP
    assert desk.truths[FAILED] is None
    assert len(desk.false) <= 2


def test_next_to_nothing_is_found_on_clean_desks(made: Made) -> None:
    """Of five, one word may be chance; the benchmark counts them over a hundred."""
    desks = [looked(made(seed, (), MANY), seed) for seed in CLEAN]

    assert not any(desk.planted for desk in desks)
    assert len([word for desk in desks for word in desk.false]) <= 1


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

    assert gaps.state == "warn"
    assert gaps.words.endswith("are usual.")
    assert (looked(planted, 0).truths["missing_week"] or TOP + 1) <= TOP


def finding(kind: str, lane: Lane = Lane.TIME, **more: object) -> Finding:
    """Return a finding that tells of little."""
    given = {"id": kind, "claim": "", "size": 1.0, "unit": "hours", "interval": None, "n": 1}
    return Finding(kind=kind, lane=lane, method="", evidence=Evidence("", 1), **(given | more))  # type: ignore[arg-type]


def test_a_truth_counts_only_at_its_place_and_by_its_rank() -> None:
    """The right two teams, second in their lane; the others are beside it."""
    where = {"ping_pong": {"teams": ["A", "B"]}}
    others = finding("ping_pong", teams=("A", "C"))
    there = finding("ping_pong", teams=("B", "A"))
    quality = finding("reopened_often", Lane.QUALITY)

    assert ranks([others, there, quality], where) == ({"ping_pong": 2}, [others, quality])
    assert ranks([others], where)[0] == {"ping_pong": None}


@pytest.mark.parametrize(
    ("first", "there"), [(date(2026, 3, 22), True), (date(2026, 3, 20), False)]
)
def test_days_may_be_off_by_one(first: date, there: bool) -> None:
    """As a time zone, or a quiet Sunday, moves them."""
    says = at_place("missing_week", {"from": "2026-03-23T00:00Z", "until": "2026-03-30T00:00Z"})

    assert says(finding("missing_days", within=(first, date(2026, 3, 29)))) is there


def test_a_desk_is_judged_once_by_one_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a run that was cut short goes on where it stood."""
    desks = [Desk(7, {"ping_pong": None}, {"burst": 1}, 2.5, ("Bursts.",)), Desk(7, {}, {}, 1.0)]
    monkeypatch.setattr("bench.truths.judged", lambda seed, plant: desks[not plant])
    first = [kept(7, plant, tmp_path) for plant in (TRUTHS, ())]
    monkeypatch.delattr("bench.truths.judged")
    again = [kept(7, plant, tmp_path) for plant in (TRUTHS, ())]

    assert first == desks
    assert [tuple(each.false) for each in again] == [each.false for each in desks]


def test_a_scorecard_tells_shares_and_what_was_missed() -> None:
    """Two desks with truths, of which one missed one, and two clean ones with one false word."""
    whole = dict.fromkeys(TRUTHS, 1) | {FAILED: None}
    planted = [Desk(1, whole, {}), Desk(2, whole | {"ping_pong": 6}, {"burst": 1})]
    clean = [Desk(1, {}, {}), Desk(2, {}, {"burst": 2}, seconds=9.0)]
    bounds, told = scorecard([*planted, *clean])

    assert told["among_the_first_five"]["ping_pong"] == 0.5
    assert told["among_the_first_five"]["monday_peak"] == 1
    assert told["false_on_clean"] == {"burst": 0.5}
    assert told["beside_on_planted"] == {"burst": 1}
    missed = [bound.what for bound in bounds if not bound.held]
    assert missed == [
        "ping_pong among the first five",
        "clean desks with a false word, of one detector",
    ]
