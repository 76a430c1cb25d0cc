"""Exclusions: the register of tickets left out of numbers, and forms to ask, approve and end.

Floor 6.
"""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.governance.access import LOCAL
from opsgauge.governance.exclusions import APPROVE, ASK, Entry, Wanted
from opsgauge.operations.asking import conditions, day, written
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import Said, capfirst, counted
from opsgauge.operations.excluded import (
    approve_exclusion,
    ask_exclusion,
    end_exclusion,
    exclusion_register,
    named,
    which_words,
)
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import (
    UNSENT,
    Sent,
    acted,
    ends,
    metric_choices,
    moment,
    options,
    why_not,
)

PLACE = "/exclusions"
GROUPS = (
    ("Waits for approval", "Counts for nothing yet", ("asked",)),
    ("In force", "The metric’s page shows its number without and with them", ("in force",)),
    ("No longer", "", ("ended", "refused")),
)
TONES = {"in force": "steady", "asked": "held", "ended": "held", "refused": "held"}
OWN = "Who asked for it may not approve it."
router = APIRouter()


@router.get(PLACE)
def exclusions_page(seen: ViewOf, metric: str = "") -> Response:
    """Draw the register, and the form for a metric where the address names one."""
    return _drawn(seen, UNSENT, metric)


@router.post(PLACE)
async def ask_one(request: Request) -> Response:
    """Ask for an exclusion as the form says."""
    return await acted(request, _ask, _drawn)


@router.post(PLACE + "/{number}/approve")
async def approve_one(number: Number, request: Request) -> Response:
    """Let an exclusion count."""

    def approve(ctx: Context, form: Given) -> str:
        return _place(approve_exclusion(ctx, number))

    return await acted(request, approve, _drawn)


@router.post(PLACE + "/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """Refuse an exclusion, or end it."""

    def end(ctx: Context, form: Given) -> str:
        return _place(end_exclusion(ctx, number, form.get("why")))

    return await acted(request, end, _drawn)


def _ask(ctx: Context, form: Given) -> str:
    wanted = Wanted(
        why=form.get("why"),
        metric=form.get("metric"),
        rules=conditions([each for each in form.get("where").split("\n") if each.strip()]),
        tickets=named(form.get("tickets").split()),
        from_=day("from", form.get("from")),
        to=day("to", form.get("to")),
    )
    return _place(ask_exclusion(ctx, wanted))


def _place(entry: Entry) -> str:
    return f"{PLACE}#exclusion-{entry.number}"


def _drawn(seen: View, sent: Sent, metric: str = "") -> Response:
    ctx = seen.ctx
    found = exclusion_register(ctx)
    not_ask = why_not(ctx, ASK)
    values = {
        "page": frame(
            *(seen, "metrics", "Exclusions"),
            provenance=None,
            json_href=f"/api/v1{PLACE}",
        ),
        "headline": _headline(found),
        "why": "A ticket is left out of numbers only by agreement: with a reason, and by somebody "
        "else’s approval. Nothing is deleted; the number with it stands beside.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Exclusions", "")],
        "groups": _groups(seen, found),
        "form": None
        if not_ask
        else sent.typed("where", "tickets", "from", "to", "why", metric=metric),
        "metrics": [options([("", "All metrics")]), *metric_choices(ctx)],
        "fault": sent.fault,
        "why_not": not_ask,
    }
    return html("exclusions.html", values, sent.status)


def _headline(found: Sequence[Entry]) -> str:
    """Say how many count and wait.

    Examples
    --------
    >>> _headline([])
    'Nothing is left out of numbers'
    """
    counting, waiting = (
        sum(each.state == state for each in found) for state in ("in force", "asked")
    )
    said = "Nothing is left out of numbers"
    if counting:
        said = f"{counted(counting, 'exclusion')} {'is' if counting == 1 else 'are'} in force"
    return said + (
        f", {waiting} {'waits' if waiting == 1 else 'wait'} for approval" if waiting else ""
    )


def _groups(seen: View, found: Sequence[Entry]) -> list[Values]:
    may_not = why_not(seen.ctx, APPROVE)
    return [
        {"title": title, "note": note, "rows": [_row(seen, each, may_not) for each in rows]}
        for title, note, states in GROUPS
        if (rows := [each for each in found if each.state in states])
    ]


def _row(seen: View, entry: Entry, may_not: str) -> Values:
    wanted, waits = entry.wanted, entry.state == "asked"
    own = entry.made_by == seen.ctx.actor.name and seen.ctx.actor != LOCAL
    approve_not = may_not or (OWN if own else "") if waits else ""
    metric = seen.ctx.catalogue.get(wanted.metric) if _is_known(seen, wanted) else None
    return {
        "number": entry.number,
        "which": which_words(wanted) if wanted.tickets else capfirst(which_words(wanted)),
        "tickets_href": _tickets(seen, wanted),
        "metric": metric.definition.title if metric else wanted.metric or "All metrics",
        "metric_href": str(seen.address.to(f"/metrics/{wanted.metric}")) + "#agreed"
        if metric and entry.state == "in force"
        else "",
        "said": Said(TONES[entry.state], capfirst(entry.state)),
        "why": wanted.why,
        "steps": _steps(seen, entry),
        "approve_href": f"{PLACE}/{entry.number}/approve" if waits and not approve_not else "",
        "approve_not": approve_not,
        "end": None
        if may_not or entry.ended_at
        else ends(PLACE, entry.number, "Refuse it" if waits else "End it"),
    }


def _is_known(seen: View, wanted: Wanted) -> bool:
    return any(each.name == wanted.metric for each in seen.ctx.catalogue)


def _tickets(seen: View, wanted: Wanted) -> str:
    """Return where its tickets are listed; of several that are named, nowhere together."""
    if len(wanted.tickets) == 1:
        source, number = (quote(each, safe="") for each in wanted.tickets[0])
        return str(seen.address.to(f"/tickets/{source}/{number}"))
    if wanted.tickets:
        return ""
    return str(
        seen.address.to(
            "/tickets",
            where=[written(each) for each in wanted.rules],
            from_=wanted.from_.isoformat() if wanted.from_ else None,
            to=wanted.to.isoformat() if wanted.to else None,
        )
    )


def _steps(seen: View, entry: Entry) -> list[str]:
    told = [f"Asked by {entry.made_by}, {moment(entry.made_at, seen.ctx)}"]
    if entry.approved_at:
        told.append(f"Approved by {entry.approved_by}, {moment(entry.approved_at, seen.ctx)}")
    if entry.ended_at:
        told.append(f"{capfirst(entry.state)} {moment(entry.ended_at, seen.ctx)}")
    return told
