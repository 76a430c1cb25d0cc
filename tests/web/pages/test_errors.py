"""Whatever goes wrong is told on a page of the product, with what to do next."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.settings import make_workspace
from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from opsgauge.web.pages import home as home_page
from tests.web.pages.conftest import Open, Read


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "There is nothing at this address"),
        ("/metrics/time_to_resolv", 404, "Did you mean 'time_to_resolve'?"),
        ("/tickets/desk/INC0", 404, "There is no ticket 'INC0'"),
        ("/tickets/other/INC00002", 404, "There is no ticket"),
        ("/metrics/backlog?by=teem", 404, "Did you mean 'team'?"),
        ("/metrics/backlog?where=assignee=Agent+1", 400, "names a person"),
        ("/metrics/backlog?by=requester", 400, "names a person"),
        ("/tickets?where=assignee=Agent+1", 400, "names a person"),
        ("/metrics/backlog?statistic=p90", 400, "has no statistic"),
        ("/metrics/backlog?from=yesterday", 400, "Write it as 2026-01-31"),
        ("/?to=yesterday", 400, "Write it as 2026-01-31"),
        ("/?where=team", 400, "no condition"),
        ("/map?steps=person", 404, "no steps by"),
        ("/map?shown_steps=0", 400, "shown_steps"),
        ("/tickets?offset=-1", 400, "offset"),
        ("/tickets?sort=team;drop", 400, "cannot be sorted"),
        ("/tickets?sort=assignee", 400, "cannot be sorted"),
        ("/tickets?metric=backlog&period=week&at=someday", 400, "is no period"),
        ("/tickets.csv?metric=nope", 404, "no metric"),
        ("/search?q=xyzzy", 404, "No ticket has the number"),
    ],
)
def test_an_error_is_a_page(page: Open, path: str, status: int, said: str) -> None:
    """With its status, its reason, and ways on."""
    read = page(path)

    assert read.status == status
    assert said in read.words
    assert {"Home", "All metrics", "All tickets"} <= {link.text for link in read.links}
    assert "Traceback" not in read.source


def test_what_nobody_expected_has_a_reference_and_no_detail(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says what to quote; the log says the rest, under the same reference."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("the secret of ticket 7")

    monkeypatch.setattr(home_page, "home", fail)
    answer = client.get("/")
    read = Read(answer.text)

    assert answer.status_code == 500
    assert "secret" not in answer.text
    reference = read.words.split("Reference ")[1].split()[0]
    logged = capsys.readouterr().out
    assert reference in logged
    assert "the secret of ticket 7" in logged


def test_the_log_of_an_error_holds_no_values_of_the_program(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Local variables are records."""
    private = "Ann of the north"

    def fail(*_: object) -> None:
        kept = private.upper()
        raise ZeroDivisionError(len(kept))

    monkeypatch.setattr(home_page, "home", fail)
    client.get("/")

    assert private.upper() not in capsys.readouterr().out


@pytest.fixture
def empty(tmp_path: Path) -> TestClient:
    """Serve a workspace without data."""
    context = Context(make_workspace(tmp_path / "empty"))
    return TestClient(make_app(context), base_url="http://127.0.0.1:8787")


def test_an_empty_workspace_says_how_to_fill_it(empty: TestClient) -> None:
    """Home is no error; it is the first thing that one sees."""
    answer = empty.get("/")

    assert answer.status_code == 200
    assert "opsgauge import FILE" in Read(answer.text).words


@pytest.mark.parametrize("path", ["/catalogue", "/versions"])
def test_what_needs_no_data_is_there_without(empty: TestClient, path: str) -> None:
    """Which metrics there are can be read before any import."""
    assert empty.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/tickets", "/map", "/checks", "/metrics/backlog"])
def test_what_needs_data_says_so(empty: TestClient, path: str) -> None:
    """With the command that brings some."""
    answer = empty.get(path)

    assert answer.status_code == 400
    assert "opsgauge import FILE" in Read(answer.text).words
