"""The score sums up states: critical checks weigh more, what was not compared does not count."""

from dataclasses import replace

import pytest

from opsgauge.log.checks.score import CREDIT, HELD_AT, Score, score
from opsgauge.log.checks.seen import STATES, Seen, Subject, Told, seen, unknown


def saw(state: str, critical: bool = False) -> Seen:
    """Return what one check of a hundred tickets saw."""
    subject = Subject("a", "A", ("team",), critical=critical)
    made = seen(subject, Told(state != "pass", 100, "", ""))
    return unknown(subject, "broken") if state == "unknown" else replace(made, state=state)


def value(*checks: Seen) -> int:
    """Return the score of checks that were made."""
    found = score(checks).value
    assert found is not None
    return found


@pytest.mark.row("GOV-05")
def test_a_score_of_100_is_only_what_is_without_fault() -> None:
    """One note among a thousand checks that hold is less."""
    assert value(*[saw("pass")] * 9) == 100
    assert value(*[saw("pass")] * 1000, saw("note")) < 100
    assert value(*[saw("fail")] * 9) == 0


def test_the_graver_the_state_the_lower_the_score() -> None:
    """Of every state that a check can be made in."""
    scores = [value(saw("pass"), saw(state)) for state in STATES if state in CREDIT]

    assert scores == sorted(scores, reverse=True)
    assert len({*scores}) == len(CREDIT) == len(STATES) - 1


def test_a_critical_check_weighs_more() -> None:
    """Five times: 5 x 100 and 1 x 50 of 6, against 5 x 50 and 1 x 100; rounded down."""
    assert value(saw("pass", critical=True), saw("warn")) == 550 // 6
    assert value(saw("warn", critical=True), saw("pass")) == 350 // 6


def test_while_a_critical_check_fails_the_score_is_held() -> None:
    """However many others hold; where it would be lower anyway, it is."""
    found = score([saw("fail", critical=True), *[saw("pass")] * 100])

    assert (found.value, found.held) == (HELD_AT, True)
    assert value(saw("fail", critical=True), saw("fail")) == 0
    assert not score([saw("fail"), *[saw("pass")] * 100]).held


def test_what_was_not_compared_or_not_made_counts_neither_way() -> None:
    """It is told how many those are."""
    idle = seen(Subject("b", "B", (), critical=True), Told(0, 0, "", ""))

    assert idle.words.startswith("Not compared")
    assert score([saw("warn"), idle, saw("unknown", critical=True)]) == Score(50, 1, 2)
    assert score([idle, saw("unknown")]) == Score(None, 0, 2)
    assert score([]) == Score(None, 0, 0)
