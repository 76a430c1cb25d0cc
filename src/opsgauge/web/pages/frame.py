"""What all pages share: the request as a page sees it, the frame around it, and drawing templates.

Floor 6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from opsgauge.foundation.errors import OpsgaugeError, WorkspaceMissing
from opsgauge.governance.access import Actor, decide
from opsgauge.governance.map_notes import WRITE
from opsgauge.governance.sign_ins import NOBODY
from opsgauge.operations.answers import Provenance
from opsgauge.operations.check import titles
from opsgauge.operations.choices import practices
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.filters import FILTERS
from opsgauge.operations.phrases import noun
from opsgauge.operations.saved import can_be_saved
from opsgauge.web.asked import Ctx
from opsgauge.web.door import known_of
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.filtering import Filtering
from opsgauge.web.pages.tidy import COLUMN

FRESH_DAYS = 7  # a weekly export is still fresh
SAVED = "/saved"  # where filters are saved and listed
PLACES = (
    ("home", "Home", "/"),
    ("metrics", "Metrics", "/catalogue"),
    ("map", "Process", "/map"),
    ("findings", "Findings", "/findings"),
    ("tickets", "Tickets", "/tickets"),
    ("levels", "Service levels", "/service-levels"),
    ("checks", "Checks", "/checks"),
    ("import", "Import", "/import"),
)
# The pages of a place that has several, each with the beginning of its address.
PAGES_OF: Mapping[str, Sequence[tuple[str, str]]] = {
    "map": (
        ("Map", "/map"),
        ("Waiting", "/waiting"),
        ("Handoffs", "/handoffs"),
        ("Paths", "/paths"),
        ("Conformance", "/conformance"),
        ("Objects", "/objects"),
    ),
    "findings": (
        ("Findings", "/findings"),
        ("Causes", "/causes"),
        ("Beyond a threshold", "/descriptions"),
        ("Saved filters", SAVED),
    ),
}
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
    """A request as a page sees it: who asks of what, under which address.

    `column` is that of a filter in the making, for which the page offers values; "" for none.
    """

    request: Request
    ctx: Context
    address: Address
    column: str = ""

    @classmethod
    def bare(cls, request: Request, ctx: Context) -> "View":
        """Return the request as a page sees it that is drawn again with a fault."""
        return cls(request, ctx, Address("/"))

    @property
    def noun(self) -> str:
        """What tickets are called here: by their practice, where there is one alone."""
        try:
            return noun(practices(self.ctx))
        except WorkspaceMissing:
            return "ticket"

    @property
    def several_years(self) -> bool:
        """Whether the records lie in more than one year, so that a day needs its year."""
        opened = self.ctx.opened()
        begin, end = (opened.periods.date_of(m) for m in (opened.periods.first, opened.watermark))
        return begin.year != end.year

    @property
    def provenance(self) -> Provenance | None:
        """From what the page's numbers come; None where nothing is imported."""
        try:
            return self.ctx.provenance()
        except WorkspaceMissing:
            return None


def view(request: Request, ctx: Ctx) -> View:
    """Return the request as a page sees it."""
    address = Address.of(request)
    column = next(iter(address.all(COLUMN)), "")
    return View(request, ctx, address.having(**{COLUMN: None}), column)


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
    now = seen.ctx.clock()
    return usual | {
        "state": list(state),
        "provenance": provenance,
        "seen_at": now,
        "stale": stale_words(provenance.data_as_of, now) if provenance else "",
        "json_href": str(seen.address.twin()),
        "save_href": save_href(seen) if state else "",
        **(Filtering(seen.ctx, seen.address, seen.column).values() if state else {}),
        **more,
    }


def save_href(seen: View) -> str:
    """Return where the filter of a page is saved; "" where none can be, or one may not."""
    can = can_be_saved(seen.address.path, seen.address.params)
    if not can or not decide(seen.ctx.actor, WRITE).allowed:
        return ""
    return str(Address(SAVED, (("address", str(seen.address)),)))


