"""A page with nothing on it: that none of what was chosen is there, and how to choose otherwise.

Floor 6.
"""

from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import NothingThere
from opsgauge.web.pages.frame import Values, View, frame, html


def nothing_page(
    seen: View, title: str, state: list[object], crumbs: list[Values], told: NothingThere
) -> HTMLResponse:
    """Return the page of the map that has nothing to draw, with its choosers."""
    return html(
        "error.html",
        {
            "page": frame(seen, "map", title, state),
            "headline": told.message.removesuffix("."),
            "why": "",
            "crumbs": crumbs,
            "hint": told.hint,
            "links": crumbs[:1],
            "reference": "",
        },
    )
