"""Escalation: a firing that nobody has seen is told to the next, each step once; late letters.

Floor 4. A step and the letters that tell of it are one transaction, like a firing and its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from opsgauge.foundation.clock import Clock
from opsgauge.governance import outbox
from opsgauge.governance.access import Actor
from opsgauge.governance.alert_tables import EscalationRow, FiringMarkRow, FiringRow
from opsgauge.governance.audit import Json, append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.firings import WATCH, Firing, is_on
from opsgauge.governance.moments import text_of
from opsgauge.governance.outbox import Letter


@dataclass(frozen=True)
class NextStep:
    """A step that is due: which, to whom, and why somebody cannot be told."""

    step: int
    people: tuple[str, ...]
    channel: str
    why_not: str


def note_escalation(
    database: Database,
    clock: Clock,
    actor: Actor,
    firing: Firing,
    due: tuple[NextStep, Sequence[Letter]],
) -> bool:
    """Keep that a firing is told to the next, with the letters; say whether it was not before.

    Nothing is kept where somebody has said meanwhile that they saw it, where it is calm, or where
    its rule is not on any more.
    """
    wanted, letters = due
    with database.writing() as session:
        taken = select(EscalationRow.id).where(
            EscalationRow.firing_id == firing.number, EscalationRow.step == wanted.step
        )
        marked = select(FiringMarkRow.id).where(FiringMarkRow.firing_id == firing.number)
        now = text_of(clock())
        row = session.get(FiringRow, firing.number)
        moot = row is None or row.cleared_at != firing.cleared_at
        if moot or not is_on(session, firing.rule, now):
            return False
        if session.scalar(taken.limit(1)) or session.scalar(marked.limit(1)):
            return False
        plain: dict[str, Json] = {
            "people": list(wanted.people),
            "channel": wanted.channel,
            "why_not": wanted.why_not,
        }
        session.add(
            EscalationRow(
                firing_id=firing.number,
                step=wanted.step,
                told=json_text(plain) or "{}",
                made_at=now,
            )
        )
        session.flush()
        for each in letters:
            outbox.put(session, clock, each)
        told: dict[str, Json] = {"firing": firing.number, "escalated": wanted.step, **plain}
        append_within(session, clock, actor, WATCH, f"alert {firing.rule}", after=told)
        return True


def put_late(
    database: Database, clock: Clock, actor: Actor, firing: Firing, letter: Letter
) -> bool:
    """Keep the letter of a firing that was silenced, once; say whether it was not there before."""
    with database.writing() as session:
        row = session.get(FiringRow, firing.number)
        goes_on = row is not None and row.cleared_at is None
        if not goes_on or not is_on(session, firing.rule, text_of(clock())):
            return False
        if not outbox.put(session, clock, letter):
            return False
        told: dict[str, Json] = {"firing": firing.number, "told_after_silence": True}
        append_within(session, clock, actor, WATCH, f"alert {firing.rule}", after=told)
        return True
