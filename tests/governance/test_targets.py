"""Targets: set, replaced, ended, with their history and their audit lines."""

from dataclasses import replace
from datetime import date

import pytest

from opsgauge.foundation.agreed import Condition, Target
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.targets import end_target, set_target, targets
from tests.governance.conftest import ANA

AIM = Target(
    metric="time_to_resolve",
    statistic="median",
    segment=(Condition("priority", ("1",)),),
    period="week",
    form="number",
    value=4.0,
    baseline=None,
    from_day=date(2026, 1, 5),
    review_day=date(2026, 6, 30),
    why="What the business was promised.",
)


def test_a_new_target_takes_the_place_of_the_one_before(database: Database, clock: Clock) -> None:
    """Of the same metric, statistic, segment and period alone; what was is kept."""
    first = set_target(database, clock, ANA, AIM)
    others = [
        set_target(database, clock, ANA, replace(AIM, **changed))
        for changed in ({"statistic": "p90"}, {"period": "month"}, {"segment": ()})
    ]
    second = set_target(database, clock, ANA, replace(AIM, value=3.0))

    standing = targets(database, "time_to_resolve")
    assert {each.number for each in standing} == {second.number, *(o.number for o in others)}
    [old] = [each for each in targets(database, ended=True) if each.ended_at]
    assert (old.number, old.value, old.ended_at) == (first.number, 4.0, second.made_at)


def test_the_order_of_values_and_rules_makes_no_other_segment(
    database: Database, clock: Clock
) -> None:
    """Priority 1 or 2 is priority 2 or 1."""
    rules = (Condition("team", ("A",)), Condition("priority", ("1", None, "2")))
    turned = (Condition("priority", ("2", "1", None)), Condition("team", ("A",)))
    set_target(database, clock, ANA, replace(AIM, segment=rules))
    made = set_target(database, clock, ANA, replace(AIM, segment=turned))
    assert [each.number for each in targets(database)] == [made.number]


def test_the_audit_tells_what_it_was_and_what_it_is(database: Database, clock: Clock) -> None:
    """By the metric it is of, with the reason."""
    first = set_target(database, clock, ANA, AIM)
    second = set_target(database, clock, ANA, replace(AIM, value=3.0, why="They asked for more."))
    end_target(database, clock, ANA, second.number, "No longer needed.")

    told = lines(database, subject="metric time_to_resolve")
    assert [each.why for each in told] == [
        "No longer needed.",
        "They asked for more.",
        "What the business was promised.",
    ]
    assert told[1].before == first.as_json()
    assert told[1].after == second.as_json()
    assert verify(database).holds
    assert targets(database) == []


def test_percent_of_a_baseline() -> None:
    """The goal is so many percent more than what was."""
    assert replace(AIM, form="percent", value=-20.0, baseline=10.0).goal == 8.0
    assert AIM.goal == 4.0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": " "}, "needs a reason"),
        ({"why": "x" * 2_001}, "longer than 2,000"),
        ({"value": float("nan")}, "no number to reach"),
        ({"value": float("inf")}, "no number to reach"),
        ({"form": "percent"}, "needs a number to start from"),
        ({"review_day": date(2026, 1, 5)}, "does not lie after the start"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, object], said: str
) -> None:
    """And leaves nothing behind."""
    with pytest.raises(QueryWrong, match=said):
        set_target(database, clock, ANA, replace(AIM, **changed))  # type: ignore[arg-type]
    assert targets(database, ended=True) == []
    assert lines(database) == []


def test_what_ended_is_not_ended_again(database: Database, clock: Clock) -> None:
    """Nor is what never was."""
    made = set_target(database, clock, ANA, AIM)
    end_target(database, clock, ANA, made.number, "Enough.")
    with pytest.raises(QueryWrong, match="ended before"):
        end_target(database, clock, ANA, made.number, "Enough.")
    with pytest.raises(UnknownRecord, match="no target 9"):
        end_target(database, clock, ANA, 9, "Enough.")
