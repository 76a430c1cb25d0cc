"""Files of every kind that can be read, made in memory, to be read or to be damaged first."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from html import escape

import pyarrow as pa
import pyarrow.parquet as pq

HEADER = ("number", "at", "state", "team", "who")
ROWS = (
    ("INC1", "2026-01-05 08:00", "New", "A", "Ann"),
    ("INC1", "2026-01-05 09:30", "Work", "A", "Bob"),
    ("INC1", "2026-01-06 10:00", "Done", "B", ""),
    ("INC2", "2026-01-05 11:00", "New", 'Zoë\'s, "team"', "Ann"),
)
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REFERS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# Ways of showing a number, by their place: plain, date and time, date, time, duration.
STYLES = (0, 22, 14, 21, 46)

MEMBERS = (  # of a workbook
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
)

Cell = str | tuple[str, str]  # text, or the attributes and the inside of a cell
Sheet = Sequence[Sequence[Cell | None]]


def csv(rows: Sequence[Sequence[str]] = ROWS, separator: str = ",", end: str = "\n") -> str:
    """Return rows under the header as separated text."""
    lines = [
        separator.join(f'"{field.replace(chr(34), chr(34) * 2)}"' for field in row) for row in rows
    ]
    return end.join([separator.join(HEADER), *lines, ""])


def records(rows: Sequence[Sequence[str]] = ROWS) -> list[dict[str, str]]:
    """Return rows as objects of JSON."""
    return [dict(zip(HEADER, row, strict=True)) for row in rows]


def json_lines(rows: Sequence[Sequence[str]] = ROWS) -> str:
    """Return rows as JSON, one on each line."""
    return "".join(json.dumps(record) + "\n" for record in records(rows))


def parquet(rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    """Return rows as a Parquet file."""
    file = io.BytesIO()
    columns = zip(*rows, strict=True)
    pq.write_table(pa.table(dict(zip(HEADER, map(list, columns), strict=True))), file)
    return file.getvalue()


def bent_parquet() -> bytes:
    """Return a Parquet file whose layout is right and whose values are damaged."""
    content = bytearray(parquet([(f"INC{n * 7919}", *ROWS[0][1:]) for n in range(2_000)]))
    content[200:2_000] = bytes(1_800)
    return bytes(content)


def event_log(rows: Sequence[Sequence[str]] = ROWS) -> str:
    """Return rows as an event log in XES, the ticket's columns with its trace."""
    traces: dict[str, str] = {}
    for row in rows:
        values = dict(zip(HEADER, row, strict=True))
        number = values.pop("number")
        told = "".join(
            f'<string key="{key}" value="{escape(value)}"/>' for key, value in values.items()
        )
        traces[number] = traces.get(number, "") + f"<event>{told}</event>"
    body = "".join(
        f'<trace><string key="number" value="{number}"/>{events}</trace>'
        for number, events in traces.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><log>{body}</log>'


def workbook(
    sheets: Mapping[str, Sheet] | None = None,
    hidden: Sequence[str] = (),
    inside: Mapping[str, str] | None = None,
) -> bytes:
    """Return an Excel workbook.

    Parameters
    ----------
    sheets : rows of cells by the name of the sheet; without any, the usual rows
    hidden : names of sheets that are not shown
    inside : further files, or others in the place of those made here
    """
    sheets = sheets if sheets is not None else {"Sheet1": [HEADER, *ROWS]}
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{REFERS}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"'
            + (' state="hidden"/>' if name in hidden else "/>")
            for n, name in enumerate(sheets, start=1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {
                f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml")
                for n in range(1, len(sheets) + 1)
            }
            | {"rId98": ("styles", "styles.xml"), "rId99": ("sharedStrings", "sharedStrings.xml")}
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET}"><cellXfs>'
        + "".join(f'<xf numFmtId="{style}"/>' for style in STYLES)
        + "</cellXfs></styleSheet>",
    }
    for n, rows in enumerate(sheets.values(), start=1):
        files[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{SHEET}"><sheetData>{_rows(rows)}</sheetData></worksheet>'
        )
    return zipped(*(files | dict(inside or {})).items())


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="{name}" Type="{REFERS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _rows(rows: Sheet) -> str:
    made = ""
    for number, row in enumerate(rows, start=1):
        cells = ""
        for place, cell in enumerate(row):
            at = f'r="{chr(65 + place)}{number}"'
            if isinstance(cell, str):
                cells += (
                    f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
                )
            elif cell is not None:
                cells += f"<c {at} {cell[0]}>{cell[1]}</c>"
        made += f'<row r="{number}">{cells}</row>'
    return made


def number(value: float | str, style: int = 0) -> tuple[str, str]:
    """Return a cell that holds a number, shown as the style of that place."""
    return f's="{style}"', f"<v>{value}</v>"


def zipped(*members: tuple[str, str | bytes]) -> bytes:
    """Return a zip of those members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def with_member(packed: bytes, name: str, bend: Callable[[bytes], bytes]) -> bytes:
    """Return a zip of which one member was bent before it was packed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    return zipped(*(members | {name: bend(members[name])}).items())
