"""Targets over a desk: who may set them, what they start from, and how they are doing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.analysis.targets.outlook import State
from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownMetric
from opsgauge.governance.access import Actor, Assignment
from opsgauge.operations.context import Context
from opsgauge.operations.targets import end_target, set_target, target_history, target_states
from tests.conftest import MAPPING, Intake, seeing

MONDAY = date(2026, 1, 5)
TEAM_A, TEAM_B = Condition("team", ("A",)), Condition("team", ("B",))
AIM = Target("time_to_resolve", "", (TEAM_A,), "week", "number", 3.0, None, MONDAY, None, "Why.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return twelve weeks: team A takes 12, 11 … 1 hours, team B always 10; the 13th has begun."""
    intake = Intake(tmp_path_factory.mktemp("targets"))
    rows = ["number,at,state,team,who"]
    for week in range(13):
        day = MONDAY + timedelta(days=7 * week)
        for team, hours in (("A", max(12 - week, 1)), ("B", 10)):
            name = f"{team}{week}"
            rows.append(f"{name},{day} 08:00,New,{team},x")
            rows.append(f"{name},{day} {8 + hours:02}:00,Done,{team},x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    yield intake
    intake.close()


def state(ctx: Context, target: Target) -> tuple[State, float | None, int]:
    """Set a target; return how it is doing."""
    made = set_target(ctx, target)
    [found] = [each for each in target_states(ctx) if each.target == made]
    end_target(ctx, made.number, "Enough.")
    return found.outlook.state, found.outlook.value, found.periods


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, (State.MET, 1.0, 12)),
        ({"value": 0.5}, (State.NOT_MET, 1.0, 12)),
        ({"review_day": date(2026, 2, 15)}, (State.NOT_MET, 7.0, 6)),
        ({"review_day": date(2026, 2, 14)}, (State.NOT_MET, 8.0, 5)),
        ({"review_day": date(2026, 2, 15), "value": 7.0}, (State.MET, 7.0, 6)),
        ({"review_day": date(2026, 4, 5)}, (State.ON_TRACK, 1.0, 12)),
        ({"review_day": date(2026, 4, 5), "value": -2.0}, (State.OFF_TRACK, 1.0, 12)),
        ({"review_day": date(2026, 4, 5), "segment": (TEAM_B,)}, (State.OFF_TRACK, 10.0, 12)),
        (
            {"review_day": date(2026, 6, 30), "from_day": date(2026, 3, 4)},
            (State.TOO_EARLY, 1.0, 3),
        ),
        ({"from_day": date(2026, 6, 1)}, (State.NO_DATA, None, 0)),
        ({"period": "month"}, (State.NOT_MET, 6.5, 1)),
    ],
)
def test_how_it_is_doing(
    desk: Intake, changed: dict[str, object], expected: tuple[State, float | None, int]
) -> None:
    """Before, at and after its review; a week that has begun before it, or is not over, is none."""
    assert state(desk.context, replace(AIM, **changed)) == expected  # type: ignore[arg-type]


def test_a_target_in_percent_starts_from_what_was(desk: Intake) -> None:
    """The twelve weeks before its first day: here the four that there are."""
    aim = replace(AIM, form="percent", value=-50.0, from_day=date(2026, 2, 2))
    made = set_target(desk.context, aim)
    assert (made.baseline, made.goal) == (10.5, 5.25)
    with pytest.raises(QueryWrong, match="no value before 2026-01-05"):
        set_target(desk.context, replace(aim, from_day=MONDAY))
    end_target(desk.context, made.number, "Enough.")


def test_its_sentence_says_the_aim_and_what_is_expected(desk: Intake) -> None:
    """In the metric's own unit."""
    made = set_target(desk.context, replace(AIM, review_day=date(2026, 4, 5)))
    [found] = target_states(desk.context, "time_to_resolve")
    assert found.sentence() == (
        "Aim: at most 3.0 h. The newest week: 1.0 h. Expected in 2026-W14: 0 s (0 s to 0 s, 80 %)."
    )
    assert found.as_json()["state"] == "on track"
    end_target(desk.context, made.number, "Enough.")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"metric": "tickets_opened"}, "no direction that is better"),
        ({"period": "day"}, "has no 'day'"),
        ({"form": "numbr"}, "has no 'numbr'"),
        ({"statistic": "p33"}, "no statistic 'p33'"),
    ],
)
def test_what_cannot_be_a_target_is_refused(
    desk: Intake, changed: dict[str, object], said: str
) -> None:
    """With what is wrong with it."""
    with pytest.raises(QueryWrong, match=said):
        set_target(desk.context, replace(AIM, **changed))  # type: ignore[arg-type]
    with pytest.raises(UnknownMetric):
        set_target(desk.context, replace(AIM, metric="time_to_resolv"))


def test_who_owns_a_service_sets_targets_for_its_records_alone(desk: Intake) -> None:
    """And sees those whose records are all seen."""
    ctx = desk.context
    whole = set_target(ctx, replace(AIM, segment=()))
    theirs = Actor("sue", (Assignment("service owner", (TEAM_A,)),))
    mine = set_target(replace(ctx, actor=theirs), AIM)

    with pytest.raises(NotAllowed, match="only for records where team is A"):
        set_target(replace(ctx, actor=theirs), replace(AIM, segment=(TEAM_B,)))
    with pytest.raises(NotAllowed):
        end_target(replace(ctx, actor=theirs), whole.number, "Mine now.")
    with pytest.raises(NotAllowed):
        set_target(replace(ctx, actor=seeing(TEAM_A)), AIM)
    seen = target_states(replace(ctx, actor=seeing(TEAM_A)))
    assert [each.target.number for each in seen] == [mine.number]
    assert target_states(replace(ctx, actor=seeing(TEAM_B))) == []
    assert all(
        each.segment == (TEAM_A,) for each in target_history(replace(ctx, actor=seeing(TEAM_A)))
    )
    for each in (whole, mine):
        end_target(ctx, each.number, "Enough.")
