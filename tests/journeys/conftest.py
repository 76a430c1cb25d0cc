"""A made-up desk behind a real server, and a browser that hears every error of a page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.served import browsing, serving
from tests.web.pages.desk import make_desk


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a made-up desk of sixteen weeks."""
    held = make_desk(tmp_path_factory.mktemp("journey"))
    with serving(held.workspace) as where:
        yield where
    held.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Open Chromium."""
    with browsing() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page that fails the test on any error of its scripts."""
    errors: list[str] = []
    fresh = browser.new_page()
    fresh.set_default_timeout(60_000)
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    fresh.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield fresh
    fresh.close()
    assert not errors
