"""Sync: imports what is new in the workspace's `inbox/`, and may be repeated as often as one likes.

Floor 5. Where it is not certain which mapping a file belongs to, it is told and left. Files are
never moved, changed or deleted; what was imported is known again by its checksum.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq

from opsgauge.foundation.errors import ImportRunning, MappingWrong, Misuse
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.tables import RECEIPTS
from opsgauge.operations.context import Context
from opsgauge.operations.inbox import Known, Waiting, belongs_to, known_mappings, waiting
from opsgauge.operations.ingest import ACTION, checksum_of, ingest
from opsgauge.operations.mappings import mapping_files
from opsgauge.operations.publish_records import publish_records
from opsgauge.warehouse import versions

SETTLED = 2.0  # seconds without a change, after which a file counts as written
IMPORTED, KNOWN, LEFT, UNKNOWN, AMBIGUOUS, FAILED = STATES = (
    "imported",
    "known",
    "left",
    "unknown",
    "ambiguous",
    "failed",
)
MAPPED_ANEW = "It was known; its mapping is another now, so the source was built anew."


@dataclass(frozen=True)
class SyncedFile:
    """What became of one file of the inbox.

    Attributes
    ----------
    file : its path below the inbox
    mapping : name of the mapping it belongs to, "" where that is not certain
    state : imported; known from before; left because it is still being written; unknown or
        ambiguous, where no mapping or several could be meant; failed, where it cannot be imported
    data_version : the version that holds it, 0 where none new does
    message : what to know or do, "" where nothing
    unmapped : words without a mapping in all files of this mapping that were imported with it
    """

    file: str
    mapping: str
    state: str
    data_version: int = 0
    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    message: str = ""
    unmapped: int = 0


LEADS_OUT = "It is a link out of the inbox, which is not followed. Put the file itself there."


@dataclass(frozen=True)
class Synced:
    """What one sync did, file by file, the oldest file first."""

    files: tuple[SyncedFile, ...]
    faults: tuple[str, ...] = ()  # mappings that cannot be read

    @property
    def failed(self) -> bool:
        """Whether something could not be imported."""
        return bool(self.faults) or any(each.state == FAILED for each in self.files)

    @property
    def noteworthy(self) -> bool:
        """Whether a person should see something: a file without a mapping, refused records."""
        return any(
            each.state in (UNKNOWN, AMBIGUOUS) or each.rejected or each.unmapped
            for each in self.files
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {"files": [vars(each) for each in self.files], "faults": list(self.faults)}


@dataclass
class _Batch:
    """The files of one mapping that are to be imported together."""

    known: Known
    files: list[Waiting] = field(default_factory=list)
    seen: list[Waiting] = field(default_factory=list)  # imported before
    message: str = ""


def sync(ctx: Context, wait: Callable[[float], None] = time.sleep) -> Synced:
    """Import the files of the inbox that are new, those of one mapping as one data version.

    What people decided meanwhile becomes a data version too, where it is not in one yet.

    Needs `import:run`. A file that cannot be imported stops no other. `wait` pauses for some
    seconds, so that a file somebody still writes can be told from a written one.

    Raises
    ------
    ImportRunning : another import holds the lock; what was imported until then counts
    """
    ctx.require(ACTION)
    mappings = known_mappings(mapping_files(ctx))
    found = waiting(ctx.workspace)
    told = {each.name: _unfinished(each) for each in _unsettled(ctx, found, wait)}
    batches: dict[str, _Batch] = {}
    receipts = _receipts(ctx)
    for each in found:
        if each.name not in told:
            uncertain = _assign(each, mappings, batches, receipts)
            if uncertain is not None:
                told[each.name] = uncertain
    for batch in [part for whole in batches.values() for part in _one_by_one(whole)]:
        told |= {each.file: each for each in _import(ctx, batch, receipts)}
    publish_records(ctx, ACTION)
    faults = tuple(each.fault for each in mappings if each.mapping is None)
    return Synced(tuple(told[each.name] for each in found), faults)


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox before it is synced: each file, and the mapping it belongs to."""

    files: tuple[tuple[Waiting, SyncedFile], ...]
    mappings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        files = [
            {"file": each.name, "bytes": each.size, "mapping": of.mapping, "message": of.message}
            for each, of in self.files
        ]
        return {"files": files, "mappings": list(self.mappings)}


def inbox(ctx: Context) -> Inbox:
    """Say which files lie in the inbox, without reading them; needs `import:run`."""
    ctx.require(ACTION)
    mappings = known_mappings(mapping_files(ctx))
    files = tuple((each, _of(each, mappings)) for each in waiting(ctx.workspace))
    return Inbox(files, tuple(each.name for each in mappings))


def _of(each: Waiting, mappings: Sequence[Known]) -> SyncedFile:
    if each.leads_out or each.half_written or not each.size:
        return _unfinished(each)
    candidates = belongs_to(each.name, mappings)
    if len(candidates) != 1:
        return _uncertain(each, candidates)
    [known] = candidates
    return SyncedFile(each.name, known.name, "" if known.mapping else FAILED, message=known.fault)


