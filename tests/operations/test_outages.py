"""Times of outages set by hand: over the ticket's own, with reason, and in every number."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownRecord, UnknownTicket
from opsgauge.governance import audit
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.log.tables import OF_OUTAGES, TICKETS
from opsgauge.metrics.question import Question
from opsgauge.operations.clocked import with_clocks
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.opened import Readers
from opsgauge.operations.outages import (
    OutageSet,
    end_outage,
    outage_list,
    outage_of,
    outage_times,
    set_outage,
)
from opsgauge.operations.publish_records import publish_records, reach_numbers
from opsgauge.operations.sync import sync
from opsgauge.warehouse import versions
from opsgauge.warehouse.versions import import_lock
from tests.conftest import MAPPING, Intake

DESK = MAPPING.replace("fields:\n", "fields:\n  service: svc\n  outage_started_at: began\n")
DESK += "practice: incident\n"
HEAD = "number,at,state,team,who,svc,began\n"
ROWS = HEAD + "".join(
    f"INC{n},2026-0{month}-05 08:00,New,{team},a,{svc},{began}\n"
    f"INC{n},2026-0{month}-05 10:00,Done,{team},a,{svc},{began}\n"
    for n, month, team, svc, began in (
        (1, 1, "A", "Mail", "2026-01-05 07:00"),
        (2, 2, "B", "Print", ""),
    )
)
LEVEL = """
restored:
  title: Restored in time
  kind: resolution
  targets: [{within: 4 h}]
  start: {moment: outage_started_at}
"""
WHY = "As monitoring has it."


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return two incidents, of one of which the source says when its outage began."""
    made = Intake(tmp_path_factory.mktemp("outages"))
    made.takes(ROWS, mapping=DESK)
    levels = made.workspace.path / "service_levels"
    levels.mkdir(exist_ok=True)
    (levels / "own.yaml").write_text(LEVEL, encoding="utf-8")
    yield made
    made.close()


@pytest.fixture
def ctx(base: Intake) -> Iterator[Context]:
    """Return its context; what a test decides is ended after it."""
    yield base.context
    for each in outage_list(replace(base.context)):
        end_outage(base.context, each.number, "The test is over.")


def decided(ctx: Context, started: str, detected: str, number: str = "INC1") -> OutageSet:
    """Set the times of an incident's outage."""
    return set_outage(replace(ctx), outage_of(ctx, "desk", number, started, detected, WHY))


def asked(ctx: Context, metric: str = "time_to_detect") -> list[tuple[int, float | None]]:
    """Measure in a context of its own, as every request has."""
    rows = measure(replace(ctx), Question(metric)).rows
    return [(each.n, each.value) for each in rows]


def used_hours(ctx: Context) -> dict[str, float]:
    """Return how long each clock of the service level ran."""
    fresh = replace(ctx, readers=Readers())
    with_clocks(fresh)
    clocks = fresh.tables.related["clocks"].select("ticket_id", "used_us")
    rows = fresh.opened().engine.run(clocks).to_pylist()
    return {row["ticket_id"]: row["used_us"] / 3_600_000_000 for row in rows}


@pytest.mark.row("SLA-11")
def test_the_times_set_by_hand_reach_metrics_and_clocks(ctx: Context) -> None:
    """And the source's own come back when they are ended."""
    assert used_hours(ctx) == {"INC1": 3.0}  # from before the ticket was opened

    made = decided(ctx, "", "2026-01-05T07:30Z")
    assert asked(ctx) == [(1, 0.5)]

    decided(ctx, "2026-01-05T06:30Z", "2026-01-05T07:30Z")
    assert asked(ctx) == [(1, 1.0)]
    assert used_hours(ctx) == {"INC1": 3.5}
    assert asked(ctx, "outages_corrected") == [(2, 1.0)]  # two facts of one ticket
    decided(ctx, "2026-01-05T09:00Z", "2026-01-05T09:15Z")
    decided(ctx, "2026-02-05T08:30Z", "2026-02-05T09:15Z", "INC2")
    assert used_hours(ctx) == {"INC1": 1.0, "INC2": 1.5}
    assert asked(ctx) == [(2, 0.5)]

    standing = outage_list(replace(ctx))
    assert made.outage.number not in {each.number for each in standing}
    for each in standing:
        end_outage(ctx, each.number, "Mistaken.")
    assert used_hours(ctx) == {"INC1": 3.0}
    assert outage_times(replace(ctx), "INC1", "desk").counts == {
        "outage_started_at": datetime(2026, 1, 5, 7, tzinfo=UTC),
        "detected_at": None,
    }


