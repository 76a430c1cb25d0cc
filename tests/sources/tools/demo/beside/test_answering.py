"""Contacts and surveys: waits, lost calls, moods that follow what happened."""

from tests.sources.tools.demo.beside.conftest import Asked


def test_a_contact_runs_from_offer_to_end(asked: Asked) -> None:
    """Answered after the wait; a lost one is never answered, talked to or solved."""
    assert asked(
        "SELECT count(*) FROM contacts WHERE answered < offered OR ended < offered "
        "OR (abandoned AND (answered IS NOT NULL OR talk_s IS NOT NULL OR solved IS NOT NULL "
        "OR ticket IS NOT NULL)) OR (NOT abandoned AND answered IS NULL)"
    ) == [(0,)]


def test_calls_become_tickets_of_the_caller(asked: Asked) -> None:
    """The person, the channel and the hour are the ticket's."""
    assert asked(
        "SELECT count(*) FROM contacts AS c JOIN "
        "(SELECT DISTINCT number AS ticket, requested_for, contact_type, opened_at FROM log) AS l "
        "USING (ticket) WHERE c.caller <> l.requested_for OR c.channel <> l.contact_type "
        "OR abs(epoch(l.opened_at) - epoch(c.answered)) > 3600"
    ) == [(0,)]


def test_lost_calls_are_few_and_waited_longer(asked: Asked) -> None:
    """A few in a hundred, gone after minutes rather than seconds."""
    [(share, lost, kept)] = asked(
        "SELECT avg(abandoned::INT), median(wait_s) FILTER (abandoned), "
        "median(wait_s) FILTER (NOT abandoned) FROM contacts"
    )
    assert 0.01 < share < 0.12
    assert lost > 2 * kept


def test_reopened_tickets_please_less(asked: Asked) -> None:
    """Stars follow what the user lived through; few answer."""
    [(share, again, once)] = asked(
        "SELECT count(stars) / count(*), avg(stars) FILTER (r > 0), avg(stars) FILTER (r = 0) "
        "FROM surveys JOIN (SELECT number AS ticket, max(reopen_count) AS r FROM log GROUP BY 1) "
        "USING (ticket)"
    )
    assert 0.12 < share < 0.35
    assert again < once - 0.3
