"""What the records say by themselves: findings in lanes, and the one to begin with.

Floor 6.
"""

from collections.abc import Mapping

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.mining.describing import Description
from opsgauge.foundation.finding import Finding, Lane
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.describe import describe
from opsgauge.operations.drawing.words import counted
from opsgauge.operations.find import find
from opsgauge.operations.found import Found
from opsgauge.operations.pricing import beside, money_of, rate_notes
from opsgauge.operations.ranked import OneThing, lanes
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import (
    Values,
    View,
    ViewOf,
    frame,
    html,
    link,
    suspect_links,
    ticket_links,
)
from opsgauge.web.pages.saved import saved_values
from opsgauge.web.pages.tidy import TidyRoute

LANE_WORDS: Mapping[Lane, tuple[str, str]] = {
    Lane.TIME: ("Time", "Where hours are lost, the most first."),
    Lane.QUALITY: ("Quality", "Where work goes wrong or is done twice."),
    Lane.INTEGRITY: ("Integrity", "Where the records may not say what happened."),
    Lane.DEMAND: ("Demand", "What brings more work than is usual."),
}
BETWEEN_TEAMS = ("ping_pong",)
OF_NOW = ("slower_service", "faster_service", "left_waiting")  # of the team that has them now
IN_DAYS = ("burst", "incidents_after_change")
OF_RECORDS = ("missing_days",)
KIND_TITLES: Mapping[str, str] = {
    "ping_pong": "Teams that send tickets to and fro",
    "rework": "Steps that tickets come back to",
    "repeating_pattern": "Patterns that repeat",
    "extra_step": "Paths with a step more",
    "slow_node": "Steps that take one team longer",
    "slow_transition": "Ways that take one team longer",
    "extreme_duration": "Tickets that take very long",
    "extreme_repetition": "Tickets that come to a step very often",
    "high_touchpoints": "Teams whose tickets are updated often",
    "extreme_touchpoints": "Tickets that are updated very often",
    "hidden_line": "Hidden support lines",
    "reopen_loop": "Reopened again and again",
    "approval_stall": "Approvals that wait for days",
    "reassigned_without_note": "Handed on without a note",
    "late_downgrade": "Clocks that got more time when little was left",
    "recoverable_wait": "Steps of waiting, by the hours that could be won",
    "push_to_front": "Resolved by the first team, or passed on",
}
router = APIRouter(route_class=TidyRoute)


@router.get("/findings")
def findings_page(seen: ViewOf, chosen: SelectionOf) -> HTMLResponse:
    """Draw the lanes."""
    found = find(seen.ctx, chosen)
    state = [*choosers.which_tickets(seen), ", opened ", choosers.dates(seen)]
    return html(
        "findings.html",
        {
            "page": frame(seen, "findings", "Findings", state),
            "headline": headline(found),
            "why": "Each is judged against what is usual here, and stands only with odds that hold "
            "over everything looked at.",
            "crumbs": [],
            "suspect": suspect_links(seen, found.suspect),
            "first": _first(seen, found.one_thing) if found.one_thing else None,
            "lanes": [_lane(seen, lane, of) for lane, of in lanes(found.findings).items()],
            "notes": (*found.notes, *found.price_notes),
            "saved": saved_values(seen),
            "described_href": str(Address("/descriptions", seen.address.params)),
        },
    )


@router.get("/descriptions")
def descriptions_page(seen: ViewOf, chosen: SelectionOf, steps: str = "phase") -> HTMLResponse:
    """Draw what lies beyond a threshold, kind by kind."""
    shown = describe(seen.ctx, chosen, steps)
    kinds: dict[str, list[Values]] = {}
    for each in shown.rows:
        kinds.setdefault(each.kind, []).append(_described(seen, each, shown.money_words(each)))
    state = [*choosers.which_tickets(seen), ", opened ", choosers.dates(seen)]
    return html(
        "descriptions.html",
        {
            "page": frame(seen, "findings", "Beyond a threshold", state),
            "headline": "What lies beyond a threshold",
            "why": "Descriptions, judged by nobody: they may be how the desk works, and they say "
            "nothing of what is usual. What is more than chance stands among the findings.",
            "crumbs": [
                link("Findings", Address("/findings", seen.address.params)),
                link("Beyond a threshold", ""),
            ],
            "suspect": suspect_links(seen, shown.suspect),
            "priced": shown.an_hour is not None,
            "kinds": [
                {"id": kind, "title": KIND_TITLES.get(kind, kind), "rows": rows}
                for kind, rows in kinds.items()
            ],
            "notes": (*shown.notes, *rate_notes(shown.an_hour)),
        },
    )


