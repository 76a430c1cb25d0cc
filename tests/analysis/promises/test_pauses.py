"""Pauses that come late or last for moments: in teams against teams, in agents against peers."""

from dataclasses import replace

import pyarrow as pa
import pytest
from scipy.stats import fisher_exact

from opsgauge.analysis.promises.pause_rows import Pauses, pause_rows, pauses
from opsgauge.analysis.promises.pauses import FEWEST_AGENTS, Crowd, crowds, odd_pauses
from opsgauge.foundation.finding import Evidence
from opsgauge.metrics.example import make_desk
from opsgauge.warehouse.engine import DuckEngine
from tests.log.service_levels.clocked import RESOLUTION, followed, level_of

pytestmark = pytest.mark.row("SLA-08")
LEVEL, EVIDENCE = level_of(RESOLUTION), Evidence("pauses", 1)


def team(name: str, count: int, late: int = 0, short: int = 0, silent: int = -1) -> Pauses:
    """Return the pauses of a team; where `silent` is given, messages are told of all of them."""
    told = (count, silent) if silent >= 0 else (0, 0)
    return Pauses(name, count, late, short, 0.0, *told)


def agents(*each: tuple[str, str | None, int, int, int]) -> pa.Table:
    """Return pauses by team and assignee as the engine counts them."""
    heads = ("team", "assignee", "pauses", "late", "short")
    rows = [dict(zip(heads, row, strict=True)) for row in each]
    rest = dict.fromkeys(("late_us", "judged", "silent", "ran_us", "ran_late_us"), 0)
    return pa.Table.from_pylist([{**row, **rest} for row in rows])


def test_a_team_that_pauses_for_moments_is_told_of() -> None:
    """Forty of its hundred pauses, where one in twenty is usual; nothing is said of the others."""
    known = [team("A", 100, 5, 40), team("B", 100, 5, 5), team("C", 100, 5, 5)]
    [found] = odd_pauses(LEVEL, known, EVIDENCE)

    assert (found.kind, found.id) == ("short_pauses", "short_pauses-in_time-A")
    assert "40 times for less than five minutes" in found.claim
    assert found.size == pytest.approx(40 - 100 * 10 / 200)
    assert fisher_exact([[40, 60], [10, 190]], alternative="greater").pvalue < 0.01


def test_late_and_short_are_two_findings() -> None:
    """Of one team, the larger first."""
    known = [team("A", 100, 30, 60), team("B", 200, 5, 5)]

    assert [each.kind for each in odd_pauses(LEVEL, known, EVIDENCE)] == [
        "short_pauses",
        "late_pauses",
    ]


def test_clocks_that_run_late_are_paused_late() -> None:
    """A quarter of the time of A's clocks was their last tenth, so a quarter late is no habit."""
    others = [team(name, 200, 5) for name in "BC"]
    mine = team("A", 200, 50)

    assert odd_pauses(LEVEL, [replace(mine, ran=100.0, ran_late=25.0), *others], EVIDENCE) == []
    [found] = odd_pauses(LEVEL, [replace(mine, ran=100.0, ran_late=5.0), *others], EVIDENCE)
    assert found.kind == "late_pauses"
    # Where all pause five times as often late as their clocks ran late, that is how they are used.
    often = [replace(each, ran=100.0, ran_late=0.5) for each in others]
    assert odd_pauses(LEVEL, [replace(mine, ran=100.0, ran_late=5.0), *often], EVIDENCE) == []


def test_few_pauses_and_small_differences_are_no_finding() -> None:
    """Nine of twenty; half as much again of a thousand; one team alone."""
    assert odd_pauses(LEVEL, [team("A", 20, 9), team("B", 500)], EVIDENCE) == []
    assert odd_pauses(LEVEL, [team("A", 1000, 150), team("B", 1000, 100)], EVIDENCE) == []
    assert odd_pauses(LEVEL, [team("A", 100, 90)], EVIDENCE) == []


