"""What the guide shows is what one gets."""

import re
from pathlib import Path

import pytest

from opsgauge.log.mapping import parse_mapping
from opsgauge.operations.drafting import draft_file, to_check, told, try_mapping
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "guides" / "mapping.md").read_text()


def blocks(kind: str) -> list[str]:
    """Return the blocks of a kind, in order."""
    return re.findall(rf"```{kind}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write the guide's example."""
    made = tmp_path / "desk_list.csv"
    made.write_text(blocks("csv")[0])
    return made


def test_the_draft_is_the_one_shown(file: Path) -> None:
    """Letter by letter, with what it gives."""
    made = draft_file(file)

    assert made.text == blocks("yaml")[0]
    assert "\n".join([*told(made), *to_check(made)]) in GUIDE


def test_the_mended_mapping_leaves_nothing_open(file: Path) -> None:
    """Every record is used and every word known."""
    seen = try_mapping(file, blocks("yaml")[1], "mapping").preview

    assert seen is not None
    assert (seen.tickets, seen.rejected, seen.unmapped) == (5, 0, {})


def test_every_part_that_is_shown_is_one_that_a_mapping_may_have() -> None:
    """Put into the whole one, one at a time."""
    whole = blocks("yaml")[1]
    for part in blocks("yaml")[2:]:
        key = part.split(":", 1)[0]
        bare = re.sub(rf"^{key}:.*?(?=^\S|\Z)", "", whole, flags=re.MULTILINE | re.DOTALL)
        if key == "changes":
            bare = bare.replace("shape: tickets", "shape: changes").replace(
                "opened_at", "updated_at"
            )
        parse_mapping(bare + part, f"the guide's {key}")
