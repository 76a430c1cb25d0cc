"""Firings of alert rules: noted once, each with its letter, and what people said of them.

Floor 4. A firing and the letter that tells of it are one transaction: there is never one without
the other. While a rule fires for a subject it does not fire for it again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.alerting import ON
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord, did_you_mean
from opsgauge.governance import outbox, rules
from opsgauge.governance.access import Actor
from opsgauge.governance.alert_tables import (
    AlertStepRow,
    EscalationRow,
    FiringMarkRow,
    FiringRow,
)
from opsgauge.governance.audit import Json, append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.outbox import Letter
from opsgauge.governance.register import check_reason

WATCH, ACT = "alert:watch", "alert:act"
SEEN, ACTED, FALSE = MARKS = ("seen", "acted", "false")
SILENCED = "silenced"  # of a firing, the number of the silence in which it was told to nobody


@dataclass(frozen=True)
class Fired:
    """That a rule fires now.

    Attributes
    ----------
    subject : of what, among all that the rule looks at; "" where it looks at one thing
    onset : since when, as the data says: a period, a number; with the rule and subject its key
    segment : the records it is of
    lasts : whether it goes on until it is calm again; a list of tickets does not
    told : JSON values: what was seen
    """

    subject: str
    onset: str
    segment: Rules
    told: Mapping[str, Any]
    lasts: bool = True


@dataclass(frozen=True)
class Mark:
    """What somebody said of a firing: "seen", "acted" or "false"."""

    kind: str
    why: str
    made_at: str
    made_by: str


@dataclass(frozen=True)
class Escalated:
    """One step of a firing's escalation that was taken.

    Attributes
    ----------
    step : which, 0 for the first
    people : whom it was told to, "" for whoever reads the channel
    why_not : why somebody could not be told, "" where all could
    """

    step: int
    people: tuple[str, ...]
    channel: str
    why_not: str
    made_at: str

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**vars(self), "people": list(self.people)}


@dataclass(frozen=True)
class Firing:
    """One time that a rule fired."""

    number: int
    rule: int
    key: str
    subject: str
    segment: Rules
    period: str
    data_version: int
    told: Mapping[str, Any]
    made_at: str
    cleared_at: str | None
    marks: tuple[Mark, ...] = field(default=())
    escalated: tuple[Escalated, ...] = field(default=())

    @property
    def mark(self) -> Mark | None:
        """What was said last of what became of it; that somebody saw it, where nothing more was."""
        decided = [each for each in self.marks if each.kind != SEEN]
        marks = decided or self.marks
        return marks[-1] if marks else None

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            **vars(self),
            "segment": rules.plain(self.segment),
            "told": dict(self.told),
            "marks": [dict(vars(mark)) for mark in self.marks],
            "escalated": [each.as_json() for each in self.escalated],
        }


@dataclass(frozen=True)
class NotedFirings:
    """What one look at a rule changed: firings that are new, those that go on, those now calm."""

    new: tuple[Firing, ...] = ()
    going_on: int = 0
    cleared: int = 0


Write = Callable[[Fired, str], Letter | None]


def note_firings(
    database: Database,
    clock: Clock,
    actor: Actor,
    seen: tuple[int, int, Sequence[Fired]],
    write: Write,
) -> NotedFirings:
    """Keep what a look at a rule found, with the letters that tell of it; what is known is left.

    Parameters
    ----------
    seen : the rule's number, the data version looked at, and everything that fires now
    write : makes the letter of a firing from it and its key; None where nobody is told
    """
    number, version, found = seen
    with database.writing() as session:
        now = text_of(clock())
        if not is_on(session, number, now):  # it was muted or retired meanwhile
            return NotedFirings()
        going = _going_on(session, number)
        new = []
        for each in found:
            key = outbox.key_of("firing", number, each.subject, each.onset)
            known = session.scalar(select(FiringRow.id).where(FiringRow.key == key))
            if known is not None or (each.lasts and each.subject in going):
                continue
            row = _row(number, version, each, key)
            row.made_at, row.cleared_at = now, None if each.lasts else now
            session.add(row)
            session.flush()
            letter = write(each, key)
            if letter is not None:
                outbox.put(session, clock, letter)
            new.append(_firing(row, []))
        cleared = _clear(going, {each.subject for each in found}, now)
        if new or cleared:
            told: dict[str, Json] = {"fired": [each.number for each in new], "cleared": cleared}
            append_within(session, clock, actor, WATCH, f"alert {number}", after=told)
        return NotedFirings(tuple(new), len(going) - cleared, cleared)


def mark(
    database: Database, clock: Clock, actor: Actor, number: int, kind: str, why: str
) -> Firing:
    """Say what became of a firing: somebody saw it, acted on it, or it was false.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : there is no such mark, or no reason is given
    """
    if kind not in MARKS:
        raise QueryWrong(f"A firing is not {kind!r}.", hint=did_you_mean(kind, MARKS))
    check_reason(why, "A mark needs a word on what was done.", "Say what you did or saw.")
    with database.writing() as session:
        row = session.get(FiringRow, number)
        if row is None:
            raise _unknown(number)
        made = FiringMarkRow(
            firing_id=number,
            kind=kind,
            why=why.strip(),
            made_at=text_of(clock()),
            made_by=actor.name,
        )
        session.add(made)
        session.flush()
        told: dict[str, Json] = {"firing": number, "mark": kind}
        append_within(
            *(session, clock, actor, ACT, f"alert {row.rule_id}"), after=told, why=made.why
        )
        return _whole(session, row)


def firings(database: Database, rule: int | None = None) -> list[Firing]:
    """Return every firing, or those of a rule, the newest first."""
    query = select(FiringRow).order_by(FiringRow.id.desc())
    if rule is not None:
        query = query.where(FiringRow.rule_id == rule)
    with database.reading() as session:
        rows = list(session.scalars(query))
        numbers = [row.id for row in rows]
        marks, steps = _marks(session, numbers), _steps(session, numbers)
        return [
            _firing(
                row,
                [each for each in marks if each.firing_id == row.id],
                [each for each in steps if each.firing_id == row.id],
            )
            for row in rows
        ]


def firing(database: Database, number: int) -> Firing:
    """Return one firing.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    with database.reading() as session:
        row = session.get(FiringRow, number)
        if row is None:
            raise _unknown(number)
        return _whole(session, row)


