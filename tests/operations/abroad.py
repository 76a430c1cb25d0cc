"""Imports one file into the folder it is given, and prints what the tables say then, as JSON.

Usage: abroad.py FOLDER, on a machine in any time zone.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.conftest import Intake

MAPPING = """
source: desk
shape: updates
ticket_id: number
times:
  zone: Europe/Amsterdam
  formats: [iso, "%d/%m/%Y %H:%M", epoch_s, "%b %d %Y %H:%M %z"]
fields: {updated_at: at, opened_at: opened, original_status: state}
phases:
  - {words: {New: new, Work: in_progress, Done: resolved}}
  - {from: 2026-03-29, words: {New: new, Work: pending_other, Done: resolved}}
"""
# Both nights when clocks change, the ends of a day, a month and a year, there and in America.
MOMENTS = (
    "2025-12-31T23:30:00Z",
    "2026-01-01T00:30:00+01:00",
    "2026-01-31 23:59",
    "05/03/2026 00:00",
    "2026-03-08 02:30",
    "2026-03-29 01:59",
    "2026-03-29 02:30",
    "2026-03-29 03:30",
    "1774747800",
    "Jun 30 2026 20:00 -0400",
    "2026-10-25 02:30",
    "2026-10-25T02:30:00+02:00",
    "2026-11-01 01:30",
)


def content(folder: Path) -> str:
    """Return what the tables hold after the import."""
    intake = Intake(folder)
    rows = "".join(
        f"INC{n % 5},{at},2026-01-0{n % 5 + 1} 00:15,{('New', 'Work', 'Done')[n % 3]}\n"
        for n, at in enumerate(MOMENTS)
    )
    intake.takes("number,at,opened,state\n" + rows, mapping=MAPPING)
    told = intake.content()
    version = intake.version()
    intake.close()
    marks = (version.earliest, version.latest, version.watermark)
    return json.dumps([told, [str(mark) for mark in marks]], default=str)


if __name__ == "__main__":
    print(content(Path(sys.argv[1])))  # noqa: T201 - its answer
