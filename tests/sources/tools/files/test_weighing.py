"""A trap is told from an honest file by how much comes out of how little."""

import io
import zipfile
from pathlib import Path

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files.weighing import weigh, weigh_all
from tests.sources.odd_files import zipped

FILE = Path("export.zip")


@pytest.mark.parametrize(
    ("size", "packed"),
    [(0, 0), (99_000_000, 1), (3_000_000_000, 100_000_000), (20_000_000_000, 2_000_000_000)],
)
def test_honest_files_pass(size: int, packed: int) -> None:
    """Small ones whatever they shrank to, large ones that shrank as records do."""
    weigh(size, packed, FILE)


@pytest.mark.parametrize(
    ("size", "packed"), [(101_000_000, 500_000), (20_000_000_001, 20_000_000_000)]
)
def test_a_trap_is_refused(size: int, packed: int) -> None:
    """Steep, or beyond all measure."""
    with pytest.raises(FileUnreadable, match=r"export\.zip unpacks to .* no honest export does"):
        weigh(size, packed, FILE)


def test_members_are_weighed_together() -> None:
    """Each of three may pass alone."""
    block = bytes(60_000_000)
    one, three = zipped(("a", block)), zipped(("a", block), ("b", block), ("c", block))

    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        weigh_all(archive, FILE)
    with zipfile.ZipFile(io.BytesIO(three)) as archive, pytest.raises(FileUnreadable):
        weigh_all(archive, FILE)
