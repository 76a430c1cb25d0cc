"""The same question gives the same number on DuckDB and on Spark."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import ibis
import pyarrow as pa
import pytest

from opsgauge.analysis.aspects.groups import group_rows
from opsgauge.analysis.demand.weekday_peak import arrivals
from opsgauge.analysis.mining.described import way_rows
from opsgauge.analysis.mining.flow_map import arc_rows, node_rows
from opsgauge.analysis.mining.lasting_changes import work_rows
from opsgauge.analysis.mining.ping_pong import pair_rows
from opsgauge.analysis.mining.reopen_loops import loop_rows
from opsgauge.analysis.mining.stays import early_stays, stays
from opsgauge.analysis.mining.variants import case_seconds, variant_rows, variant_totals
from opsgauge.analysis.mining.visits import pattern_rows
from opsgauge.analysis.promises.month_end import resolution_days
from opsgauge.analysis.requests.stalled import stalled_rows
from opsgauge.analysis.waiting.bottlenecks import case_rows, longest_rows
from opsgauge.analysis.waiting.completeness import FIELDS, stratum_rows, told_rows, with_notes
from opsgauge.analysis.waiting.handoffs import handoff_rows
from opsgauge.analysis.waiting.notes import written
from opsgauge.analysis.waiting.unnoted import unnoted_rows
from opsgauge.foundation.agreed import Condition, Scope
from opsgauge.log.checks.looking import look
from opsgauge.log.checks.records import Receipt, Records
from opsgauge.log.door import open_tables
from opsgauge.log.vocabulary import STEPS
from opsgauge.metrics.behind import records_split
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.placing import NOT_PLACED, Moved, Placed
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.warehouse.portable import micros_at
from tests.engines.conftest import FOR_A_SMALL_DESK, MAPPING, Both

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
CATALOGUE = load_catalogue()
GROUND = (("Ground", ("Desk",)), ("First", ("Servers",)))
FLOOR = Placed("team.floor", "team", GROUND)
MOVES = (
    Moved(date(2026, 2, 1), (("First", ("Desk",)), ("Ground", ("Network",)))),
    Moved(date(2026, 3, 10), (("Ground", ("Desk",)), (NOT_PLACED, ("Network",)))),
)
MOVING = replace(FLOOR, moved=MOVES)
MOVING_THEN = Placed("team_then.floor", "team", GROUND, MOVES, as_then=True)
KIND = Placed(
    "attributes.floor.kind",
    "attributes.floor",
    (("low", ("1",)),),
    (Moved(date(2026, 2, 20), (("high", ("1",)),)),),
)


def same(one: pa.Table, other: pa.Table) -> None:
    """Compare the rows of two answers; counts exactly, floats to nine digits."""
    left, right = _sorted(one), _sorted(other)

    assert len(left) == len(right)
    for a, b in zip(left, right, strict=True):
        assert a.keys() == b.keys()
        for name, value in a.items():
            if isinstance(value, float) and b[name] is not None:
                assert b[name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
            else:
                assert value == b[name], name


def _sorted(rows: pa.Table) -> list[dict[str, Any]]:
    # Fractions may differ in their last digit, and would put equal rows in another order.
    words = [each.name for each in rows.schema if not pa.types.is_floating(each.type)]
    return sorted(rows.to_pylist(), key=lambda row: [str(row[name]) for name in words])


def asked(both: Both, question: Question) -> tuple[pa.Table, pa.Table]:
    """Ask both engines."""
    metric = CATALOGUE.get(question.metric)
    opened = both.opened
    expression = compile_question(
        metric, question, both.ctx.tables, opened.periods, opened.watermark
    )
    return opened.engine.run(expression), both.spark.run(expression)


@pytest.mark.parametrize("statistic", ["median", "p90", "mean"])
def test_statistics_are_equal_on_both(both: Both, statistic: str) -> None:
    """Quantiles are exact and means sum in the same way."""
    same(*asked(both, Question("time_to_resolve", statistic, by=("priority",), period="week")))


def test_the_past_is_equal_on_both(both: Both) -> None:
    """As of a moment, and filtered by what is missing."""
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    missing = (Condition("category", (None, "Mail")),)

    same(*asked(both, Question("backlog", by=("team",), period="week", as_of=moment)))
    same(*asked(both, Question("reopened_share", where=missing, period="month", as_of=moment)))


@pytest.mark.row("CAT-10")
@pytest.mark.row("CAT-11")
@pytest.mark.parametrize(
    "question",
    [
        Question("time_to_resolve", "p90", period="month", rolling="28d", by=("priority",)),
        Question("reopened_share", period="month", to_date=True, shift="previous"),
        Question("backlog", period="month", aggregate="average", shift="previous", by=("team",)),
        Question("backlog", period="week", by=("age_band", "team.floor"), groupings=(FLOOR,)),
        Question(
            "tickets_opened",
            period="month",
            by=("opened_hour", "opened_weekday", "reopen_band"),
            where=(Condition("team.floor", ("Ground", "not placed")),),
            groupings=(FLOOR,),
        ),
        Question(
            "backlog",
            period="week",
            by=("team.floor", "attributes.floor.kind"),
            where=(Condition("team.floor", ("Ground", "First", None)),),
            groupings=(MOVING, KIND),
        ),
        Question(
            "time_to_resolve",
            "p90",
            period="week",
            by=("team.floor", "team_then.floor", "team_then", "attributes.floor.kind"),
            groupings=(MOVING, MOVING_THEN, KIND),
        ),
    ],
    ids=["window", "to_date", "average", "ages", "hours", "moves of stays", "moves"],
)
def test_windows_and_groups_are_equal_on_both(both: Both, question: Question) -> None:
    """Stretches of time of their own, levels of a hierarchy, and bands."""
    duck, spark = asked(both, question)

    assert duck.num_rows
    same(duck, spark)


@pytest.mark.parametrize("steps", STEPS)
def test_the_map_is_equal_on_both(both: Both, steps: str) -> None:
    """Steps, ways and variants."""
    history, tickets = both.ctx.tables.history, both.ctx.tables.tickets
    for expression in (
        node_rows(history, steps, until=both.opened.watermark),
        node_rows(history, steps, tickets=tickets),
        arc_rows(history, steps, with_tickets=True),
        arc_rows(history, steps, with_tickets=True, tickets=tickets),
        variant_rows(tickets, steps),
        variant_totals(tickets, steps),
        case_seconds(history),
    ):
        same(both.opened.engine.run(expression), both.spark.run(expression))


def test_what_detectors_count_is_equal_on_both(both: Both) -> None:
    """Tickets to and fro, early stays, ways, patterns, months, waits, and tickets by day."""
    tables, opened = both.ctx.tables, both.opened
    for expression in (
        pair_rows(stays(tables.history, tables.tickets)),
        early_stays(stays(tables.history, tables.tickets)),
        way_rows(tables.history, "phase"),
        pattern_rows(tables.history, "phase", 2),
        longest_rows(case_rows(tables.history, "team_phase"), "team_phase"),
        work_rows(tables.tickets, tables.history, micros_at(opened.watermark)),
        resolution_days(tables.history, opened.periods.bucket_us),
        arrivals(tables.tickets, opened.periods.bucket_us),
    ):
        duck = opened.engine.run(expression)
        assert duck.num_rows
        same(duck, both.spark.run(expression))


@pytest.mark.row("MAP-05", "MAP-20")
def test_what_stands_beside_tickets_is_equal_on_both(both: Both) -> None:
    """Notes at handoffs, approvals that stall, loops; updates stand for notes and approvals."""
    history, tickets = both.ctx.tables.history, both.ctx.tables.tickets
    notes = history.select(
        "source",
        "ticket_id",
        written_at=history.since,
        internal=history.seq % 2 == 0,
        from_requester=ibis.cases((history.seq % 3 == 0, True), (history.seq % 3 == 1, False)),
        author=history.assignee,
        attachments=history.seq % 4,
    )
    approvals = history.select(
        "source",
        "ticket_id",
        step=history.phase,
        approver_group=history.team,
        asked_at=history.since,
        decided_at=history.until,
        approved=ibis.cases((history.until.notnull(), history.seq % 2 == 0)),
    )
    theirs = written(notes, tickets)
    each = with_notes(
        handoff_rows(history, tickets, *FIELDS), theirs, told_rows(theirs), 60_000_000
    )
    for expression in (
        stratum_rows(each),
        unnoted_rows(each),
        stalled_rows(tickets, approvals, micros_at(both.opened.watermark), 3_600_000_000),
        loop_rows(history, tickets, 1),
    ):
        duck = both.opened.engine.run(expression)
        assert duck.num_rows
        same(duck, both.spark.run(expression))


def test_times_by_type_team_and_shift_are_equal_on_both(both: Both) -> None:
    """What the aspects of a process are worked out from."""
    metric, opened = CATALOGUE.get("time_to_resolve"), both.opened
    by = ("category", "team_then", "opened_work_shift")
    question = Question(metric.name, by=by)
    records = records_split(metric, question, both.ctx.tables, opened.periods, opened.watermark)
    expression = group_rows(records, *by)
    duck = opened.engine.run(expression)

    assert duck.num_rows
    same(duck, both.spark.run(expression))


def test_checks_see_the_same_on_both(both: Both) -> None:
    """Every check is made, finds as much, and names the same tickets."""
    opened = both.opened
    duck = Records(
        engine=opened.engine,
        tables=both.ctx.tables,
        periods=opened.periods,
        watermark=opened.watermark,
        now=opened.watermark,
        # It came in the middle of the records, so that some of them lie in the future.
        receipts=(
            Receipt("x", "small_desk", datetime(2026, 3, 1, tzinfo=UTC), 1, 0, None, MAPPING, {}),
        ),
    )
    seen, other = look(duck), look(replace(duck, engine=both.spark))

    assert seen == other
    assert "unknown" not in {each.state for each in seen}
    assert {each.state for each in seen} > {"pass"}


def test_instants_come_back_as_naive_utc_from_both(both: Both) -> None:
    """Neither engine shifts an instant by the machine's zone."""
    history = both.ctx.tables.history
    rows = history.filter(history.ticket_id == "T1").select("seq", "since", "until")

    duck, spark = both.opened.engine.run(rows), both.spark.run(rows)
    assert duck.schema.field("since").type == spark.schema.field("since").type
    same(duck, spark)
    stretches = sorted(duck.to_pylist(), key=lambda row: row["seq"])
    assert all(one["until"] == other["since"] for one, other in pairwise(stretches))


def test_two_data_versions_do_not_read_each_others_tables(both: Both) -> None:
    """Another engine in the same process changes nothing for the first."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    tickets = open_tables(Scope.everything()).tickets
    before = both.spark.run(tickets.aggregate(n=tickets.count()))["n"].to_pylist()
    other = SparkEngine([], {"tickets": pa.table({"source": ["other"]})}, FOR_A_SMALL_DESK)
    assert other.run(ibis.table({"source": "string"}, name="tickets")).num_rows == 1
    assert both.spark.run(tickets.aggregate(n=tickets.count()))["n"].to_pylist() == before
    assert before != [1]