def _described(seen: View, each: Description, money: str) -> Values:
    return {
        "claim": each.claim,
        "threshold": each.threshold,
        "tickets": each.tickets,
        "hours": each.hours,
        "money": money,
        "links": ticket_links(seen, each.examples),
    }


def headline(found: Found) -> str:
    """Say how much stands out.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from opsgauge.operations.answers import Provenance
    >>> then = datetime(2026, 1, 1, tzinfo=UTC)
    >>> headline(Found((), Provenance(1, then, then, "", "UTC")))
    'Nothing stands out beyond chance'
    """
    many = len(found.findings)
    if not many:
        return "Nothing stands out beyond chance"
    return f"{whole(many)} things stand out" if many > 1 else "One thing stands out"


def _first(seen: View, one: OneThing) -> Values:
    """Return the finding to begin with."""
    return {**_row(seen, one.finding), "reason": one.reason}


def _lane(seen: View, lane: Lane, findings: tuple[Finding, ...]) -> Values:
    title, words = LANE_WORDS[lane]
    return {
        "id": str(lane),
        "title": title,
        "words": words,
        "rows": [_row(seen, each) for each in findings],
    }


def _row(seen: View, finding: Finding) -> Values:
    return {
        "id": finding.id,
        "claim": finding.claim,
        "facts": _facts(finding),
        "look_next": finding.look_next,
        "links": _links(seen, finding),
        "also": finding.also,
        "caveats": finding.caveats,
        "method": finding.method.replace("_", " "),
    }


def _facts(finding: Finding) -> list[tuple[str, str]]:
    facts, in_money = [], money_of(finding)
    if finding.worth_hours:
        facts.append(("Worth", beside(f"{whole(finding.worth_hours)} hours", in_money.worth)))
    facts.append(("Size", beside(_size(finding), in_money.size)))
    if finding.interval is not None:
        low, high = (_amount(end, finding.unit) for end in finding.interval)
        facts.append(("95 % interval", beside(f"{low} to {high}", in_money.between)))
    facts.append(("n", whole(finding.n)))
    if finding.odds is not None:
        facts.append(("By chance", _odds(finding.odds)))
    return facts


def _size(finding: Finding) -> str:
    size = _amount(finding.size, finding.unit)
    return counted(round(finding.size), "ticket") if finding.unit == "tickets" else size


def _amount(size: float, unit: str) -> str:
    if unit == "hours":
        return f"{whole(size)} hours"
    return whole(size) if unit == "count" else amount(size, unit)


def _odds(odds: float) -> str:
    """Say how likely so much is by chance, over all that was looked at.

    Examples
    --------
    >>> _odds(0.0031), _odds(1e-30)
    ('3 in 1,000', 'under 1 in 1,000')
    """
    return "under 1 in 1,000" if odds < 0.001 else f"{whole(odds * 1000)} in 1,000"


def _links(seen: View, finding: Finding) -> list[Values]:
    links = []
    if finding.kind in OF_RECORDS:
        links.append(link("What the check saw", f"{seen.address.to('/checks')}#gaps"))
    else:
        links.append(link("Tickets to look at", tickets_address(seen.address, finding)))
    return [*links, *ticket_links(seen, finding.examples)]


def tickets_address(here: Address, finding: Finding) -> Address:
    """Return the list of tickets that a finding tells of: of its teams those that passed them.

    Examples
    --------
    >>> from opsgauge.foundation.finding import Evidence
    >>> told = Finding("a", "ping_pong", Lane.TIME, "", 1, "hours", None, 1, "", Evidence("", 1),
    ...                teams=("A", "B"), about=("team=A", "team=B"))
    >>> str(tickets_address(Address("/findings"), told))
    '/tickets?steps=team&step=A&then=B'
    """
    kept = finding.kind in OF_NOW
    where = [each for each in finding.about if kept or not each.startswith("team=")]
    days = finding.within if finding.kind in IN_DAYS else None
    passed = () if kept else finding.teams
    return here.to(
        "/tickets",
        where=where,
        from_=days[0].isoformat() if days else None,
        to=days[1].isoformat() if days else None,
        steps="team" if passed else None,
        step=passed[0] if passed else None,
        then=passed[1] if finding.kind in BETWEEN_TEAMS and len(passed) > 1 else None,
    )
