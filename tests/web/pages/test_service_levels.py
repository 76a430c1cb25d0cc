"""The pages of service levels, and their twins."""

import re
from urllib.parse import parse_qs, quote, urlsplit

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
    assert "8 h around the clock where priority is 1 high" in words
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


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize("days", ["", "?from=2026-03-01&to=2026-03-31&where=priority=2 usual"])
@pytest.mark.parametrize("path", ["/service-levels", "/service-levels/in_time"])
def test_every_number_leads_to_as_many(
    client: TestClient, page: Open, path: str, days: str
) -> None:
    """The list's heading, its JSON twin and the number clicked agree; so does the way back."""
    behind = [link for link in page(path + days).links if "clock=" in link.href]

    outcomes = {parse_qs(urlsplit(link.href).query)["outcome"][0] for link in behind}
    assert {"decided", "broken", "lasting" if path == "/service-levels" else "running"} <= outcomes
    for link in behind:
        n = link.text.split()[0]
        twin = client.get(link.href.replace("/tickets", "/api/v1/tickets", 1)).json()
        assert (link.href, f"{twin['total']:,}") == (link.href, n)
    read = page(behind[0].href)
    assert read.status == 200
    assert f"{behind[0].text} clocks decided" in read.headline
    assert any(each.href.startswith(f"/service-levels{days[:5]}") for each in read.links)


def test_days_stay_chosen_and_all_is_of_them_or_says_what_it_is_of(page: Open) -> None:
    """On the list, on one promise, and on the way back."""
    days = "?from=2026-03-01&to=2026-03-31"
    listed, one = page(f"/service-levels{days}"), page(f"/service-levels/in_time{days}")

    [down] = [link.href for link in listed.links if link.text == "Resolved in time"]
    [back] = [each.href for each in one.links if "Service levels" in each.text and "?" in each.href]
    assert (down, back) == (f"/service-levels/in_time{days}", f"/service-levels{days}")
    assert any(f"{days}&part=phase" in link.href for link in one.links)
    assert re.fullmatch(r"[\d,]+ of [\d,]+ clocks decided 1 to 31 Mar 2026 broke", listed.headline)
    assert one.headline.endswith("broken, decided 1 to 31 Mar 2026")
    assert "Lasting now" in listed.words
    assert "so clocks stand then, whatever days are chosen" in listed.words
    assert "whose clock of it was decided 1 to 31 Mar 2026" in listed.words
    assert "of clocks decided 1 to 31 Mar 2026, whenever they were paused" in one.words
    assert "whatever days" not in page("/service-levels").words


def test_a_list_of_clocks_is_sorted_kept_as_csv_and_walked(client: TestClient, page: Open) -> None:
    """Its tickets know the list; what is no number of one kind is refused."""
    asked = "clock=in_time&outcome=broken&to=2026-03-31"
    read = page(f"/tickets?{asked}")
    [first] = [link for link in read.links if link.href.startswith("/tickets/desk/")][:1]
    walked = page(first.href)
    lines = client.get(f"/tickets.csv?{asked}").text.splitlines()
    twin = client.get(f"/api/v1/tickets?{asked}&limit=5000").json()

    over = [row["clock_over_hours"] for row in twin["rows"]]
    assert over == sorted(over, reverse=True)
    assert len(lines) - 1 == twin["total"]
    assert "clock_over_hours" in lines[0]
    assert any(f"{twin['total']:,} clocks" in link.text for link in walked.links)
    assert client.get(f"/tickets?{asked}&metric=sla_met_share").status_code == 400
    assert client.get("/tickets?clock=in_tim").status_code == 404


FLAG, CLOCKS = "By the tool’s own flag", "By Opsgauge’s own clocks"


@pytest.mark.parametrize(
    ("path", "by", "other"),
    [
        ("/service-levels", CLOCKS, "/metrics/sla_met_share"),
        ("/service-levels/in_time", CLOCKS, "/metrics/sla_met_share"),
        ("/tickets?clock=in_time", CLOCKS, "/metrics/sla_met_share"),
        ("/metrics/service_level_kept_share", CLOCKS, "/metrics/sla_met_share"),
        ("/metrics/ever_broken_share", CLOCKS, "/metrics/sla_met_share"),
        ("/metrics/sla_met_share", FLAG, "/metrics/service_level_kept_share"),
        ("/metrics/sla_breaches", FLAG, "/metrics/service_level_kept_share"),
        ("/tickets?metric=sla_breaches", FLAG, "/metrics/service_level_kept_share"),
        ("/catalogue", FLAG, "/metrics/service_level_kept_share"),
        ("/", FLAG, "/metrics/service_level_kept_share"),
    ],
)
def test_each_promise_says_whose_clock_it_goes_by(
    page: Open, path: str, by: str, other: str
) -> None:
    """With the way to the number that goes by the other."""
    read = page(path)

    assert by in read.words
    assert any(link.href.split("?")[0] == other for link in read.links)


def test_a_name_that_is_none_is_told(page: Open) -> None:
    """With the nearest that is."""
    read = page("/service-levels/in_tim")

    assert read.status == 404
    assert "Did you mean 'in_time'?" in " ".join(read.text)
