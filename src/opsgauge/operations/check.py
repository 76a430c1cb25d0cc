"""All checks of a data version, with the metrics each touches.

Floor 5. What the checks see follows from the data version and is looked at once; only whether the
data is fresh is asked each time, since that follows from the clock too.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from opsgauge.log.checks.looking import look, look_critical, look_now
from opsgauge.log.checks.records import Receipt, Records, Refused
from opsgauge.log.checks.seen import ALL, EXAMPLES, Seen
from opsgauge.log.tables import RECEIPTS, REJECTED
from opsgauge.metrics.load import Catalogue
from opsgauge.operations.checked import Check, Checked
from opsgauge.operations.context import Context
from opsgauge.warehouse.tables import read_rows

EVERYTHING = "*"  # among the metrics a check touches


def check(ctx: Context) -> Checked:
    """Look at the data version for what makes numbers doubtful.

    Needs `check:read`. Found things are told, never raised; a check that cannot be made is
    "unknown", with the reason.
    """
    ctx.require("check:read")
    seen = _kept(ctx, "checks", lambda: look(_records(ctx)))
    now = look_now(replace(_records(ctx), now=ctx.clock()))
    checks = tuple(_check(each, ctx.catalogue) for each in (*now, *seen))
    return Checked(checks, _records(ctx).refused.count, ctx.provenance())


def suspect(ctx: Context, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of critical checks that failed and touch any of these columns."""
    wanted = {*ALL, *columns}
    return tuple(each.id for each in _failed(ctx) if wanted & {*each.columns})


def titles(ctx: Context, suspect: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of failed critical checks, by the ids that `suspect` gave."""
    known = {each.id: each.title for each in _failed(ctx)}
    return tuple(known[each] for each in suspect)


def _failed(ctx: Context) -> list[Seen]:
    critical = _kept(ctx, "critical", lambda: look_critical(_records(ctx)))
    return [each for each in critical if each.state == "fail"]


def _kept(ctx: Context, name: str, make: Callable[[], Any]) -> Any:
    """Return what was made of this data version and scope, making it once."""
    opened = ctx.opened()
    key = (name, ctx.scope)

    def remembered() -> Any:
        if key not in opened.memo:
            opened.memo[key] = make()
        return opened.memo[key]

    return opened.once(key, remembered)


def _records(ctx: Context) -> Records:
    """Return what the checks look at."""
    opened = ctx.opened()
    records: Records = _kept(
        ctx,
        "records",
        lambda: Records(
            engine=opened.engine,
            tables=ctx.tables,
            periods=opened.periods,
            watermark=opened.watermark,
            now=ctx.clock(),
            receipts=tuple(_receipt(row) for row in _rows_of(ctx, RECEIPTS.name)),
            refused=_refused(_rows_of(ctx, REJECTED.name)),
        ),
    )
    return records


def _rows_of(ctx: Context, table: str) -> list[dict[str, Any]]:
    """Return all rows of a small table of the data version."""
    version = ctx.opened().version
    if table not in version.tables:
        return []
    files = ctx.warehouse.files(table, version.tables[table])
    return [row for file in files for row in read_rows(file)]


def _receipt(row: dict[str, Any]) -> Receipt:
    return Receipt(
        import_id=row["import_id"],
        source=row["source"],
        received_at=row["received_at"],
        read=row["read"],
        duplicate=row["duplicate"],
        latest=row["latest"],
        mapping=row["mapping"],
        unmapped=json.loads(row["unmapped"]),
    )


def _refused(rows: list[dict[str, Any]]) -> Refused:
    shown = [f"{row['file']}, row {row['row']}: {row['reason']}" for row in rows[:EXAMPLES]]
    return Refused(len(rows), tuple(shown))


def _check(seen: Seen, catalogue: Catalogue) -> Check:
    return Check(
        id=seen.id,
        title=seen.title,
        state=seen.state,
        critical=seen.critical,
        count=seen.count,
        share=seen.count / seen.of if seen.of else None,
        examples=seen.examples,
        affects=_affects(seen.columns, catalogue) if seen.count else (),
        words=seen.words,
        next_step=seen.next_step,
        tickets=seen.tickets,
    )


def _affects(columns: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    if set(ALL) & {*columns}:
        return (EVERYTHING,)
    return tuple(m.name for m in catalogue if {*columns} & {*m.columns})
