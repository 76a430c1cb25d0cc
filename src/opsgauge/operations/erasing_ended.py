"""The end of erasing a person: what tables were before goes, then the audit is told.

Floor 5. It begins once the new data version counts, and may be killed anywhere: without its line in
the audit an erasing is not ended, and the next import, or erasing, ends it.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from opsgauge.governance import audit
from opsgauge.governance.people_changes import By, forget_alias
from opsgauge.log.building import stored_sql
from opsgauge.log.erasing import forget_hashes, tables_cleaned
from opsgauge.log.recognising import Erased
from opsgauge.log.tables import ERASED, PERSONS
from opsgauge.operations.context import Context
from opsgauge.warehouse import versions
from opsgauge.warehouse.cleaning import forget_past
from opsgauge.warehouse.engine import connect
from opsgauge.warehouse.tables import read_rows
from opsgauge.warehouse.versions import DataVersion

ACTION = "person:erase"
WHAT = "erasure of "
NOBODY = "a person without a pseudonym"
MOST = 100_000  # lines of erasing that are looked at


@dataclass(frozen=True)
class Ended:
    """An erasing that has ended: whose pseudonym, its data version, and users it was taken from."""

    alias: str | None
    data_version: int
    users: tuple[str, ...]


def erased_in(ctx: Context, stored: Mapping[str, int]) -> Erased | None:
    """Return who was erased up to a data version, so that their records are known again."""
    if ERASED.name not in stored:
        return None
    erased, persons = (stored_sql(ctx.warehouse, table, stored) for table in (ERASED, PERSONS))
    return Erased(erased, persons, ctx.workspace.secret())


def erased_rows(ctx: Context, newest: DataVersion) -> list[dict[str, Any]]:
    """Return the rows of `erased_persons`, the first erased first."""
    if ERASED.name not in newest.tables:
        return []
    files = ctx.warehouse.files(ERASED.name, newest.tables[ERASED.name])
    rows = [row for file in files for row in read_rows(file)]
    return sorted(rows, key=lambda row: int(row["data_version"]))


def finish(ctx: Context, newest: DataVersion | None) -> tuple[Ended, ...]:
    """End what erasing was begun and not ended; call under the import lock, once recovered."""
    rows = erased_rows(ctx, newest) if newest else []
    if newest is None or not rows:
        return ()
    lines = audit.lines(ctx.database, limit=MOST, action=ACTION)
    told = {line.subject for line in lines}
    pending = [row for row in rows if _subject(row["data_version"]) not in told]
    if not pending:
        return ()
    with closing(connect()) as database:
        forget_hashes(database, ctx.warehouse, newest.tables)
    for table in tables_cleaned(newest.tables):
        ctx.progress(f"Removing what {table} was before", None)
        forget_past(ctx.warehouse, table)
    return tuple(_told(ctx, row["alias"], int(row["data_version"])) for row in pending)


def _told(ctx: Context, alias: str | None, number: int) -> Ended:
    made = versions.get(ctx.warehouse, number)
    by = By(ctx.database, ctx.clock, ctx.actor)
    users = forget_alias(by, alias) if alias else ()
    what, _, why = made.what.partition(": ")
    after: audit.Json = {"what": what, "by": made.by, "tickets": made.tickets}
    audit.append(ctx.database, ctx.clock, ctx.actor, ACTION, _subject(number), after=after, why=why)
    return Ended(alias, number, users)


def _subject(number: int) -> str:
    return f"data version {number}"
