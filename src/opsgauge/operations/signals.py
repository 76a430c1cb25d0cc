"""Signals: noted from the newest periods, listed with what is to be done, and one by one.

Floor 5. The records are `governance.signal_register`. A signal is shown where all of its tickets
are seen: of all tickets, it would tell of those that are hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from opsgauge.foundation.errors import Misuse, UnknownRecord, WorkspaceMissing
from opsgauge.governance import signal_register as register
from opsgauge.governance.protocols import Protocol, nearest, protocols
from opsgauge.governance.signal_register import NOTE, Noted
from opsgauge.governance.signals import (
    NOT_THERE,
    NOTICES,
    PAST,
    TARGET,
    TO_DO,
    Found,
    Signal,
    slips,
)
from opsgauge.governance.targets import targets
from opsgauge.log.periods import next_label
from opsgauge.metrics.question import Question
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import charted
from opsgauge.operations.check import suspect
from opsgauge.operations.context import Context
from opsgauge.operations.gate import withheld_by
from opsgauge.operations.looked import WEEKS
from opsgauge.operations.measure import measure
from opsgauge.operations.protocols import owner_of, response_to, today
from opsgauge.operations.reached import sees
from opsgauge.operations.watched import found_now

READ = "signal:read"
_PLACES = (TO_DO, NOTICES, NOT_THERE, PAST)
_NUMBERS = {"value", "centre", "lower", "upper", "goal", "then", "now", "words", "n"}


@dataclass(frozen=True)
class Line:
    """A signal as it is listed.

    Attributes
    ----------
    owner : who sees to it: to whom it was given, else who answers for its metric or process
    overdue : whether it should have been seen to by now
    suspect : ids of failed checks that touch its metric
    withheld : whether its numbers are not to be told
    """

    signal: Signal
    title: str
    unit: str
    good: str
    owner: str
    overdue: bool
    suspect: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def sentence(self) -> str:
        """What it says, in words; "" where its numbers are withheld."""
        return "" if self.withheld else self.signal.sight.words

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        plain = self.signal.as_json()
        if self.withheld:
            plain["seen"] = _blanked(plain["seen"])
            plain["history"] = [
                {**step, "told": _blanked(step["told"])} for step in plain["history"]
            ]
        return {
            **plain,
            "title": self.title,
            "unit": self.unit,
            "owner": self.owner or None,
            "overdue": self.overdue,
            "suspect": list(self.suspect),
            "sentence": self.sentence,
        }


def _blanked(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if name in _NUMBERS else value for name, value in told.items()}


@dataclass(frozen=True)
class Inbox:
    """Signals by what is to be done about them.

    `noted` is the newest data version that was looked at, and when; None where none was.
    """

    lines: tuple[Line, ...]
    noted: tuple[int, str] | None
    newest: int | None

    def of(self, place: str) -> tuple[Line, ...]:
        """Return the lines of a place: "to do", "notices", "no longer there" or "past"."""
        return tuple(each for each in self.lines if each.signal.place == place)

    @property
    def overdue(self) -> tuple[Line, ...]:
        """What should have been seen to by now."""
        return tuple(each for each in self.lines if each.overdue)

    def sentence(self) -> str:
        """Say it in words."""
        if self.noted is None:
            return "Nobody has looked for signals yet"
        there, late, known = len(self.of(TO_DO)), len(self.overdue), len(self.of(NOTICES))
        told = {0: "No signal is open", 1: "One signal is open"}.get(there)
        parts = [told or f"{there} signals are open"]
        parts += [f"{late} {'is' if late == 1 else 'are'} overdue"] if late else []
        beside = f"; {known} {'notice' if known == 1 else 'notices'}" if known else ""
        return f"{', '.join(parts)}{beside}"

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        version, at = self.noted or (None, None)
        return {
            "sentence": self.sentence(),
            "open": len(self.of(TO_DO)),
            "overdue": len(self.overdue),
            "notices": len(self.of(NOTICES)),
            "looked_at_version": version,
            "looked_at": at,
            "signals": [each.as_json() for each in self.lines],
        }


def note_signals(ctx: Context) -> Noted:
    """Look at the newest whole period of all that is watched, and keep what is found.

    Needs `signal:note`. Doing so twice of one data version adds nothing; of two at once the
    second finds what the first wrote; one that is killed leaves nothing.

    Raises
    ------
    WorkspaceMissing : nothing is imported yet
    """
    ctx.require(NOTE)
    ctx = ctx.holding()
    standing = protocols(ctx.database)
    found = [_with_response(ctx, each, standing) for each in found_now(ctx)]
    found += _of_ended_targets(ctx)
    version = ctx.opened().version.version
    return register.note(ctx.database, ctx.clock, ctx.actor, version, found)


def _with_response(ctx: Context, found: Found, standing: Sequence[Protocol]) -> Found:
    """Return what was found with what its protocol asks for, where it slips."""
    if found.sight is None or not slips(found.kind, found.sight):
        return found
    protocol = nearest(standing, found.series.metric, found.series.segment)
    if protocol is None:
        return found
    return replace(found, response=response_to(ctx, protocol, found.series.segment))


def _of_ended_targets(ctx: Context) -> Iterable[Found]:
    """Yield that nothing is missed any more of targets that have ended."""
    standing = {each.number for each in targets(ctx.database)}
    for each in register.signals(ctx.database):
        if each.kind == TARGET and each.goes_on and each.target not in standing:
            after = next_label(each.sight.period)
            yield Found(each.series, TARGET, after, None, {}, target=each.target)


def inbox(ctx: Context, metric: str | None = None) -> Inbox:
    """Return every signal, or those of a metric, in the order in which to see to them.

    Needs `signal:read`. What is open comes first, overdue before the rest, then by due day and
    size; then notices, what is no longer there, and what is decided, the newest first.
    """
    ctx.require(READ)
    day = today(ctx)
    every = register.signals(ctx.database, metric)
    kept = [each for each in every if sees(ctx, each.series.segment)]
    lines = sorted((_line(ctx, each, day) for each in kept), key=_order)
    return Inbox(tuple(lines), register.last_note(ctx.database), _newest(ctx))


def signal(ctx: Context, number: int) -> Line:
    """Return one signal; needs `signal:read`.

    Raises
    ------
    UnknownRecord : there is none, or not all of its tickets are seen
    """
    ctx.require(READ)
    return _line(ctx, seen_signal(ctx, number), today(ctx))


def seen_signal(ctx: Context, number: int) -> Signal:
    """Return a signal all of whose tickets are seen.

    Raises
    ------
    UnknownRecord : there is none such
    """
    found = register.signal_of(ctx.database, number)
    if not sees(ctx, found.series.segment):
        raise UnknownRecord(f"There is no signal {number}.", hint="opsgauge signals list")
    return found


def chart_of(ctx: Context, kept: Signal) -> Charted | None:
    """Return the chart of a signal's series up to the newest period; None where there is none.

    Needs `metric:read`.
    """
    series = kept.series
    asked = Question(series.metric, series.statistic, where=series.segment, period=series.period)
    try:
        measured = measure(ctx, asked)
        if measured.suspect:
            return None
        return charted(ctx, replace(measured, rows=measured.rows[-WEEKS - 1 :]))
    except Misuse:  # such as a column that a later export lacks, or too few periods
        return None


def _newest(ctx: Context) -> int | None:
    try:
        return ctx.opened().version.version
    except WorkspaceMissing:
        return None


def _line(ctx: Context, kept: Signal, day: date) -> Line:
    metric = ctx.catalogue.metrics.get(kept.series.metric)
    owner = kept.assigned or owner_of(ctx, kept.series.metric, kept.series.segment)
    if metric is None:  # a workspace may drop one of its own
        return Line(kept, kept.series.metric, "", "neutral", owner, kept.overdue(day))
    failed = suspect(ctx, metric.columns)
    few = 0 < kept.sight.n < ctx.workspace.settings.suppress_below
    plain = metric.definition
    return Line(
        kept,
        plain.title,
        plain.unit,
        plain.good,
        owner,
        kept.overdue(day),
        failed,
        few or bool(withheld_by(ctx, failed)),
    )


def _order(line: Line) -> tuple[int, bool, date, float, int]:
    kept = line.signal
    due = kept.due if kept.due and not kept.done else date.max
    place = _PLACES.index(kept.place)
    return (place, not line.overdue, due, -kept.sight.size, -kept.number)
