"""Desks to measure: small ones written by hand, and random ones with everything in them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.log.door import LogTables, open_tables
from opsgauge.log.periods import Periods, make_periods
from opsgauge.log.vocabulary import DONE_PHASES, PENDING_PHASES
from opsgauge.metrics.behind import records_behind
from opsgauge.metrics.example import Desk, instant, make_desk
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question
from opsgauge.metrics.series import Point, measure
from opsgauge.warehouse.engine import DuckEngine

CATALOGUE = load_catalogue()
NAMES = tuple(metric.name for metric in CATALOGUE)
# Metrics of tickets alone, each ticket by itself: they have a past, and parts add up to the whole.
BY_ITSELF = tuple(m for m in CATALOGUE if m.kind not in ("distinct", "between"))
OF_TICKETS = tuple(m.name for m in BY_ITSELF if m.definition.knows_past)
Row = dict[str, Any]


def _varied() -> tuple[str, ...]:
    """Return a metric of each kind over each table, with and without what is put in by name."""
    found: dict[Any, str] = {}
    for metric in CATALOGUE:
        plain, parts = metric.definition, [(p.kind, p.definition.of) for p in metric.parts]
        own = frozenset(metric.subject.has(each.column) for each in plain.conditions)
        told = (metric.kind, plain.of, tuple(parts), own, bool(plain.except_))
        found.setdefault(told, metric.name)
    return tuple(found.values())


VARIED = _varied()


@dataclass
class Opened:
    """A desk with its calendar, opened by an engine."""

    desk: Desk
    periods: Periods
    watermark: datetime
    engine: DuckEngine
    tables: LogTables

    def measure(self, metric: str | Metric, **asked: Any) -> tuple[Point, ...]:
        """Answer a question."""
        found = CATALOGUE.get(metric) if isinstance(metric, str) else metric
        question = Question(found.name, **asked)
        return measure(self.engine, found, question, self.tables, self.periods, self.watermark)

    def only(self, metric: str | Metric, **asked: Any) -> Point:
        """Answer a question that has one value."""
        [point] = self.measure(metric, **asked)
        return point

    def values(self, metric: str | Metric, **asked: Any) -> dict[Any, float | None]:
        """Answer a question as period, or period and values of dimensions -> value."""
        points = self.measure(metric, **asked)
        if not asked.get("by"):
            return {point.period: point.value for point in points}
        return {(point.period, *point.by.values()): point.value for point in points}

    def behind(
        self, metric: str, row: Mapping[str, str | None], part: str = "", **asked: Any
    ) -> list[Row]:
        """List the tickets behind a value."""
        found = CATALOGUE.get(metric)
        question = Question(metric, **asked)
        listed = records_behind(
            found, question, self.tables, self.periods, self.watermark, row, part
        )
        return list(self.engine.run(listed).to_pylist())


def open_desk(
    desk: Desk, zone: str = "UTC", at: str | None = None, first: str | None = None
) -> Opened:
    """Open a desk; `at` is when it is measured, the latest instant where left out."""
    watermark = max(desk.watermark, instant(at)) if at else desk.watermark
    begin = instant(first) if first else desk.first
    periods = make_periods(ZoneInfo(zone), begin, watermark)
    engine = DuckEngine([], extra={**desk.tables(), **periods.tables()})
    return Opened(desk, periods, watermark, engine, open_tables(Scope.everything()))


def small_desk(
    *tickets: Row, history: Sequence[Row] = (), zone: str = "UTC", at: str | None = None
) -> Opened:
    """Open a desk of these tickets."""
    return open_desk(make_desk(tickets, history), zone, at)


@dataclass(frozen=True)
class Step:
    """One update of a ticket."""

    at: datetime
    phase: str
    team: str | None
    priority: str


@dataclass(frozen=True)
class Life:
    """All that happened to one ticket; `fixed` never changes."""

    opened: datetime
    steps: tuple[Step, ...]
    fixed: Row

    def until(self, moment: datetime) -> "Life":
        """Return what had been written by then."""
        return replace(self, steps=tuple(step for step in self.steps if step.at <= moment))


def ticket_of(life: Life) -> Row:
    """Tell a ticket from its life, in plain Python and apart from what is tested."""
    steps = life.steps
    last = steps[-1]
    done = [step.phase in DONE_PHASES for step in steps]
    before = [False, *done[:-1]]
    passages = list(zip(steps, before, done, strict=True))
    ends = [*[step.at for step in steps[1:]], None]
    closings = [
        step.at
        for step, past in zip(steps, [None, *steps[:-1]], strict=True)
        if step.phase == "closed" and (past is None or past.phase != "closed")
    ]
    resolved = [s.at for s, was, now in passages if now and not was and s.phase == "resolved"]
    teams = [step.team for step in steps if step.team is not None]

    def spent(phases: Sequence[str] | None) -> int:
        waits = [
            (end - step.at) // timedelta(microseconds=1)
            for step, end, over in zip(steps, ends, done, strict=True)
            if end is not None and not over and (phases is None or step.phase in phases)
        ]
        first = (steps[0].at - life.opened) // timedelta(microseconds=1) if phases is None else 0
        return sum(waits) + first

    return {
        "opened_at": life.opened,
        "resolved_at": resolved[-1] if done[-1] and resolved else None,
        "closed_at": closings[-1] if done[-1] and closings else None,
        **_outage(life.opened),
        "phase": last.phase,
        "team": last.team,
        "priority": last.priority,
        "first_team": teams[0] if teams else None,
        "reopen_count": sum(was and not now for _, was, now in passages),
        "handoff_count": sum(a != b for a, b in pairwise(teams)),
        "life_us": spent(None),
        "pending_us": spent(PENDING_PHASES),
        "pending_user_us": spent(["pending_user"]),
        **life.fixed,
    }


def _outage(opened: datetime) -> Row:
    """Return an outage for most tickets, detected when they were opened; of some half is known."""
    began = opened - timedelta(minutes=opened.minute)
    return {
        "outage_started_at": began if opened.minute % 5 else None,
        "detected_at": opened if opened.minute % 3 else None,
    }


def updates_of(number: int, life: Life) -> list[Row]:
    """Return the updates of a life, with the counts up to each."""
    rows = []
    for place, step in enumerate(life.steps, start=1):
        so_far = ticket_of(replace(life, steps=life.steps[:place]))
        rows.append(
            {
                "ticket": number,
                "since": step.at,
                "phase": step.phase,
                "team": step.team,
                "priority": step.priority,
                "reopen_count": so_far["reopen_count"],
                "handoff_count": so_far["handoff_count"],
            }
        )
    return rows


def desk_of(
    lives: Sequence[Life], records: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> Desk:
    """Make whole tables of lives, and of records beside them."""
    updates = [row for n, life in enumerate(lives, start=1) for row in updates_of(n, life)]
    return make_desk([ticket_of(life) for life in lives], updates, records)


def splits(metric: Metric, *wanted: str) -> tuple[str, ...]:
    """Return the dimensions wanted by which the metric can be split."""
    return tuple(name for name in wanted if metric.may_split(name))


def fitted(metric: Metric, question: Question) -> Question:
    """Return the question without what cannot be asked of the metric."""
    definition, period = metric.definition, question.period
    grains = ("day", "week", "month", "quarter", "year", "all")
    if grains.index(period) < grains.index(metric.finest):
        period = metric.finest
    return replace(
        question,
        by=splits(metric, *question.by),
        where=tuple(each for each in question.where if splits(metric, each.column)),
        period=period,
        as_of=question.as_of if definition.knows_past else None,
    )


def random_lives(seed: int, tickets: int = 60, days: int = 70) -> list[Life]:
    """Make lives with reopenings, handovers, ties, missing values and moments on midnight."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    begin = datetime(2026, 3, 2, 22, tzinfo=UTC)  # the clocks of Europe change on 29 March
    return [_random_life(dice, begin, days) for _ in range(tickets)]


