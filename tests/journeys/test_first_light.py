"""The first journey: from home to a metric, to the tickets behind its number, to one of them."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def number(text: str) -> int:
    """Return the first whole number in a text, thousands parted by commas."""
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found[0].replace(",", ""))


@pytest.mark.row("DSH-03")
def test_from_home_to_one_ticket(page: Page, address: str) -> None:
    """The count of tickets listed equals the number's n, and each of them can be opened."""
    page.goto(address)
    page.locator(".card h3 a", has_text="Time to resolve").first.click()
    expect(page.locator("h1")).to_contain_text("Time to resolve")
    expect(page.locator("[data-chart] svg, [data-chart] canvas").first).to_be_visible(
        timeout=60_000
    )

    behind = page.locator("dl.strip a", has_text="tickets").first
    n = number(behind.inner_text())
    behind.click()
    expect(page.locator("h1")).to_contain_text(f"{n:,} incidents")
    rows = page.locator("table.tickets tbody tr")
    assert rows.count() == min(n, 50)
    assert f"{n:,} incidents" in page.locator("main").inner_text()

    first = rows.first.locator("a").first
    name = first.inner_text()
    first.click()
    expect(page.locator("main")).to_contain_text(name)
    assert page.url.endswith(f"/tickets/desk/{name}") or f"/tickets/desk/{name}?" in page.url


def test_every_listed_ticket_is_counted_once(page: Page, address: str) -> None:
    """Turning the pages of the list meets every ticket, and none twice."""
    page.goto(f"{address}/tickets?metric=tickets_opened")
    n = number(page.locator("h1").inner_text())
    met: list[str] = []
    while True:
        met += page.locator("table.tickets tbody tr td:first-child").all_inner_texts()
        more = page.get_by_role("link", name=re.compile("Rows after"))
        if not more.count():
            break
        more.first.click()
        page.wait_for_load_state()
    assert len(met) == len(set(met)) == n


def test_the_theme_is_remembered(page: Page, address: str) -> None:
    """The server writes it into the next page, so that none flashes."""
    page.emulate_media(color_scheme="light")
    page.goto(address)
    page.locator("[data-do=theme]").click()
    page.goto(f"{address}/checks")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_wrong_address_says_what_to_do(page: Page, address: str) -> None:
    """In the manner of every other page, with a way on."""
    answer = page.request.get(f"{address}/metrics/time_to_resolv")

    assert answer.status == 404
    assert "time_to_resolve" in answer.text()
