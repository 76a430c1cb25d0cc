"""One JSON object as a row of text: every value as it was written, nested ones as columns too.

Floor 3. `{"team": {"name": "A"}}` gives `team`, the object as JSON, and `team.name`. Lists stay
JSON. Numbers keep their digits: 1.50 is not 1.5, and the number of a ticket is never rounded.
"""

import json
from json.encoder import encode_basestring
from typing import Any

DEEPEST = 5  # names in a column such as fields.status.statusCategory.name


class Written(str):
    """A number, as it was written."""

    __slots__ = ()


DECODER = json.JSONDecoder(parse_float=Written, parse_int=Written, parse_constant=Written)


def unfolded(
    record: dict[str, Any], nested: set[str], before: str = "", depth: int = 1
) -> dict[str, str | None]:
    """Return a record's columns; the names of those that hold others are added to `nested`.

    A column that the record names with a point itself wins over one that comes of unfolding.

    Examples
    --------
    >>> unfolded(DECODER.decode('{"n": 1.50, "team": {"name": "A", "on": true}}'), set())
    {'n': '1.50', 'team': '{"name":"A","on":true}', 'team.name': 'A', 'team.on': 'true'}
    """
    row: dict[str, str | None] = {}
    inner: dict[str, str | None] = {}
    for key, value in record.items():
        name = before + key
        if value is None or isinstance(value, str):
            row[name] = value
        else:
            row[name] = as_text(value)
            if isinstance(value, dict) and value and depth < DEEPEST:
                nested.add(name)
                inner |= unfolded(value, nested, f"{name}.", depth + 1)
    return row | {name: value for name, value in inner.items() if name not in row} if inner else row


def as_text(value: Any) -> str:
    """Return a value as compact JSON, its numbers as they were written."""
    if isinstance(value, Written):
        return str(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        parts = (f"{encode_basestring(key)}:{as_text(inner)}" for key, inner in value.items())
        return "{" + ",".join(parts) + "}"
    return "[" + ",".join(map(as_text, value)) + "]"
