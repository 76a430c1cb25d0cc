"""Process map and variants: how tickets flow, as answers.

Floor 5.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining import steps as steps_by
from opsgauge.analysis.mining.flow_map import arc_rows, in_business_time, node_rows
from opsgauge.analysis.mining.steps import BEGIN, FINISH, NO_STEP, fields_of
from opsgauge.analysis.mining.variants import (
    case_seconds,
    path_rows,
    paths,
    variant_rows,
    variant_totals,
)
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import OpsgaugeError, QueryWrong
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.log.door import LogTables, only, where
from opsgauge.log.periods import instants_between
from opsgauge.operations.calendars_at_hand import calendars_at_hand
from opsgauge.operations.context import Context
from opsgauge.operations.flow_answers import MapArc, MapNode, ProcessMap, Variant, Variants
from opsgauge.operations.gate import let_through
from opsgauge.operations.meant import meant_of_tickets, not_there_words
from opsgauge.operations.small_teams import (
    Together,
    refuse_small,
    small_teams,
    told_together,
    withheld_teams,
)
from opsgauge.warehouse.portable import micros, micros_at

KEY = ["source", "ticket_id"]


@dataclass(frozen=True)
class Passed:
    """Which tickets by the way they took: what a process map counts.

    Attributes
    ----------
    steps : phase, original_status, team, activity or any other field of a map, or two of them
    step : they passed through this step; `NO_STEP` for one where nothing is written; `BEGIN` for
        those that began with `then`
    then : and went straight on to this one; `FINISH` for those that ended there
    path : or: their whole path is the one of this hash, `Variant.id`
    """

    steps: str
    step: str | None = None
    then: str | None = None
    path: str = ""

    def sentence(self) -> str:
        """Return it in words.

        Examples
        --------
        >>> Passed("phase", "new", "resolved").sentence()
        'phase went from new to resolved'
        """
        if self.path:
            short = self.path if self.path.startswith("(") else self.path[:7]
            return f"path by {self.steps} is {short}"
        if self.then is None:
            return f"{self.steps} was at some time {self.step}"
        if self.step == BEGIN:
            return f"{self.steps} began with {self.then}"
        if self.then == FINISH:
            return f"{self.steps} ended with {self.step}"
        return f"{self.steps} went from {self.step} to {self.then}"


@dataclass(frozen=True)
class Selection:
    """Which tickets: those that meet the conditions, opened between two local dates, by the way."""

    where: tuple[Condition, ...] = ()
    from_: date | None = None
    to: date | None = None
    passed: Passed | None = None


def process_map(
    ctx: Context, steps: str, chosen: Selection | None = None, calendar: str = ALWAYS
) -> ProcessMap:
    """Return the directly-follows map of the tickets chosen.

    Needs `map:read`. Counts are of updates; `tickets` beside them of distinct tickets.

    Parameters
    ----------
    steps : a field that `history` knows over time, persons aside, or two: "phase+team"
    calendar : whose open time counts; `always` for elapsed time

    Raises
    ------
    UnknownColumn : no map is drawn by such steps
    UnknownCalendar, CalendarWrong : there is no such calendar, or its file does not fit
    """
    ctx.require("map:read")
    key = ("map", ctx.scope, steps, chosen, calendar)
    return ctx.opened().once(key, lambda: _process_map(ctx, steps, chosen, calendar))


def _process_map(ctx: Context, steps: str, chosen: Selection | None, calendar: str) -> ProcessMap:
    fields = fields_of(steps)
    tables, together = stepped_tables(ctx, steps, chosen)
    history, opened = timed(ctx, tables.history, calendar), ctx.opened()
    # Teams told together are one step in history, and the way through them one path.
    by_paths = steps_by.has_paths(steps) and not together.teams
    of = tables.tickets if by_paths else None
    asked = (
        arc_rows(history, steps, with_tickets=True, tickets=of),
        node_rows(history, steps, tickets=of, until=opened.watermark),
        tables.tickets.aggregate(n=tables.tickets.count()),
    )
    run = opened.engine.run
    arcs, nodes, total = opened.side_by_side([partial(run, rows) for rows in asked], True)
    return ProcessMap(
        steps=steps,
        tickets=total["n"][0].as_py(),
        nodes=tuple(MapNode(**in_words(row, fields)) for row in nodes.to_pylist()),
        arcs=tuple(MapArc(**in_words(row, fields)) for row in arcs.to_pylist()),
        provenance=ctx.provenance(),
        calendar=calendar,
        suspect=let_through(ctx, fields),
        notes=not_there_words(ctx, chosen.where if chosen else ()),
        withheld=together.note,
    )


def stepped_tables(
    ctx: Context, steps: str, chosen: Selection | None, together: Together | None = None
) -> tuple[LogTables, Together]:
    """Return the tickets chosen with small teams as one step, and which teams those are.

    Parameters
    ----------
    together : the teams that are one step, where somebody else says so
    """
    together = together or _together(ctx, steps, chosen)
    return _with_steps(chosen_tables(ctx, chosen), together), together


def timed(ctx: Context, history: ir.Table, calendar: str) -> ir.Table:
    """Return the rows with time counted by a calendar; as they are where it is always open."""
    if calendar == ALWAYS:
        return history
    compiled = calendars_at_hand(ctx, calendar)
    return in_business_time(history, calendar, compiled, ctx.opened().watermark)


def in_words(row: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """Return a row of a map with each step's name in the place of its fields' values."""
    steps = [name for name in ("id", "from_", "to") if name in row]
    keys = {name: steps_by.columns("+".join(fields), name) for name in steps}
    gone = {column for columns in keys.values() for column in columns}
    told = {name: named_step(row, columns) for name, columns in keys.items()}
    return {**told, **{name: value for name, value in row.items() if name not in gone}}


def named_step(row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    """Return the name of the step that stands in some columns of a row."""
    return _named(steps_by.named([row[column] for column in columns]))


def variants(
    ctx: Context, steps: str, chosen: Selection | None = None, limit: int = 20
) -> Variants:
    """Return the paths that the tickets chosen took, the most frequent `limit` of them.

    Needs `map:read`.
    """
    ctx.require("map:read")
    if limit < 1:
        raise QueryWrong("At least one variant must be shown.", hint="Use a limit of 1 or more.")
    key = ("variants", ctx.scope, steps, chosen, limit)
    return ctx.opened().once(key, lambda: _variants(ctx, steps, chosen, limit))


def variants_ahead(ctx: Context, steps: str, chosen: Selection | None, limit: int) -> None:
    """Begin on another core what `variants` will be asked in a moment.

    Needs `map:read`.
    """
    ctx.require("map:read")

    def ask() -> None:
        # Whoever asks it in earnest is told what is wrong with it.
        with suppress(OpsgaugeError):
            variants(ctx, steps, chosen, limit)

    ctx.opened().ahead([ask])


def _variants(ctx: Context, steps: str, chosen: Selection | None, limit: int) -> Variants:
    together = _together(ctx, steps, chosen)
    tables = _with_steps(chosen_tables(ctx, chosen), together)
    engine = ctx.opened().engine
    totals = engine.run(variant_totals(tables.tickets, steps)).to_pylist()[0]
    first = variant_rows(tables.tickets, steps).limit(limit)
    rows = engine.run(first).to_pylist()
    walked = paths(engine.run(path_rows(tables.history, first, steps)))
    lasting = engine.run(case_seconds(tables.history)).to_pylist()[0]
    return Variants(
        steps=steps,
        variants=totals["variants"],
        tickets=totals["tickets"],
        case_seconds={name: lasting[name] for name in ("mean", "median", "p90")},
        rows=tuple(_variant(row, walked, together) for row in rows),
        provenance=ctx.provenance(),
        suspect=let_through(ctx, (steps,)),
        notes=not_there_words(ctx, chosen.where if chosen else ()),
        withheld=together.note,
    )


def _variant(
    row: dict[str, Any],
    walked: dict[tuple[str, str], tuple[str | None, ...]],
    together: Together,
) -> Variant:
    path = walked[row["source"], row["ticket_id"]]
    if together.teams and row["variant"] == together.label:
        path = (together.label,)  # of the tickets that passed there, whatever way they took
    return Variant(tuple(_named(step) for step in path), row["count"], row["share"], row["variant"])


def _named(step: str | None) -> str:
    return NO_STEP if step is None else step


def chosen_tables(ctx: Context, chosen: Selection | None) -> LogTables:
    """Return the tables of the log with the tickets chosen, whole, and no others.

    Raises
    ------
    QueryWrong : they are chosen by a team of which nothing is told
    """
    tables = ctx.tables
    if chosen is None or chosen == Selection():
        return tables
    conditions = meant_of_tickets(ctx, chosen.where)
    refuse_small(ctx, conditions)
    tickets = where(tables.tickets, conditions)
    tickets = _opened_between(tickets, ctx, chosen.from_, chosen.to)
    if chosen.passed:
        together = _together(ctx, chosen.passed.steps, chosen)
        _refuse_steps(chosen.passed, together)
        stepped = _with_steps(replace(tables, tickets=tickets), together)
        passed = _that_passed(stepped.tickets, stepped.history, chosen.passed)
        tickets = only(tickets, passed, KEY) if together.teams else passed
    return replace(
        tables,
        tickets=tickets,
        history=only(tables.history, tickets, KEY),
        links=only(tables.links, tickets, KEY),
    )


def _together(ctx: Context, steps: str, chosen: Selection | None) -> Together:
    """Return the teams that are one step together, where steps are teams."""
    if "team" not in fields_of(steps) or small_teams(ctx).fewest <= 1:
        return Together()
    return told_together(ctx, meant_of_tickets(ctx, chosen.where) if chosen else ())


def _refuse_steps(passed: Passed, together: Together) -> None:
    named = [step for step in (passed.step, passed.then) if step not in (None, BEGIN, FINISH)]
    for step in named if together.teams else ():
        if together.teams.intersection(
            steps_by.values_of(step or NO_STEP, fields_of(passed.steps))
        ):
            raise withheld_teams(Condition("team", (step,)), together.fewest)


def _with_steps(tables: LogTables, together: Together) -> LogTables:
    """Return the tables with teams told together as one step, and one path through it."""
    if not together.teams:
        return tables
    history, tickets = tables.history, tables.tickets
    rows = steps_by.updates(history)
    through = rows.filter(rows.team.isin(sorted(together.teams))).select(*KEY).distinct()
    marked = tickets.left_join(through.mutate(through=True), KEY)
    others = [name for name in tickets.columns if name != "variant_team"]
    path = ibis.cases(
        (marked.through.notnull(), together.label),
        (marked.variant_team.notnull(), marked.variant_team),
    )
    return replace(
        tables,
        tickets=marked.select(*others, variant_team=path),
        history=history.mutate(
            team=together.word(history.team), next_team=together.word(history.next_team)
        ),
    )


def _that_passed(tickets: ir.Table, history: ir.Table, passed: Passed) -> ir.Table:
    """Keep the tickets that a step, a way or a path of a process map counts."""
    if passed.path:
        return tickets.filter(steps_by.variant_hash(tickets, passed.steps) == passed.path)
    rows = steps_by.stepped(history, passed.steps)
    is_here = partial(steps_by.are, steps_by.here(rows, passed.steps), passed.steps)
    if passed.step == BEGIN:
        met = (rows.seq == 1) & is_here(passed.then)
    elif passed.then == FINISH:
        met = ~steps_by.is_followed(rows) & is_here(passed.step)
    elif passed.then is None:
        met = is_here(passed.step)
    else:
        after = steps_by.are(steps_by.following(rows, passed.steps), passed.steps, passed.then)
        met = is_here(passed.step) & steps_by.is_followed(rows) & after
    return only(tickets, rows.filter(met), KEY)


def _opened_between(
    tickets: ir.Table, ctx: Context, first: date | None, last: date | None
) -> ir.Table:
    """Keep the tickets opened from one local date to another, both included."""
    zone = ctx.workspace.zone
    if first:
        tickets = tickets.filter(
            micros(tickets.opened_at) >= micros_at(instants_between(first, first, zone)[0])
        )
    if last:
        tickets = tickets.filter(
            micros(tickets.opened_at) < micros_at(instants_between(last, last, zone)[1])
        )
    return tickets
