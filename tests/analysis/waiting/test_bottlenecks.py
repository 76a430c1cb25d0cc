"""Steps by the hours that can be won in them."""

from datetime import timedelta
from math import ceil, exp

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.special import ndtri

from opsgauge.analysis.waiting.bottlenecks import (
    Step,
    achievable_rows,
    bottlenecks,
    case_rows,
    longest_rows,
    ranked,
    running_rows,
    step_rows,
    total_hours,
    with_longest,
)
from opsgauge.foundation.finding import Evidence
from opsgauge.metrics.intervals import Z
from tests.analysis.waiting.logs import MONDAY, Log, at, history
from tests.analysis.waiting.strategies import logs


def rank(log: Log, steps: str = "team_phase") -> list[Step]:
    """Return the steps of a log, in order."""
    cases = case_rows(history, steps)
    asked = (
        step_rows(cases, steps),
        achievable_rows(cases, steps),
        running_rows(history, steps, log.end),
    )
    left, achievable, running, longest = log.tables(*asked, longest_rows(cases, steps))
    return with_longest(ranked(left, achievable, running, steps), longest, steps)


def desk_of(waits: list[int]) -> Log:
    """Return tickets that are new at the Desk for so many hours, then worked on for one."""
    log = Log(end=MONDAY + timedelta(days=30))
    for number, hours in enumerate(waits):
        rows = [
            {"since": MONDAY, "phase": "new", "team": "Desk"},
            {"since": MONDAY + timedelta(hours=hours), "phase": "in_progress", "team": "Desk"},
            {"since": MONDAY + timedelta(hours=hours + 1), "phase": "resolved", "team": "Desk"},
        ]
        log.add(f"INC{number}", rows)
    return log


@pytest.mark.row("MAP-06")
def test_hours_to_win_are_cases_times_what_is_above_the_achievable() -> None:
    """Hours 1 to 40: a quarter needs up to 10.75; 820 - 40 x 10.75 = 390 hours can be won.

    By order statistics of 40 values the quartile lies between the 5th and the 16th. The mean, 20.5
    with a deviation of 11.69, lies between 17.08 and 24.60 (by a factor of exp(2.0227 x 11.69 /
    20.5 / sqrt 40) = 1.200). So one ticket lies above the quartile by 9.75 - sqrt(3.42^2 + 5.25^2)
    = 3.48 to 9.75 + sqrt(4.10^2 + 5.75^2) = 16.81 hours.
    """
    wait, work = rank(desk_of(list(range(1, 41))))

    assert (wait.name, wait.touch, wait.cases, wait.hours) == (("Desk", "new"), False, 40, 820.0)
    assert wait.mean == 20.5
    assert wait.median == 20.5
    assert wait.achievable == 10.75
    assert (wait.achievable_low, wait.achievable_high) == (5.0, 16.0)
    assert wait.recoverable == pytest.approx(390.0)
    assert wait.recoverable_low == pytest.approx(40 * 3.483, abs=0.5)
    assert wait.recoverable_high == pytest.approx(40 * 16.813, abs=0.5)
    assert (work.name[1], work.touch, work.recoverable) == ("in_progress", True, 0.0)


@pytest.mark.row("MAP-06")
def test_where_the_fastest_are_all_alike_a_skewed_sum_is_in_doubt_all_the_same() -> None:
    """Thirty tickets need an hour, ten from 5 to 50: sure of the quartile, not of those."""
    wait = rank(desk_of([1] * 30 + list(range(5, 55, 5))))[0]

    assert (wait.achievable_low, wait.achievable, wait.achievable_high) == (1.0, 1.0, 1.0)
    assert wait.recoverable == pytest.approx(265.0)
    assert wait.recoverable_low is not None
    assert wait.recoverable_high is not None
    assert wait.recoverable_low < 160
    assert wait.recoverable_high > 420


@pytest.mark.row("MAP-06")
@pytest.mark.parametrize("skew", [0.5, 1.0, 1.5])
def test_the_interval_holds_what_another_sample_would_show(skew: float) -> None:
    """Of 500 samples of 400 log-normal times nine in ten or more hold the true hours to win."""
    chance, held = np.random.default_rng(11), 0
    true = 400 * (exp(skew**2 / 2) - exp(skew * float(ndtri(0.25))))
    for _ in range(500):
        times = np.sort(chance.lognormal(0.0, skew, 400))
        low, high = (100 + side * Z * (400 * 0.25 * 0.75) ** 0.5 for side in (-1, 1))
        step = Step(
            ("Desk", "new"), False, 400, float(times.sum()), float(np.median(times)),
            float(np.quantile(times, 0.25)), float(times[ceil(low) - 1]),
            float(times[ceil(high) - 1]), 0, 0.0, float(times.std(ddof=1)),
        )  # fmt: skip
        assert step.recoverable_low is not None
        assert step.recoverable_high is not None
        held += step.recoverable_low <= true <= step.recoverable_high

    assert held >= 450


