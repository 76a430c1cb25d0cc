"""The program, run as a user runs it but in this process."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from opsgauge.cli import app
from opsgauge.cli.exits import run


@dataclass(frozen=True)
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer, read as JSON."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def opsgauge(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs `opsgauge` with arguments."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["opsgauge", *map(str, arguments)])
        capsys.readouterr()
        code = run(app._program)
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return call
