"""A ticket's page tells what was changed before it, and so does its twin."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from opsgauge.foundation.units import NARROW_NO_BREAK, amount
from opsgauge.operations.changes_before import changes_before
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.operations.changed_desk import make_changed_desk
from tests.web.pages.conftest import Read


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve the desk with its changes."""
    made = make_changed_desk(tmp_path_factory.mktemp("changed"))
    context = Context(made.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(context), base_url="http://127.0.0.1:8787")
    made.close()


def served_context(client: TestClient) -> Context:
    """Return what the server asks."""
    return cast(Context, cast(FastAPI, client.app).state.context)


@pytest.mark.row("ING-07")
def test_the_page_lists_the_changes_before_an_incident(desk: TestClient) -> None:
    """With the change's own page where it has one, and words that claim no cause."""
    read = Read(desk.get("/tickets/desk/I9").text)
    twin = desk.get(read.twin()).json()["changes_before"]

    assert "Changed within 72 hours before it" in read.headings["h2"]
    assert "Before is not because" in read.words
    assert [each["change_id"] for each in twin["changes"]] == ["C1", "C2", "C3"]
    for each in twin["changes"]:
        assert each["change_id"] in read.words
    links = {link.text: link.href for link in read.links}
    assert links["C1"] == "/tickets/desk/C1"
    assert "C2" not in links
    assert f"{amount(10, 'hours')} before it".replace(NARROW_NO_BREAK, " ") in read.words
    assert "named as the cause" in read.words


def test_what_was_under_way_is_not_said_to_have_ended_before(
    desk: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end came after the incident, or is only planned."""
    told = changes_before(served_context(desk), "I9", "desk")
    lasts = [
        replace(told.changes[0], hours_before=0.0),
        replace(told.changes[0], hours_before=0.0, by_plan=True),
        replace(told.changes[0], by_plan=True),
    ]
    monkeypatch.setattr(
        "opsgauge.web.pages.ticket.changes_before",
        lambda *asked: replace(told, changes=tuple(lasts)),
    )
    words = Read(desk.get("/tickets/desk/I9").text).words

    assert words.count("still under way then ended Mon 9 Feb, 22:00") == 1
    assert words.count("still under way then planned to end Mon 9 Feb, 22:00") == 1
    assert words.count("before it Mon 9 Feb, 22:00, as planned") == 1


def test_the_window_is_chosen_by_a_link_and_its_twin_follows(desk: TestClient) -> None:
    """An own window stands among those offered."""
    read = Read(desk.get("/tickets/desk/I9?hours=10").text)
    twin = desk.get(read.twin()).json()["changes_before"]

    assert (twin["hours"], len(twin["changes"])) == (10, 2)
    assert {"24 h", "72 h", "168 h"} <= {link.text for link in read.links}
    assert desk.get("/tickets/desk/I9?hours=0").status_code == 400


def test_a_ticket_that_cannot_be_compared_has_no_such_part(desk: TestClient) -> None:
    """Its twin says why; the answer alone has an address too, and a CSV."""
    assert "Changed within" not in Read(desk.get("/tickets/desk/R1").text).words
    told = desk.get("/api/v1/changes-before/R1?source=desk").json()
    assert told["words"].startswith("Not compared: ")
    lines = desk.get("/api/v1/changes-before/I9?format=csv&hours=10").text.splitlines()
    assert len(lines) == 3
