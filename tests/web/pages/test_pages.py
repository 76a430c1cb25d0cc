"""Every page answers, says one sentence, leads somewhere, and holds its state in its address."""

import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.web.pages import (
    audit,
    catalogue,
    checks,
    home,
    metric,
    process_map,
    search,
    ticket,
    tickets,
    versions,
)
from opsgauge.web.pages.frame import PLACES
from tests.web.pages.conftest import Open, Read

PAGES = (
    "/",
    "/?to=2026-04-12&where=team=Network",
    "/catalogue",
    "/catalogue?words=reopened",
    "/metrics/clearance_ratio",
    "/metrics/analysts_resolving?period=month",
    "/metrics/time_to_resolve",
    "/metrics/time_to_resolve?period=day&statistic=p90&by=team&definition=closed",
    "/metrics/backlog?from=2026-01-05&to=2026-04-26&where=priority=1+high|2+usual",
    "/metrics/sla_met_share?period=month",
    "/metrics/backlog_age?as_of=2026-03-01T12:00",
    "/metrics/major_share",
    "/metrics/tickets_opened?where=team=nobody",
    "/map",
    "/map?steps=team&shown_steps=3&shown_ways=4&width=total&time=p90",
    "/map?where=team=nobody",
    "/findings",
    "/findings?where=team=nobody",
    "/descriptions?from=2026-02-01",
    "/map?steps=phase%2Bteam&calendar=always&colour=total&zoom=150",
    "/map/compare?where=team=Network&against_where=team=Desk&steps=phase",
    "/map/compare?where=team=nobody",
    "/map/spectrum?steps=team",
    "/map/spectrum?where=team=nobody",
    "/map/notes",
    "/map/notes?steps=phase%2Bteam",
    "/saved",
    "/saved?address=/map?where=team%3DNetwork",
    "/tickets",
    "/tickets?where=team=Network&where=category=Mail&sort=-handoff_count&offset=0",
    "/tickets?where=team=nobody",
    "/tickets?metric=time_to_resolve&period=week&at=2026-W17",
    "/tickets?metric=sla_met_share&part=numerator",
    "/tickets?metric=backlog&period=week&at=2026-W17&by=team&value=team=Network",
    "/checks",
    "/service-levels",
    "/service-levels/in_time?part=phase&where=priority=1+high&from=2026-02-02",
    "/service-levels/network",
    "/metrics/service_level_kept_share?period=month",
    "/tickets?metric=service_level_kept_share&period=week&at=2026-W17&part=numerator",
    "/versions",
    "/audit",
    "/audit?verify=yes&action=import:run&limit=1",
    "/requests",
    "/objects",
    "/requests/orders",
    "/requests/orders?of=waiting&level=1&practice=change",
    "/requests/approvals",
    "/requests/approvals?practice=change",
    "/waiting",
    "/waiting?kind=team&achievable=10&grain=month&where=priority=1+high",
    "/waiting/why?calendar=desk",
    "/waiting/why?where=team=nobody",
    "/waiting?where=team=nobody",
    "/handoffs",
    "/handoffs?of=Network",
    "/handoffs?where=team=nobody",
    "/paths",
    "/paths?steps=team&process=category&from=2026-02-01",
    "/paths?where=team=nobody",
    "/targets",
    "/services",
    "/objectives",
    "/conformance",
    "/conformance/exceptions?period=week",
    "/conformance/times?by=original_status",
    "/conformance/model?where=team=Network",
    "/summary",
    "/metrics/reassigned_share/compare?by=team&alike=priority",
    "/metrics/time_to_resolve/compare?by=priority&alike=team",
    "/metrics/time_to_resolve/decompose?by=team",
    "/scorecards/incident",
    "/scorecards/problem",
    "/search?q=time",
)
REFUSED = {  # what a page says as a sentence, a program gets as an error
    "/metrics/major_share": 409,
}
PERSONS = {c.name for table in (TICKETS, HISTORY) for c in table.columns if c.person}
CRAWLED = 320  # pages at most
OF_ONE_SHAPE = 5  # addresses with the same path and parameters that are followed


@pytest.fixture(params=PAGES)
def read(request: pytest.FixtureRequest, page: Open) -> Read:
    """Open each page in turn."""
    return page(request.param)


