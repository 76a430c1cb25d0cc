"""Numbers of a new data version, made from those of the one before.

Floor 5. Where the version before was asked the same question, only the periods that the difference
between the two reaches are asked for again; the others stay. Home and the pages of a server ask the
same questions after every import, and after a night's import little has changed.
"""

from collections.abc import Hashable, Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.log.periods import ALL, instants_between, labels_between
from opsgauge.log.related import CONTACT_TICKETS, CONTACTS
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.ask import make_ask
from opsgauge.metrics.frames import is_framed
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.metrics.reach import Compared, runs_of, touched_periods
from opsgauge.metrics.templates import CALENDAR, Templates
from opsgauge.operations.compared import compare
from opsgauge.operations.context import Context
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.recent import recent_from, with_their_history
from opsgauge.warehouse.around import names_in, tables_read
from opsgauge.warehouse.portable import micros_at

FLOW = "flow"


def templates(ctx: Context) -> Templates:
    """Return the compiled questions of this data version and scope."""
    opened, key = ctx.opened(), ("templates", ctx.scope)
    if key not in opened.memo:
        compiled = ctx.readers.compiled(ctx.scope, opened)
        made = Templates(opened.engine, ctx.tables, opened.periods, opened.watermark, compiled)
        opened.memo.setdefault(key, made)
    kept: Templates = opened.memo[key]
    return kept


def answer(ctx: Context, metric: Metric, question: Question) -> pa.Table:
    """Return what the engine answers to a checked question, asking for no more than it must."""
    opened = ctx.opened()

    def asked() -> pa.Table:
        renewed = _renewed(ctx, metric, question)
        if renewed is not None:
            return renewed
        return opened.engine.run_sql(templates(ctx).query(metric, question))

    if opened.numbers is None:
        return asked()
    return opened.numbers.get(_key(ctx, metric, question), asked)


def _key(ctx: Context, metric: Metric, question: Question) -> Hashable:
    return (metric.definition_hash, question, ctx.scope)


def _renewed(ctx: Context, metric: Metric, question: Question) -> pa.Table | None:
    """Return the answer made from that of the version before; None where that cannot be."""
    opened = ctx.opened()
    before = ctx.readers.before(opened)
    old = _answered(ctx, before, metric, question) if _by_plain_periods(question) else None
    compared = compare(ctx, before) if before and old is not None else None
    if old is None or compared is None:
        return None
    known = templates(ctx)
    whole = known.query(metric, question)
    if not _stands_on_compared(whole, metric, compared):
        return None
    ask = make_ask(metric, question, ctx.tables, opened.periods, opened.watermark)
    labels = touched_periods(ask, compared, names_in(whole))
    runs = runs_of(labels) if labels is not None else None
    if runs is None:
        return None
    covered = [label for run in runs for label in labels_between(*run, question.period)]
    if 2 * len(covered) > len(labels_between(compared.first, compared.last, question.period)):
        return None
    zone, again = opened.periods.zone, []
    for run in runs:
        start, end = instants_between(*run, zone)
        again.append((micros_at(start), micros_at(end)))
    new = None
    if again:
        recent = again[0][0] >= recent_from(opened, compared)
        sql = known.query(metric, question, again=again, recent=recent)
        new = opened.engine.run_sql(with_their_history(opened, sql))
    return _spliced(old, new, covered, _groups_of_stock(metric, question))


def _answered(
    ctx: Context, before: OpenVersion | None, metric: Metric, question: Question
) -> pa.Table | None:
    """Return what the version before answered, None where it did not."""
    if before is None or before.numbers is None:
        return None
    old: pa.Table | None = before.numbers.peek(_key(ctx, metric, question))
    return None if old is None or old["period"].null_count else old


def _by_plain_periods(question: Question) -> bool:
    """Say whether a question gives each period a value of its own, and asks for all of them."""
    return (
        question.period != ALL
        and question.from_ is None
        and question.to is None
        and question.as_of is None
        and not question.groupings
        and not is_framed(question)
    )


def _stands_on_compared(sql: str, metric: Metric, compared: Compared) -> bool:
    """Say whether a query reads nothing that differs, but for what reach looks at."""
    subjects = {each.definition.subject.name for each in _with_parts(metric)}
    looked_at = {*CALENDAR, TICKETS.name, HISTORY.name, *subjects}
    if CONTACTS.name in subjects:
        looked_at.add(CONTACT_TICKETS.name)
    return compared.same.issuperset(tables_read(sql) - looked_at)


def _with_parts(metric: Metric) -> Iterable[Metric]:
    yield metric
    for part in metric.parts:
        yield from _with_parts(part)


def _groups_of_stock(metric: Metric, question: Question) -> Sequence[str]:
    """Return the dimensions of a stock: of those a group without any stock is shown too."""
    stock = any(each.kind == FLOW for each in _with_parts(metric))
    return question.by if stock else ()


def _spliced(
    old: pa.Table, new: pa.Table | None, covered: Sequence[str], groups: Sequence[str]
) -> pa.Table | None:
    """Put the periods asked for again in the place of what they were.

    None where a group of a stock is nought throughout and not in what was asked again: whether
    anything ever came into it, the old answer does not tell of the new data version.
    """
    if new is None:
        return old
    again = pa.array(covered, pa.string())
    kept, fresh = old.filter(pc.invert(pc.is_in(old["period"], again))), new.cast(old.schema)
    fresh = fresh.filter(pc.or_(pc.is_in(fresh["period"], again), pc.is_null(fresh["period"])))
    if groups:
        most = kept.group_by([*groups]).aggregate([("n", "max")])
        empty = most.filter(pc.equal(most["n_max"], 0)).select([*groups]).to_pylist()
        there = {tuple(row.values()) for row in fresh.select([*groups]).to_pylist()}
        if any(tuple(row.values()) not in there for row in empty):
            return None
    return pa.concat_tables([kept, fresh])