def test_both_times_stand_beside_each_other_with_who_and_why(ctx: Context) -> None:
    """The ticket's own, what counts, what stood before, and a line of the audit for each step."""
    first = decided(ctx, "", "2026-01-05T07:30Z").outage
    second = decided(ctx, "2026-01-05T06:30Z", "").outage
    times = outage_times(replace(ctx), "INC1", "desk")

    assert times.told["outage_started_at"] == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert times.counts["outage_started_at"] == datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
    assert times.decided == second
    assert (second.made_by, second.why) == ("local", WHY)
    assert times.before[-1].number == first.number
    line = audit.lines(ctx.database, subject="ticket desk:INC1")[0]
    assert (line.action, line.why) == ("outage:set", WHY)
    assert line.before is not None
    assert line.after is not None


def test_a_new_record_of_the_ticket_keeps_the_times_set_by_hand(tmp_path: Path) -> None:
    """They are laid over the ticket whenever it is built, and a mapping made anew keeps them."""
    own = Intake(tmp_path)
    own.takes(ROWS, mapping=DESK)
    decided(own.context, "2026-01-05T06:30Z", "2026-01-05T07:30Z")
    more = HEAD + "INC1,2026-01-06 08:00,Shut,A,a,Mail,2026-01-05 07:10\n"
    own.takes(more, mapping=DESK)
    assert asked(own.context) == [(1, 1.0)]
    times = outage_times(replace(own.context), "INC1", "desk")
    assert times.told["outage_started_at"] == datetime(2026, 1, 5, 7, 10, tzinfo=UTC)
    own.takes(more, mapping=DESK.replace("  Void: cancelled\n", "  Void: rejected\n"))
    assert asked(own.context) == [(1, 1.0)]
    own.close()


def test_a_workspace_of_before_takes_decisions(tmp_path: Path) -> None:
    """Its tickets lack the columns; what is decided stands in the months that it touches."""
    own = Intake(tmp_path)
    own.takes(ROWS, mapping=DESK.replace("  outage_started_at: began\n", ""))
    warehouse, newest = own.context.warehouse, own.version()
    fresh = {*OF_OUTAGES, *(f"own_{name}" for name in OF_OUTAGES), "tier"}
    schema = pa.schema([each for each in TICKETS.arrow_schema() if each.name not in fresh])
    rows = warehouse.delta("tickets").to_pyarrow_table()
    warehouse.discard("tickets")
    warehouse.make("tickets", schema, partitioned=True)
    warehouse.append("tickets", rows, schema)
    tables = {**newest.tables, "tickets": warehouse.head("tickets")}
    versions.commit(warehouse, replace(newest, version=2, tables=tables))
    assert publish_records(own.context, "import:run") is None

    assert asked(own.context, "tickets_opened") == [(2, 2.0)]
    decided(own.context, "2026-01-05T06:30Z", "2026-01-05T07:30Z")
    assert asked(own.context) == [(1, 1.0)]
    assert outage_times(replace(own.context), "INC2", "desk").any is False
    assert asked(own.context, "tickets_opened") == [(2, 2.0)]
    own.close()


