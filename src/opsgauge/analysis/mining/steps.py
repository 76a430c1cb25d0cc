"""What counts as a step, and in which columns it stands.

Floor 4, analysis. A map can be drawn by phase, by the tool's own states, by team or by activity;
each has its column in `history`, the column of the step that follows, and the hash of a ticket's
whole path in `tickets`.
"""

import ibis.expr.types as ir

from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.vocabulary import STEPS

NO_STEP = "(none)"  # how a step is drawn where nothing is written

_NEXT = {
    "phase": "next_phase",
    "original_status": "next_status",
    "team": "next_team",
    "activity": "next_activity",
}
_VARIANT = {
    "phase": "variant_phase",
    "original_status": "variant_original_status",
    "team": "variant_team",
    "activity": "variant",
}


def step(history: ir.Table, steps: str) -> ir.StringColumn:
    """Return the step of each row.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    return history[_known(steps)]


def next_step(history: ir.Table, steps: str) -> ir.StringColumn:
    """Return the step of the update that follows; it says something only where one does.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    return history[_NEXT[_known(steps)]]


def variant_hash(tickets: ir.Table, steps: str) -> ir.StringColumn:
    """Return the hash of each ticket's path.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    return tickets[_VARIANT[_known(steps)]]


def updates(history: ir.Table) -> ir.Table:
    """Return the rows that are updates; the opening interval before the first is none."""
    return history.filter(history.seq >= 1)


def is_followed(history: ir.Table) -> ir.BooleanColumn:
    """Return whether another update follows: the interval has an end."""
    return history.until.notnull()


def _known(steps: str) -> str:
    if steps not in STEPS:
        raise UnknownColumn(f"There are no steps by {steps!r}.", hint=did_you_mean(steps, STEPS))
    return steps
