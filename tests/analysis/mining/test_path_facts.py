"""What becomes of tickets on each path."""

import pytest

from opsgauge.analysis.mining.path_facts import (
    Extra,
    Facts,
    added_steps,
    answer_rows,
    extras,
    fact_rows,
    facts,
    happiest,
    outcome_rows,
    time_rows,
)
from opsgauge.log.door import unbound
from opsgauge.log.related import SURVEYS
from tests.analysis.waiting.logs import Log, tickets

STRAIGHT, PAUSED = "new>resolved", "new>pending_user>resolved"


@pytest.mark.row("MAP-03")
def test_each_path_with_its_outcomes() -> None:
    """Two took the straight path, 1 and 3 hours, one of them broke its service level.

    One paused for 8 hours and was reopened; one has only begun: it is on a path, and not finished.
    """
    log = (
        Log()
        .has("INC1", "08:00 new Desk", "09:00 resolved Desk", sla_met=True)
        .has("INC2", "08:00 new Desk", "11:00 resolved Desk", sla_met=False, reopen_count=0)
        .has(
            "INC3", "08:00 new Desk", "09:00 pending_user Desk", "16:00 resolved Desk",
            reopen_count=2,
        )
        .has("INC4", "08:00 new Desk")
    )  # fmt: skip
    outcomes = outcome_rows(tickets, "phase")
    counted, timed = log.tables(fact_rows(outcomes), time_rows(outcomes, [STRAIGHT, PAUSED]))
    found = facts(counted, timed, counted.slice(0, 0))

    assert found[STRAIGHT] == Facts(2, 4.0, 2.0, None, None, 1, 2, 0, 1, 1)
    assert found[PAUSED] == Facts(1, 8.0, 8.0, None, None, 0, 0, 1, 1, 0)
    assert found["new"] == Facts(0, 0.0)
    assert happiest(found) == STRAIGHT
    assert happiest({PAUSED: found[PAUSED]}) is None


@pytest.mark.row("MAP-03")
def test_what_is_still_open_has_kept_nothing_yet() -> None:
    """Two are new, with flags that say kept and broken so far: nothing is said of that path."""
    log = (
        Log()
        .has("INC1", "08:00 new Desk", sla_met=True)
        .has("INC2", "08:00 new Desk", sla_met=False)
        .has("INC3", "08:00 new Desk", "09:00 resolved Desk", sla_met=True)
    )
    outcomes = outcome_rows(tickets, "phase")
    counted, timed = log.tables(fact_rows(outcomes), time_rows(outcomes, [STRAIGHT]))
    found = facts(counted, timed, counted.slice(0, 0))

    assert (found["new"].kept, found["new"].judged) == (0, 0)
    assert (found[STRAIGHT].kept, found[STRAIGHT].judged) == (1, 1)


@pytest.mark.row("MAP-03")
def test_satisfaction_is_of_answers_on_their_own_scale() -> None:
    """A 4 of 1 to 5 and a 10 of 0 to 10: 0.75 and 1; other questions and silence do not count."""
    log = Log()
    for number in (1, 2, 3, 4):
        log.has(f"INC{number}", "08:00 new Desk", "09:00 resolved Desk")
    asked = [
        ("INC1", "satisfaction", 4.0, 1.0, 5.0),
        ("INC2", "satisfaction", 10.0, 0.0, 10.0),
        ("INC3", "effort", 1.0, 1.0, 5.0),
        ("INC4", "satisfaction", None, 1.0, 5.0),
    ]
    names = ("ticket_id", "kind", "score", "scale_min", "scale_max")
    log.beside[SURVEYS.name] = (
        [{"source": "desk", **dict(zip(names, row, strict=True))} for row in asked],
        SURVEYS,
    )
    outcomes = outcome_rows(tickets, "phase")
    counted, timed, answered = log.tables(
        fact_rows(outcomes), time_rows(outcomes, []), answer_rows(outcomes, unbound(SURVEYS))
    )
    found = facts(counted, timed, answered)[STRAIGHT]

    assert (found.answers, found.satisfaction) == (2, 0.875)


@pytest.mark.row("MAP-03")
def test_a_path_with_extra_steps_names_the_nearest_one() -> None:
    """Of two paths it could add to, the one with fewer steps struck out counts."""
    paths = [
        ("new", "work", "done"),
        ("new", "done"),
        ("new", "work", "wait", "work", "done"),
        ("new", "wait", "done"),
    ]
    found = extras(paths, [2.0, None, 5.0, 9.0])

    assert found == [
        None,
        None,
        Extra(0, ("wait", "work"), 3.0),
        Extra(1, ("wait",), None),
    ]
    assert added_steps(("a", "b"), ("a", "b")) is None
    assert added_steps(("a", "b", "a"), ("b", "a")) == ("a",)
