"""Import: files in, a new data version out; whole, or not at all.

Floor 5. In order: lock, undo what a killed import left, land each file's records, judge them,
rebuild the tickets they touch, append the row that makes it all count, write the audit line.
"""

import hashlib
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.foundation.clock import Stopwatch
from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.governance import audit
from opsgauge.governance.settings_log import note_settings
from opsgauge.log.building import Builder, Built, raw_files, stored_table
from opsgauge.log.changed_fields import told_of_unnamed
from opsgauge.log.contact_tying import tie_contacts
from opsgauge.log.judging import Judge, Judged, as_json, check_moments
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.raw import raw_rows, raw_table
from opsgauge.log.related import CONTACTS
from opsgauge.log.related_building import RelatedBuilder
from opsgauge.log.tables import HISTORY, PERSONS, RECEIPTS, REJECTED, TICKETS, Table
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.full_disk import full_disk_told
from opsgauge.operations.loading import Load, told_apart, zones_told
from opsgauge.operations.mappings import find_mapping
from opsgauge.sources.landing import Landed, Landing, land
from opsgauge.sources.registry import find_reader
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import connect, number, quoted, select_stored
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion, import_lock, recover

WORK = "_work"
ACTION = "import:run"
FILES_AT_ONCE = 1_000_000  # so that files are in order over imports and within one
ANEW = "The mapping is another than at the last import, so every ticket of the source was rebuilt."


def ingest(
    ctx: Context,
    files: Sequence[Path],
    mapping_name: str,
    dry_run: bool = False,
    leave_out: bool = False,
) -> Imported:
    """Import files of one source.

    Needs `import:run`. With `dry_run` nothing is kept: it says what an import would do. With
    `leave_out`, a file that cannot be imported is told among the answer's files and stops no other.

    Raises
    ------
    MappingWrong, FileUnreadable : nothing was imported, no file of several
    ImportRunning : another import holds the lock
    DiskFull : there is no room left; what was stored before is as it was
    """
    ctx.require(ACTION)
    with full_disk_told(ctx):
        return _ingest(ctx, files, mapping_name, dry_run, leave_out)


def _ingest(
    ctx: Context, files: Sequence[Path], mapping_name: str, dry_run: bool, leave_out: bool
) -> Imported:
    watch = Stopwatch()
    mapping, mapping_text = find_mapping(ctx, mapping_name)
    with import_lock(ctx.warehouse), _workbench(ctx) as (database, work):
        before = recover(ctx.warehouse)
        note_settings(ctx.database, ctx.clock, ctx.actor, ctx.workspace.settings.model_dump())
        _catch_up(ctx, before)
        load = Load(
            import_id=uuid.uuid4().hex,
            number=(before.version if before else 0) + 1,
            received_at=ctx.clock(),
            before=before,
        )
        load.anew = _mapped_otherwise(database, ctx.warehouse, mapping, load)
        key = ctx.workspace.secret() if ctx.workspace.settings.pseudonyms else None
        builder: Builder | RelatedBuilder = (
            RelatedBuilder(database, ctx.warehouse, mapping, key)
            if mapping.related
            else Builder(database, ctx.warehouse, mapping, work, key)
        )
        judge = Judge(database, ctx.warehouse, mapping)
        version, touched = before, 0
        try:
            for file in files:
                with told_apart(load, file, leave_out):
                    _take_in(ctx, database, judge, load, (file, mapping, mapping_text, work))
            reasons = load.reasons()
            if load.changes and not dry_run:
                if load.anew:
                    _judge_anew(judge, load, raw_files(ctx.warehouse, mapping.stream, load.stored))
                version, touched = _build_and_commit(ctx, database, builder, mapping, load)
        finally:
            if version is before:
                _forget(ctx, load)
    if load.receipts and not dry_run:
        _audit(ctx, version, load)
    return Imported(
        data_version=version.version if version else 0,
        read=load.total("read"),
        accepted=load.total("accepted"),
        duplicate=load.total("duplicate"),
        rejected=load.total("rejected"),
        tickets_touched=touched,
        unmapped=load.unmapped,
        seconds=round(watch.seconds(), 3),
        dry_run=dry_run,
        notes=(
            *((ANEW,) if load.anew and not dry_run else ()),
            *told_of_unnamed(load.unnamed),
            *zones_told(mapping.times.zone, ctx.workspace.settings.zone),
        ),
        reasons=reasons,
        files=tuple(load.told),
    )


