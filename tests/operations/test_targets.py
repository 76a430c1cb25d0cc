"""Targets over a desk: who may set them, what they start from, and how they are doing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from opsgauge.analysis.targets.outlook import State
from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownMetric
from opsgauge.governance.access import Actor, Assignment
from opsgauge.metrics.question import Question
from opsgauge.operations.agreed_on import agreed_on
from opsgauge.operations.context import Context
from opsgauge.operations.measure import measure
from opsgauge.operations.targets import (
    end_target,
    of_series,
    set_target,
    summary,
    target_history,
    target_states,
)
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


@pytest.mark.row("CAT-12")
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


@pytest.mark.row("CAT-12")
def test_a_target_in_percent_starts_from_what_was(desk: Intake) -> None:
    """The twelve weeks before its first day: here the four that there are."""
    aim = replace(AIM, form="percent", value=-50.0, from_day=date(2026, 2, 2))
    made = set_target(desk.context, aim)
    assert (made.baseline, made.goal) == (10.5, 5.25)
    with pytest.raises(QueryWrong, match="no value before 2026-01-05"):
        set_target(desk.context, replace(aim, from_day=MONDAY))
    end_target(desk.context, made.number, "Enough.")


def test_a_share_is_aimed_at_between_none_and_all(desk: Intake) -> None:
    """95 is not taken for 95 %, nor half as many of nought for a goal."""
    share = replace(AIM, metric="reopened_share", segment=())
    with pytest.raises(QueryWrong, match="between 0 and 1, and this target would be 95") as wrong:
        set_target(desk.context, replace(share, value=95.0))
    assert "95%" in wrong.value.hint
    halved = replace(share, form="percent", value=-50.0, from_day=date(2026, 2, 2))
    with pytest.raises(QueryWrong, match="the value was 0, of which every percentage is 0"):
        set_target(desk.context, halved)
    made = set_target(desk.context, replace(share, value=1.0))
    end_target(desk.context, made.number, "Enough.")


def test_it_carries_the_series_it_is_judged_by(desk: Intake) -> None:
    """Each whole week since it began, oldest first; in its JSON too."""
    made = set_target(desk.context, replace(AIM, from_day=date(2026, 3, 4)))
    [found] = target_states(desk.context)
    assert found.series == (("2026-W11", 3.0), ("2026-W12", 2.0), ("2026-W13", 1.0))
    assert found.as_json()["series"][0] == {"period": "2026-W11", "value": 3.0}
    end_target(desk.context, made.number, "Enough.")


def test_a_series_finds_the_target_that_is_meant_for_it(desk: Intake) -> None:
    """Of the same tickets, statistic and period, and of no others."""
    segment = (Condition("team", ("B", "A")),)
    made = set_target(desk.context, replace(AIM, segment=segment))

    def of(**asked: object) -> Target | None:
        question = Question("time_to_resolve", **{"period": "week", **asked})  # type: ignore[arg-type]
        return of_series([made], measure(desk.context, question))

    assert of(where=(Condition("team", ("A", "B")),)) == made
    assert of(where=(TEAM_A,)) is None
    assert of() is None
    assert of(where=segment, period="month") is None
    assert of(where=segment, statistic="mean") is None
    end_target(desk.context, made.number, "Enough.")


def test_how_all_are_doing_is_one_sentence(desk: Intake) -> None:
    """As a person would say it."""
    assert summary(target_states(desk.context)) == "No target is set"
    ctx, later = desk.context, replace(AIM, from_day=date(2026, 6, 1))
    made = [set_target(ctx, later)]
    assert summary(target_states(ctx)) == "The one target: too early to say"
    made.append(set_target(ctx, replace(AIM, segment=(TEAM_B,))))
    assert summary(target_states(ctx)) == "1 of 2 targets is off track or not met"
    made.append(set_target(ctx, replace(AIM, segment=())))
    assert summary(target_states(ctx)) == "2 of 3 targets are off track or not met"
    for each in made[1:]:
        end_target(ctx, each.number, "Enough.")
    set_target(ctx, AIM)  # in the place of the first
    assert summary(target_states(ctx)) == "The one target: none is off track"
    [last] = target_states(ctx)
    assert agreed_on(ctx, "time_to_resolve").targets == (last,)
    assert agreed_on(ctx, "backlog").targets == ()
    end_target(ctx, last.target.number, "Enough.")


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
