"""Owners: what nobody answers for, who answers for what, and a form to name somebody.

Floor 6.
"""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from opsgauge.foundation.agreed import Condition
from opsgauge.governance.owners import KINDS, OWNER, PARTS, SET, Ownership
from opsgauge.operations.asking import written
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import capfirst, counted, plain, plural
from opsgauge.operations.metric_load import Load, metric_load
from opsgauge.operations.owners import Gap, end_ownership, owner_register, set_owner
from opsgauge.web.asked import Number
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import UNSENT, Sent, acted, ends, moment, options, why_not

PLACE = "/owners"
FEW = 12  # gaps of a kind that are shown without asking
MISSING = {
    "no owner": ("has no owner", "have no owner"),
    "owner left": ("has an owner who left", "have owners who left"),
    "no such user": ("has an owner who is no user here", "have owners who are no users here"),
    "no consumer": ("has an owner, and nobody decides by it", "have owners, and nobody decides by"),
}
router = APIRouter()


@router.get(PLACE)
def owners_page(seen: ViewOf, kind: str = "metric", subject: str = "") -> Response:
    """Draw the register, what is missing first, and the form as the address fills it in."""
    return _drawn(seen, UNSENT, kind, subject)


@router.post(PLACE)
async def set_one(request: Request) -> Response:
    """Give somebody a part, as the form says."""
    return await acted(request, _set, _again)


@router.post(PLACE + "/{number}/end")
async def end_one(number: Number, request: Request) -> Response:
    """End somebody's part."""

    def end(ctx: Context, form: Given) -> str:
        end_ownership(ctx, number)
        return PLACE

    return await acted(request, end, _again)


def _set(ctx: Context, form: Given) -> str:
    kind, subject, part = form.get("kind"), form.get("subject"), form.get("part")
    wanted = Ownership(kind, subject, part, form.get("person"), form.get("rights"))
    return f"{PLACE}#line-{set_owner(ctx, wanted).number}"


def _again(seen: View, sent: Sent) -> Response:
    return _drawn(seen, sent)


def _drawn(seen: View, sent: Sent, kind: str = "metric", subject: str = "") -> Response:
    found = owner_register(seen.ctx)
    not_set = why_not(seen.ctx, SET)
    typed = sent.typed("person", "rights", kind=kind, subject=subject, part=OWNER)
    parts = [(part, f"{capfirst(part)}: {means}") for part, means in PARTS.items()]
    values = {
        "page": frame(
            *(seen, "metrics", "Owners"),
            provenance=None,
            json_href=f"/api/v1{PLACE}",
        ),
        "headline": found.sentence().removesuffix("."),
        "why": "An owner decides about a process, a metric or a service and answers for it.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Owners", "")],
        "gaps": _gaps(seen, found.gaps, may_set=not not_set),
        "loads": [_load(seen, each) for each in metric_load(seen.ctx)],
        "kinds": _kinds(seen, found.lines, may_end=not not_set),
        "form": None if not_set else typed,
        "known": sorted(
            {each.subject for each in found.gaps} | {each.subject for each in found.lines}
        ),
        "kind_choices": [options([(each, capfirst(each)) for each in KINDS])],
        "part_choices": [options(parts)],
        "fault": sent.fault,
        "why_not": not_set,
    }
    return html("owners.html", values, sent.status)


def _gaps(seen: View, gaps: Sequence[Gap], may_set: bool) -> list[Values]:
    groups: dict[tuple[str, str], list[Gap]] = {}
    for each in gaps:
        groups.setdefault((each.what, each.kind), []).append(each)
    order = list(MISSING)
    return [
        {
            "title": f"{counted(len(group), kind)} {MISSING[what][len(group) > 1]}",
            "open": len(group) <= FEW,
            "gaps": [
                {
                    "text": capfirst(each.title),
                    "href": _naming(seen, each)
                    if may_set and kind in KINDS
                    else thing_href(seen, kind, each.subject),
                    "note": each.person,
                }
                for each in group
            ],
        }
        for (what, kind), group in sorted(groups.items(), key=lambda one: order.index(one[0][0]))
    ]


def _naming(seen: View, gap: Gap) -> str:
    return f"{seen.address.to(PLACE, kind=gap.kind, subject=gap.subject)}#set"


def thing_href(seen: View, kind: str, subject: str) -> str:
    """Return where a thing is shown, "" for nowhere."""
    if kind == "target":
        return f"/targets#target-{subject}"
    if kind == "metric":
        return str(seen.address.to(f"/metrics/{subject}"))
    if kind in ("process", "service"):
        column = "practice" if kind == "process" else "service"
        where = written(Condition(column, (subject,)))
        return str(seen.address.to("/tickets", where=where))
    return subject if subject.startswith("/") and not subject.startswith("//") else ""


def _load(seen: View, load: Load) -> Values:
    titles = {each.name: each.definition.title for each in seen.ctx.catalogue}
    return {
        "who": load.who,
        "kind": load.kind,
        "many": counted(len(load.metrics), "metric"),
        "why": capfirst(load.sentence().partition(": ")[2]) if load.too_many else "",
        "metrics": ", ".join(titles[name] for name in load.metrics),
    }


def _kinds(seen: View, lines: Sequence[Ownership], may_end: bool) -> list[Values]:
    titles = {each.name: each.definition.title for each in seen.ctx.catalogue}
    return [
        {
            "title": capfirst(plural(kind)).replace("Processs", "Processes"),
            "lines": [
                {
                    "number": each.number,
                    "text": titles.get(each.subject, each.subject)
                    if kind == "metric"
                    else capfirst(plain(each.subject)),
                    "href": thing_href(seen, kind, each.subject),
                    "part": each.part,
                    "means": PARTS.get(each.part, ""),
                    "person": each.person,
                    "rights": each.rights,
                    "set": f"{moment(each.made_at, seen.ctx)}, by {each.made_by}",
                    "end": ends(PLACE, each.number, "End it", reason=False) if may_end else None,
                }
                for each in lines
                if each.kind == kind
            ],
        }
        for kind in KINDS
        if any(each.kind == kind for each in lines)
    ]
