"""Clocks taken over from the data version before: the same table as following every ticket anew."""

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.settings import open_workspace
from opsgauge.log.related import CLOCKS
from opsgauge.metrics.question import Question
from opsgauge.metrics.reach import touched_periods
from opsgauge.operations import renewed
from opsgauge.operations.clocked import with_clocks
from opsgauge.operations.clocks_renewed import AGAIN
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Answers, OpenVersion, Readers
from opsgauge.warehouse.engine import DuckEngine
from tests.conftest import Intake
from tests.metrics.desks import CATALOGUE, Life, Step, desk_of, random_lives
from tests.operations.test_renewed import (
    TwoVersions,
    anew,
    asked,
    changed_lives,
    fitting,
    opened,
)

pytestmark = pytest.mark.row("SCA-02")
LEVELS = """
resolved:
  title: Resolved in time
  kind: resolution
  targets: [{priority: "1", within: 8 h}, {within: 300 h}]
  pause: {phase: [pending_user]}
  stop: {phase: [resolved, closed]}
  on_reopen: restart
answered:
  title: Told of in time
  kind: update
  targets: [{within: 24 h}]
closed:
  title: Closed in time
  kind: resolution
  start: {moment: first_response_at}
  targets: [{within: 500 h}]
  stop: {phase: [closed]}
held:
  title: Held by the network in time
  kind: resolution
  agreement: ola
  targets: [{within: 40 h}]
  while: {team: [Network]}
"""
TABLE = f'SELECT * FROM "{CLOCKS.name}" ORDER BY ALL'


def clocks_of(ctx: Context) -> list[str]:
    """Return every clock, in order."""
    with_clocks(ctx)
    return [str(row) for row in ctx.opened().engine.run_sql(TABLE).to_pylist()]


def two(seed: int, where: Path) -> tuple[OpenVersion, OpenVersion]:
    """Return a random log before and after something happened."""
    dice = random.Random(seed)  # noqa: S311
    before = random_lives(seed, tickets=60, days=100)
    latest = max(step.at for life in before for step in life.steps)
    told = {"first_response_at": latest + timedelta(hours=1)}  # in time to come
    before.append(
        Life(latest, (Step(latest, "new", "Desk", "1"),), {"practice": "incident"} | told)
    )
    desks = (desk_of(before), desk_of(changed_lives(dice, before)))
    earlier, now = (opened(desk, where, n) for n, desk in enumerate(desks, start=1))
    return replace(earlier, watermark=latest), now


@pytest.mark.parametrize("seed", range(4))
def test_clocks_are_as_followed_anew(seed: int, intake: Intake, tmp_path: Path) -> None:
    """Whatever was told otherwise, and however long running clocks ran on; most are not touched."""
    folder = intake.workspace.path / "service_levels"
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(LEVELS)
    workspace = open_workspace(intake.workspace.path)
    log = two(seed, tmp_path)
    readers = TwoVersions(log[0])
    before, now = (Context(workspace, readers=readers, held=version) for version in log)
    first = clocks_of(before)
    renewed = clocks_of(now)
    again = now.opened().engine.run_sql(f"SELECT DISTINCT source, ticket_id FROM {AGAIN}").num_rows

    alone = opened_alone(log[1])
    assert renewed == clocks_of(Context(workspace, readers=Readers(), held=alone))
    assert renewed != first
    assert 0 < again < 55  # of 60 tickets and more


CLOCK_METRICS = [each.name for each in CATALOGUE if each.subject.name == CLOCKS.name]


@pytest.mark.parametrize("seed", range(3))
def test_numbers_of_clocks_are_as_asked_anew(
    seed: int, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the weeks of clocks that differ are asked for again: some run on since long ago."""
    folder = intake.workspace.path / "service_levels"
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(LEVELS)
    workspace = open_workspace(intake.workspace.path)
    log = two(seed, tmp_path)
    readers = TwoVersions(log[0])
    before, now = (Context(workspace, readers=readers, held=version) for version in log)
    for ctx in (before, now):
        with_clocks(ctx)
    reached: list[object] = []

    def noted(*given: Any) -> frozenset[str] | None:
        found = touched_periods(*given)
        reached.append(found)
        return found

    monkeypatch.setattr(renewed, "touched_periods", noted)
    assert len(CLOCK_METRICS) > 5
    for name in CLOCK_METRICS:
        for by in ((), ("team",), ("clock", "category")):
            question = fitting(name, Question("", by=by, period="week"))
            asked(before, question)
            assert asked(now, question) == anew(now, question), question
    assert reached
    assert None not in reached


def opened_alone(version: OpenVersion) -> OpenVersion:
    """Open the same files with an engine that holds no clocks."""
    engine = DuckEngine(version.stored, version.periods.tables())
    return replace(version, engine=engine, memo={}, answers=Answers(), numbers=Answers())
