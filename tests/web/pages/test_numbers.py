"""Every number is a door to exactly as many tickets as it says."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open

NUMBER = re.compile(r"(?:See the )?([\d,]+)(?: (?:tickets?|incidents?|open incidents?))?")
WITH_NUMBERS = (
    "/",
    "/metrics/time_to_resolve",
    "/metrics/time_to_resolve?period=month&by=team&where=priority=2+usual",
    "/metrics/sla_met_share?by=channel&from=2026-02-01&to=2026-03-31",
    "/metrics/backlog?by=team",
    "/metrics/backlog_age?period=month&by=priority",
    "/metrics/pending_share",
    "/metrics/handoffs_per_ticket?period=quarter&by=category",
    "/map",
    "/map?steps=team&where=category=Mail",
)


@pytest.mark.row("DSH-03", "CAT-03")
@pytest.mark.parametrize("path", WITH_NUMBERS)
def test_a_number_that_links_to_tickets_counts_them(
    client: TestClient, page: Open, path: str
) -> None:
    """The count on the page, the total of the list, and the list's twin are one number."""
    doors = [
        (link.href, int(found[1].replace(",", "")))
        for link in page(path).links
        if link.href.startswith("/tickets?") and (found := NUMBER.fullmatch(link.text.strip()))
    ]

    assert len(doors) >= 4
    for href, count in dict(doors[:40]).items():
        listed = client.get(f"/api/v1{href}")
        assert listed.status_code == 200, (href, listed.text)
        assert listed.json()["total"] == count, href
        assert page(href).headline.startswith(f"{count:,} incident")


@pytest.mark.row("DSH-03")
def test_a_list_says_that_it_holds_as_many_as_the_numbers_n(page: Open) -> None:
    """And which number that is."""
    read = page("/tickets?metric=time_to_resolve&period=week&at=2026-W17")

    assert "as many as the number’s n" in read.words
    assert "“Time to resolve” in week 17, 20 to 26 Apr 2026" in read.headline
    assert "Half within" in read.words


def test_the_part_of_a_share_that_counts_is_its_numerator(client: TestClient, page: Open) -> None:
    """As many as the numerator of the same question."""
    asked = "metric=sla_met_share&period=month&at=2026-03"
    rows = client.get("/api/v1/measure/sla_met_share?period=month").json()["rows"]
    march = next(row for row in rows if row["period"] == "2026-03")

    listed = client.get(f"/api/v1/tickets?{asked}&part=numerator").json()
    assert listed["total"] == march["numerator"]
    assert "as many as the number’s n" in page(f"/tickets?{asked}&part=numerator").words


def test_a_share_tells_of_each_ticket_whether_it_counts(client: TestClient, page: Open) -> None:
    """Both sides stand in the heading, lead to as many, and add up to all."""
    asked = "metric=sla_met_share&period=month&at=2026-03"
    rows = client.get("/api/v1/measure/sla_met_share?period=month").json()["rows"]
    march = next(row for row in rows if row["period"] == "2026-03")
    met, missed = round(march["numerator"]), march["n"] - round(march["numerator"])

    whole = page(f"/tickets?{asked}&limit=200")
    links = {link.text: link.href for link in whole.links}
    sides = [links[f"{met} count as “Service level met”"], links[f"{missed} do not"]]
    lists = [client.get(f"/api/v1{href}").json() for href in sides]
    assert [listed["total"] for listed in lists] == [met, missed]
    assert [{row["value"] for row in listed["rows"]} for listed in lists] == [{1.0}, {0.0}]
    assert "Counts ↓" in whole.words
    for href, word, other in zip(sides, ("yes", "no"), ("no", "yes"), strict=True):
        cells = [text.strip() for text in page(href).text]
        assert word in cells
        assert other not in cells
    assert "as many as the number’s n" in page(sides[0]).words
    assert f"the number’s n less the {met} that count" in page(sides[1]).words
    assert "Only those that do not count" in page(sides[1]).words
    assert client.get("/api/v1/tickets?metric=time_to_resolve&part=rest").status_code == 400
    assert "do not" not in page("/tickets?metric=time_to_resolve&period=week&at=2026-W17").words


