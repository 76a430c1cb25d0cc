"""What is asked of an engine means the same on every engine.

Two nets: the operations in the expressions that are built, and the words in the code that builds
them. What is not on the list has not been compared on DuckDB and Spark (`tests/engines`).
"""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import ibis.expr.operations as ops
import ibis.expr.types as ir
import pytest

from opsgauge.analysis.aspects.groups import group_rows
from opsgauge.analysis.causes.case_rows import breach_rows, case_rows, share_rows, slow_rows
from opsgauge.analysis.causes.delay_place import spent_rows
from opsgauge.analysis.causes.kinds import KINDS as CAUSES
from opsgauge.analysis.causes.kinds import marks, stratum_rows
from opsgauge.analysis.causes.pareto import MEASURES, pareto_rows
from opsgauge.analysis.causes.recurrence import clustered
from opsgauge.analysis.changes.before import change_rows, incidents_about
from opsgauge.analysis.conformance.habits import end_rows
from opsgauge.analysis.conformance.judging import known_steps
from opsgauge.analysis.conformance.outcomes import counted_rows, outcome_counts, outcome_rows
from opsgauge.analysis.conformance.times import pair_counts, placed_rows, time_rows
from opsgauge.analysis.demand.bursts import category_days
from opsgauge.analysis.demand.weekday_peak import arrivals
from opsgauge.analysis.forecast.clock_stages import stage_rows
from opsgauge.analysis.mining import path_facts, standard
from opsgauge.analysis.mining.described import (
    front_rows,
    length_rows,
    line_rows,
    touch_rows,
    way_rows,
)
from opsgauge.analysis.mining.detector_limits import USUAL as LIMITS
from opsgauge.analysis.mining.first_queue import category_rows
from opsgauge.analysis.mining.flow_map import arc_rows, in_business_time, node_rows
from opsgauge.analysis.mining.habits import HABITS
from opsgauge.analysis.mining.lasting_changes import work_rows
from opsgauge.analysis.mining.map_differences import passed_rows
from opsgauge.analysis.mining.ping_pong import pair_rows
from opsgauge.analysis.mining.spectrum import dot_rows, passage_rows
from opsgauge.analysis.mining.stays import stays
from opsgauge.analysis.mining.variants import case_seconds, variant_rows, variant_totals
from opsgauge.analysis.mining.visits import pattern_rows, visit_rows
from opsgauge.analysis.promises.month_end import resolution_days
from opsgauge.analysis.promises.pause_rows import pause_rows
from opsgauge.analysis.requests.approvals import approval_rows
from opsgauge.analysis.requests.bundles import first_day_rows
from opsgauge.analysis.requests.health import tied_incident_rows
from opsgauge.analysis.requests.orders import order_rows, stretch_rows
from opsgauge.analysis.requests.right_first_time import fault_rows, incident_rows
from opsgauge.analysis.requests.tasks import task_rows
from opsgauge.analysis.waiting import (
    automation,
    bottlenecks,
    causes,
    completeness,
    efficiency,
    handoffs,
    intake,
    little,
    notes,
    queues,
    stages,
    unnoted,
)
from opsgauge.analysis.waiting import outcomes as waiting_outcomes
from opsgauge.analysis.waiting import steps as waiting_steps
from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.foundation.errors import RuleWrong
from opsgauge.log.as_of import tickets_as_of
from opsgauge.log.calendars.compiled import compile_calendars
from opsgauge.log.calendars.definition import Calendar, Calendars, Slot, always
from opsgauge.log.calendars.expressions import business_us, number_of, outside, reached_us
from opsgauge.log.checks import (
    alike,
    conservation,
    dangling,
    drift,
    future,
    meeting,
    ranges,
    repeats,
    rounded,
    skew,
    volume,
)
from opsgauge.log.checks import stream as streaming
from opsgauge.log.checks.rules import counted, tickets_of
from opsgauge.log.checks.ticket_rules import ticket_rules
from opsgauge.log.checks.update_rules import update_rules
from opsgauge.log.door import LogTables, open_tables
from opsgauge.log.periods import make_periods, span
from opsgauge.log.service_levels.compiled import compiled_for
from opsgauge.log.service_levels.flags import Followed, zone_rows
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.spent import spent
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.log.vocabulary import STEPS
from opsgauge.metrics.ask import make_ask
from opsgauge.metrics.behind import records_behind, records_split
from opsgauge.metrics.hourly import by_bucket
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.placing import Moved, Placed
from opsgauge.metrics.policies.reading import read_rules
from opsgauge.metrics.policies.rule import Excused
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.metrics.written_page import Page
from opsgauge.warehouse.portable import micros, micros_at
from opsgauge.warehouse.steps import queries
from tests.metrics.desks import fitted

