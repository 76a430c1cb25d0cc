"""Separated text: cut as it was meant, and what does not fit is set aside with its place."""

from collections.abc import Callable

import pytest

from opsgauge.foundation.errors import FileUnreadable
from tests.sources.conftest import Read

Reads = Callable[..., Read]

PLAIN = "number,state,team\nINC1,New,A\nINC2,Done,B\n"
BOTH = [("INC1", "New", "A"), ("INC2", "Done", "B")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["export.csv", "EXPORT.CSV", "export.tsv", "export.txt"])
def test_the_separator_is_found(read: Reads, separator: str, name: str) -> None:
    """Whatever the file is called."""
    assert read(PLAIN.replace(",", separator), name).rows == BOTH


def test_a_separator_inside_quotes_does_not_mislead(read: Reads) -> None:
    """More commas than semicolons, but the semicolons cut evenly."""
    found = read('number;team\nINC1;"A, B, C, D"\nINC2;"E, F"\n')

    assert found.rows == [("INC1", "A, B, C, D"), ("INC2", "E, F")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_do_on_any_system(read: Reads, end: str) -> None:
    """Unix, Windows and old Macintosh."""
    assert read(PLAIN.replace("\n", end)).rows == BOTH


def test_a_missing_last_line_end_loses_nothing(read: Reads) -> None:
    """The last record is one all the same."""
    assert read(PLAIN.removesuffix("\n")).rows == BOTH


@pytest.mark.parametrize("header", ["number,state,team", '"number","state","team"'])
def test_a_byte_order_mark_is_no_part_of_a_name(read: Reads, header: str) -> None:
    """Excel writes one before the header."""
    found = read(f"\ufeff{header}\nINC1,New,A\n")

    assert found.header == ("number", "state", "team")
    assert found.rows == [("INC1", "New", "A")]


def test_quotes_keep_line_ends_separators_and_quotes(read: Reads) -> None:
    """Inside quotes everything is content, a doubled quote is one."""
    found = read('number,text\nINC1,"a\nb, ""c"""\nINC2,"d\r\ne"\nINC3,f\n')

    assert found.rows == [("INC1", 'a\nb, "c"'), ("INC2", "d\r\ne"), ("INC3", "f")]


def test_a_backslash_is_a_character_like_any_other(read: Reads) -> None:
    """It does not escape the quote after it."""
    assert read('number,path\nINC1,"C:\\"\nINC2,D:\\\n').column("path") == ["C:\\", "D:\\"]


def test_an_empty_field_is_missing(read: Reads) -> None:
    """Written with quotes or without."""
    assert read('number,team\nINC1,\nINC2,""\n').column("team") == [None, None]


def test_blank_lines_are_no_records(read: Reads) -> None:
    """Neither in the middle nor at the end."""
    found = read("number,state,team\nINC1,New,A\n\nINC2,Done,B\n\n\n")

    assert (found.rows, found.faulty) == (BOTH, [])


def test_a_file_may_have_one_column(read: Reads) -> None:
    """There is no separator then."""
    assert read("number\nINC1\nINC2\n").rows == [("INC1",), ("INC2",)]


def test_rows_that_do_not_fit_are_set_aside_with_their_place(read: Reads) -> None:
    """The second record is too short, the fourth too long; the others are read."""
    found = read("number,state,team\nINC1,New,A\nINC9,New\nINC2,Done,B\nINC8,New,A,extra,more\n")

    assert found.rows == BOTH
    assert [place for place, _ in found.faulty] == [2, 4]
    assert all("Expected Number of Columns: 3" in reason for _, reason in found.faulty)


def test_a_line_end_inside_quotes_does_not_shift_the_place(read: Reads) -> None:
    """Records are counted, not lines."""
    found = read('number,text\nINC1,"a\nb\nc"\nINC9\nINC2,d\n')

    assert [place for place, _ in found.faulty] == [2]


def test_a_quote_that_never_ends_is_told(read: Reads) -> None:
    """What it swallowed cannot be cut into records; it is one fault, and what came before stays."""
    found = read('number,text\nINC1,a\nINC2,"b\nINC3,c\n')

    assert found.rows == [("INC1", "a")]
    assert [place for place, _ in found.faulty] == [2]
    assert "quote" in found.faulty[0][1]


def test_a_large_file_keeps_its_order(read: Reads) -> None:
    """Read by several threads, with line ends inside fields, and a fault in between."""
    rows = 120_000
    text = "".join(f'{n},"two\nlines {n % 7}",{"x" * (n % 300)}\n' for n in range(rows))
    cut = text.index("\n60000,") + 1
    found = read("n,text,more\n" + text[:cut] + "fault\n" + text[cut:])

    assert len(text) > 15_000_000
    assert [int(str(n)) for n in found.column("n")] == list(range(rows))
    assert [place for place, _ in found.faulty] == [60_001]


@pytest.mark.parametrize("length", [200_000, 1_000_000])
@pytest.mark.parametrize("before", [0, 200])
def test_a_very_long_field_is_read_whole(read: Reads, length: int, before: int) -> None:
    """In the lines that are looked at first, and after them."""
    short = "INC0,a\n" * before
    found = read(f"number,text\n{short}INC1,{'x' * length}\nINC2,b\n")

    assert found.rows[-2:] == [("INC1", "x" * length), ("INC2", "b")]


@pytest.mark.parametrize("before", [0, 200])
def test_a_line_beyond_all_measure_is_set_aside(read: Reads, before: int) -> None:
    """One of twenty million characters is no record, and does not stop the next."""
    short = "INC0,a\n" * before
    found = read(f"number,text\n{short}INC1,{'x' * 20_000_000}\nINC2,b\n")

    assert found.rows == [("INC0", "a")] * before + [("INC2", "b")]
    assert [place for place, _ in found.faulty] == [before + 1]


@pytest.mark.parametrize("content", ["", "\n", " \n \n", "\ufeff"])
def test_an_empty_file_is_refused(read: Reads, content: str) -> None:
    """There is not even a header."""
    with pytest.raises(FileUnreadable, match=r"export\.csv is empty\. Export it again"):
        read(content)


def test_a_blank_first_line_is_refused(read: Reads) -> None:
    """The header must be the first line; none is guessed."""
    with pytest.raises(FileUnreadable, match="begins with a blank line"):
        read("\nnumber,team\nINC1,A\n")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("number,team,team", "'team' and 'team'"),
        ("number,team,Team", "'team' and 'Team'"),
        ("number,,team", "column 2 of the header has no name"),
        ("number, ,team", "column 2 of the header has no name"),
    ],
)
def test_a_header_that_names_nothing_or_twice_is_refused(
    read: Reads, header: str, said: str
) -> None:
    """It could not be said which column a mapping means."""
    with pytest.raises(FileUnreadable, match=said):
        read(f"{header}\nINC1,A,B\n")


