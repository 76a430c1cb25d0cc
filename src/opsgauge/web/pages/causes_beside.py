"""Beside what goes with an outcome: the vital few, and the ways between pages of causes.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.pareto import COST, COUNT, MEASURES, OF_TICKETS, Few
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import percent, whole
from opsgauge.operations.booked import BOOKED_BY, has_bookings
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.operations.vital_few import GROUPS, OF_WORDS, USUAL, VitalFew, vital_few
from opsgauge.web.asked import SelectionOf
from opsgauge.web.caused import FewBy, FewOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link, suspect_links
from opsgauge.web.pages.tidy import TidyRoute

router = APIRouter(route_class=TidyRoute)
PLACES = (
    ("What goes with it", "/causes"),
    ("The vital few", "/causes/pareto"),
    ("Again and again", "/causes/recurring"),
    ("Kinds of cause", "/causes/kinds"),
    ("Words", "/causes/words"),
)
OWN = (
    "outcome",
    "hours",
    "support",
    "also",
    "level",
    "slow_hours",
    "any_priority",
    "by",
    "measure",
    "days",
)
MOST_ROWS = 60


def causes_sides(seen: View) -> list[Values]:
    """Return the ways between the pages about causes."""
    kept = seen.address.having(**dict.fromkeys(OWN))
    here = seen.address.path
    return [
        {**link(text, Address(path, kept.params)), "current": path == here} for text, path in PLACES
    ]


@router.get("/causes/pareto")
def pareto_page(
    seen: ViewOf, chosen: SelectionOf, by: FewBy = USUAL, measure: FewOf = COUNT
) -> HTMLResponse:
    """Draw the few groups that hold four fifths."""
    found = vital_few(seen.ctx, chosen, by, measure)
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        booked_chooser(seen, by) if measure == COST else groups_chooser(seen, by),
        ", of their ",
        _measure(seen, by, measure),
    ]
    most = max((each.value for each in found.found.rows), default=1.0) or 1.0
    values = {
        "page": frame(seen, "findings", "The vital few", state, provenance=found.provenance),
        "headline": found.sentence(),
        "why": f"{capfirst(found.stability())}." if found.found.total else "",
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", seen.address.to("/causes")),
            link("The vital few", ""),
        ],
        "sides": causes_sides(seen),
        "by": capfirst(plain(by)),
        "of": capfirst(OF_WORDS[measure]),
        "counts": measure == COUNT,
        "rows": [_few(seen, found, each, most) for each in found.found.rows[:MOST_ROWS]],
        "more": max(len(found.found.rows) - MOST_ROWS, 0),
        "notes": (*found.notes, *found.price_notes()),
        "suspect": suspect_links(seen, found.suspect),
    }
    return html("pareto.html", values)


def _few(seen: View, found: VitalFew, row: Few, most: float) -> Values:
    hidden = found.of == COST or row.group in found.together
    href = "" if hidden else tickets_href(seen, Condition(found.by, (row.group,)))
    return {
        "group": found.group_words(row),
        "n": link(whole(row.n), href),
        "bar": bar(round(1000 * row.value / most), "work" if row.vital else "plain"),
        "value": found.value_words(row),
        "share": percent(row.share),
        "so_far": percent(row.so_far),
        "vital": row.vital,
        "stays": percent(row.stays, 0),
    }


def tickets_href(seen: View, *conditions: Condition, **dates: str | None) -> str:
    """Return the list of the tickets chosen that meet these conditions too."""
    told = [f"{each.column}={'|'.join(v or '' for v in each.values)}" for each in conditions]
    where = tuple(dict.fromkeys((*seen.address.all("where"), *told)))
    page = seen.address.having(**dict.fromkeys(OWN), where=where, **dates)
    return str(Address("/tickets", page.params))


def groups_chooser(seen: View, now: str) -> Values:
    """Return the chooser of the dimension whose groups are told."""
    there = [name for name in choosers.offered_splits(seen) if name in GROUPS]
    options = [choosers.choice(name, plain(name)) for name in dict.fromkeys((*there, now))]
    one = choosers.field("select", "by", "Groups", now, options)
    return choosers.chooser(seen, "groups", plain(now), "Choose the groups", [one])


def booked_chooser(seen: View, now: str) -> Values:
    """Return the chooser of what costs are booked by."""
    options = [choosers.choice(name, plain(name)) for name in dict.fromkeys((*BOOKED_BY, now))]
    one = choosers.field("select", "by", "Groups", now, options)
    return choosers.chooser(seen, "groups", plain(now), "Choose the groups", [one])


def _measure(seen: View, by: str, now: str) -> Values:
    there = MEASURES if by in BOOKED_BY and has_bookings(seen.ctx) else OF_TICKETS
    options = [choosers.choice(name, OF_WORDS[name]) for name in dict.fromkeys((*there, now))]
    words = "number" if now == COUNT else OF_WORDS[now]
    one = choosers.field("select", "measure", "Measured", now, options)
    return choosers.chooser(seen, "measure", words, "Choose what is measured", [one])


def days_chooser(seen: View, now: int) -> Values:
    """Return the chooser of how long lately is."""
    options = [choosers.choice(str(n), f"{n} days") for n in sorted({7, 14, 28, 91, now})]
    one = choosers.field("select", "days", "Lately", str(now), options)
    return choosers.chooser(seen, "days", f"{now} days", "Choose how long lately is", [one])