SOURCE = Path(__file__).resolve().parents[2] / "src" / "opsgauge"
BUILDERS = sorted(
    [
        *(SOURCE / "metrics").rglob("*.py"),
        *(SOURCE / "analysis" / "mining").rglob("*.py"),
        *(SOURCE / "analysis" / "demand").rglob("*.py"),
        *(SOURCE / "analysis" / "aspects").rglob("*.py"),
        *(SOURCE / "analysis" / "requests").rglob("*.py"),
        *(
            SOURCE / "analysis" / "causes" / f"{name}.py"
            for name in ("case_rows", "delay_place", "kinds", "pareto", "recurrence")
        ),
        *(SOURCE / "analysis" / "changes").rglob("*.py"),
        *(SOURCE / "analysis" / "conformance").rglob("*.py"),
        *(SOURCE / "analysis" / "promises").rglob("*.py"),
        *(SOURCE / "analysis" / "waiting").rglob("*.py"),
        SOURCE / "analysis" / "forecast" / "clock_stages.py",
        *(SOURCE / "log" / "checks").rglob("*.py"),
        *(SOURCE / "log" / "service_levels").rglob("*.py"),
        SOURCE / "log" / "calendars" / "expressions.py",
        SOURCE / "log" / "as_of.py",
        SOURCE / "log" / "door.py",
        SOURCE / "warehouse" / "portable.py",
    ]
)
AGREED = {
    # relations
    "UnboundTable", "Project", "Filter", "Aggregate", "Sort", "Limit", "Distinct", "Union",
    "JoinChain", "JoinLink", "JoinReference", "Field", "SelfReference",
    "Step",  # a table in whose place a query stands, which is looked at by itself
    # comparison and logic
    "Equals", "NotEquals", "Greater", "GreaterEqual", "Less", "LessEqual",
    "And", "Or", "Not", "IsNull", "NotNull", "InValues", "IdenticalTo",
    # values
    "Literal", "Cast", "Coalesce", "NullIf", "IfElse", "SearchedCase", "Least", "Greatest",
    "Add", "Subtract", "Multiply", "Divide", "FloorDivide", "Abs", "Sqrt", "Ceil", "Ln", "Exp",
    "MapGet",
    "StructColumn", "StructField", "ArrayIndex", "ArraySort", "Unnest", "IntegerRange", "SortKey",
    # aggregates, none of which depends on the order of rows
    "Count", "CountStar", "CountDistinct", "Sum", "Min", "Max",
    "Quantile", "MultiQuantile", "StandardDev", "ArrayCollect",
    # windows
    "WindowFunction", "WindowBoundary", "Lag", "Lead",
}  # fmt: skip
OURS = {"micros", "day_micros", "moment_at"}  # functions that each engine defines when it opens
# Methods of Ibis that mean something else, or nothing, on one of the engines.
REFUSED = {
    "truncate", "delta", "strftime", "as_timestamp", "as_date", "epoch_seconds", "epoch_us",
    "now", "today", "date", "year", "month", "day", "hour", "minute", "day_of_week", "week_of_year",
    "approx_median", "approx_nunique", "approx_quantile", "bucket", "hash", "mode", "asof_join",
    "first", "last", "collect", "group_concat", "arbitrary", "sample", "topk", "memtable", "sql",
    "round", "log", "ln", "upper", "lower", "re_split",
}  # fmt: skip
# A sorted list is the same whatever the order it was collected in; nothing else may collect.
ALLOWED = {
    ("statistics.py", "collect"),
    ("portable.py", "ln"),  # compared in tests/engines; of positive numbers only
    ("drift.py", "log"),  # of numbers that have left the engine
    ("templates.py", "sql"),  # an engine's, which compiles; not that of an Ibis table
}
REFUSED_CASTS = ("timestamp", "date", "time", "interval", "string", "int32")
# Places in a list, at most as long as a group or as the frames of a question.
ALLOWED_CASTS = {("statistics.py", "int32"), ("frames.py", "int32")}

