"""Files as nobody would wish for: whole ones of every kind, and what is left of them when bent.

Strategies for hypothesis. A case is a name, the bytes, and the mapping to import them by.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.conftest import MAPPING
from tests.sources import odd_files

MAPPINGS = {
    "plain": MAPPING,
    "wider": MAPPING.replace("{zone: UTC}", "{zone: Europe/Amsterdam, formats: [iso, epoch_s]}")
    .replace("team: team", "team: team\n  major: who\n  description: team")
    .replace("missing:", "order: [at]\nattributes: {a: team}\nmissing:"),
    "numbers": MAPPING.replace("team: team", "team: team\n  reopen_count: team"),
    "cp1252": MAPPING + "encoding: cp1252\n",
    "tickets": MAPPING.replace("shape: updates", "shape: tickets").replace(
        "updated_at", "opened_at"
    ),
    "formats": MAPPING.replace("{zone: UTC}", '{formats: ["%Y-%m-%d %H:%M %z", epoch_ms]}'),
}
SCALARS = [
    "", " ", "\0", '"', "'", '""', ",", ";", "\t", "\r", "\n", "\r\n", "\\", "null", "NaN",
    "-", "?", "INC1", "New", "Work", "Done", "2026-01-05 08:00", "2026-01-05T08:00:00+99:00",
    "0", "-1", "2,5", "1e999", "9" * 40, "9" * 400, "epoch", "infinity", "0001-01-01",
    "9999-12-31 23:59", "1767600000", "{}", "[]", '{"a": {"b": 1}}', "=1+1", "<b>", "&amp;",
    "]]>", "🎫", "Ω", "\u202e", "\ufeff", "\x1f", "\x1e", "p:", "%s",
    "'; DROP TABLE updates; --", "x" * 10_000,
]  # fmt: skip
STEMS = [
    "export",
    "export",
    "export [1]",
    "a*",
    "zu hören",
    "x'y",
    'a"b;c',
    "new\nline",
    "%20",
    "{a}",
]
CUTS = [
    b"", b"\0", b'"', b"'", b"\r", b"\n", b"\r\n", b",", b";", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"{", b"}", b"[", b"]", b":", b"\\u0000", b"\\ud800",
    b"9" * 400, b"1e999", b"<", b">", b"</", b"&#0;", b"&a;", b"<!DOCTYPE log>", b"<event/>",
    b"PK\x01\x02", b"PAR1", b"\x1f\x8b", b"\x80\x00\x00\x00", b"\x7f\xff\xff\xff", b"\xff" * 8,
]  # fmt: skip
words = st.one_of(st.sampled_from(SCALARS), st.text(max_size=12), st.sampled_from(odd_files.HEADER))


@dataclass(frozen=True)
class Case:
    """A file, the mapping it is imported by, and whether that is only tried."""

    name: str
    content: bytes
    mapping: str
    dry_run: bool


@st.composite
def tables(draw: st.DrawFn) -> list[Sequence[str]]:
    """Draw rows under the usual header, some of them usual."""
    rows: list[Sequence[str]] = [*odd_files.ROWS[: draw(st.integers(1, 4))]]
    for _ in range(draw(st.integers(0, 3))):
        row = list(draw(st.sampled_from(odd_files.ROWS)))
        row[draw(st.integers(0, 4))] = draw(words)
        rows.append(row)
    return rows


@st.composite
def separated(draw: st.DrawFn) -> bytes:
    """Draw separated text, of any separator, line end and encoding."""
    separator, end = draw(st.sampled_from(",;\t|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = odd_files.csv(draw(tables()), separator, end)
    if draw(st.booleans()):
        text += separator.join(draw(st.lists(words, max_size=7))) + draw(
            st.sampled_from(["\n", "\r\n", ""])
        )
    encoding = draw(
        st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
    )
    return text.encode(encoding, "replace")


@st.composite
def objects(draw: st.DrawFn) -> list[Any]:
    """Draw records of JSON, some with fields of any kind, some no objects at all."""
    inner = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | words,
        lambda each: st.lists(each, max_size=3) | st.dictionaries(words, each, max_size=3),
        max_leaves=5,
    )
    records: list[Any] = [*odd_files.records(draw(tables()))]
    for place in draw(st.lists(st.integers(0, len(records) - 1), max_size=3)):
        extra = draw(st.dictionaries(words, inner, max_size=3))
        records[place] = {**records[place], **extra} if isinstance(records[place], dict) else extra
    if draw(st.booleans()):
        records.append(draw(inner))
    return records


@st.composite
def json_texts(draw: st.DrawFn) -> bytes:
    """Draw JSON on lines or as a document."""
    records, readable = draw(objects()), draw(st.booleans())
    text = draw(
        st.sampled_from(
            [
                "\n".join(json.dumps(each, ensure_ascii=readable) for each in records),
                json.dumps(records, ensure_ascii=readable),
                json.dumps({"count": 2, "tickets": records, "tags": ["a"]}, indent=1),
            ]
        )
    )
    return text.encode("utf-8", "replace")


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """Draw an Excel workbook, whose insides may be bent before they are zipped."""
    sheet: list[Sequence[Any]] = [odd_files.HEADER, *draw(tables())]
    cells = [
        odd_files.number(draw(st.floats() | st.integers()), draw(st.integers(0, 4))),
        ('t="s"', f"<v>{draw(st.integers())}</v>"),
        ('t="b"', "<v>7</v>"),
        ('t="e"', "<v>#REF!</v>"),
        None,
    ]
    if draw(st.booleans()):
        sheet.append(draw(st.permutations([*cells, "INC1"])))
    content = odd_files.workbook({"Data": [[_without_controls(c) for c in row] for row in sheet]})
    bent = draw(st.sampled_from(["", *odd_files.MEMBERS]))
    if not bent:
        return content
    return odd_files.with_member(content, bent, draw(damage()))


def _without_controls(cell: Any) -> Any:
    return "".join(c for c in cell if c >= " ") if isinstance(cell, str) else cell


def damage() -> st.SearchStrategy[Callable[[bytes], bytes]]:
    """Draw ways to bend bytes."""
    place = st.floats(0, 1)

    def at(content: bytes, where: float) -> int:
        return int(len(content) * where)

    return st.one_of(
        place.map(lambda p: lambda c: c[: at(c, p)]),
        place.map(lambda p: lambda c: c[at(c, p) :]),
        st.tuples(place, st.integers(1, 40)).map(
            lambda t: lambda c: c[: at(c, t[0])] + c[at(c, t[0]) + t[1] :]
        ),
        st.tuples(place, st.integers(1, 200)).map(
            lambda t: lambda c: c[: at(c, t[0]) + t[1]] + c[at(c, t[0]) :]
        ),
        st.tuples(place, st.one_of(st.sampled_from(CUTS), st.binary(max_size=6))).map(
            lambda t: lambda c: c[: at(c, t[0])] + t[1] + c[at(c, t[0]) :]
        ),
        st.tuples(place, st.binary(min_size=1, max_size=4)).map(
            lambda t: lambda c: c[: at(c, t[0])] + t[1] + c[at(c, t[0]) + len(t[1]) :]
        ),
        st.tuples(st.sampled_from(CUTS[1:]), st.sampled_from(CUTS)).map(
            lambda t: lambda c: c.replace(t[0], t[1])
        ),
        st.sampled_from(["utf-16", "latin-1", "utf-7"]).map(
            lambda e: lambda c: c.decode("utf-8", "replace").encode(e, "replace")
        ),
        st.tuples(st.sampled_from(odd_files.HEADER), words).map(
            lambda t: lambda c: c.replace(t[0].encode(), t[1].encode("utf-8", "replace"))
        ),
    )


KINDS: dict[str, st.SearchStrategy[bytes]] = {
    "csv": separated(),
    "tsv": separated(),
    "json": json_texts(),
    "jsonl": json_texts(),
    "xlsx": workbooks(),
    "parquet": tables().map(odd_files.parquet),
    "xes": tables().map(lambda rows: odd_files.event_log(rows).encode("utf-8", "replace")),
}


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a file of some kind, bent up to three times, perhaps packed, and bent again."""
    kind = draw(st.sampled_from(list(KINDS)))
    content = draw(KINDS[kind])
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        content = draw(damage())(content)
    stem = draw(st.sampled_from(STEMS))
    ending = kind if draw(st.integers(0, 9)) else draw(st.sampled_from(list(KINDS)))
    name = f"{stem}.{ending}"
    packing = draw(st.sampled_from(["", "", "", "gz", "zip"]))
    if packing == "gz":
        name, content = f"{name}.gz", gzip.compress(content)
    elif packing == "zip":
        name, content = f"{stem}.zip", odd_files.zipped((name, content))
    if packing and draw(st.integers(0, 3)) == 0:
        content = draw(damage())(content)
    mapping = MAPPINGS[draw(st.sampled_from(list(MAPPINGS)))]
    if kind == "xes":
        mapping = mapping.replace("number", "case:number")
    return Case(name, content, mapping, dry_run=draw(st.integers(0, 3)) > 0)
