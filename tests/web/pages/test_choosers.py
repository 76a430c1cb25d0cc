"""The choosers of the state line."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from opsgauge.web.pages.choosers import KINDS
from tests.conftest import MAPPING, Intake

TWO_KINDS = MAPPING.replace(
    "ticket_id:", "practice: {column: kind, words: {I: incident, R: request}}\nticket_id:"
)
ROWS = ["number,kind,at,state,team,who"] + [
    f"T{day:02d}{kind},{kind},2026-01-{day:02d} 08:00,New,North,"
    for day in range(1, 29)
    for kind in "IR"
]


@pytest.mark.row("DSH-12")
def test_home_names_the_practice_it_is_of(tmp_path: Path) -> None:
    """Incidents alone unasked; all kinds together when told so, in the address."""
    intake = Intake(tmp_path)
    intake.takes("\n".join(ROWS) + "\n", mapping=TWO_KINDS)
    client = TestClient(
        make_app(Context(intake.workspace, readers=Readers(in_memory=True, remember=True))),
        base_url="http://127.0.0.1",
    )
    plain, named = client.get("/").text, client.get("/?where=practice%3Drequest").text
    together = client.get("/?where=practice%3Dincident%7Crequest").text
    assert KINDS["incident"] in plain
    assert 'value="practice=incident|request"' in plain
    assert KINDS["request"] in named
    assert "All kinds" in together
    assert "7 incidents came in" in plain
    assert "14 tickets came in" in together
    intake.close()
