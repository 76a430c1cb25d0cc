"""All checks of a data version, with the metrics each touches.

Floor 5. Beside what `log.checks` sees in the tables stands what was met on the way in.
"""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyarrow.parquet as pq

from opsgauge.foundation.units import whole
from opsgauge.log.checks import EXAMPLES, Seen, on_history, on_tickets, state_of
from opsgauge.log.tables import RECEIPTS, REJECTED
from opsgauge.metrics.load import Catalogue
from opsgauge.operations.answers import Check, Checked
from opsgauge.operations.context import Context


def check(ctx: Context) -> Checked:
    """Look at the data version for what makes numbers doubtful.

    Needs `check:read`. Found things are told, never raised.
    """
    ctx.require("check:read")
    checks = tuple(_check(each, ctx.catalogue) for each in _seen(ctx))
    return Checked(checks, len(rows_of(ctx, REJECTED.name)), ctx.provenance())


def suspect(ctx: Context, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of critical checks that failed and touch any of these columns."""
    wanted = {"*", *columns}
    return tuple(
        each.id
        for each in _seen(ctx)
        if each.critical and each.state == "fail" and wanted & {*each.columns}
    )


def _seen(ctx: Context) -> tuple[Seen, ...]:
    """Return what the checks saw; looked at once per data version and scope."""
    opened = ctx.opened()
    key = ("checks", ctx.scope)
    if key not in opened.memo:
        receipts = rows_of(ctx, RECEIPTS.name)
        opened.memo[key] = (
            _unmapped(receipts),
            _rejected(rows_of(ctx, REJECTED.name), receipts),
            _repeated(receipts),
            *on_tickets(opened.engine, ctx.tables),
            *on_history(opened.engine, ctx.tables),
        )
    found: tuple[Seen, ...] = opened.memo[key]
    return found


def rows_of(ctx: Context, table: str) -> list[dict[str, Any]]:
    """Return all rows of a small table of the data version."""
    version = ctx.opened().version
    if table not in version.tables:
        return []
    files = ctx.warehouse.files(table, version.tables[table])
    return [row for file in files for row in pq.read_table(file).to_pylist()]


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
    )


def _affects(columns: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    if "*" in columns:
        return ("*",)
    return tuple(m.name for m in catalogue if set(columns) & set(m.definition.columns()))


def _unmapped(receipts: list[dict[str, Any]]) -> Seen:
    words: Counter[str] = Counter()
    for receipt in receipts:
        for name, counts in json.loads(receipt["unmapped"]).items():
            for word, times in counts.items():
                words[f"{name} {word!r}: {times}"] += times
    count, of = words.total(), sum(receipt["read"] for receipt in receipts)
    return Seen(
        id="unmapped_words",
        title="Every word is mapped",
        state=state_of(count, of),
        critical=False,
        count=count,
        of=of,
        examples=tuple(word for word, _ in words.most_common(EXAMPLES)),
        columns=("phase", "open"),
        words=f"{whole(count)} records carry a word that the mapping does not know; it was kept, "
        "not guessed."
        if count
        else "Nothing found.",
        next_step="Add the words to the mapping and import again." if count else "",
    )


def _rejected(rejected: list[dict[str, Any]], receipts: list[dict[str, Any]]) -> Seen:
    count, of = len(rejected), sum(receipt["read"] for receipt in receipts)
    shown = [f"{r['file']}, row {r['row']}: {r['reason']}" for r in rejected[:EXAMPLES]]
    return Seen(
        id="rejected_records",
        title="Every record is usable",
        state=state_of(count, of),
        critical=False,
        count=count,
        of=of,
        examples=tuple(shown),
        columns=("*",),
        words=f"{whole(count)} of {whole(of)} records could not be used and stand in 'rejected'."
        if count
        else "Nothing found.",
        next_step="Mend them at the source, or the mapping, and import again." if count else "",
    )


def _repeated(receipts: list[dict[str, Any]]) -> Seen:
    count, of = (sum(receipt[name] for receipt in receipts) for name in ("duplicate", "read"))
    return Seen(
        id="repeated_records",
        title="Records come once",
        state="note" if count else "pass",
        critical=False,
        count=count,
        of=of,
        examples=(),
        columns=(),
        words=f"{whole(count)} of {whole(of)} records had come before and were left out."
        if count
        else "Nothing found.",
    )
