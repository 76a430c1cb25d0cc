"""Tickets by their outcome, with what was known of each: what questions about causes start from.

Floor 5. An outcome is a broken service level, a reopening, a slow ticket, a failed change, or any
share metric of tickets or changes: then its worse side. What is known only after the outcome is
barred, see `log.known_when`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from opsgauge.analysis.causes.case_rows import (
    OF_CHANGE,
    OF_HISTORY,
    ONCE_AT_WORK,
    breach_rows,
    case_rows,
    clocks_of,
    share_rows,
    slow_rows,
)
from opsgauge.analysis.causes.cases import Attribute, Cases, attribute_of, coded
from opsgauge.analysis.causes.influence import SUPPORT
from opsgauge.analysis.causes.risk_score import Truths, Whole
from opsgauge.foundation.errors import QueryWrong, did_you_mean
from opsgauge.foundation.units import MICROS_PER_HOUR, duration
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.known_when import OF_CHANGES, OF_TICKETS, Known, known_when
from opsgauge.log.related import CHANGES
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.behind import records_split
from opsgauge.metrics.question import PERSONS, Question, check_question
from opsgauge.operations.clocked import STANDS_ON as OF_CLOCKS
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, chosen_tables
from opsgauge.operations.grouped import grouped
from opsgauge.operations.meant import meant_of_tickets
from opsgauge.operations.measure import must_have_columns
from opsgauge.operations.small_teams import told_together
from opsgauge.warehouse.portable import micros_at

BREACH, REOPEN, SLOW, FAILED = "breach", "reopen", "slow", "failed"
TIME, KEPT = "time_to_resolve", "service_level_kept_share"  # whose exclusions hold for them
METRIC_OF = {REOPEN: "reopened_share", FAILED: "change_failure_share"}
OUTCOMES = (BREACH, REOPEN, SLOW, FAILED)
ALWAYS = ("practice", *OF_HISTORY, "first_team", "channel", "location", "catalogue_item")
WEEKDAY, HOURS = "opened_weekday", "opened_hours"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_HOURS = 1_000_000  # more than a century; microseconds of more are no whole number
BAND = 6  # hours of the day that are told apart as one
SLOWEST = 0.75  # of the tickets of a practice, those that took longer than so many of them
EVERYTHING = Selection()
FEWEST_OF_PRIORITY = 20  # finished tickets, to say of a priority which are slow
MOST_HANDOFFS = 3  # that are told apart
HOUR_US = int(MICROS_PER_HOUR)


@dataclass(frozen=True)
class Asked:
    """What is asked of an outcome.

    Attributes
    ----------
    outcome : one of OUTCOMES, or a share metric of tickets or changes
    hours : after the opening, at which moment something must be known; 0 for the opening itself
    support : the share of all tickets that is looked at at least
    also : columns of which only the last value is kept, taken all the same
    level : for breach, of this service level alone
    slow_hours : for slow, more than so many hours; None for the slowest quarter of each practice
    any_priority : for slow, priority is no longer held alike: it sets the pace, so it comes first
    """

    outcome: str
    chosen: Selection = EVERYTHING
    hours: float = 0.0
    support: float = SUPPORT
    also: tuple[str, ...] = ()
    level: str = ""
    slow_hours: float | None = None
    any_priority: bool = False

    @property
    def within_priority(self) -> bool:
        """Whether tickets of one priority are held against one another alone."""
        return self.outcome == SLOW and not self.any_priority


@dataclass(frozen=True)
class Outcome:
    """An outcome in words, and what its numbers stand on."""

    name: str
    noun: str  # what one record is called
    did: str  # what those with the outcome did: "broke a service level"
    columns: tuple[str, ...]
    definition: str = ""
    metric: str = ""


@dataclass(frozen=True)
class Decided:
    """Tickets whose outcome is decided, the newest first.

    Attributes
    ----------
    rows : key, opened_us, hit and the attributes as they were known, as one reads them
    limits : of slow, the hours above which a ticket of each practice, and priority, is slow
    plain : how many of them have no history but their last state
    over : tickets left away since they were over at the moment
    """

    outcome: Outcome
    cases: Cases
    rows: pa.Table
    limits: Mapping[str, float]
    plain: int
    over: int


def outcome_of(ctx: Context, asked: Asked) -> Outcome:
    """Return the outcome asked for.

    Raises
    ------
    QueryWrong : it is none, or the question does not fit it
    UnknownMetric : it is no metric either
    """
    _check(asked)
    if asked.outcome == BREACH:
        did = f"broke {asked.level}" if asked.level else "broke a service level"
        return Outcome(BREACH, "ticket", did, OF_CLOCKS)
    if asked.outcome == SLOW:
        if asked.slow_hours is not None:
            did = f"took longer than {duration(asked.slow_hours)}"
        else:
            alike = " and priority" if asked.within_priority else ""
            did = f"took longer than three in four of their practice{alike}"
        return Outcome(SLOW, "ticket", did, ("opened_at", "resolved_at", "phase"))
    name = METRIC_OF.get(asked.outcome, asked.outcome)
    if name not in {each.name for each in ctx.catalogue}:
        raise QueryWrong(
            f"There is no outcome {asked.outcome!r}.",
            hint=did_you_mean(asked.outcome, [*OUTCOMES, *(each.name for each in ctx.catalogue)]),
        )
    metric = ctx.catalogue.get(name)
    plain = metric.definition
    if metric.kind != "share" or metric.subject.name not in {TICKETS.name, CHANGES.name}:
        raise QueryWrong(
            f"{name} is no share of tickets or of changes.",
            hint=f"Outcomes are {', '.join(OUTCOMES)}, or a share metric such as reopened_share.",
        )
    known = {REOPEN: "were reopened", FAILED: "failed"}
    worse = "are not" if plain.good == "higher" else "are"
    did = known.get(asked.outcome, f"{worse} among “{plain.title}”")
    return Outcome(
        asked.outcome, metric.record, did, metric.columns, metric.definition_hash, metric.name
    )


def _check(asked: Asked) -> None:
    if not 0 < asked.support < 1:
        raise QueryWrong(
            f"A support of {asked.support:g} is no share.", hint="Such as 0.01, one in a hundred."
        )
    most = f"at most {MOST_HOURS:,}."
    if not 0 <= asked.hours <= MOST_HOURS:
        raise QueryWrong(
            "The moment lies at the opening or after it.", hint=f"Such as 4 hours, {most}"
        )
    if asked.slow_hours is not None and not 0 < asked.slow_hours <= MOST_HOURS:
        raise QueryWrong("A limit of hours is above nought.", hint=f"Such as 24, {most}")
    change = asked.outcome == FAILED
    for name in asked.also:
        plain = name.removeprefix(ATTRIBUTE_PREFIX)
        known = OF_CHANGES if change and name in OF_CHANGES else OF_TICKETS
        if name in PERSONS or (name == plain and name not in known):
            raise QueryWrong(
                f"{name!r} explains no outcome.", hint=did_you_mean(name, offered(change))
            )
        if known_when(name, change) is Known.AFTER:
            raise QueryWrong(
                f"{name} is known only after the outcome, so it explains none.",
                hint=f"What may be added: {', '.join(offered(change))}.",
            )


def offered(change: bool) -> list[str]:
    """Return the columns that may be taken although only their last value is kept."""
    known = {**OF_TICKETS, **(OF_CHANGES if change else {})}
    return [name for name, when in known.items() if when is Known.LATER]


def decided(ctx: Context, asked: Asked) -> Decided:
    """Return the tickets chosen whose outcome is decided.

    Raises
    ------
    ServiceLevelsMissing, ColumnsMissing, QueryWrong : there is no such outcome in these records
    """
    outcome = outcome_of(ctx, asked)
    ctx = ctx.leaving_out(outcome.metric or {BREACH: KEPT, SLOW: TIME}[outcome.name])
    outcomes = _outcomes(ctx, asked, outcome)
    also = _also(asked)
    found = case_rows(outcomes, chosen_tables(ctx, asked.chosen), asked.hours, also)
    # Read, and not run: so many rows are not to be remembered.
    rows = ctx.opened().engine.read(found)
    order = [("opened_us", "descending"), ("source", "ascending"), ("ticket_id", "ascending")]
    rows = told_together(ctx, meant_of_tickets(ctx, asked.chosen.where)).in_rows(
        rows.sort_by(order), "first_team", *(["team"] if asked.hours > 0 else [])
    )
    limits: dict[str, float] = {}
    if outcome.name == SLOW:
        rows, limits = _judged_slow(rows, asked, micros_at(ctx.opened().watermark))
    over = _over(rows, asked.hours)
    rows = rows.filter(pa.array(~over))
    return Decided(
        outcome,
        Cases(_truths(rows, "hit"), _attributes(ctx, rows, asked, also)),
        rows,
        limits,
        int(_truths(rows, "plain").sum()),
        int(over.sum()),
    )


def _outcomes(ctx: Context, asked: Asked, outcome: Outcome) -> ir.Table:
    opened = ctx.opened()
    if outcome.name == BREACH:
        levels = clocks_shown(ctx).levels
        if asked.level:
            levels.get(asked.level)
        return breach_rows(clocks_of(ctx.tables), asked.level)
    if outcome.name == SLOW:
        return slow_rows(ctx.tables.tickets)
    metric = ctx.catalogue.get(outcome.metric)
    must_have_columns(ctx, metric)
    question = check_question(metric, grouped(ctx, Question(metric.name)))
    split = records_split(metric, question, ctx.tables, opened.periods, opened.watermark)
    bad = 0.0 if metric.definition.good == "higher" else 1.0
    return share_rows(split, metric.subject.key[-1], bad)


def _also(asked: Asked) -> dict[str, str]:
    """Return the further columns, and the tables they are of."""
    change = asked.outcome == FAILED
    names = [*(OF_CHANGE if change else ()), *(each for each in asked.also if each not in ALWAYS)]
    of = {name: change and name in OF_CHANGES for name in names}
    return {name: CHANGES.name if its else TICKETS.name for name, its in of.items()}


def _judged_slow(rows: pa.Table, asked: Asked, now_us: int) -> tuple[pa.Table, dict[str, float]]:
    """Judge which tickets were slow, of those opened so long ago that each of them is decided."""
    opened = _whole(rows, "opened_us")
    resolved = _whole(rows, "resolved_us", -1)
    took = np.where(resolved >= 0, resolved - opened, now_us - opened)
    limit = np.full(len(opened), np.iinfo(np.int64).max)
    limits: dict[str, float] = {}
    for name, mine in _of_one_pace(rows, asked, resolved >= 0):
        done = mine & (resolved >= 0)
        if not done.any():
            continue
        us = np.quantile(took[done], SLOWEST, method="higher")
        hours = float(us) / HOUR_US if asked.slow_hours is None else asked.slow_hours
        limit[mine] = int(hours * HOUR_US)
        limits[name] = hours
    ripe = opened <= now_us - np.minimum(limit, now_us)
    told = rows.set_column(rows.column_names.index("hit"), "hit", pa.array(took > limit))
    return told.filter(pa.array(ripe)), limits


def _of_one_pace(rows: pa.Table, asked: Asked, done: Truths) -> Iterator[tuple[str, Truths]]:
    """Yield tickets that are held against one another: of a practice, then of its priorities.

    A priority of too few finished tickets is left to its practice.
    """
    practices = attribute_of("practice", rows["practice"])
    priorities = attribute_of("priority", rows["priority"])
    told = asked.within_priority and asked.slow_hours is None
    for code, practice in enumerate(practices.words):
        mine = practices.codes == code
        yield str(practice), mine
        for one, priority in enumerate(priorities.words):
            some = mine & (priorities.codes == one)
            if told and priority is not None and (some & done).sum() >= FEWEST_OF_PRIORITY:
                yield f"{practice}, {priority}", some


def _over(rows: pa.Table, hours: float) -> Truths:
    """Say which tickets were over at the moment: nothing could be foretold of them any more."""
    if hours <= 0:
        return np.zeros(len(rows), np.bool_)
    done = _whole(rows, "done_us", np.iinfo(np.int64).max)
    return done <= _whole(rows, "opened_us") + int(hours * HOUR_US)


def _attributes(
    ctx: Context, rows: pa.Table, asked: Asked, also: Mapping[str, str]
) -> tuple[Attribute, ...]:
    names = [*ALWAYS, *also, *(["team"] if asked.hours > 0 else [])]
    found = [attribute_of(name, rows[name]) for name in names]
    if asked.hours > 0:
        passed = np.minimum(_whole(rows, ONCE_AT_WORK[1], 0), MOST_HANDOFFS)
        words = {n: f"{n}{' or more' if n == MOST_HANDOFFS else ''}" for n in range(4)}
        found.append(coded("handovers_by_then", passed, words))
    return (*found, *_calendar(ctx, _whole(rows, "opened_us")))


def _calendar(ctx: Context, opened: Whole) -> tuple[Attribute, Attribute]:
    """Return weekday and part of the day of each opening, by the workspace's zone."""
    hours, at = np.unique(opened // HOUR_US, return_inverse=True)
    zone, epoch = ctx.workspace.zone, datetime(1970, 1, 1, tzinfo=UTC)
    local = [(epoch + timedelta(hours=int(each))).astimezone(zone) for each in hours]
    days = np.array([each.weekday() for each in local], np.int64)
    bands = np.array([each.hour // BAND for each in local], np.int64)
    parts = {n: f"{n * BAND:02}–{(n + 1) * BAND:02}" for n in range(24 // BAND)}
    return (
        coded(WEEKDAY, days[at] if len(at) else at, dict(enumerate(DAYS))),
        coded(HOURS, bands[at] if len(at) else at, parts),
    )


def _whole(rows: pa.Table, name: str, missing: int = 0) -> Whole:
    column = rows[name].combine_chunks().cast(pa.int64()).fill_null(missing)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)


def _truths(rows: pa.Table, name: str) -> Truths:
    column = rows[name].combine_chunks().cast(pa.bool_()).fill_null(False)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.bool_)
