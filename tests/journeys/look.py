"""Takes a picture of every page, in both themes and three widths, and fails on what is amiss.

    python -m tests.journeys.look [--workspace DIR] [--to DATE] [--only NAME]... [--pictures DIR]

What is amiss: an error on the console, a page that scrolls sideways, a breach of WCAG 2.2 AA as
axe sees it. Without a workspace it makes up the desk of the tests. Nobody looks at a picture but
people: open the folder.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, FilePayload
from playwright.sync_api import Page as Tab

from opsgauge.foundation.settings import open_workspace
from tests.journeys.served import browsing, serving
from tests.sources.draft.exports import german_list
from tests.web.pages.desk import make_desk

WIDTHS = (1440, 1024, 390)
THEMES = ("light", "dark")
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
WIDE_PARTS = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&
               !e.closest('.scroll, .map-box, .tickets-box, .nav, .sr'))
  .slice(0, 3).map(e => e.tagName + '.' + e.className)"""


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, how wide, in which theme."""

    name: str
    path: str
    width: int
    theme: str

    @property
    def file(self) -> str:
        """Name of the picture."""
        return f"{self.name}-{self.width}-{self.theme}.png"


def href(tab: Tab, where: str) -> str | None:
    """Return where the first such link leads; None where there is none."""
    found = tab.query_selector(where)
    return found.get_attribute("href") if found else None


def pages(tab: Tab, base: str, to: str) -> dict[str, str]:
    """Return the pages by name; those of one ticket and one number are found by following links."""
    until = f"?to={to}" if to else ""
    tab.goto(f"{base}/{until}")
    metric = href(tab, ".card h3 a") or "/metrics/time_to_resolve"
    behind = href(tab, ".card .foot a") or "/tickets"
    claimed = href(tab, ".matter .go a")
    tab.goto(base + behind)
    ticket = href(tab, "table.tickets tbody a") or "/tickets"
    export = FilePayload(name="calls.csv", mimeType="text/csv", buffer=german_list().encode())
    drafted = tab.request.post(f"{base}/api/v1/mapping-drafts", multipart={"file": export})
    found = {
        "home": f"/{until}",
        "metric": metric,
        "metric-closed": f"{metric}&definition=closed",
        "metric-by-day": f"{metric}&period=day&statistic=p90&by=team",
        "metric-few": f"{metric}&period=quarter",
        "metric-empty": "/metrics/major_share",
        "metric-beside": f"{metric}&period=month&shift=previous",
        "restated": "/metrics/time_to_resolve/restated",
        "score-card": "/scorecards/incident",
        "stock": metric.replace("time_to_resolve", "backlog"),
        "tickets": behind,
        "tickets-all": "/tickets",
        "tickets-none": "/tickets?where=priority=none+such&where=team=nobody",
        "ticket": ticket,
        "map": "/map",
        "map-team": "/map?steps=team&shown_steps=12&shown_ways=30",
        "map-notes": "/map/notes",
        "saved": "/saved",
        "save": "/saved?address=/map?where=team%3DNetwork",
        "waiting": "/waiting",
        "waiting-why": "/waiting/why?calendar=desk",
        "handoffs": "/handoffs?of=Network",
        "paths": "/paths",
        "findings": "/findings",
        "descriptions": "/descriptions",
        "checks": "/checks",
        "catalogue": "/catalogue",
        "versions": "/versions",
        "calendars": "/calendars",
        "calendar": "/calendars/desk?year=2026",
        "levels": "/service-levels",
        "level": "/service-levels/in_time",
        "signals": "/signals",
        "signals-of-metric": "/metrics/backlog?period=week&definition=closed",
        "targets": "/targets",
        "owners": "/owners",
        "exclusions": "/exclusions",
        "requests": "/requests",
        "objects": "/objects",
        "orders": "/requests/orders?of=completed",
        "conformance": "/conformance",
        "conformance-exceptions": "/conformance/exceptions?period=week",
        "conformance-model": "/conformance/model?model=change",
        "conformance-times": "/conformance/times",
        "search-several": "/search?q=time",
        "error": "/metrics/time_to_resolv",
        "import": "/import",
        "import-draft": f"/import/{drafted.json()['upload']}",
    }
    return found | ({"tickets-claimed": claimed} if claimed else {})


def faults(tab: Tab, said: list[str]) -> Iterator[str]:
    """Yield what is amiss with the page that is open."""
    yield from said
    if tab.evaluate(SIDEWAYS) > 0:
        yield f"scrolls sideways by {tab.evaluate(SIDEWAYS)} px: {tab.evaluate(WIDE_PARTS)}"
    for each in Axe().run(tab, options=AXE).response["violations"]:
        yield f"axe {each['id']}, {len(each['nodes'])} times: {each['nodes'][0]['html'][:160]}"


def take(browser: Browser, base: str, shot: Shot, folder: Path) -> list[str]:
    """Take one picture; return what is amiss."""
    context = browser.new_context(viewport={"width": shot.width, "height": 900})
    context.add_cookies([{"name": "theme", "value": shot.theme, "url": base}])
    tab = context.new_page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # A page that is told not to be there is an error to the browser, and meant.
        if message.type in {"error", "warning"} and "404" not in message.text:
            said.append(f"console {message.type}: {message.text[:200]}")

    tab.on("console", hear)
    tab.on("pageerror", lambda error: said.append(f"script: {error}"))
    tab.goto(base + shot.path)
    if tab.query_selector("[data-chart]"):
        tab.wait_for_selector("[data-drawn]", timeout=30_000)
    tab.screenshot(path=folder / shot.file, full_page=True)
    found = list(faults(tab, said))
    context.close()
    return found


def main(arguments: list[str]) -> int:
    """Take all pictures; return 1 if anything is amiss."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--workspace", type=Path)
    reader.add_argument("--to", default="", help="last day that Home looks at")
    reader.add_argument("--only", action="append", help="names of pages; all without")
    reader.add_argument("--pictures", type=Path, default=Path("pictures"))
    asked = reader.parse_args(arguments)
    asked.pictures.mkdir(exist_ok=True, parents=True)
    with tempfile.TemporaryDirectory() as folder:
        held = (
            open_workspace(asked.workspace)
            if asked.workspace
            else make_desk(Path(folder)).workspace
        )
        with serving(held) as base, browsing() as browser:
            tab = browser.new_page()
            there = pages(tab, base, asked.to)
            tab.close()
            names = asked.only or list(there)
            shots = [Shot(n, there[n], w, t) for n in names for w in WIDTHS for t in THEMES]
            amiss = 0
            for shot in shots:
                for fault in take(browser, base, shot, asked.pictures):
                    amiss += 1
                    sys.stdout.write(f"{shot.file}: {fault}\n")
    sys.stdout.write(f"{len(shots)} pictures in {asked.pictures}, {amiss} faults\n")
    return 1 if amiss else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
