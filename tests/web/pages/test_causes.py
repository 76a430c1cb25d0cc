"""The pages about causes: each linked number leads to as many tickets."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open

LISTS = ("/causes/tickets", "/causes/kinds/tickets", "/tickets?")


@pytest.mark.parametrize(
    ("path", "fewest"),
    [
        pytest.param("/causes?outcome=slow", 2, marks=pytest.mark.row("RCA-01", "RCA-02")),
        ("/causes?outcome=slow&hours=1&where=priority=1", 0),
        ("/causes?outcome=sla_met_share", 0),
        pytest.param("/causes/pareto?by=category", 2, marks=pytest.mark.row("RCA-05")),
        ("/causes/pareto?by=team&measure=hours&from=2026-02-01", 4),
        pytest.param("/causes/recurring?days=14", 0, marks=pytest.mark.row("RCA-06")),
        pytest.param("/causes/kinds", 0, marks=pytest.mark.row("RCA-08")),
    ],
)
def test_every_number_that_is_a_link_leads_to_as_many_tickets(
    client: TestClient, page: Open, path: str, fewest: int
) -> None:
    """Counted by the list's own total; and the page has a JSON twin."""
    read = page(path)
    assert read.status == 200
    assert client.get(read.twin()).status_code in (200, 409)
    counted = 0
    for link in read.links:
        if link.href.startswith(LISTS) and re.fullmatch(r"[\d,]+", link.text):
            assert page(link.href).status == 200
            listed = client.get(f"/api/v1{link.href}").json()
            assert listed["total"] == int(link.text.replace(",", "")), link
            counted += 1

    assert counted >= fewest


@pytest.mark.row("RCA-02")
def test_the_page_says_what_it_leaves_out(page: Open) -> None:
    """And that it proves nothing."""
    words = page("/causes?outcome=slow").words

    assert "Left out, since known only afterwards or often put right" in words
    assert "whether it causes it is for a trial to show" in words


def test_the_pages_lead_to_one_another(page: Open) -> None:
    """Each names the others, keeping the choice of tickets and nothing else."""
    hrefs = {link.text: link.href for link in page("/causes/pareto?by=team&where=team=Desk").links}

    assert hrefs["What goes with it"] == "/causes?where=team=Desk"
    assert hrefs["Again and again"] == "/causes/recurring?where=team=Desk"
    assert hrefs["Kinds of cause"] == "/causes/kinds?where=team=Desk"


def test_what_cannot_be_asked_is_told(page: Open, client: TestClient) -> None:
    """With the nearest that can."""
    assert page("/causes?outcome=slo").status == 400
    assert page("/causes?outcome=slow&also=team").status == 400
    assert page("/causes?outcome=slow&slow_hours=much").status == 400
    assert client.get("/api/v1/causes/pareto?by=assignee").status_code == 400
