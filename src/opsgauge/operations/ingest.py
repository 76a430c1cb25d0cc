"""Import: files in, a new data version out; whole, or not at all.

Floor 5. In order: lock, undo what a killed import left, land each file's records, judge them,
rebuild the tickets they touch, append the row that makes it all count, write the audit line.
"""

import hashlib
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.foundation.clock import Stopwatch
from opsgauge.foundation.errors import FileUnreadable, MappingWrong
from opsgauge.governance import audit
from opsgauge.governance.settings_log import note_settings
from opsgauge.log.answers import told_of_unmet
from opsgauge.log.building import Builder, Built, raw_files, stored_table
from opsgauge.log.changed_fields import told_of_unnamed
from opsgauge.log.contact_tying import tie_contacts
from opsgauge.log.judging import Judge, Judged, as_json, check_moments
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.raw import raw_rows, raw_table
from opsgauge.log.related import CONTACTS
from opsgauge.log.related_building import RelatedBuilder
from opsgauge.log.tables import (
    DEFINITIONS,
    DELETIONS,
    PERSONS,
    RECEIPTS,
    REJECTED,
    TICKETS,
    Table,
)
from opsgauge.operations.answers import Imported
from opsgauge.operations.context import Context
from opsgauge.operations.definitions_kept import definitions_to_note
from opsgauge.operations.erasing_ended import erased_in, finish
from opsgauge.operations.full_disk import full_disk_told
from opsgauge.operations.going import USUAL, FullExport, Going, rebuild_beside
from opsgauge.operations.loading import Load, heads, span, told_apart, workbench, zones_told
from opsgauge.operations.mappings import find_mapping
from opsgauge.operations.record_facts import write_decided
from opsgauge.sources.landing import Landed, Landing, land
from opsgauge.sources.registry import find_reader
from opsgauge.warehouse import versions
from opsgauge.warehouse.engine import number, quoted, select_stored
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion, import_lock, recover

ACTION = "import:run"
ANEW = "The mapping is another than at the last import, so every ticket of the source was rebuilt."


def ingest(
    ctx: Context,
    files: Sequence[Path],
    mapping_name: str,
    dry_run: bool = False,
    leave_out: bool = False,
    export: FullExport = USUAL,
) -> Imported:
    """Import files of one source.

    Needs `import:run`. With `dry_run` nothing is kept: it says what an import would do. With
    `leave_out`, a file that cannot be imported is told among the answer's files and stops no other.
    `export` says whether the files hold all tickets of the source, so that others are gone.

    Raises
    ------
    MappingWrong, FileUnreadable : nothing was imported, no file of several
    TooManyGone : a full export lacks more tickets than may go unasked; nothing was imported
    ImportRunning : another import holds the lock
    DiskFull : there is no room left; what was stored before is as it was
    """
    ctx.require(ACTION)
    with full_disk_told(ctx):
        return _ingest(ctx, files, mapping_name, export, (dry_run, leave_out))


@dataclass(frozen=True)
class _Bench:
    """One import under way: where it works, by which mapping, and what it has found so far."""

    ctx: Context
    database: duckdb.DuckDBPyConnection
    work: Path
    mapping: Mapping
    mapping_text: str
    load: Load
    judge: Judge
    going: Going

    @property
    def known(self) -> tuple[str, ...]:
        """The source's raw files of the committed data version."""
        return raw_files(self.ctx.warehouse, self.mapping.stream, self.load.stored)

    @property
    def key(self) -> bytes | None:
        """What hides persons, None where they are kept as they are."""
        workspace = self.ctx.workspace
        return workspace.secret() if workspace.settings.pseudonyms else None


def _ingest(
    ctx: Context,
    files: Sequence[Path],
    mapping_name: str,
    export: FullExport,
    how: tuple[bool, bool],
) -> Imported:
    (dry_run, leave_out), watch = how, Stopwatch()
    mapping, mapping_text = find_mapping(ctx, mapping_name)
    with import_lock(ctx.warehouse), workbench(ctx.workspace) as (database, work):
        before = recover(ctx.warehouse)
        note_settings(ctx.database, ctx.clock, ctx.actor, ctx.workspace.settings.model_dump())
        finish(ctx, before)
        _catch_up(ctx, before)
        load = Load(
            import_id=uuid.uuid4().hex,
            number=(before.version if before else 0) + 1,
            received_at=ctx.clock(),
            before=before,
        )
        load.anew = _mapped_otherwise(database, ctx.warehouse, mapping, load)
        judge = Judge(database, ctx.warehouse, mapping)
        going = Going(ctx, database, mapping, load, export)
        bench = _Bench(ctx, database, work, mapping, mapping_text, load, judge, going)
        version, touched = before, 0
        try:
            for file in files:
                with told_apart(load, file, leave_out):
                    _take_in(bench, file)
                going.heed()
            going.settle([*bench.known, *load.fresh], dry_run)
            reasons = load.reasons()
            if load.changes and not dry_run:
                version, touched = _build_and_commit(bench)
        finally:
            if version is before:
                _forget(ctx, load)
    if load.receipts and not dry_run:
        _audit(ctx, version, load, going.told())
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
            *going.notes,
            *told_of_unnamed(load.unnamed),
            *told_of_unmet(load.unmet),
            *zones_told(mapping.times.zone, ctx.workspace.settings.zone),
        ),
        reasons=reasons,
        files=tuple(load.told),
        gone=going.gone,
        back=going.back,
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


