"""Users, groups and roles changed, each change with its line in the audit.

Floor 4. Every change and its line are one transaction, and after each there is an active
administrator of all records.
"""

from dataclasses import dataclass

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import PeopleWrong, UnknownUser, did_you_mean
from opsgauge.governance import rules
from opsgauge.governance.access import NEVER_EVERYWHERE, REACHED_BY, ROLES, Actor, Assignment
from opsgauge.governance.audit import Json, append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.people import (
    EVERYWHERE,
    User,
    group_name,
    plain_name,
    plain_words,
    reach_text,
    row_of,
    told_of,
)
from opsgauge.governance.people_tables import (
    AssignmentRow,
    GroupMemberRow,
    SessionRow,
    TokenRow,
    UserRow,
)
from opsgauge.governance.tables import AuditRow

CHANGE = "people:change"
ADMINISTRATOR = "administrator"
RESERVED = frozenset({"local", "nobody", "opsgauge"})  # names that mean somebody else


@dataclass(frozen=True)
class By:
    """Who changes the records, which ones, and by which clock."""

    database: Database
    clock: Clock
    actor: Actor


@dataclass(frozen=True)
class NewUser:
    """A user to be made."""

    name: str
    shown: str = ""
    email: str = ""
    alias: str = ""
    password_hash: str | None = None
    issuer: str | None = None
    subject: str | None = None
    roles: tuple[Assignment, ...] = ()


def make_user(by: By, new: NewUser) -> User:
    """Make a user with roles.

    Raises
    ------
    PeopleWrong : the name is taken or cannot be one, or the first user is no administrator
    """
    name = plain_name(new.name)
    if name in RESERVED:
        raise PeopleWrong(f"{name!r} means somebody else here.", hint="Choose another name.")
    row = UserRow(
        name=name,
        shown=plain_words(new.shown) or name,
        email=plain_words(new.email) or None,
        alias=plain_words(new.alias) or None,
        password_hash=new.password_hash,
        issuer=new.issuer,
        subject=new.subject,
        active=True,
        made_at=text_of(by.clock()),
    )
    with by.database.writing() as session:
        session.add(row)
        try:
            session.flush()
        except IntegrityError as taken:
            raise PeopleWrong(
                f"There is a user {name!r} already.", hint="Choose another name."
            ) from taken
        for role in new.roles:
            session.add(_assignment(by, role, user_id=row.id))
        session.flush()
        _note(session, by, f"user {name}", after=_plain(session, row))
        _must_have_an_administrator(session)
        return told_of(session, [row])[0]


def change_user(by: By, name: str, shown: str, email: str, alias: str) -> None:
    """Change how a user is called, where they are reached, and who they are in the records."""
    with by.database.writing() as session:
        row = row_of(session, name)
        before, was = _plain(session, row), row.alias
        row.shown = plain_words(shown) or row.name
        row.email, row.alias = plain_words(email) or None, plain_words(alias) or None
        session.flush()
        after = _plain(session, row)
        if was and row.alias and row.alias != was:
            after["in_records"] = "as another"
        if after != before:
            _note(session, by, f"user {row.name}", before, after)


def forget_alias(by: By, alias: str) -> tuple[str, ...]:
    """Let no user be somebody in the records any more; return those who were."""
    with by.database.writing() as session:
        rows = session.scalars(select(UserRow).where(UserRow.alias == alias)).all()
        for row in rows:
            before = _plain(session, row)
            row.alias = None
            session.flush()
            _note(session, by, f"user {row.name}", before, _plain(session, row))
        return tuple(row.name for row in rows)


def lines_naming(database: Database, alias: str) -> tuple[int, ...]:
    """Return the lines of the audit that say which user somebody in the records is.

    Lines written before this version do, and cannot be changed.
    """
    said = json_text({"alias": alias})
    told = (said or "")[1:-1]
    query = select(AuditRow.number).where(
        AuditRow.action == CHANGE,
        AuditRow.before.contains(told, autoescape=True)
        | AuditRow.after.contains(told, autoescape=True),
    )
    with database.reading() as session:
        return tuple(session.scalars(query.order_by(AuditRow.number)))


def set_active(by: By, name: str, active: bool) -> None:
    """Let somebody in again, or no longer: that ends their sessions and tokens at once.

    Raises
    ------
    PeopleWrong : no active administrator would be left
    """
    with by.database.writing() as session:
        row = row_of(session, name)
        if row.active == active:
            return
        row.active = active
        if not active:
            end_all(session, row.id, text_of(by.clock()))
        session.flush()
        told: dict[bool, Json] = {state: {"active": state} for state in (True, False)}
        _note(session, by, f"user {row.name}", told[not active], told[active])
        _must_have_an_administrator(session)


def end_all(session: Session, user_id: int, now: str, tokens: bool = True) -> None:
    """End every session of a user, and their tokens too unless said otherwise."""
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    if tokens:
        mine = (TokenRow.user_id == user_id) & TokenRow.revoked_at.is_(None)
        session.execute(update(TokenRow).where(mine).values(revoked_at=now))


def set_password(by: By, name: str, password_hash: str) -> None:
    """Give a user another password; every session of theirs ends."""
    with by.database.writing() as session:
        row = row_of(session, name)
        row.password_hash = password_hash
        end_all(session, row.id, text_of(by.clock()), tokens=False)
        _note(session, by, f"user {row.name}", after={"password": "changed"})


