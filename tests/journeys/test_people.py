"""From the first administrator to a page that is refused, in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from opsgauge.web.door import make_door
from tests.conftest import with_settings
from tests.journeys.served import free_port, listening
from tests.operations.real_provider import PASSWORD as AT_PROVIDER
from tests.operations.real_provider import USER, real_provider
from tests.web.pages.desk import make_desk

pytestmark = [
    # Chromium and its driver leave their pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a desk that nobody can sign in to yet; yield its address and the printed code.

    Beside it runs a real OpenID provider, whose users become viewers here.
    """
    held = make_desk(tmp_path_factory.mktemp("people"))
    folder, port = tmp_path_factory.mktemp("provider"), free_port()
    with real_provider(folder, f"http://127.0.0.1:{port}/sign-in/return") as provider:
        secret = folder / "secret"
        secret.write_text(provider["client_secret"])
        context = with_settings(
            Context(held.workspace),
            oidc_issuer=provider["issuer"],
            oidc_client_id=provider["client_id"],
            oidc_secret_file=str(secret),
            oidc_name="Django",
            oidc_role="viewer",
        )
        made = make_door(context, people=True)
        assert made.set_up is not None
        with listening(make_app(context, made), port) as where:
            yield where, made.set_up.code
    context.database.close()
    held.close()


@pytest.mark.row("SEC-03")
def test_the_first_administrator_is_made_by_a_link_and_adds_somebody(
    browser: Browser, door: tuple[str, str]
) -> None:
    """What was typed stays where something is wrong with it."""
    address, code = door
    page = browser.new_page()  # not the one that fails on any error: refusals are errors to it
    page.set_default_timeout(60_000)
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Make the first administrator")
    page.goto(f"{address}/setup?code={code}")
    page.get_by_label("Name to sign in with").fill("root")
    page.get_by_label("Name to be shown").fill("Rosa Root")
    page.get_by_label("Password, 12 characters or more").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD + "!")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("alert")).to_contain_text("not the same")
    expect(page.get_by_label("Name to be shown")).to_have_value("Rosa Root")
    page.get_by_label("Password, 12 characters or more").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Make it").click()
    expect(page.locator("header .me")).to_have_text("Rosa Root")
    _adds_somebody(page)
    page.close()


def _adds_somebody(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("1 user may sign in")
    page.get_by_label("Name to sign in with").fill("ana")
    page.get_by_label("First password").fill("short")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_label("For a part of the records").fill("team=Network")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("12 characters at least")
    expect(page.get_by_label("For a part of the records")).to_have_value("team=Network")
    page.get_by_label("First password").fill(PASSWORD)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("h1")).to_have_text("ana")
    expect(page.locator("table").first).to_contain_text("team is Network")


@pytest.mark.row("SEC-03")
def test_whoever_is_refused_is_told_why_and_whom_to_ask(
    browser: Browser, door: tuple[str, str]
) -> None:
    """After sign-in one is where one wanted to go; after sign-out, outside."""
    address, _ = door
    other = browser.new_page()
    other.set_default_timeout(60_000)
    other.goto(f"{address}/tickets")
    other.get_by_label("Name").fill("ana")
    other.get_by_label("Password").fill("not this horse")
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert")).to_contain_text("does not fit")
    expect(other.get_by_label("Name")).to_have_value("ana")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{address}/tickets")
    expect(other.get_by_role("link", name="People", exact=True)).to_have_count(0)
    other.goto(f"{address}/people")
    expect(other.locator("main")).to_contain_text("Viewer may not see users")
    expect(other.locator("main")).to_contain_text("Ask an administrator: Rosa Root.")
    other.goto(f"{address}/account")
    other.get_by_role("button", name="Sign out").click()
    expect(other.locator("h1")).to_have_text("Sign in")
    other.goto(address)
    other.wait_for_url(re.compile("/sign-in"))
    other.close()


@pytest.mark.row("SEC-03")
def test_somebody_signs_in_at_the_provider_and_comes_back(
    browser: Browser, door: tuple[str, str]
) -> None:
    """To the page they wanted to see, as a user of their own; signed out, they are outside."""
    address, _ = door
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/tickets")
    page.get_by_role("link", name="Django").click()
    page.wait_for_url(re.compile("/login/"))
    assert not page.url.startswith(address)
    page.get_by_label("Username").fill(USER)
    page.get_by_label("Password").fill("no horse")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(AT_PROVIDER)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/tickets")
    expect(page.locator("h1")).to_contain_text("incidents")
    page.goto(f"{address}/people")
    expect(page.locator("main")).to_contain_text("Viewer may not see users")
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Sign out").click()
    page.goto(address)
    page.wait_for_url(re.compile("/sign-in"))
    page.close()
