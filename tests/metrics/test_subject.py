"""Subjects: what of a table is a moment, a length, money, and how a record finds its ticket."""

import pytest

from opsgauge.metrics.subject import NOUNS, PERSONS, SUBJECTS, every_dimension


def test_every_subject_has_moments_and_names_no_person_as_a_dimension() -> None:
    """Else it could not be put into a week, or would split people."""
    for name in NOUNS:
        subject = SUBJECTS[name]
        assert subject.moments
        assert not PERSONS & {*subject.dimensions}
        assert not PERSONS & {*subject.columns}
    assert len(set(every_dimension())) == len(every_dimension())


@pytest.mark.parametrize(
    ("table", "column", "micros"),
    [
        ("contacts", "talk_seconds", 1_000_000),
        ("changes", "outage_minutes", 60_000_000),
        ("contracts", "response_hours", 3_600_000_000),
        ("tickets", "life_us", 1),
        ("tickets", "reopen_count", 0),
        ("surveys", "score", 0),
    ],
)
def test_a_length_of_time_is_known_by_its_name(table: str, column: str, micros: int) -> None:
    """Its unit stands at the end of the name."""
    assert SUBJECTS[table].micros(column) == micros


def test_a_record_has_the_dimensions_of_its_ticket_only_where_it_names_one() -> None:
    """A change is its own ticket; a cost names none."""
    assert {"queue", "priority", "practice"} <= {*SUBJECTS["contacts"].dimensions}
    assert SUBJECTS["changes"].ticket == "change_id"
    assert "priority" not in SUBJECTS["costs"].dimensions
    assert SUBJECTS["costs"].is_money("amount")
    assert not SUBJECTS["changes"].is_money("outage_minutes")
