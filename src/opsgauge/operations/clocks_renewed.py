"""Clocks of a new data version, where they are those of the one before.

Floor 5. A clock that has stopped stays as it is while nothing about its ticket changes. So only
tickets that differ and those whose clocks run on are followed anew.
"""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from opsgauge.log.door import LogTables
from opsgauge.log.related import CLOCKS, CONFIGURATION_ITEMS, RECORD_FACTS, SERVICES
from opsgauge.log.service_levels.flags import LOOKED_AT
from opsgauge.log.service_levels.paragraph import TIER
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.reach import Compared
from opsgauge.operations.compared import EVERYWHERE, compare, differing_keys, note_clocks
from opsgauge.operations.context import Context
from opsgauge.operations.opened import OpenVersion
from opsgauge.warehouse.portable import micros, micros_at

KEY = list(TICKETS.key)
HISTORY_AGAIN = "history_again"  # that of those tickets
AGAIN, STAYED = "clocks_again", "clocks_stayed"  # tables the engine holds
ELSEWHERE = {SERVICES.name, CONFIGURATION_ITEMS.name}  # what service levels look at beside tickets


@dataclass(frozen=True)
class Stayed:
    """Clocks taken over, and where to look for the others."""

    rows: ir.Table
    tables: LogTables  # the tickets to be followed anew alone
    before: OpenVersion  # whose they were


def stayed(ctx: Context, has_clocks: str) -> Stayed | None:
    """Take over the clocks that stay as they are, into a table of the engine.

    None where there is no version before that has its clocks, or it cannot be compared.

    Parameters
    ----------
    has_clocks : under which name a version remembers that its clocks are there
    """
    opened = ctx.opened()
    before = ctx.readers.before(opened)
    if before is None or has_clocks not in before.memo:
        return None
    compared = compare(ctx, before)
    if compared is None or not compared.same.issuperset(ELSEWHERE) or _other_tiers(compared):
        return None
    old = EVERYWHERE.related[CLOCKS.name]
    lasts = old.stopped_at.isnull() | (micros(old.stopped_at) > micros_at(before.watermark))
    running = before.engine.read(old.filter(lasts).select(*KEY).distinct())
    opened.engine.hold({f"{AGAIN}_running": running})
    again = [
        _keys(f"{AGAIN}_running"),
        *differing_keys(compared, TICKETS, opened),
    ]
    opened.engine.keep(AGAIN, *again)
    keys = opened.engine.read(_keys(AGAIN).distinct())
    before.engine.hold({AGAIN: keys})
    opened.engine.hold({STAYED: before.engine.read(old.anti_join(_keys(AGAIN), KEY))})
    return Stayed(ibis.table(old.schema(), name=STAYED), _only(opened, _keys(AGAIN)), before)


def _other_tiers(compared: Compared) -> bool:
    """Say whether another tier of a service was decided; other decisions move no clock by them."""
    told = compared.difference.told.get(RECORD_FACTS.name)
    # A tier's fact is called after it, also where only one of the two versions has it.
    return told is not None and any(
        str(each).startswith(f"{TIER} ") for each in told["fact_id"].to_pylist()
    )


def settle(opened: OpenVersion, clocks: Stayed) -> None:
    """Let go of the clocks taken over, once they stand among the others; note which differ."""
    opened.engine.hold({STAYED: CLOCKS.arrow_schema().empty_table()})
    note_clocks(clocks.before, opened, _keys(AGAIN))


def _keys(name: str) -> ir.Table:
    return ibis.table(dict.fromkeys(KEY, "string"), name=name)


def _only(opened: OpenVersion, keys: ir.Table) -> LogTables:
    """Return the tables with these tickets alone; the engine holds their history."""
    followed = EVERYWHERE.history.select(*LOOKED_AT)
    opened.engine.keep(HISTORY_AGAIN, followed.semi_join(keys, KEY))
    return replace(
        EVERYWHERE,
        tickets=EVERYWHERE.tickets.semi_join(keys, KEY),
        history=ibis.table(followed.schema(), name=HISTORY_AGAIN),
    )
