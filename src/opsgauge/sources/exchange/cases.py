"""Logs of cases as XES and as CSV: a trace per case, an event per record.

Floor 3. Whatever is written can be read again by any program: signs that XML forbids become the
replacement sign, line ends inside values are kept, moments stand in UTC with their offset.
Source: IEEE 1849-2023 (XES), its standard extensions concept, time, organizational and lifecycle.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import IO
from xml.sax.saxutils import escape

from opsgauge.foundation.csv_text import line_text

Value = str | int | float | bool | datetime
Attributes = Mapping[str, Value | None]

# What XML 1.0 lets into no document, not even as a reference.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ODD = re.compile(r"""[^ !#-%'-;=?-~\u00a0-\ud7ff]""")  # may have to be written otherwise
KINDS = {str: "string", int: "int", float: "float", bool: "boolean", datetime: "date"}
ENTITIES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
EXTENSIONS = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Organizational", "org"),
    ("Lifecycle", "lifecycle"),
)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(
        f'<extension name="{name}" prefix="{prefix}" '
        f'uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in EXTENSIONS
    )
    + '<classifier name="Activity" keys="concept:name"/>\n'
)


@dataclass(frozen=True)
class Trace:
    """One case: what is said of it, and its events in their order."""

    attributes: Attributes
    events: Sequence[Attributes]


def write_xes(traces: Iterable[Trace], to: IO[bytes]) -> int:
    """Write cases as XES; return how many events there are."""
    to.write(HEAD.encode())
    count = 0
    for trace in traces:
        lines = ["<trace>\n", *_attributes(trace.attributes)]
        for event in trace.events:
            lines += ["<event>", *_attributes(event), "</event>\n"]
        count += len(trace.events)
        to.write("".join([*lines, "</trace>\n"]).encode())
    to.write(b"</log>\n")
    return count


def write_csv(
    rows: Iterable[Attributes], columns: Sequence[str], to: IO[bytes], at_once: int = 5_000
) -> int:
    """Write a row per record under a header; return how many there are.

    A text that a spreadsheet would compute is marked as text, as in every CSV.
    """
    to.write(line_text([columns]).encode())
    count, held = 0, []
    for row in rows:
        held.append([row.get(name) for name in columns])
        count += 1
        if len(held) >= at_once:
            to.write(line_text(held).encode())
            held = []
    to.write(line_text(held).encode())
    return count


def _attributes(named: Attributes) -> list[str]:
    return [
        f'<{KINDS[type(value)]} key="{_key(key)}" value="{_safe(text_of(value))}"/>'
        for key, value in named.items()
        if value is not None
    ]


@cache
def _key(name: str) -> str:
    return _safe(name)


def _safe(text: str) -> str:
    if ODD.search(text) is None:  # most values hold nothing that XML minds
        return text
    return escape(FORBIDDEN.sub("\ufffd", text), ENTITIES)


def text_of(value: Value) -> str:
    """Return a value as text: a moment in UTC with its offset, a truth as true or false.

    Examples
    --------
    >>> text_of(datetime(2026, 1, 5, 8, tzinfo=UTC)), text_of(True), text_of(2.5)
    ('2026-01-05T08:00:00+00:00', 'true', '2.5')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
