"""A metric shows the same figure whichever link leads to it, and says what it is of."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.load import load_catalogue
from opsgauge.operations.context import Context
from opsgauge.operations.looked import usual_tickets
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.pages.conftest import Link, Open, Read
from tests.web.pages.test_choosers import ROWS, TWO_KINDS

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Import four weeks of incidents and requests."""
    intake = Intake(tmp_path_factory.mktemp("both"))
    intake.takes("\n".join(ROWS) + "\n", mapping=TWO_KINDS)
    served = Context(intake.workspace, readers=Readers(in_memory=True, remember=True))
    yield TestClient(make_app(served), base_url="http://127.0.0.1", follow_redirects=False)
    intake.close()


@pytest.mark.row("DSH-12")
@pytest.mark.parametrize(
    ("metric", "kinds", "usual"),
    [
        ("time_pending_approval", ("incident", "request", "change"), "request"),
        ("time_pending_approval", ("incident", "change", "request"), "change"),
        ("time_to_resolve", ("request", "incident"), "incident"),
        ("time_pending_approval", ("incident", "problem"), ""),
        ("time_pending_approval", ("incident",), ""),
    ],
)
def test_a_metric_is_shown_of_a_practice_that_it_is_made_for(
    metric: str, kinds: tuple[str, ...], usual: str
) -> None:
    """Or of all, where there is none of those."""
    found = usual_tickets(CATALOGUE.get(metric), kinds)

    assert found == ((Condition("practice", (usual,)),) if usual else ())


def links(read: Read, metric: str) -> list[Link]:
    """Return the links to a metric's page."""
    return [each for each in read.links if each.href.split("?")[0] == f"/metrics/{metric}"]


def test_all_links_of_the_catalogue_lead_to_one_state(both: TestClient) -> None:
    """As a title, as what another is paired with, and from the search: kind and weeks."""
    read = Read(both.get("/catalogue").text)
    paired = links(read, "time_to_resolve")
    assert len(paired) >= 2
    assert len({each.href for each in paired}) == 1
    assert "where=practice=incident" in paired[0].href
    assert "&from=" in paired[0].href
    found = both.get("/search?q=time_to_resolve").headers["location"]
    assert found == paired[0].href


def test_home_and_catalogue_lead_to_the_same_address(page: Open) -> None:
    """So one normal is shown."""
    home, catalogue = page("/"), page("/catalogue")

    def asked(read: Read) -> set[str]:
        return {each.href.split("?")[1] for each in links(read, "time_to_resolve")}

    there = asked(catalogue)
    assert len(there) == 1
    assert {tuple(sorted(each.split("&"))) for each in asked(home)} == {
        tuple(sorted(each.split("&"))) for each in there
    }


def test_the_headline_says_of_which_kind_and_the_line_below_from_when_normal_is(
    both: TestClient, page: Open
) -> None:
    """A figure of incidents is not taken for one of all."""

    def headline(asked: str) -> str:
        return Read(both.get(f"/metrics/tickets_opened?{asked}").text).headline

    assert headline("where=practice=request").startswith("Tickets opened of requests: 7 in week 4")
    both_named = headline("where=practice=incident|request")
    assert both_named.startswith("Tickets opened of incidents and requests: 14 in week 4")
    assert headline("").startswith("Tickets opened of all kinds of tickets: 14 in week 4")
    assert headline("from=2026-01-26&to=2026-02-01").endswith(": 6 in week 5 so far")
    alone = page("/metrics/tickets_opened?from=2026-01-05&to=2026-04-26")
    assert alone.headline.startswith("Tickets opened: ")
    assert "Normal is what 16 weeks showed, 5 Jan to 26 Apr 2026." in alone.words


def test_a_period_that_is_not_over_is_no_newest_value(page: Open) -> None:
    """And is named where a chart would need it; a number that still grows says so as on Home."""
    read = page("/metrics/tickets_opened?period=month")
    assert " in March" in read.headline
    assert "4 months are too few for a chart: the last is not over" in read.words
    words = "Its newest tickets are still on their way."
    assert words in page("/metrics/reopened_share").words
    assert words not in page("/metrics/time_to_resolve").words