CATALOGUE = load_catalogue()
TABLES = open_tables(Scope((Condition("practice", ("incident",)),)))
MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
PERIODS = make_periods(ZoneInfo("Europe/Amsterdam"), datetime(2026, 1, 1, tzinfo=UTC), MOMENT)
SPLITS: tuple[tuple[str, ...], ...] = ((), ("team", "attributes.floor", "major"))


def operations(expression: ir.Expr) -> Iterator[ops.Node]:
    """Return every operation in an expression."""
    found: list[ops.Node] = expression.op().find(ops.Node)
    yield from found


def name_of(node: ops.Node) -> str:
    """Return the name of an operation, or of a function that engines define for us."""
    return str(node.__func_name__ if isinstance(node, ops.ScalarUDF) else type(node).__name__)


def refuse(expression: ir.Expr) -> None:
    """Fail on an operation that is not agreed, and on a list that is not sorted."""
    nodes = list(operations(expression))
    assert nodes
    unknown = {name_of(node) for node in nodes} - AGREED - OURS
    assert not unknown, f"not compared on both engines: {sorted(unknown)}"
    collected = [node for node in nodes if isinstance(node, ops.ArrayCollect)]
    ordered = {node.arg for node in nodes if isinstance(node, ops.ArraySort)}
    assert set(collected) <= ordered, "a list is collected and not sorted"
    assert all(node.order_by == () for node in collected)


@pytest.mark.parametrize("by", SPLITS)
@pytest.mark.parametrize("metric", list(CATALOGUE), ids=[m.name for m in CATALOGUE])
def test_metrics_are_made_of_operations_that_engines_agree_on(
    metric: Any, by: tuple[str, ...]
) -> None:
    """Every statistic, period and split; of the present and of the past; and their tickets."""
    where = (Condition("priority", ("1", None)), Condition("attributes.floor", ("2",)))
    periods = ("day", "week", "month", "quarter", "year", "all")
    questions = [Question(metric.name, s, by=by, period="month") for s in metric.statistics]
    questions += [Question(metric.name, by=by, period=period) for period in periods]
    questions += [
        Question(metric.name, by=by, where=where, period="week", from_=MOMENT.date()),
        Question(metric.name, by=by, where=where, to=MOMENT.date(), as_of=MOMENT),
    ]
    for question in [fitted(metric, each) for each in questions]:
        refuse(compile_question(metric, question, TABLES, PERIODS, MOMENT))
    for as_of in (None, MOMENT):
        asked = Question(metric.name, by=by, period="month", as_of=as_of)
        question = fitted(metric, asked)
        row = {"period": "2026-02", **dict.fromkeys(question.by)}
        refuse(records_behind(metric, question, TABLES, PERIODS, MOMENT, row))


@pytest.mark.parametrize("name", ["tickets_opened", "time_to_resolve", "pending_share", "backlog"])
def test_stretches_and_groups_are_made_of_operations_that_engines_agree_on(name: str) -> None:
    """Windows, periods to date, shifts, averages of stocks, levels, hours and bands."""
    metric = CATALOGUE.get(name)
    by: tuple[str, ...] = ("team.floor", "opened_hour", "opened_weekday", "reopen_band")
    by += ("resolution_band", "channel.floor", "team_then", "team_then.floor")
    ground, moved = (("Ground", ("Desk",)),), (Moved(MOMENT.date(), (("First", ("Desk",)),)),)
    levels = (
        Placed("team.floor", "team", ground, moved),
        Placed("channel.floor", "channel", ground, moved),
        Placed("team_then.floor", "team", ground, moved, as_then=True),
    )
    asked: list[dict[str, Any]] = [{"shift": "year"}, {"to_date": True, "shift": "previous"}]
    stock = name == "backlog"
    asked += [{"aggregate": "average"}, {"aggregate": "first"}] if stock else [{"rolling": "7d"}]
    for each in asked:
        split = (*by, "age_band") if stock else by
        question = Question(name, period="month", by=split, groupings=levels, **each)
        refuse(compile_question(metric, question, TABLES, PERIODS, MOMENT))
        row = {"period": "2026-03", **dict.fromkeys(split)}
        refuse(records_behind(metric, question, TABLES, PERIODS, MOMENT, row))