def _random_life(dice: random.Random, begin: datetime, days: int) -> Life:
    opened = begin + timedelta(minutes=dice.randrange(days * 1440))
    if dice.random() < 0.15:
        opened = opened.replace(hour=22, minute=0)  # midnight in Amsterdam, in summer
    at = opened + timedelta(hours=dice.choice([0, 0, 1]))
    steps = []
    for phase in dice.choice(PATHS):
        team, priority = dice.choice(["Desk", "Desk", "Network", None]), dice.choice("123")
        steps.append(Step(at, phase, team, priority))
        at += timedelta(minutes=dice.choice([0, 15, 60, 700, 3000, 20_000]))
    fixed = {
        "channel": dice.choice(["mail", "phone", "portal", None]),
        "major": dice.choice([True, False, None]),
        "sla_met": dice.choice([True, False, None]),
        "knowledge_used": (known := dice.choice([True, False, None])),
        "assigned_at": dice.choice([None, opened + timedelta(minutes=9)]),
        "first_response_at": (answered := dice.choice([None, opened + timedelta(minutes=30)])),
        **_answered(answered, known),
    }
    return Life(opened, tuple(steps), fixed | _said_of(random.Random(opened.timestamp())))  # noqa: S311


def _answered(at: datetime | None, automatic: bool | None) -> Row:
    """Return who answered first: a program, a person an hour after it, or nothing tells it."""
    told = automatic if at else None
    by_person = at + timedelta(minutes=60 if told else 0) if at and told is not None else None
    return {
        "history_first_response_at": at,
        "first_response_automatic": told,
        "first_automatic_response_at": at if told else None,
        "first_human_response_at": by_person,
    }


def _said_of(dice: random.Random) -> Row:
    """Return what a ticket says besides, so that every metric has something to count."""
    return {
        "practice": dice.choice(
            ["incident", "incident", "incident", "request", "change", "problem"]
        ),
        "assignee": dice.choice(["Agent 1", "Agent 2", None]),
        "requester": dice.choice(["User 1", "User 2", "User 3", None]),
        "category": dice.choice(["Mail", "Print", None]),
        "service": dice.choice(["Mail", "Payroll", None]),
        "catalogue_item": dice.choice(["Laptop", None]),
        "configuration_item": dice.choice(["pc-1", "pc-2", None]),
        "vendor": dice.choice(["Acme", None]),
        "resolution_code": dice.choice(["Solved", None]),
        "description_length": dice.choice([10, 50, 200, None]),
    }


PATHS = (
    ("new", "in_progress", "resolved", "closed"),
    ("new", "assigned", "pending_user", "in_progress", "resolved", "closed"),
    ("new", "resolved", "in_progress", "resolved", "closed"),
    ("in_progress", "pending_vendor", "resolved", "in_progress"),
    ("new", "in_progress", "closed", "in_progress", "pending_user", "resolved"),
    ("new", "cancelled"),
    ("resolved",),
    ("new",),
    ("new", "pending_user"),
    ("new", "in_progress", "pending_vendor", "in_progress", "resolved"),
    ("new", "pending_approval", "in_progress", "resolved"),
    ("new", "pending_change", "pending_problem", "in_progress", "resolved", "closed"),
)


def only(column: str, *values: str | None) -> tuple[Condition, ...]:
    """Return one condition, as questions take it."""
    return (Condition(column, values),)
