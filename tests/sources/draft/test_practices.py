"""Practices, by the words of a type, by the letters of numbers, by the file's name."""

import pytest

from opsgauge.sources.draft.practices import by_file, by_number, known_share, practice_of


@pytest.mark.parametrize(
    ("word", "practice"),
    [
        ("Incident", "incident"),
        ("[System] Service request", "request"),
        ("Störung", "incident"),
        ("Aanvraag", "request"),
        ("Demande", "request"),
        ("Incidencia", "incident"),
        ("Normal change", "change"),
        ("RfC", "change"),
        ("Problem", "problem"),
        ("Sub-task", "task"),
        ("Bug", "incident"),
        ("Question", "request"),
        ("Release", "release"),
        ("Blue", None),
    ],
)
def test_a_type_is_understood(word: str, practice: str | None) -> None:
    """Or left."""
    assert practice_of(word) == practice


def test_a_known_share_counts_values() -> None:
    """Not words."""
    assert known_share({"Incident": 3, "Blue": 1}) == 0.75
    assert known_share({}) == 0.0


def test_letters_of_numbers_say_it_where_nearly_all_agree() -> None:
    """A mix says nothing."""
    assert by_number({f"INC{n}": 1 for n in range(20)} | {"X1": 1}) == ("INC", "incident")
    assert by_number({f"INC{n}": 1 for n in range(5)} | {f"CHG{n}": 1 for n in range(5)}) is None
    assert by_number({"1": 1}) is None
    assert by_number({}) is None


def test_a_file_says_it_by_its_name() -> None:
    """A log of changed fields is no log of changes."""
    assert by_file("incidents_2026.csv") == "incident"
    assert by_file("Störungsliste.csv") == "incident"
    assert by_file("changelog.csv") is None
    assert by_file("ticket_tasks.csv") is None
