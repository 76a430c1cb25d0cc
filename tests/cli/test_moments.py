"""Moments on the terminal: on the workspace's clock, its zone named, by one function alone."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import opsgauge
from opsgauge.cli.moments import moment, with_zone, zoned
from opsgauge.operations.context import Context
from tests.conftest import Intake

CLI = Path(opsgauge.__file__).parent / "cli"


@pytest.fixture
def tokyo(intake: Intake) -> Context:
    """Return a workspace nine hours ahead."""
    settings = intake.workspace.settings.model_copy(update={"zone": "Asia/Tokyo"})
    return Context(replace(intake.workspace, settings=settings))


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-05T22:30:00.000000Z",
        "2026-01-05T22:30:00+00:00",
        datetime.fromisoformat("2026-01-05T22:30:00Z"),
        datetime.fromisoformat("2026-01-05T22:30:00"),
    ],
)
def test_a_moment_stands_on_the_workspaces_clock(tokyo: Context, value: datetime | str) -> None:
    """However it is kept; the zone is named beside it."""
    assert moment(value, tokyo) == "2026-01-06 07:30"
    assert with_zone(value, tokyo) == "2026-01-06 07:30 (Asia/Tokyo)"
    assert zoned("When", tokyo) == "When (Asia/Tokyo)"


def test_what_was_not_yet_is_empty(tokyo: Context) -> None:
    """Neither a moment nor a word for it."""
    assert (moment(None, tokyo), moment("", tokyo)) == ("", "")


@pytest.mark.parametrize("file", sorted(CLI.glob("*.py")), ids=lambda file: file.stem)
def test_no_command_writes_an_instant_by_itself(file: Path) -> None:
    """It would be in UTC and not say so: neither cut out of its text, nor by what pages use."""
    text = file.read_text()
    assert not re.findall(r"_at\"?\]?(?: or [^)]*\))?\[:1\d\]", text)
    assert not re.search(r"units import .*\binstant\b", text)
    assert not re.search(r"[a-z]_at or \"", text)
