"""A small desk behind a server, asked without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake

LOG = "number,at,state,team,who\n" + "".join(
    f"T{n},2026-01-{1 + n % 28:02}T08:00Z,New,Desk,ann\n"
    f"T{n},2026-01-{1 + n % 28:02}T{9 + n % 8:02}:00Z,Work,{'Desk' if n % 3 else 'Network'},bob\n"
    f"T{n},2026-01-{1 + n % 28:02}T{17 + n % 6:02}:00Z,{'Done' if n % 4 else 'Wait'},Desk,bob\n"
    for n in range(60)
)
SERVICE_LEVEL = """
in_time:
  title: Resolved in time
  kind: resolution
  targets: [{within: 8 h}]
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace of sixty tickets."""
    held = Intake.again(_imported, tmp_path_factory.mktemp("desk"))
    yield held
    held.close()


def _imported(folder: Path) -> Intake:
    held = Intake(folder)
    held.takes(LOG)
    (held.workspace.path / "service_levels" / "desk.yaml").write_text(SERVICE_LEVEL)
    return held


@pytest.fixture(scope="module")
def client(desk: Intake) -> TestClient:
    """Return a browser of this machine."""
    context = Context(desk.context.workspace, readers=Readers(in_memory=True, remember=True))
    return TestClient(
        make_app(context), base_url="http://127.0.0.1:8787", raise_server_exceptions=False
    )