def test_rows_of_a_map_count_the_tickets_that_passed(client: TestClient) -> None:
    """Steps, ways and paths: each distinct ticket once."""
    told = client.get("/api/v1/map?steps=team").json()
    paths = client.get("/api/v1/variants?steps=team&limit=3").json()["rows"]

    for node in told["nodes"]:
        total = _total(client, steps="team", step=node["id"])
        assert total == node["tickets"], node["id"]
    for arc in told["arcs"]:
        total = _total(client, steps="team", step=arc["from"], then=arc["to"])
        assert total == arc["tickets"], arc
    for row in paths:
        assert _total(client, steps="team", path=row["id"]) == row["count"]


def _total(client: TestClient, **asked: str) -> int:
    total: int = client.get("/api/v1/tickets", params=asked).json()["total"]
    return total


def test_a_list_as_csv_holds_every_row_and_no_person(client: TestClient) -> None:
    """All of them, not the first page, under the names of the columns."""
    path = "metric=tickets_opened&period=month&at=2026-02"
    total = client.get(f"/api/v1/tickets?{path}").json()["total"]
    answer = client.get(f"/tickets.csv?{path}&offset=50&limit=10")
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "tickets-tickets_opened.csv" in answer.headers["content-disposition"]
    assert len(rows) == total > 100
    assert len({row["ticket_id"] for row in rows}) == total
    assert not {"assignee", "requester"} & {*rows[0]}
    assert rows[0]["opened_at"].endswith("Z")


def test_a_csv_of_nothing_is_an_empty_file(client: TestClient) -> None:
    """Not an error."""
    answer = client.get("/tickets.csv?where=team=nobody")

    assert answer.status_code == 200
    assert answer.text.strip() == ""


def test_a_list_is_paged_and_sorted_by_its_address(page: Open) -> None:
    """Rows 51 to 100 follow those before, longest first."""
    first = page("/tickets?metric=time_to_resolve")
    second = page("/tickets?metric=time_to_resolve&offset=50")
    numbers = [
        [link.text for link in read.links if link.text.startswith("INC")]
        for read in (first, second)
    ]

    assert "Rows 1 to 50" in first.words
    assert "Rows 51 to 100" in second.words
    assert not {*numbers[0]} & {*numbers[1]}
    assert any(link.text == "Rows after 50" for link in first.links)
    assert any(link.text == "Rows before" for link in second.links)
    turned = next(link for link in first.links if link.text.startswith("Time to resolve, "))
    assert "sort=value" in turned.href


def test_a_ticket_found_in_a_list_knows_its_neighbours(page: Open) -> None:
    """Way back with its number, the one before and the one after."""
    listed = page("/tickets?metric=time_to_resolve&period=week&at=2026-W10&sort=-value")
    tickets = [link for link in listed.links if link.text.startswith("INC")]
    second = page(tickets[1].href)

    links = {link.text.strip(): link.href for link in second.links}
    assert f"← {tickets[0].text}" in links
    assert f"{tickets[2].text} →" in links
    back = next(href for text, href in links.items() if text.endswith("incidents"))
    assert page(back).headline == listed.headline
    assert links[f"← {tickets[0].text}"] == tickets[0].href
    assert "←" not in page(tickets[0].href).words


def test_a_ticket_in_a_list_it_is_not_in_has_no_neighbours(page: Open) -> None:
    """An address made by hand is answered, and promises nothing."""
    number = next(link.text for link in page("/tickets").links if link.text.startswith("INC"))
    for came_from in ("where=team=nobody", "metric=nope", "where=broken", "all&row=99999"):
        read = page(f"/tickets/desk/{number}?list={came_from}")
        assert read.status == 200
        assert "→" not in "".join(link.text for link in read.links)


def test_without_tickets_it_says_which_filter_to_take_off(page: Open) -> None:
    """Each with the address without it."""
    read = page("/tickets?where=team=nobody&where=priority=1+high")
    offers = {link.text: link.href for link in read.links if link.text.startswith("Without ")}

    offer = next(text for text in offers if text.startswith("Without team nobody there are "))
    assert read.headline == "No incidents fit these filters"
    assert offers[offer] == "/tickets?where=priority=1+high"
    assert page(offers[offer]).headline == f"{offer.split()[-1]} incidents fit these filters"
