"""The people of the teams."""

import numpy as np

from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.legs import legs_of
from opsgauge.sources.tools.demo.people import FEWEST, LEAVES, staff_for
from tests.sources.tools.demo.conftest import staff_of


def test_nobody_is_in_two_teams_and_no_team_is_empty(desk: Desk) -> None:
    """Members are numbered through; two is the smallest team."""
    members = [person for team in desk.staff.members for person in team]

    assert members == list(range(desk.staff.people))
    assert min(len(team) for team in desk.staff.members) >= FEWEST


def test_more_work_brings_more_people(desk: Desk) -> None:
    """A hundred times the effort needs far more than twice the people."""
    legs = legs_of(desk.draws, desk.tickets, desk.steps(()))
    busier = type(legs)(**{**vars(legs), "effort": legs.effort * 100})

    more = staff_for(desk.draws, desk.organisation, desk.span, busier)

    assert more.people > 2 * desk.staff.people


def test_everybody_takes_days_off_but_not_all_at_once(desk: Desk) -> None:
    """Each person is away three times; on no working day is the whole team away."""
    for team in desk.staff.members:
        days = [set((desk.staff.presence[k][:, 0] // 86_400).tolist()) for k in team]
        working = set.union(*days)
        assert all(len(working - mine) >= LEAVES * 5 for mine in days)


def test_luck_picks_a_member_of_the_team() -> None:
    """Luck near one is the last member, nought the first."""
    staff = staff_of([(0, 1)], [(0, 1)], [(0, 1)])

    assert staff.member(np.zeros(3, dtype=int), np.array([0.0, 0.5, 0.999])).tolist() == [0, 1, 2]
