"""Definitions as CSV, a line for each metric, and back.

Floor 3. A column for each key of a paragraph; what is more than a text is JSON in its cell. A text
that a spreadsheet would compute has an apostrophe in front, which is taken off again.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from opsgauge.foundation.csv_text import table_text, unmarked
from opsgauge.foundation.errors import DefinitionWrong, did_you_mean
from opsgauge.metrics.definition import KINDS
from opsgauge.metrics.metric import Metric

NAME = "id"
BESIDE = ("practice", "state", "definition")  # told to readers, not part of a definition
LIMIT = 1_000_000  # letters in a cell


def lines(metrics: Iterable[Metric]) -> str:
    """Return metrics as CSV; the keys that stand at their usual value are empty."""
    rows: list[dict[str, Any]] = []
    for metric in metrics:
        said = metric.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        rows.append(
            {
                NAME: metric.name,
                "practice": metric.practice,
                "state": metric.state,
                "definition": metric.definition_hash,
                "lifecycle": metric.definition.lifecycle,
                **{key: _cell(value) for key, value in said.items()},
            }
        )
    return table_text(rows)


def _cell(value: Any) -> Any:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def paragraphs_of_lines(text: str, where: str) -> dict[str, dict[str, Any]]:
    """Return the paragraphs that a CSV holds, by name.

    Raises
    ------
    DefinitionWrong : it is no such CSV, with the line, the column and what to do
    """
    csv.field_size_limit(max(LIMIT, csv.field_size_limit()))
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    heads = list(reader.fieldnames or ())
    if NAME not in heads or "kind" not in heads:
        raise DefinitionWrong(
            f"{where} holds no definitions: its head must name {NAME!r} and 'kind'.",
            hint="opsgauge metrics export --format csv writes one.",
        )
    made: dict[str, dict[str, Any]] = {}
    try:
        for row in reader:
            name = unmarked(row[NAME] or "")
            at = f"{where}, line {reader.line_num}, {name or 'no name'}"
            if not name or name in made or None in row:
                raise DefinitionWrong(
                    f"{at}: a line needs a name of its own and as many cells as heads."
                )
            made[name] = _paragraph(row, at)
    except csv.Error as fault:
        raise DefinitionWrong(f"{where}, line {reader.line_num}: {fault}.") from fault
    return made


def _paragraph(row: Mapping[str, str | None], at: str) -> dict[str, Any]:
    kind = unmarked(row["kind"] or "")
    if kind not in KINDS:
        raise DefinitionWrong(f"{at}: kind {kind!r} is not known.", hint=did_you_mean(kind, KINDS))
    texts = _texts(kind)
    said: dict[str, Any] = {}
    for key, cell in row.items():
        if key in (NAME, *BESIDE) or cell is None or cell == "":
            continue
        if key in texts:
            said[key] = unmarked(cell)
            continue
        try:
            said[key] = json.loads(unmarked(cell))
        except ValueError as fault:
            raise DefinitionWrong(
                f"{at}: {key} {cell!r} is not written as JSON.",
                hint='Write a list as ["one", "two"] and a number plainly.',
            ) from fault
    return said


def _texts(kind: str) -> set[str]:
    """Return the keys of a kind whose value is a text."""
    fields = KINDS[kind].model_fields.items()
    return {info.alias or name for name, info in fields if _is_text(info.annotation)}


def _is_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return all(each is type(None) or _is_text(each) for each in get_args(annotation))
    return annotation in (str, date) or get_origin(annotation) is Literal
