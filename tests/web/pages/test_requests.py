"""The page that says where an order waits, and the lists behind its numbers."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.settings import make_workspace, open_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.web.pages.conftest import Read

HOST = "http://127.0.0.1:8787"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve an invented desk."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(datetime(2026, 7, 1, 9, tzinfo=UTC)), 2500, 5, ())
    context = Context(open_workspace(folder), readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url=HOST)
    context.database.close()


@pytest.mark.row("REQ-01")
def test_the_page_says_where_an_order_waits(shop: TestClient) -> None:
    """In its sentence; each item has a bar, and its parts as text."""
    answer = shop.get("/requests")
    read = Read(answer.text)

    assert answer.status_code == 200
    assert re.fullmatch(
        r"An order takes .+ of elapsed time on average: it waits \d+\u202f%, lies for approval "
        r"\d+\u202f% and is worked on \d+\u202f%",
        read.headline,
    )
    items = shop.get("/api/v1/requests").json()["rows"]
    assert answer.text.count('class="stacked"') == len(items)
    for each in items:
        assert each["name"] in read.words


@pytest.mark.row("MAP-10")
@pytest.mark.parametrize("practice", ["request", "change"])
def test_approvals_stand_by_level_with_tickets_to_look_at(shop: TestClient, practice: str) -> None:
    """As the twin says; what never said no is named, and an order's list leads back here."""
    read = Read(shop.get(f"/requests/approvals?practice={practice}").text)
    twin = shop.get(f"/api/v1/requests/approvals?practice={practice}").json()
    hrefs = [link.href for link in read.links]

    assert read.headline == twin["sentence"]
    assert [level["name"] for level in twin["levels"]] == ["Level 1"]  # as this desk asks
    for each in (*twin["levels"], *twin["never_no"]):
        assert each["name"] in read.words
        for one in each["longest"]:
            assert f"/tickets/{one['source']}/{one['ticket']}" in hrefs
    assert twin["levels"][0]["longest"]
    [behind] = [href for href in hrefs if "of=asked" in href]
    listed = shop.get(f"/api/v1{behind}").json()
    assert listed["total"] == twin["levels"][0]["orders"] > 0
    back = [link.href for link in Read(shop.get(behind).text).links if link.text == "Approvals"]
    assert back == [f"/requests/approvals?practice={practice}"]


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/requests", marks=pytest.mark.row("REQ-02", "REQ-03", "REQ-04", "REQ-05")),
        "/requests?group=team&calendar=desk-europe",
        "/requests?from=2026-01-01&days=30",
    ],
)
def test_every_number_that_is_a_link_leads_to_as_many_orders(shop: TestClient, path: str) -> None:
    """Counted by the list's own total."""
    counted = 0
    for link in Read(shop.get(path).text).links:
        number = re.match(r"[\d,]+", link.text.removeprefix("See all ").removeprefix("the "))
        if link.href.startswith("/requests/orders") and number:
            listed = shop.get(f"/api/v1{link.href}").json()
            assert listed["total"] == int(number[0].replace(",", "")), link
            counted += 1

    assert counted > 60


def test_a_list_of_orders_leads_to_each_and_back(shop: TestClient) -> None:
    """With the orders before and after."""
    read = Read(shop.get("/requests/orders?of=completed&offset=100&group=").text)
    hrefs = {link.text: link.href for link in read.links}

    assert read.headline.endswith("orders completed")
    assert hrefs["Rows before"] == "/requests/orders?of=completed"
    assert hrefs["Rows after 200"] == "/requests/orders?of=completed&offset=200"
    assert hrefs["Where an order waits"] == "/requests"
    order = next(href for text, href in hrefs.items() if text.startswith("REQ"))
    assert shop.get(order).status_code == 200


def test_every_page_leads_there_by_its_foot(shop: TestClient) -> None:
    """Since it has no place in the top bar."""
    assert "/requests" in [link.href for link in Read(shop.get("/checks").text).links]


def test_a_choice_without_orders_is_a_page_too(shop: TestClient) -> None:
    """Which says so."""
    read = Read(shop.get("/requests?where=practice=incident").text)

    assert read.headline == "No order is completed, so there is no time to part"


def test_what_cannot_be_asked_is_said(shop: TestClient, tmp_path: Path) -> None:
    """A wrong group, a wrong number, and a workspace without tickets."""
    assert shop.get("/requests?group=tem").status_code == 400
    assert shop.get("/requests/orders?of=complete").status_code == 400
    empty = TestClient(make_app(Context(make_workspace(tmp_path / "w"))), base_url=HOST)
    assert empty.get("/requests").status_code == empty.get("/map").status_code == 400


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("approvals?fewest=5", "steps"),
        ("tasks", "items"),
        ("bundles", "items"),
        ("health", "free_text"),
    ],
)
def test_each_question_has_an_address_of_its_own(shop: TestClient, path: str, name: str) -> None:
    """With findings in the one shape."""
    answer = shop.get(f"/api/v1/requests/{path}").json()

    assert name in answer
    for finding in answer["findings"]:
        assert {"claim", "n", "low", "high", "worth_hours", "caveats"} <= set(finding)
