"""Tokens: keys for programs, each with no more than its owner's actions and records.

Floor 4. A token is shown once and kept as its SHA-256. It names its actions, may narrow the records
further, ends within a year, and can be revoked. It never gives more than its owner has now.
"""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import PeopleWrong, UnknownUser, did_you_mean
from opsgauge.governance import rules
from opsgauge.governance.access import ACTIONS, Actor, Assignment
from opsgauge.governance.audit import Json, append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of, text_of
from opsgauge.governance.people import plain_words, reach_text, row_of
from opsgauge.governance.people_changes import CHANGE, By
from opsgauge.governance.people_tables import AssignmentRow, TokenRow, UserRow
from opsgauge.governance.sessions import Known, hash_of, of_user

PREFIX = "og_"
TOKEN = re.compile(r"og_[A-Za-z0-9_-]{43}")
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class NewToken:
    """A token to be made."""

    name: str
    actions: tuple[str, ...]
    days: int
    reach: Rules = ()


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it: never the secret itself."""

    id: int
    owner: str
    name: str
    actions: tuple[str, ...]
    reach: Rules
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """Say how it stands: active, ended or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "active" if now < self.ends_at else "ended"


def make_token(by: By, owner: str, new: NewToken) -> str:
    """Make a token for a user; return it, since it is kept nowhere.

    Raises
    ------
    PeopleWrong : it names no action or an unknown one, lasts too long, or its name is taken
    """
    secret = PREFIX + secrets.token_urlsafe(32)
    name, now = plain_words(new.name), by.clock()
    _check(name, new)
    with by.database.writing() as session:
        user = row_of(session, owner)
        row = TokenRow(
            user_id=user.id,
            name=name,
            hash=hash_of(secret),
            actions=json_text(sorted(set(new.actions))) or "[]",
            reach=reach_text(new.reach),
            made_at=text_of(now),
            ends_at=text_of(now + timedelta(days=new.days)),
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError as taken:
            raise PeopleWrong(
                f"There was a token {name!r} already.", hint="Choose another name."
            ) from taken
        actions: Json = sorted(set(new.actions))
        after: dict[str, Json] = {"token": name, "actions": actions, "ends_at": row.ends_at}
        after["reach"] = json.loads(row.reach)
        append_within(session, by.clock, by.actor, CHANGE, f"user {user.name}", after=after)
    return secret


def _check(name: str, new: NewToken) -> None:
    if not name:
        raise PeopleWrong("A token needs a name, such as what uses it.")
    if not new.actions:
        raise PeopleWrong("A token names what it may do.", hint="Such as metric:read.")
    for action in new.actions:
        if action not in ACTIONS:
            raise PeopleWrong(
                f"There is no action {action[:40]!r}.", hint=did_you_mean(action, ACTIONS)
            )
    if not 1 <= new.days <= LONGEST.days:
        raise PeopleWrong(f"A token lasts 1 to {LONGEST.days} days, not {new.days}.")


def tokens(database: Database, owner: str = "") -> list[Token]:
    """Return the tokens of one user, or of all, the newest first."""
    query = select(TokenRow, UserRow.name).join(UserRow, UserRow.id == TokenRow.user_id)
    with database.reading() as session:
        if owner:
            query = query.where(TokenRow.user_id == row_of(session, owner).id)
        rows = session.execute(query.order_by(TokenRow.id.desc())).all()
        return [_token(row, name) for row, name in rows]


def revoke(by: By, number: int, owner: str = "") -> None:
    """End a token at once.

    Parameters
    ----------
    owner : where given, only if it is theirs

    Raises
    ------
    UnknownUser : there is no such token of theirs
    """
    with by.database.writing() as session:
        row = session.get(TokenRow, number)
        user = session.get(UserRow, row.user_id) if row else None
        if row is None or user is None or (owner and user.name != owner):
            raise UnknownUser(f"There is no token {number}.", hint="See opsgauge tokens list.")
        if row.revoked_at is None:
            row.revoked_at = text_of(by.clock())
            told: dict[str, Json] = {"token": row.name, "revoked": True}
            append_within(session, by.clock, by.actor, CHANGE, f"user {user.name}", after=told)


def known_by_token(database: Database, secret: str, now: datetime) -> Known | None:
    """Return who a token stands for; None where it is none, ended, or its owner is inactive."""
    if not TOKEN.fullmatch(secret):
        return None
    query = (
        select(TokenRow, UserRow, AssignmentRow)
        .select_from(TokenRow)
        .join(UserRow, UserRow.id == TokenRow.user_id)
        .outerjoin(AssignmentRow, of_user())
        .where(
            TokenRow.hash == hash_of(secret),
            TokenRow.ends_at > text_of(now),
            TokenRow.revoked_at.is_(None),
            UserRow.active,
        )
        .order_by(AssignmentRow.id)
    )
    with database.reading() as session:
        rows = session.execute(query).all()
        if not rows:
            return None
        token, user, _ = rows[0]
        given = tuple(Assignment(row.role, rules.read(row.reach)) for _, _, row in rows if row)
        only = frozenset(json.loads(token.actions))
        return Known(
            user_id=user.id,
            actor=Actor(user.name, given, only, rules.read(token.reach)),
            shown=user.shown,
            alias=user.alias or "",
            ends_at=moment_of(token.ends_at),
            seen_at=moment_of(token.used_at) if token.used_at else None,
            token=token.name,
            token_id=token.id,
        )


def note_used(by: By, used: Known) -> None:
    """Note that a token is in use; its first use on a day leaves a line in the audit."""
    now = by.clock()
    with by.database.writing() as session:
        mine = TokenRow.id == used.token_id
        session.execute(update(TokenRow).where(mine).values(used_at=text_of(now)))
        if used.seen_at is None or used.seen_at.date() < now.date():
            subject = f"token {used.token} of {used.actor.name}"
            append_within(session, by.clock, used.actor, "token:use", subject)


def _token(row: TokenRow, owner: str) -> Token:
    return Token(
        id=row.id,
        owner=owner,
        name=row.name,
        actions=tuple(json.loads(row.actions)),
        reach=rules.read(row.reach),
        made_at=moment_of(row.made_at),
        ends_at=moment_of(row.ends_at),
        used_at=moment_of(row.used_at) if row.used_at else None,
        revoked_at=moment_of(row.revoked_at) if row.revoked_at else None,
    )
