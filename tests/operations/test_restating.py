"""Past periods that are other than published are told, with the old value and why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownVersion
from opsgauge.operations.asking import Asked, as_known
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.opened import Readers
from opsgauge.operations.restating import Restatement, remembered, restated
from opsgauge.web.app import make_app
from tests.conftest import Intake

MAPPING = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, original_status: state, priority: priority}
phases: {New: new}
deleted: {column: state, words: [Trashed]}
"""
HEADER = "number,opened,state,priority\n"
FIRST = (
    HEADER + "T1,2026-01-05,New,1\nT2,2026-02-05,New,1\nT3,2026-02-06,New,2\nT4,2026-03-05,New,1\n"
)
LATE = HEADER + "T5,2026-01-07,New,2\nT6,2026-03-20,New,1\nT2,,Trashed,\n"
NEWER = HEADER + "T7,2026-04-02,New,1\n"
OWN = """
urgent_opened:
  title: Urgent tickets opened
  question: How many urgent tickets are opened?
  decision: If they rise, more people stand by.
  unit: tickets
  good: lower
  kind: count
  period_by: opened_at
  where: {priority: ["1"]}
  leading: leading
  bucket: capacity
  counter_metric: tickets_opened
  owner_role: service desk manager
  source: The desk itself
  pitfalls: [Priorities are set by hand.]
  example:
    tickets:
      - {opened_at: 2026-01-05 08:00, priority: "1"}
    gives: {count: 1}
"""
WIDER = OWN.replace('["1"]', '["1", "2"]') + "  version: 2\n  valid_from: 2026-04-01\n"
DAYS = [datetime(2026, 3, day, 9, tzinfo=UTC) for day in (6, 21)] + [
    datetime(2026, 4, 3, 9, tzinfo=UTC)
]


def stopped_at(now: datetime) -> Clock:
    """Return a clock that stands still."""
    return lambda: now


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import three times; a definition changes after the second."""
    intake = Intake(tmp_path_factory.mktemp("restated"))
    own = intake.workspace.path / "catalogue" / "own.yaml"
    own.write_text(OWN)
    for content, now in zip((FIRST, LATE, NEWER), DAYS, strict=True):
        intake.context.database.close()
        intake.context = Context(intake.workspace, clock=stopped_at(now))
        intake.takes(content, mapping=MAPPING)
        if content is LATE:
            own.write_text(WIDER)
    intake.context.database.close()
    intake.context = Context(intake.workspace, readers=Readers(remember=True))
    yield intake
    intake.close()


def asked(ctx: Context, metric: str, compare: int | None = None, period: str = "") -> Restatement:
    """Return what is restated of a metric."""
    return restated(ctx, Asked(period=period).question(metric, ctx.workspace.zone), compare)


def told(found: Restatement) -> list[tuple[object, ...]]:
    """Return each restated value in short."""
    return [(row.period, row.old, row.new, row.old_n, row.new_n, row.why) for row in found.rows]


@pytest.mark.row("GOV-10")
def test_late_and_lost_records_restate_the_months_that_were_over(desk: Intake) -> None:
    """January gains a late ticket, February loses one; March was not over and is none of it."""
    found = asked(desk.context, "tickets_opened", compare=1)

    assert told(found) == [
        ("2026-01", 1.0, 2.0, 1, 2, ("late data",)),
        ("2026-02", 2.0, 1.0, 2, 1, ("late data",)),
    ]
    assert (found.then.version, found.now.version, found.periods) == (1, 3, 2)
    line = found.as_json()["restated"][0]
    assert (line["old"], line["new"], line["since_data_version"]) == (1.0, 2.0, 2)


@pytest.mark.row("GOV-10")
def test_without_a_version_the_one_before_is_asked(desk: Intake) -> None:
    """The newest import brought only what is new, so all that was over stands."""
    found = asked(desk.context, "tickets_opened")

    assert (found.then.version, found.rows, found.periods) == (2, (), 2)


@pytest.mark.row("GOV-10")
def test_a_corrected_definition_restates_too(desk: Intake) -> None:
    """What it does and what late data does are told apart."""
    found = asked(desk.context, "urgent_opened", compare=1)
    assert told(found) == [("2026-01", 1.0, 2.0, 1, 2, ("corrected definition",))]
    plain = found.as_json()["definition"]
    assert plain["old"] != plain["new"]
    assert (plain["version"], plain["valid_from"]) == (2, "2026-04-01")

    late = asked(desk.context.at_version(2), "urgent_opened", compare=2)
    assert told(late) == [
        ("2026-01", 1.0, 2.0, 1, 2, ("corrected definition",)),
        ("2026-02", 0.0, 1.0, 0, 1, ("corrected definition",)),
    ]


@pytest.mark.row("GOV-10")
def test_what_was_known_gives_the_old_value_again(desk: Intake) -> None:
    """As known on a day is the version of that day; before the first import nothing was."""
    first = as_known(desk.context, "2026-03-20")
    assert first.opened().version.version == 1
    assert as_known(desk.context, "2026-03-21T09:00Z").opened().version.version == 2
    assert as_known(desk.context, "2030-01-01").opened().version.version == 3
    question = Asked(period="month").question("tickets_opened", desk.workspace.zone)
    assert [row.value for row in measure(first, question).rows] == [1.0, 2.0, 1.0]
    with pytest.raises(UnknownVersion, match="the first import was made at 2026-03-06 09:00"):
        as_known(desk.context, "2026-03-06")
    with pytest.raises(QueryWrong, match="both named"):
        as_known(desk.context.at_version(1), "2026-03-20")


def test_a_later_version_is_no_earlier_one(desk: Intake) -> None:
    """The question is which past value was another."""
    with pytest.raises(QueryWrong, match="later than 1"):
        asked(desk.context.at_version(1), "tickets_opened", compare=2)
    with pytest.raises(UnknownVersion):
        asked(desk.context, "tickets_opened", compare=9)


def test_it_is_asked_once_and_remembered(desk: Intake) -> None:
    """The metric's own page asks nobody, and says what is remembered."""
    ctx = replace(desk.context, version=2, held=None).holding()
    question = Asked(period="month").question("tickets_opened", ctx.workspace.zone)
    assert remembered(ctx, question) is None
    found = restated(ctx, question)
    assert remembered(ctx, question) is found
    assert restated(ctx, question) is found


