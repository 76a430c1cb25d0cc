"""Service levels: how promises of time are kept, where the time of late ones goes, what would be.

Floor 6.
"""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import Misuse, NotAllowed
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.clock_lists import BY_FLAG
from opsgauge.operations.clocked import clocks_suspect, definition_text
from opsgauge.operations.drawing.words import at
from opsgauge.operations.drawing.words import counted as counted_words
from opsgauge.operations.service_level_chains import Chain, chains
from opsgauge.operations.service_level_pauses import paused
from opsgauge.operations.service_level_source import BESIDE, beside_source
from opsgauge.operations.service_level_whatif import WhatIf, other_definition, whatif
from opsgauge.operations.service_level_zones import zoned
from opsgauge.operations.service_levels import (
    NO_CHOICE,
    Clocks,
    Kept,
    breakdown,
    one_shown,
    overdue,
    shown,
)
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.clock_list import counted
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
from opsgauge.web.pages.whose_clock import of_clocks

PARTS = ("team", "phase", "priority", "service", "category", "vendor")
OVERDUE_SHOWN = 10
OF_ONE = ("part", "other")  # parameters of the page of one service level
AGREEMENTS = {"sla": "with users", "ola": "between teams", "underpinning": "of a vendor"}
router = APIRouter(route_class=TidyRoute)
Part = Annotated[str, Query()]
Other = Annotated[str, Query(max_length=8_000)]


@router.get("/service-levels")
def service_levels_page(seen: ViewOf, asked: AskedOf) -> HTMLResponse:
    """Draw the list of service levels."""
    try:
        chosen = _clocks(asked)
        answer = shown(seen.ctx, chosen)
    except NotAllowed:
        raise
    except Misuse as wrong:
        return html("service_levels.html", _nothing(seen, wrong))
    return html(
        "service_levels.html",
        {
            "page": frame(seen, "levels", "Service levels", _state(seen)),
            "headline": _headline(seen, answer.levels),
            "why": "A clock counts the open time of its calendar, from the ticket's history; it is "
            "decided when it breaks, or when it stops in time.",
            "crumbs": [],
            "notice": None,
            "whose_clock": of_clocks(seen),
            "suspect": suspect_links(seen, answer.suspect),
            "levels": [_row(seen, each) for each in answer.levels],
            "now": _now(seen),
            "chains": [_chain(seen, each) for each in chains(seen.ctx, chosen)],
            "of": "of all tickets with a clock of it"
            if chosen == NO_CHOICE
            else f"of tickets whose clock of it was decided {_days(seen)}"
            if chosen.from_ or chosen.to
            else "of the tickets chosen",
        },
    )


def _state(seen: View) -> list[Any]:
    return [*choosers.which_tickets(seen), ", decided ", choosers.dates(seen)]


def _clocks(asked: Any) -> Clocks:
    return Clocks(conditions(asked.where), day("from", asked.from_), day("to", asked.to))


def _days(seen: View) -> str:
    """Return the days chosen in words: "1 to 31 Oct 2026", "at any time"."""
    return str(choosers.dates(seen)["words"])


def _dated(seen: View) -> bool:
    return bool(seen.address.all("from") or seen.address.all("to"))


def _now(seen: View) -> str:
    """Say when that is, of which lasting and overdue tell."""
    provenance = seen.provenance
    moment = at(provenance.data_as_of, provenance.zone) if provenance else ""
    whatever = ", whatever days are chosen" if _dated(seen) else ""
    return f"Now is the end of the records, {moment}: so clocks stand then{whatever}."


def _headline(seen: View, levels: tuple[Kept, ...]) -> str:
    if _dated(seen):
        broken, n = (sum(getattr(each, name) for each in levels) for name in ("broken", "n"))
        return f"{whole(broken)} of {counted_words(n, 'clock')} decided {_days(seen)} broke"
    late = sum(each.overdue for each in levels)
    if late:
        return f"{whole(late)} clocks that last now have broken their promise"
    return f"{len(levels)} promises, and no clock that lasts has broken one"


