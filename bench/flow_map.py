"""The directly-follows graph of ten million updates, beside DuckDB by hand and beside PM4Py.

By hand means: the query a competent person writes over the same Parquet files, giving the same
columns. PM4Py gets the same events in memory as a data frame, and runs once: it takes minutes.
"""

import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from bench.events import MAPPING, write_events
from bench.measuring import Bound, Result, in_turns, opsgauge, ratio, run_program
from opsgauge.analysis.mining.flow_map import arc_rows
from opsgauge.foundation.settings import open_workspace
from opsgauge.log.building import stored_table
from opsgauge.log.tables import HISTORY, LOG_TABLES
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import DuckEngine, connect, file_list

BY_HAND = """
SELECT activity, next_activity, count(*) AS n, quantile_cont(elapsed_us, [0.5, 0.9]) AS q,
       avg(elapsed_us) AS mean, sum(elapsed_us) AS total
FROM read_parquet({files}, hive_partitioning = true)
WHERE seq >= 1 AND until IS NOT NULL GROUP BY ALL ORDER BY n DESC
"""


def flow_map(quick: bool) -> Result:
    """At most 1.2 times the query by hand, and 12 times as fast as PM4Py."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        rows = write_events(work / "events.csv", 500_000 if quick else 10_600_000)
        (work / "large.yaml").write_text(MAPPING)
        run_program(opsgauge("init", str(work / "workspace")))
        run_program(
            opsgauge(
                "import",
                str(work / "events.csv"),
                "--mapping",
                str(work / "large.yaml"),
                "--workspace",
                str(work / "workspace"),
            ),
            fine=(0, 1),
        )
        ctx = Context(open_workspace(work / "workspace"))
        stored = versions.all_versions(ctx.warehouse)[-1].tables
        files = ctx.warehouse.files(HISTORY.name, stored[HISTORY.name])
        engine = DuckEngine(
            [stored_table(ctx.warehouse, t, stored.get(t.name)) for t in LOG_TABLES]
        )
        database = connect()
        query = BY_HAND.format(files=file_list(files))

        def ours() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = engine.run(
                arc_rows(ctx.tables.history, "activity")
            ).to_pylist()
            return found

        def by_hand() -> list[Any]:
            return database.execute(query).fetchall()

        told = {(row["from_"], row["to"]): row["count"] for row in ours()}
        if told != {(row[0], row[1]): row[2] for row in by_hand()}:
            raise RuntimeError("the two graphs differ")
        seconds = in_turns({"by hand": by_hand, "opsgauge": ours}, rounds=3 if quick else 9)
        seconds["pm4py"] = [_pm4py(files)]
    bounds = [
        Bound(
            "directly-follows graph, times the query by hand",
            ratio(seconds, "opsgauge", "by hand"),
            1.2,
        ),
        Bound("times faster than PM4Py", ratio(seconds, "pm4py", "opsgauge"), 12, at_least=True),
    ]
    return Result("flow_map", seconds, bounds, {"rows": rows, "arcs": len(told)})


def _pm4py(files: tuple[str, ...]) -> float:
    """Return the seconds PM4Py takes over the same events, already in memory."""
    import pandas as pd  # noqa: PLC0415 - parts of the bench alone
    import pm4py  # noqa: PLC0415

    database = connect()
    events = database.sql(
        f'SELECT ticket_id AS "case:concept:name", activity AS "concept:name", '
        f'since AS "time:timestamp" FROM read_parquet({file_list(files)}) WHERE seq >= 1 '
        "ORDER BY ticket_id, seq"
    ).to_arrow_table()
    frame = events.to_pandas()
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        pm4py.discover_performance_dfg(frame)
        return time.perf_counter() - start
