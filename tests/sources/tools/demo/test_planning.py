"""The plans of incidents and orders."""

import numpy as np
import pytest

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.draws import Flags, firsts
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.sources.tools.demo.steps import OVER, SOLVED, WAIT, State, Steps, among


def signature(steps: Steps) -> dict[int, bytes]:
    """Return what each ticket is to go through, lengths included."""
    whole = np.column_stack(
        [steps.kind, steps.state, steps.queued, steps.team, steps.delay, steps.effort]
    )
    starts = np.flatnonzero(firsts(steps.ticket))
    parts = np.split(whole, starts[1:])
    return {int(k): part.tobytes() for k, part in zip(steps.ticket[starts], parts, strict=True)}


def test_every_ticket_begins_with_a_team_and_ends(desk: Desk) -> None:
    """The first step says who holds the ticket, the last one is an end, and no other is."""
    steps = desk.steps(ALL_TRUTHS)
    first, last = firsts(steps.ticket), firsts(steps.ticket[::-1])[::-1]

    assert (steps.team[first] >= 0).all()
    assert (among(OVER)[steps.state] == last).all()
    assert len(np.unique(steps.ticket)) == len(desk.tickets)


def test_what_is_closed_was_resolved(desk: Desk) -> None:
    """Before a closing stands a resolution."""
    steps = desk.steps(ALL_TRUTHS)
    closed = np.flatnonzero(np.isin(steps.state, (State.CLOSED, State.RETIRED)))

    assert among(SOLVED)[steps.state[closed - 1]].all()


def touched(desk: Desk, truth: str) -> Flags:
    """Return the tickets that a truth may change, by what it says."""
    t, plot = desk.tickets, desk.plot
    incident = t.practice == words.INCIDENT
    return {
        "ping_pong": incident & np.isin(t.owner, plot.pair),
        "wrong_routing": incident & (t.category == plot.misrouted),
        "improvement_worked": (t.item == plot.improved_item) & (t.opened >= plot.improved_at),
        "slower_service": incident
        & (t.category == plot.slow_category)
        & (t.opened > plot.slow_from),
    }.get(truth, np.zeros(len(t), dtype=bool))


@pytest.mark.parametrize("truth", ALL_TRUTHS)
def test_a_truth_changes_only_the_plans_it_speaks_of(desk: Desk, truth: str) -> None:
    """All other tickets are to go through exactly the same; a truth's own tickets come on top."""
    without, with_it = signature(desk.steps(())), signature(desk.steps([truth]))
    own = set(with_it) - set(without)
    changed = {k for k, plan in without.items() if with_it[k] != plan}

    assert {int(desk.tickets.only_with[k]) for k in own} <= {1 + ALL_TRUTHS.index(truth)}
    assert changed <= set(np.flatnonzero(touched(desk, truth)).tolist())
    assert bool(own or changed) == (
        truth not in ("paused_clocks", "month_end_rush", "missing_week")
    )


def test_the_first_line_solves_most_sign_ins_itself(desk: Desk) -> None:
    """A password rarely leaves the desk, trouble with hosting nearly always does."""
    steps, t = desk.steps(()), desk.tickets
    teams = steps.team[steps.kind != WAIT]
    at = steps.ticket[steps.kind != WAIT]
    left = np.zeros(len(t), dtype=bool)
    left[at[~np.isin(teams, [office.desk for office in desk.organisation.locations])]] = True
    names = [c.name for c in words.INCIDENTS]
    incident = t.practice == words.INCIDENT

    assert left[incident & (t.category == names.index("Sign-in"))].mean() < 0.4
    assert left[incident & (t.category == names.index("Hosting"))].mean() > 0.8
