"""What is open when: stays of tickets in the backlog, and the ends of periods that fall into them.

Floor 3. A stay is an interval of history during which its ticket was open; a ticket's stays follow
each other without overlap, so at one instant it has one at most. A period's end counts what began
before it and had not ended before it: the same rule for the ±1 of `flow` and the lists behind it.
Source: the two forms were measured against each other, docs/background/decisions.
"""

import ibis
import ibis.expr.types as ir

from opsgauge.log.periods import ALL
from opsgauge.metrics.ask import KEY, Ask
from opsgauge.warehouse.portable import micros

ENTRIES = ("created", "reopened")


def stays(ask: Ask) -> ir.Table:
    """Return the stays that count.

    Returns
    -------
    key, dimensions, since_us, until_us (`ask.cut_us` while it lasts, or where it ended later) and
    opened_us
    """
    rows = ask.stretches("since", "until", "opened_at", "open")
    rows = rows.filter(rows.open)
    lasted = rows.select(
        *KEY,
        since_us=micros(rows.since),
        until_us=ibis.least(micros(rows.until).fill_null(ask.cut_us), ask.cut_us),
        opened_us=micros(rows.opened_at),
        **ask.split(rows),
    )
    return lasted.filter(lasted.since_us < ask.cut_us)


def moves(ask: Ask) -> ir.Table:
    """Return what came into the backlog and went out of it: dimensions, at_us, delta of 1 or -1."""
    if ask.splits_the_past:
        # A change of team is no passage: every stay comes and goes by itself.
        stayed = stays(ask)
        came = stayed.select(*ask.by, at_us=stayed.since_us, delta=ibis.literal(1, "int64"))
        ended = stayed.filter(stayed.until_us < ask.cut_us)
        went = ended.select(*ask.by, at_us=ended.until_us, delta=ibis.literal(-1, "int64"))
        return came.union(went)
    rows = ask.stretches("since", "passage")
    passed = rows.select(
        "passage",
        at_us=micros(rows.since),
        delta=ibis.ifelse(rows.passage.isin(ENTRIES), 1, -1).cast("int64"),
        **ask.split(rows),
    )
    return passed.filter(passed.passage.notnull() & (passed.at_us < ask.cut_us))


def open_at_ends(ask: Ask) -> ir.Table:
    """Return every ticket open at the end of each period.

    Returns
    -------
    key, period, dimensions and `number`, microseconds since it was opened; one row per ticket and
    period
    """
    stayed = stays(ask)
    if ask.question.period == ALL:
        lasting = stayed.filter(stayed.until_us == ask.cut_us)
        return lasting.select(
            *KEY,
            *ask.by,
            period=ibis.literal(ALL),
            number=ibis.literal(ask.now_us, "int64") - lasting.opened_us,
        )
    ends = ask.ends()
    crossing = _crossing(ask, stayed)
    met = crossing.inner_join(
        ends, [crossing.since_us < ends.end_us, crossing.until_us >= ends.end_us]
    )
    return met.select(*KEY, *ask.keys, number=met.now_us - met.opened_us)


def _crossing(ask: Ask, stayed: ir.Table) -> ir.Table:
    """Leave out the stays within one period, which are most, before ends are looked for."""
    begun = ask.labelled(stayed, "since_us").rename(begins_in="period")
    both = ask.labelled(begun, "until_us")
    within = (both.begins_in == both.period) & (both.until_us < ask.cut_us)
    return both.filter(~within.fill_null(False)).drop("period", "begins_in")
