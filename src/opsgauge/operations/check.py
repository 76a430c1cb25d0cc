"""All checks of a data version, with the metrics each touches, and how good the data is.

Floor 5. What a failed one does to numbers is in `gate.py`. What the checks see follows from the
data version and is looked at once; only whether the data is fresh is asked each time, since that
follows from the clock too.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.foundation.errors import SettingsWrong, did_you_mean
from opsgauge.foundation.settings import SETTINGS_FILE
from opsgauge.log.checks.freshness import FRESHNESS
from opsgauge.log.checks.gaps import GAPS
from opsgauge.log.checks.intake import REJECTED as REFUSED
from opsgauge.log.checks.intake import REPEATED, UNMAPPED
from opsgauge.log.checks.looking import (
    look,
    look_critical,
    look_for_words,
    look_gaps,
    look_now,
    subjects,
)
from opsgauge.log.checks.records import Receipt, Records, Refused
from opsgauge.log.checks.score import score, weight_of
from opsgauge.log.checks.seen import ALL, EXAMPLES, Seen, Stretch
from opsgauge.log.door import open_tables
from opsgauge.log.related import RELATED_BY_NAME
from opsgauge.log.tables import RECEIPTS, REJECTED
from opsgauge.metrics.load import Catalogue
from opsgauge.operations.checked import Affected, Check, Checked
from opsgauge.operations.context import Context
from opsgauge.operations.rates_checked import rates_fit
from opsgauge.warehouse.tables import read_rows

EVERYTHING = "*"  # among the metrics a check touches
BESIDE = "/"  # between a source and a table, in receipts of records beside tickets
CHECKS = "checks"  # what all of them saw, among what is kept
# What is told of imports as a whole, and so not to whom some of their records are hidden.
OF_IMPORTS = frozenset(each.id for each in (FRESHNESS, UNMAPPED, REFUSED, REPEATED))
SUSPECT, WITHHELD = "suspect", "withheld"


def check(ctx: Context) -> Checked:
    """Look at the data version for what makes numbers doubtful.

    Needs `check:read`. Found things are told, never raised; a check that cannot be made is
    "unknown", with the reason.
    """
    ctx.require("check:read")
    seen = _looked(ctx)
    gate = withholding(ctx)
    checks = tuple(_check(each, ctx.catalogue, gate) for each in seen)
    return Checked(
        (*checks, *rates_fit(ctx)),
        _records(ctx).refused.count,
        ctx.provenance(),
        score(seen),
        impact=tuple(_impact(ctx, checks)),
    )


def check_by_source(ctx: Context) -> Checked:
    """Look at the data version, and at each of its sources as if it were there alone.

    Needs `check:read`.
    """
    checked = check(ctx)
    received = sorted({_tool(each.source) for each in _records(ctx).receipts})
    if len(received) == 1:
        return replace(checked, sources={received[0]: checked.score})
    return replace(checked, sources={name: score(_looked(ctx, name)) for name in received})


def _looked(ctx: Context, source: str = "") -> tuple[Seen, ...]:
    """Return what the checks see, of one source where one is named."""
    what = f"{CHECKS} of {source}" if source else CHECKS
    seen = _kept(ctx, what, lambda: look(_records(ctx, source), alone=bool(source)))
    every = (*look_now(replace(_records(ctx, source), now=ctx.clock())), *seen)
    return tuple(each for each in every if not (ctx.sight.hides and each.id in OF_IMPORTS))


def withholding(ctx: Context) -> frozenset[str]:
    """Return the critical checks that withhold numbers from everybody where they fail.

    Raises
    ------
    SettingsWrong : the settings name one that is no critical check
    """
    known = _critical()
    named = ctx.workspace.settings.withhold_on
    if EVERYTHING in named:
        return frozenset(known)
    for each in named:
        if each not in known:
            raise SettingsWrong(
                f"{SETTINGS_FILE}, withhold_on: {each!r} is no critical check.",
                hint=f"{did_you_mean(each, known)} Critical are {', '.join(known)}; "
                f"'{EVERYTHING}' is all of them.",
            )
    return frozenset(named)


@cache
def _critical() -> tuple[str, ...]:
    every = subjects(open_tables(Scope.everything()))
    return tuple(each.id for each in every if each.critical)


def suspect(ctx: Context, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of critical checks that failed and touch any of these columns."""
    wanted = {*ALL, *columns}
    return tuple(each.id for each in _failed(ctx) if wanted & {*each.columns})


