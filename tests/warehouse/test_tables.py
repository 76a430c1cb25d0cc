"""Delta tables: nothing is rounded, nothing old is lost, nothing foreign is misread."""

import json
import struct
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.warehouse.engine import StoredTable, connect, select_stored
from opsgauge.warehouse.tables import Warehouse, cast
from tests.warehouse.conftest import SCHEMA, numbers, rows


def test_a_table_is_made_once(warehouse: Warehouse) -> None:
    """Asked again, what it holds stays."""
    assert not warehouse.exists("small")
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1), SCHEMA)
    warehouse.make("small", SCHEMA)

    assert warehouse.exists("small")
    assert numbers(warehouse, "small") == [1]
    assert warehouse.columns("small") == ("n", "at", "team", "opened_month")


def test_old_versions_stay_readable(warehouse: Warehouse) -> None:
    """Each append and each replacement is a version of its own."""
    warehouse.make("small", SCHEMA, partitioned=True)
    warehouse.append("small", rows(1, 2), SCHEMA)
    warehouse.append("small", rows(3, month="2026-02"), SCHEMA)
    warehouse.replace_months("small", rows(4).to_reader(), SCHEMA, ["2026-01"])

    held = [numbers(warehouse, "small", version) for version in range(4)]
    assert held == [[], [1, 2], [1, 2, 3], [3, 4]]


def test_replacing_months_leaves_the_others_alone(warehouse: Warehouse) -> None:
    """Also where nothing comes in the place of what was there."""
    warehouse.make("small", SCHEMA, partitioned=True)
    for n, month in enumerate(("2026-01", "2026-02", "2026-03"), start=1):
        warehouse.append("small", rows(n, month=month), SCHEMA)
    before = set(warehouse.files("small", warehouse.head("small")))
    warehouse.replace_months(
        "small", rows(8, month="2026-02").to_reader(), SCHEMA, ["2026-01", "2026-02"]
    )

    assert numbers(warehouse, "small") == [3, 8]
    kept = before & set(warehouse.files("small", warehouse.head("small")))
    assert [Path(file).parent.name for file in kept] == ["opened_month=2026-03"]


def test_a_table_of_before_gets_the_columns_it_lacks(warehouse: Warehouse) -> None:
    """Its other months, and its versions up to then, know nothing of them; later writes do."""
    wider = pa.schema([SCHEMA.field("n"), pa.field("fresh", pa.bool_()), *[*SCHEMA][1:]])
    warehouse.make("small", SCHEMA, partitioned=True)
    warehouse.append("small", rows(1), SCHEMA)
    warehouse.append("small", rows(2, month="2026-02"), SCHEMA)
    for month, fresh in (("2026-01", True), ("2026-02", False)):
        told = rows(8, month=month).append_column("fresh", pa.array([fresh]))
        warehouse.replace_months("small", told.to_reader(), wider, [month])

    held = [_with_fresh(warehouse, wider, version) for version in range(2, 5)]
    assert held == [[(1, None), (2, None)], [(2, None), (8, True)], [(8, False), (8, True)]]
    assert [warehouse.late("small", version, wider.names) for version in (2, 3)] == [
        ("fresh",),
        ("fresh",),
    ]


def _with_fresh(warehouse: Warehouse, wider: pa.Schema, version: int) -> list[tuple[Any, ...]]:
    """Return n and the late column, as a query reads them."""
    schema = {"n": "int64", "fresh": "boolean", "opened_month": "string"}
    late = warehouse.late("small", version, wider.names)
    files = warehouse.files("small", version)
    with closing(connect()) as database:
        sql = select_stored(StoredTable("small", schema, files, late=late))
        return sorted(database.execute(f"SELECT n, fresh FROM ({sql})").fetchall())


def test_a_table_goes_back_to_a_version(warehouse: Warehouse) -> None:
    """By a new version, so that nothing is forgotten; where it is there already, by none."""
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1), SCHEMA)
    warehouse.append("small", rows(2), SCHEMA)
    warehouse.restore("small", 1)

    assert numbers(warehouse, "small") == [1]
    assert warehouse.head("small") == 3
    warehouse.restore("small", 3)
    assert warehouse.head("small") == 3
    assert numbers(warehouse, "small", 2) == [1, 2]


def test_the_head_is_that_of_the_opened_table(warehouse: Warehouse) -> None:
    """After each way to write, and beside what a killed writer leaves of a commit."""
    warehouse.make("small", SCHEMA, partitioned=True)
    warehouse.append("small", rows(1), SCHEMA)
    warehouse.replace_months("small", rows(2).to_reader(), SCHEMA, ["2026-01"])
    warehouse.remove("small", "n = 2")
    warehouse.restore("small", 1)
    (warehouse.path("small") / "_delta_log" / "_commit_0a1b.json").write_text("{")

    assert warehouse.head("small") == warehouse.delta("small").version() == 4


def test_rows_of_one_kind_are_removed(warehouse: Warehouse) -> None:
    """And stay in the versions before."""
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1, team="A"), SCHEMA)
    warehouse.append("small", rows(2, team="B"), SCHEMA)
    warehouse.remove("small", "team = 'A'")

    assert numbers(warehouse, "small") == [2]
    assert numbers(warehouse, "small", 2) == [1, 2]


