"""The data versions: what was loaded when, and which one the pages read.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.operations.deleted import GoneTicket, deleted
from opsgauge.operations.integration_compared import (
    KpiBefore,
    change_words,
    shown_integration,
)
from opsgauge.operations.versions import VersionLine, data_versions
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.tidy import TidyRoute

MOST_GONE = 100  # that the page lists; the twin lists all
router = APIRouter(route_class=TidyRoute)


@router.get("/versions")
def versions_page(seen: ViewOf, change: int | None = None) -> HTMLResponse:
    """Draw the list of data versions."""
    lines = data_versions(seen.ctx)
    current = seen.provenance.data_version if seen.provenance else 0
    newest = lines[0].version if lines else 0
    state = f"Data version {current}" + (
        "" if current == newest else f" of {newest}, not the newest"
    )
    return html(
        "versions.html",
        {
            "page": frame(seen, "", "Data versions", [state] if lines else []),
            "headline": _headline(lines),
            "why": "Every number names the version it was computed from, and is computed from it "
            "again whenever that version is opened.",
            "crumbs": [link("Home", seen.address.to("/"))],
            "versions": lines,
            "audit_href": str(seen.address.to("/audit")),
            "gone": gone_now(seen),
            "most_gone": MOST_GONE,
            "integration": _integration(seen, change),
            "current": current,
            "version_hrefs": {
                line.version: str(
                    Address("/").having(
                        data_version=None if line.version == newest else line.version
                    )
                )
                for line in lines
                if line.tickets
            },
        },
    )


def _integration(seen: View, change: int | None) -> Values:
    """Return what changed in how data came in, with the numbers of one change."""
    log = shown_integration(seen.ctx, change)
    if log is None:
        return {"changes": [], "compared": []}
    return {
        "changes": [
            {
                "change": each,
                "href": f"{seen.address.having(change=each.version)}#compared",
                "current": any(one.change.version == each.version for one in log.compared),
            }
            for each in log.changes
        ],
        "compared": [
            {
                "of": one,
                "rows": [(each, change_words(each), _metric(seen, each)) for each in one.numbers],
            }
            for one in log.compared
        ],
    }


def _metric(seen: View, number: KpiBefore) -> str:
    return str(seen.address.to(f"/metrics/{number.metric}"))


def gone_now(seen: View) -> tuple[GoneTicket, ...]:
    """Return the tickets that are gone at their source in the version read."""
    try:
        return deleted(seen.ctx).rows
    except WorkspaceMissing:
        return ()


def _headline(lines: tuple[VersionLine, ...]) -> str:
    if not lines:
        return "No data version yet"
    return "One data version" if len(lines) == 1 else f"{len(lines)} data versions are kept"