def test_pages_and_twins_tell_it(desk: Intake) -> None:
    """The offer to look, the old values, then the note; the API has the same."""
    fresh = Context(desk.workspace, readers=Readers(remember=True))
    client = TestClient(make_app(fresh), base_url="http://127.0.0.1:8787")
    metric = "/metrics/tickets_opened?period=month"

    known = f"{metric}&known_at=2026-03-22"
    assert "Were past numbers restated?" in client.get(known).text
    page = client.get(known.replace("?", "/restated?")).text
    assert "Tickets opened: 2 past months were restated" in page
    assert "Late data" in page
    assert "2 past months were restated by the import of 21 March" in client.get(known).text

    twin = client.get(f"/api/v1{known}".replace("?", "/restated?")).json()
    assert [row["old"] for row in twin["restated"]] == [1.0, 2.0]
    plain = client.get("/api/v1/measure/tickets_opened?period=month&compare_version=1").json()
    assert len(plain["restated"]) == 2
    assert client.get("/api/v1/measure/tickets_opened?known_at=2020-01-01").status_code == 404
    gone = client.get("/api/v1/deleted").json()["deleted"]
    assert [(row["ticket_id"], row["kind"]) for row in gone] == [("T2", "deleted")]
    assert "Gone at their source: 1 ticket" in client.get("/versions").text


@pytest.mark.row("GOV-10")
def test_a_version_whose_files_are_gone_says_so(desk: Intake) -> None:
    """A vacuum took them: no number is made of what is left, and the next that is kept is named."""
    warehouse = desk.context.warehouse
    kept = set(warehouse.files("tickets", desk.version(2).tables["tickets"]))
    [*gone] = set(warehouse.files("tickets", desk.version(1).tables["tickets"])) - kept
    assert gone
    for file in gone:
        Path(file).rename(file + ".away")
    try:
        ctx = Context(desk.workspace)
        with pytest.raises(
            UnknownVersion, match=r"Data version 1, made .* is kept no longer"
        ) as no:
            as_known(ctx, "2026-03-07").opened()
        assert "The next that is kept is 2" in no.value.hint
        assert as_known(ctx, "2026-03-22").opened().version.version == 2
    finally:
        for file in gone:
            Path(file + ".away").rename(file)
