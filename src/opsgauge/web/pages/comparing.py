"""A metric compared fairly: groups with one another, and a period with the one before.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.foundation.units import amount, percent, whole
from opsgauge.log.periods import ONE_DAY
from opsgauge.operations.asking import day
from opsgauge.operations.decomposing import Change, stretch, why_changed
from opsgauge.operations.drawing.event_marks import happened_words
from opsgauge.operations.drawing.funnel_plot import funnel_plot
from opsgauge.operations.drawing.words import Said, capfirst, days_words, plain, tone
from opsgauge.operations.fairly import Fair, FairRow, fair, value_words
from opsgauge.web.asked import AskedOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import (
    Values,
    View,
    ViewOf,
    frame,
    html,
    link,
    suspect_links,
)
from opsgauge.web.pages.tidy import TidyRoute

USUAL = "team"
SAID = {"worse": "Worse", "better": "Better", "change": "Apart", "steady": "As all"}
Alike = Annotated[list[str] | None, Query()]
router = APIRouter(route_class=TidyRoute)


@router.get("/metrics/{metric}/compare")
def compare_page(metric: str, seen: ViewOf, asked: AskedOf, alike: Alike = None) -> HTMLResponse:
    """Draw the groups of a dimension, as they are and as if their work were alike."""
    title = seen.ctx.catalogue.get(metric).definition.title
    by = next(iter(asked.by), USUAL)
    question = replace(asked, by=(by,), period="all").question(metric, seen.ctx.workspace.zone)
    found = fair(seen.ctx, question, tuple(each for each in alike or () if each))
    state = [
        title,
        " of each ",
        _one(seen, "by", by),
        ", as if alike by ",
        _alike(seen, found.alike),
        ", ",
        *choosers.which_tickets(seen),
        ", ",
        choosers.dates(seen),
    ]
    values = {
        "page": frame(seen, "metrics", f"{title}, compared", state),
        "headline": found.sentence(),
        "why": _why(found),
        "crumbs": _crumbs(seen, metric, title, "Compared"),
        "reversal": found.reversal_sentence(),
        "by": capfirst(plain(found.by)),
        "picture": _picture(found),
        "rows": [_row(seen, found, each, metric) for each in found.rows],
        "caveats": found.caveats,
        "suspect": suspect_links(seen, found.measured.suspect),
    }
    return html("compared.html", values)


@router.get("/metrics/{metric}/decompose")
def decompose_page(
    metric: str,
    seen: ViewOf,
    asked: AskedOf,
    before_from: str | None = None,
    before_to: str | None = None,
) -> HTMLResponse:
    """Draw what a metric's change owes to other work, and to the same work done otherwise."""
    title = seen.ctx.catalogue.get(metric).definition.title
    by = tuple(asked.by) or (USUAL,)
    question = replace(asked, by=by, period="all").question(metric, seen.ctx.workspace.zone)
    then = stretch([day("before_from", before_from), day("before_to", before_to)])
    found = why_changed(seen.ctx, question, then)
    state = [
        title,
        " by ",
        _one(seen, "by", by[0]),
        ", ",
        *choosers.which_tickets(seen),
        ", ",
        choosers.dates(seen, days_words(*found.now)),
    ]
    columns = found.columns()
    values = {
        "page": frame(seen, "metrics", f"{title}, why it changed", state),
        "headline": found.sentence(),
        "why": f"{found.chart_sentence()} {capfirst(days_words(*found.then))} against "
        f"{days_words(*found.now)}. Mix: more "
        "or less of the work was of this kind. Within: the same kind of work came out otherwise. "
        "The parts add up to the change.",
        "crumbs": _crumbs(seen, metric, title, "Why it changed"),
        "by": capfirst(" and ".join(plain(name) for name in found.by)),
        "rows": _effects(found, columns),
        "total": columns[-1],
        "happened": _happened(found),
        "caveats": found.caveats,
        "suspect": suspect_links(seen, found.after.suspect),
    }
    return html("decomposed.html", values)