def _build_and_commit(bench: _Bench) -> tuple[DataVersion, int]:
    load, known = bench.load, bench.known
    if load.anew:
        _judge_anew(bench.judge, load, known)
    bench.ctx.progress("Rebuilding tickets", None)
    built = Built(0, (), PERSONS.arrow_schema().empty_table())
    if load.fresh or load.anew or load.regrouped:
        builder = _builder(bench)
        built = builder.build(load.fresh, known, load.stored, everything=load.anew)
        load.unmet = built.unmet
    return _commit(bench, built), built.touched


def _builder(bench: _Bench) -> Builder | RelatedBuilder:
    database, warehouse, mapping = bench.database, bench.ctx.warehouse, bench.mapping
    if mapping.related:
        return RelatedBuilder(database, warehouse, mapping, bench.key)
    return Builder(database, warehouse, mapping, bench.work, bench.key)


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


def _take_in(bench: _Bench, file: Path) -> None:
    """Land one file and judge its records."""
    ctx, database, load, mapping = bench.ctx, bench.database, bench.load, bench.mapping
    ctx.progress(f"Reading {file.name}", None)
    # Before it is read: what is written to it meanwhile is then met at the next import.
    checksum = checksum_of(file) if file.is_file() else ""
    own_work = Path(tempfile.mkdtemp(dir=bench.work))
    reader, ready = find_reader(file, own_work, mapping.encoding)
    opened = reader.open(database, ready, own_work)
    mapping.check_columns(opened.header, file.name)
    settings = ctx.workspace.settings
    how = Landing(
        file.name,
        ctx.workspace.secret(),
        settings.pseudonyms,
        settings.keep_text,
        load.next_place,
        (*bench.known, *load.fresh),
        bench.going.listener(checksum),
        erased_in(ctx, load.stored),
    )
    landed = land(database, opened, mapping, ctx.warehouse, how)
    bench.going.doubt(len(landed.faulty))
    if not landed.read:
        raise _nothing_in(file, mapping)
    judged = _judge(bench.judge, landed, load, file.name, checksum)
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
            "mapping": bench.mapping_text,
            "unmapped": as_json(judged.unmapped),
        }
    )
    shutil.rmtree(own_work, ignore_errors=True)


def _nothing_in(file: Path, mapping: Mapping) -> FileUnreadable:
    if mapping.only:
        words = " and ".join(
            f"{column!r} is {' or '.join(words)}" for column, words in mapping.only.items()
        )
        return FileUnreadable(
            f"{file.name} holds no records where {words}.",
            hint="See 'only' in the mapping, or export it again.",
        )
    return FileUnreadable(
        f"{file.name} holds a header and no records.", hint="Export it again, with records in it."
    )


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


def _commit(bench: _Bench, built: Built) -> DataVersion:
    """Append what is kept beside the log, then the row after which all of it counts."""
    ctx, database, load, mapping = bench.ctx, bench.database, bench.load, bench.mapping
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
        *((DELETIONS, rows) for rows in bench.going.events()),
        (DEFINITIONS, definitions_to_note(ctx, load.before, load.number)),
    ]
    tied = {mapping.table}
    if load.regrouped:
        others = rebuild_beside(ctx, database, mapping, load, bench.key)
        tied |= {table for table, _ in others}
        beside += [(PERSONS, persons) for _, persons in others]
    if load.anew and warehouse.exists(REJECTED.name):
        warehouse.remove(REJECTED.name, f"source = {quoted(mapping.stream)}")
    for table, rows in beside:
        warehouse.make(table.name, table.arrow_schema())
        if rows.num_rows:
            warehouse.append(table.name, rows, table.arrow_schema())
    if tied & {TICKETS.name, CONTACTS.name}:
        tie_contacts(database, warehouse, load.stored, tied)
    write_decided(ctx, database, load.stored)
    tables = heads(warehouse)
    version = DataVersion(
        version=load.number,
        made_at=ctx.clock(),
        by=ctx.actor.name,
        what=f"import of {', '.join(str(r['file']) for r in load.receipts)} as {mapping.stream}"
        f"{bench.going.words()}",
        import_id=load.import_id,
        tables=tables,
        **span(database, warehouse, tables),
    )
    versions.commit(warehouse, version)
    return version


def _audit(
    ctx: Context,
    version: DataVersion | None,
    load: Load | None = None,
    gone: Dict[str, int] | None = None,
) -> None:
    """Write who imported what, and what came of it; an import that changed nothing is told too."""
    if version is None or (load and version is load.before):
        names = [str(receipt["file"]) for receipt in load.receipts] if load else []
        told: dict[str, Any] = {"what": f"{', '.join(names)}: nothing new"}
        audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, "no new data version", after=told)
        return
    told = {"what": version.what, "tickets": version.tickets, "updates": version.updates}
    told |= gone or {}
    audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, _subject(version), after=told)


def _catch_up(ctx: Context, newest: DataVersion | None) -> None:
    """Write the audit line of an import that was killed after it counted and before it was told."""
    if newest and not audit.lines(ctx.database, limit=1, subject=_subject(newest)):
        _audit(ctx, newest)


def _subject(version: DataVersion) -> str:
    return f"data version {version.version}"
