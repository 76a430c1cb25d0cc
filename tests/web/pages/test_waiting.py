"""The pages about waiting say what their twins say."""

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open


@pytest.mark.row("MAP-06", "MAP-09", "MAP-19")
def test_the_page_says_where_tickets_wait(client: TestClient, page: Open) -> None:
    """Its headline is a sentence, and every part of the twin has its own as a heading."""
    read = page("/waiting")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["steps"]["sentence"]
    for part in ("queues", "flow"):
        assert twin[part]["sentence"] in read.headings["h2"], part
        assert client.get(f"/api/v1/waiting/{part}").json()["sentence"]
    assert twin["flow"]["little"]["identity_holds"]
    for row in twin["steps"]["rows"][:15]:
        assert row["step"] in read.words
        for one in row["examples"]:
            assert f"/tickets/{one['source']}/{one['ticket']}" in {link.href for link in read.links}
    assert any(row["examples"] for row in twin["steps"]["rows"][:15])
    assert "/waiting/why" in [link.href for link in read.links]
    won = sum(row["recoverable_hours"] or 0 for row in twin["steps"]["rows"])
    assert read.headline.startswith(f"Of {won:,.0f} hours that could be won")


@pytest.mark.row("MAP-07", "MAP-13", "MAP-14", "MAP-16")
def test_another_page_says_why(client: TestClient, page: Open) -> None:
    """The same of causes, stages, intake and automation."""
    read = page("/waiting/why?calendar=desk&where=priority=2+usual")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["causes"]["sentence"]
    for part in ("stages", "intake", "automation"):
        assert twin[part]["sentence"] in read.headings["h2"], part
        assert client.get(f"/api/v1/waiting/{part}").json()["sentence"]
    whole = twin["causes"]["rows"][0]
    parts = [whole[f"{name}_hours"] for name in twin["causes"]["causes"]]
    assert sum(parts) == pytest.approx(whole["hours"])


@pytest.mark.row("MAP-08", "MAP-20")
def test_handoffs_lead_to_the_star_of_a_team(client: TestClient, page: Open) -> None:
    """Each team is a link to what comes to it and goes from it."""
    read = page("/handoffs")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["sentence"]
    hrefs = {link.text: link.href for link in read.links if link.href.startswith("/handoffs?of=")}
    assert set(hrefs) == {team["team"] for team in twin["teams"]}
    star = page(hrefs["Network"])
    assert "Network: what comes, what goes" in star.headings["h2"]
    assert "Comes from" in star.words
    assert "What the next team was given" in read.headings["h2"]
    assert twin["noted"] == "No notes are imported, so nothing is said of notes and files."
    assert twin["noted"] in read.words
    assert {"note", "files"} <= set(twin["lacking"])
    assert twin["parts"] == [each["part"] for each in twin["lacks"]]
    assert all(f"{each['handoffs'] / each['of']:.0%}"[:-1] in read.words for each in twin["lacks"])
    assert page("/handoffs?of=nobody").status == 400


@pytest.mark.row("MAP-03", "AUT-04")
def test_each_path_leads_to_its_tickets(client: TestClient, page: Open) -> None:
    """As many as the row says; the page's headline is the twin's."""
    read = page("/paths")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["paths"]["sentence"]
    assert twin["standardisation"]["sentence"] in read.headings["h2"]
    assert read.source.index('class="legend"') < read.source.index(
        "<table"
    )  # marks before their use
    behind = [link.href for link in read.links if link.href.startswith("/tickets?steps=phase")]
    rows = twin["paths"]["rows"]
    assert len(behind) == len(rows)
    for href, row in list(zip(behind, rows, strict=True))[:3]:
        assert client.get(f"/api/v1{href}").json()["total"] == row["count"]