def test_the_log_of_a_table_never_expires_by_itself(warehouse: Warehouse) -> None:
    """Else old data versions would become unopenable after a month."""
    warehouse.make("small", SCHEMA)

    told = warehouse.delta("small").metadata().configuration
    assert told["delta.logRetentionDuration"] == "interval 36500 days"
    assert told["delta.deletedFileRetentionDuration"] == "interval 36500 days"
    assert told["delta.enableExpiredLogCleanup"] == "false"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array([2.5]), pa.int64()),
        (pa.array([Decimal("2.5")]), pa.int64()),
        (pa.array([2**40]), pa.int32()),
        (pa.array([1_000_000_001], pa.timestamp("ns")), pa.timestamp("us")),
        (pa.array(["x"]), pa.int64()),
        (pa.array([2**53 + 1]), pa.float64()),
    ],
)
def test_nothing_is_rounded_or_cut_on_the_way_in(values: pa.Array, kind: pa.DataType) -> None:
    """A value that does not fit its column is an error, never another value."""
    table, schema = pa.table({"value": values}), pa.schema([pa.field("value", kind)])

    with pytest.raises(pa.ArrowInvalid):
        cast(table, schema).read_all()


def test_columns_are_put_in_the_declared_order(warehouse: Warehouse) -> None:
    """Whatever order they came in; one that is missing is an error, one too many is left out."""
    given = pa.table({"team": ["A"], "n": [1], "more": [True], "opened_month": ["x"], "at": [None]})

    found = cast(given, SCHEMA).read_all()
    assert found.schema == SCHEMA
    assert found.to_pylist() == [{"n": 1, "at": None, "team": "A", "opened_month": "x"}]
    with pytest.raises(KeyError):
        cast(given.drop_columns("team"), SCHEMA).read_all()


def test_a_naive_moment_is_not_taken_for_utc_in_silence() -> None:
    """It is UTC by the contract of the engine; another zone keeps its instant."""
    tokyo = pa.array([datetime(2026, 1, 5, 8, tzinfo=UTC)], pa.timestamp("us", tz="Asia/Tokyo"))
    schema = pa.schema([SCHEMA.field("at")])

    found = cast(pa.table({"at": tokyo}), schema).read_all()
    assert found["at"].to_pylist() == [datetime(2026, 1, 5, 8, tzinfo=UTC)]


def test_a_file_is_adopted_without_a_copy(warehouse: Warehouse) -> None:
    """Columns it brings are added, those it lacks are missing in it."""
    schema = pa.schema([pa.field("n", pa.int64())])
    warehouse.make("raw", schema)
    for name, table in (
        ("a.parquet", pa.table({"n": [1], "x": ["one"]})),
        ("b.parquet", pa.table({"n": [2], "y": ["two"]})),
    ):
        pq.write_table(table, warehouse.path("raw") / name)
        warehouse.adopt("raw", warehouse.path("raw") / name, 1)

    assert {Path(file).name for file in warehouse.files("raw", 4)} == {"a.parquet", "b.parquet"}
    held = sorted(warehouse.delta("raw").to_pyarrow_table().to_pylist(), key=lambda row: row["n"])
    assert held == [{"n": 1, "x": "one", "y": None}, {"n": 2, "x": None, "y": "two"}]


def z85(content: bytes) -> str:
    """Return bytes as Delta writes them into its log."""
    letters = (
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    )
    written = ""
    for at in range(0, len(content), 4):
        value, five = int.from_bytes(content[at : at + 4].ljust(4, b"\0"), "big"), ""
        for _ in range(5):
            value, rest = divmod(value, 85)
            five = letters[rest] + five
        written += five
    return written


def test_deletion_vectors_of_another_engine_are_refused(warehouse: Warehouse) -> None:
    """A plain read of the files would bring deleted rows back."""
    warehouse.make("small", SCHEMA)
    warehouse.append("small", rows(1, 2, 3), SCHEMA)
    log = warehouse.path("small") / "_delta_log"
    written = (log / "00000000000000000001.json").read_text().splitlines()
    [add] = [json.loads(line)["add"] for line in written if '"add"' in line]
    # One bitmap of one number: the first row is deleted.
    bitmap = struct.pack("<iqiIIHHIH", 1681511377, 1, 0, 12346, 1, 0, 0, 16, 0)
    features = {"readerFeatures": ["deletionVectors"], "writerFeatures": ["deletionVectors"]}
    marked: list[dict[str, Any]] = [
        {"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, **features}},
        {"remove": {"path": add["path"], "deletionTimestamp": 1, "dataChange": True}},
        {
            "add": add
            | {
                "deletionVector": {
                    "storageType": "i",
                    "pathOrInlineDv": z85(bitmap),
                    "sizeInBytes": len(bitmap),
                    "cardinality": 1,
                }
            }
        },
    ]
    (log / "00000000000000000002.json").write_text("\n".join(map(json.dumps, marked)))

    assert len(warehouse.files("small", 1)) == 1
    with pytest.raises(WarehouseDamaged, match="'small' holds deletion vectors"):
        warehouse.files("small", 2)


@pytest.mark.parametrize("damage", ["version", "log"])
def test_a_table_that_does_not_open_is_told(warehouse: Warehouse, damage: str) -> None:
    """A version that never was, or a log that cannot be read."""
    warehouse.make("small", SCHEMA)
    if damage == "log":
        (warehouse.path("small") / "_delta_log" / "00000000000000000000.json").write_text("{")

    with pytest.raises(WarehouseDamaged, match=r"Table 'small' does not open at version \d"):
        warehouse.files("small", 7 if damage == "version" else 0)
