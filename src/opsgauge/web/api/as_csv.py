"""An answer of the API as CSV instead of JSON, for whoever asks with `format=csv`.

Floor 6.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from opsgauge.foundation.csv_text import marked, table_text

# What a route says of itself that takes `format`.
AS_CSV: dict[str, Any] = {
    "response_model": None,
    "responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
}
FormOf = Annotated[
    Literal["json", "csv"], Query(alias="format", description="csv: the rows alone, as a file.")
]


def answered(plain: dict[str, Any], form: str, rows: str, name: str) -> dict[str, Any] | Response:
    """Return an answer in the form asked for.

    Parameters
    ----------
    plain : the answer as JSON says it
    rows : the key of the table in it
    name : what the file is called, without its ending
    """
    if form == "json":
        return plain
    return Response(
        table_text(marked(plain[rows], _named(plain, "suspect"), _named(plain, "withheld"))),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _named(plain: Mapping[str, Any], what: str) -> list[str]:
    return list(plain.get(what, ()))
