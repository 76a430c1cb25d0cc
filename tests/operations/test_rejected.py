"""Every record that could not be used can be listed, with its place and its value."""

import pytest

from opsgauge.operations.rejected import rejected
from tests.conftest import Intake

HEAD = "number,at,state,team,who\n"


@pytest.mark.row("ING-01")
def test_all_of_them_are_listed_in_the_order_of_the_file(intake: Intake) -> None:
    """Also where there are more than a check would show."""
    bad = "".join(f"T{n},the {n}th of May,New,North,\n" for n in range(12))
    intake.takes(HEAD + "T99,2026-01-05 08:00,New,North,\n" + bad)

    answer = rejected(intake.context)
    assert [row["row"] for row in answer.rows] == list(range(2, 14))
    assert answer.rows[3] == {
        "source": "desk",
        "file": "export.csv",
        "row": 5,
        "column": "at",
        "reason": "the moment cannot be read",
        "value": "the 3th of May",
    }
    assert len(answer.as_json()["rejected"]) == 12


def test_a_fit_export_leaves_nothing(intake: Intake) -> None:
    """An empty list is no error."""
    intake.takes(HEAD + "T1,2026-01-05 08:00,New,North,\n")
    assert rejected(intake.context).rows == ()
