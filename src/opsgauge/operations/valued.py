"""Points become values to show: set against others, and withheld where they are of too few.

Floor 5.
"""

from collections.abc import Mapping, Sequence

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.behind import SHIFTED
from opsgauge.metrics.compared import Compared, compared
from opsgauge.metrics.frames import Framed, framed, is_framed
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, is_stock
from opsgauge.metrics.series import Point
from opsgauge.metrics.shifts import window_words
from opsgauge.operations.answers import Measured, Shifted, Value, enough
from opsgauge.operations.context import Context
from opsgauge.operations.small_teams import of_small_teams
from opsgauge.operations.withheld import Cell, cell_of, withheld

MOST_DAYS = 4  # named in a note


def values(
    ctx: Context, metric: Metric, question: Question, points: Sequence[Point]
) -> tuple[Value, ...]:
    """Return what is shown of an answer."""
    hidden = _hidden(ctx, metric, question, points)
    if not is_framed(question):
        return tuple(_value(point, cell_of(point) in hidden) for point in points)
    pairs = compared(points, told(ctx, question), metric)
    return tuple(_set(pair, question, hidden, metric.definition.unit) for pair in pairs)


def _hidden(
    ctx: Context, metric: Metric, question: Question, points: Sequence[Point]
) -> frozenset[Cell]:
    adds = not (question.rolling or is_stock(metric))
    small = of_small_teams(ctx, question, points)
    return withheld(points, ctx.workspace.settings.suppress_below, adds, small)


def told(ctx: Context, question: Question) -> Framed:
    """Return the stretches of time that a question measures."""
    opened = ctx.opened()
    known = min(opened.watermark, question.as_of) if question.as_of else opened.watermark
    return framed(question, opened.periods, known)


def _value(point: Point, gone: bool) -> Value:
    if gone:
        return Value(point.period, point.by, 0, None, suppressed=True)
    return Value(**vars(point))


def _set(pair: Compared, question: Question, hidden: frozenset[Cell], unit: str) -> Value:
    by = tuple(pair.point.by.values())
    gone, other_gone = (pair.key, *by) in hidden, (pair.other_key, *by) in hidden
    plain = _value(pair.point, gone)
    shifted = None
    if question.shift:
        shifted = Shifted(pair.other_period)
        if pair.other is not None and not other_gone:
            shifted = Shifted(pair.other_period, pair.other.n, pair.other.value)
        if not gone and not other_gone and shifted.n is not None:
            shifted = Shifted(
                shifted.period,
                shifted.n,
                shifted.value,
                pair.difference,
                pair.change,
                few=not enough(unit, min(pair.point.n, shifted.n)),
            )
    return Value(
        plain.period,
        plain.by,
        plain.n,
        plain.value,
        plain.low,
        plain.high,
        plain.numerator,
        plain.denominator,
        shifted=shifted,
        complete=pair.complete,
        suppressed=gone,
    )


def notes(ctx: Context, question: Question) -> tuple[str, ...]:
    """Say what a reader of the values should know: of moves in a hierarchy, of windows left out."""
    return (*_moves(ctx, question), *_windows_left_out(ctx, question))


def _moves(ctx: Context, question: Question) -> tuple[str, ...]:
    """Say on which days of the time asked for members of a hierarchy moved."""
    periods, watermark = ctx.opened().periods, ctx.opened().watermark
    first = question.from_ or periods.date_of(periods.first)
    last = min(question.to or periods.date_of(watermark), periods.date_of(watermark))
    told = []
    for level in question.moving:
        days = [f"{m.since}" for m in level.moved if first < m.since <= last]
        when = ", ".join(days if len(days) <= MOST_DAYS else [*days[:MOST_DAYS], "and later"])
        if days:
            told.append(
                f"{level.name} changed on {when}: each record stands in it as things were at the "
                "moment that dates it."
            )
    return tuple(told)


def _windows_left_out(ctx: Context, question: Question) -> tuple[str, ...]:
    if not question.rolling:
        return ()
    gone = told(ctx, question).left_out
    if not gone:
        return ()
    begins = ctx.opened().periods.date_of(ctx.opened().periods.first)
    values = "1 value is" if gone == 1 else f"{gone} values are"
    return (
        f"{values} left out: the window of {window_words(question.rolling)} begins before the "
        f"records do, on {begins}.",
    )


def must_be_shown(measured: Measured, row: Mapping[str, str | None], part: str) -> None:
    """Refuse the list behind a value that is withheld.

    Raises
    ------
    QueryWrong : it is
    """
    for value in measured.rows:
        if {"period": value.period, **value.by} != dict(row):
            continue
        shifted = value.shifted
        other_gone = shifted is not None and shifted.period != "" and shifted.n is None
        if other_gone if part.startswith(SHIFTED) else value.suppressed:
            raise withheld_list(measured.suppress_below)


def refuse_few(ctx: Context, total: int) -> None:
    """Refuse a list of so few records that their number is withheld.

    Raises
    ------
    QueryWrong : it is shorter than `suppress_below`
    """
    below = ctx.workspace.settings.suppress_below
    if 0 < total < below:
        raise withheld_list(below)


def withheld_list(below: int) -> QueryWrong:
    """Return the refusal of a list behind a number that is withheld."""
    few = f"fewer than {below} records" if below > 1 else "few people"
    return QueryWrong(
        f"The list behind a withheld number is withheld too: {few} stand behind it, or behind one "
        "that it would give away.",
        hint="Choose a longer time or a larger group.",
    )
