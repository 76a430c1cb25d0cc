"""After 1 % of new tickets: how much less is done than by starting from nothing.

The log of ten million updates is imported whole, and in two parts: all but the tickets opened last,
then those. A server that was asked every metric by month and team is asked again after the second
part; what it takes is held against asking everything anew, questions compiled before either way.

`python -m bench.renewal WORKSPACE MAPPING FILE` does that in a process of its own and prints the
seconds as JSON.
"""

import json
import sys
import tempfile
import time
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

from bench.events import MAPPING, write_events
from bench.measuring import Bound, Result, opsgauge, output_and_weight, run_program
from bench.pages import is_there
from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.settings import open_workspace
from opsgauge.metrics.question import Question
from opsgauge.operations.context import Context
from opsgauge.operations.ingest import ingest
from opsgauge.operations.measure import measure
from opsgauge.operations.opened import OpenVersion, Readers
from opsgauge.warehouse.engine import connect, quoted

UPDATES, QUICK_UPDATES = 10_600_000, 200_000
NEW = 0.01  # of the tickets


class Anew(Readers):
    """Readers that compiled what others did, and were asked nothing yet."""

    def __init__(self, others: Readers) -> None:
        super().__init__(in_memory=True, remember=True)
        self._others_compiled = others

    def compiled(self, scope: Scope, opened: OpenVersion) -> dict[Hashable, str]:
        """Return the shapes that the others compiled."""
        return self._others_compiled.compiled(scope, opened)


def renewal(quick: bool) -> Result:
    """Import and ask in two parts; hold the second against everything."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        log, most, rest = (work / f"{name}.csv" for name in ("log", "most", "rest"))
        mapping = work / "large_desk.yaml"
        mapping.write_text(MAPPING)
        updates = write_events(log, QUICK_UPDATES if quick else UPDATES)
        new = _parted(log, most, rest)
        whole = _imported(work / "whole", log, mapping)
        _imported(work / "parted", most, mapping)
        asked = [sys.executable, "-m", "bench.renewal"]
        told = json.loads(
            output_and_weight([*asked, str(work / "parted"), str(mapping), str(rest)])[0]
        )
    seconds = {
        "import, everything": whole,
        "import, new tickets": told["import"],
        "metrics, everything": told["everything"],
        "metrics, renewed": told["renewed"],
    }
    part = told["import"] + told["renewed"]
    bounds = [
        Bound("import and metrics, of everything", part / (whole + told["everything"]), 0.15),
        Bound("metrics alone, of everything", told["renewed"] / told["everything"], 0.05),
    ]
    notes = {"updates": updates, "new tickets": new, "metrics": told["metrics"]}
    return Result("renewal", {name: [each] for name, each in seconds.items()}, bounds, notes)


def _parted(log: Path, most: Path, rest: Path) -> int:
    """Write the updates of the tickets opened last apart from the others; return how many."""
    database = connect()
    database.execute(
        f"CREATE TABLE log AS SELECT * FROM read_csv({quoted(str(log))}, all_varchar = true)"
    )
    [(since,)] = database.execute(
        f"SELECT quantile_disc(opened, {1 - NEW}) FROM (SELECT DISTINCT ticket, opened FROM log)"
    ).fetchall()
    for file, sign in ((most, "<="), (rest, ">")):
        database.execute(
            f"COPY (SELECT * FROM log WHERE opened {sign} {quoted(since)}) "
            f"TO {quoted(str(file))} (FORMAT csv, HEADER)"
        )
    [(new,)] = database.execute(
        f"SELECT count(DISTINCT ticket) FROM log WHERE opened > {quoted(since)}"
    ).fetchall()
    database.close()
    return int(new)


def _imported(workspace: Path, file: Path, mapping: Path) -> float:
    run_program(opsgauge("init", str(workspace)))
    start = time.perf_counter()
    named = ("--mapping", str(mapping), "--workspace", str(workspace))
    run_program(opsgauge("import", str(file), *named), fine=(0, 1))
    return time.perf_counter() - start


def _asked(workspace: Path, mapping: Path, file: Path) -> Mapping[str, Any]:
    opened = open_workspace(workspace)
    readers = Readers(in_memory=True, remember=True)
    ctx = Context(opened, readers=readers)
    asked = len(_ask_all(ctx)[1])
    start = time.perf_counter()
    ingest(Context(opened), [file], str(mapping))
    imported = time.perf_counter() - start
    ctx.opened()
    renewed, _ = _ask_all(ctx)
    alone = Context(opened, readers=Anew(readers))
    alone.opened()
    everything, _ = _ask_all(alone)
    return {"import": imported, "renewed": renewed, "everything": everything, "metrics": asked}


def _ask_all(ctx: Context) -> tuple[float, list[str]]:
    """Ask every metric by month and team; return the seconds and what was asked.

    Which columns hold something, and what the checks of the data say, is looked up before.
    """
    ctx = ctx.holding()
    there = [m.name for m in ctx.catalogue if is_there(ctx, m) and m.may_split("team")]
    measure(ctx, Question(there[0]))
    start = time.perf_counter()
    for name in there:
        measure(ctx, Question(name, by=("team",), period="month"))
    return time.perf_counter() - start, there


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_asked(*map(Path, sys.argv[1:]))))
