"""Waits that are drawn."""

import numpy as np
import pytest

from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.draws import Flags
from opsgauge.sources.tools.demo.legs import Legs, Worked, legs_of
from opsgauge.sources.tools.demo.waits import Waits


@pytest.fixture(scope="module")
def drawn(desk: Desk) -> tuple[Legs, Worked]:
    """Return the legs of the small desk and when they are worked on."""
    legs = legs_of(desk.draws, desk.tickets, desk.steps(()))
    return legs, Waits(desk.organisation, desk.span, desk.tickets).work_through(legs, desk.staff)


def test_a_leg_comes_then_begins_then_is_done(drawn: tuple[Legs, Worked]) -> None:
    """And the next one of its ticket comes after the gap."""
    legs, done = drawn
    follows = np.flatnonzero(
        ~legs.last & ~legs.joins[np.minimum(np.arange(len(legs)) + 1, len(legs) - 1)]
    )

    assert (done.arrived <= done.begun).all()
    assert (done.begun < done.done).all()
    np.testing.assert_allclose(
        done.arrived[follows + 1], done.done[follows] + legs.gap[follows + 1]
    )


def test_a_parent_begins_after_its_tasks(desk: Desk, drawn: tuple[Legs, Worked]) -> None:
    """What joins comes no sooner than the last task is done."""
    legs, done = drawn
    for leg in np.flatnonzero(legs.joins):
        tasks: Flags = desk.tickets.parent[legs.ticket] == legs.ticket[leg]
        assert tasks.any()
        assert done.arrived[leg] >= done.done[tasks & legs.last].max()


def test_work_begins_on_working_days(desk: Desk, drawn: tuple[Legs, Worked]) -> None:
    """No queue moves on a Sunday noon of the team."""
    legs, done = drawn
    home = next(k for k, t in enumerate(desk.organisation.teams) if t.region == "Europe")
    queued = (legs.lag < 0) & (legs.team == home)
    weekday = (done.begun[queued] // 86_400 + 3) % 7

    assert queued.sum() > 20
    assert (weekday < 5).all()