def test_nothing_is_published_twice_and_nothing_is_lost(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One version a change; a publication killed before it counts is made by the next."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    decided(ctx, "", "2026-01-05T07:30Z")
    newest = versions.latest(ctx.warehouse)
    assert newest is not None
    assert publish_records(ctx, "import:run") is None
    with monkeypatch.context() as patch:
        patch.setattr(versions, "commit", killed)
        with pytest.raises(KeyboardInterrupt):
            decided(ctx, "2026-01-05T06:30Z", "2026-01-05T07:30Z")
    assert versions.latest(ctx.warehouse) == newest
    assert asked(ctx) == [(1, 0.5)]
    sync(replace(ctx), wait=lambda _: None)
    assert asked(ctx) == [(1, 1.0)]
    assert asked(replace(ctx, version=newest.version)) == [(1, 0.5)]


def test_a_decision_while_an_import_runs_is_kept_and_waits(ctx: Context) -> None:
    """It says so, and the next publication brings it to the numbers."""
    decided(ctx, "", "2026-01-05T07:30Z")
    with import_lock(ctx.warehouse):
        made = decided(ctx, "", "2026-01-05T07:15Z")
        assert "An import is running" in made.reached.waits
    assert asked(ctx) == [(1, 0.5)]
    assert not reach_numbers(ctx, "outage:set").waits
    assert asked(ctx) == [(1, 0.25)]


@pytest.mark.parametrize(
    ("started", "detected", "why", "message"),
    [
        ("", "", WHY, "Neither when"),
        ("2026-01-05T07:00Z", "2026-01-05T06:00Z", WHY, "after its detection"),
        ("", "2026-01-05T06:59:59Z", WHY, "after its detection"),
        ("2999-01-05T07:00Z", "", WHY, "Is the year right"),
        ("2021-01-05T07:00Z", "", WHY, "more than a year"),
        ("2026-01-05T07:00Z", "", "  ", "need a reason"),
        ("2026-01-05T07:00Z", "", "x" * 2_001, "longer than"),
        ("yesterday", "", WHY, "'yesterday' is no moment"),
    ],
)
def test_times_that_cannot_be_are_refused(
    ctx: Context, started: str, detected: str, why: str, message: str
) -> None:
    """With what is wrong, and nothing is kept."""
    with pytest.raises(QueryWrong, match=message):
        set_outage(ctx, outage_of(ctx, "desk", "INC1", started, detected, why))
    assert outage_list(replace(ctx)) == []


def test_who_may_set_them_sets_those_of_their_own_tickets(ctx: Context) -> None:
    """A service owner of one service sees and sets no other's."""
    reach = (Condition("service", ("Print",)),)
    theirs = replace(ctx, actor=Actor("sam", (Assignment("service owner", reach),)))
    mails = decided(ctx, "", "2026-01-05T07:30Z").outage
    set_outage(theirs, outage_of(ctx, "desk", "INC2", "2026-02-05T07:30Z", "", WHY))

    assert [each.ticket_id for each in outage_list(replace(theirs))] == ["INC2"]
    with pytest.raises(UnknownTicket):
        set_outage(replace(theirs), outage_of(ctx, "desk", "INC1", "2026-01-05T07:30Z", "", WHY))
    with pytest.raises(UnknownTicket):
        end_outage(replace(theirs), mails.number, WHY)
    with pytest.raises(NotAllowed):
        decided(replace(ctx, actor=everywhere("eve", "viewer")), "", "2026-01-05T07:30Z")
    with pytest.raises(UnknownRecord, match="no outage 999"):
        end_outage(replace(ctx), 999, WHY)
    both = Actor(
        "sam",
        (
            Assignment("viewer"),
            Assignment("service owner", reach),
        ),
    )
    with pytest.raises(NotAllowed, match="sam may not set"):
        decided(replace(ctx, actor=both), "", "2026-01-05T07:30Z")


def test_a_publication_leaves_other_months_as_they_are(ctx: Context) -> None:
    """Only the months with a ticket that changed are written anew, so that little is asked anew."""

    def files() -> set[str]:
        newest = versions.latest(ctx.warehouse)
        assert newest is not None
        return {*ctx.warehouse.files("tickets", newest.tables["tickets"])}

    before = files()
    decided(ctx, "", "2026-01-05T07:30Z")
    assert {each.split("opened_month=")[1][:7] for each in before - files()} == {"2026-01"}


def test_answers_after_a_publication_are_those_of_a_fresh_start(base: Intake, ctx: Context) -> None:
    """A server that remembers asks anew what a decision changes."""
    serving = replace(ctx, readers=Readers(remember=True))
    weekly = Question("time_to_detect", period="month")

    def both() -> list[list[tuple[str, float | None]]]:
        told = [
            measure(replace(each), weekly).rows
            for each in (serving, replace(ctx, readers=Readers()))
        ]
        return [[(row.period, row.value) for row in rows] for rows in told]

    decided(ctx, "", "2026-01-05T07:30Z")
    one, other = both()
    assert one == other
    decided(ctx, "", "2026-01-05T07:45Z")
    after, fresh = both()
    assert after == fresh
    assert after != one
    with_clocks(replace(serving))
    decided(ctx, "2026-01-05T09:00Z", "2026-01-05T09:10Z")
    with_clocks(replace(serving))
    clocks = ctx.tables.related["clocks"].select("ticket_id", "used_us")
    rows = replace(serving).opened().engine.read(clocks).to_pylist()
    assert [row["used_us"] for row in rows] == [3_600_000_000]
    assert base.workspace == serving.workspace
