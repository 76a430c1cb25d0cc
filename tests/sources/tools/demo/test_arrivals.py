"""What comes in."""

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.coming import MONITORING
from opsgauge.sources.tools.demo.desk import Desk


def test_tickets_lie_in_the_span_by_practice_and_opening(desk: Desk) -> None:
    """Numbers can be given by place; only tasks of bundles may open after the end."""
    t = desk.tickets

    assert (np.diff(t.practice) >= 0).all()
    assert (t.opened >= desk.span.start).all()
    late = t.opened >= desk.span.end
    assert (t.practice[late] == words.TASK).all()
    assert set(np.unique(t.practice)) == set(range(7))


def test_every_tie_leads_to_a_record_of_its_kind(desk: Desk) -> None:
    """Problems, changes, articles and parents are what they are called, and were there before."""
    t = desk.tickets
    for column, practice in (
        (t.problem, words.PROBLEM),
        (t.caused_by, words.CHANGE),
        (t.fixed_by, words.CHANGE),
        (t.article, words.WRITING),
    ):
        tied = column[column >= 0]
        assert len(tied) > 3
        assert (t.practice[tied] == practice).all()
    caused = np.flatnonzero(t.caused_by >= 0)
    assert (t.opened[t.caused_by[caused]] <= t.opened[caused]).all()
    assert set(t.practice[t.parent[t.parent >= 0]]) == {words.REQUEST, words.CHANGE}


def test_a_tie_stays_within_its_subject(desk: Desk) -> None:
    """An incident's problem and article are about its category, its cause about its service."""
    t = desk.tickets
    for column, subject in (
        (t.problem, t.category),
        (t.article, t.category),
        (t.caused_by, t.service),
    ):
        tied = np.flatnonzero((column >= 0) & (t.practice == words.INCIDENT))
        assert (subject[column[tied]] == subject[tied]).all()


def test_monitoring_reports_to_the_owner_at_any_hour(desk: Desk) -> None:
    """No service desk is asked, no person asks, and nights are no pause."""
    t = desk.tickets
    watched = t.channel == MONITORING

    assert (t.first_team[watched] == t.owner[watched]).all()
    assert (t.requester[watched] == -1).all()
    nights = np.isin(t.opened[watched] % 86_400 // 3600, (0, 1, 2, 3))
    assert 0.08 < nights.mean() < 0.25


def test_offices_report_to_the_desk_of_their_region(desk: Desk) -> None:
    """Each incident of a person comes to the desk of the office it comes from."""
    t = desk.tickets
    asked = (t.practice == words.INCIDENT) & (t.channel != MONITORING)
    desks = np.array([office.desk for office in desk.organisation.locations])

    assert (t.first_team[asked] == desks[t.location[asked]]).all()
