"""The metric's page: its sentence, its chart, or the reason why there is none."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.answers import Measured, Provenance, Value
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.app import make_app
from opsgauge.web.pages.metric_tables import compared
from tests.conftest import MAPPING, Intake
from tests.web.pages.conftest import Open, Read


@pytest.mark.row("DSH-04")
def test_the_sentence_says_the_newest_whole_week_in_plain_words(page: Open) -> None:
    """Half within, not median; and since when it is as it is."""
    read = page("/metrics/time_to_resolve")

    assert read.headline.startswith("Time to resolve: half within ")
    assert read.headline.endswith("in week 17")
    assert "since week 2" in read.words
    assert (
        "The newest week has not ended and is not judged." in page("/metrics/tickets_opened").words
    )


@pytest.mark.row("CAT-05")
def test_a_metric_shows_its_counter_metric_for_the_same_period(page: Open) -> None:
    """With its value, and a link that keeps the question."""
    read = page("/metrics/time_to_resolve?where=priority=2+usual&from=2026-01-05&to=2026-04-26")
    pair = next(link for link in read.links if link.href.startswith("/metrics/reopened_share"))

    assert "where=priority=2+usual" in pair.href
    assert "from=2026-01-05" in pair.href
    assert "%" in pair.text


@pytest.mark.row("DSH-09")
def test_the_chart_has_its_table(page: Open) -> None:
    """The same periods, as links to the tickets behind them."""
    read = page("/metrics/time_to_resolve?from=2026-01-05&to=2026-04-26")

    assert any("data-chart" in given for _, given in read.tags)
    periods = [link.href for link in read.links if "at=2026-W" in link.href]
    assert len(set(periods)) == 16


def test_a_definition_stands_beside_its_number(page: Open) -> None:
    """The decision, the worked example, the query, what is left out."""
    words = page("/metrics/time_to_resolve").words

    assert "incident manager finds the team or step" in words
    assert "Worked example, tested on every build" in words
    assert "SELECT" in words
    assert "Lower is better." in words


def test_a_metric_the_records_cannot_give_says_what_is_missing(page: Open) -> None:
    """And shows no number at all."""
    read = page("/metrics/major_share")

    assert read.status == 200
    assert "the records hold no major" in read.words
    assert "docs/guides/mapping.md" in read.words
    assert not [link for link in read.links if link.href.startswith("/tickets?")]


def test_too_few_periods_show_their_values_and_no_chart(page: Open) -> None:
    """With a shorter period to choose."""
    read = page("/metrics/time_to_resolve?period=quarter")

    assert "2 quarters are too few for a chart" in read.words
    assert not any("data-chart" in given for _, given in read.tags)
    assert {"By day", "By week", "By month"} <= {link.text for link in read.links}
    assert [link for link in read.links if "at=2026-Q1" in link.href]


def test_a_split_puts_the_largest_first_and_few_tickets_last(page: Open) -> None:
    """Judged by what is sure enough."""
    read = page("/metrics/tickets_opened?by=category")
    title = next(text for text in read.headings["h2"] if text.startswith("By category: from "))
    rows = [int(link.text.replace(",", "")) for link in read.links if "value=category" in link.href]

    assert rows == sorted(rows, reverse=True)
    assert f"to {rows[0]} for" in title


ODD = "number,at,state,team,who,opened\n" + "".join(
    f"T{n},2026-01-{1 + n % 28:02}T12:00Z,Done,Desk,ann,2026-01-{1 + n % 28:02}T{hour}:00Z\n"
    for n in range(56)
    for hour in (["13"] if n % 2 else ["09"])
)


def served(desk: Intake) -> TestClient:
    """Return a browser of this machine, before a server that remembers."""
    context = Context(desk.workspace, readers=Readers(in_memory=True, remember=True))
    return TestClient(make_app(context), base_url="http://127.0.0.1:8787")


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve tickets of which half end before they begin."""
    desk = Intake(tmp_path_factory.mktemp("doubtful"))
    mapping = MAPPING.replace("fields:", "fields:\n  opened_at: opened\n  resolved_at: at")
    desk.takes(ODD, mapping=mapping)
    yield served(desk)
    desk.close()


