"""From an export that nobody described to numbers on Home, in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from opsgauge.foundation.settings import Workspace
from tests.conftest import Intake
from tests.journeys.served import serving
from tests.sources.draft import exports
from tests.web.pages.desk import make_desk

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
WORD = "beim Kollegen"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Workspace]]:
    """Serve a desk of its own, since these tests change it."""
    held: Intake = make_desk(tmp_path_factory.mktemp("import"))
    with serving(held.workspace) as where:
        yield where, held.workspace
    held.close()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Write an export."""
    file = tmp_path / "Störungen 2026.csv"
    file.write_text(exports.german_list())
    return file


def edit(page: Page, old: str, new: str) -> None:
    """Change the mapping as one types."""
    area = page.get_by_label("The mapping, as YAML")
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new, 1))


@pytest.mark.row("ING-01")
def test_an_export_becomes_numbers(page: Page, own: tuple[str, Workspace], export: Path) -> None:
    """Upload, draft, edit a state, try, import; then the tickets are there."""
    address, workspace = own
    page.goto(address)
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("An export of your tool").set_input_files(export)
    page.get_by_role("button", name="Upload and draft its mapping").click()
    expect(page.locator("h1")).to_contain_text(f"{exports.MANY} tickets from the {exports.MANY}")
    unknown = page.get_by_role("heading", name="Words without a mapping")
    expect(unknown).to_be_visible()

    edit(page, f"# {WORD}: ", f"{WORD}: ")
    page.get_by_role("button", name="Try it").click()
    expect(unknown).to_have_count(0)
    page.get_by_label("Keep it as").fill("calls")
    page.get_by_role("button", name="Keep and import").click()
    expect(page.locator("h1")).to_contain_text(f"{exports.MANY} records of")
    assert WORD in (workspace.path / "mappings" / "calls.yaml").read_text()

    page.get_by_role("link", name="See what matters now").click()
    expect(page.locator("footer")).to_contain_text("data version 2")
    page.goto(f"{address}/tickets?where=source=stoerungen")
    expect(page.locator("h1")).to_contain_text(str(exports.MANY))


def test_a_fault_is_shown_beside_and_found_by_its_line(
    page: Page, own: tuple[str, Workspace], export: Path
) -> None:
    """Without a new page: what was typed stays, and the line can be gone to."""
    page.goto(f"{own[0]}/import")
    page.get_by_label("An export of your tool").set_input_files(export)
    page.get_by_role("button", name="Upload and draft its mapping").click()
    page.wait_for_url(re.compile("/import/[0-9a-f]{32}"))
    edit(page, "erledigt: resolved", "erledigt: resolvd")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("alert")).to_contain_text("Did you mean 'resolved'?")
    page.get_by_role("button", name=re.compile("Go to line")).click()
    chosen = page.evaluate(
        "() => { const t = document.getElementById('text');"
        " return t.value.slice(t.selectionStart, t.selectionEnd) }"
    )
    assert "erledigt: resolvd" in chosen

    edit(page, "erledigt: resolvd", "erledigt: resolved")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("status").first).to_contain_text("Tried")


def test_a_file_above_the_limit_is_refused_before_it_is_sent(
    page: Page, own: tuple[str, Workspace], tmp_path: Path
) -> None:
    """The page knows the limit."""
    large = tmp_path / "large.csv"
    large.write_text("n,at\n" + "1,2026-01-05\n" * 100)
    page.goto(f"{own[0]}/import")
    page.locator("[data-upload]").evaluate("form => form.dataset.limit = 100")
    page.get_by_label("An export of your tool").set_input_files(large)
    page.get_by_role("button", name="Upload and draft its mapping").click()

    expect(page.get_by_role("status").first).to_contain_text("upload_limit")


def test_without_a_script_it_works_as_well(
    browser: Browser, own: tuple[str, Workspace], export: Path
) -> None:
    """Plain forms, from the file to the result."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{own[0]}/import")
    page.get_by_label("An export of your tool").set_input_files(export)
    page.get_by_role("button", name="Upload and draft its mapping").click()
    edit(page, f"# {WORD}: ", f"{WORD}: ")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="Words without a mapping")).to_have_count(0)
    page.get_by_label("Keep it as").fill("plain")
    page.get_by_role("button", name="Keep and import").click()
    expect(page.locator("main")).to_contain_text("Tickets touched")

    page.goto(f"{own[0]}/import")
    page.get_by_role("button", name="Sync now").click()
    expect(page.locator("h1")).to_contain_text("inbox")
    context.close()


def test_the_inbox_is_synced_by_a_button(page: Page, own: tuple[str, Workspace]) -> None:
    """What has no mapping is told, and left."""
    address, workspace = own
    (workspace.path / "inbox" / "unheard_of.csv").write_text("a,b\n1,2\n")
    page.goto(f"{address}/import")
    page.get_by_role("button", name="Sync now").click()

    expect(page.locator("table.inbox")).to_contain_text("No mapping")
    expect(page.locator("h1")).to_contain_text("in the inbox")
