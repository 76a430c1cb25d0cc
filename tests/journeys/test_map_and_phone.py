"""The map in a browser, pages on a phone, and pages without a script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ON_A_PHONE = ("/", "/metrics/time_to_resolve", "/map", "/tickets", "/checks", "/catalogue")


def test_a_way_on_the_map_leads_to_the_tickets_that_took_it(page: Page, address: str) -> None:
    """Its row in the table and its arrow lead to the same list."""
    page.goto(f"{address}/map?steps=team")
    way = page.locator("table.ways tbody a").first
    name = way.inner_text()
    arrow = page.locator(".map-box.only-wide a[href]").nth(2)
    assert (arrow.get_attribute("href") or "").startswith("/tickets?")
    way.click()

    expect(page.locator(".chip", has_text="Way")).to_contain_text("team went from")
    assert "→" in name or "↻" in name
    assert page.locator("table.tickets tbody tr").count() >= 1


def test_the_sliders_write_the_address(page: Page, address: str) -> None:
    """At once, without a button; and the picture follows."""
    page.goto(f"{address}/map")
    steps = page.locator("#main input[name=shown_steps]")
    before = page.locator(".map-box.only-wide .node").count()
    steps.fill("3")
    page.wait_for_url("**shown_steps=3**")

    expect(page.locator("#main input[type=range]").first).to_have_value("3")
    assert page.locator(".map-box.only-wide .node").count() < before


def test_a_point_of_the_chart_leads_to_its_tickets(page: Page, address: str) -> None:
    """The same as its row in the table."""
    page.goto(f"{address}/metrics/time_to_resolve?definition=closed")
    page.wait_for_selector("[data-drawn]", timeout=60_000)
    page.locator(".layer_touch_marks path").nth(3).click(force=True)

    page.wait_for_url("**/tickets?**")
    expect(page.locator("h1")).to_contain_text("are behind “Time to resolve”")


@pytest.mark.row("DSH-09")
def test_the_chart_can_be_read_as_a_table(page: Page, address: str) -> None:
    """One of the two is shown."""
    page.goto(f"{address}/metrics/time_to_resolve")
    page.get_by_role("button", name="as a table").click()

    expect(page.locator("#chart-table")).to_be_visible()
    expect(page.locator("[data-chart]")).to_be_hidden()


@pytest.mark.parametrize("path", ON_A_PHONE)
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, address: str, path: str) -> None:
    """What does not fit is left out by rank, or scrolls in its own box."""
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(address + path)
    over = phone.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    phone.close()

    assert over <= 0


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Open a page as wide as a phone."""
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    yield opened
    opened.close()


def test_a_bar_cut_off_shows_where_one_is_and_that_there_is_more(phone: Page, address: str) -> None:
    """On Home there is more on the right; on Service levels its word is seen whole."""
    phone.goto(address)
    assert "more-after" in (phone.locator(".nav").get_attribute("class") or "")
    assert phone.locator(".nav").evaluate("e => getComputedStyle(e).maskImage") != "none"
    phone.goto(f"{address}/service-levels")
    box = phone.locator(".nav [aria-current]").bounding_box()

    assert box is not None
    assert box["x"] + box["width"] <= 390
    assert "more-before" in (phone.locator(".nav").get_attribute("class") or "")


@pytest.mark.parametrize("path", ["/map", "/map/compare"])
def test_a_map_wider_than_a_phone_begins_at_its_first_step(
    phone: Page, address: str, path: str
) -> None:
    """The topmost step is seen whole."""
    phone.goto(address + path)
    boxes = [each.bounding_box() for each in phone.locator(".map-box.only-narrow .node").all()]
    first = min((box for box in boxes if box), key=lambda box: box["y"])

    assert first["x"] >= 0
    assert first["x"] + first["width"] <= 390


def test_what_is_said_of_teams_is_read_whole_on_a_phone(phone: Page, address: str) -> None:
    """Marks wrap, and letters of the picture are as large as on a desk."""
    phone.goto(f"{address}/waiting")
    ends = "es => es.map(e => e.getBoundingClientRect().right)"
    said = phone.locator("table.tbl .said:visible").evaluate_all(ends)
    letters = phone.locator(".funnel text").first.evaluate(
        "e => 12 * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox"
        ".baseVal.width"
    )

    assert all(end <= 390 for end in said)
    assert letters >= 10


@pytest.mark.row("DSH-09")
def test_without_a_script_the_table_stands_where_the_chart_would(
    browser: Browser, address: str
) -> None:
    """And forms keep their button."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/metrics/time_to_resolve")
    table, chart = page.locator("#chart-table"), page.locator("[data-chart]")
    seen = table.is_visible(), chart.is_visible()
    page.goto(f"{address}/map")
    button = page.get_by_role("button", name="Draw it so").is_visible()
    context.close()

    assert seen == (True, False)
    assert button


def test_a_wrong_address_has_ways_on(page: Page, address: str) -> None:
    """Home, metrics, tickets."""
    answer = page.goto(f"{address}/tickets/desk/INC-none")

    assert answer is not None
    assert answer.status == 404
    page.get_by_role("link", name="All metrics").click()
    expect(page.locator("h1")).to_contain_text("metrics, each with one definition")


@pytest.fixture
def page(browser: Browser) -> Page:
    """Open a page; one that is not there is an error to the browser, and meant here."""
    fresh = browser.new_page()
    fresh.set_default_timeout(60_000)
    return fresh
