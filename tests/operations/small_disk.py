"""Imports on a disk that has no room: run by itself, since it mounts one or limits its own files.

Usage: small_disk.py FOLDER mounted|limited. It makes a workspace in FOLDER and imports a small
file; then it tries a large one with little room, in this process and by the command; then, with
room, it does. It prints JSON: {"tries": [{"room", "error", "message", "same", "version"}],
"exit_code", "stderr", "listed", "in_the_end", "left"}.
"""

import contextlib
import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.operations.ingest import ingest
from tests.conftest import Intake

HEADER = "number,at,state,team,who\n"
SMALL = HEADER + "INC1,2026-01-05 08:00,New,A,Ann\nINC2,2026-01-05 09:00,Done,B,Bob\n"
# A different team in each row, so that what is stored does not shrink to nothing.
LARGE = HEADER + "".join(
    f"INC{n},2026-{1 + n % 9:02}-05 10:00,Work,{n * 7919 % 99991:x}{n},P{n % 50}\n"
    for n in range(20_000)
)
DISK = 64 << 20  # bytes
# Bytes left: none for the lock, little for the records, then for the tables made of them.
ROOMS = {"mounted": (0, 100_000, 900_000), "limited": (1_000, 100_000)}


class Mounted:
    """A disk of its own, filled with ballast."""

    def __init__(self, folder: Path) -> None:
        self.ballast = folder / "ballast"
        size = f"size={DISK}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)

    def leave(self, room: int) -> None:
        """Leave so many bytes."""
        free = os.statvfs(self.ballast.parent)
        with self.ballast.open("wb") as ballast, contextlib.suppress(OSError):
            ballast.write(bytes(max(free.f_bavail * free.f_bsize - room, 0)))

    def make_room(self) -> None:
        """Leave all there is."""
        self.ballast.unlink(missing_ok=True)


class Limited:
    """A limit on the size of every file that this process writes."""

    def __init__(self, _: Path) -> None:
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def leave(self, room: int) -> None:
        """Let no file grow beyond so many bytes."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, self._before[1]))

    def make_room(self) -> None:
        """Lift the limit."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


def attempt(intake: Intake, large: Path) -> dict[str, Any]:
    """Try to import the large file; say what came of it, what was stored before included."""
    told: dict[str, Any] = {"error": "", "message": ""}
    try:
        ingest(intake.context, [large], str(intake.folder / "mapping.yaml"))
    except OpsgaugeError as wrong:
        told = {"error": type(wrong).__name__, "message": str(wrong)}
    return told


def opsgauge(*asked: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(
        [sys.executable, "-m", "opsgauge", *asked], capture_output=True, text=True, check=False
    )


def main(folder: Path, kind: str) -> dict[str, Any]:
    """Do all of it."""
    disk: Mounted | Limited = Mounted(folder) if kind == "mounted" else Limited(folder)
    elsewhere, packed = folder.parent / "large.csv", folder.parent / "large.csv.gz"
    elsewhere.write_text(LARGE)
    packed.write_bytes(gzip.compress(LARGE.encode()))
    intake = Intake(folder)
    intake.takes(SMALL)
    before = intake.content()
    tries = []
    for turn, room in enumerate(ROOMS[kind]):
        disk.leave(room)
        told = attempt(intake, packed if turn == 1 else elsewhere)  # unpacking needs room too
        same = intake.content(version=1) == before
        disk.make_room()
        tries.append({"room": room, **told, "same": same, "version": intake.version().version})
    disk.leave(0)
    place = ["--workspace", str(intake.workspace.path)]
    ran = opsgauge("import", str(elsewhere), "--mapping", str(folder / "mapping.yaml"), *place)
    listed = opsgauge("versions", "--format", "json", *place)
    disk.make_room()
    done = intake.takes(elsewhere)
    return {
        "tries": tries,
        "exit_code": ran.returncode,
        "stderr": ran.stderr,
        "listed": [each["version"] for each in json.loads(listed.stdout)["versions"]],
        "in_the_end": [done.accepted, done.duplicate, intake.version().tickets],
        "left": [file.name for file in intake.workspace.warehouse.rglob("_work/*")],
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))  # noqa: T201 - its answer
