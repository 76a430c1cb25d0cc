"""What contacts of the tickets of each path took."""

import pytest

from opsgauge.analysis.mining.path_costs import Handled, handled, handled_rows
from opsgauge.analysis.mining.path_facts import outcome_rows
from opsgauge.log.door import unbound
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from tests.analysis.waiting.logs import Log, tickets

STRAIGHT = "new>resolved"


@pytest.mark.row("MAP-03")
def test_contacts_cost_their_own_time_by_the_team_that_answered() -> None:
    """Two of the straight path: 20 minutes and a wrap of 10 by Desk, 30 of Network, none of a miss.

    A contact of no ticket, and one that nobody answered, add nothing.
    """
    log = Log()
    for number in (1, 2):
        log.has(f"INC{number}", "08:00 new Desk", "09:00 resolved Desk")
    called = [
        ("C1", "Desk", 1200.0, 600.0, "INC1"),
        ("C2", "Network", 1800.0, None, "INC2"),
        ("C3", "Desk", None, None, "INC2"),
        ("C4", "Desk", 3600.0, 0.0, None),
    ]
    names = ("contact_id", "team", "talk_seconds", "wrap_seconds")
    log.beside[CONTACTS.name] = (
        [{"source": "desk", **dict(zip(names, row, strict=False))} for row in called],
        CONTACTS,
    )
    log.beside[CONTACT_TICKETS.name] = (
        [
            {"source": "desk", "contact_id": number, "ticket_id": ticket}
            for number, *_, ticket in called
            if ticket
        ],
        CONTACT_TICKETS,
    )
    asked = handled_rows(
        outcome_rows(tickets, "phase"), unbound(CONTACTS), unbound(CONTACT_TICKETS)
    )
    [rows] = log.tables(asked)

    assert handled(rows) == {STRAIGHT: Handled(2, {"Desk": 0.5, "Network": 0.5})}
    assert handled(rows)[STRAIGHT].hours == 1.0