def silent(ctx: Context) -> tuple[Stretch, ...]:
    """Return the days on which a source brought nothing, as the check of gaps found them.

    Where the checks were looked at, theirs is the answer; else that check alone is made.
    """
    made: tuple[Seen, ...] = ctx.opened().memo.get((CHECKS, ctx.sight), ())
    seen = next((each for each in made if each.id == GAPS.id), None)
    found: Seen = seen or _kept(ctx, GAPS.id, lambda: look_gaps(_records(ctx)))
    return found.stretches


def titles(ctx: Context, suspect: Iterable[str]) -> tuple[str, ...]:
    """Return the titles of failed critical checks, by the ids that `suspect` gave."""
    known = {each.id: each.title for each in _failed(ctx)}
    return tuple(known[each] for each in suspect)


def wordless(ctx: Context, columns: Iterable[str]) -> tuple[str, ...]:
    """Return what to say beside numbers of these columns where states have no phase."""
    found: Seen = _kept(ctx, "words", lambda: look_for_words(_records(ctx)))
    if not found.count or not {*columns} & {*found.columns}:
        return ()
    return (f"{found.words} Whether those tickets are open is taken from the state before it.",)


def _failed(ctx: Context) -> list[Seen]:
    critical = _kept(ctx, "critical", lambda: look_critical(_records(ctx)))
    return [each for each in critical if each.state == "fail"]


def _kept(ctx: Context, name: str, make: Callable[[], Any]) -> Any:
    """Return what was made of this data version and scope, making it once."""
    opened = ctx.opened()
    key = (name, ctx.sight)

    def remembered() -> Any:
        if key not in opened.memo:
            opened.memo[key] = make()
        return opened.memo[key]

    return opened.once(key, remembered)


def _records(ctx: Context, source: str = "") -> Records:
    """Return what the checks look at, of one source where one is named."""
    opened = ctx.opened()
    rules = (Condition("source", (source,)),) if source else ()
    records: Records = _kept(
        ctx,
        f"records {source}",
        lambda: Records(
            engine=opened.engine,
            tables=open_tables(ctx.sight.within(rules)),
            periods=opened.periods,
            watermark=opened.watermark,
            now=ctx.clock(),
            # What came in, and what was refused, is of everybody's records.
            receipts=()
            if ctx.sight.hides
            else tuple(_receipt(row) for row in _rows_of(ctx, RECEIPTS.name, source)),
            beside=frozenset(opened.version.tables) & RELATED_BY_NAME.keys(),
            refused=_refused([] if ctx.sight.hides else _rows_of(ctx, REJECTED.name, source)),
        ),
    )
    return records


def _rows_of(ctx: Context, table: str, source: str) -> list[dict[str, Any]]:
    """Return the rows of a small table of the data version, of one source where one is named."""
    version = ctx.opened().version
    if table not in version.tables:
        return []
    files = ctx.warehouse.files(table, version.tables[table])
    rows = [row for file in files for row in read_rows(file)]
    return [row for row in rows if source in ("", _tool(row["source"]))]


def _tool(source: str) -> str:
    """Return the source whose tickets a receipt's records belong to.

    Records beside tickets come under the source's name and their table's: `desk/approvals`.
    """
    return source.split(BESIDE, 1)[0]


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


def _check(seen: Seen, catalogue: Catalogue, gate: frozenset[str]) -> Check:
    fails = seen.critical and seen.state == "fail"
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
        compared=seen.compared,
        weight=weight_of(seen.critical),
        stretches=seen.stretches,
        numbers=(WITHHELD if seen.id in gate else SUSPECT) if fails else "",
    )


def _impact(ctx: Context, checks: Iterable[Check]) -> Iterator[Affected]:
    """Yield the metrics whose numbers are not sound, each with the checks that say so."""
    failed = [each for each in checks if each.numbers]
    for metric in ctx.catalogue if failed else ():
        of = [each for each in failed if {EVERYTHING, metric.name} & {*each.affects}]
        if of:
            gone = any(each.numbers == WITHHELD for each in of)
            yield Affected(
                metric.name,
                metric.definition.title,
                tuple(each.id for each in of),
                WITHHELD if gone else SUSPECT,
            )


def _affects(columns: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    if set(ALL) & {*columns}:
        return (EVERYTHING,)
    return tuple(m.name for m in catalogue if {*columns} & {*m.columns})
