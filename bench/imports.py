"""Import beside DuckDB alone, which turns the same CSV into one Parquet file sorted by ticket.

Ours runs as a user runs it, start of the process included; DuckDB's time is its query's alone, with
the file unzipped before: the harder reading of the promise.
"""

import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

from bench.events import MAPPING, write_events
from bench.measuring import (
    ROOT,
    SHARED_DATA,
    Bound,
    Result,
    in_turns,
    opsgauge,
    ratio,
    run_program,
    weighed,
)
from opsgauge.warehouse.engine import connect, quoted


def import_uci(quick: bool) -> Result:
    """UCI 498: the zip to a queryable workspace, at most 12 times DuckDB alone."""
    name = "import_uci"
    zipped = SHARED_DATA / "uci_incident" / "incident_event_log_original.zip"
    if not zipped.is_file():
        return Result(name, {}, [], skipped=f"the public log does not lie in {SHARED_DATA}")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with zipfile.ZipFile(zipped) as archive:
            csv = Path(archive.extract(archive.namelist()[0], work))
        mapping = ROOT / "examples" / "uci-incidents" / "mapping.yaml"
        ours = _Import(zipped, mapping, work)
        seconds = in_turns(
            {
                "duckdb": lambda: _sorted_parquet(csv, work, "number, sys_mod_count::INT"),
                "opsgauge": ours.run,
            },
            rounds=2 if quick else 5,
            before=ours.prepare,
        )
    bound = Bound("import of the UCI zip, times DuckDB alone", ratio(seconds, *_SIDES), 12)
    return Result(name, seconds, [bound])


def import_10m(quick: bool) -> Result:
    """Ten million updates: at most 8 times DuckDB alone, and under 4 GB."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        csv = work / "events.csv"
        rows = write_events(csv, 500_000 if quick else 10_600_000)
        (work / "large.yaml").write_text(MAPPING)
        ours = _Import(csv, work / "large.yaml", work)
        seconds = in_turns(
            {
                "duckdb": lambda: _sorted_parquet(csv, work, "ticket, step::INT"),
                "opsgauge": ours.run,
            },
            rounds=1 if quick else 3,
            before=ours.prepare,
        )
        megabytes = csv.stat().st_size / 1e6
    bounds = [
        Bound("import of ten million updates, times DuckDB alone", ratio(seconds, *_SIDES), 8),
        Bound("its memory, GB", max(ours.memory), 4),
    ]
    return Result("import_10m", seconds, bounds, {"rows": rows, "csv_megabytes": megabytes})


_SIDES = ("opsgauge", "duckdb")


def _sorted_parquet(csv: Path, work: Path, order: str) -> None:
    database = connect()
    database.execute(
        f"COPY (FROM read_csv({quoted(str(csv))}, all_varchar = true) ORDER BY {order}) "
        f"TO {quoted(str(work / 'sorted.parquet'))} (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()
    database.close()


class _Import:
    """The program `opsgauge import`, into a fresh workspace each time."""

    def __init__(self, file: Path, mapping: Path, work: Path) -> None:
        self.memory: list[float] = []  # the most that each run held, GB
        self._workspace = str(work / "workspace")
        self._command = opsgauge("import", str(file), "--mapping", str(mapping))
        run_program([sys.executable, "-m", "compileall", "-q", str(ROOT / "src")])

    def prepare(self) -> None:
        """Make an empty workspace."""
        shutil.rmtree(self._workspace, ignore_errors=True)
        run_program(opsgauge("init", self._workspace))

    def run(self) -> None:
        """Import; words without a mapping end it with 1, which is fine."""
        self.memory.append(weighed([*self._command, "--workspace", self._workspace], fine=(0, 1)))
