"""What counts as a step in which a ticket waits or is worked on, while it is open.

Floor 4, analysis. As on a process map (`analysis.mining.steps`), and one kind more: a phase in the
hands of a team, which is where a manager can act. Two columns stand for such a step, so that no
text is put together in an engine.
"""

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.mining import steps as by
from opsgauge.analysis.requests.orders import TOUCH_PHASES
from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.vocabulary import DONE_PHASES, STEPS

KEY = ("source", "ticket_id")
TEAM_PHASE = "team_phase"
KINDS = (TEAM_PHASE, *STEPS)
EVERYWHERE = ""  # one step for all: what comes and goes is what is opened, reopened and done
Name = tuple[str | None, ...]


def columns_of(steps: str) -> tuple[str, ...]:
    """Return the columns of `history` that tell steps apart.

    Raises
    ------
    UnknownColumn : there are no such steps

    Examples
    --------
    >>> columns_of("team_phase"), columns_of("phase")
    (('team', 'phase'), ('phase',))
    """
    if steps == EVERYWHERE:
        return ()
    check_kind(steps)
    return ("team", "phase") if steps == TEAM_PHASE else (steps,)


def check_kind(steps: str) -> None:
    """Refuse what steps are not told apart by; one step for all is not asked for from outside.

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    if steps not in KINDS:
        raise UnknownColumn(f"There are no steps by {steps!r}.", hint=did_you_mean(steps, KINDS))


def name_of(row: Mapping[str, Any], steps: str) -> Name:
    """Return the step of a row that was fetched."""
    return tuple(row[column] for column in columns_of(steps))


def is_touch(name: Name, steps: str) -> bool | None:
    """Say whether a step is work; None where steps are told apart by something else than phase.

    Examples
    --------
    >>> is_touch(("Desk", "in_progress"), "team_phase"), is_touch(("new",), "phase")
    (True, False)
    """
    return name[-1] in TOUCH_PHASES if steps in ("phase", TEAM_PHASE) else None


def open_rows(history: ir.Table) -> ir.Table:
    """Return the time in which tickets needed work, the opening interval included."""
    return history.filter(history.open)


def leaves(history: ir.Table, steps: str) -> ir.BooleanColumn:
    """Say of each open row that is followed whether the next is another step, or the end.

    Where the next phase is unmapped, a ticket is as open as it was.
    """
    done = history.next_phase.isin(DONE_PHASES).fill_null(False)
    moved = done
    for column in columns_of(steps):
        moved = moved | ~by.step(history, column).identical_to(by.next_step(history, column))
    return moved
