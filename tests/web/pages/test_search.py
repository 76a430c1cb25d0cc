"""Search leads to what is meant, or says that there is none."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.web.pages.conftest import Open, Read

LOG = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n"


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("backlog_age", "/metrics/backlog_age?period=week&from="),
        ("Time to resolve", "/metrics/time_to_resolve?period=week&from="),
        ("handoffs", "/metrics/handoffs_per_ticket?period=week&from="),
    ],
)
def test_words_lead_to_the_metric(client: TestClient, text: str, leads: str) -> None:
    """By its name, its title, or a word that is only there; over the weeks it is judged by."""
    answer = client.get("/search", params={"q": text})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith(leads)


def test_a_ticket_number_leads_to_the_ticket_small_letters_too(
    client: TestClient, page: Open
) -> None:
    """Numbers are typed from memory."""
    number = next(link.text for link in page("/tickets").links if link.text.startswith("INC"))
    answer = client.get("/search", params={"q": f" {number.lower()} "})

    assert answer.headers["location"] == f"/tickets/desk/{number}"


def test_several_metrics_are_listed(page: Open) -> None:
    """Only those that fit."""
    read = page("/search?q=reopened")
    read_many = page("/search?q=time+to")

    assert "metrics fit “time to”" in read_many.headline
    assert "Backlog" not in [link.text for link in read_many.links]
    assert read.status in {200, 303}


def test_a_number_of_two_sources_asks_which(make_intake: Callable[..., Intake]) -> None:
    """Both are one click away."""
    desk = make_intake()
    desk.takes(LOG)
    desk.takes(LOG, mapping=MAPPING.replace("source: desk", "source: other_desk"), name="b.csv")
    served = TestClient(make_app(Context(desk.workspace)), base_url="http://127.0.0.1:8787")
    read = Read(served.get("/search?q=T1").text)

    assert read.headline == "2 sources have a ticket T1"
    for link in [link for link in read.links if link.text.startswith("T1 of ")]:
        assert served.get(link.href).status_code == 200
