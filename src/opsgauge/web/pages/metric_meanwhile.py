"""What a metric's page says about its chart: what to know of it, and what happened meanwhile.

Floor 6.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.units import amount
from opsgauge.operations.about_chart import about_chart
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.event_marks import (
    NONE,
    TICKETS,
    event_marks,
    happened_words,
)
from opsgauge.operations.drawing.words import capfirst, counted, period_words
from opsgauge.operations.events import (
    Changed,
    Happening,
    by_period,
    happenings,
    lasting_changes,
)
from opsgauge.operations.phrases import when, year_of
from opsgauge.web.pages.frame import Values, View, link

SHOWN = 12  # periods in which anything happened, the newest
NAMED = 3  # tickets of a kind in one period; more are counted


def meanwhile_values(
    seen: View, measured: Measured, chart: Charted | None, aims: Sequence[Target]
) -> Values:
    """Return what happened while a series was measured, for the page and the chart's tooltips."""
    if chart is None:
        return {"meanwhile": None, "happened": {}, "about": (), "marks": NONE}
    happened = happenings(seen.ctx, measured)
    periods = by_period(happened, measured.period)
    changes = lasting_changes(chart, happened)
    rows = [
        {
            "period": capfirst(period_words(label)),
            "what": [_told(seen, list(group)) for _, group in _kinds(periods[label])],
        }
        for label in sorted(periods, reverse=True)[:SHOWN]
    ]
    told = {
        "changes": [_changed(each, measured) for each in changes],
        "rows": rows,
        "more": max(0, len(periods) - SHOWN),
    }
    return {
        "meanwhile": told if changes or rows else None,
        "happened": {label: "; ".join(happened_words(each)) for label, each in periods.items()},
        "marks": event_marks(periods, [point.period for point in chart.points]),
        "about": about_chart(seen.ctx, chart, aims),
    }


def noted(silent: Mapping[str, str], happened: Mapping[str, str]) -> dict[str, str]:
    """Return what tooltips note of each period: days without records, and what happened."""
    return {
        label: "; ".join(each for each in (silent.get(label), happened.get(label)) if each)
        for label in {**silent, **happened}
    }


def _kinds(happened: Sequence[Happening]) -> "groupby[str, Happening]":
    return groupby(sorted(happened, key=lambda each: each.kind), key=lambda each: each.kind)


def _told(seen: View, group: Sequence[Happening]) -> Values:
    """Return what happened of one kind in one period: tickets as links, else words."""
    kind = group[0].kind
    if kind not in TICKETS:
        words = dict.fromkeys(each.text for each in group)
        return {"words": f"{capfirst(kind)}: {', '.join(words)}", "links": []}
    named = group[:NAMED] if len(group) <= NAMED else ()
    links = [
        link(each.ticket_id, seen.address.to(f"/tickets/{each.source}/{each.ticket_id}"))
        for each in named
    ]
    return {"words": counted(len(group), kind), "links": links}


def _changed(change: Changed, measured: Measured) -> str:
    """Say when the level changed, by how much, and what happened about then."""
    year, unit = year_of(measured), measured.unit
    way = "rose" if change.after > change.before else "fell"
    begin, end = (amount(each, unit) for each in (change.before, change.after))
    said = f"{capfirst(when(change.period, year))} the level {way} from {begin} to {end}"
    if change.earliest != change.latest:
        first, last = (period_words(each) for each in (change.earliest, change.latest))
        said += f" (it came between {first} and {last})"
    about = dict.fromkeys(f"{each.kind} {each.text}" for each in change.events)
    if 0 < len(about) <= NAMED:
        said += f"; about then: {', '.join(about)}"
    elif about:
        said += f"; {len(about)} things happened about then"
    return said + "."
