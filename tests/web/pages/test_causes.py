"""The pages about causes: each linked number leads to as many tickets."""

import re
from collections.abc import Iterator
from functools import partial

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.learning import causes_meanwhile
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.operations.test_causes import desk_of
from tests.web.pages.conftest import Open, Read

LOADS_AGAIN = '<meta http-equiv="refresh"'
PRINTING = "/causes?outcome=slow&slow_hours=24"
LISTS = ("/causes/tickets", "/causes/kinds/tickets", "/tickets?")


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what is compared, however slow the machine."""
    patient = partial(causes_meanwhile, patience=60.0)
    monkeypatch.setattr("opsgauge.web.pages.causes.causes_meanwhile", patient)


def test_while_tickets_are_compared_the_page_says_so_and_opens_by_itself(
    slow_printing: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a script; when it is done it loads no more."""
    asked = f"{PRINTING}&support=0.02"
    hasty = partial(causes_meanwhile, patience=0.0)
    with monkeypatch.context() as patch:
        patch.setattr("opsgauge.web.pages.causes.causes_meanwhile", hasty)
        waits = slow_printing.get(asked)

    assert waits.status_code == 200
    assert LOADS_AGAIN in waits.text
    assert Read(waits.text).headline == "Comparing tickets with those alike"
    done = slow_printing.get(asked)
    assert LOADS_AGAIN not in done.text
    assert "Known beforehand" in done.text


@pytest.mark.parametrize(
    ("path", "fewest"),
    [
        ("/causes?outcome=slow", 0),
        ("/causes?outcome=slow&hours=1&where=priority=1", 0),
        ("/causes?outcome=sla_met_share", 0),
        pytest.param("/causes/pareto?by=category", 2, marks=pytest.mark.row("RCA-05")),
        ("/causes/pareto?by=team&measure=hours&from=2026-02-01", 4),
        pytest.param("/causes/recurring?days=14", 0, marks=pytest.mark.row("RCA-06")),
        pytest.param("/causes/words?days=14", 0, marks=pytest.mark.row("RCA-11")),
        pytest.param("/causes/words?in=notes", 0, marks=pytest.mark.row("RCA-11")),
        pytest.param("/causes/kinds", 0, marks=pytest.mark.row("RCA-08")),
    ],
)
def test_every_number_that_is_a_link_leads_to_as_many_tickets(
    client: TestClient, page: Open, path: str, fewest: int
) -> None:
    """Counted by the list's own total; and the page has a JSON twin."""
    read = page(path)
    assert read.status == 200
    assert client.get(read.twin()).status_code in (200, 400, 409)
    counted = 0
    for link in read.links:
        if link.href.startswith(LISTS) and re.fullmatch(r"[\d,]+", link.text):
            assert page(link.href).status == 200
            listed = client.get(f"/api/v1{link.href}").json()
            assert listed["total"] == int(link.text.replace(",", "")), link
            counted += 1

    assert counted >= fewest


@pytest.fixture(scope="module")
def slow_printing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve the desk whose printing is slow."""
    intake = desk_of(tmp_path_factory.mktemp("causes"))
    context = Context(intake.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    context.database.close()
    intake.close()


@pytest.mark.row("RCA-01")
def test_what_goes_with_it_leads_to_its_tickets(slow_printing: TestClient) -> None:
    """Printing, as many as its n, and as many as have the outcome; then each ticket."""
    hrefs = {link.text: link.href for link in Read(slow_printing.get(PRINTING).text).links}

    for n in ("60", "45"):
        read = Read(slow_printing.get(hrefs[n]).text)
        assert read.headline.startswith(f"{n} tickets with category printing")
        assert sum("/tickets/desk/" in link.href for link in read.links) == int(n)


@pytest.mark.row("RCA-02")
def test_the_page_says_what_it_leaves_out(slow_printing: TestClient) -> None:
    """And that it proves nothing."""
    words = Read(slow_printing.get(PRINTING).text).words

    assert "Left out, since known only afterwards or often put right" in words
    assert "whether it causes it is for a trial to show" in words


@pytest.mark.parametrize(
    ("address", "parents"),
    [
        ("/causes", ["Findings"]),
        ("/causes/pareto", ["Findings", "Causes"]),
        ("/causes/kinds", ["Findings", "Causes"]),
        ("/conformance", ["Process map"]),
        ("/conformance/model", ["Process map", "Conformance"]),
        ("/service-levels", []),
    ],
)
def test_the_way_back_leads_to_the_place_above(
    client: TestClient, address: str, parents: list[str]
) -> None:
    """As the top bar has it, and not to Home from everywhere."""
    source = client.get(address, headers={"Accept": "text/html"}).text
    way = re.search(r'<nav class="crumb".*?</nav>', source, re.DOTALL)

    assert re.findall(r"<a [^>]*>([^<]*)</a>", way[0] if way else "") == parents


def test_dots_stand_below_a_scale(slow_printing: TestClient) -> None:
    """Times as many, from once on."""
    head = slow_printing.get(PRINTING).text.partition("<tbody>")[0]

    assert ">1 ×</text>" in head
    assert ">3 ×</text>" in head or ">5 ×</text>" in head


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
