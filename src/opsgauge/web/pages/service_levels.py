"""Service levels: how promises of time are kept, where the time of late ones goes, what would be.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.clocked import clocks_suspect, definition_text
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_level_source import beside_source
from opsgauge.operations.service_level_whatif import Chain, WhatIf, chains, other_definition, whatif
from opsgauge.operations.service_level_zones import zoned
from opsgauge.operations.service_levels import (
    Clocks,
    Kept,
    breakdown,
    one_shown,
    overdue,
    shown,
    target_words,
)
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import (
    Values,
    View,
    ViewOf,
    frame,
    html,
    link,
    option,
    suspect_links,
    told,
)
from opsgauge.web.pages.tidy import TidyRoute

PARTS = ("team", "phase", "priority", "service", "category", "vendor")
OVERDUE_SHOWN = 10
AGREEMENTS = {"sla": "with users", "ola": "between teams", "underpinning": "of a vendor"}
router = APIRouter(route_class=TidyRoute)
Part = Annotated[str, Query()]
Other = Annotated[str, Query(max_length=8_000)]


@router.get("/service-levels")
def service_levels_page(seen: ViewOf, asked: AskedOf) -> HTMLResponse:
    """Draw the list of service levels."""
    try:
        answer = shown(seen.ctx, _clocks(asked))
    except Misuse as wrong:
        return html("service_levels.html", _nothing(seen, wrong))
    return html(
        "service_levels.html",
        {
            "page": frame(seen, "levels", "Service levels", _state(seen)),
            "headline": _headline(answer.levels),
            "why": "A clock counts the open time of its calendar, from the ticket's history; it is "
            "decided when it breaks, or when it stops in time.",
            "crumbs": [link("Home", seen.address.to("/"))],
            "notice": None,
            "suspect": suspect_links(seen, answer.suspect),
            "levels": [_row(seen, each) for each in answer.levels],
            "chains": [_chain(each) for each in chains(seen.ctx)],
        },
    )


def _state(seen: View) -> list[Any]:
    return [*choosers.which_tickets(seen), ", decided ", choosers.dates(seen)]


def _clocks(asked: Any) -> Clocks:
    return Clocks(conditions(asked.where), day("from", asked.from_), day("to", asked.to))


def _headline(levels: tuple[Kept, ...]) -> str:
    late = sum(each.overdue for each in levels)
    if late:
        return f"{whole(late)} clocks that still run have broken their promise"
    return f"{len(levels)} promises, and no clock that runs has broken one"


def _row(seen: View, each: Kept) -> Values:
    return {
        "title": each.level.title,
        "name": each.level.name,
        "href": str(seen.address.to(f"/service-levels/{each.level.name}")),
        "kind": f"{each.level.kind}, {AGREEMENTS[each.level.agreement]}",
        "share": "" if each.share is None else percent(each.share),
        "between": _between(each),
        "n": whole(each.n),
        "broken": whole(each.broken),
        "lasting": whole(each.running + each.paused),
        "overdue": each.overdue,
    }


def _between(each: Kept) -> str:
    low, high = each.interval
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def _chain(each: Chain) -> Values:
    return {
        "title": each.level.title,
        "broken": whole(each.broken),
        "no_link": whole(each.no_link_broke),
        "too_long": whole(each.too_long),
        "links": [
            {
                "title": of.level.title,
                "tickets": whole(of.tickets),
                "broken": whole(of.broken),
                "with": whole(of.broke_with),
            }
            for of in each.links
        ],
    }


@router.get("/service-levels/{name}")
def service_level_page(
    name: str, seen: ViewOf, asked: AskedOf, part: Part = "team", other: Other = ""
) -> HTMLResponse:
    """Draw one service level."""
    chosen = _clocks(asked)
    kept = one_shown(seen.ctx, name, chosen)
    return html("service_level.html", _level(seen, kept, chosen, (part, other)))


def _level(seen: View, kept: Kept, chosen: Clocks, how: tuple[str, str]) -> Values:
    part, other = how
    level, here = kept.level, seen.address.to(f"/service-levels/{kept.level.name}")
    late = breakdown(seen.ctx, level.name, part, chosen, late_only=True)
    pauses = paused(seen.ctx, level.name)
    beside = beside_source(seen.ctx, level.name)
    lasting = overdue(seen.ctx, level.name, OVERDUE_SHOWN)
    text = definition_text(kept.file, level.name)
    return {
        "page": frame(seen, "levels", level.title, _state(seen)),
        "headline": _kept_words(kept),
        "why": level.decision,
        "crumbs": [
            link("Service levels", seen.address.to("/service-levels")),
            link(level.title, ""),
        ],
        "suspect": suspect_links(seen, clocks_suspect(seen.ctx)),
        "kept": kept,
        "row": _row(seen, kept),
        "targets": [target_words(target) for target in level.targets],
        "zone": zoned(seen.ctx, level.name).sentence(),
        "parts": [
            option(each.capitalize(), here.having(part=each), each == part) for each in PARTS
        ],
        "part": part,
        "late": [
            {
                "part": each.part or "(none)",
                "used": f"{each.used_us / MICROS_PER_HOUR:,.0f}",
                "share": percent(each.used_us / late.used_us) if late.used_us else "",
                "width": round(100 * each.used_us / late.used_us) if late.used_us else 0,
                "waited": f"{each.waited_us / MICROS_PER_HOUR:,.0f}",
                "clocks": whole(each.clocks),
            }
            for each in late.parts
        ],
        "late_n": whole(late.n),
        "late_hours": f"{late.used_us / MICROS_PER_HOUR:,.0f}",
        "pauses": [
            {
                "team": each.team or "(none)",
                "pauses": whole(each.pauses),
                "late": whole(each.late),
                "share": percent(each.late_share),
                "short": whole(each.short),
                "silent": whole(each.silent) if each.judged else "not told",
                "silent_share": ""
                if each.silent_share is None
                else f"{percent(each.silent_share)} of {whole(each.judged)}",
            }
            for each in pauses.teams
        ],
        "untold": pauses.untold,
        "findings": pauses.findings,
        "beside": beside if beside.n else None,
        "agreeing": percent(beside.agreeing) if beside.agreeing is not None else "",
        "overdue": [
            {**row, "href": str(seen.address.to(f"/tickets/{row['source']}/{row['ticket_id']}"))}
            for row in lasting
        ],
        "file": kept.file.rsplit("/", 1)[-1],
        "definition": text,
        "other": other or text,
        "action": str(seen.address.to(f"/service-levels/{level.name}").path),
        "keep": seen.address.pairs("other"),
        "whatif": _what_if(seen, level.name, other) if other else None,
    }


def _what_if(seen: View, name: str, other: str) -> Values:
    try:
        answer = whatif(seen.ctx, name, other_definition(other, "The definition", name))
    except Misuse as wrong:
        return {"fault": told(wrong), "rows": [], "flips": 0}
    return {"fault": "", "rows": _outcomes(answer), "flips": answer.flips}


def _outcomes(answer: WhatIf) -> list[tuple[str, str, str]]:
    return [
        (words, whole(n), ", ".join(answer.examples.get(words, ())))
        for words, n in answer.counts.items()
    ]


def _kept_words(kept: Kept) -> str:
    if kept.share is None:
        return f"{kept.level.title}: nothing is decided yet"
    return f"{kept.level.title}: {percent(kept.share)} kept, {whole(kept.broken)} broken"


def _nothing(seen: View, wrong: Misuse) -> Values:
    notice = {
        "kind": "empty",
        "title": "No service level can be shown",
        "why": told(wrong),
        "facts": [],
        "links": [link("The calendars", seen.address.to("/calendars"))],
    }
    return {
        "page": frame(seen, "levels", "Service levels"),
        "headline": "No service level is followed yet",
        "why": "",
        "crumbs": [link("Home", seen.address.to("/"))],
        "notice": notice,
        "suspect": [],
        "levels": [],
        "chains": [],
    }