def is_on(session: Session, number: int, now: str) -> bool:
    """Say whether a rule is on at an instant, within the transaction of a caller."""
    rows = select(AlertStepRow).where(AlertStepRow.rule_id == number).order_by(AlertStepRow.id)
    last = list(session.scalars(rows))[-1:]
    over = [each for each in last if each.kind == ON or (each.until and each.until <= now)]
    return bool(over)


def _unknown(number: int) -> UnknownRecord:
    return UnknownRecord(f"There is no firing {number}.", hint="opsgauge alerts firings")


def _going_on(session: Session, number: int) -> dict[str, FiringRow]:
    query = select(FiringRow).where(FiringRow.rule_id == number, FiringRow.cleared_at.is_(None))
    return {row.subject: row for row in session.scalars(query)}


def _clear(going: Mapping[str, FiringRow], found: set[str], now: str) -> int:
    calm = [row for subject, row in going.items() if subject not in found]
    for row in calm:
        row.cleared_at = now
    return len(calm)


def _row(number: int, version: int, fired: Fired, key: str) -> FiringRow:
    return FiringRow(
        key=key,
        rule_id=number,
        subject=fired.subject,
        segment=rules.text(fired.segment),
        period=fired.onset[:200],
        data_version=version,
        told=json_text(dict(fired.told)) or "{}",
    )


def _marks(session: Session, numbers: Sequence[int]) -> list[FiringMarkRow]:
    if not numbers:
        return []
    wanted = set(numbers)
    rows = session.scalars(select(FiringMarkRow).order_by(FiringMarkRow.id))
    return [row for row in rows if row.firing_id in wanted]


def _steps(session: Session, numbers: Sequence[int]) -> list[EscalationRow]:
    if not numbers:
        return []
    wanted = set(numbers)
    rows = session.scalars(select(EscalationRow).order_by(EscalationRow.id))
    return [row for row in rows if row.firing_id in wanted]


def _whole(session: Session, row: FiringRow) -> Firing:
    return _firing(row, _marks(session, [row.id]), _steps(session, [row.id]))


def _firing(
    row: FiringRow, marks: Sequence[FiringMarkRow], steps: Sequence[EscalationRow] = ()
) -> Firing:
    return Firing(
        number=row.id,
        rule=row.rule_id,
        key=row.key,
        subject=row.subject,
        segment=rules.read(row.segment),
        period=row.period,
        data_version=row.data_version,
        told=json.loads(row.told),
        made_at=row.made_at,
        cleared_at=row.cleared_at,
        marks=tuple(Mark(m.kind, m.why, m.made_at, m.made_by) for m in marks),
        escalated=tuple(_escalated(each) for each in steps),
    )


def _escalated(row: EscalationRow) -> Escalated:
    told = json.loads(row.told)
    return Escalated(row.step, tuple(told["people"]), told["channel"], told["why_not"], row.made_at)
