"""Where tickets wait: steps by the hours to win, queues over time, and whether the work flows.

Floor 6.
"""

from dataclasses import replace

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from opsgauge.analysis.waiting.bottlenecks import Step
from opsgauge.analysis.waiting.efficiency import Efficiency
from opsgauge.analysis.waiting.queues import Aging, Queue
from opsgauge.analysis.waiting.steps import KINDS
from opsgauge.foundation.money import between_words, money_words
from opsgauge.foundation.units import duration, percent, whole
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.bars import bar
from opsgauge.operations.drawing.cumulative_flow import cumulative_flow
from opsgauge.operations.drawing.event_marks import MOST
from opsgauge.operations.drawing.sparkline import Size, Trend, sparkline
from opsgauge.operations.drawing.words import Said, days_words
from opsgauge.operations.marked import marks_between, trend_between
from opsgauge.operations.pricing import rate_notes
from opsgauge.operations.queueing import Flowing, Queues, flowing, queues
from opsgauge.operations.waiting import Waits, waits
from opsgauge.web.asked import SelectionOf
from opsgauge.web.pages import choosers
from opsgauge.web.pages.frame import (
    Values,
    View,
    ViewOf,
    frame,
    html,
    link,
    suspect_links,
    ticket_links,
)
from opsgauge.web.pages.tidy import TidyRoute
from opsgauge.web.waited import (
    USUAL_ACHIEVABLE,
    USUAL_GRAIN,
    USUAL_KIND,
    Achievable,
    Grain,
    Kind,
)

PLACE = "/waiting"
STEPS_SHOWN, QUEUES_SHOWN, TEAMS_SHOWN = 15, 12, 12
SPARK = Size(132, 28)
WORDS = {
    "team_phase": "team and phase",
    "phase": "phase",
    "original_status": "state",
    "team": "team",
    "activity": "activity",
}
HOLDS = {
    True: Said("steady", "Holds"),
    False: Said("concern", "Does not hold"),
    None: Said("held", "Cannot be told"),
}
router = APIRouter(route_class=TidyRoute)


@router.get(PLACE)
def waiting_page(
    seen: ViewOf,
    chosen: SelectionOf,
    kind: Kind = USUAL_KIND,
    achievable: Achievable = USUAL_ACHIEVABLE,
    grain: Grain = USUAL_GRAIN,
) -> HTMLResponse:
    """Draw where tickets wait."""
    steps = waits(seen.ctx, chosen, kind, achievable)
    queued = queues(seen.ctx, chosen, kind, grain)
    flow = flowing(seen.ctx, chosen)
    shown = queued.points(queued.all_)
    marks = marks_between(seen.ctx, [each.period for each in shown], grain, MOST)
    state = [
        *choosers.which_tickets(seen),
        ", opened ",
        choosers.dates(seen),
        ", by ",
        _kind(seen, kind),
        ", set against the fastest ",
        _achievable(seen, achievable),
    ]
    provenance = steps.told.provenance
    plainly = seen.address.having(kind=None, achievable=None, grain=None)
    return html(
        "waiting.html",
        {
            "page": frame(seen, "map", "Where tickets wait", state, provenance=provenance),
            "headline": steps.sentence,
            "why": steps.why,
            "crumbs": [
                link("Process map", seen.address.to("/map")),
                link("Where tickets wait", ""),
            ],
            "suspect": suspect_links(seen, steps.told.suspect),
            "notes": (*rate_notes(steps.an_hour), *steps.told.notes),
            "priced": steps.an_hour is not None,
            "steps": _steps(seen, steps),
            "more_steps": max(len(steps.rows) - STEPS_SHOWN, 0),
            "percentile": percent(achievable / 100, 0),
            "queues": _queues(seen.ctx, queued),
            "flow_picture": cumulative_flow(
                shown, f"Tickets that came and went, {grain} by {grain}", marks
            ),
            "marks": marks,
            "queue_sentence": queued.sentence,
            "more_queues": max(len(queued.rows) - QUEUES_SHOWN, 0),
            "grain": grain,
            "pace": _hours(queued.pace[1]),
            "flow": _flow(seen.ctx, flow),
            "why_href": str(replace(plainly, path=f"{PLACE}/why")),
            "handoffs_href": str(replace(plainly, path="/handoffs")),
        },
    )


def _kind(seen: View, now: str) -> Values:
    options = [choosers.choice(each, WORDS[each]) for each in KINDS]
    one = choosers.field("select", "kind", "Steps by", now, options)
    return choosers.chooser(seen, "kind", WORDS[now], "Choose what a step is", [one])


