"""Who hands tickets to whom: the matrix, one team's star, returns, and what becomes of tickets.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.waiting.completeness import Part
from opsgauge.analysis.waiting.handoffs import Flow, Node
from opsgauge.analysis.waiting.strata import Gap
from opsgauge.foundation.units import NARROW_NO_BREAK, duration, percent, whole
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.words import capfirst
from opsgauge.operations.handoffs import (
    Handoffs,
    compared_words,
    gap_words,
    handoffs,
    words_of_part,
)
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/handoffs"
MATRIX, PAIRS, WAYS = 10, 8, 12
ROLES = {
    "beginning": "tickets begin here: none is handed to it",
    "end": "tickets end here: it hands none on",
    "source": "hands on at least twice what it gets",
    "sink": "gets at least twice what it hands on",
    "relay": "passes on about what it gets",
    "": "too few to say",
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def handoffs_page(seen: ViewOf, chosen: SelectionOf, of: str = "") -> HTMLResponse:
    """Draw what teams hand to one another; `of` names a team whose star is drawn."""
    found = handoffs(seen.ctx, chosen)
    state = [*choosers.which_tickets(seen), ", opened ", choosers.dates(seen)]
    return html(
        "handoffs.html",
        {
            "page": frame(seen, "map", "Handoffs", state, provenance=found.told.provenance),
            "headline": found.sentence,
            "why": _why(found),
            "crumbs": [
                link("Where tickets wait", replace(seen.address.having(of=None), path="/waiting")),
                link("Handoffs", ""),
            ],
            "suspect": suspect_links(seen, found.told.suspect),
            "notes": found.told.notes,
            "teams": [_node(seen, each) for each in found.nodes],
            "matrix": _matrix(found),
            "star": _star(found, of) if of else None,
            "ways": [_way(each, found.flows) for each in found.flows[:WAYS]],
            "more_ways": max(len(found.flows) - WAYS, 0),
            "pairs": [
                {
                    "teams": " and ".join(each.teams),
                    "returns": whole(each.returns),
                    "handoffs": whole(each.handoffs),
                    "share": percent(each.returns / each.handoffs, 0),
                }
                for each in found.pairs[:PAIRS]
            ],
            "outcomes": _outcomes(found),
            "completeness": _completeness(found),
            "parts": _listed(found.parts),
            "lacking": _listed(found.lacking),
            "lacks": [_lack(each) for each in found.lacks],
            "noted": found.noted,
            "all_known": found.all_known_words,
        },
    )


def _listed(names: Sequence[str]) -> str:
    *most, last = [words_of_part(each) for each in names] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def _lack(part: Part) -> Values:
    return {
        "name": capfirst(words_of_part(part.name)),
        "there": _share(part.handoffs, part.of),
        "idle": _gap(part.idle, "hours"),
        "back": _gap(part.back, "share"),
        "compared": compared_words(part),
    }


def _gap(found: Gap | None, unit: str) -> Values:
    """Return what is told of a difference; nothing where there is none."""
    words = gap_words(found, unit) if found else [""] * 4
    return dict(zip(("without", "with", "more", "between"), words, strict=True))


def _why(found: Handoffs) -> str:
    if not found.nodes:
        return ""
    busiest = max(found.nodes, key=lambda node: (node.idle_hours, node.team))
    return (
        f"Most of it lay after coming to {busiest.team}: {whole(busiest.idle_hours)} hours, "
        f"{duration(busiest.idle_mean or 0.0)} each time."
    )


def _node(seen: View, node: Node) -> Values:
    return {
        "team": link(node.team, str(seen.address.having(of=node.team)) + "#star"),
        "came": whole(node.came),
        "went": whole(node.went),
        "sent_back": _share(node.sent_back, node.came),
        "got_back": _share(node.got_back, node.went),
        "idle": "" if node.idle_mean is None else duration(node.idle_mean),
        "between": percent(node.between, 0),
        "role": ROLES[node.role],
    }


def _share(some: int, of: int) -> str:
    return percent(some / of, 0) if of else ""


def _matrix(found: Handoffs) -> Values:
    """Return the busiest teams against one another; the shade of a cell says how many."""
    teams = [node.team for node in found.nodes[:MATRIX]]
    counts = {(flow.from_, flow.to): flow.handoffs for flow in found.flows}
    most = max((counts.get((a, b), 0) for a in teams for b in teams), default=0)
    return {
        "teams": teams,
        "rows": [
            {
                "team": one,
                "cells": [_cell(counts.get((one, other), 0), most) for other in teams],
            }
            for one in teams
        ],
        "all": len(found.nodes),
    }


def _cell(n: int, most: int) -> Values:
    shade = 0 if not n or not most else 1 + min(3, 4 * n // (most + 1))
    return {"text": whole(n) if n else "", "shade": shade}


def _star(found: Handoffs, team: str) -> Values:
    into, out = found.star(team)
    return {
        "team": team,
        "into": [{"other": each.from_, **_way(each, into)} for each in into[:WAYS]],
        "out": [{"other": each.to, **_way(each, out)} for each in out[:WAYS]],
    }


def _way(flow: Flow, among: Sequence[Flow]) -> Values:
    most = max(each.handoffs for each in among)
    return {
        "from": flow.from_,
        "to": flow.to,
        "bar": bar(int(1000 * flow.handoffs / most)),
        "handoffs": whole(flow.handoffs),
        "back": _share(flow.back, flow.handoffs),
        "idle": "" if flow.idle_mean is None else duration(flow.idle_mean),
        "held": "" if flow.held_mean is None else duration(flow.held_mean),
    }


def _outcomes(found: Handoffs) -> list[Values]:
    rows = []
    for place, each in enumerate(found.outcomes):
        low, high = each.kept_interval
        last = place == len(found.outcomes) - 1 and place > 0
        some = "" if low is None or high is None else f"{percent(low, 0)} to {percent(high, 0)}"
        rows.append(
            {
                "handoffs": f"{each.handoffs}{' or more' if last else ''}",
                "tickets": whole(each.tickets),
                "median": "" if each.median is None else duration(each.median),
                "between": ""
                if each.low is None or each.high is None
                else f"{duration(each.low)} to {duration(each.high)}",
                "kept": _share(each.kept, each.judged),
                "kept_between": some,
                "reopened": percent(each.reopened / each.known) if each.known else "",
            }
        )
    return rows


def _completeness(found: Handoffs) -> list[Values]:
    return [
        {
            "filled": f"{each.filled}{NARROW_NO_BREAK}of{NARROW_NO_BREAK}{each.of}",
            "handoffs": whole(each.handoffs),
            "idle": duration(each.idle_hours / each.touched) if each.touched else "",
            "back": _share(each.back, each.handoffs),
        }
        for each in found.completeness
    ]