def test_agents_are_counted_and_not_named() -> None:
    """One of six stands apart; the team of four is not told of; who is not known is no agent."""
    peers = [("A", f"Agent {n}", 50, 2, 2) for n in range(FEWEST_AGENTS)]
    few = [("B", f"Agent {n}", 50, 2 if n else 45, 2) for n in range(FEWEST_AGENTS - 1)]
    told = crowds(agents(*peers, ("A", "Agent 9", 50, 25, 2), ("A", None, 50, 50, 50), *few))

    assert told == [Crowd("A", FEWEST_AGENTS + 1, 1, 0, 0)]
    assert "Agent" not in repr(told)


def test_peers_alike_stand_nowhere_apart() -> None:
    """All of them late half of the time is a matter of the team."""
    every = [("A", f"Agent {n}", 50, 25, 25) for n in range(8)]

    assert crowds(agents(*every)) == [Crowd("A", 8, 0, 0, 0)]
    assert crowds(agents(("A", "Agent 1", 5, 5, 5))) == []


def test_a_team_that_pauses_without_a_word_is_told_of() -> None:
    """Where most send a message, twice as often; where few do, when it sends half as many."""
    few = [team("A", 100, silent=40), team("B", 100, silent=5), team("C", 100, silent=5)]
    many = [team("A", 100, silent=85), team("B", 100, silent=60), team("C", 100, silent=60)]
    for known, share in ((few, "40"), (many, "85")):
        [found] = odd_pauses(LEVEL, known, EVIDENCE)
        assert (found.kind, found.n) == ("silent_pauses", 100)
        assert f"without a message to the customer: {share}" in found.claim
    assert odd_pauses(LEVEL, [team("A", 100, silent=75), *many[1:]], EVIDENCE) == []


def test_what_is_not_told_of_messages_is_no_share() -> None:
    """Neither nought nor all of them, and no finding."""
    known = [Pauses("A", 100, 0, 0, 0.0, 19, 19), team("B", 100, silent=5), team("C", 100)]

    assert [each.silent_share for each in known] == [1.0, 0.05, None]
    assert odd_pauses(LEVEL, known, EVIDENCE) == []


STEPS = {  # of a ticket opened at 08:00 with a promise of eight hours: when, phase, activity
    "in it": ("09 pending_user Hold", "10 pending_user Mail", "11 in_progress Work"),
    "at its start": ("09 pending_user Mail", "11 in_progress Work"),
    "just before": ("09 in_progress Mail", "09 pending_user Hold", "11 in_progress Work"),
    "long before": ("08 in_progress Mail", "09 pending_user Hold", "11 in_progress Work"),
    "after it": ("09 pending_user Hold", "11 in_progress Mail"),
    "not told": ("09 pending_user -", "10 pending_user Hold", "11 in_progress Work"),
    "told in spite": ("09 pending_user -", "10 pending_user Mail", "11 in_progress Work"),
    "lasting": ("09 pending_user Hold",),
    "until resolved": ("09 pending_user Hold", "11 resolved Done"),
}
MESSAGES = """
in_time:
  title: Resolved in time
  kind: resolution
  targets: [{within: 8 h}]
  pause: {phase: [pending_user]}
  messages: {activity: [Mail, Call]}
"""


def paused_by(text: str) -> dict[str, tuple[int, int, int]]:
    """Return pauses, those of which messages are told, and those without, by ticket of STEPS."""
    history = [
        {
            "ticket": number,
            "since": f"2026-01-05 {at}:00",
            "phase": phase,
            "activity": None if activity == "-" else activity,
            "team": name,
        }
        for number, (name, steps) in enumerate(STEPS.items(), start=1)
        for at, phase, activity in map(str.split, ("08 new New", *steps))
    ]
    desk = make_desk([{"opened_at": "2026-01-05 08:00"}] * len(STEPS), history)
    level = level_of(text)
    of, tables = followed(desk, level, at="2026-01-05 12:00")
    engine = DuckEngine([], extra=tables)
    found = pauses(engine.run(pause_rows(level, of)))
    engine.close()
    return {str(each.team): (each.pauses, each.judged, each.silent) for each in found}


