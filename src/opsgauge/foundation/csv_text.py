"""CSV as every way out writes it: the same cells from page, command and API, safe to open.

Floor 0. A spreadsheet computes a text that begins like a formula, wherever the text came from, so
such a text gets an apostrophe in front, also one that has some already, so that it can be taken
off again. A number is never touched, and keeps every digit it has.
Source: OWASP, CSV Injection.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

# The last four are the wide forms that some spreadsheets read as the narrow ones.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: Any) -> Any:
    """Return what stands in a cell: a text that would be computed is marked as text.

    Examples
    --------
    >>> cell("=1+1"), cell("'=1"), cell(-1.5), cell("Desk"), cell({"team": "@A"}), cell(None)
    ("'=1+1", "''=1", -1.5, 'Desk', '{"team": "@A"}', None)
    """
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.lstrip("'").startswith(RISKY):
        return f"'{value}"
    return value


def unmarked(text: str) -> str:
    """Return what a cell of such a CSV says: without the mark.

    Examples
    --------
    >>> unmarked("'=1+1"), unmarked("''=1"), unmarked("'s morgens")
    ('=1+1', "'=1", "'s morgens")
    """
    risky = text.lstrip("'").startswith(RISKY)
    return text.removeprefix("'") if risky else text


def line_text(rows: Iterable[Sequence[Any]]) -> str:
    r"""Return rows as lines of a CSV.

    Examples
    --------
    >>> line_text([["team", "n"], ["@A", -2]])
    "team,n\n'@A,-2\n"
    """
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows([cell(each) for each in row] for row in rows)
    return "".join(lines)


class _Lines(list[str]):
    """Lines written: ended by one sign each, though both that end lines are quoted inside cells."""

    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


def table_text(rows: Sequence[Mapping[str, Any]]) -> str:
    r"""Return rows as a CSV with a header; `by` becomes a column for each of its names.

    Parameters
    ----------
    rows : of one table; what a row does not say is an empty cell

    Examples
    --------
    >>> table_text([{"by": {"team": "A"}, "value": 0.1}, {"by": {"team": None}, "value": None}])
    'team,value\nA,0.1\n,\n'
    """
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return line_text([names, *([row.get(name) for name in names] for row in flat)])


def marked(
    rows: Sequence[Mapping[str, Any]], suspect: Sequence[str], withheld: Sequence[str] = ()
) -> Sequence[Mapping[str, Any]]:
    """Return rows each with the failed checks that touch it, "" for none.

    Where some of them withhold the numbers, a column `withheld` names those.
    """
    gone = {"withheld": " ".join(withheld)} if withheld else {}
    return [{**row, "suspect": " ".join(suspect), **gone} for row in rows]


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, value in row.items():
        if name == "by" and isinstance(value, Mapping):
            made |= value
        else:
            made[name] = value
    return made
