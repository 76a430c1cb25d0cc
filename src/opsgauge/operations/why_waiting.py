"""Why tickets waited, and at which stage delayed ones broke, as answers.

Floor 5. The arithmetic is in `analysis.waiting.causes` and `analysis.waiting.stages`.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.requests.orders import elapsed
from opsgauge.analysis.waiting import causes as why
from opsgauge.analysis.waiting import intake as taken
from opsgauge.analysis.waiting import notes as noted
from opsgauge.analysis.waiting import stages as broke
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.log.calendars.definition import ALWAYS, Calendar
from opsgauge.log.related import NOTES
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.ordered import calendar_of, clock_of
from opsgauge.operations.waiting_tables import Told, tables_of, told
from opsgauge.warehouse.portable import micros, micros_at

DAYS, MOST_DAYS = 90, 3660
MOST_UPDATES = 3_000_000  # whose waits are followed at a time, in memory: some 150 bytes each
A_DAY_US = 24 * MICROS_PER_HOUR
WORDS = {
    "closed": "Nobody is there, outside of the calendar’s hours",
    "pending": "Somebody outside has it, by a pending phase",
    "batching": "It was gathered, to be taken up with others",
    "contention": "Whoever took it up was at a ticket that came before",
    "prioritisation": "Whoever took it up was at a ticket that came after",
    "unexplained": "No record says why",
}


@dataclass(frozen=True)
class Causes:
    """What waiting is put down to.

    Attributes
    ----------
    calendar : whose hours count; `always` for a desk that never closes
    by : what the waits are told apart by, a word of `analysis.waiting.causes.BY`
    days : how many of the newest days the tickets were updated in; None where days were chosen
    rows : all waits together first
    """

    calendar: str
    by: str
    days: int | None
    rows: tuple[why.Waited, ...]
    told: Told

    @property
    def sentence(self) -> str:
        """The largest cause, in words."""
        if not self.rows or not self.rows[0].hours:
            return "No wait is over, so nothing can be said of why tickets wait"
        whole_ = self.rows[0]
        name, hours = max(whole_.by_cause.items(), key=lambda each: each[1])
        return (
            f"{percent(hours / whole_.hours, 0)} of {whole(whole_.hours)} hours of waiting: "
            f"{WORDS[name][0].lower()}{WORDS[name][1:]}"
        )

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a doubter would ask."""
        said = []
        if self.rows:
            one = self.rows[0]
            said.append(
                f"{whole(one.waits)} waits are over; of {whole(one.estimated)} no record says when "
                "work began: there the earliest possible is taken, so the waiting is the least "
                "possible."
            )
        if self.calendar == ALWAYS:
            said.append(
                "No calendar is chosen, so no hour counts as closed: nights and weekends are among "
                "the other causes."
            )
        said.append(
            "Of several tickets that one person has in progress, the one taken up last counts as "
            "worked on."
        )
        return tuple(said)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "calendar": self.calendar,
            "by": self.by,
            "days": self.days,
            "causes": dict(WORDS),
            "caveats": list(self.caveats),
            **self.told.as_json(),
            "rows": [
                {
                    self.by: each.name,
                    "all": each.everybody,
                    "waits": each.waits,
                    "estimated": each.estimated,
                    "hours": each.hours,
                    **{f"{name}_hours": hours for name, hours in each.by_cause.items()},
                }
                for each in self.rows
            ],
        }


@dataclass(frozen=True)
class Stages:
    """At which stage delayed tickets broke."""

    found: broke.Broken
    told: Told

    @property
    def sentence(self) -> str:
        """Where most hours are lost, in words."""
        found = self.found
        if not found.delayed or not found.lost_hours:
            return "No finished ticket was delayed"
        first = found.stages[0]
        return (
            f"{whole(found.delayed)} tickets were delayed; "
            f"{percent(first.lost_hours / found.lost_hours, 0)} of the hours they lost, they lost "
            f"in {first.name}"
        )

    @property
    def how(self) -> str:
        """What counts as delayed, in words."""
        by_flag, delayed = self.found.by_flag, self.found.delayed
        if by_flag == delayed:
            return "Delayed: the source says that the service level was broken."
        rest = "longer than 85 in 100 of the finished tickets of their practice"
        if not by_flag:
            return f"Delayed: {rest}, since the source has no flag of service levels."
        return f"Delayed: by the source’s flag {whole(by_flag)}; where a practice has none, {rest}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        found = self.found
        sums = broke.pareto(found.stages)
        return {
            "sentence": self.sentence,
            "finished": found.finished,
            "delayed": found.delayed,
            "delayed_by_flag": found.by_flag,
            "nowhere": found.nowhere,
            "lost_hours": found.lost_hours,
            **self.told.as_json(),
            "rows": [
                {
                    "stage": each.name,
                    "broke": each.broke,
                    "lost_hours": each.lost_hours,
                    "lost_share_so_far": share,
                    "hours": each.hours,
                }
                for each, share in zip(found.stages, sums, strict=True)
            ],
        }


