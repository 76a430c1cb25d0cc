"""A process of its own that opens records and appends to them; it may be told to die on the way.

Usage: appender.py URL NAME LINES [STATEMENT [THREADS]]; with STATEMENT it kills itself, as
`kill -9` would, right after the first statement that begins so, or before the first commit for
"COMMIT". Each of the threads, one if not told, writes so many lines.
"""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine, event

from opsgauge.foundation.clock import system_clock
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import append
from opsgauge.governance.database import Database, open_database


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(statement: str) -> None:
    if statement == "COMMIT":
        event.listen(Engine, "commit", lambda _: die())
        return

    @event.listens_for(Engine, "after_cursor_execute")
    def _(_: Any, __: Any, executed: str, *___: Any) -> None:
        if executed.lstrip().startswith(statement):
            die()


def write(database: Database, name: str, lines: int) -> None:
    for which in range(lines):
        line = append(database, system_clock, everywhere(name, "analyst"), "import:run", f"{which}")
        sys.stdout.write(f"{line.number}\n")
        sys.stdout.flush()


def main(url: str, name: str, lines: int, statement: str = "", threads: str = "1") -> None:
    if statement:
        die_after(statement)
    database = open_database(url)
    with ThreadPoolExecutor(int(threads)) as pool:
        done = [pool.submit(write, database, name, lines) for _ in range(int(threads))]
    for each in done:
        each.result()
    database.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
