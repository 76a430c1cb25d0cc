"""The closed words of the log."""

from opsgauge.log.vocabulary import (
    BEFORE_RESPONSE,
    CANCELLED_PHASES,
    CLOSED_PHASE,
    DONE_PHASES,
    LINK_KINDS,
    OPEN_PHASES,
    PASSAGES,
    PENDING_PHASES,
    PHASES,
    PRACTICES,
    RESOLVED_PHASE,
)


def test_a_phase_is_open_or_done_and_never_both() -> None:
    """So the backlog is well defined."""
    assert set(OPEN_PHASES) | set(DONE_PHASES) == set(PHASES)
    assert not set(OPEN_PHASES) & set(DONE_PHASES)
    assert {*PENDING_PHASES, *BEFORE_RESPONSE} <= set(OPEN_PHASES)
    assert {RESOLVED_PHASE, CLOSED_PHASE, *CANCELLED_PHASES} == set(DONE_PHASES)


def test_no_word_stands_twice() -> None:
    """In any list."""
    for words in (PHASES, PRACTICES, LINK_KINDS, PASSAGES):
        assert len(set(words)) == len(words)
