"""The replay of a rule on the page Alerts: its sentence, its picture, when it would have fired.

Floor 6.
"""

from opsgauge.foundation.errors import Misuse
from opsgauge.foundation.units import amount
from opsgauge.operations.alerting.replaying import Replayed, counted_days, replay
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.event_marks import MOST, NONE, Marks
from opsgauge.operations.drawing.replay_chart import Shown, replay_chart
from opsgauge.operations.marked import marks_between
from opsgauge.web.pages.frame import Values, View, told
from opsgauge.web.pages.posting import moment

NO_REPLAY: Values = {
    **dict.fromkeys(("picture", "what"), ""),
    **dict.fromkeys(("notes", "sources", "firings"), ()),
    "heads": {},
    "marks": NONE,
    "more": 0,
}


def replay_values(seen: View, number: int) -> Values:
    """Return the replay of a rule as the page takes it; where it cannot be, why."""
    try:
        made = replay(seen.ctx, number)
    except Misuse as wrong:
        return {"title": f"Rule {number}", "sentence": told(wrong), **NO_REPLAY}
    labels = [period for period, _, _ in made.series]
    marks = marks_between(seen.ctx, labels, made.rule.grain, MOST)
    return {
        "title": made.rule.name,
        "sentence": made.sentence(),
        "picture": _picture(seen.ctx, made, marks),
        "marks": marks,
        "what": _what(seen.ctx, made),
        "notes": list(made.notes),
        "sources": [f"{name}: {count}" for name, count in made.sources.items()],
        "more": made.count - len(made.firings),
        "heads": _heads(made),
        "firings": [
            {
                "at": moment(each.at, seen.ctx),
                "until": moment(each.until, seen.ctx) if each.until else "",
                "what": each.what,
                "href": str(seen.address.to(each.path)) if "?" not in each.path else each.path,
                "real": {True: "yes", False: "no", None: ""}[each.real],
            }
            for each in made.firings
        ],
    }


def _what(ctx: Context, made: Replayed) -> str:
    """Say what the picture of a replay shows."""
    guard, metric = made.rule.guard, ctx.catalogue.metrics.get(made.rule.metric)
    if guard is None or metric is None:
        return ""
    title, grain = metric.definition.title, made.rule.grain
    told = (
        f"{title} of each {grain}; the dashed line is the limit, a diamond stands where the "
        "rule would have fired."
    )
    return f"{told} Strokes under the axis: known events." if made.known else told


def _heads(made: Replayed) -> Values:
    """Return the heads of the columns of firings; no "until" where none has an end of its own."""
    near = "Came true" if made.sources else "Event near"
    if made.chance is not None:
        near = f"Event within {counted_days(made.within_days)}"
    until = "" if made.decided else "Until"
    return {"at": "Decided" if made.decided else "Fired", "until": until, "real": near}


def _picture(ctx: Context, made: Replayed, marks: Marks) -> str:
    guard = made.rule.guard
    if not made.series or guard is None:
        return ""
    fired = sum(fires for _, _, fires in made.series)
    unit = ctx.catalogue.get(made.rule.metric).definition.unit
    label = (
        f"{len(made.series)} {made.rule.grain}s, in {fired} of which it would have fired; "
        f"the limit is {amount(guard.limit, unit)}"
    )
    shown = Shown(made.series, unit, guard.limit, guard.side, made.known, marks)
    return replay_chart(shown, label)
