"""An answer of the API as CSV instead of JSON, for whoever asks with `format=csv`.

Floor 6. Such a file is an export and noted in the audit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from opsgauge.foundation.csv_text import marked, table_text
from opsgauge.operations.context import Context
from opsgauge.operations.exporting import asked_for, note_export

# What a route says of itself that takes `format`.
AS_CSV: dict[str, Any] = {
    "response_model": None,
    "responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
}


@dataclass(frozen=True)
class Form:
    """The form in which an answer is asked for, and all that was asked."""

    is_csv: bool
    asked: Mapping[str, Any]


def form_asked(
    request: Request,
    form: Annotated[
        Literal["json", "csv"], Query(alias="format", description="csv: the rows alone, as a file.")
    ] = "json",
) -> Form:
    """Return the form that an address asks for."""
    return Form(form == "csv", asked_for(request.query_params.multi_items(), ["format"]))


FormOf = Annotated[Form, Depends(form_asked)]


def answered(
    ctx: Context, form: Form, plain: dict[str, Any], rows: str, name: str
) -> dict[str, Any] | Response:
    """Return an answer in the form asked for; as CSV it is an export, which is noted.

    Parameters
    ----------
    plain : the answer as JSON says it
    rows : the key of the table in it
    name : what the file is called, without its ending
    """
    if not form.is_csv:
        return plain
    note_export(ctx, f"{name}.csv", form.asked, len(plain[rows]))
    return file_of(plain, rows, name)


def file_of(plain: dict[str, Any], rows: str, name: str) -> Response:
    """Return the table of an answer as a file."""
    return Response(
        table_text(marked(plain[rows], _named(plain, "suspect"), _named(plain, "withheld"))),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _named(plain: Mapping[str, Any], what: str) -> list[str]:
    return list(plain.get(what, ()))