def _mapped_otherwise(
    database: duckdb.DuckDBPyConnection, warehouse: Warehouse, mapping: Mapping, load: Load
) -> bool:
    """Say whether the source's records were last read by a mapping that means something else."""
    receipts = select_stored(stored_table(warehouse, RECEIPTS, load.stored.get(RECEIPTS.name)))
    rows = database.execute(
        f"SELECT mapping FROM ({receipts}) WHERE source = {quoted(mapping.stream)} "
        "ORDER BY received_at DESC LIMIT 1"
    ).fetchall()
    try:
        return not all(
            parse_mapping(str(text), mapping.stream).reads_like(mapping) for (text,) in rows
        )
    except MappingWrong:  # written for a format that is read no longer
        return True


def _build_and_commit(
    ctx: Context,
    database: duckdb.DuckDBPyConnection,
    builder: Builder | RelatedBuilder,
    mapping: Mapping,
    load: Load,
) -> tuple[DataVersion, int]:
    ctx.progress("Rebuilding tickets", None)
    known = raw_files(ctx.warehouse, mapping.stream, load.stored)
    built = Built(0, (), PERSONS.arrow_schema().empty_table())
    if load.fresh or load.anew:
        built = builder.build(load.fresh, known, load.stored, everything=load.anew)
    return _commit(ctx, database, mapping, load, built), built.touched


def _judge_anew(judge: Judge, load: Load, known: Sequence[str]) -> None:
    """Let what all records of the source are worth now stand for what was said of them before."""
    judged = judge.judge([*known, *load.fresh], load.import_id)
    told = [rows.filter(pc.is_null(rows["column"])) for rows in load.rejected]
    load.rejected = [judge.unreadable_before(load.stored), *told, judged.rejected]
    load.unmapped = {name: dict(words) for name, words in judged.unmapped.items()}
    load.unnamed = Counter(judged.unnamed)
    for receipt in load.receipts:
        receipt["unmapped"] = as_json({})
    load.receipts[-1]["unmapped"] = as_json(judged.unmapped)


def _forget(ctx: Context, load: Load) -> None:
    """Remove what was landed and will not count."""
    for file in load.fresh:
        Path(file).unlink(missing_ok=True)
    recover(ctx.warehouse)


@contextmanager
def _workbench(ctx: Context) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    folder = ctx.workspace.warehouse / WORK
    shutil.rmtree(folder, ignore_errors=True)  # what a killed import left, the lock is ours
    folder.mkdir()
    database = connect(ctx.workspace.settings.memory_limit, spill_to=folder / "spill")
    try:
        yield database, folder
    finally:
        database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _take_in(
    ctx: Context,
    database: duckdb.DuckDBPyConnection,
    judge: Judge,
    load: Load,
    what: tuple[Path, Mapping, str, Path],
) -> None:
    """Land one file and judge its records."""
    file, mapping, mapping_text, work = what
    ctx.progress(f"Reading {file.name}", None)
    # Before it is read: what is written to it meanwhile is then met at the next import.
    checksum = checksum_of(file) if file.is_file() else ""
    own_work = Path(tempfile.mkdtemp(dir=work))
    reader, ready = find_reader(file, own_work, mapping.encoding)
    opened = reader.open(database, ready, own_work)
    mapping.check_columns(opened.header, file.name)
    settings = ctx.workspace.settings
    known = (*raw_files(ctx.warehouse, mapping.stream, load.stored), *load.fresh)
    how = Landing(
        file.name,
        ctx.workspace.secret(),
        settings.pseudonyms,
        settings.keep_text,
        load.number * FILES_AT_ONCE + len(load.receipts),
        known,
    )
    landed = land(database, opened, mapping, ctx.warehouse, how)
    if not landed.read:
        raise FileUnreadable(
            f"{file.name} holds a header and no records.",
            hint="Export it again, with records in it.",
        )
    judged = _judge(judge, landed, load, file.name, checksum)
    check_moments(judged.rejected, landed.rows, file.name)
    for name, words in judged.unmapped.items():
        counts = load.unmapped.setdefault(name, {})
        for word, times in words.items():
            counts[word] = counts.get(word, 0) + times
    load.unnamed.update(judged.unnamed)
    if judged.rejected.num_rows:
        load.rejected.append(judged.rejected)
    # Lines that could not be cut have no column at fault; those told before are told no more.
    accepted = landed.rows - pc.count(judged.rejected["column"]).as_py()
    load.receipts.append(
        {
            "import_id": load.import_id,
            "source": mapping.stream,
            "file": file.name,
            "checksum": checksum,
            "received_at": load.received_at,
            "read": landed.read,
            "accepted": accepted,
            "duplicate": landed.read - accepted - judged.rejected.num_rows,
            "rejected": judged.rejected.num_rows,
            "earliest": judged.earliest,
            "latest": judged.latest,
            "mapping": mapping_text,
            "unmapped": as_json(judged.unmapped),
        }
    )
    shutil.rmtree(own_work, ignore_errors=True)


