"""What is open when: stays of tickets in the backlog, and the ends of periods that fall into them.

Floor 3. A stay is an interval of history during which its ticket was open; a ticket's stays follow
each other without overlap, so at one instant it has one at most. A period's end counts what began
before it and had not ended before it: the same rule for the ±1 of `flow` and the lists behind it.
Where members of a hierarchy moved, a stay is cut in two at that instant: the ticket leaves the
stock of one group for that of another, as when it changes team.
"""

from itertools import pairwise

import ibis
import ibis.expr.types as ir

from opsgauge.log.periods import ALL, ORDINALS, periods_table
from opsgauge.metrics.ask import KEY, STOOD, Ask
from opsgauge.metrics.frames import spans_table
from opsgauge.metrics.groupings import Banded
from opsgauge.metrics.words import holds
from opsgauge.warehouse.portable import micros

ENTRIES = ("created", "reopened")
STOOD_UNTIL = "stood_until_us"  # beside `STOOD`, the instant at which the next move comes
EVER_US, NEVER_US = -(1 << 62), 1 << 62


def stretches(ask: Ask, *columns: str) -> ir.Table:
    """Return the intervals of history that count, with these columns.

    Dimensions that history keeps are there as they were during each interval; those that only a
    ticket has are there under their names, as words. Where members of a hierarchy moved, an
    interval is there once for each time between two moves that it reaches into, see `_cut`.
    """
    names = [name for name in ask.by if not ask.is_age(name)]
    conditions = [c for c in ask.conditions if not ask.is_age(c.column)]
    moving = {level.name: level for level in ask.question.moving}
    then = tuple(c for c in conditions if ask.kept(c.column))
    others = tuple(c for c in conditions if not ask.kept(c.column) and c.column not in moving)
    late = tuple(c for c in conditions if not ask.kept(c.column) and c.column in moving)
    once = [n for n in (*names, *(c.column for c in late)) if not ask.kept(n)]
    asked = ask.base([*(n for n in names if ask.kept(n)), *(c.column for c in then)])
    rows = ask.tables.history.select(*dict.fromkeys([*KEY, *columns, *asked]))
    rows = ask.where(_cut(ask, rows) if moving else rows, then)
    if not once and not others:
        return rows
    tickets = ask.tickets(ask.base(once), others)
    spoken = {n: moving[n].held(tickets) if n in moving else ask.word(tickets, n) for n in once}
    rows = rows.inner_join(tickets.select(*KEY, **spoken), KEY)
    zone = ask.periods.zone
    stood = {n: moving[n].named(rows[n], zone, rows[STOOD]) for n in once if n in moving}
    return ask.where(rows.mutate(**stood) if stood else rows, late)


def _cut(ask: Ask, rows: ir.Table) -> ir.Table:
    """Return intervals of history cut where something moved, with `STOOD` and `STOOD_UNTIL`."""
    zone = ask.periods.zone
    moves = {us for level in ask.question.moving for us in level.starts(zone) if us < ask.cut_us}
    bounds = [EVER_US, *sorted(moves), NEVER_US]
    spans = spans_table([("", *pair) for pair in pairwise(bounds)])
    eras = spans.select(**{STOOD: spans.start_us, STOOD_UNTIL: spans.end_us})
    since_us, until_us = micros(rows.since), micros(rows.until)
    # What lasts no time at all is in the era in which it begins.
    reaches = until_us.isnull() | (until_us > eras[STOOD]) | (since_us >= eras[STOOD])
    return rows.inner_join(eras, [since_us < eras[STOOD_UNTIL], reaches])


