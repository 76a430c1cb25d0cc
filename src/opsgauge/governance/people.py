"""Users, and what was given to them, as they are read.

Floor 4. A role is given to a user or to a group; whoever is in the group has it. What changes them
is in `people_changes.py`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import PeopleWrong, UnknownUser, did_you_mean
from opsgauge.governance import rules
from opsgauge.governance.access import REACHED_BY, Actor, Assignment
from opsgauge.governance.database import Database
from opsgauge.governance.moments import moment_of
from opsgauge.governance.people_tables import AssignmentRow, GroupMemberRow, UserRow
from opsgauge.governance.register import one_line

EVERYWHERE = "[]"
LONGEST_NAME, LONGEST_SHOWN, MOST_VALUES = 64, 200, 100
_NAME = re.compile(rf"[a-z0-9][a-z0-9._@+-]{{0,{LONGEST_NAME - 1}}}")
_GROUP = re.compile(r"[\w][\w .&/+-]{0,63}")


@dataclass(frozen=True)
class Given:
    """A role that was given, and for which records; `group` is "" where it is a user's own."""

    id: int
    role: str
    reach: Rules
    group: str
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class User:
    """Somebody who may sign in, with all that was given to them."""

    id: int
    name: str
    shown: str
    email: str
    alias: str
    active: bool
    has_password: bool
    issuer: str
    made_at: datetime
    groups: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()


def actor_of(user: User) -> Actor:
    """Return who a user is to everything that asks for rights."""
    return Actor(user.name, tuple(Assignment(each.role, each.reach) for each in user.given))


def plain_name(text: str) -> str:
    """Return the name that somebody signs in with, as it is kept.

    Names that differ only in capitals or in the width of letters are one; letters beyond ASCII,
    which could look like others, are refused.

    Raises
    ------
    PeopleWrong : it cannot be a name

    Examples
    --------
    >>> plain_name(" Ana.Silva@Example.org ")
    'ana.silva@example.org'
    """
    name = unicodedata.normalize("NFKC", text[: 4 * LONGEST_NAME]).strip().casefold()
    if not _NAME.fullmatch(name) or len(text) > 4 * LONGEST_NAME:
        raise PeopleWrong(
            f"{text[:40]!r} cannot be the name of a user.",
            hint=f"Up to {LONGEST_NAME} of a to z, digits and . _ @ + -, a letter or digit first.",
        )
    return name


def reach_text(reach: Rules) -> str:
    """Return a reach as the records keep rules, see `rules.text`.

    Raises
    ------
    PeopleWrong : it names another column than those of `REACHED_BY`, one twice, or no value

    Examples
    --------
    >>> from opsgauge.foundation.agreed import Condition
    >>> reach_text((Condition("team", ("B", "A")),))
    '[{"column":"team","values":["A","B"]}]'
    """
    columns = [each.column for each in reach]
    for each in reach:
        if each.column not in REACHED_BY:
            raise PeopleWrong(
                f"A role cannot be for a part by {each.column!r}.",
                hint=did_you_mean(each.column, REACHED_BY),
            )
        values = [value for value in each.values if value]
        if not values or len(values) != len(each.values) or len(values) > MOST_VALUES:
            raise PeopleWrong(f"The part by {each.column} names no values, or too many.")
    if len(set(columns)) < len(columns):
        raise PeopleWrong("A part names one column twice.", hint="Write team=A|B.")
    return rules.text(reach)


def reach_words(reach: Rules) -> str:
    """Say a reach in words: "team is A or B"; "all records" for everything."""
    return " and ".join(each.sentence() for each in reach) or "all records"


def anybody(database: Database) -> bool:
    """Say whether there is an active user, so that one has to sign in."""
    with database.reading() as session:
        return session.scalar(select(UserRow.id).where(UserRow.active).limit(1)) is not None


def users(database: Database) -> list[User]:
    """Return every user in order of their names."""
    with database.reading() as session:
        rows = list(session.scalars(select(UserRow).order_by(UserRow.name)))
        return told_of(session, rows)


def user_named(database: Database, name: str) -> User:
    """Return a user.

    Raises
    ------
    UnknownUser : there is none of that name
    """
    with database.reading() as session:
        return told_of(session, [row_of(session, name)])[0]


def user_of_subject(database: Database, issuer: str, subject: str) -> User | None:
    """Return the user whom an OpenID provider knows as `subject`; None where there is none."""
    with database.reading() as session:
        known = select(UserRow).where(UserRow.issuer == issuer, UserRow.subject == subject)
        row = session.scalar(known)
        return told_of(session, [row])[0] if row else None


def group_roles(database: Database) -> dict[str, list[Given]]:
    """Return every group with the roles given to it; one with members alone has none."""
    with database.reading() as session:
        found: dict[str, list[Given]] = {
            name: [] for name in session.scalars(select(GroupMemberRow.group).distinct())
        }
        rows = select(AssignmentRow).where(AssignmentRow.group.is_not(None))
        for row in session.scalars(rows.order_by(AssignmentRow.id)):
            found.setdefault(row.group or "", []).append(_given(row))
    return dict(sorted(found.items()))


def group_name(text: str) -> str:
    """Return the name of a group as it is kept.

    Raises
    ------
    PeopleWrong : it cannot be one
    """
    name = unicodedata.normalize("NFKC", text[:200]).strip()
    if not _GROUP.fullmatch(name):
        raise PeopleWrong(f"{text[:40]!r} cannot be the name of a group.")
    return name


def plain_words(text: str) -> str:
    """Return what somebody typed as one line without what cannot be seen."""
    return one_line(text[: 2 * LONGEST_SHOWN])[:LONGEST_SHOWN]


def row_of(session: Session, name: str) -> UserRow:
    """Return a user's row.

    Raises
    ------
    UnknownUser : there is none of that name
    """
    try:
        wanted = plain_name(name)
    except PeopleWrong:
        wanted = ""
    row = session.scalar(select(UserRow).where(UserRow.name == wanted))
    if row is None:
        raise UnknownUser(f"There is no user {name[:40]!r}.", hint="See opsgauge users list.")
    return row


def told_of(session: Session, rows: Sequence[UserRow]) -> list[User]:
    """Return users with their groups and roles, by two queries however many they are."""
    ids = [row.id for row in rows]
    groups: dict[int, list[str]] = {}
    members = select(GroupMemberRow).where(GroupMemberRow.user_id.in_(ids))
    for member in session.scalars(members.order_by(GroupMemberRow.group)):
        groups.setdefault(member.user_id, []).append(member.group)
    named = {name for each in groups.values() for name in each}
    mine = or_(AssignmentRow.user_id.in_(ids), AssignmentRow.group.in_(named))
    given = list(session.scalars(select(AssignmentRow).where(mine).order_by(AssignmentRow.id)))
    return [_user(row, groups.get(row.id, []), given) for row in rows]


def _user(row: UserRow, groups: Sequence[str], given: Iterable[AssignmentRow]) -> User:
    return User(
        id=row.id,
        name=row.name,
        shown=row.shown,
        email=row.email or "",
        alias=row.alias or "",
        active=row.active,
        has_password=row.password_hash is not None,
        issuer=row.issuer or "",
        made_at=moment_of(row.made_at),
        groups=tuple(groups),
        given=tuple(
            _given(each) for each in given if each.user_id == row.id or each.group in groups
        ),
    )


def _given(row: AssignmentRow) -> Given:
    reach, made_at = rules.read(row.reach), moment_of(row.made_at)
    return Given(row.id, row.role, reach, row.group or "", made_at, row.made_by)