def test_counts_by_the_hour_are_made_of_operations_that_engines_agree_on() -> None:
    """Of tickets and of contacts."""
    for name in ("tickets_opened", "contacts_offered"):
        metric = CATALOGUE.get(name)
        refuse(by_bucket(make_ask(metric, Question(name), TABLES, PERIODS, MOMENT)))


def test_the_past_is_made_of_operations_that_engines_agree_on() -> None:
    """All columns of it."""
    refuse(tickets_as_of(TABLES, MOMENT))
    refuse(span(TABLES.tickets))


def test_detectors_are_made_of_operations_that_engines_agree_on() -> None:
    """What they count before any arithmetic, and what is described beside them."""
    history, tickets = TABLES.history, TABLES.tickets
    refuse(pair_rows(stays(history, tickets)))
    refuse(arrivals(tickets, PERIODS.bucket_us))
    refuse(work_rows(tickets, history, 0))
    refuse(category_rows(tickets))
    refuse(category_days(tickets, PERIODS.bucket_us))
    refuse(resolution_days(history, PERIODS.bucket_us))
    for habit in HABITS:
        refuse(habit.rows(stays(history, tickets) if habit.of_stays else history, LIMITS))
    for described in (visit_rows, pattern_rows, way_rows):
        refuse(described(history, "phase"))
    for each in (length_rows(tickets, 50.0), touch_rows(tickets), front_rows(tickets)):
        refuse(each)
    refuse(line_rows(stays(history, tickets)))


def test_aspects_are_made_of_operations_that_engines_agree_on() -> None:
    """Times by type, group and shift, in numbers and logarithms."""
    metric, by = CATALOGUE.get("time_to_resolve"), ("category", "team", "opened_work_shift")
    records = records_split(metric, Question(metric.name, by=by), TABLES, PERIODS, MOMENT)
    refuse(group_rows(records, *by))


def test_orders_are_made_of_operations_that_engines_agree_on() -> None:
    """Their time in parts, approvals, and what was not right first time."""
    tickets, history, related = TABLES.tickets, TABLES.history, TABLES.related
    orders = order_rows(tickets)
    refuse(stretch_rows(orders, history, related["approvals"]))
    refuse(approval_rows(orders, history, related["approvals"]))
    refuse(fault_rows(orders, history))
    refuse(incident_rows(orders, tickets, related["catalogue_items"]))
    refuse(task_rows(orders, tickets, TABLES.links))
    refuse(first_day_rows(tickets))
    refuse(tied_incident_rows(orders, tickets, TABLES.links))


@pytest.mark.row("RCA-01")
def test_causes_are_made_of_operations_that_engines_agree_on() -> None:
    """Outcomes with what was known then, groups by week, clusters, and marks."""
    metric = CATALOGUE.get("reopened_share")
    split = records_split(metric, Question(metric.name), TABLES, PERIODS, MOMENT)
    for outcomes in (
        breach_rows(TABLES.related["clocks"]),
        slow_rows(TABLES.tickets),
        share_rows(split, "ticket_id", 1.0),
    ):
        for hours in (0.0, 4.0):
            refuse(case_rows(outcomes, TABLES, hours, {"impact": "tickets", "risk": "changes"}))
    for of in MEASURES:
        refuse(pareto_rows(TABLES.tickets, "category", of))
    refuse(clustered(TABLES.tickets))
    refuse(spent_rows(TABLES.tickets, TABLES.history))
    for kind in CAUSES:
        refuse(stratum_rows(TABLES, marks(TABLES, kind)))


