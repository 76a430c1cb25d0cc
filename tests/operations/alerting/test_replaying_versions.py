"""Replay of checks and absence by what was known at the time: three imports, made by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.alerting import AlertRule
from opsgauge.operations.alerting.drafting import add_rule
from opsgauge.operations.alerting.replaying import Replayed, replay
from opsgauge.operations.context import Context
from tests.conftest import MAPPING, Intake
from tests.operations.alerting.conftest import Hand, channels

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Ends before it begins, in the second import alone: put right by the third.
IMPORTS = (
    (MONDAY + 2 * HOUR, ["T1,{0} 08:00,New", "T1,{0} 09:00,Done"]),
    (MONDAY + 3 * DAY, ["T2,{1} 08:00,New", "T2,2029-01-01 07:00,Done"]),
    (MONDAY + 4 * DAY, ["T3,{2} 08:00,New"]),
)
NOW = MONDAY + 6 * DAY


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return a desk whose records came on Monday, Thursday and Friday; it is Sunday."""
    intake = Intake(tmp_path_factory.mktemp("versions"))
    hand = Hand(MONDAY)
    days = [f"{MONDAY + n * DAY:%Y-%m-%d}" for n in (0, 3, 4)]
    for made_at, rows in IMPORTS:
        hand.now = made_at
        lines = [f"{each.format(*days)},Desk,ann" for each in rows]
        intake.context = replace(intake.context, clock=hand, held=None)
        intake.takes("\n".join(["number,at,state,team,who", *lines]), mapping=MAPPING)
    hand.now = NOW
    channels(intake.workspace.path, 'ops = "jsons://example.org/alerts"\n')
    yield replace(intake.context, held=None)
    intake.close()


def replayed(ctx: Context, **said: object) -> Replayed:
    """Draft a rule and replay it."""
    rule = AlertRule(name="Watch", kind="check", why="Why not.", channel="ops")
    return replay(ctx, add_rule(ctx, replace(rule, **said)).number)  # type: ignore[arg-type]


@pytest.mark.row("ALR-03")
def test_a_check_is_made_again_of_each_version(desk: Context) -> None:
    """A moment in 2029 came with Thursday's import, and stays."""
    found = replayed(desk, about="future_moments")
    assert [(each.at[:10], each.until) for each in found.firings] == [("2026-03-05", None)]
    assert found.days == 6
    assert found.notes[0].startswith(
        "Data versions checked again as they were, by the checks of now: 3."
    )
    assert found.notes[1] == "It can be told from 2026-03-02 on: the first import was made then."


@pytest.mark.row("ALR-03")
def test_absence_goes_by_what_had_come_in_by_then(desk: Context) -> None:
    """Monday's newest record is of nine: 24 hours later nothing is there, until Thursday.

    That of Thursday lies in 2029, so that nothing is absent afterwards: it is told as it was.
    """
    found = replayed(desk, kind="absence", hours=24.0)
    assert [(each.at, each.until) for each in found.firings] == [
        ("2026-03-03T09:00:00Z", "2026-03-05T08:00:00Z")
    ]
    assert "as it was known then" in found.firings[0].what
    narrow = replayed(desk, kind="absence", hours=24.0, about="csv")
    assert narrow.count >= 0


@pytest.mark.row("ALR-03")
def test_before_the_first_import_no_check_is_told(desk: Context) -> None:
    """A clock before it has nothing to look at."""
    early = replace(desk, clock=Hand(MONDAY - DAY))
    found = replayed(early, about="future_moments")
    assert "no import has been made yet" in found.sentence()