FAULT_WORDS = {
    "missing": "Category, service or priority missing at first",
    "asked_back": "Sent back to the one who asked before work began",
    taken.MESSAGES: "The one who asked had to answer a message before work began",
    "reclassified": "Category or service changed later",
}


@dataclass(frozen=True)
class TakenIn:
    """How well tickets are taken in, and what goes with it where they are not.

    Attributes
    ----------
    messages : of which tickets messages are known, in words
    """

    found: taken.Intake
    messages: str
    told: Told

    @property
    def sentence(self) -> str:
        """The score, in words."""
        found = self.found
        if found.score is None:
            return "There is no ticket to look at"
        of = "tickets"
        if found.judged < found.tickets:
            of = f"the {whole(found.judged)} tickets whose messages are known"
        return f"{percent(found.score, 0)} of {of} were taken in without a fault"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        found = self.found
        return {
            "sentence": self.sentence,
            "tickets": found.tickets,
            "judged": found.judged,
            "well": found.well,
            "score": found.score,
            "fields": list(found.fields),
            "fields_not_in_use": list(found.unused),
            "caveats": [
                "Longer than others of the same practice and priority: no proof that the fault "
                "costs these hours, since harder tickets may be described worse.",
                self.messages,
            ],
            **self.told.as_json(),
            "rows": [
                {
                    "fault": each.name,
                    "means": FAULT_WORDS[each.name],
                    "tickets": each.tickets,
                    "of": each.of,
                    "share": each.tickets / each.of if each.of else None,
                    "share_low": each.share[0],
                    "share_high": each.share[1],
                    "compared": each.compared,
                    "longer_hours": each.hours,
                    "low": each.low,
                    "high": each.high,
                }
                for each in found.faults
            ],
        }


def causes(
    ctx: Context,
    chosen: Selection | None = None,
    calendar: str = ALWAYS,
    days: int = DAYS,
    by: str = why.TEAM,
) -> Causes:
    """Return what the waiting of tickets is put down to.

    Needs `map:read`. Of the tickets opened in the days chosen; where none are, of those updated in
    the newest `days`.

    Raises
    ------
    QueryWrong : days that are none, or waits are not told apart by that
    UnknownCalendar : there is none of that name
    """
    ctx.require("map:read")
    if not 1 <= days <= MOST_DAYS:
        raise QueryWrong(f"{days} days is not from 1 to {MOST_DAYS}.", hint=f"Such as {DAYS}.")
    if by not in why.BY:
        raise QueryWrong(f"Waits are not told apart by {by!r}.", hint=did_you_mean(by, why.BY))
    named = calendar_of(ctx, calendar)
    key = ("causes", ctx.scope, chosen, named, days, by)
    return ctx.opened().once(key, lambda: _causes(ctx, chosen, named, days, by))


def _causes(
    ctx: Context, chosen: Selection | None, calendar: Calendar, days: int, by: str
) -> Causes:
    (tables, together), opened = tables_of(ctx, chosen), ctx.opened()
    tickets, now_us = tables.tickets, micros_at(opened.watermark)
    dated = chosen is not None and (chosen.from_ or chosen.to)
    if not dated:
        since = micros_at(opened.watermark - timedelta(days=days))
        tickets = tickets.filter(micros(tickets.last_update_at) >= since)
    tickets, notes = _within_bounds(ctx, tickets)
    table = opened.engine.read(why.interval_rows(tables.history, tickets))
    found = why.causes(why.rows_of(table, now_us), clock_of(ctx, calendar) or elapsed, by)
    columns = ("phase", "team", "assignee", "opened_at")
    return Causes(
        calendar=calendar.name,
        by=by,
        days=None if dated else days,
        rows=tuple(found),
        told=told(ctx, chosen, together, columns, notes),
    )


