"""Stays of tickets with teams, worked out once for all that ask about them.

Floor 5. To put the steps of tickets in order takes longer than what is then counted of them.
"""

import ibis.expr.types as ir

from opsgauge.analysis.mining.stays import stays
from opsgauge.log.door import LogTables
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import OpenVersion


def stays_of(opened: OpenVersion, tables: LogTables, chosen: Selection | None) -> ir.Table:
    """Return the stays of the tickets chosen; those of all tickets the engine keeps.

    Parameters
    ----------
    tables : of the tickets chosen, as the scope shows them
    """
    rows = stays(tables.history, tables.tickets)
    return rows if chosen not in (None, Selection()) else opened.kept("stays", rows)
