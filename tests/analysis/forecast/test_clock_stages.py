"""Stages of clocks as arrays: what was known at a share of the target."""

import pytest

from opsgauge.analysis.forecast.clock_stages import NEVER, Stages, read_stages, stage_rows
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.metrics.example import make_desk
from tests.lent import engine_of
from tests.log.service_levels.clocked import followed, level_of

LEVEL = """
any:
  title: Any
  kind: resolution
  targets: [{priority: ["1"], within: 2 h}, {within: 8 h}]
  pause: {phase: [pending_user]}
  stop: {phase: [resolved]}
"""
# T1: 2 h with the Desk, 1 h paused, 3 h with the Net, resolved: 5 of 8 hours. T2 has just begun.
STEPS = [
    {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "Desk", "category": "A"},
    {"ticket": 1, "since": "2026-01-05 10:00", "phase": "pending_user", "team": "Desk"},
    {"ticket": 1, "since": "2026-01-05 11:00", "phase": "in_progress", "team": "Net"},
    {"ticket": 1, "since": "2026-01-05 14:00", "phase": "resolved", "team": "Net"},
    {"ticket": 2, "since": "2026-01-05 13:00", "phase": "new", "team": "Desk", "priority": "1"},
]


@pytest.fixture(scope="module")
def stages() -> Stages:
    """Follow both tickets."""
    desk = make_desk(
        [
            {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 14:00"},
            {"opened_at": "2026-01-05 13:00", "priority": "1"},
        ],
        STEPS,
    )
    level = level_of(LEVEL)
    of, tables = followed(desk, level)
    with engine_of(tables) as engine:
        engine.keep(CLOCKS.name, clock_rows(level, of))
        clocks = of.tables.related[CLOCKS.name]
        rows = engine.read(stage_rows(level, of, clocks, of.tables.tickets))
        return read_stages(rows)


def test_each_clock_is_told_with_what_became_of_it(stages: Stages) -> None:
    """The one was kept; the other lasts, and is not decided."""
    assert [key[1] for key in stages.keys] == ["T1", "T2"]
    assert stages.lasts.tolist() == [False, True]
    assert stages.broken.tolist() == [False, False]
    assert [us == NEVER for us in stages.decided_us.tolist()] == [False, True]


@pytest.mark.row("SLA-09")
@pytest.mark.parametrize(
    ("share", "team", "pauses"),
    [(0.0, "Desk", 0), (0.2, "Desk", 0), (0.25, "Net", 1), (0.5, "Net", 1), (0.75, None, None)],
)
def test_a_clock_is_as_it_was_when_it_had_used_a_share(
    stages: Stages, share: float, team: str | None, pauses: int | None
) -> None:
    """Two of eight hours with the Desk; the rest after the pause; it never came to six."""
    at = int(stages.at_share(share)[0])

    if team is None:
        assert at == -1
    else:
        assert stages.named["team"][int(stages.words["team"][at])] == team
        assert stages.pauses[at] == pauses


def test_what_is_not_written_has_no_number(stages: Stages) -> None:
    """T1 has no priority, T2 has."""
    last = stages.last()
    assert stages.words["priority"][last].tolist()[0] == -1
    assert stages.named["priority"] == ["1"]