def _judge(judge: Judge, landed: Landed, load: Load, name: str, checksum: str) -> Judged:
    faulty = judge.unreadable(landed.faulty, load.import_id, name, checksum, load.stored)
    if landed.file is None:
        return Judged(faulty, {}, None, None)
    load.fresh.append(str(landed.file))
    judged = judge.judge([str(landed.file)], load.import_id)
    both = pa.concat_tables([faulty, judged.rejected])
    return replace(judged, rejected=both)


def checksum_of(file: Path) -> str:
    """Return the SHA-256 of a file, by which receipts know it again."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _commit(
    ctx: Context,
    database: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    load: Load,
    built: Built,
) -> DataVersion:
    """Append what is kept beside the log, then the row after which all of it counts."""
    warehouse = ctx.warehouse
    raw = raw_table(mapping.stream)
    for file in load.fresh:
        warehouse.adopt(
            raw, Path(file), number(database, f"SELECT count(*) FROM {raw_rows([file])}")
        )
    beside: list[tuple[Table, pa.Table]] = [
        (RECEIPTS, pa.Table.from_pylist(load.receipts, schema=RECEIPTS.arrow_schema())),
        (PERSONS, built.persons),
        *((REJECTED, rows) for rows in load.rejected),
    ]
    if load.anew and warehouse.exists(REJECTED.name):
        warehouse.remove(REJECTED.name, f"source = {quoted(mapping.stream)}")
    for table, rows in beside:
        warehouse.make(table.name, table.arrow_schema())
        if rows.num_rows:
            warehouse.append(table.name, rows, table.arrow_schema())
    if mapping.table in (TICKETS.name, CONTACTS.name):
        tie_contacts(database, warehouse, load.stored, {mapping.table})
    names = [folder.name for folder in warehouse.root.iterdir() if warehouse.exists(folder.name)]
    tables = {name: warehouse.head(name) for name in names if name != versions.TABLE}
    version = DataVersion(
        version=load.number,
        made_at=ctx.clock(),
        by=ctx.actor.name,
        what=f"import of {', '.join(str(r['file']) for r in load.receipts)} as {mapping.stream}",
        import_id=load.import_id,
        tables=tables,
        **_span(database, warehouse, tables),
    )
    versions.commit(warehouse, version)
    return version


def _span(
    database: duckdb.DuckDBPyConnection, warehouse: Warehouse, tables: dict[str, int]
) -> dict[str, Any]:
    """Count tickets and updates, and bound every moment in them."""
    if TICKETS.name not in tables or HISTORY.name not in tables:
        return {"tickets": 0, "updates": 0, "earliest": None, "latest": None, "watermark": None}
    moments = [c.name for c in TICKETS.columns if c.type == "instant"]
    ends = ", ".join(moments)
    [row] = database.execute(
        f"SELECT count(*), coalesce(sum(update_count), 0), min(least({ends})), "
        f"max(greatest({ends})), max(last_update_at) "
        f"FROM ({select_stored(stored_table(warehouse, TICKETS, tables[TICKETS.name]))})"
    ).fetchall()
    first, last, newest = (m.replace(tzinfo=UTC) if m else None for m in row[2:])
    return {
        "tickets": int(row[0]),
        "updates": int(row[1]),
        "earliest": first,
        "latest": last,
        "watermark": newest,
    }


def _audit(ctx: Context, version: DataVersion | None, load: Load | None = None) -> None:
    """Write who imported what, and what came of it; an import that changed nothing is told too."""
    if version is None or (load and version is load.before):
        names = [str(receipt["file"]) for receipt in load.receipts] if load else []
        told: dict[str, Any] = {"what": f"{', '.join(names)}: nothing new"}
        audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, "no new data version", after=told)
        return
    told = {"what": version.what, "tickets": version.tickets, "updates": version.updates}
    audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, _subject(version), after=told)


def _catch_up(ctx: Context, newest: DataVersion | None) -> None:
    """Write the audit line of an import that was killed after it counted and before it was told."""
    if newest and not audit.lines(ctx.database, limit=1, subject=_subject(newest)):
        _audit(ctx, newest)


def _subject(version: DataVersion) -> str:
    return f"data version {version.version}"
