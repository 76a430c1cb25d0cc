"""Checks on single updates: order, words without a phase, updates before the opening.

Floor 2.
"""

import ibis.expr.types as ir

from opsgauge.log.answers import ANSWERS
from opsgauge.log.checks.rules import Rule
from opsgauge.log.checks.seen import ALL, Subject
from opsgauge.warehouse.portable import micros

# What follows from phases: a ticket is open, resolved, closed, answered or reopened by the last
# one that is known, so a state without one leaves all of these as they were before it.
BY_PHASE = (
    *("phase", "open", "resolved_at", "closed_at", "reopen_count", "first_response_at"),
    *ANSWERS,
    *("history_first_response_at", "history_resolved_at", "history_closed_at"),
    *("history_reopen_count", "life_us", "pending_us", "pending_user_us", "variant_phase"),
)


def update_rules(h: ir.Table) -> list[Rule]:
    """Return the checks on updates; `h` is history without opening intervals."""
    return [update_order(h), words_without_phase(h), before_opening(h)]


def update_order(h: ir.Table) -> Rule:
    """Find updates dated before the one they follow."""
    return Rule(
        Subject("update_order", "Updates in order", ALL),
        h.moved_us > 0,
        "{n} of {of} updates are dated before the one they follow; each starts where that one did.",
        "Name the column that orders updates under 'order' in the mapping.",
    )


def words_without_phase(h: ir.Table) -> Rule:
    """Find updates whose state no mapping turns into a phase."""
    return Rule(
        Subject("words_without_phase", "Every state has a phase", BY_PHASE),
        h.phase.isnull() & h.original_status.notnull(),
        "{n} of {of} updates carry a state that the mapping gives no phase.",
        "Add the words under 'phases' in the mapping and import again.",
    )


def before_opening(h: ir.Table) -> Rule:
    """Find updates dated before their ticket was opened."""
    return Rule(
        Subject("before_opening", "No update before the opening", ("opened_at",), worst="warn"),
        micros(h.since) < micros(h.opened_at),
        "{n} of {of} updates are dated before their ticket was opened.",
        "Check which moment the tool calls the opening.",
    )
