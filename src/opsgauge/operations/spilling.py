"""Memory for reading, and the folder of a workspace for what does not fit in it.

Floor 5. Each engine has a folder of its own: two that shared one would overwrite each other's
files. The engine makes it when it first needs it, and removes it when it closes; what a killed
program left is removed when the next one opens.
"""

import os
import shutil
import socket
from pathlib import Path
from uuid import uuid4

from opsgauge.foundation.settings import Workspace
from opsgauge.warehouse.engine import Memory

SPILLED = ".reading"  # beside the tables


def reading_memory(workspace: Workspace) -> Memory:
    """Return how much memory questions to one data version may take, and where the rest goes.

    Of a workspace that cannot be written to, nothing can be set aside.
    """
    folder = workspace.warehouse / SPILLED
    limit = workspace.settings.reading_memory_limit
    try:
        folder.mkdir(exist_ok=True)
        _clear(folder)
    except OSError:
        return Memory(limit)
    return Memory(limit, folder / f"{_machine()}-{os.getpid()}-{uuid4().hex[:8]}")


def _clear(folder: Path) -> None:
    """Remove what programs of this machine left that run no more."""
    for left in folder.iterdir():
        machine, _, rest = left.name.rpartition("-")[0].rpartition("-")
        if machine == _machine() and rest.isdigit() and not _runs(int(rest)):
            shutil.rmtree(left, ignore_errors=True)


def _machine() -> str:
    return socket.gethostname() or "machine"


def _runs(program: int) -> bool:
    try:
        os.kill(program, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