@pytest.mark.row("MAP-06")
def test_a_slow_step_that_cannot_be_quicker_ranks_below() -> None:
    """By mean, the vendor is worst; there is nothing to win with it."""
    log = desk_of([1] * 10 + [9] * 10)
    for number in range(20):
        rows = [
            {"since": MONDAY, "phase": "pending_vendor", "team": "Buy"},
            {"since": MONDAY + timedelta(hours=50), "phase": "resolved", "team": "Buy"},
        ]
        log.add(f"BUY{number}", rows)
    first, *others = rank(log)

    assert first.name == ("Desk", "new")
    assert first.recoverable == pytest.approx(80.0)
    vendor = next(each for each in others if each.name[0] == "Buy")
    assert (vendor.mean, vendor.recoverable) == (50.0, 0.0)


@pytest.mark.row("MAP-06")
def test_who_is_still_there_and_who_only_passed_count_for_nothing() -> None:
    """INC1 waits since 08:00; INC2 was new for no time; INC3 came back and counts once."""
    log = (
        Log(end=at("12:00"))
        .has("INC1", "08:00 new Desk")
        .has("INC2", "08:00 new Desk", "08:00 in_progress Desk", "09:00 resolved Desk")
        .has(
            "INC3", "08:00 new Desk", "09:00 in_progress Desk", "10:00 new Desk",
            "11:00 resolved Desk",
        )
    )  # fmt: skip
    found = {each.name[1]: each for each in rank(log)}

    assert (found["new"].cases, found["new"].hours) == (1, 2.0)
    assert (found["new"].running, found["new"].running_hours) == (1, 4.0)
    assert found["new"].recoverable is None  # of one case nobody can say what is achievable


@pytest.mark.row("MAP-06")
def test_examples_waited_longest_and_beyond_what_is_achievable() -> None:
    """Forty of January, the longest INC39; two of February; one of March that was quick.

    All stays count: INC0 of February was there for 25 hours and for 20 more.
    """
    log = desk_of(list(range(1, 41)))
    for number, month, stays in ((0, "02", (25, 20)), (1, "02", (44,)), (2, "03", (1,))):
        came, rows = MONDAY + timedelta(days=40), []
        for hours in stays:
            rows.append({"since": came, "phase": "new", "team": "Desk"})
            came += timedelta(hours=hours)
            rows.append({"since": came, "phase": "in_progress", "team": "Desk"})
            came += timedelta(hours=1)
        log.add(f"{month}-INC{number}", [*rows, {"since": came, "phase": "resolved"}])
        for row in log.rows:
            if row["ticket_id"].startswith(f"{month}-"):
                row["opened_month"] = f"2026-{month}"
    steps = {each.name[1]: each for each in rank(log)}

    assert [(each.key, each.hours) for each in steps["new"].longest] == [
        (("desk", "02-INC0"), 45.0),
        (("desk", "INC39"), 40.0),
    ]
    assert [each.hours for each in steps["in_progress"].longest] == [2.0]  # all others took one


def test_findings_are_of_waiting_and_say_their_doubts() -> None:
    """Work is no finding; the interval is that of the hours."""
    steps = rank(desk_of(list(range(1, 41))))
    words = {each.name: ", ".join(part or "" for part in each.name) for each in steps}
    [found] = bottlenecks(steps, words, 25, Evidence("q", 1))

    assert found.id == "recoverable_wait-Desk-new"
    assert found.size == found.worth_hours == pytest.approx(390.0)
    assert found.interval == (steps[0].recoverable_low, steps[0].recoverable_high)
    assert "40 tickets spent 20.5 h there on average, where 25 in 100 needed 10.8 h" in found.claim
    assert any("nights and weekends" in each for each in found.caveats)
    assert found.examples == (("desk", "INC39"),)


@pytest.mark.row("MAP-06")
@settings(max_examples=5)
@given(logs)
def test_hours_of_all_steps_are_those_that_tickets_were_open(log: Log) -> None:
    """Whatever the steps; what is still running is told apart."""
    for steps in ("team_phase", "phase", "team"):
        found = rank(log, steps)
        names = {"team_phase": ("team", "phase")}.get(steps, (steps,))
        running = {
            (row["ticket_id"], *(row[n] for n in names))
            for row in log.rows
            if row["open"] and row["until"] is None
        }
        ended = sum(
            row["elapsed_us"] or 0
            for row in log.rows
            if row["open"] and (row["ticket_id"], *(row[n] for n in names)) not in running
        )
        assert total_hours(found)[0] == pytest.approx(ended / 3_600_000_000)
        assert sum(each.running for each in found) == len(running)
