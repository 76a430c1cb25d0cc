"""The page of services, and the outage on a ticket's page: what they say, and their forms."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.web.pages.conftest import Read
from tests.web.people import form

DESK = MAPPING.replace("fields:\n", "fields:\n  service: svc\n  outage_started_at: began\n")
DESK += "practice: incident\n"
ROWS = """number,at,state,team,who,svc,began
INC/1,2026-01-05 08:00,New,A,a,Mail,2026-01-05 07:00
INC/1,2026-01-05 10:00,Done,A,a,Mail,2026-01-05 07:00
INC2,2026-01-06 08:00,New,A,a,Print,
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve two incidents of two services."""
    made = Intake(tmp_path_factory.mktemp("decided"))
    made.takes(ROWS, mapping=DESK)
    served = replace(made.context, readers=Readers(in_memory=True, remember=True))
    app = make_app(Context(made.workspace, readers=served.readers))
    yield TestClient(app, base_url="http://127.0.0.1:8787", follow_redirects=False)
    made.close()


@pytest.mark.row("SLA-11")
def test_an_outage_is_set_and_ended_on_the_page_of_its_ticket(desk: TestClient) -> None:
    """It shows both times with who and why; what cannot be is told, and stays as it was typed."""
    sent = {"source": "desk", "ticket_id": "INC/1", "started": "2026-01-05T06:30"}
    refused = desk.post("/outages", files=form(**sent, why=""))
    assert refused.status_code == 400
    assert "need a reason" in refused.text
    assert 'value="2026-01-05T06:30"' in refused.text

    answer = desk.post("/outages", files=form(**sent, why="<b>Monitoring</b>"))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/tickets/desk/INC/1#outage",
    )
    page = desk.get("/tickets/desk/INC/1")
    read = Read(page.text)
    assert "<b>Monitoring" not in page.text
    for words in ("Mon 5 Jan 2026, 06:30 set by hand", "Mon 5 Jan 2026, 07:00", "said by local"):
        assert words in read.words
    told = desk.get(read.twin()).json()["outage"]
    assert told["counts"]["outage_started_at"] == "2026-01-05T06:30:00Z"
    assert told["told"]["outage_started_at"] == "2026-01-05T07:00:00Z"
    assert told["decided"]["why"] == "<b>Monitoring</b>"

    number = told["decided"]["number"]
    ended = desk.post(f"/outages/{number}/end", files=form(source="desk", ticket_id="INC/1"))
    assert ended.status_code == 400
    ended = desk.post(f"/outages/{number}/end", files=form(why="Mistaken."))
    assert ended.status_code == 303
    after = Read(desk.get("/tickets/desk/INC/1").text)
    assert "set by hand" not in after.words
    assert "Before: Began Mon 5 Jan 2026, 06:30" in after.words


@pytest.mark.row("CAT-13")
def test_a_tier_is_set_and_ended_on_the_page_of_services(desk: TestClient) -> None:
    """It shows who set it and why; numbers are split by it."""
    assert Read(desk.get("/services").text).headline == "2 of 2 services have no tier"
    for tier in ("7", "x", "", "1.5", "²"):
        refused = desk.post("/services", files=form(service="Mail", tier=tier, why="So it is."))
        assert refused.status_code == 400, tier
        assert "There is no tier" in refused.text
    answer = desk.post("/services", files=form(service="Mail", tier="1", why="So it is."))
    assert answer.status_code == 303
    read = Read(desk.get("/services").text)
    assert read.headline == "1 of 2 services has no tier"
    assert "So it is." in read.words
    rows = desk.get("/api/v1/measure/tickets_opened?by=tier").json()["rows"]
    assert {row["by"]["tier"]: row["n"] for row in rows} == {"1": 1, None: 1}
    [mail] = [each for each in desk.get(read.twin()).json()["services"] if each["decided"]]
    ended = desk.post(f"/services/{mail['decided']['number']}/end", files=form(why="Moved."))
    assert ended.status_code == 303
    assert [each["ended_at"] is None for each in desk.get("/api/v1/tiers").json()["tiers"]] == [
        False
    ]


def test_the_api_sets_and_lists_them(desk: TestClient) -> None:
    """With the same refusals as the pages, and nothing that it does not know."""
    wanted = {"source": "desk", "ticket_id": "INC2", "detected_at": "2026-01-06T07:50Z"}
    made = desk.post("/api/v1/outages", json={**wanted, "why": "A user called."})
    assert made.status_code == 201
    assert made.json()["data_version"] > 1
    assert [each["number"] for each in desk.get("/api/v1/outages").json()["outages"]] == [
        made.json()["number"]
    ]
    for body, status in (
        ({**wanted, "why": ""}, 400),
        ({**wanted, "why": "x", "more": 1}, 400),
        ({**wanted, "why": "x", "ticket_id": "INC9"}, 404),
        ({**wanted, "why": "x", "detected_at": "soon"}, 400),
    ):
        assert desk.post("/api/v1/outages", json=body).status_code == status, body
    address = f"/api/v1/outages/{made.json()['number']}/end"
    assert desk.post(address, json={"why": "Over."}).status_code == 200
    assert desk.post("/api/v1/outages/999/end", json={"why": "Over."}).status_code == 404
    tier = {"service": "Print", "tier": 3, "why": "Few print."}
    assert desk.post("/api/v1/tiers", json=tier).status_code == 201
    assert desk.post("/api/v1/tiers", json=tier).status_code == 400
    assert desk.post("/api/v1/tiers", json={**tier, "service": "Fax"}).status_code == 404