def _within_bounds(ctx: Context, tickets: ir.Table) -> tuple[ir.Table, tuple[str, ...]]:
    """Return the newest of the tickets, as many as fit into memory, and what to know of it.

    Whole days of their latest updates are taken; the newest one in any case.
    """
    rows = tickets.select(day=micros(tickets.last_update_at) // A_DAY_US, n=tickets.update_count)
    by_day = rows.group_by("day").aggregate(tickets=rows.count(), updates=rows.n.sum())
    days = ctx.opened().engine.run(by_day.order_by(ibis.desc("day"))).to_pylist()
    so_far = list(accumulate(int(day["updates"] or 0) for day in days))
    kept = days[: max(bisect_right(so_far, MOST_UPDATES), 1)]
    if len(kept) == len(days):
        return tickets, ()
    since = kept[-1]["day"] * A_DAY_US
    few, every = (sum(day["tickets"] for day in of) for of in (kept, days))
    note = (
        f"{whole(few)} of the {whole(every)} tickets chosen are looked at, those updated last: "
        "waits are followed in memory. Choose other days or filters to see others."
    )
    return tickets.filter(micros(tickets.last_update_at) >= since), (note,)


def stages(ctx: Context, chosen: Selection | None = None) -> Stages:
    """Return at which stage the delayed ones of the tickets chosen broke; needs `map:read`."""
    ctx.require("map:read")
    return ctx.opened().once(("stages", ctx.scope, chosen), lambda: _stages(ctx, chosen))


def _stages(ctx: Context, chosen: Selection | None) -> Stages:
    tables, together = tables_of(ctx, chosen)
    each = broke.judged_rows(broke.ticket_rows(tables.history, tables.tickets))
    found = broke.broken(ctx.opened().engine.run(broke.stage_rows(each)))
    columns = ("phase", "team", "opened_at", "resolved_at", "sla_met")
    return Stages(found, told(ctx, chosen, together, columns))


def intake(ctx: Context, chosen: Selection | None = None) -> TakenIn:
    """Return how well the tickets chosen were taken in; needs `map:read`."""
    ctx.require("map:read")
    return ctx.opened().once(("intake", ctx.scope, chosen), lambda: _intake(ctx, chosen))


def _intake(ctx: Context, chosen: Selection | None) -> TakenIn:
    (tables, together), run = tables_of(ctx, chosen), ctx.opened().engine.run
    fields = taken.fields_in_use(run(taken.field_rows(tables.history)))
    every = noted.written(ctx.tables.related[NOTES.name], ctx.tables.tickets)
    sources = run(noted.source_rows(every))
    spans = noted.exchanging(sources)
    written = noted.written(tables.related[NOTES.name], tables.tickets) if spans else None
    each = taken.ticket_rows(tables.history, tables.tickets, fields, written, spans)
    found = taken.intake(run(taken.stratum_rows(each)), fields)
    columns = ("phase", "category", "service", "priority", "opened_at", "resolved_at")
    words = _messages_words(found, bool(sources.num_rows), bool(spans))
    return TakenIn(found, words, told(ctx, chosen, together, columns))


def _messages_words(found: taken.Intake, imported: bool, exchanging: bool) -> str:
    """Say of which tickets messages are known."""
    nothing = "so nothing is said of messages before work."
    if not imported:
        return f"No notes are imported, {nothing}"
    if not exchanging:
        return f"The notes do not tell messages to those who asked from their answers, {nothing}"
    one = next((each for each in found.faults if each.name == taken.MESSAGES), None)
    if one is None:
        return f"No note is from when these tickets were opened, {nothing}"
    return (
        f"Messages are known of {whole(one.of)} of {whole(found.tickets)} tickets: opened between "
        "the first and the last note of their source, with notes that say by whom and for whom "
        "they are. A ticket that waits longer has more time for messages, too."
    )
