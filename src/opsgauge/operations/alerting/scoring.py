"""What fired and what became of it, messages on their way, and how each rule does.

Floor 5. All of it is shown where all records of its segment are seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from opsgauge.analysis.alerting.judging import ACTED, FALSE, IGNORED, WAITING, Score, score
from opsgauge.foundation.alerting import ON, RETIRED, AlertRule
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.foundation.units import duration
from opsgauge.governance import deliveries as kept
from opsgauge.governance import firings as register
from opsgauge.governance import outbox
from opsgauge.governance.deliveries import Delivery
from opsgauge.governance.firings import Firing
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.outbox import SENT, Stored
from opsgauge.operations.alerting.drafting import READ, rule_list
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.context import Context
from opsgauge.operations.reached import must_reach, sees

LOOKED_BACK = timedelta(days=180)
PATIENCE = timedelta(days=14)  # after which a firing that nobody spoke of was ignored
NEVER = timedelta(days=365)  # without a firing, after which a rule is proposed to be retired


@dataclass(frozen=True)
class Card:
    """How a rule does: what became of its firings of half a year.

    `proposal` says why it should be retired; "" where nothing says so.
    """

    rule: AlertRule
    score: Score
    proposal: str

    @property
    def time_words(self) -> str:
        """How long it took until somebody acted, the median; "" where nobody did."""
        seconds = self.score.seconds_to_act
        return "" if seconds is None else duration(seconds / 3_600)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "number": self.rule.number,
            "name": self.rule.name,
            **vars(self.score),
            "proposal": self.proposal,
        }


@dataclass(frozen=True)
class Outbox:
    """The messages an actor may know of, and how each stands."""

    letters: tuple[Stored, ...]
    now: str

    @property
    def unsent(self) -> tuple[Stored, ...]:
        """Those that have not gone out."""
        return tuple(each for each in self.letters if each.state(self.now) != SENT)

    def sentence(self) -> str:
        """Say it in words."""
        failed = sum(bool(each.last_error) for each in self.unsent)
        if not self.unsent:
            return "Nothing waits to be sent."
        waits = "message waits" if len(self.unsent) == 1 else "messages wait"
        told = f"{len(self.unsent)} {waits} to be sent"
        return f"{told}, {failed} of them after an error." if failed else f"{told}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        messages = [each.as_json(self.now) for each in self.letters]
        return {"sentence": self.sentence(), "messages": messages}


def firing_list(ctx: Context, rule: int | None = None) -> list[Firing]:
    """Return what fired, all of whose records are seen, the newest first; needs `alert:read`."""
    ctx.require(READ)
    return [each for each in register.firings(ctx.database, rule) if sees(ctx, each.segment)]


def mark_firing(ctx: Context, number: int, kind: str, why: str) -> Firing:
    """Say what became of a firing; needs `alert:act` for its records.

    Raises
    ------
    UnknownRecord : there is none, or not all of its records are seen
    QueryWrong : there is no such mark, or no word on it
    """
    ctx.require(register.ACT)
    found = register.firing(ctx.database, number)
    if not sees(ctx, found.segment):
        raise UnknownRecord(f"There is no firing {number}.", hint="opsgauge alerts firings")
    must_reach(ctx, register.ACT, "decide about alerts", found.segment)
    return register.mark(ctx.database, ctx.clock, ctx.actor, number, kind, why)


def outbox_list(ctx: Context, limit: int = 200) -> Outbox:
    """Return the newest messages all of whose records are seen; needs `alert:read`."""
    ctx.require(READ)
    every = outbox.letters(ctx.database, limit)
    seen = tuple(each for each in every if sees(ctx, each.segment))
    return Outbox(seen, text_of(ctx.clock()))


def set_delivery(ctx: Context, wanted: Delivery) -> Delivery:
    """Say how somebody wants messages; needs `alert:set` for all records, or to be that user.

    Raises
    ------
    QueryWrong : nobody is named, or there is no such zone or digest
    UnknownCalendar : there is no such calendar
    """
    if wanted.person != ctx.actor.name:
        ctx.require(kept.SET)
        must_reach(ctx, kept.SET, "say how others get messages", ())
    else:
        ctx.require(READ)
    calendars = workspace_calendars(ctx)
    calendar = calendars.get(wanted.calendar or "always")
    if not any(calendar.week):
        raise QueryWrong(f"The calendar {wanted.calendar!r} is never open.")
    if wanted.zone:
        calendar.in_zone(wanted.zone)  # refuses a zone that is none
    return kept.set_delivery(ctx.database, ctx.clock, ctx.actor, wanted)


def scorecard(ctx: Context) -> list[Card]:
    """Say how each rule that is not retired does; needs `alert:read`."""
    ctx.require(READ)
    now = ctx.clock()
    since, today = text_of(now - LOOKED_BACK), text_of(now)
    found = firing_list(ctx)
    cards = []
    for rule in rule_list(ctx):
        state = rule.state(today)
        if state == RETIRED:
            continue
        mine = [each for each in found if each.rule == rule.number]
        newest = [each for each in mine if each.made_at >= since]
        scored = score([_fate(each, text_of(now - PATIENCE)) for each in newest])
        cards.append(Card(rule, scored, scored.retire or _never(rule, mine, ctx)))
    return cards


def _fate(firing: Firing, patience: str) -> tuple[str, float | None]:
    """Return what became of a firing, and after how many seconds somebody acted."""
    mark = firing.mark
    if mark is None or mark.kind == register.SEEN:
        return (IGNORED if firing.made_at < patience else WAITING), None
    if mark.kind == FALSE:
        return FALSE, None
    took = moment_of(mark.made_at) - moment_of(firing.made_at)
    return ACTED, took.total_seconds()


def _never(rule: AlertRule, mine: Sequence[Firing], ctx: Context) -> str:
    """Say that a rule has been on for a year and never fired in it; "" where that is not so."""
    begin = text_of(ctx.clock() - NEVER)
    last_on = [step.made_at for step in rule.steps if step.kind == ON]
    if rule.state(text_of(ctx.clock())) != ON or not last_on or last_on[-1] > begin:
        return ""
    if any(each.made_at >= begin for each in mine):
        return ""
    return "It has been on for a year and fired not once."
