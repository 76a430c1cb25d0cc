"""Baselines, rebases, excluded points and benchmarks as the page about them takes them.

Floor 6.
"""

from collections.abc import Mapping
from typing import Any

from opsgauge.foundation.agreed import Series
from opsgauge.foundation.units import amount, percent, whole
from opsgauge.governance.baselines import FRONTLINE, OWNER, Baseline
from opsgauge.operations.asking import conditions, written
from opsgauge.operations.baselines import BaselineState
from opsgauge.operations.benchmarks import benchmarks_beside
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.sparkline import Size, sparkline
from opsgauge.operations.drawing.words import Said, capfirst, named, plain
from opsgauge.operations.marked import trend_of
from opsgauge.operations.rebasing import excluded_points, rebases
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View
from opsgauge.web.pages.posting import ends, moment

PLACE = "/baselines"
CHART = Size(340, 96)
TONES = {"signed": "improve", "provisional": "held", "superseded": "held"}
PARTS = {OWNER: "As its owner", FRONTLINE: "As who does the work"}
STEPS_SHOWN = 8


def series_asked(form: Given) -> Series:
    """Return the chart that a form is about."""
    where = [each for each in form.get("where").split("\n") if each.strip()]
    return Series(
        form.get("metric").strip(),
        form.get("statistic").strip(),
        conditions(where),
        form.get("period") or "week",
    )


def baseline_row(seen: View, state: BaselineState, may: Mapping[str, bool]) -> Values:
    """Return a baseline as `baselines.html` takes it.

    Parameters
    ----------
    may : as what the actor may sign it; {} for one that is superseded
    """
    one = state.baseline
    return {
        "number": one.number,
        "title": state.title,
        "href": chart_href(seen, one.series),
        "said": Said(TONES[one.state], capfirst(one.state)),
        "which": which(one.series),
        "sentence": state.sentence(),
        "chart": _chart(seen.ctx, state),
        "why_not": state.why_not,
        "set": f"Frozen by {one.made_by}, {moment(one.made_at, seen.ctx)}",
        "voices": [
            {
                "words": capfirst(each.sentence()),
                "when": moment(each.made_at, seen.ctx),
                "why": each.why,
            }
            for each in one.voices
        ],
        "accepted": one.accepted_why,
        "warnings": [*one.numbers["warnings"], *one.numbers.get("pooling", ())],
        "facts": _facts(one, state.unit),
        "steps": [_step(each) for each in one.numbers.get("steps", ())[:STEPS_SHOWN]],
        "parts": [
            {"value": part, "text": PARTS[part]}
            for part in PARTS
            if may.get(part) and one.signed_as(part) is None
        ],
        "may_object": may.get(FRONTLINE, False),
    }


def which(series: Series) -> str:
    """Say of which chart it is."""
    statistic = f"{capfirst(plain(series.statistic))} of each {series.period}"
    return ", ".join([statistic, *([e.sentence() for e in series.segment] or ["all tickets"])])


def chart_href(seen: View, series: Series) -> str:
    """Return the address of the chart."""
    where = [written(each) for each in series.segment]
    asked = {"where": where, "statistic": series.statistic, "period": series.period}
    return str(seen.address.to(f"/metrics/{series.metric}", **asked))


def marks(seen: View, metric: str | None, may_undo: bool) -> list[Values]:
    """Return rebases and excluded points, those undone too, newest first."""
    ctx = seen.ctx
    known = {each.name: each.definition.title for each in ctx.catalogue}
    told: list[tuple[str, Values]] = []
    for place, words, found in (
        ("/rebases", "Begins anew", rebases(ctx, metric, ended=True)),
        ("/excluded-points", "Excluded", excluded_points(ctx, metric, ended=True)),
    ):
        for each in found:
            row = _mark(seen, each, known)
            row |= {"what": words, "event": _event(each)}
            row["end"] = (
                ends(place, each.number, "Undo it") if may_undo and not each.ended_at else None
            )
            told.append((each.made_at, row))
    return [row for _, row in sorted(told, key=lambda pair: pair[0], reverse=True)]


def benchmark_rows(seen: View, metric: str | None, may_end: bool) -> list[Values]:
    """Return benchmarks, each beside one's own baseline."""
    return [
        {
            "title": each.title,
            "href": str(seen.address.to(f"/metrics/{each.benchmark.metric}")),
            "sentence": each.sentence(),
            "end": ends("/benchmarks", each.benchmark.number, "End it") if may_end else None,
        }
        for each in benchmarks_beside(seen.ctx, metric)
    ]


def _mark(seen: View, each: Any, known: Mapping[str, str]) -> Values:
    ended = f"Undone {moment(each.ended_at, seen.ctx)}: {each.ended_why}" if each.ended_at else ""
    return {
        "title": known.get(each.series.metric, plain(each.series.metric)),
        "href": chart_href(seen, each.series) if each.series.metric in known else "",
        "at": each.at,
        "which": which(each.series),
        "why": each.why,
        "set": f"By {each.made_by}, {moment(each.made_at, seen.ctx)}",
        "ended": ended,
    }


def _event(each: Any) -> str:
    event, on = getattr(each, "event", ""), getattr(each, "event_day", None)
    return f"{event} ({on})" if on else event


def _chart(ctx: Context, state: BaselineState) -> str:
    if state.charted is None:
        return ""
    trend = trend_of(ctx, state.charted)
    label = f"{state.title} since {state.baseline.first}: {state.sentence()}"
    return sparkline(trend, label, CHART)


def _facts(one: Baseline, unit: str) -> list[tuple[str, str]]:
    numbers = one.numbers
    told = [("Data version", str(one.data_version)), ("Definition", one.definition[:8])]
    spread = numbers.get("distribution")
    if spread and spread["n"]:
        ends = " to ".join(amount(spread[at], unit) for at in ("p10", "p90"))
        told.append(("Eight in ten tickets", ends))
    touch, wait = numbers.get("touch_hours", 0.0), numbers.get("wait_hours", 0.0)
    if touch + wait > 0:
        told.append(("Worked", f"{percent(touch / (touch + wait), 0)} of the time"))
        told.append(("Waited", f"{percent(wait / (touch + wait), 0)}"))
    return told


def _step(each: Mapping[str, Any]) -> Values:
    return {
        "phase": capfirst(plain(each["phase"])),
        "team": named(each["team"], "team") if each["team"] else "",
        "touch": each["touch"],
        "tickets": whole(each["tickets"]),
        "hours": amount(each["hours"], "hours"),
        "each": amount(each["hours"] / each["tickets"], "hours"),
    }
