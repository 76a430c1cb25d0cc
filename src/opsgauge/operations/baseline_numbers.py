"""What is frozen of a series: its limits, and what lies behind them, as JSON values.

Floor 5. The limits come from the series as it is charted; the distribution, the time worked and
waited in each step, and what the one number hides come from the records of the same stretch.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import exp
from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.baselines.distribution import SIZED, distribution_of, distribution_rows
from opsgauge.analysis.baselines.pooling import (
    FEWEST,
    HALF,
    Between,
    Cell,
    Reversal,
    between,
    cell_rows,
    cells_of,
    reversals,
)
from opsgauge.analysis.baselines.steps import Step, step_rows, steps_of, touch_and_wait
from opsgauge.foundation.units import amount, percent
from opsgauge.log.periods import dates_of
from opsgauge.log.untold import TOLD_BY_UPDATES
from opsgauge.metrics.behind import records_split
from opsgauge.metrics.dated import Dated
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.choices import splits
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import named, plain, plural
from opsgauge.operations.grouped import grouped

MOST_STEPS = 20  # that are kept, those with most time
PROPOSED = ("priority", "category", "team", "service", "channel")  # what a number is split by first
MOST_DIMENSIONS = 4  # that are looked at together: more make groups of single records
TEAM = "team"


def behind_numbers(ctx: Context, question: Question, periods: Sequence[str]) -> dict[str, Any]:
    """Return what lies behind the numbers of a stretch: distribution, steps and pooling.

    Parameters
    ----------
    question : of the whole stretch, checked
    periods : of the stretch, oldest first
    """
    ctx = ctx.leaving_out(question.metric)
    metric = ctx.catalogue.get(question.metric)
    if metric.parts:
        return {}
    told: dict[str, Any] = {}
    if metric.kind in SIZED:
        rows = ctx.opened().engine.run(distribution_rows(_records(ctx, metric, question, ())))
        told["distribution"] = distribution_of(rows)
    if metric.subject.is_tickets and isinstance(metric.definition, Dated):
        steps = _steps(ctx, metric, question)
        touch, wait = touch_and_wait(steps)
        told["steps"] = [each.as_json() for each in steps[:MOST_STEPS]]
        told |= {"touch_hours": touch, "wait_hours": wait}
    return told | _pooled(ctx, metric, question, periods)


def _records(ctx: Context, metric: Metric, question: Question, by: Sequence[str]) -> ir.Table:
    asked = check_question(metric, grouped(ctx, replace(question, by=tuple(by))))
    opened = ctx.opened()
    return records_split(metric, asked, ctx.tables, opened.periods, opened.watermark)


def _steps(ctx: Context, metric: Metric, question: Question) -> tuple[Step, ...]:
    settings, tables = ctx.workspace.settings, ctx.tables
    # What few people did in a team is nearly what one of them did.
    by_team = settings.fewest_persons <= 1
    told = tables.tickets.filter(tables.tickets[TOLD_BY_UPDATES].notnull())
    records = _records(ctx, metric, question, ()).semi_join(told, ["source", "ticket_id"])
    rows = ctx.opened().engine.run(step_rows(records, tables.history, by_team))
    return steps_of(rows, settings.suppress_below)


def _pooled(
    ctx: Context, metric: Metric, question: Question, periods: Sequence[str]
) -> dict[str, Any]:
    """Return how unlike the groups of each dimension are, and where an average turns round."""
    names = _dimensions(ctx, metric, question)
    if not names or metric.kind == "count":
        return {"between": [], "reversals": [], "pooling": []}
    logs = metric.definition.unit == "hours"
    cells: list[Cell] = []
    for half, (first, last) in enumerate(_halves(periods)):
        asked = replace(question, from_=first, to=last)
        rows = cell_rows(_records(ctx, metric, asked, names), names, logs)
        cells += cells_of(ctx.opened().engine.run(rows), names, half, logs)
    if not cells:
        return {"between": [], "reversals": [], "pooling": []}
    fewest = max(FEWEST, ctx.workspace.settings.suppress_below)
    unlike = sorted((between(cells, each, logs, fewest) for each in names), key=_share)
    turned = reversals(cells, names, fewest)
    unit = metric.definition.unit
    said = pooling_words([each for each in unlike if each.hides], unit)
    return {
        "between": [each.as_json() for each in unlike],
        "reversals": [each.as_json() for each in turned],
        "pooling": [*said, *(_reversal_words(each, logs) for each in turned)],
    }


def _share(found: Between) -> float:
    return -found.share


def _dimensions(ctx: Context, metric: Metric, question: Question) -> list[str]:
    """Return what a number can be split by, that is neither asked for already nor of few people."""
    fixed = {each.column for each in question.where}
    persons = ctx.workspace.settings.fewest_persons > 1
    there = splits(ctx) if metric.subject.is_tickets else metric.subject.dimensions
    usual = [each for each in PROPOSED if each in there and metric.may_split(each)]
    free = [each for each in usual if each not in fixed and not (persons and each == TEAM)]
    return free[:MOST_DIMENSIONS]


def _halves(periods: Sequence[str]) -> list[tuple[date, date]]:
    middle = len(periods) // 2
    parts = (periods[:middle], periods[middle:])
    return [(dates_of(part[0])[0], dates_of(part[-1])[1]) for part in parts]


def pooling_words(found: Sequence[Between], unit: str) -> list[str]:
    """Say by which dimension one number hides most, and name the others; [] where none does.

    Parameters
    ----------
    found : those by which it hides something, the largest share first
    """
    if not found:
        return []
    first, *others = found
    rest = [f"{plural(plain(each.dimension))} ({percent(each.share, 0)})" for each in others]
    told = f" Less lies between {', '.join(rest)}." if rest else ""
    return [f"{_between_words(first, unit)}{told}"]


def _between_words(found: Between, unit: str) -> str:
    name = plain(found.dimension)
    ends = [
        f"{amount(mean, unit)} for {named(word, found.dimension)}"
        for word, mean in (found.low, found.high)
    ]
    typical = "typically " if unit == "hours" else ""
    return (
        f"{percent(found.share, 0)} of what varies lies between {plural(name)}: {typical}from "
        f"{ends[0]} to {ends[1]}. Freeze one baseline for each {name}."
    )


def _reversal_words(found: Reversal, logs: bool) -> str:
    within = plain(found.within)
    if found.of == HALF:
        who = "the second half against the first"
    else:
        second, first = (named(word, found.of) for word in reversed(found.sides))
        who = f"{second} against {first}"
    return (
        f"The average misleads ({who}): it is {_way(found.pooled, logs)}, while in every "
        f"{within} it is the other way, {_way(found.inside, logs)} with one mix. Compare by "
        f"{within}."
    )


def _way(difference: float, logs: bool) -> str:
    words = "higher" if difference > 0 else "lower"
    if not logs:
        return f"{abs(difference):.3g} {words}"
    return f"{percent(abs(exp(difference) - 1), 0)} {words}"
