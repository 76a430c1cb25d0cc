"""Line ends are made alike outside quotes, and nothing else is touched."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.sources.tools.files import line_ends
from opsgauge.sources.tools.files.line_ends import make_alike


def alike(text: str, folder: Path, separator: str = ",") -> str:
    """Return what becomes of a text."""
    file, copy = folder / "given.csv", folder / "alike.csv"
    file.write_bytes(text.encode())
    make_alike(file, copy, separator)
    return copy.read_bytes().decode()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a,b\r\nc,d\ne,f\rg", "a,b\nc,d\ne,f\ng"),
        ('"a\r\nb",c\r\nd', '"a\r\nb",c\nd'),
        ('a,"b""\r""c"\r\n"d"\r', 'a,"b""\r""c"\n"d"\n'),
        ('a,5" disk\r\nb,"x\ry"\r', 'a,5" disk\nb,"x\ry"\n'),
        ('\ufeff"a\rb",c\r\n', '\ufeff"a\rb",c\n'),
        ('a,""\r\n"",b\r', 'a,""\n"",b\n'),
        ('a,"never ends\r\nb,c\r\n', 'a,"never ends\r\nb,c\r\n'),
        ("a;b\r\n", "a;b\n"),
    ],
)
def test_only_ends_outside_quotes_change(tmp_path: Path, text: str, made: str) -> None:
    """A quote in the middle of a field begins nothing."""
    assert alike(text, tmp_path) == made


@given(
    rows=st.lists(
        st.lists(st.text(st.sampled_from('a;"\r\n '), max_size=6), min_size=2, max_size=3),
        min_size=1,
        max_size=8,
    ),
    ends=st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=8, max_size=8),
)
def test_whatever_quotes_hold_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    ends: list[str],
) -> None:
    """Fields written by the standard library, lines ended in any way."""
    text = ""
    for row, end in zip(rows, ends, strict=False):
        line = io.StringIO()
        csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator=end).writerow(row)
        text += line.getvalue()
    made = alike(text, tmp_path_factory.mktemp("alike"), ";")

    assert list(csv.reader(io.StringIO(made, newline=""), delimiter=";")) == rows
    outside = "".join(part for place, part in enumerate(made.split('"')) if place % 2 == 0)
    assert "\r" not in outside


def test_long_lines_are_taken_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that is open where a piece ends is open in the next."""
    monkeypatch.setattr(line_ends, "PIECE", 7)

    assert alike('abc,"defghijkl\r\nmnopqrstuvw",x\r\ny', tmp_path) == (
        'abc,"defghijkl\r\nmnopqrstuvw",x\ny'
    )
