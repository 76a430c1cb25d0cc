"""What the tool recorded."""

import numpy as np
import pytest

from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.legs import Worked, legs_of
from opsgauge.sources.tools.demo.rows import MONITOR, OTHERS, SYSTEM, Rows, carried, rows_of
from opsgauge.sources.tools.demo.steps import Planner, State
from opsgauge.sources.tools.demo.truths import Run
from tests.sources.tools.demo.conftest import at, staff_of, tickets_of

TWO = staff_of([(at(0), at(24))], [(at(0), at(24))])


def recorded(until: int) -> Rows:
    """Return the rows of one ticket: worked on, on hold, taken up, resolved, closed.

    08:00 new        10:00 the user is asked     15:00 resolved
    09:00 taken      12:00 the user answers      three days later closed by the job
    """
    plan, ticket = Planner(), np.array([0])
    plan.work(ticket, 1, 0, 3600.0, (State.NEW, State.IN_PROGRESS))
    plan.wait(ticket, 2, State.WITH_USER, 7200.0)
    plan.work(ticket, 3, 0, 3600.0, (-1, State.IN_PROGRESS))
    plan.wait(ticket, 4, State.RESOLVED, 73 * 3600.0)
    plan.end(ticket, 5, State.CLOSED)
    tickets = tickets_of(1, opened=[at(8)], priority=[2], requester=[40])
    steps = plan.done()
    done = Worked(
        arrived=np.array([at(8), at(12)], dtype=float),
        begun=np.array([at(9), at(13)], dtype=float),
        done=np.array([at(10), at(15)], dtype=float),
        agent=np.array([1, 0]),
    )
    return rows_of(tickets, steps, legs_of(Draws(1), tickets, steps), done, TWO, until)


def test_each_update_has_its_moment_its_state_and_its_actor() -> None:
    """Work taken up again is recorded when the answer comes, and stays with its person."""
    rows = recorded(at(0, 30))
    user = OTHERS + 2 + 40

    assert list(zip(rows.at.tolist(), rows.state.tolist(), rows.agent.tolist(), strict=True)) == [
        (at(8), State.NEW, -1),
        (at(9), State.IN_PROGRESS, 1),
        (at(10), State.WITH_USER, 1),
        (at(12), State.IN_PROGRESS, 1),
        (at(15), State.RESOLVED, 1),
        (at(16, 3), State.CLOSED, 1),
    ]
    assert rows.actor.tolist() == [user, OTHERS + 1, OTHERS + 1, user, OTHERS + 1, SYSTEM]


def test_what_comes_after_the_end_is_not_recorded() -> None:
    """An export of noon knows nothing of the afternoon."""
    rows = recorded(at(12))

    assert rows.state.tolist() == [State.NEW, State.IN_PROGRESS, State.WITH_USER]


@pytest.mark.parametrize("which", ["clean", "planted"])
def test_rows_of_a_ticket_are_in_order(which: str, request: pytest.FixtureRequest) -> None:
    """Time never runs backwards within a ticket; a team holds it on every row."""
    run: Run = request.getfixturevalue(which)
    rows = run.rows

    assert (np.diff(rows.ticket) >= 0).all()
    assert (np.diff(rows.at)[~rows.first[1:]] >= 0).all()
    assert (rows.at[rows.first] == run.tickets.opened[rows.ticket[rows.first]]).all()
    assert (rows.team >= 0).all()
    assert rows.actor.min() >= SYSTEM
    assert MONITOR in rows.actor


def test_values_are_carried_to_the_next_known_one() -> None:
    """Unknown ones take the last before them."""
    known = np.array([True, False, True, False])

    assert carried(np.array([5, 0, 7, 0]), known).tolist() == [5, 5, 7, 7]
