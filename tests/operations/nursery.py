"""Runs imports, and erasings, in processes of their own and kills them where it is told to.

Reads orders from standard input, one JSON object a line, and answers each with one:
{"workspace", "file", "mapping", "after": seconds or null, "at": "commit" | "audit" | null}
gives {"killed": bool, "seconds": float}. An erasing is asked for by {"workspace", "erase": name,
"why", "at": before which write or removal it dies, from 1, or which it is; 0 for none}. The process
itself opens nothing, so that each import begins as in a new program, without the seconds that
loading one takes.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from opsgauge.foundation.errors import UnknownPerson
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance import audit
from opsgauge.operations import erasing_ended
from opsgauge.operations.context import Context
from opsgauge.operations.erasing import Wanted, erase_person
from opsgauge.operations.ingest import ingest
from opsgauge.warehouse import cleaning, versions
from opsgauge.warehouse.tables import Warehouse


def die(*_: Any, **__: Any) -> None:
    """End as by `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(step: int) -> None:
    """Have the process die before its write, or removal of a file, of that number."""
    left = [step]

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                die()
            return function(*given, **named)

        return counting

    for name in ("swap", "replace", "append"):
        setattr(Warehouse, name, counted(getattr(Warehouse, name)))
    versions.commit = counted(versions.commit)
    audit.append = counted(audit.append)
    cleaning.remove = counted(cleaning.remove)


def work(order: dict[str, Any]) -> None:
    """Do one import or erasing, dying on the way where the order names a step."""
    if "erase" in order:
        if order["at"] == "forget_past":
            setattr(erasing_ended, "forget_past", die)  # noqa: B010 - the module's own name
        else:
            die_at(order["at"])
        context = Context(open_workspace(Path(order["workspace"])))
        with suppress(UnknownPerson):  # where it was ended but for the end of the process
            erase_person(context, Wanted(order["why"], order["erase"]))
        return
    if order["at"] == "commit":
        versions.commit = die
    if order["at"] == "audit":
        audit.append = die  # type: ignore[assignment]  # it never returns
    context = Context(open_workspace(Path(order["workspace"])))
    ingest(context, [Path(order["file"])], order["mapping"])


def watch(order: dict[str, Any]) -> dict[str, Any]:
    """Start an import, kill it when its time has come, and say what became of it."""
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        work(order)
        os._exit(0)
    if order["after"] is not None:
        time.sleep(order["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the import failed")
    return {"killed": os.WIFSIGNALED(status), "seconds": time.perf_counter() - start}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(watch(json.loads(line))), flush=True)  # noqa: T201 - its answer
