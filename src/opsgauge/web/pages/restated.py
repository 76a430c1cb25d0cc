"""What past periods of a metric were published as, where they are others now.

Floor 6. Asked for by a link: the metric's own page says only what somebody asked before.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.metrics.question import Question
from opsgauge.operations.drawing.words import at_brief, capfirst, plain
from opsgauge.operations.measure import chart_period
from opsgauge.operations.restating import Restatement, remembered, restated
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

Compare = Annotated[int | None, Query(description="An earlier data version to compare with.")]
router = APIRouter(route_class=TidyRoute)


@router.get("/metrics/{metric}/restated")
def restated_page(
    metric: str, seen: ViewOf, asked: AskedOf, compare_version: Compare = None
) -> HTMLResponse:
    """Draw the past periods that an earlier data version gave another value for."""
    known = seen.ctx.catalogue.get(metric)
    asked = replace(asked, by=(), period=asked.period or chart_period(known))
    question = asked.question(metric, seen.ctx.workspace.zone)
    found = restated(seen.ctx, question, compare_version)
    title = known.definition.title
    page = seen.address.having(compare_version=None)
    grains = choosers.grain(seen, found.question.period, known.grains)
    return html(
        "restated.html",
        {
            "page": frame(seen, "metrics", f"{title}, restated", [title, ", by ", grains]),
            "headline": headline(found, title),
            "why": _why(seen, found),
            "crumbs": [
                link("Metrics", seen.address.to("/catalogue")),
                link(title, str(page).replace("/restated", "", 1)),
            ],
            "found": found,
            "suspect": suspect_links(seen, found.suspect),
            "statistic": capfirst(plain(found.statistic)),
        },
    )


def headline(found: Restatement, title: str) -> str:
    """Return the page's sentence."""
    if found.suspect:
        return f"{title}: no number is shown"
    count = len({row.period for row in found.rows})
    if not count:
        return f"{title}: no past {found.question.period} was restated"
    return f"{title}: {_periods(count, found)} restated"


def _periods(count: int, found: Restatement) -> str:
    period = found.question.period
    return f"1 past {period} was" if count == 1 else f"{count} past {period}s were"


def _why(seen: View, found: Restatement) -> str:
    zone = seen.ctx.workspace.settings.zone
    if found.then == found.now:
        against = "There is no earlier data version; only definitions can differ."
    else:
        made = at_brief(found.then.made_at, zone)
        against = (
            f"Data version {found.now.version} against version {found.then.version}, made on "
            f"{made}: {found.periods} {found.question.period}s were over then."
        )
    corrected = ""
    if found.old_definition != found.metric.definition_hash:
        since = f", valid from {found.valid_from}" if found.valid_from else ""
        version = found.metric.definition.version
        corrected = f" The definition is another since (version {version}{since})."
    return f"{against}{corrected} {found.caveat}".strip()


def restated_note(seen: View, question: Question) -> Values:
    """Return the quiet note of a metric's page: what is remembered, else the offer to look."""
    href = seen.address.having(definition=None, by=None)
    href = replace(href, path=f"{href.path}/restated")
    found = remembered(seen.ctx, question)
    if found is None or found.suspect:
        return link("Were past numbers restated?", href)
    count = len({row.period for row in found.rows})
    if not count:
        return link(f"No past {found.question.period} was restated by the last import.", href)
    day = found.now.made_at.astimezone(seen.ctx.workspace.zone)
    by = f"by the import of {day.day} {day:%B}" if found.then != found.now else "since"
    return link(f"{_periods(count, found)} restated {by}: see the old values.", href)
