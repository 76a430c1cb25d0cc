"""The outbox: messages kept until they are sent, each by one process at a time, none given up.

Floor 4. A message is put in by the transaction that causes it. To send it a process claims it for
a while and notes afterwards what became of it; if it is killed between, the claim lapses and the
message is sent again under the same key.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.clock import Clock
from opsgauge.governance import rules
from opsgauge.governance.alert_tables import OutboxRow
from opsgauge.governance.audit import json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of

LONGEST_ERROR = 500
WAITING, SENT, HELD, SENDING = "waiting", "sent", "held back", "being sent"


@dataclass(frozen=True)
class Letter:
    """A message that is to be sent.

    Attributes
    ----------
    key : its own; a second letter of the same key is not kept
    bundle : letters of one bundle are sent as one message; "" for alone
    person, address : for whom it is, and their e-mail; "" where the channel alone says so
    segment : the records it speaks of
    content : JSON values, as `alerts.message` reads them
    not_before : when it may be sent
    """

    key: str
    channel: str
    content: Mapping[str, Any]
    not_before: datetime
    bundle: str = ""
    person: str = ""
    address: str = ""
    segment: Rules = ()
    rule: int = 0


@dataclass(frozen=True)
class Stored:
    """A letter as the outbox holds it, and how far it has come."""

    number: int
    key: str
    bundle: str
    channel: str
    person: str
    address: str
    segment: Rules
    rule: int
    content: Mapping[str, Any]
    made_at: str
    not_before: str
    next_at: str
    tries: int
    last_error: str
    lease_until: str | None
    sent_at: str | None

    def state(self, now: str) -> str:
        """Return "sent", "being sent", "held back" until its time, or "waiting"."""
        if self.sent_at:
            return SENT
        if self.lease_until and self.lease_until > now:
            return SENDING
        return HELD if self.not_before > now else WAITING

    def as_json(self, now: str) -> dict[str, Any]:
        """Return the published form: without the address, which is somebody's e-mail."""
        hidden = ("address", "segment", "lease_until", "content", "bundle")
        plain = {name: value for name, value in vars(self).items() if name not in hidden}
        subject = str(self.content.get("subject", ""))
        return {**plain, "subject": subject, "state": self.state(now)}


@dataclass(frozen=True)
class Claimed:
    """Letters that are sent as one message now, by whoever holds `claim`.

    `key` is the idempotency key of that message, whoever sends it and how often.
    """

    claim: str
    key: str
    channel: str
    address: str
    letters: tuple[Stored, ...]

    @property
    def tries(self) -> int:
        """How often it was tried before."""
        return max(each.tries for each in self.letters)


def key_of(*parts: str | int) -> str:
    """Return a key that follows from what it is of, and from nothing else.

    Examples
    --------
    >>> key_of("rule", 1) == key_of("rule", 1), len(key_of("rule", 1))
    (True, 64)
    """
    return hashlib.sha256((json_text([str(each) for each in parts]) or "").encode()).hexdigest()


def put(session: Session, clock: Clock, letter: Letter) -> bool:
    """Keep a letter, in the transaction of what causes it; say whether it was not there before."""
    if session.scalar(select(OutboxRow.id).where(OutboxRow.key == letter.key)) is not None:
        return False
    not_before = text_of(letter.not_before)
    session.add(
        OutboxRow(
            key=letter.key,
            bundle=letter.bundle or letter.key,
            channel=letter.channel,
            person=letter.person,
            address=letter.address,
            segment=rules.text(letter.segment),
            rule_id=letter.rule,
            content=json_text(dict(letter.content)) or "{}",
            made_at=text_of(clock()),
            not_before=not_before,
            next_at=not_before,
            tries=0,
            claim="",
            last_error="",
        )
    )
    session.flush()
    return True


def claim(
    database: Database, clock: Clock, lease: timedelta, skip: Sequence[str] = ()
) -> Claimed | None:
    """Take what is due next, for so long; None where nothing is.

    Parameters
    ----------
    skip : channels that are down, whose letters wait
    """
    with database.writing() as session:
        now = clock()
        due = _due(text_of(now)).where(OutboxRow.channel.not_in(skip))
        first = session.scalar(due.order_by(OutboxRow.next_at, OutboxRow.id).limit(1))
        if first is None:
            return None
        rows = session.scalars(
            select(OutboxRow)
            .where(OutboxRow.bundle == first.bundle, OutboxRow.sent_at.is_(None))
            .order_by(OutboxRow.id)
        ).all()
        mine = token_hex(16)
        for row in rows:
            row.claim, row.lease_until = mine, text_of(now + lease)
        session.flush()
        letters = tuple(_stored(row) for row in rows)
        return Claimed(mine, first.bundle, first.channel, first.address, letters)


def note_sent(database: Database, clock: Clock, claimed: Claimed) -> None:
    """Note that a message has gone out."""
    done = {"sent_at": text_of(clock()), "last_error": ""}
    _note(database, claimed, {**done, "tries": OutboxRow.tries + 1})


def note_failed(
    database: Database, clock: Clock, claimed: Claimed, error: str, wait: timedelta
) -> None:
    """Note that a message could not be sent, and when to try again."""
    told = {"last_error": error[:LONGEST_ERROR], "next_at": text_of(clock() + wait)}
    _note(database, claimed, {**told, "tries": OutboxRow.tries + 1})


def _note(database: Database, claimed: Claimed, values: dict[str, Any]) -> None:
    # Not where the claim has lapsed and another process holds the letters by now.
    mine = update(OutboxRow).where(OutboxRow.claim == claimed.claim, OutboxRow.sent_at.is_(None))
    with database.writing() as session:
        session.execute(mine.values(**values, claim="", lease_until=None))


def letters(database: Database, limit: int = 200, unsent: bool = False) -> list[Stored]:
    """Return what is in the outbox, the newest first.

    Parameters
    ----------
    unsent : only what has not gone out
    """
    query = select(OutboxRow).order_by(OutboxRow.id.desc()).limit(limit)
    if unsent:
        query = query.where(OutboxRow.sent_at.is_(None))
    with database.reading() as session:
        return [_stored(row) for row in session.scalars(query)]


def first_told(database: Database, keys: Sequence[str]) -> dict[str, str]:
    """Return when each of some letters that are there may be sent, or went out, by their keys."""
    query = select(OutboxRow.key, OutboxRow.not_before, OutboxRow.sent_at)
    with database.reading() as session:
        rows = session.execute(query.where(OutboxRow.key.in_(keys))).all()
        return {key: max(not_before, sent_at or "") for key, not_before, sent_at in rows}


def waiting(database: Database) -> int:
    """Return how many letters have not gone out."""
    with database.reading() as session:
        unsent = select(func.count()).where(OutboxRow.sent_at.is_(None))
        return session.scalar(unsent.select_from(OutboxRow)) or 0


def _due(now: str) -> Select[OutboxRow]:
    free = or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= now)
    return select(OutboxRow).where(OutboxRow.sent_at.is_(None), OutboxRow.next_at <= now, free)


def _stored(row: OutboxRow) -> Stored:
    return Stored(
        number=row.id,
        key=row.key,
        bundle=row.bundle,
        channel=row.channel,
        person=row.person,
        address=row.address,
        segment=rules.read(row.segment),
        rule=row.rule_id,
        content=json.loads(row.content),
        made_at=row.made_at,
        not_before=row.not_before,
        next_at=row.next_at,
        tries=row.tries,
        last_error=row.last_error,
        lease_until=row.lease_until,
        sent_at=row.sent_at,
    )
