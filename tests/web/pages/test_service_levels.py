"""The pages of service levels, and their twins."""

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.units import NARROW_NO_BREAK, percent
from tests.web.pages.conftest import Open
from tests.web.pages.desk import SERVICE_LEVELS


@pytest.mark.row("SLA-02")
def test_each_promise_is_listed_with_how_it_is_kept(client: TestClient, page: Open) -> None:
    """The page's numbers are its twin's, and those of the metric."""
    read = page("/service-levels")
    twin = client.get("/api/v1/service-levels").json()["service_levels"]
    asked = "/api/v1/measure/service_level_kept_share?by=clock"
    [row] = client.get(asked).json()["rows"]

    words = " ".join(read.text)
    assert "Resolved in time" in words
    assert "Network in time" in words
    assert "What ‘Resolved in time’ rests on" in words
    assert (twin[0]["kept"], twin[0]["n"]) == (row["numerator"], row["n"])
    assert f"{twin[0]['n']:,}" in words


@pytest.mark.row("SLA-07")
def test_one_promise_says_where_late_clocks_spent_their_time(page: Open) -> None:
    """By team, and by what else is chosen; the parts lead to themselves."""
    read = page("/service-levels/in_time")

    words = " ".join(read.text)
    assert "24 h" in words
    assert "8 h where priority is 1 high" in words
    assert "the calendar's own zone." in words
    assert "If it falls, somebody looks." in words
    assert "Field <north>" in words
    assert "Beside the source’s own flag" in words
    assert any("part=phase" in link.href for link in read.links)
    assert "in_progress" in " ".join(page("/service-levels/in_time?part=phase").text)


@pytest.mark.row("SLA-08")
def test_pauses_without_a_message_are_told_where_it_is_known(
    client: TestClient, page: Open
) -> None:
    """By team as in the twin; a promise that does not name its messages has no such column."""
    words = page("/service-levels/in_time").words
    teams = client.get("/api/v1/service-levels/in_time").json()["pauses"]["teams"]
    silent = next(each for each in teams if each["without_message"])

    assert "Without a message" in words
    share = f"{percent(silent['without_message_share'])} of {silent['messages_known']}"
    assert share.replace(NARROW_NO_BREAK, " ") in words
    assert "Without a message" not in page("/service-levels/network").words


@pytest.mark.row("SLA-05")
def test_another_definition_is_asked_in_the_address(client: TestClient, page: Open) -> None:
    """What it flips, or why it is not understood."""
    other = SERVICE_LEVELS.replace("within: 24 h", "within: 6 h")
    read = page(f"/service-levels/in_time?other={quote(other)}")
    wrong = page(f"/service-levels/in_time?other={quote(other.replace('kind', 'knd'))}")
    twin = client.get(f"/api/v1/service-levels/in_time?other={quote(other)}").json()["whatif"]

    assert twin["flips"] > 0
    assert f"{twin['flips']:,} tickets would change sides" in " ".join(read.text)
    assert "there is no such key" in " ".join(wrong.text)


def test_a_name_that_is_none_is_told(page: Open) -> None:
    """With the nearest that is."""
    read = page("/service-levels/in_tim")

    assert read.status == 404
    assert "Did you mean 'in_time'?" in " ".join(read.text)