def give(by: By, role: Assignment, user: str = "", group: str = "") -> None:
    """Give a role to a user or to a group.

    Raises
    ------
    PeopleWrong : there is no such role, it needs a part of the records, or they have it already
    """
    with by.database.writing() as session:
        row = row_of(session, user) if user else None
        fresh = _assignment(by, role, user_id=row.id if row else None, group=group)
        same = select(AssignmentRow.id).where(
            AssignmentRow.role == fresh.role,
            AssignmentRow.reach == fresh.reach,
            AssignmentRow.user_id == fresh.user_id if row else AssignmentRow.group == fresh.group,
        )
        if session.scalar(same.limit(1)) is not None:
            raise PeopleWrong(f"{user or group} has {role.role} for these records already.")
        session.add(fresh)
        whose = f"user {row.name}" if row else f"group {fresh.group}"
        _note(session, by, whose, after=_role_plain(fresh))


def take(by: By, assignment: int) -> None:
    """Take a role that was given, by its number.

    Raises
    ------
    UnknownUser : no role was given under that number
    PeopleWrong : no active administrator would be left
    """
    with by.database.writing() as session:
        row = session.get(AssignmentRow, assignment)
        if row is None:
            raise UnknownUser(f"No role was given under the number {assignment}.")
        owner = session.get(UserRow, row.user_id) if row.user_id is not None else None
        whose = f"user {owner.name}" if owner else f"group {row.group}"
        before = _role_plain(row)
        session.delete(row)
        session.flush()
        _note(session, by, whose, before=before)
        _must_have_an_administrator(session)


def join(by: By, name: str, group: str) -> None:
    """Put a user into a group; a group is there as soon as somebody or a role is in it."""
    with by.database.writing() as session:
        row, called = row_of(session, name), group_name(group)
        if session.get(GroupMemberRow, (called, row.id)) is None:
            session.add(GroupMemberRow(group=called, user_id=row.id))
            _note(session, by, f"group {called}", after={"member": row.name})


def leave(by: By, name: str, group: str) -> None:
    """Take a user out of a group.

    Raises
    ------
    UnknownUser : they are not in it
    PeopleWrong : no active administrator would be left
    """
    with by.database.writing() as session:
        row = row_of(session, name)
        member = session.get(GroupMemberRow, (group, row.id))
        if member is None:
            raise UnknownUser(f"{row.name} is not in the group {group!r}.")
        session.delete(member)
        session.flush()
        _note(session, by, f"group {group}", before={"member": row.name})
        _must_have_an_administrator(session)


def check_role(role: Assignment) -> None:
    """Refuse a role that is none, or lacks the part of the records that it needs."""
    if role.role not in ROLES:
        raise PeopleWrong(
            f"There is no role {role.role[:40]!r}.", hint=did_you_mean(role.role, ROLES)
        )
    if role.role in NEVER_EVERYWHERE and not role.reach:
        raise PeopleWrong(
            f"The role {role.role} is for a part of the records.",
            hint=f"Name it by {', '.join(REACHED_BY)}, such as vendor=Acme.",
        )


def _assignment(
    by: By, role: Assignment, user_id: int | None = None, group: str = ""
) -> AssignmentRow:
    check_role(role)
    return AssignmentRow(
        user_id=user_id,
        group=group_name(group) if user_id is None else None,
        role=role.role,
        reach=reach_text(role.reach),
        made_at=text_of(by.clock()),
        made_by=by.actor.name,
    )


def _plain(session: Session, row: UserRow) -> dict[str, Json]:
    roles = session.scalars(select(AssignmentRow).where(AssignmentRow.user_id == row.id))
    return {
        **{name: getattr(row, name) for name in ("shown", "email", "active", "issuer")},
        # Never as whom: the audit is for ever, and a person may be erased from the records.
        "in_records": row.alias is not None,
        "roles": [_role_plain(each) for each in roles],
    }


def _role_plain(row: AssignmentRow) -> dict[str, Json]:
    return {
        "role": row.role,
        "reach": rules.plain(rules.read(row.reach)),
    }


def _note(session: Session, by: By, subject: str, before: Json = None, after: Json = None) -> None:
    append_within(session, by.clock, by.actor, CHANGE, subject, before=before, after=after)


def administrators(database: Database) -> list[str]:
    """Return how the active administrators of all records are called."""
    with database.reading() as session:
        return list(session.scalars(_administrators()))


def _must_have_an_administrator(session: Session) -> None:
    """Refuse what leaves nobody who could give roles; asked after the audit's end is locked."""
    if session.scalar(_administrators().limit(1)) is None:
        raise PeopleWrong(
            "There has to be an active administrator of all records.",
            hint="Make another one first.",
        )


def _administrators() -> Select[str]:
    of_user = AssignmentRow.user_id == UserRow.id
    theirs = select(GroupMemberRow.group).where(GroupMemberRow.user_id == UserRow.id)
    return (
        select(UserRow.shown)
        .distinct()
        .join(AssignmentRow, of_user | AssignmentRow.group.in_(theirs))
        .where(
            UserRow.active,
            AssignmentRow.role == ADMINISTRATOR,
            AssignmentRow.reach == EVERYWHERE,
        )
        .order_by(UserRow.shown)
    )