def test_a_message_counts_in_a_pause_and_at_its_start() -> None:
    """One before it or after it is none of it; while it lasts one may come."""
    assert paused_by(MESSAGES) == {
        "in it": (1, 1, 0),
        "at its start": (1, 1, 0),
        "just before": (1, 1, 0),
        "long before": (1, 1, 1),
        "after it": (1, 1, 1),
        "not told": (1, 0, 0),
        "told in spite": (1, 1, 0),
        "lasting": (1, 0, 0),
        "until resolved": (1, 1, 1),
    }


def test_without_words_for_messages_nothing_is_told_of_them() -> None:
    """The pauses are the same ones."""
    untold = MESSAGES.replace("  messages: {activity: [Mail, Call]}\n", "")

    assert set(paused_by(untold).values()) == {(1, 0, 0)}


def test_a_state_left_in_the_same_instant_is_no_pause() -> None:
    """A tool went through it by itself; four minutes are a short pause, and one lasts still."""
    at = ("08:00", "09:00", "09:00", "10:00", "10:04", "12:00")
    phases = ("new", "pending_user", "in_progress", "pending_user", "in_progress", "pending_user")
    history = [
        {"ticket": 1, "since": f"2026-01-05 {moment}", "phase": phase}
        for moment, phase in zip(at, phases, strict=True)
    ]
    level = level_of(MESSAGES)
    desk = make_desk([{"opened_at": "2026-01-05 08:00"}], history)
    of, tables = followed(desk, level, at="2026-01-05 12:00")
    engine = DuckEngine([], extra=tables)
    [found] = pauses(engine.run(pause_rows(level, of)))
    engine.close()

    assert (found.pauses, found.short) == (2, 1)


def test_clocks_run_within_their_promise_and_in_its_last_tenth() -> None:
    """Of ten hours: paused after 9.5 and gone on for two, of which half an hour is within them."""
    ticket = {"opened_at": "2026-01-05 00:00"}
    steps = [("00:00", "new"), ("09:30", "pending_user"), ("10:00", "in_progress")]
    history = [{"ticket": 1, "since": f"2026-01-05 {at}", "phase": phase} for at, phase in steps]
    level = level_of(MESSAGES.replace("8 h", "10 h"))
    of, tables = followed(make_desk([ticket], history), level, at="2026-01-05 12:00")
    engine = DuckEngine([], extra=tables)
    [found] = pauses(engine.run(pause_rows(level, of)))
    engine.close()

    assert (found.pauses, found.late, found.ran, found.ran_late) == (1, 1, 10.0, 1.0)
    assert found.late_by_itself == 0.1


def test_a_clock_that_stopped_is_not_paused() -> None:
    """Answered at ten, it is nothing to a response that the ticket waits for the user later."""
    ticket = {"opened_at": "2026-01-05 08:00", "first_response_at": "2026-01-05 10:00"}
    steps = [("08:00", "new"), ("09:00", "pending_user"), ("11:00", "in_progress")]
    steps += [("12:00", "pending_user"), ("13:00", "in_progress")]
    history = [{"ticket": 1, "since": f"2026-01-05 {at}", "phase": phase} for at, phase in steps]
    level = level_of(MESSAGES.replace("resolution", "response"))
    of, tables = followed(make_desk([ticket], history), level, at="2026-01-05 14:00")
    engine = DuckEngine([], extra=tables)
    [found] = pauses(engine.run(pause_rows(level, of)))
    engine.close()

    assert (found.pauses, found.short) == (1, 0)


def test_teams_come_by_name() -> None:
    """The tickets that nobody held first."""
    rows = agents(("B", None, 1, 0, 0), ("A", None, 1, 0, 0))

    assert [each.team for each in pauses(rows)] == ["A", "B"]


def test_agents_of_a_team_add_up_to_it() -> None:
    """One question tells of both; nobody named counts, too."""
    [found] = pauses(agents(("A", "x", 7, 2, 1), ("A", "y", 4, 1, 1), ("A", None, 1, 0, 0)))

    assert (found.pauses, found.late, found.short) == (12, 3, 2)
