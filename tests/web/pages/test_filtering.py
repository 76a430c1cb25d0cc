"""A filter is chosen from what the records hold, and told in the state line."""

from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open, Read


def boxes(read: Read, name: str) -> list[str]:
    """Return what the boxes of that name say, in order."""
    return [
        given["value"]
        for tag, given in read.tags
        if tag == "input" and given.get("type") == "checkbox" and given.get("name") == name
    ]


@pytest.mark.row("DSH-12")
def test_a_column_without_a_value_offers_the_values_there_are(
    page: Open, client: TestClient
) -> None:
    """The most frequent first, with how many tickets have each; without a script."""
    answer = client.get("/tickets?column=phase&is=")
    assert answer.headers["location"] == "/tickets?column=phase"
    read = page("/tickets?column=phase")

    assert boxes(read, "is")[0] == "closed"
    assert "in_progress" in boxes(read, "is") or "new" in boxes(read, "is")
    assert "Phase is" in read.headings["h2"]
    chosen = client.get("/tickets?column=phase&is=new&is=%7C")
    assert unquote(chosen.headers["location"]) == "/tickets?where=phase=new|"


@pytest.mark.parametrize("path", ["/", "/metrics/backlog", "/map", "/tickets"])
def test_every_page_with_filters_offers_values(page: Open, path: str) -> None:
    """And keeps the filters that are on."""
    read = page(f"{path}?where=priority=2+usual&column=team")

    assert "Network" in boxes(read, "is")
    hidden = [(g["name"], g["value"]) for t, g in read.tags if g.get("type") == "hidden"]
    assert ("column", "team") in hidden
    assert ("where", "priority=2 usual") in hidden
    assert not any("column=" in link.href for link in read.links)


def test_a_column_that_is_none_offers_nothing(page: Open) -> None:
    """Persons are no dimension."""
    for name in ("assignee", "nonsense"):
        read = page(f"/tickets?column={name}")
        assert read.status == 200
        assert boxes(read, "is") == []


@pytest.mark.row("DSH-12")
def test_a_value_that_is_not_there_is_told_on_the_page(page: Open) -> None:
    """With the nearest as a link that puts it in."""
    read = page("/tickets?where=team=Netwrk")

    assert "There is no “Netwrk” among team; nearest: Network" in read.words
    assert "/tickets?where=team=Network" in [link.href for link in read.links]
    assert "There is no" not in page("/tickets?where=team=network").words


@pytest.mark.row("DSH-12")
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/tickets?where=phase=in_progress", "phase is in progress"),
        ("/tickets?steps=phase&step=new&then=resolved", "phase went from new to resolved"),
        ("/map?steps=phase&step=new&then=resolved", "phase went from new to resolved"),
        ("/tickets?metric=time_to_resolve&by=team&value=team=Desk", "team is Desk"),
        ("/tickets?metric=reopened_share&part=numerator", "only those that count"),
        ("/tickets?where=team=Desk&where=team=Desk|Network", "team is Desk or Network"),
    ],
)
def test_the_state_line_tells_every_filter(page: Open, address: str, told: str) -> None:
    """Also those that are no condition of the address."""
    read = page(address)
    buttons = [each.split("</button>")[0] for each in read.source.split("<button")]
    [button] = [each for each in buttons if 'popovertarget="choose-filters"' in each]

    assert told in button
    assert "no other filter" not in read.words


def test_a_metric_s_page_tells_a_value_that_is_not_there_once(page: Open) -> None:
    """With links, in the frame; the caveat of the number is for those who read no page."""
    assert page("/metrics/tickets_opened?where=team=Netwrk").words.count("There is no") == 1
