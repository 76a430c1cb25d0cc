"""Numbers: measured, charted, explained, and the tickets behind them.

Floor 5. One road for page, command, API and list: `_measured` alone asks `metrics.series`.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

import ibis.expr.types as ir

from opsgauge.foundation.errors import ColumnsMissing, OpsgaugeError, QueryWrong
from opsgauge.log.periods import ALL, GRAINS
from opsgauge.log.related import CLOCKS
from opsgauge.metrics import explain as explaining
from opsgauge.metrics.behind import records_behind
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.missing import Filled, Missing, missing_parts
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import points
from opsgauge.operations.answers import Explained, Measured, TicketList, Value
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.charting import AS_USUAL, Charting
from opsgauge.operations.check import suspect, wordless
from opsgauge.operations.clocked import clocks_at_hand
from opsgauge.operations.context import Context
from opsgauge.operations.excluded import told_of, words_of
from opsgauge.operations.fitting import caveats, vanity
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import blanked, refuse_withheld, withheld_by
from opsgauge.operations.grouped import grouped
from opsgauge.operations.lists import FIRST_PAGE, About, Page, list_rows
from opsgauge.operations.meant import meant, not_there_words
from opsgauge.operations.renewed import answer, templates
from opsgauge.operations.valued import must_be_shown, notes, values

CHART_PERIOD = "week"
LISTED = ("opened_at", "resolved_at", "team", "reopen_count", "handoff_count")  # of any ticket


def measure(ctx: Context, question: Question) -> Measured:
    """Answer a question to a metric.

    Needs `metric:read`.

    Raises
    ------
    UnknownMetric, UnknownColumn, QueryWrong, PersonSplit : the question cannot be asked
    ColumnsMissing : the records lack what the metric needs
    """
    ctx.require("metric:read")
    return _measured(ctx, question)


def _measured(ctx: Context, question: Question) -> Measured:
    ctx = ctx.leaving_out(question.metric)
    metric = ctx.catalogue.get(question.metric)
    question = check_question(metric, grouped(ctx, question))
    must_have_columns(ctx, metric)
    opened = ctx.opened()
    answered = opened.once(
        ("series", metric.definition_hash, question, ctx.scope),
        lambda: points(
            answer(ctx, metric, question),
            metric,
            question,
            opened.periods,
            opened.watermark,
        ),
    )
    plain = metric.definition
    rows, failed = values(ctx, metric, question, answered), suspect(ctx, metric.columns)
    gone = withheld_by(ctx, failed)
    left_out = told_of(ctx)
    return Measured(
        metric=metric.name,
        title=plain.title,
        unit=plain.unit,
        good=plain.good,
        statistic=question.statistic or "",
        period=question.period,
        by=question.by,
        where=question.where,
        rows=blanked(rows) if gone else rows,
        provenance=ctx.provenance(metric.definition_hash),
        sentence=explaining.sentence(metric, question),
        suspect=failed,
        withheld=gone,
        record=metric.record,
        caveats=(
            *words_of(left_out),
            *caveats(metric, question),
            *notes(ctx, question),
            *not_there_words(ctx, question.where, metric.subject),
            *wordless(ctx, metric.columns),
        ),
        suppress_below=ctx.workspace.settings.suppress_below,
        fewest_persons=ctx.workspace.settings.fewest_persons,
        left_out=left_out,
        rows_with_left_out=_with_left_out(ctx, question, rows) if left_out else (),
    )


def _with_left_out(ctx: Context, question: Question, rows: Sequence[Value]) -> tuple[Value, ...]:
    """Return the values with what is left out; none where the two would tell of too few records."""
    whole = _measured(ctx.leaving_nothing_out(), question).rows
    n = {(row.period, *row.by.values()): row.n for row in rows}
    apart = (row.n - n.get((row.period, *row.by.values()), 0) for row in whole)
    below = ctx.workspace.settings.suppress_below
    return blanked(whole) if any(0 < each < below for each in apart) else whole


def measure_ahead(ctx: Context, questions: Iterable[Question]) -> None:
    """Begin to measure on another core what `measure` will be asked in a moment."""
    ctx = ctx.holding()

    def ask(question: Question) -> None:
        # Whoever asks it in earnest is told what is wrong with it.
        with suppress(OpsgaugeError):
            _measured(ctx, question)

    ctx.opened().ahead(partial(ask, question) for question in questions)


def must_have_columns(ctx: Context, metric: Metric) -> None:
    """Refuse a metric whose columns hold nothing in the records.

    Raises
    ------
    ColumnsMissing : naming the columns, and the mapping as where to add them
    """
    if metric.reads(CLOCKS.name):
        clocks_at_hand(ctx)
    opened = ctx.opened()
    known: dict[str, tuple[Missing, ...]] = opened.memo.setdefault(("missing", ctx.scope), {})
    key = metric.definition_hash
    if key not in known:
        filled = None
        if opened.answers is not None:  # many will be asked
            filled = opened.memo.setdefault(
                ("filled", ctx.scope), Filled(opened.engine, ctx.tables)
            )
        known[key] = missing_parts(opened.engine, metric, ctx.tables, filled)
    if known[key]:
        names = "; ".join(each.sentence() for each in known[key])
        raise ColumnsMissing(
            f"{metric.definition.title} cannot be measured: {names}.",
            hint=" ".join(dict.fromkeys(each.hint() for each in known[key])),
        )


def chart(ctx: Context, question: Question, how: Charting = AS_USUAL) -> Charted:
    """Return the control chart of a metric, one point per period.

    Needs `chart:read`. A period that has not ended, or began before the records did, is drawn
    and not judged.

    Raises
    ------
    TooFewPoints : fewer periods than a chart needs
    NumbersWithheld : a check fails for which the workspace withholds numbers
    QueryWrong : it splits by a dimension, or names no period; `how` names no chart or rules there
        are
    """
    ctx.require("chart:read")
    if question.by:
        raise QueryWrong(
            "A chart shows one series.", hint="Choose one value with where, instead of by."
        )
    if question.shift or question.rolling or question.to_date:
        raise QueryWrong(
            "A chart judges whole periods that do not overlap, each by itself.",
            hint="Leave shift, rolling and to-date away, or measure instead.",
        )
    if question.period == ALL:
        question = replace(question, period=chart_period(ctx.catalogue.get(question.metric)))
    measured = _measured(ctx, question)
    refuse_withheld(ctx, measured.suspect)
    return charted(ctx, measured, how)


def chart_period(metric: Metric) -> str:
    """Return the period by which a metric is charted where nobody says: a week, or its shortest."""
    return max(CHART_PERIOD, metric.finest, key=GRAINS.index)


def explain(ctx: Context, question: Question) -> Explained:
    """Say what a number means: as a sentence, as SQL, as its definition.

    Needs `catalogue:read`.
    """
    ctx.require("catalogue:read")
    ctx = ctx.leaving_out(question.metric)
    metric = ctx.catalogue.get(question.metric)
    question = check_question(metric, grouped(ctx, question))
    opened = ctx.opened()
    plain = metric.definition
    sql = opened.once(
        ("sql", metric.definition_hash, question, ctx.scope),
        lambda: templates(ctx).query(metric, question, readable=True),
    )
    return Explained(
        metric=metric.name,
        title=plain.title,
        question=plain.question,
        decision=plain.decision or "",
        sentence=explaining.sentence(metric, question),
        sql=sql,
        engine=opened.engine.name,
        unit=plain.unit,
        good=plain.good,
        pitfalls=tuple(plain.pitfalls),
        counter_metric=plain.counter_metric,
        owner_role=plain.owner_role or "",
        source=plain.source or "",
        example=plain.example.model_dump(mode="json", by_alias=True, exclude_none=True),
        left_out=explaining.left_out(metric),
        provenance=ctx.provenance(metric.definition_hash),
        read_beside=vanity(metric, {m.name: m.definition.title for m in ctx.catalogue}),
        aspect=plain.tells,
        lifecycle=plain.lifecycle,
        replaced_by=plain.replaced_by,
        version=plain.version,
        valid_from=plain.valid_from,
        made_of=tuple(part.name for part in metric.parts),
    )


def tickets_behind(
    ctx: Context,
    question: Question,
    row: Mapping[str, str | None] | None = None,
    page: Page = FIRST_PAGE,
    part: str = "",
) -> TicketList:
    """List the tickets behind one value; there are as many as its n.

    Needs `ticket:read`.

    Parameters
    ----------
    row : `period` and the dimensions of the value; None for a question with one value
    part : "numerator" for only those of a share's tickets that it counts, "rest" for the others;
        "shifted" for those of the value it is set against
    """
    ctx.require("ticket:read")
    ctx = ctx.leaving_out(question.metric)
    metric = ctx.catalogue.get(question.metric)
    question = check_question(metric, grouped(ctx, question))
    must_have_columns(ctx, metric)
    opened, chosen = ctx.opened(), row or {"period": ALL}
    settings = ctx.workspace.settings
    if settings.suppress_below > 1 or settings.fewest_persons > 1:
        must_be_shown(_measured(ctx, question), chosen, part)
    page = replace(page, sort=page.sort or "-value")
    key = (metric.definition_hash, question, tuple(sorted(chosen.items())), part)

    def rows() -> ir.Table:
        return records_behind(
            metric, question, ctx.tables, opened.periods, opened.watermark, chosen, part
        )

    told = not_there_words(ctx, question.where, metric.subject)
    about = About(explaining.sentence(metric, question), metric.columns, told)
    return list_rows(ctx, key, rows, page, about)


def tickets_where(ctx: Context, chosen: Selection, page: Page = FIRST_PAGE) -> TicketList:
    """List the tickets chosen, whatever number they stand behind; the newest first.

    Needs `ticket:read`.
    """
    ctx.require("ticket:read")
    page = replace(page, sort=page.sort or "-opened_at")
    chosen = replace(chosen, where=meant(ctx, chosen.where))
    parts = [condition.sentence() for condition in chosen.where]
    parts += [chosen.passed.sentence()] if chosen.passed else []
    said = f"Tickets where {', '.join(parts)}" if parts else "All tickets"
    about = About(said, LISTED, not_there_words(ctx, chosen.where))
    return list_rows(ctx, chosen, lambda: chosen_tables(ctx, chosen).tickets, page, about)
