"""Numbers made from those of the data version before: equal to asking for everything anew."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.settings import Workspace, open_workspace
from opsgauge.log.differences import difference
from opsgauge.log.periods import make_periods
from opsgauge.log.related import CHANGES, CLOCKS, READ_BESIDE
from opsgauge.log.tables import LOG_TABLES
from opsgauge.metrics.example import Desk
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import Point, points
from opsgauge.operations import compared
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Answers, OpenVersion, Readers
from opsgauge.operations.renewed import answer, templates
from opsgauge.warehouse.engine import DuckEngine, StoredTable
from opsgauge.warehouse.versions import DataVersion
from tests.conftest import Intake
from tests.metrics.beside import random_records
from tests.metrics.desks import CATALOGUE, VARIED, Life, Step, desk_of, fitted, random_lives

pytestmark = pytest.mark.row("SCA-02")
ZONE = ZoneInfo("Europe/Amsterdam")
Row = dict[str, Any]
STORED = (*LOG_TABLES, *READ_BESIDE)


class TwoVersions(Readers):
    """Readers that hold two versions of one log."""

    def __init__(self, earlier: OpenVersion) -> None:
        super().__init__()
        self._earlier = earlier

    def before(self, opened: OpenVersion) -> OpenVersion | None:
        """Return the earlier one."""
        return None if opened is self._earlier else self._earlier


def stored(desk: Desk, folder: Path) -> tuple[StoredTable, ...]:
    """Write the tables of a desk by month, files of the same rows under the same name."""
    made = []
    for table in STORED:
        rows, files = desk.tables()[table.name], []
        months = (
            rows["opened_month"].unique().to_pylist()
            if "opened_month" in rows.schema.names
            else [""]
        )
        for month in months:
            part = rows.filter(pc.equal(rows["opened_month"], month)) if month else rows
            if part.num_rows:
                name = sha256(repr(part.to_pylist()).encode()).hexdigest()[:16]
                file = folder / f"{table.name}-{name}.parquet"
                pq.write_table(part, file)
                files.append(str(file))
        made.append(StoredTable(table.name, table.ibis_schema(), tuple(files)))
    return tuple(made)


def by_month(rows: pa.Table) -> list[pa.Table]:
    """Return the rows of each month of opening, as they are stored."""
    if "opened_month" not in rows.column_names:
        return [rows]
    months = rows["opened_month"]
    return [rows.filter(pc.equal(months, month)) for month in months.unique()]


def opened(desk: Desk, folder: Path, number: int) -> OpenVersion:
    """Open a desk as a data version."""
    periods = make_periods(ZONE, desk.first, desk.watermark)
    files = stored(desk, folder)
    engine = DuckEngine(files, {**periods.tables(), CLOCKS.name: desk.tables()[CLOCKS.name]})
    version = DataVersion(number, desk.watermark, "", "", "", {}, 0, 0, None, None, desk.watermark)
    return OpenVersion(
        version, engine, periods, desk.watermark, files, answers=Answers(), numbers=Answers()
    )


def went_on(dice: random.Random, life: Life) -> Life:
    """Return a life with one step more."""
    last = life.steps[-1]
    at = last.at + timedelta(hours=dice.randrange(300))
    phase = dice.choice(["resolved", "closed", "in_progress"])
    step = Step(at, phase, dice.choice(["Desk", "Network", None]), last.priority)
    return replace(life, steps=(*life.steps, step))


def told_otherwise(dice: random.Random, life: Life) -> Life:
    """Return a life of which something else is told that never changes."""
    return replace(life, fixed=life.fixed | {"category": "Told otherwise", "service": "Mail"})


def was_elsewhere(dice: random.Random, life: Life) -> Life:
    """Return a life that was in other hands for a while."""
    steps = list(life.steps)
    place = dice.randrange(len(steps))
    steps[place] = replace(steps[place], team=dice.choice(["Desk", "Network", "Late"]))
    return replace(life, steps=tuple(steps))


def changed_lives(dice: random.Random, lives: Sequence[Life]) -> list[Life]:
    """Return lives some of which went on, were told otherwise, or are new."""
    latest = max(step.at for life in lives for step in life.steps)
    new = list(lives)
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(new))
        new[place] = dice.choice([went_on, went_on, told_otherwise, was_elsewhere])(
            dice, new[place]
        )
    begun = latest - timedelta(hours=dice.randrange(100))
    steps = (
        Step(begun, "new", "Desk", "1"),
        Step(begun + timedelta(hours=5), "resolved", "Desk", "1"),
    )
    new.append(replace(lives[0], opened=begun, steps=steps))
    return new + random_lives(dice.randrange(10_000), tickets=dice.randrange(2))


def changed_records(
    dice: random.Random, records: Mapping[str, Sequence[Row]], lives: Sequence[Life]
) -> Mapping[str, Sequence[Row]]:
    """Return records of which some hold something else, and some are new."""
    others = random_records(dice.randrange(10_000), lives)
    new = {}
    for name, rows in records.items():
        new[name] = list(rows)
        own = "change_id" if name == CHANGES.name else ""
        if name == CLOCKS.name or not rows or dice.random() < 0.6:  # clocks are asked anew
            continue
        for _ in range(dice.randrange(3)):
            place = dice.randrange(len(rows))
            kept = {own: rows[place][own]} if own else {}
            new[name][place] = {**dice.choice(others[name]), **kept}
        new[name] += [{**dice.choice(others[name]), **({own: "T999"} if own else {})}]
    return new


QUESTIONS = (
    Question("", by=("team",), period="month"),
    Question("", period="week"),
    Question("", by=("priority", "category"), period="week"),
    Question("", where=(Condition("priority", ("1", None)),), period="day"),
    Question("", by=("service",), where=(Condition("team", ("Desk",)),), period="week"),
)
LOGS = 3
ASKED = 2  # of the questions, of each metric


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[tuple[OpenVersion, OpenVersion]]:
    """Random logs, each before and after something happened."""
    made = []
    for seed in range(LOGS):
        dice, folder = random.Random(seed), tmp_path_factory.mktemp("log")  # noqa: S311
        lives = random_lives(seed, tickets=50, days=150)
        records = random_records(seed, lives)
        later = changed_lives(dice, lives)
        changed = changed_records(dice, records, later)
        desks = (desk_of(lives, records), desk_of(later, changed))
        earlier, now = (opened(desk, folder, n) for n, desk in enumerate(desks, start=1))
        made.append((earlier, now))
    return made


def asked(ctx: Context, question: Question) -> Sequence[Point]:
    """Return the points of an answer."""
    version, metric = ctx.opened(), CATALOGUE.get(question.metric)
    found = answer(ctx, metric, question)
    return points(found, metric, question, version.periods, version.watermark)


def anew(ctx: Context, question: Question) -> Sequence[Point]:
    """Return the points with every period asked for."""
    version, metric = ctx.opened(), CATALOGUE.get(question.metric)
    found = version.engine.run_sql(templates(ctx).query(metric, question))
    return points(found, metric, question, version.periods, version.watermark)


def contexts(workspace: Workspace, log: tuple[OpenVersion, OpenVersion]) -> tuple[Context, Context]:
    """Return how the two versions of a log are asked."""
    readers = TwoVersions(log[0])
    before, now = (Context(workspace, readers=readers, held=version) for version in log)
    return before, now


def fitting(name: str, question: Question) -> Question:
    """Return a question as a metric takes it."""
    metric = CATALOGUE.get(name)
    return check_question(metric, fitted(metric, replace(question, metric=name)))


@pytest.mark.parametrize("place", range(len(VARIED)), ids=lambda place: VARIED[place])
def test_every_kind_of_metric_is_as_asked_anew(
    place: int, intake: Intake, logs: Sequence[tuple[OpenVersion, OpenVersion]]
) -> None:
    """Logs that go on, are told otherwise or grow: the same points to the digit."""
    before, now = contexts(intake.workspace, logs[place % LOGS])
    for turn in range(ASKED):
        question = fitting(VARIED[place], QUESTIONS[(place + turn) % len(QUESTIONS)])
        asked(before, question)
        for one, other in zip(asked(now, question), anew(now, question), strict=True):
            for each, value in vars(one).items():
                told = vars(other)[each]
                near = pytest.approx(told, rel=1e-9) if isinstance(told, float) else told
                assert value == near, (question, one, other)


@pytest.mark.parametrize(
    ("name", "by"),
    [("tickets_opened", ()), ("time_to_resolve", ("team",)), ("backlog", ("team",))],
)
def test_periods_that_nothing_reaches_are_not_asked_for_again(
    name: str, by: tuple[str, ...], intake: Intake, tmp_path: Path
) -> None:
    """What the version before is made to say of an early week is still said of it."""
    lives = random_lives(1, tickets=50, days=150)
    latest = max(step.at for life in lives for step in life.steps)
    steps = (
        Step(latest, "new", "Desk", "1"),
        Step(latest + timedelta(hours=1), "resolved", "Desk", "1"),
    )
    new = [replace(lives[0], opened=latest, steps=some) for some in (steps, steps[:1])]
    later = [*lives, *new]
    log = (opened(desk_of(lives), tmp_path, 1), opened(desk_of(later), tmp_path, 2))
    before, now = contexts(intake.workspace, log)
    question = fitting(name, Question("", by=by, period="week"))
    first = asked(before, question)
    numbers = log[0].numbers
    assert numbers is not None
    [(key, kept)] = numbers.kept.items()
    early = pc.equal(kept["period"], min(point.period for point in first))
    marked = pc.if_else(early, pa.scalar(4711.0), kept["value"])
    numbers.kept[key] = kept.set_column(kept.schema.get_field_index("value"), "value", marked)

    renewed = asked(now, question)
    assert 4711.0 in {point.value for point in renewed}
    truly = anew(now, question)
    assert [p for p in renewed if p.value != 4711.0] == [
        p for p, q in zip(truly, renewed, strict=True) if q.value != 4711.0
    ]
    last = renewed[-1].period
    assert [p for p in renewed if p.period == last] != [p for p in first if p.period == last]


MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
A_WEEK = timedelta(weeks=1)


def life(begun: datetime, *phases: str, team: str = "Desk", **fixed: Any) -> Life:
    """Return a life that takes a step every hour."""
    steps = [Step(begun + timedelta(hours=n), each, team, "1") for n, each in enumerate(phases)]
    return Life(begun, tuple(steps), {"practice": "incident", **fixed})


AROUND = [life(MONDAY + A_WEEK * n, "new", "resolved", category="Print") for n in range(12)]


def both(
    name: str, question: Question, lives: tuple[Sequence[Life], Sequence[Life]], where: Path
) -> tuple[Sequence[Point], Sequence[Point]]:
    """Return the points made from those before, and with every period asked for."""
    log = [opened(desk_of(each), where, n) for n, each in enumerate(lives, start=1)]
    before, now = contexts(open_workspace(where / "workspace"), (log[0], log[1]))
    wanted = fitting(name, question)
    asked(before, wanted)
    return asked(now, wanted), anew(now, wanted)


def test_a_record_of_today_may_be_of_a_ticket_closed_long_ago(intake: Intake) -> None:
    """The survey counts this week, by the team that had the ticket in spring."""
    lives = [life(MONDAY, "new", "resolved", team="Early"), *AROUND]
    sent = MONDAY + A_WEEK * 11
    survey = {
        "kind": "satisfaction",
        "sent_at": sent,
        "answered_at": sent,
        "score": 5,
        "scale_min": 1,
        "scale_max": 5,
    }
    old = [{**survey, "ticket_id": "T8", "survey_id": "S1"}]
    new = [*old, {**survey, "ticket_id": "T1", "survey_id": "S2"}]
    log = [
        opened(desk_of(lives, {"surveys": rows}), intake.folder, n)
        for n, rows in enumerate((old, new), start=1)
    ]
    before, now = contexts(open_workspace(intake.folder / "workspace"), (log[0], log[1]))
    question = fitting("satisfaction_share", Question("", by=("team",), period="week"))
    asked(before, question)
    found = {(p.by["team"], p.n) for p in asked(now, question) if p.n}
    assert found == {(p.by["team"], p.n) for p in anew(now, question) if p.n}
    assert found == {("Desk", 1), ("Early", 1)}
    answers = now.opened().answers
    assert answers is not None
    assert "recent tickets" in answers.kept


def test_what_repeats_in_a_later_week_counts_in_the_week_of_the_first(intake: Intake) -> None:
    """A new ticket of the same person and category makes a repeat of one of the week before."""
    same = {"requester": "User 1", "category": "Mail"}
    first = life(MONDAY + A_WEEK * 8, "new", "resolved", **same)
    again = life(MONDAY + A_WEEK * 8 + timedelta(days=7), "new", "resolved", **same)
    lives = ([*AROUND, first], [*AROUND, first, again])
    question = Question("", period="week")
    renewed, truly = both("repeat_incident_share", question, lives, intake.folder)
    assert renewed == truly
    assert [p.period for p in truly if p.numerator] == ["2026-W18"]


def test_a_stock_is_told_otherwise_from_when_its_ticket_was_opened(intake: Intake) -> None:
    """History keeps no location, so the ticket has the one told last for all of its life."""
    old = life(MONDAY + A_WEEK * 8, "new", location="Basel")
    lives = ([*AROUND, old], [*AROUND, replace(old, fixed=old.fixed | {"location": "Bern"})])
    question = Question("", by=("location",), period="week")
    renewed, truly = both("backlog", question, lives, intake.folder)
    assert renewed == truly
    assert {p.period for p in truly if p.n and p.by["location"] == "Bern"} == {
        f"2026-W{week}" for week in range(18, 22)
    }


def test_a_group_that_was_never_there_at_a_weeks_end_goes_with_its_last_ticket(
    intake: Intake,
) -> None:
    """A team that had a ticket for an hour has a row of noughts, until it never had one."""
    brief = life(MONDAY + A_WEEK * 11, "new", "resolved", team="Brief")
    lives = ([*AROUND, brief], [*AROUND, life(MONDAY + A_WEEK * 11, "new", "resolved")])
    renewed, truly = both(
        "backlog", Question("", by=("team",), period="week"), lives, intake.folder
    )
    assert renewed == truly
    assert {p.by["team"] for p in truly} == {"Desk"}


def test_a_server_that_reads_on_has_the_numbers_of_one_that_starts(intake: Intake) -> None:
    """Real imports: an update, a new ticket, and one that comes late for a month long gone."""
    readers = Readers(remember=True)
    ctx = Context(intake.workspace, readers=readers)
    header = "number,at,state,team,who\n"
    rows = [
        f"INC{n},2026-{1 + n % 6:02}-{1 + n % 27:02} {n % 24:02}:00,{state},T{n % 3},Ann\n"
        for n in range(200)
        for state in ("New",)
    ]
    intake.takes(header + "".join(rows))
    questions = [
        fitting(name, Question("", by=by, period=period))
        for name in ("tickets_opened", "time_to_resolve", "backlog", "backlog_age")
        for by, period in (((), "week"), (("team",), "month"))
    ]
    for question in questions:
        asked(ctx, question)
    earlier = ctx.opened()
    intake.takes(
        header
        + "INC9,2026-06-28 09:00,Resolved,T0,Bob\n"
        + "INC900,2026-06-28 10:00,New,T1,Ann\n"
        + "INC901,2026-02-03 10:00,New,T2,Ann\n"
    )
    assert readers.before(ctx.opened()) is earlier
    fresh = Context(intake.workspace, readers=Readers())
    for question in questions:
        assert asked(ctx, question) == anew(fresh, question)


def test_versions_that_share_too_little_or_lost_a_file_are_not_compared(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then everything is asked, and right."""
    lives = random_lives(1, tickets=30, days=150)
    log = tuple(opened(desk_of(each), tmp_path, n) for n, each in enumerate((lives, lives[1:]), 1))
    before, now = contexts(intake.workspace, (log[0], log[1]))
    question = fitting("time_to_resolve", Question("", by=("team",), period="week"))
    asked(before, question)
    monkeypatch.setattr(compared, "MOST_COMPARED", 0)
    assert compared.compare(now, log[0]) is None
    assert asked(now, question) == anew(now, question)

    monkeypatch.undo()
    assert difference(log[0].stored, log[1].stored, most=1_000) is not None
    assert difference(log[0].stored, log[1].stored, most=10) is None
    again = replace(log[1], answers=Answers(), numbers=Answers())
    assert compared.compare(replace(now, held=again), log[0]) is not None
    for file in {f for table in log[0].stored for f in table.files}:
        Path(file).unlink()
    lost = replace(log[1], answers=Answers(), numbers=Answers())
    assert compared.compare(replace(now, held=lost), log[0]) is None
