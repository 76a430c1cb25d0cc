"""Runs servers that watch by their own schedule, in processes of their own, and kills them.

Reads orders as `tests.operations.alerting.nursery` does: {"workspace", "at": a key of `STEPS` or
null}. A server dies by SIGKILL at the step, else at the end of its first round; gives {"killed":
bool}.
"""

import json
import os
import runpy
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from opsgauge.alerts import by_webhook
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance.signal_register import Noted
from opsgauge.operations.alerting import watching
from opsgauge.operations.context import Context
from opsgauge.web import watching as web_watching
from opsgauge.web.app import make_app

ROUNDS = runpy.run_path(
    str(Path(__file__).parents[1] / "operations" / "alerting" / "nursery.py"), run_name="rounds"
)
STEPS, die = dict(ROUNDS["STEPS"]), ROUNDS["die"]
STEPS["sending"] = lambda: setattr(by_webhook, "send", die)  # `watch` itself holds what it sends by


def work(order: dict[str, Any]) -> None:
    """Serve until killed."""
    if order["at"]:
        STEPS[order["at"]]()
    vars(watching)["note_signals"] = lambda _: Noted(0)  # it takes longest, and sends nothing
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    do = watching.watch
    vars(web_watching)["_round"] = lambda ctx, _: (do(ctx), die())
    app = make_app(Context(open_workspace(Path(order["workspace"]))))
    uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).run()


def served(order: dict[str, Any]) -> dict[str, Any]:
    """Start a server and say what became of it."""
    child = os.fork()
    if child == 0:
        work(order)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(served(json.loads(line))), flush=True)  # noqa: T201 - its answer
