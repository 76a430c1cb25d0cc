"""One small desk of real shape, opened by both engines."""

import csv
import random
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from opsgauge.foundation.settings import make_workspace
from opsgauge.log.building import stored_table
from opsgauge.log.related import READ_BESIDE
from opsgauge.log.tables import LOG_TABLES
from opsgauge.operations.context import Context
from opsgauge.operations.ingest import ingest
from opsgauge.operations.opened import OpenVersion
from opsgauge.warehouse.engine import Engine, StoredTable

TICKETS = 300
# A few hundred rows: compiling Java and shuffling in parts would take all the time.
FOR_A_SMALL_DESK = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.default.parallelism": "1",
    "spark.sql.files.openCostInBytes": "134217728",
}
MAPPING = dedent("""
    source: small_desk
    shape: updates
    ticket_id: number
    times: {zone: UTC}
    order: [step]
    fields:
      updated_at: at
      opened_at: opened
      original_status: state
      team: team
      assignee: who
      actor: who
      priority: priority
      category: category
      sla_met: met
      knowledge_used: article
      major: major
    phases:
      New: new
      Work: in_progress
      Asked: pending_user
      Done: resolved
      Shut: closed
      Dropped: cancelled
    attributes: {floor: floor}
    automatic: [bob]
    """)
HEADER = (
    *("number", "step", "at", "opened", "state", "team", "who"),
    *("priority", "category", "met", "article", "major", "floor"),
)
PATHS = (
    ("New", "Work", "Done", "Shut"),
    ("New", "Work", "Asked", "Work", "Done", "Shut"),
    ("New", "Work", "Done", "Work", "Done"),
    ("Work", "Asked"),
    ("New", "Dropped"),
    ("New",),
)


@dataclass(frozen=True)
class Both:
    """The same data version, opened twice."""

    ctx: Context
    opened: OpenVersion
    spark: Engine
    stored: Sequence[StoredTable]


def write_log(file: Path) -> None:
    """Write an audit log of a few hundred tickets, the same every time."""
    dice = random.Random(7)  # noqa: S311 - a desk is no secret
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for number in range(TICKETS):
            opened = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(200_000))
            at = opened + timedelta(minutes=dice.choice([0, 7]))
            fixed = [
                dice.choice("123"),
                dice.choice(["Mail", "Print", ""]),
                dice.choice(["true", "false", ""]),
                dice.choice(["true", "false"]),
                dice.choice(["true", "false", "false", "false"]),
                dice.choice(["1", "2", ""]),
            ]
            for step, state in enumerate(dice.choice(PATHS)):
                team = dice.choice(["Desk", "Desk", "Network", ""])
                who = dice.choice(["ann", "bob", ""])
                stamps = [at.isoformat(), opened.isoformat()]
                writer.writerow([f"T{number}", step, *stamps, state, team, who, *fixed])
                at += timedelta(seconds=dice.randrange(300_000))


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Import the log once; open it with DuckDB and with Spark."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyspark warns of pandas 3, which is not used
        from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415
    folder = tmp_path_factory.mktemp("engines")
    ctx = Context(make_workspace(folder / "desk"))
    write_log(folder / "log.csv")
    (folder / "small.yaml").write_text(MAPPING)
    ingest(ctx, [folder / "log.csv"], str(folder / "small.yaml"))
    opened = ctx.opened()
    stored = [
        stored_table(ctx.warehouse, table, opened.version.tables.get(table.name))
        for table in (*LOG_TABLES, *READ_BESIDE)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spark = SparkEngine(stored, opened.periods.tables(), FOR_A_SMALL_DESK)
        yield Both(ctx, opened, spark, stored)
        spark.stop()
