"""A number without the tickets that are left out by agreement, and with them, side by side.

Floor 5.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from opsgauge.operations.answers import Measured, Value

Row = Mapping[str, Any]


def pairs(measured: Measured) -> tuple[tuple[Value, Value | None], ...]:
    """Return each row of an answer with what it comes to with the tickets that it leaves out.

    Where every ticket of a row is left out, it stands with an n of 0; what stands beside a row is
    None where nothing is left out.
    """
    others = {_place(row): row for row in measured.rows_with_left_out}
    there = {_place(row) for row in measured.rows}
    gone = [Value(row.period, row.by, 0, None) for key, row in others.items() if key not in there]
    rows = measured.rows
    if gone:
        rows = tuple(sorted((*rows, *gone), key=lambda row: row.period))
    return tuple((row, others.get(_place(row))) for row in rows)


def _place(row: Value) -> tuple[Any, ...]:
    return (row.period, *row.by.items())


def csv_rows(answer: Mapping[str, Any]) -> Sequence[Row]:
    """Return the rows of a published answer for a file.

    Where tickets are left out each row has a further `value_with_excluded` and `n_with_excluded`.

    Examples
    --------
    >>> row = {"period": "all", "by": {}, "n": 3, "value": 4.0}
    >>> csv_rows({"rows": [row]}) == [row]
    True
    >>> told = csv_rows({"rows": [row], "rows_with_excluded": [{**row, "n": 5, "value": 6.0}]})
    >>> told[0]["value_with_excluded"], told[0]["n_with_excluded"]
    (6.0, 5)
    """
    rows: Sequence[Row] = answer["rows"]
    if "rows_with_excluded" not in answer:
        return rows
    others = {_key(row): row for row in answer["rows_with_excluded"]}
    there = {_key(row) for row in rows}
    gone = [
        {"period": row["period"], "by": row["by"], "n": 0, "value": None}
        for key, row in others.items()
        if key not in there
    ]
    return [_beside(row, others.get(_key(row), {})) for row in (*rows, *gone)]


def _key(row: Row) -> tuple[Any, ...]:
    return (row["period"], *row["by"].items())


def _beside(row: Row, other: Row) -> Row:
    return {
        **row,
        "value_with_excluded": other.get("value"),
        "n_with_excluded": other.get("n"),
    }
