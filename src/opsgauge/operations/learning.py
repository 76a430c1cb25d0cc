"""Breach risks that are learnt in the background, so that no page waits for what takes seconds.

Floor 5.
"""

import threading
from dataclasses import dataclass, field

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.operations.breach_risk import Risks, breach_risk
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.service_levels import NO_CHOICE, Clocks

PATIENCE = 1.0  # seconds that a page waits for what is being learnt


@dataclass
class Learning:
    """What is being learnt of a service level; `fault` says why it could not be."""

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
    mine = Learning()
    learning = ctx.opened().memo.setdefault(("learning", ctx.scope, name), mine)
    if learning is mine:
        threading.Thread(target=_learn, args=(ctx, name, mine), daemon=True).start()
    if not learning.over.wait(patience):
        return None
    if learning.fault is not None:
        raise learning.fault
    return breach_risk(ctx, name, chosen)


def _learn(ctx: Context, name: str, learning: Learning) -> None:
    try:
        breach_risk(ctx, name)
    except OpsgaugeError as fault:
        learning.fault = fault
    finally:
        learning.over.set()
