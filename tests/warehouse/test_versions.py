"""Data versions: what belongs together, what counts, and what a killed load left behind."""

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from opsgauge.foundation.errors import ImportRunning, UnknownVersion
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import (
    DataVersion,
    all_versions,
    commit,
    get,
    import_lock,
    latest,
    recover,
)
from tests.warehouse.conftest import SCHEMA, numbers, rows


def version(number: int, tables: Mapping[str, int]) -> DataVersion:
    """Return a data version of that number."""
    made_at = datetime(2026, 1, number, tzinfo=UTC)
    counts: dict[str, Any] = {"tickets": number, "updates": number * 10}
    marks: dict[str, Any] = {"earliest": None, "latest": made_at, "watermark": made_at}
    return DataVersion(number, made_at, "ana", f"load {number}", "id", tables, **counts, **marks)


def test_versions_come_back_as_they_were_committed(warehouse: Warehouse) -> None:
    """Oldest first; the newest is the current one."""
    made = [version(n, {"small": n, "other": 1}) for n in (1, 2, 3)]
    assert (all_versions(warehouse), latest(warehouse)) == ([], None)
    for each in made:
        commit(warehouse, each)

    assert all_versions(warehouse) == made
    assert latest(warehouse) == made[-1]
    assert get(warehouse, 2) == made[1]


def test_a_version_that_is_not_there_is_told(warehouse: Warehouse) -> None:
    """With those that are."""
    with pytest.raises(UnknownVersion, match=r"no data version 1\. Nothing is imported yet"):
        get(warehouse, 1)
    commit(warehouse, version(1, {}))
    with pytest.raises(UnknownVersion, match=r"no data version 2\. There are 1 to 1"):
        get(warehouse, 2)


def test_the_head_of_a_table_is_never_current(warehouse: Warehouse) -> None:
    """Recovery takes every table back to what the newest data version names."""
    for name in ("small", "other"):
        warehouse.make(name, SCHEMA)
        warehouse.append(name, rows(1), SCHEMA)
    commit(warehouse, version(1, {"small": 1, "other": 1}))
    warehouse.append("small", rows(2), SCHEMA)
    warehouse.make("unknown", SCHEMA)
    (warehouse.root / "_work").mkdir()

    assert recover(warehouse) == version(1, {"small": 1, "other": 1})
    assert numbers(warehouse, "small") == [1]
    assert (warehouse.head("small"), warehouse.head("other")) == (3, 1)
    assert not warehouse.exists("unknown")
    assert (warehouse.root / "_work").is_dir()


def test_recovering_twice_is_recovering_once(warehouse: Warehouse) -> None:
    """The restored head is another version with the same rows; the named one stays readable."""
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1), SCHEMA)
    commit(warehouse, version(1, {"small": 1}))
    warehouse.append("small", rows(2), SCHEMA)
    for _ in range(3):
        recover(warehouse)

    assert numbers(warehouse, "small") == [1]
    assert numbers(warehouse, "small", 1) == [1]


def test_before_the_first_version_nothing_counts(warehouse: Warehouse) -> None:
    """What a first import left behind when it was killed is removed."""
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1), SCHEMA)

    assert recover(warehouse) is None
    assert not warehouse.exists("small")


def test_a_warehouse_that_is_not_there_yet_recovers_to_nothing(warehouse: Warehouse) -> None:
    """As in a workspace whose folder was just made."""
    warehouse.root.rmdir()

    assert recover(warehouse) is None


def test_a_half_written_version_does_not_count(warehouse: Warehouse) -> None:
    """The commit of the row is one rename; a file beside it without a log entry is nothing."""
    commit(warehouse, version(1, {}))
    [file] = (warehouse.root / "data_versions").glob("*.parquet")
    (file.parent / "part-orphan.parquet").write_bytes(file.read_bytes())
    log = file.parent / "_delta_log"
    (log / "_commit_1234.json.tmp").write_text("{")

    assert [each.version for each in all_versions(warehouse)] == [1]


HOLD = """
import sys
from pathlib import Path
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import import_lock
with import_lock(Warehouse(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_names_its_holder_and_falls_with_it(warehouse: Warehouse) -> None:
    """Held by another process; free the moment that one is killed."""
    asked = [sys.executable, "-c", HOLD, str(warehouse.root)]
    with subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ImportRunning, match=rf"running \(process {other.pid}\)"):
            import_lock(warehouse).__enter__()
        other.kill()
    with import_lock(warehouse), pytest.raises(ImportRunning, match=rf"process {os.getpid()}\)"):
        import_lock(warehouse).__enter__()
    with import_lock(warehouse):
        pass
