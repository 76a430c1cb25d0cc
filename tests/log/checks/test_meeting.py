"""What one table names of another: missed where most of it is there, else not compared."""

from collections.abc import Sequence

import pytest

from opsgauge.log.checks.meeting import names_meet
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import Row, desk_beside


def look(tickets: Sequence[Row], **beside: Sequence[Row]) -> Seen:
    """Make the check on these tables."""
    return names_meet(desk_beside(tickets, beside))


def calls(*numbers: str | None, at: str = "2026-03-01 08:00") -> list[Row]:
    """Return a contact for each ticket named."""
    return [{"ticket_id": number, "started_at": at} for number in numbers]


@pytest.mark.row("GOV-04")
def test_a_call_that_names_a_ticket_that_is_not_there_is_found() -> None:
    """T9 of three; a call without a number names nothing."""
    found = look([{}, {}], contacts=calls("T1", "T2", "T9", None))

    assert (found.count, found.of, found.state) == (1, 3, "warn")
    assert found.examples[0].startswith("contacts.ticket_id in tickets: 1 of 3")
    assert found.columns == ("contacts.ticket_id",)


def test_a_note_names_a_ticket() -> None:
    """One that nobody imported is missed."""
    notes = [{"ticket_id": number, "written_at": "2026-03-01 08:00"} for number in ("T1", "T9")]
    assert look([{}], notes=notes).examples[0].startswith("notes.ticket_id in tickets: 1 of 2")


def test_where_most_is_not_there_nothing_is_compared() -> None:
    """Those tickets were never meant to be imported; and so it is where one side is missing."""
    for found in (
        look([{}], contacts=calls("T1", "X1", "X2")),
        look([{}], contacts=[]),
        look([{"configuration_item": "db"}]),
        look([{"configuration_item": "db"}], configuration_items=[]),
    ):
        assert (found.state, found.count, found.compared) == ("pass", 0, False)
        assert found.words.startswith("Not compared")


def test_a_record_older_than_the_first_ticket_names_what_lies_before_the_export() -> None:
    """It is not missed; one of the same day is."""
    tickets = [{"opened_at": "2026-02-01 08:00"}] * 3
    old = calls("X1", "X2", at="2026-01-01 08:00")
    found = look(tickets, contacts=[*calls("T1", "T2", at="2026-02-01 08:00"), *old])
    assert (found.state, found.of) == ("pass", 2)

    found = look(tickets, contacts=calls("T1", "T2", "X1", at="2026-02-01 08:00"))
    assert found.count == 1


def test_a_ticket_is_that_of_the_records_own_source() -> None:
    """A number of another source is another ticket; names of items are of all."""
    tickets = [{}, {}, {"source": "other", "ticket_id": "O1"}]
    assert look(tickets, contacts=calls("T1", "T2", "O1")).count == 1

    items = [{"source": "cmdb", "configuration_item": "db"}]
    named = [{"configuration_item": "db"}, {"configuration_item": "web"}, {}]
    found = look(named, configuration_items=items)
    assert (found.count, found.of) == (1, 2)
    assert found.examples[0].startswith("tickets.configuration_item in configuration_items")
    assert found.columns == ("configuration_item",)


def test_each_kind_is_judged_by_itself() -> None:
    """Services that are all there, and items that are not known at all."""
    tickets = [{"service": "Mail", "configuration_item": "x"}] * 3
    services = [{"service": "Mail"}]
    found = look(tickets, services=services, configuration_items=[{"configuration_item": "y"}])

    assert (found.state, found.count, found.of, found.compared) == ("pass", 0, 3, True)
