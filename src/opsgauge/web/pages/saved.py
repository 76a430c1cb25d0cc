"""Saved filters: the list with their numbers of now, the form that saves one, and short links.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from opsgauge.analysis.mining.chosen_facts import Group
from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.governance.map_notes import WRITE
from opsgauge.governance.register import LONGEST_REASON
from opsgauge.governance.saved_filters import LONGEST_NAME
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.find import chosen_words
from opsgauge.operations.saved import (
    PAGES,
    Saved,
    SavedNumbers,
    opened,
    parted,
    save_filter,
    saved_findings,
    saved_list,
    selection_of,
    take_back_filter,
)
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import SAVED as PLACE
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import UNSENT, Sent, acted, ends, moment, why_not

Of = Annotated[str, Query(description="The address whose filter is to be saved.")]
router = APIRouter()


@router.get(PLACE)
def saved_page(seen: ViewOf, address: Of = "") -> Response:
    """Draw the saved filters, and the form where the address names a filter to save."""
    return _drawn(seen, UNSENT, address)


@router.post(PLACE)
async def save_one(request: Request) -> Response:
    """Save a filter as the form says."""

    def save(ctx: Context, form: Given) -> str:
        made = save_filter(ctx, form.get("name"), form.get("address"), form.get("why"))
        return f"{PLACE}#saved-{made.number}"

    return await acted(request, save, lambda seen, sent: _drawn(seen, sent, ""))


@router.post(PLACE + "/{number}/end")
async def take_back_one(number: Number, request: Request) -> Response:
    """Take a saved filter back."""

    def take_back(ctx: Context, form: Given) -> str:
        take_back_filter(ctx, number)
        return PLACE

    return await acted(request, take_back, lambda seen, sent: _drawn(seen, sent, ""))


@router.get(PLACE + "/{number}")
def saved_link(number: Number, seen: ViewOf) -> RedirectResponse:
    """Lead to the page of a saved filter, with the data and the rights of whoever opens it."""
    return RedirectResponse(opened(seen.ctx, number).address, 303)


def saved_values(seen: View) -> list[Values]:
    """Return the saved filters for the library of findings, see parts/saved.html."""
    return [_row(seen, each) for each in saved_findings(seen.ctx)]


def _drawn(seen: View, sent: Sent, address: str) -> Response:
    found, may_not = saved_list(seen.ctx), why_not(seen.ctx, WRITE)
    form = sent.typed("name", "why", address=address)
    values = {
        "page": frame(seen, "findings", "Saved filters", json_href=f"/api/v1{PLACE}"),
        "headline": f"{counted(len(found), 'filter')} saved" if found else "No filter is saved",
        "why": "A saved filter is a question, not an answer: each is asked of the data of now, and "
        "shows to each reader what they may see.",
        "crumbs": [link("Findings", seen.address.to("/findings")), link("Saved filters", "")],
        "rows": [_row(seen, each, ends_too=True) for each in found],
        "form": form if form["address"] and not may_not else None,
        "which": _which(form["address"]) if form["address"] else "",
        "longest": LONGEST_NAME,
        "longest_why": LONGEST_REASON,
        "fault": sent.fault,
        "why_not": may_not,
    }
    return html("saved.html", values, sent.status)


def _which(address: str) -> str:
    """Say what the form saves; "" for an address of which nothing can be."""
    try:
        page, params = parted(address)
        return f"{PAGES[page]}: tickets{chosen_words(selection_of(params))}."
    except Misuse as wrong:
        return wrong.message


def _row(seen: View, each: Saved, ends_too: bool = False) -> Values:
    saved, numbers = each.filter, each.numbers
    told = numbers.chosen.tickets and not numbers.why_not
    return {
        "number": saved.number,
        "name": saved.name,
        "href": saved.link,
        "why": saved.why,
        "which": f"{PAGES.get(saved.page, saved.page)}: {each.which}",
        "why_not": "" if told else numbers.sentence(),
        "facts": _facts(numbers) if told else [],
        "by": f"{saved.made_by}, {moment(saved.made_at, seen.ctx)}",
        "end": ends(PLACE, saved.number, "Take it back", reason=False)
        if ends_too and each.mine
        else None,
    }


def _facts(numbers: SavedNumbers) -> list[tuple[str, str]]:
    share = "" if numbers.share is None else percent(numbers.share)
    return [
        ("Tickets", whole(numbers.chosen.tickets)),
        ("Share", share if numbers.rest.tickets else ""),
        ("Half within", _half(numbers.chosen)),
        ("The rest", _half(numbers.rest)),
    ]


def _half(group: Group) -> str:
    """Return within what time half of a group's finished tickets are resolved."""
    if group.median is None:
        return ""
    between = ""
    if group.low is not None and group.high is not None:
        between = f" ({duration(group.low)} to {duration(group.high)})"
    return f"{duration(group.median)}{between}"
