"""Truths that are done to the records."""

import numpy as np
import pytest

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.doctoring import merged
from opsgauge.sources.tools.demo.draws import Flags
from opsgauge.sources.tools.demo.rows import Rows
from opsgauge.sources.tools.demo.steps import State
from opsgauge.sources.tools.demo.truths import Run


def unlike(one: Rows, other: Rows, tickets: int) -> Flags:
    """Return which tickets have not the very same rows."""
    told = []
    for rows in (one, other):
        whole = np.column_stack(
            [rows.ticket, rows.at, rows.state, rows.team, rows.agent, rows.actor]
        )
        told.append({tuple(row) for row in whole.tolist()})
    changed = np.zeros(tickets, dtype=bool)
    changed[[row[0] for row in told[0] ^ told[1]]] = True
    return changed


@pytest.mark.parametrize(
    ("truth", "team"), [("paused_clocks", "pausing_team"), ("month_end_rush", "rushing_team")]
)
def test_only_incidents_of_the_team_are_touched(
    desk: Desk, clean: Run, truth: str, team: str
) -> None:
    """Every other ticket has its rows as they were."""
    run = desk.run([truth])
    changed = unlike(clean.rows, run.rows, len(desk.tickets))

    assert changed.sum() > 5
    assert not (changed & ~clean.met(getattr(desk.plot, team))).any()
    assert (desk.tickets.practice[changed] == words.INCIDENT).all()


def test_a_pause_puts_off_the_breach_and_moves_nothing_else(desk: Desk, clean: Run) -> None:
    """The rows there were are all still there; what is new are holds, and the ends of most."""
    run = desk.run(["paused_clocks"])
    before, after = clean.rows, run.rows
    added = len(after) - len(before)
    holds = (after.state == State.WITH_USER).sum() - (before.state == State.WITH_USER).sum()

    assert 0 < holds <= added <= 2 * holds
    assert np.isin(before.at * 10_000 + before.ticket, after.at * 10_000 + after.ticket).all()


def test_what_is_rushed_is_resolved_at_a_months_end_and_half_comes_back(
    desk: Desk, clean: Run
) -> None:
    """New resolutions lie in last afternoons; reopenings follow, and the work is done later."""
    run = desk.run(["month_end_rush"])
    changed = np.flatnonzero(unlike(clean.rows, run.rows, len(desk.tickets)))
    rows = run.rows
    resolved = np.isin(rows.ticket, changed) & (rows.state == State.RESOLVED)
    since = rows.at[resolved][:, None] - desk.month_ends[None, :]
    caught = ((since >= 0) & (since < 4 * 3600)).any(axis=1)
    back = (rows.state == State.REOPENED).sum() - (clean.rows.state == State.REOPENED).sum()

    assert set(changed) == set(rows.ticket[resolved][caught])
    assert 0.2 * len(changed) < back < 0.8 * len(changed)


def test_a_missing_week_takes_its_rows_and_no_others(desk: Desk, clean: Run) -> None:
    """Rows before and after it are as they were, counts included."""
    run, plot = desk.run(["missing_week"]), desk.plot
    outside = (clean.rows.at < plot.missing_from) | (clean.rows.at >= plot.missing_until)

    assert run.rows.at.tolist() == clean.rows.at[outside].tolist()
    assert run.told.update.tolist() == clean.told.update[outside].tolist()
    assert 0 < (~outside).sum() < 0.05 * len(clean.rows)


def test_rows_are_put_between_others() -> None:
    """A row at place 0.5 comes after the first and before the second."""
    row = np.array([1, 2])
    rows = Rows(row, row, row, row, row, row)
    other = np.array([9])

    made = merged(rows, [(Rows(other, other, other, other, other, other), np.array([0.5]))])

    assert made.at.tolist() == [1, 9, 2]
