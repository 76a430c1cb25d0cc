"""CSV that is safe to open: texts that a spreadsheet would compute are marked, numbers are not."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from opsgauge.foundation.csv_text import RISKY, cell, line_text, marked, table_text

pytestmark = pytest.mark.row("SEC-04")


@pytest.mark.parametrize("first", RISKY)
def test_a_text_that_begins_like_a_formula_is_marked(first: str) -> None:
    """Whatever follows, and in the head of a column too."""
    text = f"{first}HYPERLINK(1)"
    [head, row] = csv.reader(io.StringIO(table_text([{text: text}]), newline=""))

    assert head == row == [f"'{text}"]


@pytest.mark.parametrize("value", [-1, -0.1, 1e-300, -2.5e22, 0.1 + 0.2, 0])
def test_a_number_keeps_every_digit(value: float) -> None:
    """Also below nought: it is no text."""
    assert float(line_text([[value]])) == value


def test_other_values_are_written_plainly() -> None:
    """Instants in UTC, days, what is missing, lists as JSON; a quiet text as it is."""
    row = [datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 5), None, ["=1"], "a-b", True]

    assert [cell(each) for each in row] == [
        "2026-01-05T00:00:00Z",
        date(2026, 1, 5),
        None,
        '["=1"]',
        "a-b",
        True,
    ]


def test_rows_share_one_head() -> None:
    """What one row does not say is empty; failed checks stand behind."""
    rows = marked([{"n": 1}, {"n": 2, "more": "x"}], ["a", "b"])

    assert table_text(rows) == "n,suspect,more\n1,a b,\n2,a b,x\n"
    assert table_text([]) == "\n"
