"""What changed in how a source comes in: its mapping, its columns, the words it uses.

Floor 5. Every import keeps the mapping it was read by, the words that had no mapping, and its
records as they came; two imports of one source are held against each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from json import loads
from typing import Any

import pyarrow.parquet as pq

from opsgauge.foundation.errors import MappingWrong, WarehouseDamaged
from opsgauge.log.mapping import parse_mapping
from opsgauge.log.raw import RAW_OWN, raw_table
from opsgauge.log.tables import RECEIPTS
from opsgauge.operations.answers import published
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions
from opsgauge.warehouse.tables import read_rows
from opsgauge.warehouse.versions import DataVersion

MAPPING, COLUMNS, WORDS = "mapping", "columns", "words"
NAMED = 6  # of a kind, in a sentence
NOT_MEANING = ("files", "full")  # parts of a mapping that change no record
OURS = frozenset(name for name, _ in RAW_OWN)
Receipts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class IntegrationChange:
    """A change of one source between two of its imports.

    Attributes
    ----------
    version, before : the data version of the import, and the one that was newest before it
    kinds : of MAPPING, COLUMNS and WORDS
    words : what changed, a sentence each
    """

    version: int
    before: int
    source: str
    made_at: datetime
    kinds: tuple[str, ...]
    words: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = {name: published(value) for name, value in vars(self).items()}
        return {**plain, "kinds": list(self.kinds), "words": list(self.words)}


def integration_changes(ctx: Context) -> tuple[IntegrationChange, ...]:
    """Return every change of a mapping, of columns or of unmapped words, newest first.

    Needs `version:read`.
    """
    ctx.require("version:read")
    known = versions.all_versions(ctx.warehouse)
    if not known:
        return ()
    newest = ctx.opened().version.version
    ctx = ctx.holding()
    return ctx.opened().once(
        ("integration changes",),
        lambda: tuple(_changes(ctx, [each for each in known if each.version <= newest])),
    )


def _changes(ctx: Context, known: Sequence[DataVersion]) -> Iterator[IntegrationChange]:
    """Yield the changes, newest first."""
    by_import = {each.import_id: at for at, each in enumerate(known)}
    found = []
    for source, receipts in _receipts(ctx, known[-1]).items():
        imports = [each for each in _imports(receipts) if each[0]["import_id"] in by_import]
        for was, now in pairwise(imports):
            at = by_import[now[0]["import_id"]]
            earlier = known[by_import[was[0]["import_id"]]]
            told = {
                MAPPING: list(_of_mapping(was[-1], now[-1], source)),
                COLUMNS: list(_of_columns(ctx, source, known, (earlier, known[at]))),
                WORDS: list(_of_words(was, now)),
            }
            if any(told.values()):
                found.append(
                    IntegrationChange(
                        known[at].version,
                        known[at - 1].version,
                        source,
                        known[at].made_at,
                        tuple(kind for kind, words in told.items() if words),
                        tuple(each for words in told.values() for each in words),
                    )
                )
    yield from sorted(found, key=lambda each: (-each.version, each.source))


def _receipts(ctx: Context, newest: DataVersion) -> dict[str, list[Mapping[str, Any]]]:
    """Return what was received, by source, oldest first."""
    if RECEIPTS.name not in newest.tables:
        return {}
    files = ctx.warehouse.files(RECEIPTS.name, newest.tables[RECEIPTS.name])
    rows = sorted(
        (row for file in files for row in read_rows(file)), key=lambda r: r["received_at"]
    )
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(row)
    return found


def _imports(receipts: Receipts) -> list[Receipts]:
    """Return the receipts of one source by import, oldest first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in receipts:
        found.setdefault(row["import_id"], []).append(row)
    return list(found.values())


def _of_mapping(was: Mapping[str, Any], now: Mapping[str, Any], source: str) -> Iterator[str]:
    """Yield what a mapping reads in another way than the one before."""
    if was["mapping"] == now["mapping"]:
        return
    try:
        old, new = (parse_mapping(str(each["mapping"]), source) for each in (was, now))
    except MappingWrong:
        yield "The mapping was written anew, for another format."
        return
    if old.reads_like(new):
        return
    before, after = (each.model_dump(mode="json") for each in (old, new))
    parts = [name for name in after if name not in NOT_MEANING and before.get(name) != after[name]]
    for part in parts:
        within = _within(before.get(part), after[part])
        yield f"The mapping reads {_plain(part)} in another way{within}."


def _within(before: Any, after: Any) -> str:
    """Say which entries of a part are new, gone or changed."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return ""
    moved = sorted(k for k in {*before, *after} if before.get(k) != after.get(k))
    return f": {_listed([_plain(each) for each in moved])}" if moved else ""


def _of_columns(
    ctx: Context,
    source: str,
    known: Sequence[DataVersion],
    pair: tuple[DataVersion, DataVersion],
) -> Iterator[str]:
    """Yield which columns the records of an import have that those before had not, or lack."""
    was, now = (_columns(ctx, source, known, each) for each in pair)
    if not was or not now:
        return
    if fresh := sorted(now - was):
        yield f"New columns: {_listed(fresh)}."
    if gone := sorted(was - now):
        yield f"Columns that came no more: {_listed(gone)}."


def _columns(
    ctx: Context, source: str, known: Sequence[DataVersion], version: DataVersion
) -> frozenset[str]:
    """Return the columns of what an import brought; none where that is not kept."""
    table = raw_table(source)
    before = next((each for each in reversed(known) if each.version < version.version), None)
    try:
        there = _files(ctx, table, version) - (_files(ctx, table, before) if before else set())
        return frozenset(
            name for file in there for name in pq.read_schema(file).names if name not in OURS
        )
    except (WarehouseDamaged, OSError):  # older data versions are kept no longer
        return frozenset()


def _files(ctx: Context, table: str, version: DataVersion) -> set[str]:
    stored = version.tables.get(table)
    return set() if stored is None else set(ctx.warehouse.files(table, stored))


def _of_words(was: Receipts, now: Receipts) -> Iterator[str]:
    """Yield which words came without a mapping that did not before."""
    before, after = _unmapped(was), _unmapped(now)
    for name, words in sorted(after.items()):
        fresh = {word: n for word, n in words.items() if word not in before.get(name, {})}
        if fresh:
            often = sorted(fresh, key=lambda word: (-fresh[word], word))
            told = _listed([f"{word} ({fresh[word]:,})" for word in often])
            yield f"Words of {_plain(name)} without a mapping: {told}."


def _unmapped(receipts: Receipts) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in receipts:
        for name, words in loads(row["unmapped"]).items():
            counts = found.setdefault(name, {})
            for word, n in words.items():
                counts[word] = counts.get(word, 0) + int(n)
    return found


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
