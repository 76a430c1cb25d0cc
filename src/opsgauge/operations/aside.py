"""What is noted while pages are made, and written to the records by a thread of its own.

Floor 5. No page waits for another process that writes; what cannot be written is told to the log,
and nobody is refused anything for it.
"""

import threading
from collections.abc import Callable, Sized
from typing import Generic, TypeVar

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.governance.database import Database, open_database
from opsgauge.operations.context import Context

BUSY_SECONDS = 2.0  # how long to wait for another writer before what was noted is dropped
N = TypeVar("N", bound=Sized)


class Aside(Generic[N]):
    """Notes on their way to the records; what is noted, its kinds say.

    Parameters
    ----------
    wait_seconds : between the first note and the writing
    fresh : makes what notes are gathered in
    write : writes what was gathered
    """

    def __init__(
        self, wait_seconds: float, fresh: Callable[[], N], write: Callable[[N], None]
    ) -> None:
        self._wait, self._fresh, self._write = wait_seconds, fresh, write
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._noted = fresh()
        self._timer: threading.Timer | None = None

    def _add(self, add: Callable[[N], object]) -> None:
        """Add to what was noted."""
        with self._lock:
            add(self._noted)
            if self._noted and self._timer is None:
                self._timer = threading.Timer(self._wait, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Write what was noted."""
        with self._writing:
            with self._lock:
                noted, self._noted = self._noted, self._fresh()
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if noted:
                self._write(noted)


def why_not_written(ctx: Context, write: Callable[[Database], object]) -> str:
    """Write to the records in a connection of its own; return why that cannot be, "" where it is.

    The records of a context wait far longer for another writer.
    """
    try:
        database = open_database(ctx.workspace.records_url, BUSY_SECONDS)
        try:
            write(database)
        finally:
            database.close()
    except (OpsgaugeError, OSError) as wrong:
        return str(wrong)
    return ""
