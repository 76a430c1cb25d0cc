"""Criteria of other tables: each is read against the columns of the table the metric is of."""

from typing import Any

import pytest
from pydantic import ValidationError

from opsgauge.metrics.criterion import Criterion, spellings


def read(said: dict[str, Any], table: str = "changes") -> Criterion:
    """Read a criterion of a table."""
    return Criterion.model_validate(said, context={"of": table})


@pytest.mark.parametrize(
    "said",
    [
        {"column": "outage_minutes", "at_most": 0.5},
        {"column": "actual_end", "not_after": "planned_end", "hours": 1},
        {"column": "actual_start", "after": "planned_start", "seconds": 30},
        {"column": "outcome", "any_of": ["successful"]},
        {"column": "backed_out", "known": False},
        {"column": "service", "same_as": "environment"},
    ],
)
def test_a_test_that_fits_the_column_is_read(said: dict[str, Any]) -> None:
    """Numbers with a fraction, two moments, words, and what is not known."""
    assert read(said).columns[0] == said["column"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"column": "resolved_at", "known": True}, "not known"),
        ({"column": "outcome", "at_least": 1}, "does not fit"),
        ({"column": "actual_end", "not_after": "planed_end"}, "Did you mean 'planned_end'"),
        ({"column": "outcome", "known": True, "hours": 1}, "go with after or not_after"),
        ({"column": "service", "same_as": "owner"}, "not known"),
        ({"column": "outcome"}, "say one of"),
    ],
)
def test_a_test_that_does_not_fit_is_refused(said: dict[str, Any], wrong: str) -> None:
    """With the nearest word of that table."""
    with pytest.raises(ValidationError, match=wrong):
        read(said)


def test_words_are_looked_for_in_the_usual_spellings() -> None:
    """Tools write the same outcome in their own ways."""
    assert set(spellings(["backed out"])) == {
        "backed out",
        "BACKED OUT",
        "Backed out",
        "Backed Out",
    }
