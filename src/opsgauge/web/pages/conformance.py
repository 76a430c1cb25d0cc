"""Does the work go as it should: the rules with their shares, and the tickets behind each.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.policies.reading import FOLDER
from opsgauge.operations.conformance.answers import Cause, Conformance, RuleState
from opsgauge.operations.conformance.evidence import evidence_pack
from opsgauge.operations.conformance.rules import EVERY, LIST_WORDS, OF_N, conformance, rule_tickets
from opsgauge.operations.drawing.bars import Span, interval_bar, scale_bar
from opsgauge.operations.drawing.words import Said
from opsgauge.operations.lists import Page
from opsgauge.web.asked import SelectionOf, paged
from opsgauge.web.conforming import EvidenceOf, RuleBehindOf, zipped
from opsgauge.web.pages.conformance_parts import (
    LIST_PAGE,
    between,
    kept_address,
    list_values,
    parts_of,
    which_tickets,
)
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE, LIST, EVIDENCE = "/conformance", "/conformance/tickets", "/conformance/evidence.zip"
# key of a row, words, whether a phone leaves it out
COLUMNS = (
    ("cause", "Because", False),
    ("step", "Step", True),
    ("at", "When", False),
    ("team", "Team", True),
    ("actor", "By", True),
    ("exception", "Excused", True),
)
WHY = (
    "Each ticket that a rule applies to is held against it once. The share is of tickets whose "
    "verdict stands; what is still open is told beside it."
)
TONES = {"broken": "concern", "excepted": "held", "broken_open": "concern"}
NARROWEST = 0.05  # of the scale of shares, so that a tiny one does not fill it
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def conformance_page(seen: ViewOf, chosen: SelectionOf) -> HTMLResponse:
    """Draw every rule, the most broken first."""
    told = conformance(seen.ctx, chosen)
    headline = told.sentence()
    return html(
        "conformance.html",
        {
            "page": frame(seen, "map", headline, which_tickets(seen), provenance=told.provenance),
            "headline": headline,
            "why": WHY if told.states else "",
            "crumbs": [link("Process map", seen.address.to("/map")), link("Conformance", "")],
            "parts": parts_of(seen, PLACE),
            "suspect": suspect_links(seen, told.suspect),
            "rows": _rows(seen, told),
            "scale": _scale(told),
            "evidence_href": kept_address(seen, EVIDENCE) if told.states else "",
            "folder": FOLDER,
        },
    )


@router.get(LIST)
def rule_tickets_page(
    seen: ViewOf,
    chosen: SelectionOf,
    behind: RuleBehindOf,
    page: Annotated[Page, Depends(paged)],
) -> HTMLResponse:
    """Draw the list of tickets behind a number of a rule."""
    listed = rule_tickets(seen.ctx, behind, chosen, page)
    why = (
        "The newest come first. Who is shown made the update that broke the rule, or has two "
        "duties that it keeps apart."
    )
    return html(LIST_PAGE, list_values(seen, listed, COLUMNS, page, (PLACE, why)))


@router.get(EVIDENCE)
def evidence(seen: ViewOf, chosen: SelectionOf, wanted: EvidenceOf) -> Response:
    """Return the evidence of rules as a zip."""
    return zipped(evidence_pack(seen.ctx, wanted, chosen))


def _rows(seen: View, told: Conformance) -> list[Values]:
    span = _span(told)
    ranked = sorted(
        told.states, key=lambda s: (-(s.share or 0.0), -s.of("broken_open"), s.rule.name)
    )
    return [_row(seen, each, span) for each in ranked]


def _span(told: Conformance) -> Span:
    highest = max((high for each in told.states if (high := each.interval[1])), default=0.0)
    return Span(0.0, max(highest, NARROWEST))


def _scale(told: Conformance) -> Markup:
    """Return the scale above the pictures, from nothing to the highest share."""
    span = _span(told)
    half, whole_ = span.high / 2, span.high
    return scale_bar(span, [(share, percent(share, 0)) for share in (0.0, half, whole_)])


def _row(seen: View, state: RuleState, span: Span) -> Values:
    rule, (low, high) = state.rule, state.interval
    return {
        "name": rule.name,
        "title": rule.title,
        "says": rule.check.sentence(),
        "why": rule.why,
        "owner": rule.owner,
        "file": rule.file,
        "said": _said(state),
        "why_not": state.why_not,
        "bar": interval_bar(state.share, low, high, span) if state.n else "",
        "share": "" if state.share is None else percent(state.share),
        "between": between(state.interval),
        "broken": _number(seen, state, "broken"),
        "judged": _number(seen, state, OF_N, state.n),
        "excepted": _number(seen, state, "excepted"),
        "broken_open": _number(seen, state, "broken_open"),
        "unknown": _number(seen, state, "unknown"),
        "pending": _number(seen, state, "pending"),
        "causes": [_cause(seen, state, each) for each in state.causes],
        "idle": state.idle or 0,
        "notes": list(state.notes),
        "evidence_href": kept_address(seen, EVIDENCE, rule=rule.name),
    }


def _said(state: RuleState) -> Said:
    if state.why_not:
        return Said("held", "Withheld")
    if state.of("broken"):
        return Said("concern", "Broken")
    if state.of("broken_open"):
        return Said("concern", "Broken by open tickets alone")
    return Said("improve", "Kept") if state.n else Said("steady", "Nothing to judge")


def _number(seen: View, state: RuleState, outcome: str, n: int | None = None) -> Values:
    count = state.of(outcome) if n is None else n
    href = kept_address(seen, LIST, rule=state.rule.name, outcome=outcome) if count else ""
    return {"text": whole(count), "n": count, "href": href, "words": LIST_WORDS.get(outcome, EVERY)}


def _cause(seen: View, state: RuleState, cause: Cause) -> Values:
    where = {"rule": state.rule.name, "outcome": cause.outcome, "cause": cause.words}
    return {
        "words": cause.words,
        "text": whole(cause.n),
        "href": kept_address(seen, LIST, **where),
        "outcome": cause.outcome,
    }
