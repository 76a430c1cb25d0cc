"""Descriptions: what lies beyond a threshold in the records, beside the findings that are judged.

Floor 5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import described as ask
from opsgauge.analysis.mining import describing as tell
from opsgauge.analysis.mining.describing import Description, most_first
from opsgauge.analysis.mining.examples import examples_of
from opsgauge.analysis.mining.ping_pong import pair_rows, pairs
from opsgauge.analysis.mining.reopen_loops import loop_rows, loops
from opsgauge.analysis.mining.thresholds import Thresholds, thresholds
from opsgauge.analysis.mining.variants import path_rows, paths, variant_rows
from opsgauge.analysis.mining.visits import STEP_COLUMNS, pattern_rows, visit_rows
from opsgauge.analysis.promises.raised_targets import late_downgrades, raised_rows
from opsgauge.analysis.requests.stalled import HOURS_PER_DAY, stalled_rows, stalls
from opsgauge.analysis.waiting.handoffs import handoff_rows
from opsgauge.analysis.waiting.unnoted import unnoted_rows, without_note
from opsgauge.foundation.errors import OpsgaugeError
from opsgauge.foundation.money import Money, money_words, times
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.governance.access import decide
from opsgauge.log.door import LogTables
from opsgauge.log.related import APPROVALS
from opsgauge.operations.answers import Provenance
from opsgauge.operations.clocked import with_calendars
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.gate import let_through
from opsgauge.operations.handoffs import noted_handoffs
from opsgauge.operations.opened import OpenVersion
from opsgauge.operations.pricing import an_hour_waited, rate_json
from opsgauge.operations.small_teams import small_teams, with_approvers, withheld_words
from opsgauge.operations.stays_kept import stays_of
from opsgauge.operations.waiting import waits
from opsgauge.warehouse.portable import micros_at

STANDS_ON = ("team", "phase", "opened_at")
NAMED = ("step", "then", *STEP_COLUMNS)  # columns with a step
PATHS = 300  # the most frequent ones, among which paths with a step more are looked for


@dataclass(frozen=True)
class Described:
    """What lies beyond a threshold, kind by kind."""

    steps: str
    rows: tuple[Description, ...]
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    an_hour: Money | None = None  # what an hour costs that one ticket is open; None: no rate is set

    def money_words(self, each: Description) -> str:
        """Return what the hours of a description cost, in words."""
        return money_words(each.delayed_hours, self.an_hour)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "data_version": self.provenance.data_version,
            "steps": self.steps,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            **rate_json(self.an_hour),
            "descriptions": [
                {
                    "kind": each.kind,
                    "claim": each.claim,
                    "threshold": each.threshold,
                    "tickets": each.tickets,
                    "hours": each.hours,
                    **self._money(each),
                    "teams": list(each.teams),
                    "examples": [
                        {"source": source, "ticket": ticket} for source, ticket in each.examples
                    ],
                }
                for each in self.rows
            ],
        }

    def _money(self, each: Description) -> dict[str, Any]:
        return {"money": times(each.delayed_hours, self.an_hour)} if self.an_hour else {}


def describe(ctx: Context, chosen: Selection | None = None, steps: str = "phase") -> Described:
    """Return what lies beyond the thresholds of the workspace in the tickets chosen.

    Needs `finding:read`.

    Raises
    ------
    UnknownColumn : there are no such steps
    SettingsWrong : the workspace sets a threshold that there is not
    """
    ctx.require("finding:read")
    limits = thresholds(ctx.workspace.settings.thresholds)
    key = ("described", ctx.scope, chosen, steps, limits)
    found = ctx.opened().once(key, lambda: _described(ctx.holding(), chosen, steps, limits))
    return replace(found, an_hour=an_hour_waited(ctx))


def _described(ctx: Context, chosen: Selection | None, steps: str, limits: Thresholds) -> Described:
    opened, tables = ctx.opened(), chosen_tables(ctx, chosen)
    looks = [
        partial(_of_clocks, ctx, chosen, limits),
        partial(_of_waiting, ctx, chosen),
        partial(_of_lines, ctx, chosen, limits),
        partial(_of_handoffs, ctx, chosen, limits),
        partial(_of_approvals, ctx, chosen, limits),
        *(partial(of, opened, tables, steps, limits) for of in OF_RECORDS),
    ]
    every = [each for told in opened.side_by_side(looks) for each in told]
    small = with_approvers(ctx, small_teams(ctx))
    shown = [each for each in every if not any(small.are_few([team]) for team in each.teams)]
    few = len(every) - len(shown)
    note = f"{few} that name teams are {withheld_words(small.fewest)}."
    return Described(
        steps,
        tuple(most_first(shown, limits.most)),
        ctx.provenance(),
        let_through(ctx, STANDS_ON),
        (note,) if few else (),
    )


def _of_visits(
    opened: OpenVersion, tables: LogTables, steps: str, limits: Thresholds
) -> list[Description]:
    visits = _rows(opened.engine.run(visit_rows(tables.history, steps)), steps)
    return [*tell.rework(visits, limits), *tell.extreme_repetition(visits, limits)]


def _of_patterns(
    opened: OpenVersion, tables: LogTables, steps: str, limits: Thresholds
) -> list[Description]:
    shortest, times = int(limits.repeating_steps), int(limits.repeating_times)
    found = opened.engine.run(pattern_rows(tables.history, steps, shortest, times))
    patterns = _rows(found, steps)
    return [*tell.repeating(patterns, limits)]


def _of_ways(
    opened: OpenVersion, tables: LogTables, steps: str, limits: Thresholds
) -> list[Description]:
    ways = _rows(opened.engine.run(ask.way_rows(tables.history, steps)), steps)
    return [*tell.slow(ways, limits), *tell.extra_steps(_paths(opened, tables, steps), limits)]


def _of_tickets(
    opened: OpenVersion, tables: LogTables, steps: str, limits: Thresholds
) -> list[Description]:
    def asked(rows: ir.Table) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = opened.engine.run(rows).to_pylist()
        return found

    tickets = tables.tickets
    long = asked(ask.length_rows(tickets, limits.extreme_duration_times))
    return [
        *tell.extreme_duration(long, limits),
        *tell.touchpoints(asked(ask.touch_rows(tickets)), limits),
        *tell.push_to_front(asked(ask.front_rows(tickets))),
    ]


def _of_lines(ctx: Context, chosen: Selection | None, limits: Thresholds) -> list[Description]:
    """Return the teams that work behind another one, and those that send tickets to and fro."""
    opened = ctx.opened()
    stays = stays_of(opened, chosen_tables(ctx, chosen), chosen)
    lines = opened.engine.run(ask.line_rows(stays)).to_pylist()
    bouncing = pairs(opened.engine.run(pair_rows(stays)))
    return [*tell.hidden_lines(lines, limits), *tell.bounces(bouncing, limits)]


def _of_handoffs(ctx: Context, chosen: Selection | None, limits: Thresholds) -> list[Description]:
    """Return the teams that hand tickets on without a note; nothing where there are no notes."""
    tables = chosen_tables(ctx, chosen)
    each = handoff_rows(tables.history, tables.tickets)
    noted = noted_handoffs(ctx, tables, each, limits.note_minutes)
    if noted is None:
        return []
    return [*without_note(ctx.opened().engine.run(unnoted_rows(noted)).to_pylist(), limits)]


def _of_approvals(ctx: Context, chosen: Selection | None, limits: Thresholds) -> list[Description]:
    """Return where approvals stall, for whoever may read how they decide."""
    if not decide(ctx.actor, "request:read").allowed:
        return []
    opened, tables = ctx.opened(), chosen_tables(ctx, chosen)
    stalled_us = int(limits.stalled_days * HOURS_PER_DAY * MICROS_PER_HOUR)
    approvals, until_us = tables.related[APPROVALS.name], micros_at(opened.watermark)
    rows = stalled_rows(tables.tickets, approvals, until_us, stalled_us)
    return [*stalls(opened.engine.run(rows).to_pylist(), limits)]


def _of_loops(
    opened: OpenVersion, tables: LogTables, steps: str, limits: Thresholds
) -> list[Description]:
    rows = loop_rows(tables.history, tables.tickets, int(limits.reopen_times))
    return [*loops(opened.engine.run(rows).to_pylist(), limits)]


OF_RECORDS = (_of_loops, _of_visits, _of_patterns, _of_ways, _of_tickets)


def _of_clocks(ctx: Context, chosen: Selection | None, limits: Thresholds) -> list[Description]:
    """Return what is told of the clocks of all tickets; of some of them nothing is."""
    if chosen not in (None, Selection()) or ctx.scope.hides:
        return []
    try:
        clocked = with_calendars(ctx)
    except OpsgaugeError:
        return []  # without service levels nothing is told; their own page says what is wrong
    told: list[Description] = []
    for level in clocked.levels.by_name.values():
        rows = raised_rows(level, clocked.followed, limits.late_downgrade_used)
        told += late_downgrades(level, ctx.opened().engine.run(rows).to_pylist(), limits)
    return told


def _of_waiting(ctx: Context, chosen: Selection | None) -> list[Description]:
    """Return where most hours of waiting could be won: a slow step is described, and not found."""
    if not decide(ctx.actor, "map:read").allowed:
        return []
    found = waits(ctx, chosen)
    return [
        tell.recoverable(
            found.words[each.name],
            (each.cases, each.recoverable or 0.0, each.achievable or 0.0),
            () if each.name[0] is None else (each.name[0],),
            tuple(one.key for one in each.longest),
        )
        for each in found.waits
    ]


def _rows(found: pa.Table, steps: str) -> list[dict[str, Any]]:
    """Return rows with their steps named as people say them."""
    return [
        {name: step_name(value, steps) if name in NAMED else value for name, value in row.items()}
        for row in found.to_pylist()
    ]


def _paths(opened: OpenVersion, tables: LogTables, steps: str) -> list[tell.Path]:
    """Return the most frequent paths."""
    first = variant_rows(tables.tickets, steps).limit(PATHS)
    walked = paths(opened.engine.run(path_rows(tables.history, first, steps)))
    lasting = ask.lasting_rows(tables.tickets, steps)
    lasting = lasting.semi_join(first, lasting.path == first.variant)
    took: dict[str, list[dict[str, Any]]] = {}
    for row in opened.engine.run(lasting).to_pylist():
        took.setdefault(row["path"], []).append(row)
    return [
        _path(
            tuple(step_name(name, steps) for name in walked[key]),
            int(row["count"]),
            key,
            took.get(row["variant"], ()),
        )
        for row in opened.engine.run(first).to_pylist()
        if (key := (row["source"], row["ticket_id"])) in walked
    ]


def _path(
    walked: tuple[str, ...],
    tickets: int,
    example: tuple[str, str],
    took: Sequence[Mapping[str, Any]],
) -> tell.Path:
    """Return a path; `took` is how long its resolved tickets took, month by month."""
    if not took:
        return tell.Path(walked, tickets, (example,))
    n, us = (sum(int(row[name]) for row in took) for name in ("n", "took_us"))
    return tell.Path(walked, tickets, examples_of(took), us / n)
