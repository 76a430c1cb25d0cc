"""Excel workbooks: the one sheet with records, its cells as the text they stand for."""

import gzip
from collections.abc import Callable

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import excel, weighing
from tests.conftest import MAPPING, Intake
from tests.sources.conftest import Read
from tests.sources.odd_files import HEADER, ROWS, Cell, Sheet, number, workbook, zipped

Reads = Callable[..., Read]

USUAL: list[tuple[str, ...]] = [HEADER, *ROWS]
MISSING_EMPTY = [tuple(cell or None for cell in row) for row in ROWS]


@pytest.mark.row("ING-01")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.xlsx", workbook()),
        ("EXPORT.XLSX", workbook()),
        ("export.xlsm", workbook()),
        ("export.xlsx.gz", gzip.compress(workbook())),
        ("export.zip", zipped(("export.xlsx", workbook()))),
        ("export.xlsx", workbook({"Cover": [], "Data": USUAL, "Notes": [["", None]]})),
        ("export.xlsx", workbook({"Lists": [["x"], ["y"]], "Data": USUAL}, hidden=["Lists"])),
        ("export.xlsx", workbook({"Data": [[], [None, ""], *USUAL[:2], [], *USUAL[2:], []]})),
        ("export.xlsx", workbook({"Data": [(None, None, *row, None) for row in USUAL]})),
    ],
)
def test_the_one_sheet_with_records_is_read(read: Reads, name: str, content: bytes) -> None:
    """Empty and hidden sheets do not count, nor do empty rows and columns around the records."""
    found = read(content, name)

    assert (found.header, found.rows) == (HEADER, MISSING_EMPTY)


@pytest.mark.row("ING-01")
@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (number("46027.333333333336", 1), "2026-01-05 08:00:00"),
        (number("46027.3333391204", 1), "2026-01-05 08:00:00.500000"),
        (number(46027, 2), "2026-01-05"),
        (number("0.5", 3), "12:00:00"),
        (number("1.25", 4), "30:00:00"),
        (number(7), "7"),
        (number("7.0"), "7"),
        (number(-3), "-3"),
        (number("2.5"), "2.5"),
        (number("0.1"), "0.1"),
        (number("20260000012345"), "20260000012345"),
        (number("1.5E+22"), "1.5e+22"),
        (('t="b"', "<v>1</v>"), "true"),
        (('t="b"', "<v>0</v>"), "false"),
        (('t="str"', "<v>a &amp; b</v>"), "a & b"),
        (('t="e"', "<v>#N/A</v>"), None),
        (("", ""), None),
        ("  text ", "  text "),
        ("007", "007"),
        ("two\nlines", "two\nlines"),
        ("Ωμέγα 🎫", "Ωμέγα 🎫"),
        ("x" * 32_767, "x" * 32_767),
    ],
)
def test_a_cell_becomes_the_text_that_stands_for_it(
    read: Reads, cell: Cell, text: str | None
) -> None:
    """Moments as ISO text without a zone, whole numbers without a point, errors as missing."""
    found = read(workbook({"Data": [["a", "b"], ["x", cell]]}), "export.xlsx")

    assert found.rows == [("x", text)]


def test_moments_of_a_workbook_are_of_the_zone_of_the_mapping(intake: Intake) -> None:
    """Excel knows none."""
    rows: Sheet = [[*HEADER], ["INC1", number("46027.333333333336", 1), "New", "A", "Ann"]]
    mapping = MAPPING.replace("zone: UTC", "zone: Asia/Tokyo")
    intake.takes(workbook({"Data": rows}), name="export.xlsx", mapping=mapping)

    [(at,)] = intake.rows("SELECT strftime(opened_at, '%Y-%m-%d %H:%M') FROM tickets")
    assert at == "2026-01-04 23:00"


def test_a_large_sheet_keeps_its_order(read: Reads) -> None:
    """Over more rows than are laid down at once."""
    rows: list[list[Cell]] = [["n", "t"]]
    rows += [[number(n), f"text {n % 7}"] for n in range(60_000)]
    found = read(workbook({"Data": rows}), "export.xlsx")

    assert found.column("n") == [str(n) for n in range(60_000)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            workbook({"A": USUAL, "B b": [["x"]]}),
            r"2 sheets that hold something: 'A', 'B b'\. .*own",
        ),
        (workbook({"A": [], "B": USUAL}, hidden=["B"]), "no sheet that is shown holds anything"),
        (workbook({"A": [["number", "team"]]}), "holds a header and no records"),
        (
            workbook({"A": [["Report"], ["number", "team"], ["a", "b"]]}),
            r"cell B2, but no name for",
        ),
        (workbook({"A": [["a", None, "c"], ["1", "2", "3"]]}), r"a value in cell B2, .* row 1"),
        (workbook({"A": [[], [None, "a"], [None, "1", "2"]]}), r"a value in cell C3, .* row 2"),
        (workbook({"A": [["a", "A"], ["1", "2"]]}), "'a' and 'A'"),
        (workbook({"A": [["a", " "], ["1", "2"]]}), "column 2 of the header has no name"),
        (workbook()[:-50], "export.xlsx is no readable Excel workbook: File is not a zip file"),
        (zipped(("other.xml", "x")), "no readable Excel workbook: .*Open it in Excel and save"),
        (workbook(inside={"xl/workbook.xml": "<workbook><sheets>"}), "no readable Excel workbook"),
        (
            workbook(inside={"xl/worksheets/sheet1.xml": "<worksheet><she"}),
            "Excel workbook|is empty",
        ),
        (b"number,team\nINC1,A\n", "is no Excel workbook: it looks like text"),
        (b"", "is no Excel workbook: it looks like an empty file"),
        (b"<!DOCTYPE html><html>", "it looks like a web page"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            r"an old Excel file \(\.xls\), or one wit",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(read: Reads, content: bytes, said: str) -> None:
    """With what to do next."""
    with pytest.raises(FileUnreadable, match=said):
        read(content, "export.xlsx")


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    "inside",
    [
        {"xl/sharedStrings.xml": '<sst count="99999999999" uniqueCount="99999999999"/>'},
        {
            "xl/worksheets/sheet1.xml": "<worksheet><sheetData>"
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        },
    ],
    ids=["strings without number", "a cell at the far end"],
)
def test_a_workbook_cannot_take_all_memory(
    read: Reads, monkeypatch: pytest.MonkeyPatch, inside: dict[str, str]
) -> None:
    """The library would end the process; it is another one, and an import goes on with a word."""
    monkeypatch.setattr(excel, "SHARE_OF_MEMORY", 16)

    with pytest.raises(FileUnreadable, match="asks for more memory than this machine can give"):
        read(workbook(inside=inside), "export.xlsx")


@pytest.mark.row("SEC-04")
def test_a_workbook_that_unpacks_to_far_too_much_is_refused(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a zip, and is weighed as one."""
    monkeypatch.setattr(weighing, "NEVER_STEEP", 1_000_000)

    with pytest.raises(FileUnreadable, match="no honest export does"):
        read(workbook(inside={"xl/media/image1.png": "\n" * 5_000_000}), "export.xlsx")