def test_one_damaged_line_is_set_aside(read: Reads) -> None:
    """Among letters that are whole; wherever it stands, only the record is at fault."""
    good, bad = "INC1,Zoë\n".encode(), "INC2,Büro\n".encode("latin-1")
    for before in (0, 60_000):
        found = read(b"number,team\n" + good * before + bad + good * 3)

        assert found.column("team") == ["Zoë"] * (before + 3)
        assert found.faulty[0][0] == before + 1
        assert "utf-8" in found.faulty[0][1]


def test_a_header_with_damaged_letters_is_refused(read: Reads) -> None:
    """No mapping could name the column."""
    with pytest.raises(FileUnreadable, match="the header holds letters that are not UTF-8"):
        read("number,Büro\n".encode("latin-1") + "INC1,Zoë\n".encode() * 9)


MIXED = [
    "number,team\r\nINC1,A\nINC2,B\r\n",
    "number,team\nINC1,A\r\nINC2,B\n",
    "number,team\rINC1,A\nINC2,B\r\n",
    "\ufeffnumber,team\r\nINC1,A\rINC2,B",
]


@pytest.mark.parametrize("text", MIXED)
def test_mixed_line_ends_are_read(read: Reads, text: str) -> None:
    """The engine alone would refuse them."""
    found = read(text)

    assert (found.header, found.rows) == (("number", "team"), [("INC1", "A"), ("INC2", "B")])
    assert found.faulty == []


def test_mixed_line_ends_inside_quotes_stay_as_they_are(read: Reads) -> None:
    """Those outside are made alike, and rows that do not fit are still set aside."""
    found = read(
        'number;team\r\nINC1;"a\r\nb;\nc"\nINC2;5" disk\r\nINC3\nINC4;"d ""\r\n"" e"\r\nINC5;"f\rg"'
    )

    assert found.rows == [
        ("INC1", "a\r\nb;\nc"),
        ("INC2", '5" disk'),
        ("INC4", 'd "\r\n" e'),
        ("INC5", "f\rg"),
    ]
    assert [place for place, _ in found.faulty] == [3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", r"no separated text: it looks like a PNG picture"),
        (b"PK\x03\x04\x14\0", r"it looks like a zip archive .* Name it \.zip or \.xlsx"),
        (b"\x1f\x8b\x08\0", r"it looks like a gzipped file\. Add \.gz to its name"),
        (b"\n <!DOCTYPE html><html>Sign in", r"it looks like a web page, .* sign in to the tool"),
        (b'[{"number": "INC1"}]', r"it looks like JSON\. Name it \.json"),
        (b'<?xml version="1.0"?><log/>', r"it looks like XML"),
        (b"\x7fELF\x02\x01\x01\0\0", r"it holds zero bytes, the first at byte 8"),
    ],
)
def test_a_file_that_is_something_else_is_told_so(read: Reads, content: bytes, said: str) -> None:
    """By its first bytes, with what to do next."""
    with pytest.raises(FileUnreadable, match=said):
        read(content)