@pytest.fixture(scope="module")
def ahead_of_time(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Serve one ticket, of 2099."""
    desk = Intake(tmp_path_factory.mktemp("ahead"))
    desk.takes("number,at,state,team,who\nT1,2099-01-05T08:00Z,New,Desk,ann\n")
    yield served(desk)
    desk.close()


def test_a_number_a_failed_check_touches_is_shown_nowhere(doubtful: TestClient) -> None:
    """The reason is shown instead, with a link to what the check saw."""
    read = Read(doubtful.get("/metrics/time_to_resolve").text)

    assert read.headline == "Time to resolve: no number is shown"
    assert "end before they begin" in read.words or "before they were opened" in read.words
    assert "/checks#order_of_moments" in [link.href for link in read.links]
    assert not [link for link in read.links if link.href.startswith("/tickets?")]
    assert "Withheld" in Read(doubtful.get("/").text).words
    listed = Read(doubtful.get("/tickets?metric=time_to_resolve").text)
    assert "Half within" not in listed.words


@pytest.mark.row("GOV-05")
@pytest.mark.parametrize(
    "path",
    ["/", "/metrics/time_to_resolve", "/tickets?metric=time_to_resolve", "/tickets", "/catalogue"],
)
def test_what_a_failed_check_touches_is_marked_wherever_it_shows(
    doubtful: TestClient, path: str
) -> None:
    """On the page in words, in its JSON twin by the check's id."""
    assert "data suspect" in Read(doubtful.get(path).text).words.lower()
    assert '"order_of_moments"' in doubtful.get(f"/api/v1{'/home' if path == '/' else path}").text


def test_the_map_stands_on_other_columns(doubtful: TestClient) -> None:
    """Steps and their times are the history's own; no field is behind them."""
    assert "data suspect" not in Read(doubtful.get("/map").text).words.lower()
    assert doubtful.get("/api/v1/map").json()["suspect"] == []


@pytest.mark.row("GOV-05")
@pytest.mark.parametrize("path", ["/map", "/", "/metrics/backlog", "/tickets", "/catalogue"])
def test_records_from_the_future_mark_everything(ahead_of_time: TestClient, path: str) -> None:
    """One update of 2099 is taken for now, so no age and no map is what it seems."""
    assert "data suspect" in Read(ahead_of_time.get(path).text).words.lower()
    twin = ahead_of_time.get(f"/api/v1{'/home' if path == '/' else path}")
    assert '"future_moments"' in twin.text


def test_a_list_for_a_spreadsheet_carries_the_mark(doubtful: TestClient) -> None:
    """In a column of its own, which a list of sound data has not."""
    lines = doubtful.get("/tickets.csv?metric=time_to_resolve").text.splitlines()

    assert lines[0].endswith(",suspect")
    assert all("order_of_moments" in line.rsplit(",", 1)[1] for line in lines[1:])


def test_a_split_names_no_group_for_what_has_none() -> None:
    """Tickets without a priority are in the table, and in no heading."""
    rows = (
        Value("all", {"team": "North"}, 422, 422.0),
        Value("all", {"team": "South"}, 30, 30.0),
        Value("all", {"team": None}, 0, 0.0),
    )
    split = Measured(
        "backlog",
        "Backlog",
        "tickets",
        "lower",
        "count",
        "all",
        ("team",),
        (),
        rows,
        Provenance(1, None, None, "", "UTC"),
        "",
    )

    assert compared(rows, "team", split) == "By team: from 30 for South to 422 for North"


def test_a_count_of_all_is_told_once(page: Open) -> None:
    """Not 697 of 697 tickets; a time still says of how many it is."""
    assert re.search(r"all [\d,]+ tickets", page("/metrics/tickets_opened").words)
    assert not re.search(r"([\d,]+) of \1 tickets", page("/metrics/tickets_opened").words)
    assert re.search(r" h of [\d,]+ tickets", page("/metrics/time_to_resolve").words)


def test_a_list_of_all_says_what_it_is_behind_and_no_raw_address(page: Open) -> None:
    """The chip names the metric, or its period where it has one."""
    whole = page("/tickets?metric=time_to_resolve&period=all&at=all").words
    week = page("/tickets?metric=time_to_resolve&period=week&at=2026-W17").words

    assert "Behind Time to resolve ×" in whole
    assert "Behind Time to resolve in week 17" in week
    assert "/tickets?metric" not in whole


def test_the_days_can_be_the_last_month_or_quarter(page: Open) -> None:
    """Whole ones: the records end on Monday 27 April 2026."""
    links = {link.text: link.href for link in page("/metrics/time_to_resolve?by=team").links}

    assert "from=2026-03-01&to=2026-03-31" in links["Last month"]
    assert "from=2026-01-01&to=2026-03-31" in links["Last quarter"]
    assert "by=team" in links["Last month"]
    chosen = page("/metrics/time_to_resolve?from=2026-03-01&to=2026-03-31")
    assert ("a", "true") in [(tag, given.get("aria-current")) for tag, given in chosen.tags]


def test_moments_of_several_years_carry_their_year(tmp_path: Path) -> None:
    """One year needs none."""
    for folder, last in (("one", "2026-02-01"), ("two", "2027-02-01")):
        desk = Intake(tmp_path / folder)
        head, row = "number,at,state,team,who", "T1,2026-01-05T08:00Z,New,Desk,ann"
        desk.takes(f"{head}\n{row}\nT2,{last}T08:00Z,New,Desk,ann")
        client = TestClient(make_app(desk.context), base_url="http://127.0.0.1:8787")
        text = client.get("/tickets").text
        assert ("Mon 5 Jan 2026, 08:00" in text) == (folder == "two")
        assert ("Mon 5 Jan, 08:00" in text) == (folder == "one")
        desk.close()


@pytest.mark.row("SPC-01")
@pytest.mark.row("SPC-02")
def test_a_page_draws_the_chart_and_the_rules_of_its_address(page: Open) -> None:
    """The same numbers as the twin; every rule that a point breaks stands in the table."""
    read = page("/metrics/time_to_resolve?chart=run&rules=nelson")
    options = [given.get("value") for tag, given in read.tags if tag == "option"]

    assert {"auto", "i_prime", "ewma", "nelson", "anhoej", "kpi_signals"} <= {*options}
    assert "Run chart: centre" in read.words
    assert "Signals by the Nelson rules." in read.words
    assert re.search(r"By the Nelson rules \d+\s% of calm charts of 16 weeks", read.words)
    assert "chart=run" in read.twin()
    assert "rules=nelson" in read.twin()


@pytest.mark.row("SPC-01")
def test_a_page_says_which_kind_of_chart_suits_and_why(page: Open, client: TestClient) -> None:
    """As the twin does; left to the numbers, the page draws it."""
    path = "/metrics/tickets_opened"
    twin = client.get(f"/api/v1{path}").json()["chart"]
    words = page(path).words
    assert twin["chart"] == "xmr"
    assert twin["suited"]["why"] in words
    left = client.get(f"/api/v1{path}?chart=auto").json()["chart"]
    assert left["chart"] == twin["suited"]["chart"]
    assert left["why"] in page(f"{path}?chart=auto").words


@pytest.mark.row("SPC-09")
def test_a_page_puts_a_laney_chart_in_the_place_of_a_p_chart_and_says_so(
    page: Open, client: TestClient
) -> None:
    """Where σz lies outside 0.7 to 1.5; the twin tells the same."""
    path = "/metrics/reopened_share?chart=p"
    told = client.get(f"/api/v1{path}").json()["chart"]
    words = page(path).words

    outside = not 0.7 <= told["phases"][0]["sigma_z"] <= 1.5
    assert told["chart"] == ("laney_p" if outside else "p")
    assert ("in place of the p chart" in words) == outside
    assert f"σz = {told['phases'][0]['sigma_z']:.2f}" in words


def test_a_smoothed_chart_is_judged_by_its_limits_alone(page: Open) -> None:
    """Rules that an address holds from another chart are left aside."""
    read = page("/metrics/time_to_resolve?chart=ewma&rules=nelson")

    assert read.status == 200
    assert "Signals by the limits alone." in read.words
    assert "rules=" not in read.twin()


@pytest.mark.row("SPC-12")
def test_a_page_of_days_draws_what_was_expected_with_its_backtest(
    page: Open, client: TestClient
) -> None:
    """The same sentence and numbers as the twin; a page of weeks leads there."""
    read = page("/metrics/tickets_opened?period=day")
    told = client.get("/api/v1/metrics/tickets_opened/expected?period=day").json()

    assert "What was expected of each day" in read.headings["h2"]
    assert " ".join(told["backtest"].split()) in read.words
    assert "foreseen from what came before it alone" in told["backtest"]
    drawn = re.search(r'id="expected-spec">(.*?)</script>', read.source, re.DOTALL)
    assert drawn is not None
    spec = json.loads(drawn[1])
    bands = {row["at"]: row for row in spec["datasets"]["band"]}
    assert len(bands) == sum(point["high"] is not None for point in told["points"])
    assert max(row["upper"] for row in bands.values()) == max(
        point["high"] for point in told["points"] if point["high"] is not None
    )
    assert any(link.href.endswith("#expected") for link in page("/metrics/tickets_opened").links)


@pytest.mark.row("SPC-05")
def test_a_page_says_from_which_periods_frozen_limits_are(page: Open) -> None:
    """Of the first ten weeks, and not of all; without it, of all that are judged."""
    path = "/metrics/time_to_resolve"
    assert "Normal is what the first 10 weeks showed, " in page(f"{path}?freeze=10").words
    assert "Normal is what 16 weeks showed, " in page(path).words
