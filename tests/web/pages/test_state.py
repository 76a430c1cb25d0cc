"""The whole state of a page stands in its address; tastes stand in cookies."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.tidy import tidy
from tests.conftest import Intake
from tests.web.pages.conftest import Open, Read

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
PAIRS = st.lists(st.tuples(st.sampled_from(["where", "by", "q", "é &"]), WORDS), max_size=5)


@pytest.mark.row("DSH-12")
def test_a_form_with_empty_fields_leads_to_the_tidy_address(client: TestClient) -> None:
    """One address for one state."""
    answer = client.get("/tickets?where=&from=&where=team%3DDesk&column=priority&is=1+high")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/tickets?where=team=Desk&where=priority=1+high"


@given(PAIRS)
def test_tidying_twice_changes_nothing_more(params: list[tuple[str, str]]) -> None:
    """Or a browser would be sent in circles."""
    once = tidy(tuple(params))

    assert tidy(once) == once


@given(PAIRS)
def test_an_address_written_is_read_back(params: list[tuple[str, str]]) -> None:
    """Whatever letters the records hold."""
    written = str(Address("/tickets", tuple(params)))

    assert parse_qsl(urlsplit(written).query, keep_blank_values=True) == params


def test_choosers_keep_what_they_do_not_choose(page: Open) -> None:
    """The week's chooser keeps the team, the team's chooser the week."""
    read = page("/?to=2026-04-12&where=team=Network&where=priority=2+usual")
    hidden = [
        (given["name"], given["value"])
        for tag, given in read.tags
        if tag == "input" and given.get("type") == "hidden"
    ]

    assert hidden.count(("to", "2026-04-12")) == 2  # team and filters
    assert ("where", "team=Network") in hidden
    assert ("where", "priority=2 usual") in hidden
    assert "Network" in read.words
    assert "priority is 2 usual" in read.words


def test_a_split_of_the_page_is_in_its_address(page: Open) -> None:
    """And marked as the one chosen."""
    read = page("/metrics/time_to_resolve?by=category")
    current = [given["href"] for tag, given in read.tags if given.get("aria-current") == "true"]

    assert "By category" in " ".join(read.headings["h2"])
    assert any("by=category" in href for href in current)


def test_the_drawer_is_open_unless_the_address_closes_it(page: Open) -> None:
    """It works without a script."""

    def hidden(read: Read) -> bool:
        return any(given.get("id") == "definition" and "hidden" in given for _, given in read.tags)

    assert not hidden(page("/metrics/backlog"))
    assert hidden(page("/metrics/backlog?definition=closed"))


@pytest.mark.parametrize(
    ("theme", "written"), [("dark", "dark"), ("light", "light"), ('x" onload=', ""), ("", "")]
)
def test_the_theme_comes_from_its_cookie(client: TestClient, theme: str, written: str) -> None:
    """Written by the server, so that no page flashes; another word is no theme."""
    headers = {"cookie": f"theme={theme}; density=dense"} if theme else {}
    root = next(
        given for tag, given in Read(client.get("/", headers=headers).text).tags if tag == "html"
    )

    assert root.get("data-theme", "") == written
    assert root.get("data-density", "") == ("dense" if theme else "")


def test_a_page_is_never_shown_as_old_as_a_cache(client: TestClient) -> None:
    """The browser asks again, and keeps it for nobody else."""
    answer = client.get("/")

    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Cookie"


MORE = """number,at,state,team,who
N1,2026-02-01T08:00Z,New,Desk,ann
N2,2026-02-01T09:00Z,New,Desk,ann
"""


@pytest.fixture
def twice(make_intake: Callable[..., Intake]) -> TestClient:
    """Import two tickets, then one more."""
    desk = make_intake()
    desk.takes(MORE)
    desk.takes(MORE + "N3,2026-02-02T09:00Z,New,Desk,ann\n")
    context = Context(desk.workspace, readers=Readers(in_memory=True, remember=True))
    return TestClient(make_app(context), base_url="http://127.0.0.1:8787")


def test_an_older_data_version_is_read_by_its_number(twice: TestClient) -> None:
    """And every link of its pages goes on reading it."""
    new, old = (Read(twice.get(f"/tickets{query}").text) for query in ("", "?data_version=1"))

    assert new.headline == "3 incidents"
    assert old.headline == "2 incidents"
    places = [link.href for link in old.links if link.text in {"Home", "Process", "Checks"}]
    assert places
    assert all("data_version=1" in href for href in places)
    assert all("data_version" not in link.href for link in new.links)
    versions = Read(twice.get("/versions?data_version=1").text)
    assert "Data version 1 of 2, not the newest" in versions.words


def test_a_version_that_is_not_there_is_told(twice: TestClient) -> None:
    """With those that are."""
    read = Read((answer := twice.get("/tickets?data_version=9")).text)

    assert answer.status_code == 404
    assert "There are 1 to 2" in read.words


def test_a_page_reads_one_data_version_from_start_to_end(
    make_intake: Callable[..., Intake],
) -> None:
    """Whatever is imported meanwhile."""
    desk = make_intake()
    desk.takes(MORE)
    held = replace(desk.context, readers=Readers()).holding()
    desk.takes(MORE + "N3,2026-02-02T09:00Z,New,Desk,ann\n")

    assert held.opened().version.version == 1
    assert held.at_version(2).opened().version.version == 2
    assert desk.context.opened().version.version == 2


def test_old_data_is_called_old(page: Open) -> None:
    """Records that end months ago are no news, and every page says so."""
    for path in ("/", "/metrics/backlog", "/checks", "/map"):
        assert "months old" in page(path).source, path
