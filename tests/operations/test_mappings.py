"""Mappings are found by path or name, and kept under a name that cannot lead elsewhere."""

from pathlib import Path

import pytest

from opsgauge.foundation.errors import MappingWrong, NotAllowed
from opsgauge.foundation.settings import Workspace
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.mappings import find_mapping, keep_mapping, mapping_files
from tests.conftest import MAPPING

OTHER = MAPPING.replace("Work: in_progress", "Work: assigned")


@pytest.fixture
def ctx(workspace: Workspace) -> Context:
    """Return the context of an empty workspace."""
    return Context(workspace)


def test_a_mapping_is_found_by_its_path_or_name(ctx: Context, tmp_path: Path) -> None:
    """In the workspace or anywhere."""
    kept = keep_mapping(ctx, "desk", MAPPING)
    elsewhere = tmp_path / "mine.yml"
    elsewhere.write_text(OTHER)

    assert kept.parent == ctx.workspace.path / "mappings"
    assert find_mapping(ctx, "desk")[1] == MAPPING
    assert find_mapping(ctx, str(elsewhere))[1] == OTHER
    assert list(mapping_files(ctx)) == ["desk"]


def test_a_name_that_is_not_there_gets_the_nearest(ctx: Context) -> None:
    """With the folder that was looked in."""
    keep_mapping(ctx, "desk", MAPPING)
    with pytest.raises(MappingWrong, match="Did you mean 'desk'"):
        find_mapping(ctx, "dsk")


@pytest.mark.parametrize(
    "name", ["", "../desk", "a/b", "a.b", "9", "-a", "x" * 61, "a b", "ä", "a\n"]
)
def test_a_name_is_no_path(ctx: Context, name: str) -> None:
    """Letters, digits, - and _ alone."""
    with pytest.raises(MappingWrong, match="cannot be called"):
        keep_mapping(ctx, name, MAPPING)
    assert mapping_files(ctx) == {}


def test_another_of_that_name_is_replaced_only_if_asked(ctx: Context) -> None:
    """The same again changes nothing."""
    file = keep_mapping(ctx, "desk", MAPPING)
    assert keep_mapping(ctx, "desk", MAPPING) == file
    with pytest.raises(MappingWrong, match="says something else"):
        keep_mapping(ctx, "desk", OTHER)
    assert file.read_text() == MAPPING

    keep_mapping(ctx, "desk", OTHER, replace=True)
    assert file.read_text() == OTHER


def test_a_mapping_with_a_fault_is_not_kept(ctx: Context) -> None:
    """It is checked before it is written."""
    with pytest.raises(MappingWrong, match="no phase"):
        keep_mapping(ctx, "desk", MAPPING.replace("Done: resolved", "Done: resolvd"))
    assert mapping_files(ctx) == {}


def test_a_reader_may_keep_none(workspace: Workspace) -> None:
    """It asks for the right to import."""
    with pytest.raises(NotAllowed):
        keep_mapping(Context(workspace, actor=everywhere("ana", "viewer")), "desk", MAPPING)
