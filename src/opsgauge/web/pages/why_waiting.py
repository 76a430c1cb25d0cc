"""Why tickets wait: causes, the stage at which delayed ones broke, intake, work to automate.

Floor 6.
"""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.waiting.automation import Gate
from opsgauge.analysis.waiting.causes import ARROW, CAUSES, TRANSITION
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.log.calendars.definition import ALWAYS
from opsgauge.operations.automating import Automatable, automatable
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.words import Said, capfirst, plain
from opsgauge.operations.why_waiting import (
    FAULT_WORDS,
    Causes,
    Stages,
    TakenIn,
    causes,
    intake,
    stages,
)
from opsgauge.operations.why_waiting import WORDS as CAUSE_WORDS
from opsgauge.web.asked import SelectionOf
from opsgauge.web.ordered import CalendarName
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/waiting/why"
TEAMS_SHOWN = 12
STAGE_WORDS = {
    "intake": "until somebody is named or work begins",
    "routing": "until work begins, whoever holds it",
    "execution": "from the first work on, pauses included",
    "handoff": "given to another team that has not begun",
    "closure": "from the resolution to the closing",
}
GATES = {
    Gate.OPEN: Said("improve", "Stable"),
    Gate.SHUT: Said("concern", "Stabilise first"),
    Gate.NEW: Said("held", "Too new to say"),
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def why_page(seen: ViewOf, chosen: SelectionOf, calendar: CalendarName = ALWAYS) -> HTMLResponse:
    """Draw why tickets wait."""
    why = causes(seen.ctx, chosen, calendar)
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", in ",
        choosers.calendar(seen, calendar),
    ]
    told = why.told
    where = replace(seen.address.having(calendar=None), path="/waiting")
    return html(
        "why_waiting.html",
        {
            "page": frame(seen, "map", "Why tickets wait", state, provenance=told.provenance),
            "headline": why.sentence,
            "why": " ".join(why.caveats[:1]),
            "crumbs": [link("Where tickets wait", where), link("Why", "")],
            "suspect": suspect_links(seen, told.suspect),
            "notes": told.notes,
            "causes": _causes(why),
            "apart": [
                {"title": "Team", "words": "team", "rows": _apart(why)},
                {
                    "title": "From phase to phase",
                    "words": "transition",
                    "rows": _apart(causes(seen.ctx, chosen, calendar, by=TRANSITION)),
                },
            ],
            "stages": _stages(stages(seen.ctx, chosen)),
            "intake": _intake(intake(seen.ctx, chosen)),
            "automation": _automation(automatable(seen.ctx, chosen)),
        },
    )


def _causes(why: Causes) -> Values:
    rows = why.rows[:1]
    causes_ = [
        _cause(name, hours, each.hours) for each in rows for name, hours in each.by_cause.items()
    ]
    return {
        "sentence": why.sentence,
        "rows": causes_,
        "total": whole(rows[0].hours) if rows else "",
        "names": [name.capitalize() for name in CAUSES],
        "caveats": why.caveats[1:],
        "of": f"Of tickets updated in the newest {why.days} days." if why.days else "",
    }


def _apart(why: Causes) -> list[Values]:
    """Return teams, or transitions in words, with the share of each cause."""
    return [
        {
            "name": _named(each.name) if why.by == TRANSITION else each.name or "No team",
            "hours": whole(each.hours),
            "shares": [percent(hours / each.hours, 0) for hours in each.by_cause.values()],
        }
        for each in why.rows[1 : TEAMS_SHOWN + 1]
        if each.hours
    ]


def _named(transition: str | None) -> str:
    return capfirst(ARROW.join(plain(each) for each in (transition or "").split(ARROW)))


def _cause(name: str, hours: float, of: float) -> Values:
    kind = {"pending": "hold", "unexplained": "plain"}.get(name, "wait")
    return {
        "name": name.capitalize(),
        "words": CAUSE_WORDS[name],
        "bar": bar(int(1000 * hours / (of or 1.0)), kind) if hours else "",
        "hours": whole(hours),
        "share": percent(hours / of, 0) if of else "",
    }


def _stages(broke: Stages) -> Values:
    plain_rows = broke.as_json()["rows"]
    most = max((row["lost_hours"] for row in plain_rows), default=0.0) or 1.0
    return {
        "sentence": broke.sentence,
        "how": broke.how,
        "delayed": whole(broke.found.delayed),
        "nowhere": whole(broke.found.nowhere) if broke.found.nowhere else "",
        "rows": [
            {
                "name": row["stage"].capitalize(),
                "words": STAGE_WORDS[row["stage"]],
                "bar": bar(int(1000 * row["lost_hours"] / most), "wait"),
                "broke": whole(row["broke"]),
                "lost": whole(row["lost_hours"]),
                "so_far": percent(row["lost_share_so_far"], 0),
                "hours": whole(row["hours"]),
            }
            for row in plain_rows
        ]
        if broke.found.delayed
        else [],
    }


def _intake(found: TakenIn) -> Values:
    return {
        "sentence": found.sentence,
        "unused": " and ".join(found.found.unused),
        "messages": found.messages,
        "rows": [
            {
                "words": FAULT_WORDS[each.name],
                "tickets": whole(each.tickets),
                "share": percent(each.tickets / each.of, 0) if each.of else "",
                "hours": "too few" if each.hours is None else whole(each.hours),
                "between": ""
                if each.low is None or each.high is None
                else f"{whole(each.low)} to {whole(each.high)}",
                "compared": whole(each.compared),
            }
            for each in found.found.faults
        ]
        if found.found.tickets
        else [],
    }


def _automation(found: Automatable) -> Values:
    return {
        "sentence": found.sentence,
        "notes": " ".join(found.told.notes),
        "more": max(len(found.candidates) - TEAMS_SHOWN, 0),
        "rows": [
            {
                "name": f"{each.item or 'Not written'} ({each.practice or 'no practice'})",
                "said": GATES[each.gate],
                "why": each.why,
                "tickets": whole(each.tickets),
                "hours": whole(each.hours),
                "work": duration(each.work),
                "wait": duration(each.wait),
                "usual": percent(each.usual_path, 0),
                "text": "" if each.same_text is None else percent(each.same_text, 0),
            }
            for each in found.candidates[:TEAMS_SHOWN]
        ],
    }
