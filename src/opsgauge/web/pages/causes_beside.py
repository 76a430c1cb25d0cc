"""Beside what goes with an outcome: the vital few, and trouble that comes again.

Floor 6.
"""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.causes.pareto import COST, COUNT, MEASURES, OF_TICKETS, Few
from opsgauge.analysis.causes.recurrence import MORE, Cluster, Position
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.booked import BOOKED_BY, has_bookings
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.stacked import stacked
from opsgauge.operations.drawing.words import Said, capfirst, plain
from opsgauge.operations.recurring import (
    DAYS,
    PLACE_WORDS,
    Recurring,
    cluster_conditions,
    cluster_words,
    recurring,
)
from opsgauge.operations.vital_few import GROUPS, OF_WORDS, USUAL, VitalFew, vital_few
from opsgauge.web.asked import SelectionOf
from opsgauge.web.caused import FewBy, FewOf, RecentDays
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


@router.get("/causes/recurring")
def recurring_page(seen: ViewOf, chosen: SelectionOf, days: RecentDays = DAYS) -> HTMLResponse:
    """Draw which trouble comes again."""
    found = recurring(seen.ctx, chosen, days)
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", lately the last ",
        days_chooser(seen, days),
    ]
    told = found.found
    longest = max((_whole(each.position) for each in told.rows if each.position), default=1.0)
    values = {
        "page": frame(seen, "findings", "Again and again", state, provenance=found.provenance),
        "headline": found.sentence(),
        "why": f"{whole(told.alone_tickets)} tickets are isolated: their trouble came once or "
        "twice. Trouble is one item, or a service where no item is named, with one category and "
        "subcategory.",
        "crumbs": [
            link("Findings", seen.address.to("/findings")),
            link("Causes", seen.address.to("/causes")),
            link("Again and again", ""),
        ],
        "sides": causes_sides(seen),
        "days": days,
        "rows": [_cluster(seen, found, each, longest) for each in told.rows],
        "notes": found.notes,
        "suspect": suspect_links(seen, found.suspect),
    }
    return html("recurring.html", values)


def _few(seen: View, found: VitalFew, row: Few, most: float) -> Values:
    hidden = found.of == COST or row.group in found.together
    href = "" if hidden else _tickets(seen, Condition(found.by, (row.group,)))
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


def _cluster(seen: View, found: Recurring, row: Cluster, longest: float) -> Values:
    chosen = found.chosen
    days = {
        "from_": chosen.from_.isoformat() if chosen.from_ else None,
        "to": chosen.to.isoformat() if chosen.to else None,
    }
    own = cluster_conditions(row)
    practice = tuple(each for each in chosen.where if each.column == "practice")
    lately = days | {"from_": found.since.isoformat()}
    return {
        "words": cluster_words(row),
        "said": Said("concern", "More often than expected") if row.verdict == MORE else None,
        "n": link(whole(row.n), _tickets(seen, *practice, *own, **days)),
        "recent": link(
            whole(row.recent), _tickets(seen, *practice, *own, **lately) if row.recent else ""
        ),
        "expected": f"{row.expected:.1f}",
        "bar": _position(row.position, longest),
        "hours": duration(row.hours),
        "place": PLACE_WORDS[row.place] if row.place else "",
    }


def _whole(position: Position) -> float:
    return position.upstream + position.own + position.downstream


def _position(position: Position | None, longest: float) -> str:
    if position is None:
        return ""
    parts = (
        ("wait", "before", position.upstream),
        ("work", "with the team", position.own),
        ("hold", "waiting for others", position.downstream),
    )
    return stacked([(k, h / (longest or 1.0), f"{words} {duration(h)}") for k, words, h in parts])


def _tickets(seen: View, *conditions: Condition, **dates: str | None) -> str:
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