def stays(ask: Ask) -> ir.Table:
    """Return the stays that count.

    Returns
    -------
    key, seq, dimensions, since_us, until_us (`ask.cut_us` while it lasts or where it ended later),
    opened_us
    """
    rows = stretches(ask, "seq", "since", "until", "opened_at", "open")
    rows = rows.filter(rows.open)
    since_us, until_us = micros(rows.since), micros(rows.until).fill_null(ask.cut_us)
    if STOOD in rows.columns:
        since_us = ibis.greatest(since_us, rows[STOOD])
        until_us = ibis.least(until_us, rows[STOOD_UNTIL])
    lasted = rows.select(
        *KEY,
        "seq",
        since_us=since_us,
        until_us=ibis.least(until_us, ask.cut_us),
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
    rows = stretches(ask, "since", "passage")
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
    key, seq (of the stay), period, dimensions and `number`, microseconds since it was opened; one
    row per ticket and period
    """
    stayed = stays(ask)
    if ask.from_us is not None:
        # What was over before the first period began is open at the end of none.
        lasts = stayed.until_us == ask.cut_us
        stayed = stayed.filter(lasts | (stayed.until_us > ask.from_us))
    by = [name for name in ask.by if not ask.is_age(name)]
    if ask.framed is not None:
        return _aged(ask, _open_at(ask, stayed, by))
    if ask.question.period == ALL:
        lasting = stayed.filter(stayed.until_us == ask.cut_us)
        every = lasting.select(
            *KEY,
            "seq",
            *by,
            period=ibis.literal(ALL),
            number=ibis.literal(ask.now_us, "int64") - lasting.opened_us,
        )
        return _aged(ask, every)
    numbered = _numbered(ask, stayed, by)
    each = numbered.select(
        *KEY,
        "seq",
        *by,
        "opened_us",
        ordinal=ibis.range(numbered.first, numbered.beyond).unnest(),
    )
    met = each.inner_join(ask.ends(), "ordinal")
    rows = met.select(*KEY, "seq", "period", *by, number=met.now_us - met.opened_us)
    rows = rows if ask.first_label is None else rows.filter(rows.period >= ask.first_label)
    return _aged(ask, rows)


def days_open(ask: Ask) -> ir.Table:
    """Return every ticket open at the end of a day, once for each period.

    Returns
    -------
    key, seq (of its last stay), period, dimensions, `days` at whose end it was open, and `of_days`,
    all the days of the period
    """
    rows = open_at_ends(ask)
    counted = rows.group_by([*KEY, *ask.keys]).aggregate(
        seq=rows.seq.max(), days=rows.count().cast("int64")
    )
    moments = ask.counted_at()
    of = moments.group_by("period").aggregate(of_days=moments.count().cast("int64"))
    return counted.inner_join(of, "period")


def _aged(ask: Ask, rows: ir.Table) -> ir.Table:
    """Return counted rows with the bands of their ages, by conditions on them."""
    for grouping in ask.question.groupings:
        if not isinstance(grouping, Banded) or not grouping.is_age:
            continue
        rows = rows.mutate(**{grouping.name: grouping.named(rows.number)})
        for condition in ask.question.where:
            if condition.column == grouping.name:
                rows = rows.filter(holds(rows[grouping.name], condition))
    return rows


def _open_at(ask: Ask, stayed: ir.Table, by: list[str]) -> ir.Table:
    """Return every ticket open at the moments of the question's own stretches."""
    moments = ask.counted_at()
    during = [stayed.since_us < moments.end_us, stayed.until_us >= moments.end_us]
    met = stayed.inner_join(moments, during)
    return met.select(*KEY, "seq", "period", *by, number=met.now_us - met.opened_us)


def _numbered(ask: Ask, stayed: ir.Table, by: list[str]) -> ir.Table:
    """Return the stays at whose time a period ends: from the `first` to the one before `beyond`.

    Most stays end in the period in which they began; an instant that the calendar does not hold
    lies before its first period.
    """
    width = ask.periods.bucket_us
    lasts = stayed.until_us == ask.cut_us
    begun, ended = stayed.since_us // width, stayed.until_us // width
    long = stayed.mutate(begun=begun, ended=ended, lasts=lasts).filter((begun < ended) | lasts)
    calendar = periods_table().select("bucket", ordinal=ORDINALS[ask.question.period])
    first, last = calendar.view(), calendar.view()
    both = long.left_join(first, long.begun == first.bucket)
    both = both.left_join(last, long.ended == last.bucket)
    numbered = both.select(
        *KEY,
        "seq",
        *by,
        "opened_us",
        first=first.ordinal.fill_null(0),
        beyond=last.ordinal.fill_null(0) + long.lasts.cast("int64"),
    )
    return numbered.filter(numbered.first < numbered.beyond)
