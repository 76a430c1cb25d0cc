"""Recent tickets of a new data version, apart from the others, for the numbers that it reaches.

Floor 5. What an import brings is mostly of the last days. A hundred questions about the last two
months of two years go faster over those tickets alone, in memory, than over files with all of them.
"""

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from opsgauge.log.differences import HISTORY_DIFFERS
from opsgauge.log.periods import dates_of, instants_between, label_of
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.reach import Compared
from opsgauge.metrics.recent import RECENT, recent_keys
from opsgauge.metrics.subject import TICKETS_SUBJECT
from opsgauge.operations.compared import EVERYWHERE
from opsgauge.operations.opened import OpenVersion
from opsgauge.warehouse.around import tables_read
from opsgauge.warehouse.portable import micros_at

MOST = 6  # one in so many days of the records may be called recent
A_WEEK = timedelta(days=6)  # so long before a month may a week have begun that reaches into it
KEYS = "recent_keys"
ANYTHING = frozenset({*TICKETS.names, HISTORY_DIFFERS})


def recent_from(opened: OpenVersion, compared: Compared) -> int:
    """Have the engine hold recent tickets, and say since when: microseconds since 1970.

    Their history is looked up where it is asked, see `with_their_history`. Recent is since the
    month in which the first ticket is dated that differs, but no longer ago than one day in MOST.
    """
    return opened.once("recent tickets", lambda: _held(opened, compared))


def _held(opened: OpenVersion, compared: Compared) -> int:
    zone = opened.periods.zone
    since = micros_at(instants_between(_first_day(compared), compared.last, zone)[0])
    opened.engine.keep(KEYS, *recent_keys(EVERYWHERE, opened.periods, since))
    rows = EVERYWHERE.tickets.semi_join(_keys(), list(TICKETS.key))
    opened.engine.keep(RECENT[TICKETS.name], rows)
    return since


def with_their_history(opened: OpenVersion, sql: str) -> str:
    """Have the engine hold the history of recent tickets where a query asks it; return the query.

    Few questions of a hundred do, and to look for it takes longer than most of them.
    """
    if RECENT[HISTORY.name] in tables_read(sql):
        opened.once("recent history", lambda: _hold_history(opened))
    return sql


def _hold_history(opened: OpenVersion) -> bool:
    # Named month by month, the files of the others are not opened.
    held = ibis.table(EVERYWHERE.tickets.schema(), name=RECENT[TICKETS.name])
    months = opened.engine.read(held.select("opened_month").distinct())["opened_month"].to_pylist()
    rows = EVERYWHERE.history.filter(EVERYWHERE.history.opened_month.isin(sorted(months)))
    opened.engine.keep(RECENT[HISTORY.name], rows.semi_join(_keys(), list(TICKETS.key)))
    return True


def _keys() -> ir.Table:
    return ibis.table(dict.fromkeys(TICKETS.key, "string"), name=KEYS)


def _first_day(compared: Compared) -> date:
    found = [compared.days(TICKETS_SUBJECT, name, ANYTHING) for name in TICKETS_SUBJECT.moments]
    days = {day for each in found for day in each or ()}
    stays_from = compared.difference.stays_from_us
    if stays_from is not None:
        days.add(compared.day_of(stays_from))
    first = min(days, default=compared.last)
    month = dates_of(label_of(first, "month"))[0] - A_WEEK
    return max(month, compared.last - (compared.last - compared.first) / MOST)
