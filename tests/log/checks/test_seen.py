"""What a check saw, in the one shape that everybody reads."""

import pytest

from opsgauge.log.checks.seen import (
    Seen,
    Subject,
    Told,
    gravest,
    nothing,
    seen,
    state_of,
    tried,
    unknown,
)

ABOUT = Subject("odd_moments", "No odd moments", ("opened_at", "closed_at"), critical=True)


def test_what_was_found_is_told_with_examples() -> None:
    """Tickets are examples by their number; the state follows from the share."""
    found = seen(ABOUT, Told(2, 100, "2 are odd.", "Mend them.", tickets=(("desk", "T1"),)))

    assert (found.state, found.count, found.of, found.critical) == ("warn", 2, 100, True)
    assert (found.examples, found.tickets) == (("T1",), (("desk", "T1"),))
    assert (found.words, found.next_step) == ("2 are odd.", "Mend them.")
    assert found.columns == ("opened_at", "closed_at")


def test_words_of_what_was_not_found_are_not_said() -> None:
    """Whatever state or words it would have had."""
    found = seen(ABOUT, Told(0, 100, "0 are odd.", "Mend them.", state="fail"))

    assert found == nothing(ABOUT, 100)
    assert (found.state, found.words, found.next_step) == ("pass", "Nothing found.", "")


def test_a_check_may_name_fewer_columns_and_its_own_state() -> None:
    """Where only some are touched, and the share says nothing."""
    found = seen(ABOUT, Told(1, 9, "One.", "", state="note", columns=("closed_at",)))

    assert (found.state, found.columns) == ("note", ("closed_at",))


def test_a_check_that_breaks_is_unknown_with_the_reason() -> None:
    """It says what broke, on one line, and stops nobody."""

    def broken() -> Seen:
        raise ZeroDivisionError("division\n  by zero.")

    told = tried(ABOUT, broken)

    assert (told.state, told.count, told.critical) == ("unknown", 0, True)
    assert told.words == "This check could not be made: ZeroDivisionError: division by zero."
    assert told.next_step


def test_the_reason_is_kept_short() -> None:
    """An engine may write pages."""
    assert len(unknown(ABOUT, "x" * 10_000).words) < 300


def test_a_check_that_works_is_told_as_it_is() -> None:
    """Nothing is put around it."""
    assert tried(ABOUT, lambda: nothing(ABOUT, 7)) == nothing(ABOUT, 7)


@pytest.mark.parametrize(
    ("count", "of", "worst", "state"),
    [
        (0, 0, "fail", "pass"),
        (0, 10, "fail", "pass"),
        (1, 1_001, "fail", "note"),
        (1, 1_000, "fail", "warn"),
        (49, 1_000, "fail", "warn"),
        (50, 1_000, "fail", "fail"),
        (1_000, 1_000, "warn", "warn"),
        (1, 1, "note", "note"),
    ],
)
def test_how_grave_a_fault_is(count: int, of: int, worst: str, state: str) -> None:
    """By its share; some are never graver than a warning."""
    assert state_of(count, of, worst) == state


def test_the_gravest_of_several() -> None:
    """What is not known is graver than what failed."""
    assert gravest(["pass", "fail", "note"]) == "fail"
    assert gravest(["fail", "unknown"]) == "unknown"
    assert gravest([]) == "pass"