def test_a_page_answers_with_one_sentence_and_a_title(read: Read) -> None:
    """Words first, and one h1 that says them."""
    assert read.status == 200
    assert sum(tag == "h1" for tag, _ in read.tags) == 1
    assert len(read.headline) > 5
    assert read.headings["title"]


def test_nothing_unsaid_shows_through(read: Read) -> None:
    """No value of Python, no template left standing, nothing that is not a number."""
    assert not re.search(r"\bNone\b|\bnan\b|\{\{|Undefined|<built-in|<function", read.words)


def test_names_from_the_records_are_text(read: Read) -> None:
    """A team called <north> is no tag."""
    assert "<north>" not in read.source
    assert ("north", {}) not in read.tags


def test_every_label_and_image_has_words(read: Read) -> None:
    """What is drawn is said, and what is filled in has a label."""
    labelled = {given["for"] for tag, given in read.tags if tag == "label" and "for" in given}
    for tag, given in read.tags:
        if tag == "svg" and given.get("role") in {"img", "group"}:
            assert given.get("aria-label")
        if tag in {"select", "input"} and given.get("id"):
            assert given["id"] in labelled


def test_ids_are_there_once(read: Read) -> None:
    """Links within the page and labels find what they mean."""
    ids = [given["id"] for _, given in read.tags if "id" in given]

    assert sorted(ids) == sorted(set(ids))


@pytest.mark.row("ING-06")
def test_a_page_says_how_old_its_data_is(read: Read) -> None:
    """Which moment the records reach, and which version was read."""
    assert "Mon 27 Apr 2026, 06:00" in read.words
    assert "data version 1" in read.words.lower()


def test_no_person_is_offered(read: Read) -> None:
    """Neither in a chooser nor in a link."""
    offered = {given.get("value", "") for tag, given in read.tags if tag in {"option", "input"}}
    links = " ".join(link.href for link in read.links)

    assert not PERSONS & {value.partition("=")[0] for value in offered}
    assert not re.search(rf"(where|by|value)=({'|'.join(PERSONS)})\b", links)


@pytest.mark.parametrize("path", [path for path in PAGES if not path.startswith("/search")])
def test_a_page_has_a_json_twin(client: TestClient, page: Open, path: str) -> None:
    """The same address below /api/v1, with an answer of the same data."""
    read = page(path)
    twin = client.get(read.twin())

    assert read.twin().startswith("/api/v1/")
    assert twin.status_code == REFUSED.get(path, 200), twin.text


def test_every_route_was_tried() -> None:
    """A new page is added to the list above."""
    paths = {route.path for route in _routes()}
    tried = {path.partition("?")[0] for path in PAGES}

    other = {"/metrics", "/metrics/{metric}", "/tickets.csv", "/tickets/{source}/{ticket_id:path}"}
    assert paths - tried == other


def _routes() -> Iterator[APIRoute]:
    for each in (
        home,
        metric,
        tickets,
        ticket,
        process_map,
        checks,
        catalogue,
        versions,
        search,
        audit,
    ):
        yield from (route for route in each.router.routes if isinstance(route, APIRoute))


def test_every_link_leads_somewhere(client: TestClient) -> None:
    """From Home, whatever can be reached answers; no address is a dead end."""
    waiting, seen = ["/"], {"/"}
    shapes: dict[str, int] = {}
    while waiting and len(seen) < CRAWLED:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code in {200, 303, 307, 409}, f"{path}: {answer.status_code}"
        assert answer.status_code != 409 or path.startswith("/api/")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        for link in Read(answer.text).links:
            href = link.href.partition("#")[0]
            shape = re.sub(r"=[^&]*|INC\d+|/metrics/\w+", "", href)
            if not href or href in seen or shapes.get(shape, 0) >= OF_ONE_SHAPE:
                continue
            assert href.startswith("/"), href
            seen.add(href)
            shapes[shape] = shapes.get(shape, 0) + 1
            waiting.append(href)
    assert len(seen) > 100


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
def test_a_place_knows_that_one_is_there(page: Open, place: tuple[str, str, str]) -> None:
    """The top bar marks it."""
    _, text, href = place
    current = [given for tag, given in page(href).tags if tag == "a" and "aria-current" in given]

    assert href in [given["href"] for given in current], text


def test_metrics_lead_to_the_catalogue(client: TestClient) -> None:
    """People shorten addresses."""
    answer = client.get("/metrics")

    assert answer.headers["location"] == "/catalogue"
