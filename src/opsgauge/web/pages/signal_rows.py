"""A signal as pages show it: what it says, against what, who sees to it, and what may be done.

Floor 6. The page of signals and a metric's page draw the same rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from opsgauge.foundation.units import amount
from opsgauge.governance.signals import (
    ASSIGNED,
    DISMISSED,
    DONE,
    NOTED,
    REBASED,
    SIGNAL,
    STEPS,
    TARGET,
    UNDONE,
    Signal,
    State,
    Step,
)
from opsgauge.operations.asking import written
from opsgauge.operations.drawing.sparkline import Size, sparkline
from opsgauge.operations.drawing.words import (
    Said,
    capfirst,
    days_words,
    period_words,
    plain,
    verdict_said,
)
from opsgauge.operations.marked import trend_of
from opsgauge.operations.signals import Line, chart_of
from opsgauge.web.given import Given
from opsgauge.web.pages.frame import Values, View, link
from opsgauge.web.pages.posting import LONGEST_SHOWN, UNSENT, Sent, moment

PLACE = "/signals"
SPARK = Size(132, 32)
SUSPECT = Said("held", "Data suspect")
OPEN = str(State.OPEN)
NO_NUMBER = "No number is shown, since a check fails on which it stands."
# What may be done: of each act its address, its words, and its fields (name, label, kind, needed).
Field = tuple[str, str, str, bool]
ACTS: Mapping[str, tuple[str, str, Sequence[Field]]] = {
    DISMISSED: ("dismiss", "Dismiss it", [("cause", "Cause that was found", "text", True)]),
    REBASED: (
        "rebase",
        "Rebase: the change is lasting",
        [
            ("event", "What changed", "text", True),
            ("why", "Why it is lasting", "text", True),
            ("at", "From which period", "text", False),
        ],
    ),
    ASSIGNED: (
        "assign",
        "Give it to somebody",
        [
            ("owner", "Who", "text", False),
            ("due", "By when", "date", False),
            ("why", "Why", "text", False),
        ],
    ),
    DONE: ("done", "Say that it is done", [("why", "What was done", "text", True)]),
    UNDONE: ("undo", "Undo the decision", [("why", "Why", "text", True)]),
    NOTED: ("remark", "Write something down", [("text", "What", "text", True)]),
}


@dataclass(frozen=True)
class Tried:
    """A form of one signal that was refused: which, and what was typed; none: number 0."""

    number: int = 0
    act: str = ""
    sent: Sent = UNSENT

    @property
    def form(self) -> Given:
        """What was typed."""
        return self.sent.form


UNTRIED = Tried()


def signal_row(seen: View, line: Line, may_act: bool, tried: Tried) -> Values:
    """Return a signal as `parts/signals.html` takes it; numbers of suspect data are not told."""
    kept = line.signal
    hidden = bool(line.suspect) or line.withheld
    return {
        "number": kept.number,
        "title": line.title,
        "href": metric_href(seen, kept),
        "which": which(kept),
        "said": SUSPECT if hidden else verdict_said(kept.sight.verdict),
        "sentence": NO_NUMBER if hidden else capfirst(line.sentence),
        "against": "" if hidden else _against(line),
        "since": _since(kept),
        "state": _state(line),
        "owner": line.owner,
        "due": days_words(kept.due, kept.due) if kept.due and not kept.done else "",
        "overdue": line.overdue,
        "response": _response(kept),
        "spark": "" if hidden else _spark(seen, line),
        "acts": _acts(kept, tried) if may_act else [],
        "trying": tried.number == kept.number,
        "history": [_step(seen, each, hidden) for each in reversed(kept.steps)],
    }


def metric_href(seen: View, kept: Signal) -> str:
    """Return the page of a signal's metric, over the tickets that it is of."""
    series = kept.series
    return str(
        seen.address.to(
            f"/metrics/{series.metric}",
            where=[written(each) for each in series.segment],
            statistic=series.statistic,
            period=series.period,
        )
    )


def which(kept: Signal) -> str:
    """Say of which numbers a signal is."""
    series = kept.series
    tickets = [each.sentence() for each in series.segment]
    statistic = f"{capfirst(plain(series.statistic))} of each {series.period}"
    return ", ".join([statistic, *(tickets or ["all tickets"])])


