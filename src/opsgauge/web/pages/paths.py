"""Which way tickets go: paths with what becomes of them, and how standardised processes are.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.analysis.mining.path_facts import Facts
from opsgauge.analysis.mining.standard import Standard
from opsgauge.foundation.money import Money
from opsgauge.foundation.units import MINUS, duration, percent, whole
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.map_choice import step_name
from opsgauge.operations.drawing.path_marks import MARKS_SHOWN, path_marks
from opsgauge.operations.drawing.sparkline import Size, Trend, sparkline
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.operations.flow_answers import MORE, shortened
from opsgauge.operations.marked import trend_between
from opsgauge.operations.paths import (
    PROCESS,
    SHOWN,
    Paths,
    Standards,
    standardisation,
    walked_paths,
)
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

PLACE = "/paths"
PROCESSES = ("practice", "category", "service", "catalogue_item", "channel", "priority")
PROCESSES_SHOWN, TEAMS_SHOWN = 12, 8
KINDS = {"phase": "phase", "original_status": "state", "team": "team", "activity": "activity"}
SPARK = Size(132, 28)
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def paths_page(
    seen: ViewOf,
    chosen: SelectionOf,
    steps: str = "phase",
    limit: Annotated[int, Query(ge=1)] = SHOWN,
    process: str = PROCESS,
) -> HTMLResponse:
    """Draw the paths."""
    found = walked_paths(seen.ctx, steps, chosen, limit)
    found = replace(found, variants=shortened(found.variants, MARKS_SHOWN))
    standard = standardisation(seen.ctx, process, steps, chosen=chosen)

    def name(step: str | None) -> str:
        return step_name(step, steps)

    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        _one(seen, "steps", steps, KINDS),
        ", a process being one ",
        _one(seen, "process", process, {each: plain(each) for each in PROCESSES}),
    ]
    provenance = found.variants.provenance
    return html(
        "paths.html",
        {
            "page": frame(seen, "map", "Which way tickets go", state, provenance=provenance),
            "headline": found.sentence,
            "why": _why(found),
            "crumbs": [
                link("Process map", seen.address.to("/map", steps=steps)),
                link("Which way tickets go", ""),
            ],
            "suspect": suspect_links(seen, found.variants.suspect),
            "notes": (*found.notes, *found.variants.as_json()["notes"]),
            "waited": bool(found.rates and found.rates.waited),
            "worked": bool(found.handled),
            "rows": [_row(seen, found, place, steps) for place in range(len(found.facts))],
            "marks": path_marks(found.variants, name),
            "name": name,
            "standard_sentence": standard.sentence,
            "process": capfirst(plain(process)),
            "processes": [
                _process(seen.ctx, standard, each, steps)
                for each in standard.rows[:PROCESSES_SHOWN]
            ],
            "teams": _teams(standard),
        },
    )


def _one(seen: View, field: str, now: str, words: dict[str, str]) -> Values:
    options = [choosers.choice(value, text) for value, text in words.items()]
    one = choosers.field("select", field, capfirst(field), now, options)
    return choosers.chooser(seen, field, words.get(now, plain(now)), f"Choose the {field}", [one])


def _why(found: Paths) -> str:
    if found.happy is None or not found.variants.rows:
        return ""
    happy, share = found.facts[found.happy], found.variants.rows[found.happy].share
    place = "the most frequent one" if not found.happy else f"number {found.happy + 1}"
    took = "" if happy.median is None else f" and half are done within {duration(happy.median)}"
    return (
        f"The happy path is {place}: {percent(share, 0)} of tickets take it{took}. Happy is what "
        "most tickets took that are done, were not reopened and broke no service level."
    )


def _row(seen: View, found: Paths, place: int, steps: str) -> Values:
    row, facts, extra = found.variants.rows[place], found.facts[place], found.extras[place]
    kept = tuple(pair for pair in seen.address.params if pair[0] in {"where", "from", "to"})
    behind = seen.address.to("/tickets", steps=steps, path=row.id)
    longer = extra.hours if extra else None
    return {
        "number": place + 1,
        "path": row.path,
        "href": str(type(behind)(behind.path, (*kept, *behind.params))),
        "happy": place == found.happy,
        "bar": bar(int(1000 * row.count / found.variants.rows[0].count)),
        "count": whole(row.count),
        "covered": percent(found.covered[place], 0),
        "median": "" if facts.median is None else duration(facts.median),
        "between": _between(facts),
        "kept": percent(facts.kept / facts.judged, 0) if facts.judged else "",
        "reopened": percent(facts.reopened / facts.known, 0) if facts.known else "",
        "satisfied": "" if facts.satisfaction is None else percent(facts.satisfaction, 0),
        "answers": facts.answers,
        "cost": _money(found.waited_money(place)),
        "cost_each": _each(found.waited_money(place), facts.finished),
        "work": _money(found.worked_money(place)),
        "extra_of": extra.of + 1 if extra else 0,
        "extra": _steps(extra.steps, steps) if extra else [],
        "longer": "" if longer is None else ("+" if longer > 0 else "") + duration(longer),
    }


def _steps(path: Sequence[str | None], steps: str) -> list[str]:
    """Return the names of the first steps of a path; a longer one ends in dots."""
    more = [MORE] if len(path) > MARKS_SHOWN else []
    return [*(step_name(step, steps) for step in path[:MARKS_SHOWN]), *more]


def _money(money: Money | None) -> str:
    return money.words if money and money.amount else ""


def _each(money: Money | None, tickets: int) -> str:
    return money.times(1 / tickets).words if money and tickets else ""


def _between(facts: Facts) -> str:
    if facts.low is None or facts.high is None:
        return ""
    return f"{duration(facts.low)} to {duration(facts.high)}"


def _process(ctx: Context, standard: Standards, each: Standard, steps: str) -> Values:
    shown = [period for period in each.periods if period.tickets > 1]
    trend = trend_between(
        ctx, Trend(tuple(each.index for each in shown)), [each.label for each in shown], "month"
    )
    name = each.process or "Not written"
    path = standard.paths.get(each.standard, ())
    return {
        "name": name,
        "tickets": whole(each.tickets),
        "index": percent(each.index, 0),
        "on": percent(each.on_standard / each.tickets, 0),
        "path": ", ".join(_steps(path, steps)),
        "paths": whole(each.paths),
        "effective": f"{each.effective_paths:.1f}",
        "spread": "" if each.spread is None else percent(each.spread, 0),
        "spark": sparkline(trend, f"Index by month, {name}", SPARK),
        "trend": each.trend,
        "goes_with": "" if each.goes_with is None else f"{each.goes_with:+.2f}".replace("-", MINUS),
    }


def _teams(standard: Standards) -> Values | None:
    """Return the teams of the largest process."""
    if not standard.rows or len(standard.rows[0].teams) < 2:
        return None
    first = standard.rows[0]
    return {
        "process": first.process or "Not written",
        "rows": [
            {
                "team": each.team or "No team",
                "tickets": whole(each.tickets),
                "on": percent(each.on_standard / each.tickets, 0),
                "bar": bar(int(1000 * each.on_standard / each.tickets)),
            }
            for each in first.teams[:TEAMS_SHOWN]
        ],
        "more": max(len(first.teams) - TEAMS_SHOWN, 0),
    }
