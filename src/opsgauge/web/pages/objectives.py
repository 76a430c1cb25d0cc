"""Service level objectives: what is left of each error budget, and how fast it goes.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.foundation.errors import WorkspaceMissing
from opsgauge.foundation.units import percent, whole
from opsgauge.metrics.objectives import FOLDER
from opsgauge.operations.asking import written
from opsgauge.operations.drawing.sparkline import Size, Trend, sparkline
from opsgauge.operations.drawing.words import Said, days_words
from opsgauge.operations.marked import trend_between
from opsgauge.operations.objectives import ObjectiveState, State, objectives
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, told
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/objectives"
SPARK = Size(180, 40)
SAID = {
    State.WITHIN: Said("improve", "Within budget"),
    State.BURNING: Said("concern", "Burning too fast"),
    State.SPENT: Said("concern", "Budget spent"),
    State.NO_DATA: Said("steady", "Nothing to count"),
    State.UNKNOWN: Said("held", "Cannot be told"),
}
WHY = (
    "An objective says how much of the work is to be good, and so how much may go wrong: its error "
    "budget. While some is left, change may be risked; when it goes too fast, somebody is told."
)
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def objectives_page(seen: ViewOf) -> HTMLResponse:
    """Draw every objective."""
    try:
        found = objectives(seen.ctx)
    except WorkspaceMissing as missing:
        return html("objectives.html", _values(seen, "Nothing to show yet", told(missing), []))
    shown = [_row(seen, each) for each in found.states]
    return html("objectives.html", _values(seen, found.sentence(), WHY, shown))


def _values(seen: View, headline: str, why: str, rows: list[Values]) -> Values:
    return {
        "page": frame(seen, "levels", "Objectives"),
        "headline": headline,
        "why": why,
        "crumbs": [
            link("Service levels", seen.address.to("/service-levels")),
            link("Objectives", ""),
        ],
        "rows": rows,
        "folder": FOLDER,
    }


def _row(seen: View, state: ObjectiveState) -> Values:
    one, budget = state.objective, state.budget
    where = [written(each) for each in one.where]
    days = {"from_": state.from_.isoformat(), "to": state.to.isoformat()}
    metric = seen.address.to(f"/metrics/{one.metric}", where=where, period="day", **days)
    return {
        "name": one.name,
        "title": one.title,
        "said": SAID[state.state],
        "sentence": state.sentence(),
        "days": days_words(state.from_, state.to),
        "metric": link(state.metric_title, metric),
        "spent": "" if budget.spent is None else percent(budget.spent, 0),
        "left": _left(budget.left),
        "with_all": _with_all(state),
        "all_hours": _all_hours(state),
        "burns": [
            {
                "window": f"{each.hours} {'service hours' if one.hours else 'h'}",
                "limit": f"{each.limit:.1f}",
                "long": _rate(each.long),
                "short": _rate(each.short),
                "burning": each.is_burning(one.fewest_bad),
                "said": _pace(state, each.is_burning(one.fewest_bad)),
            }
            for each in state.burns
        ],
        "spark": sparkline(
            trend_between(seen.ctx, Trend(state.left_by_day, goal=0.0), state.day_labels, "day"),
            f"Share of the budget left by day, {one.title}",
            SPARK,
        ),
        "scale": _scale(state),
        "decision": one.decision,
        "suspect": bool(state.suspect),
    }


def _left(left: float | None) -> str:
    if left is None:
        return ""
    if left < 0:
        return f"{whole(round(-left))} too many went bad"
    return f"{whole(int(left))} more may go bad"


def _pace(state: ObjectiveState, burning: bool) -> Said:
    """Say how fast a budget goes; of a spent one no pace is slow enough."""
    if burning:
        return Said("concern", "Too fast")
    spent = state.state is State.SPENT
    return Said("held", "None is left") if spent else Said("steady", "Slow enough")


def _scale(state: ObjectiveState) -> str:
    """Say what a picture of what is left by day reaches from and to; "" where it shows nothing."""
    told = [each for each in state.left_by_day if each is not None]
    if len(told) < 2:
        return ""
    low, high, newest, none = (percent(each, 0) for each in (min(told), max(told), told[-1], 0))
    return f"{low} to {high} of the budget, {newest} at the end; the line is at {none}, all spent."


def _with_all(state: ObjectiveState) -> str:
    if state.whole is None or state.whole.spent is None:
        return ""
    reasons = "; ".join(state.maintenance)
    return f"{percent(state.whole.spent, 0)} with the tickets of maintenance ({reasons})"


def _all_hours(state: ObjectiveState) -> str:
    if state.all_hours is None or state.all_hours.spent is None:
        return ""
    counted = state.all_hours.counted
    return (
        f"{percent(state.all_hours.spent, 0)} at all hours, where {whole(counted.bad)} of "
        f"{whole(counted.total)} were bad; {whole(state.open_hours)} hours of the window are open"
    )


def _rate(rate: float | None) -> str:
    return "none" if rate is None else f"{rate:.1f}"
