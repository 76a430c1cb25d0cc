"""Objects side by side: the chain of problems with its times, every kind of tie, the log to take.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.foundation.units import duration, whole
from opsgauge.operations.drawing.words import capfirst
from opsgauge.operations.exchange.told import sources_of
from opsgauge.operations.objects import CAVEAT, NOT_THERE, Objects, StepTime, TieCount, objects
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

KINDS = {
    "caused_by": "was caused by",
    "problem_of": "belongs to",
    "fixed_by": "is fixed by",
    "duplicate_of": "is the same as",
    "used_article": "used",
    "child_of": "is part of",
    "related_to": "is related to",
    "about": "is about",
}
FORMS = {
    "XES": ("xes", "cases, for process mining"),
    "OCEL 2.0, JSON": ("ocel-json", "objects and their ties"),
    "OCEL 2.0, SQLite": ("ocel-sqlite", "the same, as a database"),
    "CSV": ("csv", "cases, a row per update"),
}
KnownError = Annotated[list[str] | None, Query(description="Words that mean a known error.")]
router = APIRouter(route_class=TidyRoute)


@router.get("/objects")
def objects_page(seen: ViewOf, chosen: SelectionOf, known_error: KnownError = None) -> HTMLResponse:
    """Draw how records are tied, and how long problems take from one object to the next."""
    found = objects(seen.ctx, chosen, known_error or ())
    state = [*choosers.which_tickets(seen), ", opened ", choosers.dates(seen)]
    return html(
        "objects.html",
        {
            "page": frame(seen, "map", "Objects side by side", state, provenance=found.provenance),
            "headline": found.sentence().rstrip("."),
            "why": _why(found),
            "crumbs": [
                link("Process map", seen.address.to("/map")),
                link("Objects side by side", ""),
            ],
            "stages": _stages(found),
            "times": [_time(each) for each in found.times],
            "ties": [_tie(each) for each in found.ties],
            "caveat": CAVEAT,
            "downloads": _downloads(seen.address, sources_of(seen.ctx, chosen)),
            "suspect": suspect_links(seen, found.suspect),
        },
    )


def _why(found: Objects) -> str:
    words = " or ".join(f"“{word}”" for word in found.known_error_words[:1])
    return (
        "A problem is followed from the detection of its first incident to the last that came "
        f"after its fix. A known error is a problem in a state, or with an article, called {words}."
    )


def _stages(found: Objects) -> list[Values]:
    """Return how many problems came to each object of the chain."""
    return [
        {"words": words, "n": whole(n)}
        for words, n in (
            ("problems", found.problems),
            ("with incidents", found.with_incidents),
            ("known errors", found.known_errors),
            ("with a fix made", found.fixed),
            ("came again after it", found.recurred),
        )
    ]


def _time(each: StepTime) -> Values:
    return {
        "words": each.words,
        "median": "" if each.median_hours is None else duration(each.median_hours),
        "p90": "" if each.p90_hours is None else duration(each.p90_hours),
        "n": whole(each.n),
        "begun": whole(each.begun),
        "reversed": whole(each.reversed) if each.reversed else "",
    }


def _tie(each: TieCount) -> Values:
    return {
        "from_type": capfirst(each.from_type),
        "kind": KINDS.get(each.kind, each.kind),
        "to_type": "a record that is not here" if each.to_type == NOT_THERE else each.to_type,
        "ties": whole(each.ties),
        "records": whole(each.from_objects),
        "targets": whole(each.to_objects),
    }


def _downloads(address: Address, sources: list[str]) -> list[Values]:
    """Return the files that can be taken away, of each source, since a log is of one."""
    plain = Address("/api/v1/export/log", address.pairs("known_error"))
    several = len(sources) > 1
    return [
        {
            **link(title, plain.having(form=form, source=source if several else None)),
            "words": f"of {source}, {words}" if several else words,
        }
        for source in sources
        for title, (form, words) in FORMS.items()
    ]
