"""What was known at a moment: the same numbers as if only the imports until then had been made."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.foundation.errors import ColumnsMissing, UnknownVersion
from opsgauge.operations.asking import Asked, as_known
from opsgauge.operations.context import Context
from opsgauge.operations.going import FullExport
from opsgauge.operations.measure import measure
from opsgauge.warehouse import versions
from tests.conftest import Intake

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
DAYS = 6  # on each of which something may be imported
MAPPING = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
deleted: {column: state, words: [Gone]}
fields:
  opened_at: opened
  resolved_at: resolved
  original_status: state
  priority: priority
  team: team
phases: {New: new, Done: resolved}
"""
FULL = MAPPING + "full: true\n"
HEADER = ["number", "opened", "resolved", "state", "priority", "team"]
QUESTIONS = (
    ("tickets_opened", "month", ("priority",)),
    ("time_to_resolve", "week", ()),
    ("backlog", "week", ()),
)


class Row(NamedTuple):
    """One ticket as an export tells of it."""

    number: int
    opened: int  # days after the first of January
    resolved: int | None  # hours after that
    gone: bool
    priority: str
    team: str


class Load(NamedTuple):
    """One import: on which day after the start, what it brings, and whether that is all."""

    day: int
    rows: tuple[Row, ...]
    full: bool


rows = st.builds(
    Row,
    number=st.integers(1, 6),
    opened=st.integers(0, 55),
    resolved=st.one_of(st.none(), st.integers(0, 200)),
    gone=st.sampled_from([False, False, False, True]),
    priority=st.sampled_from(["1", "2", ""]),
    team=st.sampled_from(["A", "B"]),
)
loads = st.lists(
    st.builds(
        Load,
        day=st.integers(0, DAYS),
        rows=st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.number).map(tuple),
        full=st.booleans(),
    ),
    min_size=2,
    max_size=3,
)


def written(load: Load) -> str:
    """Return an import as a CSV file."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEADER)
    for row in load.rows:
        opened = datetime(2026, 1, 1, 8, tzinfo=UTC) + timedelta(days=row.opened)
        resolved = "" if row.resolved is None else opened + timedelta(hours=row.resolved)
        state = "Gone" if row.gone else "Done" if resolved else "New"
        out.writerow([f"T{row.number}", opened, resolved, state, row.priority, row.team])
    return text.getvalue()


class Desk:
    """A workspace whose imports are made on chosen days."""

    def __init__(self, place: Path) -> None:
        self.intake = Intake(place)
        self.now = START
        self.intake.context = Context(self.intake.workspace, clock=lambda: self.now)

    def take(self, load: Load, number: int) -> None:
        """Import on the load's day, some minutes later than the one before."""
        self.now = START + timedelta(days=load.day, minutes=number)
        mapping = FULL if load.full else MAPPING
        self.intake.takes(written(load), mapping=mapping, export=FullExport(yes_delete=True))

    def answers(self, as_of: str | None, known_at: str | None = None) -> list[Any]:
        """Return what the desk says to some questions, and which tickets are listed behind them."""
        ctx = as_known(self.intake.context, known_at)
        if versions.latest(ctx.warehouse) is None or not ctx_tickets(ctx):
            return []
        told: list[Any] = []
        for metric, period, by in QUESTIONS:
            asked = Asked(by=by, period=period, as_of=as_of)
            try:
                answer = measure(ctx, asked.question(metric, ctx.workspace.zone))
            except ColumnsMissing as missing:
                told.append([missing.message])
                continue
            told.append([(row.period, row.by, row.n, row.value, row.low) for row in answer.rows])
        return told


def ctx_tickets(ctx: Context) -> int:
    """Return how many tickets the data version read holds."""
    newest = versions.latest(ctx.warehouse)
    chosen = versions.get(ctx.warehouse, ctx.version) if ctx.version else newest
    return chosen.tickets if chosen else 0


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return numbered folders."""
    numbers = count()
    return lambda: tmp_path_factory.mktemp(f"known-{next(numbers)}")


@pytest.mark.row("GOV-10")
@settings(max_examples=4)
@given(
    drawn=loads,
    asked=st.integers(0, DAYS),
    as_of=st.one_of(st.none(), st.integers(0, 60)),
)
def test_known_at_a_day_is_what_a_workspace_of_that_day_said(
    places: Any, drawn: Sequence[Load], asked: int, as_of: int | None
) -> None:
    """Late rows, changed rows, deletions, full exports: none received later reaches back."""
    drawn = sorted(drawn, key=lambda load: load.day)
    moment = START + timedelta(days=asked, hours=12)
    stood = None if as_of is None else str(date(2026, 1, 1) + timedelta(days=as_of))
    whole, until = Desk(places()), Desk(places())
    try:
        for number, load in enumerate(drawn):
            whole.take(load, number)
            if load.day <= asked:
                until.take(load, number)
        if not any(load.day <= asked for load in drawn):
            with pytest.raises(UnknownVersion, match="Nothing was known"):
                whole.answers(stood, moment.isoformat())
            return
        assert whole.answers(stood, moment.isoformat()) == until.answers(stood)
    finally:
        whole.intake.close()
        until.intake.close()
