"""The pages about waiting say what their twins say."""

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open


@pytest.mark.row("MAP-06", "MAP-07", "MAP-09", "MAP-13", "MAP-14", "MAP-16", "MAP-19")
def test_the_page_says_what_its_twin_says(client: TestClient, page: Open) -> None:
    """Its headline is a sentence, and every part of the twin has its own as a heading."""
    read = page("/waiting?calendar=desk")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["steps"]["sentence"]
    headings = " ".join(read.headings["h2"])
    for part in ("queues", "causes", "stages", "intake", "automation", "flow"):
        assert twin[part]["sentence"] in headings, part
    assert twin["flow"]["little"]["identity_holds"]
    for row in twin["steps"]["rows"][:15]:
        assert row["step"] in read.words
    for part in ("steps", "queues", "flow", "causes", "stages", "intake", "automation"):
        assert client.get(f"/api/v1/waiting/{part}").json()["sentence"]


@pytest.mark.row("MAP-08", "MAP-20")
def test_handovers_lead_to_the_star_of_a_team(client: TestClient, page: Open) -> None:
    """Each team is a link to what comes to it and goes from it."""
    read = page("/handovers")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["sentence"]
    hrefs = {link.text: link.href for link in read.links if link.href.startswith("/handovers?of=")}
    assert set(hrefs) == {team["team"] for team in twin["teams"]}
    star = page(hrefs["Network"])
    assert "Network: what comes, what goes" in star.headings["h2"]
    assert "Comes from" in star.words
    assert "notes, attachments" in read.words
    assert page("/handovers?of=nobody").status == 400


@pytest.mark.row("MAP-03", "AUT-04")
def test_each_path_leads_to_its_tickets(client: TestClient, page: Open) -> None:
    """As many as the row says; the page's headline is the twin's."""
    read = page("/paths")
    twin = client.get(read.twin()).json()

    assert read.headline == twin["paths"]["sentence"]
    assert twin["standardisation"]["sentence"] in read.headings["h2"]
    behind = [link.href for link in read.links if link.href.startswith("/tickets?steps=phase")]
    rows = twin["paths"]["rows"]
    assert len(behind) == len(rows)
    for href, row in list(zip(behind, rows, strict=True))[:3]:
        assert client.get(f"/api/v1{href}").json()["total"] == row["count"]
