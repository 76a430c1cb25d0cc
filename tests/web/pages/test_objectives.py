"""The page of error budgets: which one is spent, what its picture reaches from and to."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.web.pages.conftest import Read

SLOS = """\
void:
  title: Not cancelled
  metric: cancelled_share
  objective: 90%
  window: 30 days
fine:
  title: Hardly cancelled
  metric: cancelled_share
  objective: 50%
  window: 30 days
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve forty days of ten tickets, half of them cancelled but for the newest ten days."""
    intake = Intake(tmp_path_factory.mktemp("objectives"))
    rows = ["number,at,state,team,who"]
    for place in range(40):
        day = date(2026, 3, 1) + timedelta(days=place)
        for one in range(10):
            void = place < 30 and one < 5
            rows.append(f"T{place}-{one},{day} 08:0{one},New,A,x")
            rows.append(f"T{place}-{one},{day} 12:00,{'Void' if void else 'Done'},A,x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    folder = intake.workspace.path / "slos"
    folder.mkdir(exist_ok=True)
    (folder / "a.yaml").write_text(SLOS, "utf-8")
    context = Context(intake.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    context.database.close()
    intake.close()


def test_a_spent_budget_is_named_and_called_slow_enough_nowhere(client: TestClient) -> None:
    """A hundred of three hundred, where thirty may: however slowly it goes now, none is left."""
    page = client.get("/objectives").text
    spent, fine = (
        page.split(f'aria-labelledby="slo-{name}"')[1].split("</section>")[0]
        for name in ("void", "fine")
    )

    assert Read(page).headline == (
        "1 of 2 objectives is burning or spent: ‘Not cancelled’, budget spent"
    )
    assert "None is left" in spent
    assert "Slow enough" not in spent
    assert "Slow enough" in fine


def test_the_picture_of_what_is_left_has_its_scale_in_words(client: TestClient) -> None:
    """From the least to the most, where it ends, and what the line is."""
    words = Read(client.get("/objectives").text).words.replace("\u202f", " ")

    assert "−233 % at the end; the line is at 0 %, all spent." in words
