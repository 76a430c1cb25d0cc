"""A month on one page, made to be printed.

Floor 6.
"""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.foundation.units import amount, whole
from opsgauge.operations.answers import Value
from opsgauge.operations.asking import conditions, written
from opsgauge.operations.drawing.sparkline import PAIR, sparkline
from opsgauge.operations.drawing.words import Said, capfirst, target_said, tone
from opsgauge.operations.marked import trend_of
from opsgauge.operations.monthly import MONTH, Month, MonthLine, month, months
from opsgauge.operations.phrases import score_words, when
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, told
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/summary"
WHY = (
    "Each month against its own limits and judged together with all lines, so that nothing is "
    "coloured because many were looked at."
)
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def summary_page(seen: ViewOf, asked: AskedOf, month_: str = "") -> HTMLResponse:
    """Draw a month on one page."""
    label = next(iter(seen.address.all("month")), month_)
    try:
        shown = month(seen.ctx, label, conditions(asked.where))
    except WorkspaceMissing as missing:
        return html("summary.html", _nothing(seen, told(missing)))
    return html("summary.html", _values(seen, shown))


def _values(seen: View, shown: Month) -> Values:
    # All links lead on to what is shown here, also where the address did not say it.
    where = tuple(written(each) for each in shown.where)
    seen = replace(seen, address=seen.address.having(where=where)) if where else seen
    state = [*choosers.which_tickets(seen), ", ", _months(seen, shown.label)]
    return {
        "page": frame(seen, "home", f"Summary, {shown.label}", state),
        "headline": f"{capfirst(when(shown.label))}: {shown.sentence()}",
        "why": WHY,
        "crumbs": [link("Home", seen.address.to("/")), link("Month", "")],
        "lines": [_line(seen, each) for each in shown.lines],
        "targets": [
            {"said": target_said(e.outlook.state), "title": e.title, "words": e.sentence()}
            for e in shown.targets
        ],
        "objectives": [
            {"title": each.objective.title, "words": each.sentence()} for each in shown.objectives
        ],
        "signals": [
            {
                "title": each.title,
                "words": each.sentence,
                "state": f"Now {each.signal.state_words}",
                "href": f"/signals#signal-{each.signal.number}",
            }
            for each in shown.signals
        ],
        "findings": [each.claim for each in shown.findings],
        "found_in": f"Found in {shown.found_in}",
        "score": f"Data quality, of the data as they are now: {score_words(shown.score)}.",
    }


def _nothing(seen: View, why: str) -> Values:
    empty: Values = dict.fromkeys(("lines", "targets", "objectives", "signals", "findings"), ())
    return empty | {
        "page": frame(seen, "home", "Summary"),
        "headline": "Nothing to show yet",
        "why": why,
        "crumbs": [link("Home", seen.address.to("/")), link("Month", "")],
        "found_in": "",
        "score": "",
    }


def _line(seen: View, line: MonthLine) -> Values:
    page = seen.address.to(f"/metrics/{line.metric}", period=MONTH, where=seen.address.all("where"))
    held = bool(line.measured and line.measured.suspect)
    said = Said(tone(line.verdict), line.said) if line.verdict else Said("held", "")
    return {
        "title": link(line.title, page),
        "value": "withheld" if held else _written(line.value, line),
        "before": "" if held else _written(line.before, line),
        "year_before": "" if held else _written(line.year_before, line),
        "n": whole(line.value.n) if line.value and not held else "",
        "spark": _spark(seen, line),
        "said": said if line.verdict else None,
        "words": capfirst(line.words),
    }


def _spark(seen: View, line: MonthLine) -> str:
    if line.charted is None:
        return ""
    trend = replace(trend_of(seen.ctx, line.charted), limits=None, verdicts=())
    return sparkline(trend, f"{line.title}, month by month", PAIR)


def _written(value: Value | None, line: MonthLine) -> str:
    return "none" if value is None else amount(value.value, line.unit)


def _months(seen: View, now: str) -> Values:
    options = [choosers.choice(each, capfirst(when(each))) for each in months(seen.ctx)]
    one = choosers.field("select", "month", "Month", now, options)
    return choosers.chooser(seen, "month", when(now), "Choose the month", [one])