@pytest.mark.parametrize(
    "said",
    [
        "precedence: {step: resolved, only_after: in_progress}",
        "response: {step: in_progress, then: resolved}",
        "absence: {step: rejected}",
        "exactly_once: {step: resolved}",
        "maximal_time: {from: new, to: resolved, within: 4 h}",
        "required_field: {field: attributes.floor, once: resolved}",
        "segregation: {one: requester, other: approvals, third: resolved}",
    ],
)
def test_rules_are_made_of_operations_that_engines_agree_on(said: str) -> None:
    """Of every kind, with exceptions that end, by every sort of step."""
    text = f"one:\n  title: One\n  {said}\n"
    [rule] = read_rules(Page(text, "rules/one.yaml", RuleWrong))
    allowed = (Excused("T1", "Why", "desk"), Excused("T2", "Why"))
    for steps in ("phase", "activity"):
        made = replace(rule, exceptions=allowed, steps=steps)
        rows = outcome_rows(made, TABLES, micros_at(MOMENT), (micros_at(MOMENT), None))
        refuse(outcome_counts(rows))
        bare = replace(made, exceptions=())
        refuse(outcome_counts(counted_rows(bare, TABLES, micros_at(MOMENT))))
        refuse(known_steps(TABLES.history, steps))


def test_times_and_ends_are_made_of_operations_that_engines_agree_on() -> None:
    """From step to step, and how tickets ended by their path."""
    refuse(pair_counts(placed_rows(time_rows(TABLES.history, "phase"), 3.0)))
    refuse(end_rows(TABLES.tickets, "phase"))


def test_changes_before_are_made_of_operations_that_engines_agree_on() -> None:
    """What was made and when, and what incidents are about."""
    items = TABLES.related["configuration_items"]
    refuse(incidents_about(TABLES.tickets, items))
    refuse(change_rows(TABLES.related["changes"], TABLES.tickets, items))


def test_checks_are_made_of_operations_that_engines_agree_on() -> None:
    """What they count, and the examples they fetch."""
    for expression in checked(TABLES):
        refuse(expression)


@pytest.mark.parametrize(
    "rules", [{}, {"kind": "update", "on_change": "prorate"}, {"counts": "human"}], ids=str
)
def test_clocks_are_made_of_operations_that_engines_agree_on(rules: dict[str, Any]) -> None:
    """Every step of them, with zones, tiers and moments, and what is asked of their pauses."""
    said: dict[str, Any] = {
        "title": "Any",
        "kind": "response",
        "targets": [{"tier": "1", "within": "4 h"}, {"within": "9 h"}],
        "zones": {"by": ["item_location", "location"], "of": {"Berlin": "Europe/Berlin"}},
        "start": {"moment": "assigned_at"},
        "messages": {"activity": ["Mail"]},
        "on_reopen": "ignore",
    }
    level = ServiceLevel.model_validate({"name": "any", **said, **rules})
    compiled = compiled_for([level], Calendars({"always": always()}), MOMENT, MOMENT)
    of = Followed(TABLES, compiled, micros_at(MOMENT))
    rows = clock_rows(level, of)
    asked = [rows, pause_rows(level, of), zone_rows(level, of), spent(level, of, "vendor", rows)]
    asked.append(stage_rows(level, of, TABLES.related["clocks"], TABLES.tickets))
    made = [query for each in asked for query in queries(each)]
    assert len(made) > 20
    for query in made:
        refuse(query)


def checked(tables: LogTables) -> Iterator[ir.Table]:
    """Yield every expression that checks run."""
    tickets, history = tables.tickets, tables.history
    yield counted(tickets, ticket_rules(tickets))
    yield counted(history, update_rules(history))
    yield tickets_of(tickets.filter(ticket_rules(tickets)[0].found))
    yield future.later(tickets, {"one": MOMENT, "two": MOMENT})
    yield skew.differences(tables)
    yield rounded.roundness(tables)
    yield rounded.shared(tickets)
    yield repeats.counted(tickets)
    yield repeats.twice(tickets)
    yield repeats.repeated(history)
    yield streaming.by_bucket(history, PERIODS.bucket_us)
    yield volume.by_week(tickets, PERIODS.bucket_us)
    yield drift.mix(tickets, (0, 1, 2))
    yield dangling.counted(dangling.arriving(tables.links, tickets))
    yield conservation.daily(history)
    yield meeting.met(tables, meeting.NAMED)
    yield ranges.impossible(tables, {*ranges.COUNTED, "surveys"})
    yield alike.by_day(tickets, tickets.opened_at, PERIODS.bucket_us)


