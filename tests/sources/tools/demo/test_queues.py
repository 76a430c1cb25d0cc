"""Queues and people, by hand."""

import numpy as np

from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.legs import legs_of
from opsgauge.sources.tools.demo.queues import work_through
from tests.sources.tools.demo.conftest import at, legs_by_hand, staff_of, tickets_of

ALL_DAY = [(at(8), at(16)), (at(8, 1), at(16, 1))]


def test_one_person_does_one_thing_after_the_other() -> None:
    """Two tickets of two hours each, at eight and at nine: the second begins at ten."""
    tickets = tickets_of(2, opened=[at(8), at(9)])

    done = work_through(legs_by_hand([0, 1], [2, 2]), tickets, staff_of(ALL_DAY), at(0, 9))

    assert done.arrived.tolist() == [at(8), at(9)]
    assert done.begun.tolist() == [at(8), at(10)]
    assert done.done.tolist() == [at(10), at(12)]


def test_two_people_work_side_by_side() -> None:
    """With a second person the second ticket does not wait."""
    tickets = tickets_of(2, opened=[at(8), at(9)])

    done = work_through(legs_by_hand([0, 1], [2, 2]), tickets, staff_of(ALL_DAY, ALL_DAY), at(0, 9))

    assert done.begun.tolist() == [at(8), at(9)]
    assert len(set(done.agent.tolist())) == 2


def test_the_more_urgent_overtakes_in_the_queue() -> None:
    """While the first is worked on two more come; the later one ranks higher and is next."""
    tickets = tickets_of(3, opened=[at(8), at(8.5), at(9)])
    legs = legs_by_hand([0, 1, 2], [2, 1, 1], rank=[5, 5, 1])

    done = work_through(legs, tickets, staff_of(ALL_DAY), at(0, 9))

    assert done.begun.tolist() == [at(8), at(11), at(10)]


def test_work_rests_over_night() -> None:
    """Three hours begun at three in the afternoon are done at ten the next day."""
    tickets = tickets_of(1, opened=[at(15)])

    done = work_through(legs_by_hand([0], [3]), tickets, staff_of(ALL_DAY), at(0, 9))

    assert done.done.tolist() == [at(10, 1)]


def test_what_comes_in_the_evening_begins_in_the_morning() -> None:
    """Nobody is there at six; both tickets wait for eight, in the order of their coming."""
    tickets = tickets_of(2, opened=[at(18), at(19)])

    done = work_through(legs_by_hand([0, 1], [1, 1]), tickets, staff_of(ALL_DAY), at(0, 9))

    assert done.begun.tolist() == [at(8, 1), at(9, 1)]


def test_a_ticket_comes_back_after_its_gap() -> None:
    """An hour's work, two hours on hold, half an hour's work."""
    tickets = tickets_of(1, opened=[at(8)])

    done = work_through(
        legs_by_hand([0, 0], [1, 0.5], gap=[0, 7200]), tickets, staff_of(ALL_DAY), at(0, 9)
    )

    assert done.arrived.tolist() == [at(8), at(11)]
    assert done.done.tolist() == [at(9), at(11.5)]


def test_whoever_is_on_call_begins_at_once() -> None:
    """At three at night, half an hour after the call; the team's queue is not asked."""
    tickets = tickets_of(1, opened=[at(3)])

    done = work_through(legs_by_hand([0], [1], lag=[1800.0]), tickets, staff_of(ALL_DAY), at(0, 9))

    assert (done.begun.tolist(), done.done.tolist()) == ([at(3.5)], [at(4.5)])


def test_a_parent_waits_for_its_last_task() -> None:
    """The order's second leg begins when both tasks are done, not before.

    0  order   08:00-09:00          waits, then 12:00-13:00
    1  task    opened 09:00, done 10:00
    2  task    opened 09:00, done 12:00 (two hours' work after the other)
    """
    tickets = tickets_of(3, opened=[at(8), at(9), at(9)], parent=[-1, 0, 0])
    legs = legs_by_hand([0, 0, 1, 2], [1, 1, 1, 2], joins=[False, True, False, False])

    done = work_through(legs, tickets, staff_of(ALL_DAY), at(0, 9))

    assert done.done.tolist() == [at(9), at(13), at(10), at(12)]


def test_nothing_happens_after_the_end() -> None:
    """What would begin later than the end of the time never begins."""
    tickets = tickets_of(1, opened=[at(18)])

    done = work_through(legs_by_hand([0], [1]), tickets, staff_of(ALL_DAY), at(0, 1))

    assert done.begun.tolist() == [np.inf]


def test_people_of_a_whole_desk_do_one_thing_at_a_time(desk: Desk) -> None:
    """Nobody has two tickets in hand at once, and nobody begins outside working hours."""
    legs = legs_of(desk.draws, desk.tickets, desk.steps(()))
    done = work_through(legs, desk.tickets, desk.staff, desk.span.end)
    queued = np.flatnonzero((legs.lag < 0) & np.isfinite(done.begun))
    order = queued[np.lexsort((done.begun[queued], done.agent[queued]))]
    same = np.diff(done.agent[order]) == 0

    assert (done.begun[order][1:][same] >= done.done[order][:-1][same]).all()
    assert (done.begun[queued] >= done.arrived[queued]).all()
    for person in range(0, desk.staff.people, 7):
        begun = done.begun[queued[done.agent[queued] == person]]
        stretches = desk.staff.presence[person]
        k = np.searchsorted(stretches[:, 0], begun, side="right") - 1
        assert (begun < stretches[k, 1]).all()
