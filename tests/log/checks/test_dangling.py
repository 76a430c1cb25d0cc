"""Links that lead nowhere, of the kinds that are meant to arrive."""

from opsgauge.log.checks.dangling import dangling_links
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import Row, desk


def look(*links: tuple[str, str, str], tickets: int = 4) -> Seen:
    """Make the check on so many tickets and these ties: from, kind, to."""
    tied: list[Row] = [{"ticket_id": one, "kind": kind, "to_id": to} for one, kind, to in links]
    return dangling_links(desk([{}] * tickets, links=tied))


def test_a_link_to_a_ticket_that_is_not_there_is_found() -> None:
    """T3's parent is missing."""
    found = look(("T1", "child_of", "T2"), ("T3", "child_of", "T77"))

    assert (found.count, found.of, found.state, found.examples) == (1, 2, "warn", ("T3",))
    assert "(child_of)" in found.words


def test_links_to_another_tool_are_none_of_ours() -> None:
    """Problems were never imported: not one of these links arrives."""
    found = look(("T1", "problem_of", "PRB1"), ("T2", "problem_of", "PRB2"))

    assert (found.state, found.count, found.of) == ("pass", 0, 0)


def test_each_kind_is_judged_by_itself() -> None:
    """Parents arrive, problems do not, and that is no fault of the problems."""
    found = look(("T1", "child_of", "T2"), ("T1", "problem_of", "PRB1"))

    assert (found.state, found.of) == ("pass", 1)


def test_a_link_may_lead_to_another_source() -> None:
    """The number is what it names."""
    tickets = [{}, {"source": "other", "ticket_id": "X1"}]
    links = [{"ticket_id": "T1", "kind": "child_of", "to_id": "X1"}]

    found = dangling_links(desk(tickets, links=links))
    assert (found.state, found.of) == ("pass", 1)


def test_links_that_all_arrive() -> None:
    """And a desk without any."""
    assert look(("T1", "child_of", "T2"), ("T4", "caused_by", "T3")).state == "pass"
    assert look().state == "pass"