def _achievable(seen: View, now: int) -> Values:
    options = [choosers.choice(str(each), percent(each / 100, 0)) for each in (10, 25, 50)]
    one = choosers.field("select", "achievable", "Achievable is what the fastest", now, options)
    words = percent(now / 100, 0)
    return choosers.chooser(seen, "achievable", words, "Choose what is achievable", [one])


def _hours(hours: float | None) -> str:
    return "" if hours is None else duration(hours)


def _steps(seen: View, waits_: Waits) -> list[Values]:
    longest = max((each.recoverable or 0.0 for each in waits_.rows), default=0.0)
    return [
        {**_step(waits_, each, longest), "links": _longest(seen, each)}
        for each in waits_.rows[:STEPS_SHOWN]
    ]


def _longest(seen: View, step: Step) -> list[Values]:
    """Return links to the tickets that were longest in a step, each with how long."""
    links = ticket_links(seen, [each.key for each in step.longest])
    return [
        {**one, "took": duration(each.hours)} for one, each in zip(links, step.longest, strict=True)
    ]


def _step(waits_: Waits, step: Step, longest: float) -> Values:
    low, high, won = step.recoverable_low, step.recoverable_high, step.recoverable
    kind = "plain" if step.touch is None else "work" if step.touch else "wait"
    return {
        "name": waits_.words[step.name],
        "touch": step.touch,
        "bar": bar(int(1000 * (won or 0.0) / (longest or 1.0)), kind) if won else "",
        "won": "too few" if won is None else whole(won),
        "between": "" if low is None or high is None else f"{whole(low)} to {whole(high)}",
        "money": money_words(won, waits_.an_hour),
        "money_between": between_words(low, high, waits_.an_hour),
        "cases": whole(step.cases),
        "mean": _hours(step.mean),
        "median": _hours(step.median),
        "achievable": _hours(step.achievable),
        "running": whole(step.running),
    }


def _queues(ctx: Context, queued: Queues) -> list[Values]:
    aging = {each.name: each for each in queued.aging}
    rows = [_queue(ctx, queued, each, aging.get(each.name)) for each in queued.rows[:QUEUES_SHOWN]]
    everything = _queue(ctx, queued, queued.all_, None) | {
        "name": "All steps together",
        "now": whole(queued.open_now),
        "beyond": whole(queued.beyond_pace),
        "whole": True,
    }
    return [*rows, everything] if rows else []


def _queue(ctx: Context, queued: Queues, queue: Queue, old: Aging | None) -> Values:
    points = queued.points(queue)
    name = queued.words.get(queue.name, "All steps together")
    usual = queued.average(queue)
    labels = [each.period for each in points]
    lengths = Trend(tuple(float(each.length) for each in points))
    trend = trend_between(ctx, lengths, labels, queued.grain)
    return {
        "name": name,
        "spark": sparkline(trend, f"Tickets in it by {queued.grain}, {name}", SPARK),
        "now": whole(old.tickets if old else 0),
        "mean": f"{usual.length:,.1f}" if usual else "",
        "came": f"{usual.came:,.1f}" if usual else "",
        "went": f"{usual.went:,.1f}" if usual else "",
        "median": _hours(old.median) if old else "",
        "oldest": _hours(old.oldest) if old else "",
        "beyond": whole(old.beyond[1]) if old and len(old.beyond) > 1 else "0",
        "whole": False,
    }


def _flow(ctx: Context, flow: Flowing) -> Values:
    return {
        "sentence": flow.sentence,
        "days": days_words(flow.window.first, flow.window.last),
        "law": flow.law_words,
        "rows": [_team(ctx, each) for each in flow.rows[: TEAMS_SHOWN + 1]],
        "more": max(len(flow.rows) - TEAMS_SHOWN - 1, 0),
        "conditions": [
            {"name": each.name, "said": HOLDS[each.holds], "words": each.words}
            for each in flow.law.conditions
        ],
    }


def _team(ctx: Context, each: Efficiency) -> Values:
    throughput = Trend(tuple(one.throughput_mean for one in each.periods))
    trend = trend_between(ctx, throughput, [one.label for one in each.periods], "month")
    name = "All teams" if each.everybody else each.team or "No team"
    return {
        "name": name,
        "whole": each.everybody,
        "tickets": whole(each.tickets),
        "share": "" if each.share is None else percent(each.share, 0),
        "throughput": _hours(each.throughput_mean),
        "cycle": _hours(each.cycle_mean),
        "gap": _hours(each.gap_mean),
        "spark": sparkline(trend, f"Hours open by month, {name}", SPARK),
        "said": Said("concern", "Longer, the work is not") if each.broken else None,
    }
