"""Text in any encoding is read as it was written, or refused with the byte and the way out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files.encoding import BLOCK, Lines, as_utf8, look_through
from tests.sources.conftest import Read

Reads = Callable[..., Read]

TEXT = "number,team\nINC1,Büro Łódź\nINC2,出来事 🎫\n"
BOTH = [("INC1", "Büro Łódź"), ("INC2", "出来事 🎫")]
WESTERN = "number,team\nINC1,Büro €\n"


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_how_a_text_is_written(read: Reads, encoding: str) -> None:
    """Excel writes UTF-8 and UTF-16 with one; neither needs a word in the mapping."""
    assert read(TEXT.encode(encoding)).rows == BOTH


def test_a_mark_of_the_other_byte_order_is_known_too(read: Reads) -> None:
    """As older machines write it."""
    assert read(b"\xfe\xff" + TEXT.encode("utf-16-be")).rows == BOTH


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("cp1252", WESTERN), ("utf-16-le", TEXT), ("UTF-16BE", TEXT), ("utf-8", TEXT)],
)
def test_without_a_mark_the_mapping_says_it(read: Reads, encoding: str, text: str) -> None:
    """In any spelling that is known."""
    found = read(text.encode(encoding), encoding=encoding)

    assert found.rows == (BOTH if text is TEXT else [("INC1", "Büro €")])


def test_the_mark_knows_better_than_the_mapping(read: Reads) -> None:
    """One file of many may have been saved again by hand."""
    assert read(TEXT.encode("utf-16"), encoding="cp1252").rows == BOTH


@pytest.mark.parametrize("name", ["export.jsonl", "export.json"])
def test_json_may_be_in_another_encoding_too(read: Reads, name: str) -> None:
    """It is text like any other."""
    content = '{"team": "Büro"}\n{"team": "Zoë"}\n'

    assert read(content.encode("utf-16"), name).column("team") == ["Büro", "Zoë"]
    assert read(content.encode("cp1252"), name, encoding="cp1252").column("team")[0] == "Büro"


@pytest.mark.parametrize("before", [0, 3 * BLOCK])
def test_what_is_not_utf_8_is_refused_with_its_place_and_the_way_out(
    read: Reads, before: int
) -> None:
    """Wherever its first letter stands; half of the names would be lost otherwise."""
    lines = before // 100
    text = "number,team\n" + ("x" * 96 + ",yy\n") * lines
    with pytest.raises(FileUnreadable) as told:
        read((text + "INC1,Büro\n").encode("cp1252"))

    assert told.value.message == (
        f"export.csv is not UTF-8 text: byte {len(text) + 7:,}, on line {lines + 2:,}, is 0xfc "
        "and cannot be read."
    )
    assert "`encoding: cp1252`" in told.value.hint


def test_a_letter_over_the_edge_of_a_block_is_one_letter(tmp_path: Path) -> None:
    """Blocks are cut where they fall."""
    file = tmp_path / "export.csv"
    for shift in range(4):
        file.write_bytes(b"x" * (BLOCK - shift) + "🎫\n".encode())

        assert look_through(file) == Lines(unix=True, windows=False, old_macintosh=False)


def test_a_stray_byte_over_the_edge_of_a_block_has_its_place(tmp_path: Path) -> None:
    """Counted from the beginning of the file, from 1."""
    file = tmp_path / "export.csv"
    file.write_bytes(b"x\n" * (BLOCK // 2 - 1) + b"yy\xe2\x82\n")

    with pytest.raises(
        FileUnreadable, match=f"byte {BLOCK + 1:,}, on line {BLOCK // 2:,}, is 0xe2"
    ):
        look_through(file)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("a", ""),
        ("a\nb\n", "unix"),
        ("a\r\nb\r\n", "windows"),
        ("a\rb\r", "old"),
        ("a\rb", "old"),
        ("a\r", "old"),
        ("a\r\nb\nc\rd", "unix windows old"),
        ("\n" + "x" * BLOCK + "\r\n", "unix windows"),
        ("\r\n" + "x" * BLOCK + "\n", "unix windows"),
        ("x" * (BLOCK - 1) + "\r\ny", "windows"),
        ("x" * (BLOCK - 1) + "\r\ny\r\n", "windows"),
        ("x" * (BLOCK - 1) + "\r\ny\n", "unix windows"),
        ("x" * (BLOCK - 1) + "\ry\n", "unix old"),
        ("x" * (BLOCK - 1) + "\r" + "y" * BLOCK, "old"),
    ],
)
def test_ways_in_which_lines_end_are_told(tmp_path: Path, text: str, ends: str) -> None:
    """One that is cut by the edge of a block is one."""
    file = tmp_path / "export.csv"
    file.write_bytes(text.encode())
    found = look_through(file)

    assert found == Lines("unix" in ends, "windows" in ends, "old" in ends)
    assert found.mixed == (" " in ends)


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("before", [0, 200, 100_000])
def test_zero_bytes_are_told_wherever_they_stand(read: Reads, before: int) -> None:
    """A copy that broke off leaves them; the rest of such a line is not to be trusted."""
    place = 12 + 7 * before + 7
    with pytest.raises(FileUnreadable) as told:
        read(b"number,team\n" + b"INC1,A\n" * before + b"INC2,A\0B\n" + b"INC1,A\n" * 9)

    assert told.value.message == (
        f"export.csv is no text: it holds zero bytes, the first at byte {place:,} on line "
        f"{before + 2:,}."
    )
    assert "utf-16" not in told.value.hint


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")]
)
def test_wide_text_without_its_mark_is_recognised(read: Reads, encoding: str, said: str) -> None:
    """The message names the line for the mapping."""
    with pytest.raises(FileUnreadable, match=f"`encoding: {said}`"):
        read("number,team\nINC1,Büro\n".encode(encoding))


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (TEXT.encode("utf-16")[:-1], "", "is not utf-16 text: byte 79, near line 3"),
        (b"number,team\nINC1,\x81\n", "cp1252", "is not cp1252 text: byte 18, near line 2"),
        (b"number,team\nINC1,A\0\n", "cp1252", "it holds zero bytes"),
        ("a,b\n\ud800".encode("utf-16", "surrogatepass"), "", "is not utf-16 text"),
    ],
)
def test_a_text_that_does_not_hold_to_its_encoding_is_refused(
    read: Reads, content: bytes, encoding: str, said: str
) -> None:
    """Whoever named it."""
    with pytest.raises(FileUnreadable, match=said):
        read(content, encoding=encoding)


def test_a_large_text_is_written_anew_in_blocks(tmp_path: Path) -> None:
    """A letter may be cut by the edge of one."""
    file = tmp_path / "export.csv"
    text = "number,team\n" + "INC1,x🎫\n" * 300_000
    file.write_bytes(text.encode("utf-16"))

    copy = as_utf8(file, tmp_path)
    assert copy != file
    assert copy.name == file.name
    assert copy.read_text(encoding="utf-8") == text


def test_utf_8_is_not_copied(tmp_path: Path) -> None:
    """There is nothing to write anew."""
    file = tmp_path / "export.csv"
    file.write_text(TEXT, encoding="utf-8")

    assert as_utf8(file, tmp_path) == file
    assert as_utf8(file, tmp_path, "UTF8") == file
