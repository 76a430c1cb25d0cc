"""A metric's page beside other periods: a table of its own, the state in the address."""

import pytest
from fastapi.testclient import TestClient

from tests.web.pages.conftest import Open


@pytest.mark.row("CAT-10")
def test_the_page_sets_numbers_beside_others(page: Open) -> None:
    """With the change, and the tickets behind both numbers."""
    read = page("/metrics/tickets_opened?period=month&shift=previous")

    assert read.status == 200
    assert "Beside the month before" in read.words
    behind = [link for link in read.links if "part=shifted" in link.href]
    assert behind
    total = page(behind[0].href)
    assert total.status == 200
    assert f"{behind[0].text} ticket" in total.words
    plain = [link for link in read.links if "/tickets?" in link.href and "#" not in link.href]
    assert any("shift=" not in link.href for link in plain)


def test_a_plain_page_has_no_such_table(page: Open) -> None:
    """Only the chooser."""
    read = page("/metrics/tickets_opened")

    assert "beside no other period" in read.words
    assert "beside-title" not in read.source


def test_a_window_and_a_stock_have_their_own_words(page: Open) -> None:
    """The chart stays one of plain periods."""
    window = page("/metrics/time_to_resolve?period=week&rolling=28d")
    assert "Each over the 28 days up to its end" in window.words
    assert any("data-chart" in given for _, given in window.tags)
    stock = page("/metrics/backlog?period=month&aggregate=average")
    assert "On average over the ends of all days of each month" in stock.words


def test_a_question_that_cannot_be_asked_is_told(page: Open) -> None:
    """As on every page."""
    assert page("/metrics/backlog?rolling=28d").status == 400


@pytest.mark.row("CAT-10")
def test_what_stands_beside_few_tickets_is_no_change_to_speak_of(
    page: Open, client: TestClient
) -> None:
    """Of one team a week holds fewer than twenty; the values are shown, the percentage is not."""
    asked = "/metrics/time_to_resolve?period=week&shift=previous"
    one, every = (page(f"{asked}{more}") for more in ("&where=team=Network", ""))

    assert "too few to say" in one.words
    answer = client.get(f"/api/v1/measure{asked.removeprefix('/metrics')}&where=team=Network")
    rows = answer.json()["rows"]
    said = {row["few"] for row in rows if row["change"] is not None}
    assert True in said
    assert all(
        row["few"] == (min(row["n"], row["shifted_n"]) < 20) for row in rows if row["change"]
    )
    assert every.words.count("too few to say") < one.words.count("too few to say")
    counts = page("/metrics/tickets_opened?period=month&shift=previous")
    assert "too few to say" not in counts.words
