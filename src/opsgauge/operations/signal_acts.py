"""What people do about a signal: dismiss, rebase, undo, assign, write down, say that it is done.

Floor 5. Each needs `signal:act` for the records of the signal's segment, and adds a step to it.
"""

from datetime import date
from typing import Any

from opsgauge.foundation.errors import Misuse, QueryWrong
from opsgauge.governance import signal_register as register
from opsgauge.governance.rebases import Rebase, rebase_of
from opsgauge.governance.register import check_reason
from opsgauge.governance.signal_register import ACT
from opsgauge.governance.signals import (
    ASSIGNED,
    DISMISSED,
    DONE,
    NOTED,
    REBASED,
    SIGNAL,
    UNDONE,
    Signal,
)
from opsgauge.operations.context import Context
from opsgauge.operations.protocols import today
from opsgauge.operations.reached import must_reach
from opsgauge.operations.rebasing import rebase, undo_rebase
from opsgauge.operations.signals import seen_signal

LONGEST_NAME = 500


def dismiss(ctx: Context, number: int, cause: str) -> Signal:
    """Dismiss a signal whose cause was found; it still counts in runs.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : it is decided already, or no cause is given
    """
    _may(ctx, number)
    check_reason(cause, "A dismissal needs the cause that was found.", "Say what it was.")
    return _step(ctx, number, DISMISSED, {}, cause)


def rebase_signal(ctx: Context, number: int, event: str, why: str, at: str = "") -> Signal:
    """Let the chart of a signal begin anew, since the change is lasting; needs `baseline:rebase`.

    Parameters
    ----------
    event : what changed the process, or the name of an improvement
    at : the first period of what is normal from now on, else that in which the signal began

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : it is decided already or a notice, or reason, event or period cannot be
    """
    found = _may(ctx, number)
    register.must_fit(found, REBASED)
    if found.kind != SIGNAL:
        raise QueryWrong("Only a signal of a chart can be rebased.", hint="Dismiss the notice.")
    series, first = found.series, at.strip() or found.first.since
    made = rebase(
        ctx,
        Rebase(series.metric, series.statistic, series.segment, series.period, first, why, event),
    )
    told = {"rebase": made.number, "event": made.event, "at": made.at}
    try:
        return _step(ctx, number, REBASED, told, why)
    except Misuse:  # somebody decided meanwhile
        undo_rebase(ctx, made.number, f"Signal {number} was decided about meanwhile.")
        raise


def undo(ctx: Context, number: int, why: str) -> Signal:
    """Take back what was decided about a signal, which is open again; a rebase is undone with it.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : nothing was decided, or no reason is given
    """
    found = _may(ctx, number)
    check_reason(why, "An undoing needs a reason.", "Say why the decision does not hold.")
    register.must_fit(found, UNDONE)
    step = found.last(REBASED)
    if found.state == REBASED and step is not None:
        made = int(step.told["rebase"])
        if rebase_of(ctx.database, made).ended_at is None:
            undo_rebase(ctx, made, why)
    return _step(ctx, number, UNDONE, {}, why)


def assign(ctx: Context, number: int, owner: str = "", due: str = "", why: str = "") -> Signal:
    """Give a signal to somebody, or a day by which it is to be done, or both.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : it is decided already, neither is named, or the day cannot be
    """
    _may(ctx, number)
    who, day = owner.strip(), _day(ctx, due.strip())
    if not who and day is None:
        raise QueryWrong("Nobody is named, and no day.", hint="Name one of them, or both.")
    if len(who) > LONGEST_NAME:
        raise QueryWrong(f"A name is longer than {LONGEST_NAME} characters.")
    if why:
        check_reason(why, "", "")
    told = {"owner": who or None, "due": day.isoformat() if day else None}
    return _step(ctx, number, ASSIGNED, told, why)


def write_down(ctx: Context, number: int, text: str) -> Signal:
    """Write something down beside a signal, whatever its state.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : there is nothing to write
    """
    _may(ctx, number)
    check_reason(text, "There is nothing to write down.", "Write a line or two.")
    return _step(ctx, number, NOTED, {}, text)


def finish(ctx: Context, number: int, why: str) -> Signal:
    """Say that what was to be done about a signal is done; it stays open until it is decided.

    Raises
    ------
    UnknownRecord : there is no such signal
    QueryWrong : nothing is to be done, or nothing is said of it
    """
    _may(ctx, number)
    check_reason(why, "Nothing is said of what was done.", "Say what was done.")
    return _step(ctx, number, DONE, {}, why)


def _may(ctx: Context, number: int) -> Signal:
    ctx.require(ACT)
    found = seen_signal(ctx, number)
    must_reach(ctx, ACT, "decide about signals", found.series.segment)
    return found


def _step(ctx: Context, number: int, kind: str, told: dict[str, Any], why: str) -> Signal:
    return register.act(ctx.database, ctx.clock, ctx.actor, number, (kind, told, why))


def _day(ctx: Context, due: str) -> date | None:
    if not due:
        return None
    try:
        day = date.fromisoformat(due)
    except ValueError as wrong:
        raise QueryWrong(f"due {due!r} is no date.", hint="Write it as 2026-01-31.") from wrong
    if day < today(ctx):
        raise QueryWrong(f"The day {day} is over.", hint="Name today or a later day.")
    return day
