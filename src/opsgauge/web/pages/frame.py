"""What all pages share: the request as a page sees it, the frame around it, and drawing templates.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from opsgauge.foundation.errors import OpsgaugeError, WorkspaceMissing
from opsgauge.operations.answers import Provenance
from opsgauge.operations.choices import practices
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.filters import FILTERS
from opsgauge.operations.phrases import noun
from opsgauge.web.asked import Ctx
from opsgauge.web.pages.address import Address

PLACES = (
    ("home", "Home", "/"),
    ("metrics", "Metrics", "/catalogue"),
    ("map", "Map", "/map"),
    ("tickets", "Tickets", "/tickets"),
    ("checks", "Checks", "/checks"),
    ("import", "Import", "/import"),
)
THEMES, DENSITIES = ("light", "dark"), ("dense",)
Values = dict[str, Any]

TEMPLATES = Environment(
    loader=PackageLoader("opsgauge.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters.update(FILTERS)


@dataclass(frozen=True)
class View:
    """A request as a page sees it: who asks of what, under which address."""

    request: Request
    ctx: Context
    address: Address

    @property
    def noun(self) -> str:
        """What tickets are called here: by their practice, where there is one alone."""
        try:
            return noun(practices(self.ctx))
        except WorkspaceMissing:
            return "ticket"

    @property
    def provenance(self) -> Provenance | None:
        """From what the page's numbers come; None where nothing is imported."""
        try:
            return self.ctx.provenance()
        except WorkspaceMissing:
            return None


def view(request: Request, ctx: Ctx) -> View:
    """Return the request as a page sees it."""
    return View(request, ctx, Address.of(request))


ViewOf = Annotated[View, Depends(view)]


def frame(seen: View, place: str, title: str, state: Sequence[Any] = (), **more: Any) -> Values:
    """Return what `base.html` calls `page`.

    Parameters
    ----------
    place : key of the place of the top bar one is in
    state : the state of the page as a sentence: words and choosers
    more : `provenance`, `search_text` or `json_href` where they are not the usual
    """
    provenance = more.get("provenance", seen.provenance)
    usual = _around(seen.request, place, title, seen.address)
    return usual | {
        "state": list(state),
        "provenance": provenance,
        "seen_at": seen.ctx.clock(),
        "json_href": str(seen.address.twin()),
        **more,
    }


def bare_frame(request: Request, title: str) -> Values:
    """Return the frame of a page that says what went wrong, and therefore asks nothing."""
    served: Context = request.app.state.context
    return _around(request, "", title, Address("/")) | {"seen_at": served.clock()}


def _around(request: Request, place: str, title: str, address: Address) -> Values:
    theme, density = (request.cookies.get(name, "") for name in ("theme", "density"))
    return {
        "title": title,
        "place": place,
        "places": [
            {"key": key, "text": text, "href": str(address.to(path))} for key, text, path in PLACES
        ],
        "static": "/static",
        "theme": theme if theme in THEMES else "",
        "density": density if density in DENSITIES else "",
        "search_href": "/search",
        "search_text": "",
        "state": [],
        "provenance": None,
        "versions_href": str(address.to("/versions")),
        "json_href": "",
    }


def html(template: str, values: Values, status: int = 200) -> HTMLResponse:
    """Draw a page."""
    # A number that is as old as a cache must not look new.
    headers = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
    return HTMLResponse(TEMPLATES.get_template(template).render(values), status, headers)


def link(text: str, href: Address | str) -> Values:
    """Return a link as templates take it."""
    return {"text": text, "href": str(href)}


def option(text: str, href: Address | str, current: bool) -> Values:
    """Return one of several choices that are links."""
    return {"text": text, "href": str(href), "current": current}


def told(wrong: OpsgaugeError) -> str:
    """Return an error as one sentence or two."""
    return f"{wrong.message} {wrong.hint}".strip()
