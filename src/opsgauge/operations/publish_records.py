"""Publishing the records: what people decided becomes part of a new data version.

Floor 5. In order: lock, undo what a killed load left, write the facts and the tickets that they
change, append the row that makes it count. Where nothing changed, nothing is written; so it may be
called as often as one likes, and killed at any moment.
"""

import uuid
from dataclasses import dataclass

from opsgauge.foundation.errors import ImportRunning
from opsgauge.governance import audit
from opsgauge.governance.audit import Json
from opsgauge.log.tables import DEFINITIONS
from opsgauge.operations.context import Context
from opsgauge.operations.definitions_kept import definitions_to_note
from opsgauge.operations.full_disk import full_disk_told
from opsgauge.operations.loading import heads, span, workbench
from opsgauge.operations.record_facts import write_decided
from opsgauge.warehouse import versions
from opsgauge.warehouse.versions import DataVersion, import_lock, recover

WHAT = "what people decided"
WAITS = (
    "It is decided. An import is running, so the numbers follow with the next one, or with "
    "opsgauge sync."
)


@dataclass(frozen=True)
class Reached:
    """How far a decision has come: the data version that holds it, or why none does yet."""

    data_version: int = 0
    waits: str = ""


def publish_records(ctx: Context, action: str) -> DataVersion | None:
    """Bring what people decided into the data; return the new data version, None where none is.

    The caller has asked for its right: whoever may decide may have it count.

    Parameters
    ----------
    action : what the audit says it was done by, such as "tier:set"

    Raises
    ------
    ImportRunning : an import holds the lock
    DiskFull : there is no room left; what was stored before is as it was
    """
    if versions.latest(ctx.warehouse) is None:
        return None
    with full_disk_told(ctx):
        version = _published(ctx)
    if version is not None:
        told: Json = {"what": WHAT, "tickets": version.tickets}
        subject = f"data version {version.version}"
        audit.append(ctx.database, ctx.clock, ctx.actor, action, subject, after=told)
    return version


def reach_numbers(ctx: Context, action: str) -> Reached:
    """Publish after a decision, which is kept in any case; say how far it has come."""
    try:
        version = publish_records(ctx, action)
    except ImportRunning:
        return Reached(waits=WAITS)
    newest = version or versions.latest(ctx.warehouse)
    return Reached(newest.version if newest else 0)


def _published(ctx: Context) -> DataVersion | None:
    warehouse = ctx.warehouse
    with import_lock(warehouse), workbench(ctx.workspace) as (database, _):
        before = recover(warehouse)
        if before is None or not write_decided(ctx, database, before.tables):
            return None
        number = before.version + 1
        definitions = definitions_to_note(ctx, before, number)
        if definitions.num_rows:
            warehouse.make(DEFINITIONS.name, DEFINITIONS.arrow_schema())
            warehouse.append(DEFINITIONS.name, definitions, DEFINITIONS.arrow_schema())
        tables = heads(warehouse)
        version = DataVersion(
            version=number,
            made_at=ctx.clock(),
            by=ctx.actor.name,
            what=WHAT,
            import_id=uuid.uuid4().hex,
            tables=tables,
            **span(database, warehouse, tables),
        )
        versions.commit(warehouse, version)
        return version
