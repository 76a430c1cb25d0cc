"""Numbers made from those of the data version before: equal to asking for everything anew."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.log.periods import make_periods
from opsgauge.log.related import CLOCKS, READ_BESIDE
from opsgauge.log.tables import LOG_TABLES
from opsgauge.metrics.example import Desk
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.question import Question, check_question
from opsgauge.metrics.series import points
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


def opened(desk: Desk, folder: Path, number: int) -> OpenVersion:
    """Open a desk as a data version."""
    periods = make_periods(ZONE, desk.first, desk.watermark)
    files = stored(desk, folder)
    engine = DuckEngine(files, {**periods.tables(), CLOCKS.name: desk.tables()[CLOCKS.name]})
    version = DataVersion(number, desk.watermark, "", "", "", {}, 0, 0, None, None, desk.watermark)
    return OpenVersion(
        version, engine, periods, desk.watermark, files, answers=Answers(), numbers=Answers()
    )


def changed_lives(dice: random.Random, lives: Sequence[Life]) -> list[Life]:
    """Return lives some of which went on, were told otherwise or are new, late in time or early."""
    new = [life for life in lives]
    latest = max(step.at for life in lives for step in life.steps)
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(new))
        life, what = new[place], dice.randrange(5)
        last = life.steps[-1]
        if what == 0:
            went_on = Step(
                last.at + timedelta(hours=dice.randrange(300)),
                dice.choice(["resolved", "closed", "in_progress"]),
                dice.choice(["Desk", "Network", None]),
                last.priority,
            )
            new[place] = replace(life, steps=(*life.steps, went_on))
        elif what == 1:
            new[place] = replace(
                life, fixed=life.fixed | {"category": "Told otherwise", "service": "Mail"}
            )
        elif what == 2:
            middle = dice.randrange(len(life.steps))
            steps = list(life.steps)
            steps[middle] = replace(steps[middle], team=dice.choice(["Desk", "Network", "Late"]))
            new[place] = replace(life, steps=tuple(steps))
        elif what == 3:
            [fresh] = random_lives(dice.randrange(10_000), tickets=1)
            new.append(fresh)
        else:
            opened_at = latest - timedelta(hours=dice.randrange(100))
            steps = (
                Step(opened_at, "new", "Desk", "1"),
                Step(opened_at + timedelta(hours=5), "resolved", "Desk", "1"),
            )
            new.append(replace(life, opened=opened_at, steps=steps))
    return new


def changed_records(
    dice: random.Random, records: Mapping[str, Sequence[Row]], lives: Sequence[Life]
) -> Mapping[str, Sequence[Row]]:
    """Return records some of which hold something else, or are new."""
    others = random_records(dice.randrange(10_000), lives)
    new = {}
    for name, rows in records.items():
        new[name] = list(rows)
        if name != CLOCKS.name and others[name] and dice.random() < 0.3:
            for _ in range(dice.randrange(3)):
                new[name][dice.randrange(len(rows))] = dice.choice(others[name])
            new[name] += [dice.choice(others[name])] * dice.randrange(2)
    return new


QUESTIONS = (
    Question("", by=("team",), period="month"),
    Question("", period="week"),
    Question("", by=("priority", "category"), period="week"),
    Question("", where=(Condition("priority", ("1", None)),), period="day"),
    Question("", by=("service",), where=(Condition("team", ("Desk",)),), period="week"),
)


def asked(ctx: Context, metric: Metric, question: Question) -> list[Any]:
    """Return the points of an answer."""
    version = ctx.opened()
    found = answer(ctx, metric, question)
    return list(points(found, metric, question, version.periods, version.watermark))


def alike(one: Any, other: Any) -> bool:
    """Say whether two points are one, sums of squares to the last digits but some."""
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9)
    return bool(one == other)


@pytest.mark.parametrize("name", VARIED)
def test_every_kind_of_metric_is_as_asked_anew(name: str, intake: Intake, tmp_path: Path) -> None:
    """Random logs that go on, are told otherwise, or grow: the same points to the digit."""
    dice = random.Random(name)
    metric = CATALOGUE.get(name)
    seed = dice.randrange(10_000)
    lives = random_lives(seed, tickets=50, days=150)
    records = random_records(seed, lives)
    later = changed_lives(dice, lives)
    changed = changed_records(dice, records, later)
    earlier = opened(desk_of(lives, records), tmp_path, 1)
    now = opened(desk_of(later, changed), tmp_path, 2)
    readers = TwoVersions(earlier)
    before, ctx = (Context(intake.workspace, readers=readers, held=held) for held in (earlier, now))
    for each in QUESTIONS:
        question = check_question(metric, fitted(metric, replace(each, metric=name)))
        asked(before, metric, question)
        renewed = asked(ctx, metric, question)
        sql = templates(ctx).query(metric, question)
        anew = points(now.engine.run_sql(sql), metric, question, now.periods, now.watermark)
        assert len(renewed) == len(anew)
        for one, other in zip(renewed, anew, strict=True):
            for field, value in vars(one).items():
                assert alike(value, vars(other)[field]), (question, one, other)
