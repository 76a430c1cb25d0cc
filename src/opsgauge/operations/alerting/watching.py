"""Watch: one round of sync, checks, signals, alerts and sending.

Floor 5. A step that fails is told and stops none after it: what waits is sent whatever
the inbox holds. Of two rounds at once the second ends at once and says so.
"""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opsgauge.alerts import sending as ways
from opsgauge.foundation.alerting import ON
from opsgauge.foundation.clock import Stopwatch
from opsgauge.foundation.errors import OpsgaugeError, WorkspaceMissing
from opsgauge.governance.alert_rules import alert_rules
from opsgauge.governance.moments import text_of
from opsgauge.operations.alerting.escalating import escalate
from opsgauge.operations.alerting.recipients import Registers
from opsgauge.operations.alerting.sending import WATCH, Send, SentOut, send_due
from opsgauge.operations.alerting.telling import look_and_tell
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.signals import note_signals
from opsgauge.operations.sync import IMPORTED, Synced, sync

LOCK = ".watch.lock"


@dataclass
class Watched:
    """What one round did.

    Attributes
    ----------
    elsewhere : another round is going on, so that this one did nothing
    failing : critical checks that fail
    escalated : steps of escalations that were taken
    signals : signals that are new; fired: firings that are new, in words, by their numbers
    unsaid : of each rule of which nothing could be said, or nobody told, why
    faults : of each step that failed, why
    notes : what else is to be known
    seconds : of each step, and of all
    """

    elsewhere: bool = False
    imported: int = 0
    noteworthy: bool = False
    failing: list[str] = field(default_factory=list)
    signals: list[int] = field(default_factory=list)
    fired: dict[int, str] = field(default_factory=dict)
    cleared: int = 0
    escalated: int = 0
    unsaid: dict[int, str] = field(default_factory=dict)
    sent: SentOut | None = None
    faults: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether a person should see something."""
        return bool(self.noteworthy or self.failing or self.signals or self.fired or self.unsaid)

    @property
    def failed(self) -> bool:
        """Whether a step failed, or a channel."""
        return bool(self.faults) or bool(self.sent and self.sent.failed)

    def sentence(self) -> str:
        """Say it in words."""
        if self.elsewhere:
            return "Another watch is going on, so this one did nothing"
        told = [
            _many(self.imported, "file was imported", "files were imported"),
            _many(len(self.signals), "signal is new", "signals are new"),
            _many(len(self.fired), "alert fired", "alerts fired"),
        ]
        if self.escalated:
            told.append(_many(self.escalated, "alert was escalated", "alerts were escalated"))
        if self.sent is not None:
            told.append(_many(self.sent.sent, "message went out", "messages went out"))
            if self.sent.waiting:
                told.append(_many(self.sent.waiting, "message waits", "messages wait"))
        said = "; ".join(told)
        return said[0].upper() + said[1:]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **vars(self),
            "sent": self.sent.as_json() if self.sent else None,
            "sentence": self.sentence(),
        }


def _many(count: int, one: str, more: str) -> str:
    return f"{count or 'no'} {one if count in (0, 1) else more}"


def watch(
    ctx: Context,
    sends: bool = True,
    wait: Callable[[float], None] = time.sleep,
    send: Send = ways.send,
) -> Watched:
    """Do one round; needs `alert:watch`, `import:run` and `signal:note`.

    Parameters
    ----------
    sends : whether what waits is sent; else it goes on waiting
    wait : pauses, so that a file somebody still writes can be told from a written one
    """
    ctx.require(WATCH)
    done = Watched()
    with _alone(ctx) as alone:
        if not alone:
            done.elsewhere = True
            return done
        _step(ctx, done, "sync", lambda: _synced(done, sync(ctx, wait)))
        _step(ctx, done, "checks", lambda: _checked(ctx, done))
        _step(ctx, done, "signals", lambda: _noted(ctx, done))
        _step(ctx, done, "alerts", lambda: _looked(ctx, done))
        if sends:
            _step(ctx, done, "send", lambda: _sent(ctx, done, send))
    done.seconds["all"] = sum(done.seconds.values())
    return done


def _step(ctx: Context, done: Watched, name: str, do: Callable[[], None]) -> None:
    ctx.progress(name.capitalize(), None)
    clock = Stopwatch()
    try:
        do()
    except WorkspaceMissing:
        done.notes = ["Nothing is imported yet."]
    except OpsgaugeError as wrong:
        done.faults[name] = f"{wrong.message} {wrong.hint}".strip()
    done.seconds[name] = clock.seconds()


def _synced(done: Watched, synced: Synced) -> None:
    done.imported = sum(each.state == IMPORTED for each in synced.files)
    done.noteworthy = synced.noteworthy
    if synced.failed:
        wrong = [*synced.faults, *(each.message for each in synced.files if each.message)]
        done.faults["sync"] = " ".join(wrong[:3])


def _checked(ctx: Context, done: Watched) -> None:
    done.failing = [each.id for each in check(ctx).checks if each.critical and each.state == "fail"]


def _noted(ctx: Context, done: Watched) -> None:
    done.signals = list(note_signals(ctx).new)


def _looked(ctx: Context, done: Watched) -> None:
    ctx = ctx.holding()
    now = text_of(ctx.clock())
    registers = Registers.of(ctx)
    for rule in alert_rules(ctx.database):
        if rule.state(now) != ON:
            continue
        noted, why_not = look_and_tell(ctx, rule, registers)
        done.fired |= {each.number: str(each.told["what"]) for each in noted.new}
        done.cleared += noted.cleared
        done.escalated += escalate(ctx, rule, registers)
        if why_not:
            done.unsaid[rule.number] = why_not


def _sent(ctx: Context, done: Watched, send: Send) -> None:
    done.sent = send_due(ctx, send)


@contextmanager
def _alone(ctx: Context) -> Iterator[bool]:
    """Hold the one lock of watches, which falls with the process; say whether it is held."""
    with (ctx.workspace.path / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
