"""Early signs: which metrics go before the one that they are said to lead.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.early.leading import MOST_LAG
from opsgauge.foundation.units import whole
from opsgauge.metrics.metric import Metric
from opsgauge.operations.asking import conditions
from opsgauge.operations.drawing.words import Said, capfirst
from opsgauge.operations.early_signs import Pair, Verdict, early_signs
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/leading"
TONES = {Verdict.LEADS: "improve", Verdict.OTHER_WAY: "concern"}
WHY = (
    f"A metric leads where what is new in it comes up to {MOST_LAG} periods before what is new in "
    "the other. What each one’s own past explains is taken away first, and all pairs are judged "
    "together, so that none is told because many were looked at."
)
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def early_signs_page(seen: ViewOf, asked: AskedOf) -> HTMLResponse:
    """Draw every metric that the catalogue says to lead another, and what the records say."""
    found = early_signs(seen.ctx, conditions(asked.where))
    suspect = dict.fromkeys(name for pair in found.pairs for name in pair.suspect)
    values = {
        "page": frame(seen, "metrics", "Early signs", choosers.which_tickets(seen)),
        "headline": found.sentence(),
        "why": WHY,
        "crumbs": [link("Metrics", seen.address.to("/catalogue"))],
        "rows": [_row(seen, each) for each in found.pairs],
        "suspect": suspect_links(seen, tuple(suspect)),
    }
    return html("early_signs.html", values)


def _row(seen: View, pair: Pair) -> Values:
    lagged = pair.shown
    between = ""
    if lagged is not None:
        between = f"{lagged.correlation:+.2f} ({lagged.low:+.2f} to {lagged.high:+.2f})"
    tone = TONES.get(pair.verdict, "steady" if pair.told else "held")
    return {
        "metric": _to(seen, pair, pair.metric),
        "leads": _to(seen, pair, pair.leads),
        "levels": f"{pair.metric.definition.stands_at} to {pair.leads.definition.stands_at}",
        "said": Said(tone, capfirst(str(pair.verdict))),
        "words": pair.briefly(),
        "correlation": between,
        "n": whole(pair.told.n) if pair.told else "",
    }


def _to(seen: View, pair: Pair, metric: Metric) -> Values:
    where = seen.address.all("where")
    page = seen.address.to(f"/metrics/{metric.name}", period=pair.grain, where=where)
    return link(metric.definition.title, page)