def _unsettled(
    ctx: Context, found: Sequence[Waiting], wait: Callable[[float], None]
) -> list[Waiting]:
    """Return the files that somebody still writes, by their names or because they change."""
    now = ctx.clock().timestamp()
    if any(abs(now - each.changed / 1e9) < SETTLED for each in found):
        wait(SETTLED)
    return [
        each
        for each in found
        if each.leads_out or each.half_written or each.now() != each or not each.size
    ]


def _unfinished(each: Waiting) -> SyncedFile:
    if each.leads_out:
        return SyncedFile(each.name, "", FAILED, message=LEADS_OUT)
    why = "It is empty" if not each.size and not each.half_written else "It is still being written"
    return SyncedFile(
        each.name, "", LEFT, message=f"{why}; it is looked at again at the next sync."
    )


def _receipts(ctx: Context) -> list[dict[str, Any]]:
    """Return what is kept of every file that was imported, the oldest first."""
    newest = versions.latest(ctx.warehouse)
    if newest is None or RECEIPTS.name not in newest.tables:
        return []
    files = ctx.warehouse.files(RECEIPTS.name, newest.tables[RECEIPTS.name])
    columns = ["source", "checksum", "mapping", "received_at"]
    rows = [row for file in files for row in pq.read_table(file, columns=columns).to_pylist()]
    return sorted(rows, key=lambda row: row["received_at"])


def _assign(
    each: Waiting,
    mappings: Sequence[Known],
    batches: dict[str, _Batch],
    receipts: Sequence[dict[str, Any]],
) -> SyncedFile | None:
    """Put a file to those of its mapping; say why where that cannot be done."""
    candidates = belongs_to(each.name, mappings)
    if len(candidates) != 1:
        return _uncertain(each, candidates)
    [known] = candidates
    if known.mapping is None:
        return SyncedFile(each.name, known.name, FAILED, message=known.fault)
    batch = batches.setdefault(known.name, _Batch(known))
    stream = known.mapping.stream
    met = {row["checksum"] for row in receipts if row["source"] == stream}
    try:
        (batch.seen if met and checksum_of(each.file) in met else batch.files).append(each)
    except OSError as wrong:
        message = f"It cannot be read: {wrong.strerror or wrong}."
        return SyncedFile(each.name, known.name, FAILED, message=message)
    return None


def _uncertain(each: Waiting, candidates: Sequence[Known]) -> SyncedFile:
    if candidates:
        names = ", ".join(known.name for known in candidates)
        hint = f"Put it into inbox/{candidates[0].name}/, or into the folder of another."
        message = f"It could belong to several mappings: {names}. {hint}"
        return SyncedFile(each.name, "", AMBIGUOUS, message=message)
    message = (
        "No mapping says that it is its own. Put it into a folder of the mapping's name, "
        "begin its name with it, or add 'files' to the mapping."
    )
    return SyncedFile(each.name, "", UNKNOWN, message=message)


def _one_by_one(batch: _Batch) -> list[_Batch]:
    """Return full exports each by itself: together they would say that all of them is there."""
    mapping = batch.known.mapping
    if mapping is None or not mapping.full or len(batch.files) < 2:
        return [batch]
    each = [_Batch(batch.known, [file]) for file in batch.files]
    each[0].seen = batch.seen
    return each


def _import(ctx: Context, batch: _Batch, receipts: Sequence[dict[str, Any]]) -> list[SyncedFile]:
    """Import what is new for one mapping; return what became of each of its files."""
    name = batch.known.name
    if batch.seen and not batch.files and _reads_otherwise(batch.known, receipts):
        batch.files = [batch.seen.pop()]
        batch.message = MAPPED_ANEW
    told = [SyncedFile(each.name, name, KNOWN) for each in batch.seen]
    if not batch.files:
        return told
    try:
        done = ingest(
            ctx, [each.file for each in batch.files], str(batch.known.file), leave_out=True
        )
    except ImportRunning:
        raise
    except Misuse as wrong:
        message = f"{wrong.message} {wrong.hint}".strip()
        return told + [SyncedFile(e.name, name, FAILED, message=message) for e in batch.files]
    unmapped = sum(sum(words.values()) for words in done.unmapped.values())
    for each, became in zip(batch.files, done.files, strict=True):
        if "read" not in became:
            told.append(SyncedFile(each.name, name, FAILED, message=became["message"]))
            continue
        counts = {k: became[k] for k in ("read", "accepted", "duplicate", "rejected")}
        told.append(
            SyncedFile(
                each.name,
                name,
                IMPORTED,
                done.data_version,
                message=batch.message,
                unmapped=unmapped,
                **counts,
            )
        )
    return told


def _reads_otherwise(known: Known, receipts: Sequence[dict[str, Any]]) -> bool:
    """Say whether the source's records were last read by a mapping that means something else."""
    mapping: Mapping | None = known.mapping
    if mapping is None:
        return False
    last = [row for row in receipts if row["source"] == mapping.stream][-1:]
    try:
        return any(
            not parse_mapping(row["mapping"], known.name).reads_like(mapping) for row in last
        )
    except MappingWrong:
        return True
