"""The process as it is beside the process as written.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from opsgauge.analysis.conformance.habits import (
    BETTER,
    HOURS,
    OPEN,
    PROPOSE,
    STOP,
    WORSE,
    Difference,
    Habit,
)
from opsgauge.analysis.conformance.replay import Deviation
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.operations.conformance.model_answers import MINED, ModelFit
from opsgauge.operations.conformance.models import (
    DEPARTS,
    FIT,
    FOLDER,
    model_fit,
    model_tickets,
    models,
)
from opsgauge.operations.drawing.words import Said
from opsgauge.operations.lists import Page
from opsgauge.web.asked import SelectionOf, paged
from opsgauge.web.conforming import ModelBehindOf, ModelledOf
from opsgauge.web.pages import choosers
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

PLACE, LIST = "/conformance/model", "/conformance/model/tickets"
MOST_DEPARTURES, MOST_HABITS = 25, 15
USUAL_PATHS = "the most frequent paths"
COLUMNS = (
    ("original_status", "State", True),
    ("priority", "Priority", True),
    ("team", "Team", False),
    ("opened_at", "Opened", True),
    ("last_update_at", "Last update", False),
)
VERDICTS = {
    PROPOSE: Said("improve", "Propose as standard"),
    STOP: Said("concern", "Stop"),
    BETTER: Said("improve", "Ends better"),
    WORSE: Said("held", "Ends worse"),
    OPEN: Said("steady", "Undecided"),
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def model_page(seen: ViewOf, chosen: SelectionOf, asked: ModelledOf) -> HTMLResponse:
    """Draw how tickets fit a model."""
    told = model_fit(seen.ctx, asked, chosen)
    headline = told.sentence()
    options = [choosers.choice(MINED, USUAL_PATHS)]
    options += [choosers.choice(name, name) for name in models(seen.ctx)]
    one = choosers.field("select", "model", "Held against", asked.model, options)
    model = choosers.chooser(seen, "model", asked.model or USUAL_PATHS, "Choose the model", [one])
    state = [*which_tickets(seen), ", held against ", model]
    return html(
        "conformance_model.html",
        {
            "page": frame(seen, "map", headline, state, provenance=told.provenance),
            "headline": headline,
            "why": "Ended tickets alone are replayed. Fitness says how much of what happened the "
            "model allows, precision how much of what it allows did happen.",
            "crumbs": [
                link("Process map", seen.address.to("/map")),
                link("Conformance", seen.address.to("/conformance")),
            ],
            "parts": parts_of(seen, PLACE),
            "suspect": suspect_links(seen, told.suspect),
            "facts": _facts(seen, told),
            "departures": _departures(seen, told),
            "more": max(len(told.departures) - MOST_DEPARTURES, 0),
            "beside": [
                {
                    "step": each.step,
                    "written": each.written,
                    "tickets": whole(each.tickets),
                    "where": each.where,
                    "near": told.near.get(each.step, ""),
                }
                for each in told.beside
            ],
            "habits": [_habit(seen, told, each) for each in told.habits[:MOST_HABITS]],
            "written": told.asked.model != MINED,
            "notes": list(told.notes),
            "folder": FOLDER,
            "has_models": bool(models(seen.ctx)),
        },
    )


@router.get(LIST)
def model_tickets_page(
    seen: ViewOf,
    chosen: SelectionOf,
    asked: ModelledOf,
    behind: ModelBehindOf,
    page: Annotated[Page, Depends(paged)],
) -> HTMLResponse:
    """Draw the list of tickets behind a number about a model."""
    listed = model_tickets(seen.ctx, asked, behind, chosen, page)
    why = "The newest come first. Each ticket's own page shows the way that it took."
    return html(LIST_PAGE, list_values(seen, listed, COLUMNS, page, (PLACE, why)))


def _list(seen: View, told: ModelFit, n: int, **behind: str) -> Values:
    asked = told.asked
    how = {"model": asked.model, "by": asked.steps, "share": f"{asked.share:g}"}
    given = {name: value for name, value in (how | behind).items() if value}
    return {"text": whole(n), "href": kept_address(seen, LIST, **given) if n else ""}


def _facts(seen: View, told: ModelFit) -> Values:
    fitness = told.tokens.fitness
    return {
        "fitting": _list(seen, told, told.fitting, of=FIT),
        "departing": _list(seen, told, told.n - told.fitting, of=DEPARTS),
        "fitness": "" if fitness is None else f"{fitness:.3f}",
        "precision": "" if told.precision is None else f"{told.precision:.3f}",
        "steps": told.asked.steps.replace("_", " "),
    }


def _departures(seen: View, told: ModelFit) -> list[Values]:
    return [
        {
            "step": each.deviation.step,
            "how": each.deviation.how,
            "n": _of(seen, told, each.deviation, each.n),
            "share": percent(each.n / told.n),
            "between": between(wilson(each.n, told.n)),
        }
        for each in told.departures[:MOST_DEPARTURES]
    ]


def _of(seen: View, told: ModelFit, deviation: Deviation, n: int) -> Values:
    return _list(seen, told, n, departed=deviation.step, how=deviation.how)


def _habit(seen: View, told: ModelFit, habit: Habit) -> Values:
    return {
        "step": habit.deviation.step,
        "how": habit.deviation.how,
        "n": _of(seen, told, habit.deviation, habit.n),
        "said": VERDICTS[habit.verdict],
        "ends": [_end(each) for each in habit.differences],
    }


def _end(each: Difference) -> str:
    if each.of == HOURS:
        told = f"takes {each.size:.2f} times as long ({duration(each.here)})"
        between = f"{each.low:.2f} to {each.high:.2f}"
    else:
        told = f"{each.of} {percent(each.here)}, elsewhere {percent(each.elsewhere)}"
        between = f"{percent(each.low)} to {percent(each.high)}"
    chance = "" if each.better is not None else "; may be chance"
    return f"{told} ({between}{chance})"
