"""What is worked out in the background, so that no page waits for what takes seconds.

Floor 5.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.operations.breach_risk import Risks, breach_risk
from opsgauge.operations.causes import Causes, causes
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.outcomes import Asked
from opsgauge.operations.service_levels import NO_CHOICE, Clocks

PATIENCE = 1.0  # seconds that a page waits for what is being learnt


@dataclass
class Learning:
    """What is being worked out; `fault` says why it could not be."""

    over: threading.Event = field(default_factory=threading.Event)
    fault: OpsgaugeError | None = None


def breach_risk_meanwhile(
    ctx: Context, name: str, chosen: Clocks = NO_CHOICE, patience: float = PATIENCE
) -> Risks | None:
    """Return what `breach_risk` does; None while it is still being learnt.

    Needs `ticket:read`.

    Raises
    ------
    UnknownServiceLevel, QueryWrong : as `breach_risk` does
    """
    ctx.require("ticket:read")
    ctx = ctx.holding()
    clocks_shown(ctx).levels.get(name)
    done = _is_done(ctx, ("learning", ctx.scope, name), lambda: breach_risk(ctx, name), patience)
    return breach_risk(ctx, name, chosen) if done else None


def causes_meanwhile(ctx: Context, asked: Asked, patience: float = PATIENCE) -> Causes | None:
    """Return what `causes` does; None while tickets are still being compared.

    Needs `finding:read`.

    Raises
    ------
    QueryWrong, UnknownMetric, ServiceLevelsMissing, ColumnsMissing, TooFewPoints : as `causes` does
    """
    ctx.require("finding:read")
    ctx = ctx.holding()
    done = _is_done(ctx, ("comparing", ctx.scope, asked), lambda: causes(ctx, asked), patience)
    return causes(ctx, asked) if done else None


def _is_done(ctx: Context, key: Hashable, work: Callable[[], Any], patience: float) -> bool:
    """Begin a work where nobody did; say whether it is done, or raise the fault it met."""
    mine = Learning()
    learning = ctx.opened().memo.setdefault(key, mine)
    if learning is mine:
        threading.Thread(target=_learn, args=(work, mine), daemon=True).start()
    if not learning.over.wait(patience):
        return False
    if learning.fault is not None:
        raise learning.fault
    return True


def _learn(work: Callable[[], Any], learning: Learning) -> None:
    try:
        work()
    except OpsgaugeError as fault:
        learning.fault = fault
    finally:
        learning.over.set()
