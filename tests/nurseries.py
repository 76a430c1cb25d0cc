"""Programs that do work in children of theirs, and kill them where they are told to."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Ask = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def nursery(program: Path) -> Iterator[Ask]:
    """Start a nursery; return what gives it an order and returns its answer."""
    running = subprocess.Popen(
        [sys.executable, "-W", "error", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(order: dict[str, Any]) -> dict[str, Any]:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(json.dumps(order) + "\n")
        running.stdin.flush()
        answer = running.stdout.readline()
        assert answer, "the nursery has ended"
        told: dict[str, Any] = json.loads(answer)
        return told

    yield ask
    running.communicate()
