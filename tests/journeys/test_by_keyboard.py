"""Without a mouse: everything can be reached, seen to have the focus, and used."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MOST_STEPS = 60  # of the tab key, before what is looked for has the focus


def tab_to(page: Page, words: str) -> None:
    """Press the tab key until the focus is on something that says these words."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        said = page.evaluate(
            "document.activeElement.ariaLabel ?? document.activeElement.textContent"
        )
        if words in (said or ""):
            return
    raise AssertionError(f"the tab key never reached {words!r}")


@pytest.mark.row("DSH-09")
def test_the_first_key_skips_to_the_content(page: Page, address: str) -> None:
    """Nobody has to pass the navigation on every page."""
    page.goto(address)
    page.keyboard.press("Tab")

    expect(page.locator("a[href='#main']")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.row("DSH-09")
def test_from_search_to_a_metric_to_its_tickets(page: Page, address: str) -> None:
    """A slash, a name, and the tab key."""
    page.goto(address)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("time_to_resolve")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Time to resolve")

    page.locator("main h1").click()
    tab_to(page, "tickets")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("are behind “Time to resolve”")


def test_a_chooser_opens_takes_the_focus_and_writes_the_address(page: Page, address: str) -> None:
    """Escape closes it; its button sends it."""
    page.goto(f"{address}/metrics/backlog?where=priority=2+usual")
    tab_to(page, "all teams")
    page.keyboard.press("Enter")
    chooser = page.locator("#choose-team")
    expect(chooser).to_be_visible()
    expect(chooser.locator("select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chooser).to_be_hidden()

    page.keyboard.press("Enter")
    page.keyboard.type("Network")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".state")).to_contain_text("Network")
    assert {("where", "team=Network"), ("where", "priority=2 usual")} <= {
        *parse_qsl(urlsplit(page.url).query)
    }


def test_the_definition_closes_and_the_address_follows(page: Page, address: str) -> None:
    """So that the page as it stands can be sent to somebody."""
    page.goto(f"{address}/metrics/backlog")
    tab_to(page, "Definition")
    page.keyboard.press("Enter")
    expect(page.locator("#definition")).to_be_hidden()
    assert "definition=closed" in page.url

    page.reload()
    expect(page.locator("#definition")).to_be_hidden()


def test_a_step_of_the_map_is_a_link_with_a_spoken_name(page: Page, address: str) -> None:
    """As many tickets as it says."""
    page.goto(f"{address}/map")
    page.locator("main h1").click()
    tab_to(page, "New: entered")
    spoken = page.evaluate("document.activeElement.ariaLabel")
    page.keyboard.press("Enter")

    count = spoken.split(" by ")[1].split(" ")[0]
    expect(page.locator("h1")).to_contain_text(f"{count} incidents")


def test_a_chooser_opened_from_the_sticky_line_leaves_the_page_where_it_is(
    page: Page, address: str
) -> None:
    """Its first field takes the focus, and nothing scrolls for that."""
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(f"{address}/metrics/backlog")
    page.evaluate("scrollTo(0, 400)")
    opener = page.get_by_role("button", name="all teams")
    place = opener.bounding_box()
    assert place is not None
    assert place["y"] >= 0
    page.mouse.click(place["x"] + 5, place["y"] + 5)

    expect(page.locator("#choose-team select")).to_be_focused()
    assert page.evaluate("scrollY") == 400