def test_business_time_is_made_of_operations_that_engines_agree_on() -> None:
    """Of one calendar by name, and of each row's own, with buckets of two widths."""
    twice = (Slot(540, 545), Slot(550, 560))
    calendars = (always(), Calendar("twice", "Twice", "UTC", (twice,) * 7))
    compiled = compile_calendars(calendars, datetime(2026, 1, 1, tzinfo=UTC), MOMENT)
    tickets = TABLES.tickets
    opened, closed = micros(tickets.opened_at), micros(tickets.closed_at)
    for which in ("twice", number_of(tickets.team, compiled)):
        asked = business_us(tickets, opened, closed, which, compiled)
        refuse(asked.filter(~outside(micros(asked.opened_at), compiled)))
        refuse(reached_us(asked, micros(asked.opened_at), "business_us", which, compiled))


@pytest.mark.parametrize("steps", ["phase", "priority", "phase+team"])
def test_maps_over_time_and_compared_are_made_of_operations_that_engines_agree_on(
    steps: str,
) -> None:
    """By what is stored, by what is looked up and by two fields; in business time too."""
    compiled = compile_calendars((always(),), datetime(2026, 1, 1, tzinfo=UTC), MOMENT)
    history = in_business_time(TABLES.history, "always", compiled, MOMENT)
    refuse(node_rows(history, steps, until=MOMENT))
    refuse(arc_rows(history, steps, with_tickets=True))
    for ways in (True, False):
        refuse(passed_rows(history, steps, ways=ways))
    way = ("new · Desk", "new · (none)") if "+" in steps else ("new", "(none)")
    refuse(passage_rows(TABLES.history, steps, way))
    refuse(dot_rows(TABLES.history, steps))


@pytest.mark.parametrize("steps", STEPS)
def test_maps_are_made_of_operations_that_engines_agree_on(steps: str) -> None:
    """Steps, ways, variants and times of cases."""
    for tickets in (None, TABLES.tickets):
        refuse(node_rows(TABLES.history, steps, tickets=tickets, until=MOMENT))
        refuse(arc_rows(TABLES.history, steps, with_tickets=True, tickets=tickets))
    refuse(variant_rows(TABLES.tickets, steps))
    refuse(variant_totals(TABLES.tickets, steps))
    refuse(case_seconds(TABLES.history))


def test_paths_are_made_of_operations_that_engines_agree_on() -> None:
    """What becomes of tickets on each path, and how standardised processes are."""
    outcomes = path_facts.outcome_rows(TABLES.tickets, "team")
    refuse(path_facts.fact_rows(outcomes))
    refuse(path_facts.time_rows(outcomes, ["a"]))
    refuse(path_facts.answer_rows(outcomes, TABLES.related["surveys"]))
    rows = standard.rows_of(TABLES.tickets, "category", "phase", "month", PERIODS.bucket_us)
    refuse(standard.variant_counts(rows, "team"))
    refuse(standard.spread_rows(rows))


def test_waiting_is_made_of_operations_that_engines_agree_on() -> None:
    """Steps, queues, Little's law, flow, handoffs, causes, stages and intake."""
    for expression in waited(TABLES):
        refuse(expression)


def handed_over(tables: LogTables) -> Iterator[ir.Table]:
    """Yield every question about handoffs, and what went with them."""
    history, tickets = tables.history, tables.tickets
    handed = handoffs.handoff_rows(history, tickets, *completeness.FIELDS)
    yield handoffs.flow_rows(handed)
    yield completeness.stratum_rows(completeness.without_notes(handed))
    written = notes.written(tables.related["notes"], tickets)
    given = completeness.with_notes(handed, written, completeness.told_rows(written), 1)
    yield completeness.stratum_rows(given)
    yield unnoted.unnoted_rows(given)