def stale_words(newest: datetime | None, now: datetime) -> str:
    """Return how old the newest record is, where that is too old to speak of now; else "".

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, tzinfo=UTC)
    >>> stale_words(datetime(2026, 11, 16, tzinfo=UTC), now)
    ''
    >>> stale_words(datetime(2026, 11, 1, tzinfo=UTC), now)
    '21 days old'
    >>> stale_words(datetime(2016, 5, 30, tzinfo=UTC), now)
    '10 years old'
    """
    days = (now - newest).days if newest else 0
    if days <= FRESH_DAYS:
        return ""
    for length, unit in ((365, "years"), (30, "months")):
        if days >= 2 * length:
            return f"{days // length} {unit} old"
    return f"{days} days old"


def bare_frame(request: Request, title: str) -> Values:
    """Return the frame of a page that says what went wrong, and therefore asks nothing."""
    whole: Context = request.app.state.context
    return _around(request, "", title, Address("/")) | {"seen_at": whole.clock()}


def _around(request: Request, place: str, title: str, address: Address) -> Values:
    theme, density = (request.cookies.get(name, "") for name in ("theme", "density"))
    return {
        "title": title,
        "place": place,
        "places": [
            {"key": key, "text": text, "href": str(address.to(path))} for key, text, path in PLACES
        ]
        if knows_somebody(request)
        else [],
        "siblings": [
            option(text, address.to(path), request.url.path.startswith(path))
            for text, path in PAGES_OF.get(place, ())
        ],
        "who": who(request),
        "people_href": "/people" if decide(_actor(request), "people:read").allowed else "",
        "form_token": getattr(request.state, "form_token", ""),
        "static": "/static",
        "theme": theme if theme in THEMES else "",
        "density": density if density in DENSITIES else "",
        "search_href": "/search",
        "search_text": "",
        "state": [],
        "offered": None,
        "not_there": [],
        "save_href": "",
        "provenance": None,
        "stale": "",
        "versions_href": str(address.to("/versions")),
        "calendars_href": str(address.to("/calendars")),
        "requests_href": str(address.to("/requests")),
        "agreed": [
            {"text": text, "href": str(address.to(f"/{text.lower()}"))}
            for text in (
                "Summary",
                "Signals",
                "Alerts",
                "Targets",
                "Baselines",
                "Owners",
                "Exclusions",
            )
        ],
        "json_href": "",
    }


def knows_somebody(request: Request) -> bool:
    """Say whether the request comes from somebody who may open pages."""
    return _actor(request) is not NOBODY


def _actor(request: Request) -> Actor:
    actor: Actor = getattr(request.state, "actor", NOBODY)
    return actor


def who(request: Request) -> Values | None:
    """Return the link to the account of who is signed in; None where nobody is."""
    known = known_of(request)
    return link(known.shown, "/account") if known is not None else None


def html(template: str, values: Values, status: int = 200) -> HTMLResponse:
    """Draw a page."""
    # A number that is as old as a cache must not look new.
    headers = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}
    return HTMLResponse(TEMPLATES.get_template(template).render(values), status, headers)


def link(text: str, href: Address | str) -> Values:
    """Return a link as templates take it."""
    return {"text": text, "href": str(href)}


def ticket_links(seen: View, tickets: Iterable[tuple[str, str]]) -> list[Values]:
    """Return links to tickets by their source and number, each called by its number."""
    return [
        link(number, seen.address.to(f"/tickets/{quote(source, safe='')}/{quote(number, safe='')}"))
        for source, number in tickets
    ]


def suspect_links(seen: View, suspect: Sequence[str]) -> list[Values]:
    """Return the failed checks that touch what is shown, each with what it saw."""
    checks = seen.address.to("/checks")
    named = zip(suspect, titles(seen.ctx, suspect), strict=True)
    return [link(title, f"{checks}#{each}") for each, title in named]


def option(text: str, href: Address | str, current: bool) -> Values:
    """Return one of several choices that are links."""
    return {"text": text, "href": str(href), "current": current}


def told(wrong: OpsgaugeError) -> str:
    """Return an error as one sentence or two."""
    return f"{wrong.message} {wrong.hint}".strip()
