"""The realised sizes, and what a paired run may differ in."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import span_until
from opsgauge.sources.tools.demo.desk import Desk, invent
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.sources.tools.demo.truths import TRUTHS, Run

ENDS = date(2026, 6, 30)
FEW = 3000
LEAST: dict[str, tuple[float, float]] = {  # between which the size must lie
    "ping_pong": (60, 2000),
    "wrong_routing": (15, 300),
    "monday_peak": (0.03, 0.10),
    "release_incidents": (15, 60),
    "improvement_worked": (-120, -5),
    "improvement_failed": (0, 0),
    "paused_clocks": (0.01, 0.4),
    "month_end_rush": (0.01, 0.3),
    "slower_service": (5, 200),
    "missing_week": (-1500, -60),
}


@pytest.fixture(scope="module", params=(21, 22, 23, 24))
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the truths of a desk with all of them."""
    made = invent(tmp_path_factory.mktemp("sizes"), request.param, FEW, ALL_TRUTHS, ENDS)
    return json.loads(made.truths.read_text("utf-8"))["truths"]


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Return a desk to run with one truth at a time."""
    return Desk(25, span_until(ENDS), FEW)


@pytest.fixture(scope="module")
def without(desk: Desk) -> Run:
    """Return its run without any."""
    return desk.run(())


def test_every_truth_has_its_size_and_its_sign(told: Any) -> None:
    """What was to slow things down did, what was to help did, what was to do nothing did."""
    assert [truth["name"] for truth in told] == [truth.name for truth in TRUTHS]
    for truth in told:
        low, high = LEAST[truth["name"]]
        assert low <= truth["size"] <= high, truth
        assert truth["where"], truth
        assert truth["unit"], truth


@pytest.mark.parametrize("name", ALL_TRUTHS)
def test_a_truth_alone_is_measured_as_it_is_among_others(
    desk: Desk, without: Run, name: str
) -> None:
    """Each can be planted by itself, and its size has the sign it has beside all others."""
    truth = next(each for each in TRUTHS if each.name == name)
    has, has_not = truth.size(desk.run([name]), without)
    low, high = LEAST[name]

    assert low <= has - has_not <= high


def paths(run: Run) -> dict[int, list[tuple[int, int]]]:
    """Return each ticket's states and teams, in order."""
    made: dict[int, list[tuple[int, int]]] = {}
    rows = run.rows
    for ticket, state, team in zip(
        rows.ticket.tolist(), rows.state.tolist(), rows.team.tolist(), strict=True
    ):
        made.setdefault(ticket, []).append((state, team))
    return made


def spoken_of(desk: Desk, name: str) -> set[int]:
    """Return the tickets a truth speaks of, whose path it may change."""
    t, plot = desk.tickets, desk.plot
    incident = t.practice == words.INCIDENT
    chosen = {
        "ping_pong": incident & np.isin(t.owner, plot.pair),
        "wrong_routing": incident & (t.category == plot.misrouted),
        "slower_service": incident & (t.category == plot.slow_category),
        "paused_clocks": incident,
        "month_end_rush": incident,
        "missing_week": t.opened >= 0,
    }.get(name, np.zeros(len(t), dtype=bool))
    return set(np.flatnonzero(chosen).tolist())


@pytest.mark.parametrize("name", ALL_TRUTHS)
def test_paired_runs_differ_only_in_what_the_truth_touches(
    desk: Desk, without: Run, name: str
) -> None:
    """Every other ticket is there too and goes the same way, as far as both runs saw it.

    Its moments may differ: more work for a team is a longer queue for all.
    """
    before, after = paths(without), paths(desk.run([name]))
    own = {int(k) for k in np.flatnonzero(desk.tickets.only_with == 1 + ALL_TRUTHS.index(name))}
    touched = spoken_of(desk, name)

    assert set(after) - set(before) <= own
    if name != "missing_week":
        assert set(before) <= set(after)
    for ticket in set(before) - touched:
        seen = min(len(before[ticket]), len(after[ticket]))
        assert before[ticket][:seen] == after[ticket][:seen]


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("improvement_worked", "improved_at"),
        ("improvement_failed", "checked_at"),
        ("slower_service", "slow_from"),
    ],
)
def test_before_a_truth_begins_nothing_differs(
    desk: Desk, without: Run, name: str, begins: str
) -> None:
    """Up to its first moment the two runs recorded the very same rows."""
    from_then = getattr(desk.plot, begins) - 86_400
    told = []
    for run in (without, desk.run([name])):
        early = run.rows.take(run.rows.at < from_then)
        told.append(
            [getattr(early, column).tolist() for column in ("ticket", "at", "state", "actor")]
        )

    assert told[0] == told[1]
    assert len(told[0][0]) > 1000


def test_an_improvement_that_did_nothing_changes_no_ticket(desk: Desk, without: Run) -> None:
    """All that comes with it is the record of the change."""
    run = desk.run(["improvement_failed"])
    own = desk.tickets.only_with[run.rows.ticket] != 0

    assert len(set(run.rows.ticket[own].tolist())) == 1
    assert run.rows.at[~own].tolist() == without.rows.at.tolist()


def test_a_clean_desk_tells_of_nothing(tmp_path: Path) -> None:
    """No truth, no size."""
    made = invent(tmp_path, 26, 500, (), ENDS)

    assert json.loads(made.truths.read_text("utf-8"))["truths"] == []
