"""A metric's series laid out by the calendar, for its season to be seen.

Floor 5. What is not whole, since it began before the records did or is not over, has no value.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from opsgauge.analysis.forecast.layout import A_WEEK, Layout, Numbers
from opsgauge.foundation.errors import QueryWrong, TooFewPoints
from opsgauge.foundation.units import MICROS_PER_HOUR, MICROS_PER_SECOND
from opsgauge.log.periods import Periods, dates_of, label_of
from opsgauge.metrics.ask import make_ask
from opsgauge.metrics.hourly import by_bucket, check_hourly
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.answers import Measured
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped
from opsgauge.warehouse.portable import micros_at

DAY_HOURS = 24
TO_COME = 1  # rows after the running one
MOST_DAYS = 1_100  # a little over three years: what is older tells little of next week


def laid_out(
    ctx: Context, measured: Measured, counts: bool, measured_to: date | None = None
) -> Layout:
    """Return a series measured by the day or the week, with a row to come.

    Parameters
    ----------
    counts : whether its values are counts
    measured_to : the last day that was asked for, where one was

    Raises
    ------
    TooFewPoints : it has no value
    """
    opened, grain = ctx.opened(), measured.period
    begun = label_of(opened.periods.date_of(opened.periods.first), grain)
    now = opened.periods.label_at(opened.watermark, grain)
    there = {row.period: row.value for row in measured.rows if begun < row.period < now}
    if not there:
        raise TooFewPoints(
            f"{measured.title} has no whole {grain} yet.", hint="Choose a longer range."
        )
    days = A_WEEK if grain == "week" else 1
    first = dates_of(min(there))[0]
    last = max(dates_of(max(there))[0], first)
    first = max(first, last - timedelta(days=MOST_DAYS // days * days))
    rows = (last - first).days // days + 1
    values = np.full((rows, 1), np.nan)
    for label, value in there.items():
        at = (dates_of(label)[0] - first).days // days
        if value is not None and at >= 0:
            values[at, 0] = value
    running = last < dates_of(now)[0] and (measured_to is None or measured_to > last)
    return _with_rows_to_come(first, values, days, TO_COME + running, counts)


def hourly(ctx: Context, question: Question) -> Layout:
    """Return the records of a question counted by the local hour, with a day to come.

    Raises
    ------
    QueryWrong : they cannot be counted by the hour
    TooFewPoints : there is no whole day
    """
    settings = ctx.workspace.settings
    if settings.suppress_below > 1 or settings.fewest_persons > 1:
        raise QueryWrong(
            "This workspace withholds numbers of few records or people, and most hours are such.",
            hint="Ask by the day.",
        )
    ctx = ctx.leaving_out(question.metric)
    metric, opened = ctx.catalogue.get(question.metric), ctx.opened()
    question = check_question(metric, grouped(ctx, replace(question, period="day")))
    ask = make_ask(metric, question, ctx.tables, opened.periods, opened.watermark)
    check_hourly(ask)
    answer = opened.engine.run(by_bucket(ask))
    found = dict(zip(answer["bucket"].to_pylist(), answer["n"].to_pylist(), strict=True))
    first = opened.periods.date_of(opened.periods.first) + timedelta(days=1)
    now = opened.periods.date_of(opened.watermark)
    first = max(first, question.from_ or first, now - timedelta(days=MOST_DAYS))
    last = min(now, question.to or now)
    if last < first:
        raise TooFewPoints(
            f"{metric.definition.title} has no whole day yet.", hint="Choose a longer range."
        )
    return Layout(first, *_by_hour(ctx, found, first, last))


def _by_hour(
    ctx: Context, found: dict[int, int], first: date, last: date
) -> tuple[Numbers, Numbers]:
    """Return what came in each local hour that is over, and how long each lasts; a day more."""
    opened = ctx.opened()
    shape = ((last - first).days + 1 + TO_COME, DAY_HOURS)
    values, length = np.zeros(shape), np.zeros(shape)
    over_us = micros_at(opened.watermark)
    for number, day, hour, part in buckets(opened.periods, last + timedelta(days=TO_COME)):
        at = (day - first).days
        if at < 0:
            continue
        length[at, hour] += part
        over = (number + 1) * opened.periods.bucket_us <= over_us
        values[at, hour] += found.get(number, 0) if over and day <= last else np.nan
    values[length == 0] = np.nan
    return values, length


def _with_rows_to_come(first: date, values: Numbers, days: int, more: int, counts: bool) -> Layout:
    """Return the layout of a series of one slot, with rows at its end that have no value yet."""
    every = np.vstack([values, np.full((more, 1), np.nan)])
    return Layout(first, every, np.ones_like(every), days, counts)


def buckets(periods: Periods, last: date) -> Iterator[tuple[int, date, int, float]]:
    """Yield every bucket from the first of the calendar to the end of a local day, in order.

    Yields
    ------
    its number, its local date and hour, and how much of an hour it lasts
    """
    width = periods.bucket_us
    step, part = timedelta(microseconds=width), width / MICROS_PER_HOUR
    number = int(periods.periods["bucket"][0].as_py())
    at = datetime.fromtimestamp(number * width // MICROS_PER_SECOND, UTC)
    while (local := at.astimezone(periods.zone)).date() <= last:
        yield number, local.date(), local.hour, part
        number, at = number + 1, at + step
