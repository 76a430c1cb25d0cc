"""Packed files: what is inside is found, checked and weighed before it is read."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import weighing
from tests.sources.conftest import Read

Reads = Callable[..., Read]

PLAIN = b"number,team\n" + b"".join(b"INC%d,Team %d\n" % (n, n * 7919 % 997) for n in range(5_000))


def zipped(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of those members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def bent(content: bytes, place: float = 0.5) -> bytes:
    """Return the content with two bytes changed."""
    at = int(len(content) * place)
    return content[:at] + bytes(255 - byte for byte in content[at : at + 2]) + content[at + 2 :]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.csv", PLAIN),
        ("export.csv.gz", gzip.compress(PLAIN)),
        ("EXPORT.CSV.GZ", gzip.compress(PLAIN)),
        ("export.zip", zipped(("export.csv", PLAIN))),
        ("export.csv.zip", zipped(("folder/export.csv", PLAIN))),
        ("export.zip", zipped(("export.csv.gz", gzip.compress(PLAIN)))),
        ("export.zip", zipped(("read me.md", b"hello"), ("export.csv", PLAIN))),
        ("export.zip", zipped(("__MACOSX/export.csv", b"x"), ("export.csv", PLAIN))),
        ("export.zip", zipped(("export.csv", PLAIN), how=zipfile.ZIP_LZMA)),
    ],
)
def test_packed_or_not_the_records_are_the_same(read: Reads, name: str, content: bytes) -> None:
    """Zip, gzip, gzip inside a zip, and what a Macintosh adds."""
    found = read(content, name)

    assert found.header == ("number", "team")
    assert len(found.rows) == 5_000
    assert found.rows[4_999] == ("INC4999", f"Team {4_999 * 7919 % 997}")


def test_gzip_files_one_after_the_other_are_one(read: Reads) -> None:
    """As `cat a.gz b.gz` makes them."""
    both = gzip.compress(b"number,team\nINC1,A\n") + gzip.compress(b"INC2,B\n")

    assert read(both, "export.csv.gz").column("number") == ["INC1", "INC2"]


@pytest.mark.parametrize(
    "damage",
    [
        gzip.compress(PLAIN)[:-6],
        gzip.compress(PLAIN)[: len(gzip.compress(PLAIN)) // 2],
        gzip.compress(PLAIN)[:30],
        bent(gzip.compress(PLAIN)),
        bent(gzip.compress(PLAIN), 0.02),
        bent(gzip.compress(PLAIN), 0.97),
        PLAIN,
        b"",
    ],
    ids=["tail", "half", "head", "bent", "bent early", "bent late", "not gzip", "empty"],
)
def test_a_damaged_gzip_is_refused(read: Reads, damage: bytes) -> None:
    """DuckDB alone would take bent bytes as they come; the sum at the end is what tells."""
    with pytest.raises(FileUnreadable, match=r"export\.csv(\.gz is no readable gz| is empty)"):
        read(damage, "export.csv.gz")


@pytest.mark.parametrize(
    "damage",
    [
        zipped(("export.csv", PLAIN))[:-30],
        zipped(("export.csv", PLAIN))[:100],
        bent(zipped(("export.csv", PLAIN)), 0.4),
        bent(zipped(("export.csv", PLAIN)), 0.01),
        bent(zipped(("export.csv", PLAIN), how=zipfile.ZIP_LZMA), 0.4),
        bent(zipped(("export.csv", PLAIN), how=zipfile.ZIP_BZIP2), 0.4),
        b"no zip at all",
        b"",
    ],
    ids=["tail", "head", "bent", "bent early", "bent lzma", "bent bzip2", "no zip", "empty"],
)
def test_a_damaged_zip_is_refused(read: Reads, damage: bytes) -> None:
    """However it is packed."""
    with pytest.raises(FileUnreadable, match=r"export\.zip is no readable zip"):
        read(damage, "export.zip")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("export.zip", b"<!DOCTYPE html>", r"no readable zip: it looks like a web page"),
        ("export.csv.gz", b"number,team", r"no readable gz: it looks like text"),
        ("export.csv.gz", zipped(("a.csv", PLAIN)), r"it looks like a zip .* Name it \.zip"),
        ("export.zip", gzip.compress(PLAIN), r"it looks like a gzipped file\. Add \.gz"),
    ],
)
def test_a_packed_file_that_is_something_else_is_told_so(
    read: Reads, name: str, content: bytes, said: str
) -> None:
    """With what to do next."""
    with pytest.raises(FileUnreadable, match=said):
        read(content, name)


def test_an_encrypted_zip_is_refused(read: Reads) -> None:
    """The flag says so; nobody is asked for a password."""
    packed = bytearray(zipped(("export.csv", PLAIN)))
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileUnreadable, match="encrypted"):
        read(bytes(packed), "export.zip")


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("a.csv", PLAIN), ("b.csv", PLAIN)], r"it holds a\.csv, b\.csv"),
        ([("a.csv", PLAIN), ("b.xes", b"")], r"it holds a\.csv, b\.xes"),
        ([("a.md", PLAIN)], "it holds none"),
        ([], "it holds none"),
        ([("inner.zip", zipped(("a.csv", PLAIN)))], "it holds none"),
    ],
)
def test_a_zip_holds_one_file_of_records(
    read: Reads, members: list[tuple[str, bytes]], said: str
) -> None:
    """Which of several is meant is not guessed; a zip in a zip is not opened."""
    with pytest.raises(FileUnreadable, match=said):
        read(zipped(*members), "export.zip")


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/evil.csv", "a/../../evil.csv", "..\\evil.csv"]
)
def test_a_member_cannot_climb_out_of_the_work_folder(
    read: Reads, tmp_path: Path, name: str
) -> None:
    """Only the last part of its name is used, so nothing is written anywhere else."""
    found = read(zipped((name, PLAIN)), "export.zip")

    assert len(found.rows) == 5_000
    [written] = tmp_path.rglob("*evil.csv")
    assert written.parent.name.startswith("work-")
    assert not list(tmp_path.parent.glob("*evil.csv"))
    assert not Path("/evil.csv").exists()


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.zip", zipped(("export.csv", b"\n" * 120_000_000))),
        ("export.csv.gz", gzip.compress(b"\n" * 120_000_000)),
    ],
    ids=["zip", "gzip"],
)
def test_what_unpacks_to_far_too_much_is_refused(read: Reads, name: str, content: bytes) -> None:
    """A few kilobytes that become a hundred megabytes of nothing."""
    assert len(content) < 200_000
    with pytest.raises(FileUnreadable, match="no honest export does"):
        read(content, name)


@pytest.mark.row("SEC-04")
def test_a_zip_that_lies_about_its_size_is_refused(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is weighed too, not only what the zip says of itself."""
    monkeypatch.setattr(weighing, "NEVER_STEEP", 1_000_000)
    packed = bytearray(zipped(("export.csv", b"\n" * 3_000_000)))
    entry = packed.rindex(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = struct.pack("<I", 10)

    with pytest.raises(FileUnreadable):
        read(bytes(packed), "export.zip")


def test_a_large_file_is_refused_by_its_size_alone(
    read: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little it shrank."""
    monkeypatch.setattr(weighing, "LARGEST_UNPACKED", 10_000)

    with pytest.raises(FileUnreadable, match="no honest export does"):
        read(gzip.compress(PLAIN), "export.csv.gz")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.doc", PLAIN),
        ("export", PLAIN),
        ("export.csv.bz2", bz2.compress(PLAIN)),
        ("export.csv.xz", lzma.compress(PLAIN)),
        ("export.gz", gzip.compress(PLAIN)),
    ],
)
def test_an_unknown_kind_is_refused_with_those_that_are_known(
    read: Reads, name: str, content: bytes
) -> None:
    """The message lists what can be read."""
    with pytest.raises(FileUnreadable, match=r"of no kind.*\.csv, \.tsv, .*\.xes, .* or \.sqlite"):
        read(content, name)


def test_a_name_too_long_for_a_folder_is_cut(read: Reads) -> None:
    """Zips know no limit."""
    assert len(read(zipped((f"{'x' * 400}.csv", PLAIN)), "export.zip").rows) == 5_000


def test_of_many_files_in_a_zip_some_are_named(read: Reads) -> None:
    """A message is no list."""
    many = [(f"{n:03}.csv", PLAIN[:20]) for n in range(300)]
    with pytest.raises(FileUnreadable, match=r"it holds 000\.csv, .*, 011\.csv and 288 more"):
        read(zipped(*many), "export.zip")
