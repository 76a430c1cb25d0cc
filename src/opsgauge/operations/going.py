"""Tickets gone at their source, as one import finds them: what is compared, refused and told.

Floor 5. `log.deletions` says what records mean; here is what an import makes of it. A full export
is believed only where it is whole, new, and does not take away more than the settings allow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import duckdb
import pyarrow as pa

from opsgauge.foundation.errors import MappingWrong, TooManyGone
from opsgauge.foundation.units import percent, whole
from opsgauge.log.building import raw_files, stored_sql
from opsgauge.log.deletions import Deletions, Heard, Lacking, find_gone
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.raw import raw_rows
from opsgauge.log.related_building import RelatedBuilder
from opsgauge.log.tables import RECEIPTS
from opsgauge.operations.context import Context
from opsgauge.operations.loading import Load
from opsgauge.warehouse.engine import quoted
from opsgauge.warehouse.tables import Warehouse

OTHER_MAPPING = "the mapping is another than at the last import; the next full export is compared"
BROKEN = "lines of it could not be read, and tickets may have stood there"
LEFT_OUT = "a file of it could not be imported"
RECEIVED_BEFORE = "it was received before, and others since"


@dataclass(frozen=True)
class FullExport:
    """What is said of files on their way in.

    Attributes
    ----------
    full : together they hold all tickets of their source; also where only the mapping says so
    window : they hold only those opened since the first of them was
    yes_delete : what they lack may go, however much it is
    """

    full: bool = False
    window: bool = False
    yes_delete: bool = False

    def of(self, mapping: Mapping) -> "FullExport":
        """Return what holds for files of a mapping.

        Raises
        ------
        MappingWrong : the records are no tickets
        """
        if (self.full or self.window) and mapping.related:
            raise MappingWrong(
                f"A full export is one of tickets; this mapping is of {mapping.table}.",
                hint="Leave --full away: the newest record of each number stands.",
            )
        if self.full or self.window or not mapping.full:
            return replace(self, full=self.full or self.window)
        return replace(self, full=True, window=mapping.full == "window")


USUAL = FullExport()


class Going:
    """What one import finds out about tickets that are gone."""

    def __init__(
        self,
        ctx: Context,
        database: duckdb.DuckDBPyConnection,
        mapping: Mapping,
        load: Load,
        export: FullExport,
    ) -> None:
        self.export = export.of(mapping)
        self.notes: list[str] = []
        self.gone = self.back = 0
        self._at_most = ctx.workspace.settings.gone_at_most
        self._mapping = mapping
        self._load = load
        self._deletions: Deletions | None = None
        self._doubts: list[str] = []
        if mapping.related:
            find_gone(database, ctx.warehouse, mapping.source, load.stored)
            return
        self._deletions = Deletions(database, ctx.warehouse, mapping, load.stored)
        self._outdated = _outdated_files(database, ctx.warehouse, mapping, load)

    def listener(self, checksum: str) -> Callable[[str], None] | None:
        """Return what hears all records of a file; None where they have nothing to say.

        A file that came before, with others after it, says nothing new, so that an old export that
        is imported once more brings nobody back and takes nobody away.
        """
        if self._deletions is None or not (self.export.full or self._deletions.any):
            return None
        if checksum in self._outdated:
            self._doubts.append(RECEIVED_BEFORE)
            return None
        return partial(self._deletions.hear, place=self._load.next_place, whole=self.export.full)

    def doubt(self, unreadable: int) -> None:
        """Note that lines of a file could not be read."""
        if unreadable and not self.export.yes_delete:
            self._doubts.append(BROKEN)

    def heed(self) -> None:
        """Take back what was heard of the newest file, where it was left out after all."""
        if self._deletions is not None and "message" in self._load.told[-1]:
            self._deletions.take_back(self._load.next_place)
            self._doubts.append(LEFT_OUT)

    def settle(self, known: Sequence[str], dry_run: bool) -> None:
        """Decide who is gone, all files having been heard.

        Parameters
        ----------
        known : raw files of the source, those of this import included

        Raises
        ------
        TooManyGone : a full export lacks too many tickets; nothing is imported
        """
        if self._deletions is None or not (self.export.full or self._deletions.any):
            return
        if self.export.full and self._load.receipts:
            self._compare(self._deletions, dry_run)
        anew = raw_rows(known) if self._load.anew and known else ""
        self._deletions.decide(anew)
        self.gone, self.back = self._deletions.counts()
        self._load.regrouped = self._deletions.changes()

    def _compare(self, deletions: Deletions, dry_run: bool) -> None:
        """Hold what a full export lacks to be gone, where it can be believed."""
        if self._load.anew:
            self._doubts.append(OTHER_MAPPING)
        if self._doubts:
            reasons = "; ".join(dict.fromkeys(self._doubts))
            self.notes.append(f"No ticket was held to be gone for lack of it here: {reasons}.")
            return
        lacking = deletions.lacking(self.export.window, self._load.received_at)
        if lacking.outdated:
            self.notes.append(
                "No ticket was held to be gone for lack of it here: the newest record of the "
                f"export is of {lacking.newest:%Y-%m-%d %H:%M} UTC, and its tickets are known to "
                f"have changed until {lacking.later:%Y-%m-%d %H:%M} UTC."
            )
            return
        refused = self._refused(lacking)
        if refused and not dry_run:
            raise refused
        if refused:
            self.notes.append(f"It would be refused. {refused.message}")
        deletions.take_away(self._load.place)

    def _refused(self, lacking: Lacking) -> TooManyGone | None:
        """Return why so many tickets may not go, None where they may."""
        allowed = lacking.count <= self._at_most * lacking.of
        if not lacking.count or (lacking.held and (allowed or self.export.yes_delete)):
            return None
        share = percent(lacking.count / lacking.of)
        message = (
            f"The full export lacks {whole(lacking.count)} of the {whole(lacking.of)} tickets of "
            f"{self._mapping.source} ({share}); it holds {whole(lacking.held)}. Nothing was "
            "imported."
        )
        hint = (
            f"Is the file whole? More than {percent(self._at_most, 0)} (gone_at_most) go only with "
            "--yes-delete."
        )
        return TooManyGone(message, hint if lacking.held else "Export it again.")

    def events(self) -> list[pa.Table]:
        """Return the rows of `deletions` to be kept, none where nothing changes."""
        if self._deletions is None or not self._load.regrouped:
            return []
        load = self._load
        files = ", ".join(str(receipt["file"]) for receipt in load.receipts)
        return [self._deletions.events(Heard(load.place, files, load.import_id, load.received_at))]

    def words(self) -> str:
        """Return what a data version says of it, after what was imported."""
        gone = f"; {whole(self.gone)} gone at the source" if self.gone else ""
        return gone + (f"; {whole(self.back)} back" if self.back else "")

    def told(self) -> dict[str, int]:
        """Return the counts for the audit."""
        return {"gone": self.gone, "back": self.back} if self.gone or self.back else {}


def _outdated_files(
    database: duckdb.DuckDBPyConnection, warehouse: Warehouse, mapping: Mapping, load: Load
) -> frozenset[str]:
    """Return the checksums of files of a source after which others were received."""
    receipts = stored_sql(warehouse, RECEIPTS, load.stored)
    rows = database.execute(
        f"SELECT checksum FROM ({receipts}) WHERE source = {quoted(mapping.stream)} GROUP BY ALL "
        f"HAVING max(received_at) < (SELECT max(received_at) FROM ({receipts}) "
        f"WHERE source = {quoted(mapping.stream)})"
    ).fetchall()
    return frozenset(str(checksum) for (checksum,) in rows)


def rebuild_beside(
    ctx: Context,
    database: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    load: Load,
    key: bytes | None,
) -> list[tuple[str, pa.Table]]:
    """Build anew the source's records beside tickets, since other tickets are gone now.

    Returns
    -------
    the name of each table built, with the persons met in it for the first time
    """
    receipts = stored_sql(ctx.warehouse, RECEIPTS, load.stored)
    rows = database.execute(
        f"SELECT source, arg_max(mapping, received_at) FROM ({receipts}) "
        f"WHERE starts_with(source, {quoted(mapping.source + '/')}) GROUP BY source ORDER BY source"
    ).fetchall()
    built = []
    for stream, text in rows:
        other = parse_mapping(str(text), str(stream))
        known = raw_files(ctx.warehouse, str(stream), load.stored)
        if not known:
            continue
        made = RelatedBuilder(database, ctx.warehouse, other, key).build([], known, load.stored)
        built.append((other.table, made.persons))
    return built