def _against(line: Line) -> str:
    """Return the value beside what is normal, or beside what was to be reached."""
    sight, unit = line.signal.sight, line.unit
    if sight.value is None:
        return ""
    value = amount(sight.value, unit)
    if sight.goal is not None:
        return f"{value}, to reach {amount(sight.goal, unit)}"
    if sight.upper is None or sight.lower is None:
        return value
    low, high = amount(sight.lower, unit), amount(sight.upper, unit)
    return f"{value}, normal {f'{low} to {high}' if sight.lower > 0 else f'up to {high}'}"


def _since(kept: Signal) -> str:
    first = f"First seen {period_words(kept.first.period)}"
    return f"{first}, last {period_words(kept.sight.period)}" if _again(kept) else first


def _again(kept: Signal) -> bool:
    return kept.first.period != kept.sight.period


def _state(line: Line) -> str:
    """Say how it stands, and whether it is still there; "" of a signal that is open and there."""
    kept, words = line.signal, []
    if kept.state_words != OPEN:
        words.append(capfirst(kept.state_words))
    if kept.quiet_since:
        words.append("reached since" if kept.kind == TARGET else "quiet since")
        words[-1] += f" {period_words(kept.quiet_since)}"
    if kept.gone:
        words.append(f"no longer there after data version {kept.gone.data_version}")
    return capfirst(", ".join(words))


def _response(kept: Signal) -> str:
    asked = kept.response
    if asked is None:
        return ""
    done = kept.last(DONE)
    end = f" Done: {done.why}" if done is not None and kept.done else ""
    return f"{asked.what.rstrip('.')}, by {asked.who}.{end}"


def _spark(seen: View, line: Line) -> str:
    chart = chart_of(seen.ctx, line.signal)
    if chart is None:
        return ""
    label = f"{line.title}, {chart.measured.period} by {chart.measured.period}"
    trend = replace(trend_of(seen.ctx, chart), goal=line.signal.sight.goal)
    return sparkline(trend, label, SPARK)


def _acts(kept: Signal, tried: Tried) -> list[Values]:
    """Return the forms that fit the state of a signal."""
    if not kept.is_open:
        kinds = [UNDONE, NOTED]
    else:
        kinds = [DISMISSED, ASSIGNED, NOTED]
        if kept.kind == SIGNAL and kept.gone is None:
            kinds.insert(1, REBASED)
        if kept.due is not None and not kept.done:
            kinds.insert(0, DONE)
    return [_act(kept, kind, tried) for kind in kinds]


def _act(kept: Signal, kind: str, tried: Tried) -> Values:
    address, words, fields = ACTS[kind]
    typed = tried.form if (tried.number, tried.act) == (kept.number, address) else Given()
    return {
        "href": f"{PLACE}/{kept.number}/{address}",
        "words": words,
        "open": bool(typed.fields),
        "fields": [
            {
                "id": f"{address}-{kept.number}-{name}",
                "name": name,
                "label": label,
                "kind": form,
                "needed": needed,
                "value": typed.get(name)[:LONGEST_SHOWN],
            }
            for name, label, form, needed in fields
        ],
    }


def _step(seen: View, step: Step, hidden: bool) -> Values:
    told: dict[str, Any] = {} if hidden else dict(step.told)
    words = told.get("words") or ""
    if step.kind == ASSIGNED:
        words = ", ".join(str(told[name]) for name in ("owner", "due") if told.get(name))
    if step.kind == REBASED:
        words = ", ".join(str(told[name]) for name in ("event", "at") if told.get(name))
    if told.get("note"):
        words = str(told["note"])
    return {
        "when": moment(step.made_at, seen.ctx),
        "who": step.made_by,
        "what": capfirst(STEPS[step.kind]),
        "words": words,
        "why": step.why,
        "version": step.data_version,
    }


def all_of(seen: View, metric: str) -> Values:
    """Return the link to all signals of a metric."""
    return link("All its signals", seen.address.to(PLACE, metric=metric))
