"""A target set in a browser: a wrong number first, then the right one, then its metric's page."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Page]:
    """Open a page that fails on errors of scripts; a form that was wrong is one to the browser."""
    errors: list[str] = []
    made = browser.new_page()
    made.set_default_timeout(60_000)
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    made.close()
    assert not errors


@pytest.mark.row("CAT-12")
def test_a_target_is_set_and_stands_on_its_metric(fresh: Page, address: str) -> None:
    """The form keeps what was typed, the goal is a line of the chart; ended, it is history."""
    page = fresh
    page.goto(f"{address}/metrics/reopened_share?period=week")
    page.get_by_role("link", name="Set a target").click()
    expect(page.get_by_label("Metric", exact=True)).to_have_value("reopened_share")
    page.get_by_label("To reach").fill("5,5%")
    page.get_by_label("From", exact=True).fill("2026-01-05")
    page.get_by_label("Why").fill("Work once, not twice.")
    page.get_by_role("button", name="Set the target").click()

    expect(page.get_by_role("alert")).to_contain_text("Write it with a point")
    expect(page.get_by_label("To reach")).to_have_value("5,5%")
    expect(page.get_by_label("Why")).to_have_value("Work once, not twice.")
    page.get_by_label("To reach").fill("5.5%")
    page.get_by_role("button", name="Set the target").click()

    expect(page).to_have_url(re.compile("/targets#target-"))
    row = page.get_by_role("row", name=re.compile("Reopened tickets"))
    expect(row).to_contain_text("at most 5.5")
    row.get_by_role("link", name="Reopened tickets").click()
    expect(page.locator("[data-drawn]")).to_be_visible()
    expect(page.locator("[data-drawn]")).to_contain_text("target 5.5")
    expect(page.locator("main")).to_contain_text("Target, at most 5.5")

    page.goto(f"{address}/targets")
    page.locator(".ending summary").click()
    page.locator(".ends input").fill("Enough.")
    page.locator(".ends button").click()
    expect(page.locator("h1")).to_have_text("No target is set")
    expect(page.get_by_role("table")).to_contain_text("At most 5.5")
