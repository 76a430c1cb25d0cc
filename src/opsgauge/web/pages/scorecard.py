"""The score card of a practice: each aspect with what tells of it, or the gap.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import ColumnsMissing, NumbersWithheld, WorkspaceMissing
from opsgauge.operations.aspects import ScoreCard, score_card
from opsgauge.operations.catalogue import scorecard_gaps
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, told
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)


@router.get("/scorecards/{practice}")
def scorecard_page(practice: str, seen: ViewOf) -> HTMLResponse:
    """Draw the score card of a practice."""
    seen.ctx.require("catalogue:read")
    there = scorecard_gaps(practice, seen.ctx.workspace.path / "catalogue")
    card, why_not = None, ""
    try:
        card = score_card(seen.ctx, practice)
    except (ColumnsMissing, NumbersWithheld, WorkspaceMissing) as missing:
        why_not = told(missing)
    gaps = card.gaps if card else tuple(there["gaps"])
    name = capfirst(plain(practice))
    return html(
        "scorecard.html",
        {
            "page": frame(seen, "metrics", f"{name}: score card"),
            "headline": _headline(name, gaps),
            "why": why_not,
            "crumbs": [link("Metrics", seen.address.to("/catalogue"))],
            "aspects": [
                _aspect(seen, aspect, names, card, gaps)
                for aspect, names in there["aspects"].items()
            ],
        },
    )


def _headline(name: str, gaps: tuple[str, ...]) -> str:
    if not gaps:
        return f"{name}: every aspect is told of"
    return f"{name}: nothing tells of {' and '.join(gaps)}"


def _aspect(
    seen: View, aspect: str, names: list[str], card: ScoreCard | None, gaps: tuple[str, ...]
) -> Values:
    metrics = [seen.ctx.catalogue.get(name) for name in names]
    withheld = card is not None and card.suspect
    return {
        "title": capfirst(aspect),
        "gap": aspect in gaps,
        "found": "" if card is None or withheld else card.sentences.get(aspect, ""),
        "metrics": [
            link(metric.definition.title, seen.address.to(f"/metrics/{metric.name}"))
            for metric in metrics
        ],
    }
