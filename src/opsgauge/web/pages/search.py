"""Search: a ticket's number leads to the ticket, words lead to metrics.

Floor 6.
"""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from opsgauge.foundation.errors import UnknownTicket, WorkspaceMissing
from opsgauge.operations.catalogue import metric_list
from opsgauge.operations.choices import values_of
from opsgauge.operations.ticket import ticket
from opsgauge.web.pages.catalogue import metric_href, metrics_table
from opsgauge.web.pages.errors import error_page
from opsgauge.web.pages.frame import Values, View, ViewOf, bare_frame, html, link
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)


@router.get("/search")
def search_page(seen: ViewOf, q: str = "") -> Response:
    """Lead to what was searched for, or say that there is nothing of the kind."""
    text = q.strip()
    found = _tickets(seen, text) if text else []
    if len(found) == 1:
        return RedirectResponse(found[0]["href"], 303)
    if found:
        return _same_number(seen, text, found)
    metrics = [
        each
        for each in metric_list(seen.ctx)
        if _fits(text, each["id"], each["title"], each["question"])
    ]
    exact = [each for each in metrics if text.lower() in {each["id"], each["title"].lower()}]
    if len(metrics) == 1 or exact:
        name = (exact or metrics)[0]["id"]
        return RedirectResponse(metric_href(seen, name), 303)
    if not metrics or not text:
        return _nothing(seen, text)
    return _several(seen, text, metrics)


def _tickets(seen: View, text: str) -> list[Values]:
    """Return links to the tickets of that number, one for each source that has one."""
    found = []
    for source in _sources(seen):
        for number in dict.fromkeys([text, text.upper()]):
            try:
                story = ticket(seen.ctx, number, source)
            except UnknownTicket:
                continue
            path = f"/tickets/{quote(source, safe='')}/{quote(str(story.ticket['ticket_id']))}"
            found.append(link(f"{number} of {source}", seen.address.to(path)))
            break
    return found


def _sources(seen: View) -> list[str]:
    try:
        return [str(each.value) for each in values_of(seen.ctx, "source")]
    except WorkspaceMissing:
        return []


def _fits(text: str, *fields: str) -> bool:
    """Say whether every word of the text stands somewhere in the fields."""
    where = " ".join(fields).lower()
    return all(word in where for word in text.lower().split())


def _several(seen: View, text: str, metrics: list[dict[str, str]]) -> HTMLResponse:
    values = metrics_table(seen, metrics, f"{len(metrics)} metrics fit “{text}”", "")
    values["page"] |= {"search_text": text, "json_href": ""}
    return html("catalogue.html", values)


def _same_number(seen: View, text: str, found: list[Values]) -> HTMLResponse:
    values = {
        "page": {**bare_frame(seen.request, text), "search_text": text},
        "headline": f"{len(found)} sources have a ticket {text}",
        "why": "Choose the one you mean.",
        "crumbs": [],
        "hint": "",
        "links": found,
        "reference": "",
    }
    return html("error.html", values)


def _nothing(seen: View, text: str) -> HTMLResponse:
    message = f"No ticket has the number “{text}”, and no metric these words." if text else ""
    hint = "A ticket is found by its whole number, a metric by words of its title."
    return error_page(
        seen.request, 404 if text else 200, message or "Nothing was searched for.", hint
    )
