"""Plans as stretches of work."""

import numpy as np

from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.legs import legs_of
from opsgauge.sources.tools.demo.steps import Planner, State
from tests.sources.tools.demo.conftest import tickets_of


def test_waits_become_gaps() -> None:
    """A draft of an hour, work, a hold of two and one of three hours, work again.

    ticket 0   wait 1 h   work   wait 2 h   wait 3 h   work   wait 4 h
    ticket 1   work
    """
    plan, first, both = Planner(), np.array([0]), np.array([0, 1])
    plan.wait(first, 1, State.DRAFT, 3600.0, 5)
    plan.work(both, 2, 5, 600.0, (State.NEW, State.IN_PROGRESS))
    plan.wait(first, 3, State.WITH_USER, 7200.0)
    plan.wait(first, 4, State.WITH_VENDOR, 10_800.0)
    plan.work(first, 5, 6, 900.0, (-1, State.IN_PROGRESS))
    plan.wait(first, 6, State.RESOLVED, 14_400.0)

    legs = legs_of(Draws(1), tickets_of(2, priority=[1, 1]), plan.done())

    assert legs.ticket.tolist() == [0, 0, 1]
    assert legs.gap.tolist() == [3600.0, 18_000.0, 0.0]
    assert legs.last.tolist() == [False, True, True]
    assert (legs.lag < 0).all()


def test_the_highest_priority_is_taken_by_whoever_is_on_call() -> None:
    """It waits for no queue; its luck is the same whatever other steps there are."""
    plan = Planner()
    plan.work(np.array([0, 1]), 2, 5, 600.0, (State.NEW, State.IN_PROGRESS))
    tickets = tickets_of(2, priority=[0, 1])

    alone = legs_of(Draws(1), tickets, plan.done())
    plan.work(np.array([0, 1]), 1, 5, 600.0, (State.NEW, State.IN_PROGRESS))
    with_more = legs_of(Draws(1), tickets, plan.done())

    assert (alone.lag >= 0).tolist() == [True, False]
    assert with_more.luck[[1, 3]].tolist() == alone.luck.tolist()


def test_a_plan_without_work_has_no_legs() -> None:
    """A ticket that was withdrawn at once asks nobody for anything."""
    plan = Planner()
    plan.wait(np.array([0]), 1, State.NEW, 60.0, 1)
    plan.end(np.array([0]), 2, State.CANCELLED)

    assert len(legs_of(Draws(1), tickets_of(1), plan.done())) == 0
