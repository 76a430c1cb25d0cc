"""What was real, and what was not: events that a replay is set against.

Floor 5. Real is what a list says, major incidents and outages of the rule's records, signals that
people took for a lasting change, and firings that somebody acted on. Not real are signals that
people dismissed, and firings that were called false.
"""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import GUARDED, AlertRule
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import signal_register
from opsgauge.governance.alert_rules import alert_rules
from opsgauge.governance.firings import ACTED, FALSE, firings
from opsgauge.governance.moments import moment_of
from opsgauge.governance.rules import within as lies_within
from opsgauge.governance.signals import State
from opsgauge.log.door import where as rows_where
from opsgauge.operations.asking import instant
from opsgauge.operations.context import Context
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.reached import sees
from opsgauge.warehouse.portable import micros, micros_at

MOST_EVENTS = 100_000


def real_events(ctx: Context, rule: AlertRule, begin: datetime) -> dict[str, list[int]]:
    """Return the moments of what was real, by where that is known from; microseconds."""
    return {
        "major incidents": _opened(ctx, rule, begin, major=True),
        "outages": _opened(ctx, rule, begin, major=False),
        "signals taken for lasting": _signals(ctx, rule, begin, (State.REBASED,)),
        "firings acted on": _marked(ctx, rule, begin, ACTED),
    }


def dismissed_events(ctx: Context, rule: AlertRule, begin: datetime) -> list[int]:
    """Return the moments of what people looked at and called nothing; microseconds."""
    dismissed = _signals(ctx, rule, begin, (State.DISMISSED,))
    return [*dismissed, *_marked(ctx, rule, begin, FALSE)]


def listed_events(ctx: Context, text: str) -> list[int]:
    """Return the moments of a list of events."""
    if not text.strip():
        return []
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    if len(rows) > MOST_EVENTS:
        raise QueryWrong(f"The list has more than {MOST_EVENTS:,} events.")
    if not rows or "at" not in rows[0]:
        raise QueryWrong("The list of events has no column 'at'.", hint="at\n2026-01-05 08:00")
    found = [instant("at", (row["at"] or "").strip(), ctx.workspace.zone) for row in rows]
    return [micros_at(each) for each in found if each is not None]


def _opened(ctx: Context, rule: AlertRule, begin: datetime, major: bool) -> list[int]:
    """Return when major incidents of the rule's records were opened, or other outages began."""
    tickets = ctx.tables.tickets
    rows = tickets
    if rule.segment:
        asked: tuple[Condition, ...] = meant_of_tickets(ctx, rule.segment)
        rows = rows_where(tickets, asked)
    grave = rows.major.fill_null(False)
    at = micros(rows.opened_at if major else rows.outage_started_at)
    wanted = rows.filter((grave if major else ~grave) & (at >= micros_at(begin)))
    found = ctx.opened().engine.run(
        wanted.select(at_us=micros(wanted.opened_at if major else wanted.outage_started_at))
    )
    return [int(each) for each in found["at_us"].to_pylist()]


def _signals(ctx: Context, rule: AlertRule, begin: datetime, states: Sequence[State]) -> list[int]:
    """Return the begin of signals of which people decided so."""
    found = []
    for each in signal_register.signals(ctx.database, rule.metric or None):
        if each.state in states and lies_within(each.series.segment, rule.segment):
            day = datetime.fromisoformat(each.first.began).replace(tzinfo=UTC)
            found += [micros_at(day)] if day >= begin else []
    return found


def _marked(ctx: Context, rule: AlertRule, begin: datetime, kind: str) -> list[int]:
    """Return when rules of the same kind and numbers fired, where people said so of it."""
    alike = {
        each.number
        for each in alert_rules(ctx.database)
        if (each.metric, each.about, each.kind in GUARDED)
        == (rule.metric, rule.about, rule.kind in GUARDED)
        and (rule.metric or each.kind == rule.kind)
    }
    made = (
        moment_of(each.made_at)
        for each in firings(ctx.database)
        if each.rule in alike
        and each.mark is not None
        and each.mark.kind == kind
        and lies_within(each.segment, rule.segment)
        and sees(ctx, each.segment)
    )
    return [micros_at(at) for at in made if at >= begin]
