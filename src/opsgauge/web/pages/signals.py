"""Signals: what is to be seen to, notices, how each metric stands, and what follows when one slips.

Floor 6.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.governance.protocols import OWNER, PERSON, ROLE, SET, WHO, Protocol
from opsgauge.governance.signal_register import ACT, NOTE
from opsgauge.governance.signals import NOT_THERE, NOTICES, PAST, TO_DO
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations import signal_acts as acts
from opsgauge.operations.asking import conditions, written
from opsgauge.operations.calendars import listed_calendars
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, counted, plain, stand_said
from opsgauge.operations.health import Stand
from opsgauge.operations.how_it_stands import Standing, standings, summary
from opsgauge.operations.protocols import end_protocol, protocol_list, set_protocol
from opsgauge.operations.signals import Inbox, inbox, note_signals
from opsgauge.web.asked import Number
from opsgauge.web.given import Given, whole_number
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import (
    UNSENT,
    Act,
    Sent,
    acted,
    ends,
    metric_choices,
    moment,
    options,
    why_not,
)
from opsgauge.web.pages.signal_rows import PLACE, UNTRIED, Tried, signal_row

PROTOCOLS = "/protocols"
PAST_SHOWN = 30
TITLES = {
    TO_DO: "To be seen to",
    NOTICES: "Worth knowing",
    NOT_THERE: "No longer there",
    PAST: "What was",
}
NOTES = {
    NOTICES: "Notices are no alarms: nobody has to do anything.",
    NOT_THERE: "Numbers or limits are others now, and show no signal there any more.",
}
WHO_WORDS = {OWNER: "Its owner", ROLE: "A role", PERSON: "A person"}
router = APIRouter()


@router.get(PLACE)
def signals_page(seen: ViewOf, metric: str = "") -> Response:
    """Draw every signal, or those of one metric."""
    return _drawn(seen, UNSENT, metric)


@router.post(PLACE + "/note")
async def note_now(request: Request) -> Response:
    """Look for signals now."""

    def note(ctx: Context, form: Given) -> str:
        note_signals(ctx)
        return PLACE

    return await acted(request, note, _again)


@router.post(PLACE + "/{number}/dismiss")
async def dismiss_one(number: Number, request: Request) -> Response:
    """Dismiss a signal."""

    def act(ctx: Context, form: Given) -> str:
        return _at(acts.dismiss(ctx, number, form.get("cause")).number)

    return await _acted(request, number, "dismiss", act)


@router.post(PLACE + "/{number}/rebase")
async def rebase_one(number: Number, request: Request) -> Response:
    """Let the chart of a signal begin anew."""

    def act(ctx: Context, form: Given) -> str:
        named = (form.get(name) for name in ("event", "why", "at"))
        return _at(acts.rebase_signal(ctx, number, *named).number)

    return await _acted(request, number, "rebase", act)


@router.post(PLACE + "/{number}/undo")
async def undo_one(number: Number, request: Request) -> Response:
    """Take back what was decided about a signal."""

    def act(ctx: Context, form: Given) -> str:
        return _at(acts.undo(ctx, number, form.get("why")).number)

    return await _acted(request, number, "undo", act)


@router.post(PLACE + "/{number}/assign")
async def assign_one(number: Number, request: Request) -> Response:
    """Give a signal to somebody."""

    def act(ctx: Context, form: Given) -> str:
        named = (form.get(name) for name in ("owner", "due", "why"))
        return _at(acts.assign(ctx, number, *named).number)

    return await _acted(request, number, "assign", act)


@router.post(PLACE + "/{number}/done")
async def finish_one(number: Number, request: Request) -> Response:
    """Say that what was to be done is done."""

    def act(ctx: Context, form: Given) -> str:
        return _at(acts.finish(ctx, number, form.get("why")).number)

    return await _acted(request, number, "done", act)


@router.post(PLACE + "/{number}/remark")
async def remark_one(number: Number, request: Request) -> Response:
    """Write something down beside a signal."""

    def act(ctx: Context, form: Given) -> str:
        return _at(acts.write_down(ctx, number, form.get("text")).number)

    return await _acted(request, number, "remark", act)


@router.post(PROTOCOLS)
async def set_one(request: Request) -> Response:
    """Set a response protocol as the form says."""
    return await acted(request, _set, _again)


@router.post(PROTOCOLS + "/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """End a response protocol."""

    def end(ctx: Context, form: Given) -> str:
        end_protocol(ctx, number, form.get("why"))
        return f"{PLACE}#protocols"

    return await acted(request, end, _again)


async def _acted(request: Request, number: int, act: str, do: Act) -> Response:
    """Do what the form of one signal asks; where that cannot be, show it as it was typed."""

    def draw(seen: View, sent: Sent) -> Response:
        return _drawn(seen, UNSENT, "", Tried(number, act, sent))

    return await acted(request, do, draw)


def _at(number: int) -> str:
    return f"{PLACE}#signal-{number}"


def _set(ctx: Context, form: Given) -> str:
    wanted = Protocol(
        metric=form.get("metric"),
        segment=conditions([each for each in form.get("where").split("\n") if each.strip()]),
        who=form.get("who"),
        name=form.get("name"),
        what=form.get("what"),
        days=whole_number(form.get("days").strip()),
        calendar=form.get("calendar") or ALWAYS,
        why=form.get("why"),
    )
    return f"{PLACE}#protocol-{set_protocol(ctx, wanted).number}"


def _again(seen: View, sent: Sent) -> Response:
    return _drawn(seen, sent)


def _drawn(seen: View, sent: Sent, metric: str = "", tried: Tried = UNTRIED) -> Response:
    ctx = seen.ctx
    found = inbox(ctx, metric or None)
    stands = _standings(ctx)
    not_set = why_not(ctx, SET)
    values = {
        "page": frame(
            *(seen, "metrics", "Signals"),
            json_href=str(seen.address.to(f"/api/v1{PLACE}", metric=metric)),
        ),
        "headline": found.sentence(),
        "why": f"{summary(stands)}." if stands else "",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Signals", "")],
        "looked": _looked(ctx, found),
        "may_look": not why_not(ctx, NOTE),
        "groups": _groups(seen, found, tried),
        "stands": _stands(seen, stands),
        "protocols": [_protocol(seen, each, not not_set) for each in protocol_list(ctx)],
        "form": None if not_set else _form(sent),
        "metrics": [options([("", "Choose a metric")]), *metric_choices(ctx)],
        "who": [options([(each, WHO_WORDS[each]) for each in WHO])],
        "calendars": [options(_calendars(ctx))],
        "fault": sent.fault or tried.sent.fault,
        "set_fault": bool(sent.fault and sent.form.get("what")),
        "why_not": not_set,
        "of_metric": _one_metric(seen, metric),
    }
    return html("signals.html", values, max(sent.status, tried.sent.status))


def _standings(ctx: Context) -> Sequence[Standing]:
    try:
        return standings(ctx)
    except WorkspaceMissing:
        return ()


def _looked(ctx: Context, found: Inbox) -> str:
    """Say of which data version the newest look was."""
    if found.noted is None:
        return "Nobody has looked for signals yet."
    version, at = found.noted
    told = f"Data version {version} was looked at on {moment(at, ctx)}."
    if found.newest and version < found.newest:
        return f"{told} Version {found.newest} was not looked at yet."
    return told


def _groups(seen: View, found: Inbox, tried: Tried) -> list[Values]:
    """Return the signals by what is to be done; of the past the newest alone."""
    may_act = not why_not(seen.ctx, ACT)
    groups = []
    for place, title in TITLES.items():
        lines = found.of(place)
        shown = lines[:PAST_SHOWN] if place == PAST else lines
        rows = [signal_row(seen, each, may_act, tried) for each in shown]
        more = len(lines) - len(shown)
        note = f"{counted(more, 'older signal')} in the JSON." if more else NOTES.get(place, "")
        if rows:
            name = place.replace(" ", "-")
            groups.append({"id": name, "title": title, "note": note, "rows": rows})
    return groups


def _stands(seen: View, found: Sequence[Standing]) -> list[Values]:
    """Return the metrics that are watched, by how they stand."""
    return [
        {
            "said": stand_said(str(stand)),
            "open": stand is not Stand.HEALTHY,
            "many": counted(len(of_it), "metric"),
            "metrics": [
                {
                    "text": each.title,
                    "href": str(
                        seen.address.to(
                            f"/metrics/{each.metric}",
                            where=[written(condition) for condition in each.where],
                            period="week",
                        )
                    ),
                    "rule": each.health.rule,
                }
                for each in of_it
            ],
        }
        for stand in Stand
        if (of_it := [each for each in found if each.health.stand is stand])
    ]


def _protocol(seen: View, protocol: Protocol, may_end: bool) -> Values:
    known = seen.ctx.catalogue.metrics.get(protocol.metric)
    tickets = ", ".join(each.sentence() for each in protocol.segment)
    days = counted(protocol.days, "working day") if protocol.days else "the same working day"
    calendar = "" if protocol.calendar == ALWAYS else f" by the calendar {protocol.calendar}"
    return {
        "number": protocol.number,
        "title": known.definition.title if known else plain(protocol.metric),
        "which": capfirst(tickets) or "All tickets",
        "who": capfirst(protocol.name or WHO_WORDS[OWNER]),
        "what": protocol.what,
        "within": f"Within {days}{calendar}",
        "set": f"{moment(protocol.made_at, seen.ctx)}, by {protocol.made_by}",
        "why": protocol.why,
        "end": ends(PROTOCOLS, protocol.number, "End it") if may_end else None,
    }


def _form(sent: Sent) -> Values:
    usual = {"who": OWNER, "calendar": ALWAYS}
    return dict(sent.typed("metric", "where", "name", "what", "days", "why", **usual))


def _calendars(ctx: Context) -> list[tuple[str, str]]:
    return [(each.name, each.title) for each in listed_calendars(ctx) if not each.fault]


def _one_metric(seen: View, metric: str) -> Values | None:
    if not metric:
        return None
    return link(seen.ctx.catalogue.get(metric).definition.title, seen.address.to(PLACE))
