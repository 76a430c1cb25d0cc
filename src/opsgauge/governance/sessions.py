"""Browsers that are signed in: who they are is known by a secret in a cookie.

Floor 4. The secret is 32 random bytes; only its SHA-256 is kept. A session ends when it was not
used for some time, at the latest when its days are over, at sign-out, and with its user.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from opsgauge.governance import rules
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.people_tables import AssignmentRow, GroupMemberRow, SessionRow, UserRow

NOTED_EACH = timedelta(minutes=1)  # how often a session or token says that it is in use
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Known:
    """Who a request comes from.

    Attributes
    ----------
    ends_at : when it ends whatever happens
    seen_at : when it was last noted that it is in use; None: never
    token : the name of the token, "" for a browser
    """

    user_id: int
    actor: Actor
    shown: str
    alias: str
    ends_at: datetime
    seen_at: datetime | None
    token: str = ""
    token_id: int = 0

    def is_noted(self, now: datetime) -> bool:
        """Say whether its use need not be noted again yet."""
        return self.seen_at is not None and now - self.seen_at < NOTED_EACH


@dataclass(frozen=True)
class Lasting:
    """How long a session lasts: without a request, and at most."""

    idle: timedelta
    longest: timedelta


def hash_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(session: Session, user_id: int, now: datetime, lasting: Lasting) -> str:
    """Begin a session within a transaction; return the secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    told, ends = text_of(now), text_of(now + lasting.longest)
    session.add(
        SessionRow(hash=hash_of(secret), user_id=user_id, made_at=told, seen_at=told, ends_at=ends)
    )
    over = SessionRow.ends_at <= told
    session.execute(delete(SessionRow).where(over | (SessionRow.seen_at <= _idle(now, lasting))))
    return secret


def known(database: Database, secret: str, now: datetime, lasting: Lasting) -> Known | None:
    """Return who a cookie's secret is of; None where it is of nobody, or ended."""
    if not SECRET.fullmatch(secret):
        return None
    query = (
        select(
            UserRow.id,
            UserRow.name,
            UserRow.shown,
            UserRow.alias,
            SessionRow.seen_at,
            SessionRow.ends_at,
            AssignmentRow.role,
            AssignmentRow.reach,
        )
        .select_from(SessionRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .outerjoin(AssignmentRow, of_user())
        .where(
            SessionRow.hash == hash_of(secret),
            SessionRow.ends_at > text_of(now),
            SessionRow.seen_at > _idle(now, lasting),
            UserRow.active,
        )
        .order_by(AssignmentRow.id)
    )
    with database.reading() as session:
        rows = session.execute(query).all()
    if not rows:
        return None
    one = rows[0]
    given = tuple(Assignment(row.role, rules.read(row.reach)) for row in rows if row.role)
    return Known(
        user_id=one.id,
        actor=Actor(one.name, given),
        shown=one.shown,
        alias=one.alias or "",
        ends_at=moment_of(one.ends_at),
        seen_at=moment_of(one.seen_at),
    )


def of_user() -> ColumnElement[bool]:
    """Return what ties an assignment to a user: given to them, or to a group of theirs."""
    theirs = select(GroupMemberRow.group).where(GroupMemberRow.user_id == UserRow.id)
    return (AssignmentRow.user_id == UserRow.id) | AssignmentRow.group.in_(theirs)


def note_seen(database: Database, secret: str, now: datetime) -> None:
    """Note that a session is in use."""
    with database.writing() as session:
        mine = SessionRow.hash == hash_of(secret)
        session.execute(update(SessionRow).where(mine).values(seen_at=text_of(now)))


def end(session: Session, secret: str) -> None:
    """End one session, within a transaction."""
    session.execute(delete(SessionRow).where(SessionRow.hash == hash_of(secret)))


def _idle(now: datetime, lasting: Lasting) -> str:
    return text_of(now - lasting.idle)
