"""Runs commands in processes of their own and kills them where it is told to.

Reads orders from standard input, one JSON object a line, and answers each with one:
{"arguments": [...], "after": seconds or null, "commit": n or null}: killed then, or before the n-th
commit of the records; gives {"killed": bool, "code": int, "seconds": float}.
"""

import json
import os
import signal
import sys
import time
from typing import Any

from sqlalchemy import Engine, event

from opsgauge.cli import app
from opsgauge.cli.exits import run


def die_before_commit(number: int) -> None:
    """End as by `kill -9` before that commit of the records."""
    left = [number]

    @event.listens_for(Engine, "commit")
    def _(_: Any) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)


def work(order: dict[str, Any]) -> int:
    """Run one command quietly."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    if order["commit"] is not None:
        die_before_commit(order["commit"])
    sys.argv = ["opsgauge", *order["arguments"]]
    return run(app._program)


def watch(order: dict[str, Any]) -> dict[str, Any]:
    """Start a command, kill it when its time has come, and say what became of it."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        os._exit(work(order))
    if order["after"] is not None:
        time.sleep(order["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return {
        "killed": os.WIFSIGNALED(status),
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - start,
    }


if __name__ == "__main__":
    app.make_program()  # every room is loaded once, for all of them
    for line in sys.stdin:
        print(json.dumps(watch(json.loads(line))), flush=True)  # noqa: T201 - its answer
