"""Tickets with which anything was still the matter at some instant, and their history.

Floor 3. Periods from that instant on are counted from these alone: a ticket is counted in a period
where one of its moments lies, or at whose end it is open; a record beside it, where the record has
one. After an import they are a small part of
all tickets, and are asked a hundred questions.
"""

import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.periods import Periods
from opsgauge.log.related import CLOCKS
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.dating import dated_since
from opsgauge.metrics.subject import OF_TICKET, SUBJECTS
from opsgauge.warehouse.portable import micros

KEY = list(TICKETS.key)
# Clocks may break long after their ticket was closed, and are not there yet.
APART = frozenset({CLOCKS.name})
# Under which names an engine holds them, by the table that they are some rows of.
RECENT = {TICKETS.name: "recent_tickets", HISTORY.name: "recent_history"}


def recent_keys(tables: LogTables, periods: Periods, since_us: int) -> list[ir.Table]:
    """Return the keys of tickets that matter from an instant on; a key may come several times.

    Those are tickets with a moment at or after it, those open then, and those that a record names
    which has a moment at or after it.

    Parameters
    ----------
    since_us : microseconds since 1970
    """
    history = tables.history
    lasts = history.until.isnull() | (micros(history.until) >= since_us)
    found = [history.filter(history.open & lasts).select(*KEY)]
    for subject in SUBJECTS.values():
        rows = dated_since(subject.rows(tables), subject, periods, since_us)
        if subject.is_tickets:
            found.append(rows.select(*KEY))
        elif subject.ticket and subject.name not in APART:
            of = subject.with_ticket(rows, tables)
            found.append(of.select("source", ticket_id=of[OF_TICKET]))
    return found
