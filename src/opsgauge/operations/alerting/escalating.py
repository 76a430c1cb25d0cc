"""Escalation: what nobody has said that they saw is told to the next, step by step.

Floor 5. A step is taken once, `minutes` after the first message came to whom it was for. Hours in
which somebody wants no messages hold back all but what is critical.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.units import duration
from opsgauge.governance.escalations import NextStep, note_escalation
from opsgauge.governance.firings import SILENCED, Firing, firings
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.outbox import Letter, first_told, key_of
from opsgauge.operations.alerting.recipients import Reached, Registers
from opsgauge.operations.alerting.telling import UNTOLD, letter, letter_key, said_again
from opsgauge.operations.context import Context

CRITICAL = "critical"
NEWEST = timedelta(days=60)  # older firings are told to nobody any more


def escalate(ctx: Context, rule: AlertRule, registers: Registers) -> int:
    """Tell the next of every firing of a rule that is due; return how many steps were taken."""
    if not rule.escalation:
        return 0
    now = ctx.clock()
    open_ = [each for each in firings(ctx.database, rule.number) if _is_open(each, now)]
    told = first_told(ctx.database, [letter_key(each.key) for each in open_])
    taken = 0
    for firing in open_:
        if registers.silenced(rule.number, firing.segment, text_of(now)):
            continue
        begin = _begin(rule, firing, told.get(letter_key(firing.key)))
        if begin is None:
            continue
        for due in _due(ctx, rule, registers, firing, begin):
            taken += note_escalation(ctx.database, ctx.clock, ctx.actor, firing, due)
    return taken


def _is_open(firing: Firing, now: datetime) -> bool:
    """Say whether a firing still asks for somebody: nobody spoke of it, and it is not calm."""
    goes_on = firing.cleared_at is None or firing.cleared_at == firing.made_at
    return goes_on and not firing.marks and now - moment_of(firing.made_at) <= NEWEST


def _begin(rule: AlertRule, firing: Firing, told: str | None) -> datetime | None:
    """Return from when the wait counts; None where nothing can be waited for.

    What is critical waits for no quiet hours of whom it was told first, so it counts from the
    firing itself. So does what could be told to nobody at all.
    """
    if SILENCED in firing.told and told is None:  # it was told to nobody, and the end told it not
        return None
    if rule.severity == CRITICAL and SILENCED not in firing.told:
        return moment_of(firing.made_at)
    if told is None:
        return moment_of(firing.made_at) if UNTOLD in firing.told else None
    return moment_of(told)


def _due(
    ctx: Context, rule: AlertRule, registers: Registers, firing: Firing, begin: datetime
) -> Iterator[tuple[NextStep, list[Letter]]]:
    now, done = ctx.clock(), {each.step for each in firing.escalated}
    for place, step in enumerate(rule.escalation):
        if place in done or now - begin < timedelta(minutes=step.minutes):
            continue
        people, why_not = registers.next_people(rule, step, firing.segment)
        after = duration((now - begin).total_seconds() / 3_600)
        letters = [_letter(ctx, rule, firing, each, (place, after)) for each in people]
        named = tuple(each.person for each in people)
        yield NextStep(place, named, step.channel or rule.channel, why_not), letters


def _letter(
    ctx: Context, rule: AlertRule, firing: Firing, whom: Reached, told: tuple[int, str]
) -> Letter:
    step, after = told
    words = f"Nobody has said in {after} that they saw this."
    key = key_of("escalation", firing.key, step, whom.person)
    return letter(
        *(ctx, rule, said_again(firing, words), whom, key), at_once=rule.severity == CRITICAL
    )
