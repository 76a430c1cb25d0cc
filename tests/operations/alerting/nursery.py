"""Runs rounds of watching in processes of their own and kills them where it is told to.

Reads orders from standard input, one JSON object a line, and answers each with one:
{"workspace", "at": a key of `STEPS` or null, "after": seconds or null}: killed so long after the
round began to note what fires; gives {"killed": bool, "seconds": float}. The process itself opens
nothing, so that each round begins as in a new program, without the seconds that loading one takes.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from opsgauge.alerts import sending as ways
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance import firings, outbox
from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import telling, watching
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.context import Context


def die(*_: Any, **__: Any) -> Any:
    """End as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def _dies(module: Any, name: str) -> Callable[[], None]:
    return lambda: setattr(module, name, die)


# Where a round may die: within the transaction of a firing, between it and the claim, between the
# claim and the sending, between the sending and noting it.
STEPS: Mapping[str, Callable[[], None]] = {
    "noting": _dies(firings, "append_within"),
    "claiming": _dies(outbox, "claim"),
    "sending": _dies(ways, "send"),
    "noting sent": _dies(outbox, "note_sent"),
}


def _die_after_noting(seconds: float) -> None:
    note, begun = firings.note_firings, threading.Event()

    def noted(*given: Any) -> Any:
        if not begun.is_set():
            begun.set()
            threading.Timer(seconds, die).start()
        return note(*given)

    vars(telling)["note_firings"] = noted


def work(order: dict[str, Any]) -> None:
    """Do one round, dying on the way where the order names a step."""
    if order["at"]:
        STEPS[order["at"]]()
    vars(watching)["note_signals"] = lambda _: Noted(0)  # it takes longest, and sends nothing
    if order["after"] is not None:
        _die_after_noting(order["after"])
    context = Context(open_workspace(Path(order["workspace"])))
    watch(context, wait=lambda _: None, send=ways.send)


def watched(order: dict[str, Any]) -> dict[str, Any]:
    """Start a round, kill it when its time has come, and say what became of it."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        work(order)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the round failed")
    return {"killed": os.WIFSIGNALED(status), "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(watched(json.loads(line))), flush=True)  # noqa: T201 - its answer
