"""Plans as steps."""

import numpy as np

from opsgauge.sources.tools.demo.steps import WAIT, WORDS, WORK, Planner, State


def test_steps_come_out_by_ticket_and_order() -> None:
    """However they are added: 1 works, waits and ends before 2 works."""
    plan = Planner()
    plan.end(np.array([1]), 99, State.CLOSED)
    plan.work(
        np.array([2, 1]), 10, np.array([7, 8]), np.array([60.4, 90.6]), (0, State.IN_PROGRESS)
    )
    plan.wait(np.array([1]), 20, State.RESOLVED, 3600.0)

    steps = plan.done()

    assert steps.ticket.tolist() == [1, 1, 1, 2]
    assert steps.kind.tolist() == [WORK, WAIT, WAIT, WORK]
    assert steps.team.tolist() == [8, -1, -1, 7]
    assert steps.state.tolist() == [
        State.IN_PROGRESS,
        State.RESOLVED,
        State.CLOSED,
        State.IN_PROGRESS,
    ]
    assert len(steps.take(steps.ticket == 2)) == 1


def test_lengths_are_whole_seconds() -> None:
    """Sums over all tickets stay exact, so one ticket's seconds never move another's."""
    plan = Planner()
    plan.work(np.array([0]), 1, 3, 60.4, (0, 2))
    plan.wait(np.array([0]), 2, State.RESOLVED, 0.6)

    steps = plan.done()

    assert (steps.effort.tolist(), steps.delay.tolist()) == ([60.0, 0.0], [0.0, 1.0])


def test_every_state_has_its_word() -> None:
    """As many words as states, no word twice."""
    assert len(WORDS) == len(State) == len(set(WORDS))
