"""What values can be."""

import pytest

from opsgauge.sources.draft.columns import Column
from opsgauge.sources.draft.kinds import Kind, Seen, seen


def column(name: str, *values: str) -> Seen:
    """Return a column with these values, each once."""
    filled = [value for value in values if value]
    words = {value: filled.count(value) for value in filled}
    length = sum(map(len, filled)) / max(len(filled), 1)
    return seen(Column(name, "c0", "c0", len(values), len(filled), len(words), length, words))


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        (["2026-01-05", "2026-01-06"], {Kind.MOMENT}),
        (["08:30", "9:15 PM"], {Kind.CLOCK}),
        (["09:44:00", "123:10:00", "31:05:00"], {Kind.LENGTH}),
        (["true", "false"], {Kind.FLAG, Kind.WORDS}),
        (["1", "0"], {Kind.FLAG, Kind.WHOLE, Kind.MARK, Kind.WORDS}),
        (["1.5", "2,25"], {Kind.DECIMAL}),
        (["INC0001", "INC0002"], {Kind.MARK, Kind.WORDS}),
        (["Anna Smith", "John Doe"], {Kind.PERSON, Kind.WORDS}),
        (["Network", "Desk"], {Kind.WORDS}),
        (["Waiting for Tom", "In progress", "Waiting for Ann", "Closed"], {Kind.WORDS}),
        (
            ["The printer on the third floor burns", "Mail does not leave the house at all"],
            {Kind.TEXT},
        ),
        (["", ""], set()),
    ],
)
def test_values_are_known_for_what_they_are(values: list[str], kinds: set[Kind]) -> None:
    """A column can be several things at once."""
    assert column("x", *values).kinds == kinds


def test_words_for_nothing_are_set_aside() -> None:
    """They would make moments of nothing, and words of moments."""
    each = column("at", "2026-01-05", "n/a", "-", "2026-01-06")

    assert each.among(Kind.MOMENT)
    assert set(each.missing) == {"n/a", "-"}


def test_a_column_of_nothing_is_empty() -> None:
    """Whatever word says so."""
    assert column("x", "NULL", "", "-").empty


def test_bare_seconds_need_a_name_that_speaks_of_time() -> None:
    """Else they are numbers of records."""
    assert column("created_at", "1767600000", "1767600060").among(Kind.MOMENT)
    assert not column("order", "1767600000", "1767600060").among(Kind.MOMENT)
    assert not column("firmware", "10.1.2", "10.2.3").among(Kind.MOMENT)
