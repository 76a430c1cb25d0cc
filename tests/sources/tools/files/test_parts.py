"""Rows laid down in portions come back as they were taken, in their order."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import parts
from opsgauge.sources.tools.files.parts import Parts, check_names
from opsgauge.warehouse.engine import connect

FILE = Path("export.jsonl")


def test_portions_make_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number and by weight, with columns that come and go, and faults counted between."""
    monkeypatch.setattr(parts, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(parts, "TEXT_AT_ONCE", 50)
    laid = Parts(FILE, tmp_path)
    for n in range(10):
        laid.add({"n": str(n), **({"long": "x" * 60} if n == 4 else {}), "t": None})
        if n % 2:
            laid.set_aside(f"fault after {n}")
    opened = laid.opened()

    database = connect()
    rows = database.execute(f"SELECT n, long, t FROM {opened.rows}").fetchall()
    faulty = database.execute(opened.faulty).fetchall()
    database.close()
    assert opened.header == ("n", "t", "long")
    assert rows == [(str(n), "x" * 60 if n == 4 else None, None) for n in range(10)]
    assert faulty == [(place, f"fault after {place // 3 * 2 - 1}") for place in (3, 6, 9, 12, 15)]
    assert laid.read == 15
    assert len(list(tmp_path.glob("rows-*.parquet"))) == 4  # of 3, 2, 3 and 2 rows


def test_nothing_taken_is_refused(tmp_path: Path) -> None:
    """Also where all that came was faulty."""
    laid = Parts(FILE, tmp_path)
    laid.set_aside("no")

    with pytest.raises(FileUnreadable, match=r"export\.jsonl holds no records that can be read"):
        laid.opened()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a", ""], "column 2 of the header has no name"),
        (["a", " \t"], "column 2 of the header has no name"),
        (["Team", "team"], "'Team' and 'team', which differ in nothing but case"),
        (["a", "a"], "'a' and 'a'"),
        (["a\0"], "column 1 has no usable name"),
        (["x" * 501], r"column 1 has no usable name: 'x{40}' \.\.\. \(501 characters\)"),
        ([str(n) for n in range(2_001)], "has more than 2,000 columns"),
    ],
)
def test_columns_that_no_mapping_could_name_are_refused(names: list[str], said: str) -> None:
    """Or that could not be told from each other."""
    with pytest.raises(FileUnreadable, match=said):
        check_names(FILE, names)


def test_odd_names_are_names() -> None:
    """Blanks within, quotes, points, any script, and as many as tables have."""
    check_names(FILE, ["a b", '"', "a.b", "größe", "出来事", "x" * 500, *map(str, range(1_900))])