def _page_of(seen: View, level: str, *without: str) -> Address:
    """Return the page of one service level, with all that is chosen here."""
    return Address(f"/service-levels/{level}", seen.address.pairs(*without))


def _row(seen: View, each: Kept) -> Values:
    behind = partial(counted, seen, level=each.level.name)
    return {
        "title": each.level.title,
        "name": each.level.name,
        "href": str(_page_of(seen, each.level.name)),
        "kind": f"{each.level.kind}, {AGREEMENTS[each.level.agreement]}",
        "share": "" if each.share is None else percent(each.share),
        "between": _between(each),
        "n": behind(each.n, outcome="decided"),
        "kept": behind(each.kept, outcome="kept"),
        "broken": behind(each.broken, outcome="broken"),
        "lasting": behind(each.running + each.paused, outcome="lasting"),
        "overdue": behind(each.overdue, outcome="overdue"),
    }


def _between(each: Kept) -> str:
    low, high = each.interval
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def _chain(seen: View, each: Chain) -> Values:
    behind = partial(counted, seen, level=each.level.name)
    return {
        "title": each.level.title,
        "broken": behind(each.broken, outcome="newest_broken"),
        "no_link": behind(each.no_link_broke, outcome="links_kept"),
        "too_long": behind(each.too_long, outcome="links_longer"),
        "links": [
            {
                "title": of.level.title,
                "tickets": behind(of.tickets, outcome="link", link=of.level.name),
                "broken": behind(of.broken, outcome="link_broken", link=of.level.name),
                "with": behind(of.broke_with, outcome="link_broken_with", link=of.level.name),
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
    level, here = kept.level, _page_of(seen, kept.level.name)
    behind = partial(counted, seen, level=level.name)
    late = breakdown(seen.ctx, level.name, part, chosen, late_only=True)
    pauses = paused(seen.ctx, level.name, chosen)
    beside = beside_source(seen.ctx, level.name, chosen)
    lasting = overdue(seen.ctx, level.name, OVERDUE_SHOWN, chosen)
    text = definition_text(kept.file, level.name)
    return {
        "page": frame(seen, "levels", level.title, _state(seen)),
        "headline": _kept_words(kept) + (f", decided {_days(seen)}" if _dated(seen) else ""),
        "why": level.decision,
        "crumbs": [
            link("Service levels", Address("/service-levels", seen.address.pairs(*OF_ONE))),
            link(level.title, ""),
        ],
        "whose_clock": of_clocks(seen),
        "suspect": suspect_links(seen, clocks_suspect(seen.ctx)),
        "kept": kept,
        "row": _row(seen, kept)
        | {
            name: behind(getattr(kept, name), outcome=name)
            for name in ("running", "paused", "flips")
        },
        "days": f"decided {_days(seen)}" if _dated(seen) else "",
        "now": _now(seen),
        "all_tickets": chosen != NO_CHOICE,
        "targets": kept.targets(),
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
                "clocks": behind(each.clocks, outcome="broken", spent=f"{part}={each.part or ''}"),
            }
            for each in late.parts
        ],
        "late_n": behind(late.n, outcome="broken"),
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
        "flagged": [
            (words, behind(beside.counts[words], outcome=outcome), beside.examples.get(words, ()))
            for outcome, words in zip(BY_FLAG, BESIDE.values(), strict=True)
        ],
        "flag_lasts": behind(beside.lasting, outcome="source_kept_lasting"),
        "agreeing": percent(beside.agreeing) if beside.agreeing is not None else "",
        "risk_href": str(
            seen.address.to(f"/service-levels/{level.name}/risk", from_=None, to=None)
        ),
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
        "crumbs": [],
        "notice": notice,
        "whose_clock": None,
        "suspect": [],
        "levels": [],
        "now": "",
        "chains": [],
        "of": "",
    }