def _happened(found: Change) -> list[Values]:
    """Return what happened in each of the two stretches, and between them, where anything did."""
    (begin, end), (later, last) = sorted((found.then, found.now))
    stretches = (
        (days_words(begin, end), begin, end),
        ("between them", end + ONE_DAY, later - ONE_DAY),
        (days_words(later, last), later, last),
    )
    told = [
        {"when": capfirst(words), "words": "; ".join(happened_words(found.happened_from(*days)))}
        for words, *days in stretches
    ]
    return [each for each in told if each["words"]]


def comparing_links(seen: View, metric: str) -> list[Values]:
    """Return the ways from a metric's page to its comparisons, where there are any."""
    known = seen.ctx.catalogue.get(metric)
    if known.definition.unit != "share" and "mean" not in known.statistics:
        return []
    page = seen.address.having(
        by=None, period=None, statistic=None, definition=None, shift=None, rolling=None
    )
    return [
        link(f"Compare {USUAL}s fairly", replace(page, path=f"/metrics/{metric}/compare")),
        link("Why did it change?", replace(page, path=f"/metrics/{metric}/decompose")),
    ]


def _crumbs(seen: View, metric: str, title: str, here: str) -> list[Values]:
    page = seen.address.having(by=None, alike=None, before_from=None, before_to=None)
    return [
        link("Metrics", seen.address.to("/catalogue")),
        link(title, replace(page, path=f"/metrics/{metric}")),
        link(here, ""),
    ]


def _one(seen: View, name: str, now: str) -> Values:
    options = [choosers.choice(each, plain(each)) for each in choosers.offered_splits(seen)]
    one = choosers.field("select", name, "Groups", now, options)
    return choosers.chooser(seen, "groups", plain(now), "Choose the groups", [one])


def _alike(seen: View, now: Sequence[str]) -> Values:
    options = [choosers.choice(each, plain(each)) for each in choosers.offered_splits(seen)]
    none = choosers.choice("", "nothing more")
    fields = [
        choosers.field("select", "alike", "Work is alike by", now[0], options),
        choosers.field("select", "alike", "and by", now[1] if now[1:] else "", [none, *options]),
    ]
    words = " and ".join(plain(each) for each in now)
    return choosers.chooser(seen, "alike", words, "Choose what makes work alike", fields)


def _why(found: Fair) -> str:
    return (
        f"{found.target_sentence()}. Adjusted is what a group would come to, were its work as "
        "mixed as that of all. Whoever does too little of the same work is not compared."
    )


def _picture(found: Fair) -> str:
    if found.funnel is None:
        return ""
    return funnel_plot(found.rows, found.funnel, f"Funnel plot of {found.measured.title}")


def _row(seen: View, found: Fair, row: FairRow, metric: str) -> Values:
    unit = found.measured.unit
    condition = f"{found.by}={row.group or ''}"
    where = (*seen.address.all("where"), condition)
    page = seen.address.having(by=None, alike=None, where=where)
    between = ""
    if row.low is not None and row.high is not None:
        between = f"{amount(row.low, unit)} to {amount(row.high, unit)}"
    said = Said("held", "Not compared") if row.why_not else _said(row.verdict)
    return {
        "group": link(row.group or "missing", replace(page, path=f"/metrics/{metric}")),
        "said": said,
        "why_not": row.why_not,
        "raw": amount(row.raw, unit),
        "adjusted": "" if row.why_not else value_words(row.adjusted, unit),
        "direct": "" if row.why_not else value_words(row.direct, unit),
        "between": "" if row.why_not else between,
        "in_common": percent(row.in_common, 0),
        "n": whole(row.n),
    }


def _said(verdict: str) -> Said:
    return Said(tone(verdict), SAID[verdict])


def _effects(found: Change, columns: Sequence[Sequence[str]]) -> list[Values]:
    """Return a row for each kind of work; the last of `columns` is that of all."""
    return [
        {
            "segment": ", ".join(each or "missing" for each in effect.segment),
            "share_before": percent(effect.share_before),
            "share_after": percent(effect.share_after),
            **dict(zip(("before", "after", "mix", "rate", "total"), told, strict=True)),
        }
        for effect, told in zip(found.found.effects, columns, strict=False)
    ]