def waited(tables: LogTables) -> Iterator[ir.Table]:
    """Yield every question about waiting."""
    history, tickets, bucket = tables.history, tables.tickets, PERIODS.bucket_us
    grid = queues.grid_of(PERIODS.period_ends, "week", 0, micros_at(MOMENT))
    of_cases = (bottlenecks.step_rows, bottlenecks.achievable_rows, bottlenecks.longest_rows)
    for steps in waiting_steps.KINDS:
        cases = bottlenecks.case_rows(history, steps)
        yield from (asked(cases, steps) for asked in of_cases)
        yield bottlenecks.running_rows(history, steps, MOMENT)
        yield queues.change_rows(history, steps, grid, bucket)
        yield queues.aging_rows(history, steps, MOMENT, [1.0, 2.0, None])
    yield queues.change_rows(history, waiting_steps.EVERYWHERE, grid, bucket)
    yield queues.pace_rows(tickets)
    yield little.queue_rows(history, 1, 2)
    yield little.item_rows(history, 1, 2)
    yield little.ticket_rows(tickets, history, 1, 2)
    yield efficiency.finished_rows(tickets, history, "month", bucket)
    yield from handed_over(tables)
    resolved = waiting_outcomes.resolved_rows(tickets)
    yield waiting_outcomes.outcome_rows(resolved)
    yield waiting_outcomes.outcome_times(resolved)
    yield causes.interval_rows(history, tickets)
    yield stages.stage_rows(stages.judged_rows(stages.ticket_rows(history, tickets)))
    worked = automation.ticket_rows(tickets, history, bucket)
    yield automation.kind_rows(worked)
    yield automation.path_counts(worked)
    yield automation.month_rows(worked)
    yield from taken_in(tables)


def taken_in(tables: LogTables) -> Iterator[ir.Table]:
    """Yield every question about the quality of intake."""
    history, tickets = tables.history, tables.tickets
    yield intake.field_rows(history)
    yield intake.stratum_rows(intake.ticket_rows(history, tickets, ["category"]))
    noted = notes.written(tables.related["notes"], tickets)
    yield notes.source_rows(noted)
    asked_of = intake.ticket_rows(history, tickets, ["category"], noted, {"desk": (1, 2)})
    yield intake.stratum_rows(asked_of)


def faults(file: Path) -> Iterator[str]:
    """Return the places of a file that say a refused word."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name = node.func.attr
        if name in REFUSED and (file.name, name) not in ALLOWED:
            yield f"{file.name}:{node.lineno}: {name}"
        if name == "cast":
            kind = str(getattr(node.args[0], "value", ""))
            if kind.startswith(REFUSED_CASTS) and (file.name, kind) not in ALLOWED_CASTS:
                yield f"{file.name}:{node.lineno}: cast to {kind}"


@pytest.mark.parametrize("file", BUILDERS, ids=lambda file: str(file.relative_to(SOURCE)))
def test_code_that_builds_expressions_says_no_refused_word(file: Path) -> None:
    """No casts to times, no functions of dates, nothing approximate, nothing by arrival."""
    assert not list(faults(file))


@pytest.mark.parametrize(
    "code",
    [
        "t.opened_at.truncate('M')",
        "t.opened_at.cast('timestamp')",
        "t.n.cast('string')",
        "t.team.collect()",
        "t.n.approx_median()",
        "ibis.now()",
    ],
)
def test_a_refused_word_is_found(tmp_path: Path, code: str) -> None:
    """The net has no hole where it matters."""
    file = tmp_path / "query.py"
    file.write_text(code)

    assert len(list(faults(file))) == 1


def test_an_operation_that_is_not_agreed_is_found() -> None:
    """Months of the engine's own, and a list in order of arrival."""
    tickets = TABLES.tickets
    with pytest.raises(AssertionError, match="TimestampTruncate"):
        refuse(tickets.mutate(month=tickets.opened_at.truncate("M")))
    with pytest.raises(AssertionError, match="not sorted"):
        refuse(tickets.aggregate(teams=tickets.team.collect()))
