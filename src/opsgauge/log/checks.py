"""What can be seen wrong in the data: each check counts, shows examples and names the columns.

Floor 2. A check never raises for what it finds. Which metrics a check touches follows from the
columns it names; that is worked out above, in `operations.check`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.door import LogTables
from opsgauge.warehouse.engine import Engine
from opsgauge.warehouse.portable import micros

EXAMPLES = 5
WARN_FROM = 0.001  # share of tickets from which a finding is more than a note
FAIL_FROM = 0.05
MOMENTS_IN_ORDER = ("opened_at", "resolved_at", "closed_at")


@dataclass(frozen=True)
class Seen:
    """What one check saw.

    `count` of `of` records; `columns` are those whose numbers it touches, ("*",) for all.
    """

    id: str
    title: str
    state: str  # "pass", "note", "warn", "fail"
    critical: bool
    count: int
    of: int
    examples: tuple[str, ...]
    columns: tuple[str, ...]
    words: str
    next_step: str = ""


@dataclass(frozen=True)
class _Rule:
    """A check on rows: which rows are at fault, and how to say it."""

    id: str
    title: str
    found: ir.BooleanValue
    columns: tuple[str, ...]
    words: str  # with {n} and {of}
    next_step: str
    worst: str = "fail"  # the gravest state it may take
    critical: bool = False


def on_tickets(engine: Engine, tables: LogTables) -> list[Seen]:
    """Check every ticket: order of moments, what is missing, field against history."""
    return _run(engine, tables.tickets, ticket_rules(tables.tickets))


def on_history(engine: Engine, tables: LogTables) -> list[Seen]:
    """Check every update: order, words without a phase."""
    updates = tables.history.filter(tables.history.seq >= 1)
    return _run(engine, updates, history_rules(updates))


def ticket_rules(t: ir.Table) -> list[_Rule]:
    """Return the checks on tickets."""
    resolved, opened, closed = micros(t.resolved_at), micros(t.opened_at), micros(t.closed_at)
    ended = ~t.open
    return [
        _Rule(
            "order_of_moments",
            "Moments in order",
            (resolved < opened) | (closed < opened),
            ("resolved_at", "closed_at"),
            "{n} of {of} tickets are resolved or closed before they were opened; their times are "
            "negative and stay in the numbers.",
            "Correct the moments at the source and import again.",
            critical=True,
        ),
        _Rule(
            "closed_before_resolved",
            "Closed after resolved",
            closed < resolved,
            ("closed_at",),
            "{n} of {of} tickets are closed before they are resolved.",
            "Ask the tool's owner which of the two moments is edited by hand.",
            worst="warn",
        ),
        _Rule(
            "resolved_missing",
            "Resolution known",
            ended & t.resolved_at.isnull() & t.phase.isin(["resolved", "closed"]),
            ("resolved_at",),
            "{n} of {of} tickets are done and carry no moment of resolution; they count as not "
            "resolved.",
            "Map the column that holds it, or leave resolved_at out so that history says it.",
        ),
        _differ("resolved", "resolution", resolved, micros(t.history_resolved_at)),
        _differ("closed", "closing", closed, micros(t.history_closed_at)),
        _Rule(
            "reopen_against_history",
            "Reopenings agree with history",
            t.reopen_count != t.history_reopen_count,
            ("reopen_count",),
            "{n} of {of} tickets count other reopenings than their history shows.",
            "See docs/guides/data-checks.md on which to trust.",
            worst="warn",
        ),
        _Rule(
            "handoff_against_history",
            "Handoffs agree with history",
            t.handoff_count != t.history_handoff_count,
            ("handoff_count",),
            "{n} of {of} tickets count other changes of team than their history shows.",
            "See docs/guides/data-checks.md on which to trust.",
            worst="warn",
        ),
        _Rule(
            "team_missing",
            "Team known",
            t.team.isnull(),
            ("team",),
            "{n} of {of} tickets name no team.",
            "Splits by team show them as missing.",
            worst="warn",
        ),
    ]


def _differ(name: str, noun: str, own: ir.Value, history: ir.Value) -> _Rule:
    apart = (own - history).abs() > MICROS_PER_HOUR
    return _Rule(
        f"{name}_against_history",
        f"The {noun} agrees with history",
        apart | (own.isnull() & history.notnull()),
        (f"{name}_at",),
        "{n} of {of} tickets have a field for their " + noun + " that is empty or more than an "
        "hour from what their history shows.",
        "See docs/guides/data-checks.md on which to trust.",
        worst="warn",
    )


def history_rules(h: ir.Table) -> list[_Rule]:
    """Return the checks on updates."""
    return [
        _Rule(
            "update_order",
            "Updates in order",
            h.moved_us > 0,
            ("*",),
            "{n} of {of} updates are dated before the one they follow; each starts where that one "
            "did.",
            "Name the column that orders updates under 'order' in the mapping.",
        ),
        _Rule(
            "words_without_phase",
            "Every state has a phase",
            h.phase.isnull() & h.original_status.notnull(),
            ("phase", "open", "pending_us", "life_us", "pending_user_us"),
            "{n} of {of} updates carry a state that the mapping gives no phase.",
            "Add the words under 'phases' in the mapping and import again.",
        ),
        _Rule(
            "before_opening",
            "No update before the opening",
            micros(h.since) < micros(h.opened_at),
            ("opened_at",),
            "{n} of {of} updates are dated before their ticket was opened.",
            "Check which moment the tool calls the opening.",
            worst="warn",
        ),
    ]


def _run(engine: Engine, table: ir.Table, rules: Sequence[_Rule]) -> list[Seen]:
    """Count all rules in one pass, then fetch examples of those that found something."""
    counts = engine.run(
        table.aggregate(
            of=table.count(), **{rule.id: rule.found.fill_null(False).sum() for rule in rules}
        )
    ).to_pylist()[0]
    return [
        _seen(rule, int(counts[rule.id] or 0), int(counts["of"]), engine, table) for rule in rules
    ]


def _seen(rule: _Rule, count: int, of: int, engine: Engine, table: ir.Table) -> Seen:
    examples: tuple[str, ...] = ()
    if count:
        ids = table.filter(rule.found).select("ticket_id").distinct()
        rows: pa.Table = engine.run(ids.order_by(ibis.asc("ticket_id")).limit(EXAMPLES))
        examples = tuple(rows["ticket_id"].to_pylist())
    return Seen(
        id=rule.id,
        title=rule.title,
        state=state_of(count, of, rule.worst),
        critical=rule.critical,
        count=count,
        of=of,
        examples=examples,
        columns=rule.columns,
        words=rule.words.format(n=f"{count:,}", of=f"{of:,}") if count else "Nothing found.",
        next_step=rule.next_step if count else "",
    )


def state_of(count: int, of: int, worst: str = "fail") -> str:
    """Return the state of a check that found `count` of `of`.

    Examples
    --------
    >>> state_of(0, 100), state_of(1, 10_000), state_of(1, 100), state_of(9, 100)
    ('pass', 'note', 'warn', 'fail')
    """
    if not count:
        return "pass"
    share = count / max(of, 1)
    state = "fail" if share >= FAIL_FROM else "warn" if share >= WARN_FROM else "note"
    order = ("note", "warn", "fail")
    return min(state, worst, key=order.index)
