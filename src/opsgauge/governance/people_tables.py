"""The tables of people: who they are, what was given to them, and how they sign in.

Floor 4. Instants are text as in the audit: ISO in UTC with microseconds, which sort as they follow
each other. Passwords, sessions and tokens are kept as hashes alone.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opsgauge.governance.tables import Base

INSTANT = String(27)


class UserRow(Base):
    """Somebody who may sign in. Never removed, so that what they did keeps its name.

    `name` is what they sign in with, in lower case; `alias` is who they are in the records, where
    that is known: a pseudonym such as "Agent 17". `issuer` and `subject` name them at an OpenID
    provider.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    shown: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    alias: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool]
    made_at: Mapped[str] = mapped_column(INSTANT)

    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class GroupMemberRow(Base):
    """One user in one group of users: roles may be given to a group as a whole."""

    __tablename__ = "group_members"

    group: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class AssignmentRow(Base):
    """A role given to a user or to a group; `reach` is the canonical JSON of its rules."""

    __tablename__ = "assignments"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    group: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    reach: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint('(user_id IS NULL) <> ("group" IS NULL)', name="user_or_group"),
    )


class SessionRow(Base):
    """A browser that is signed in; `hash` is the SHA-256 of what its cookie holds."""

    __tablename__ = "sessions"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[str] = mapped_column(INSTANT)
    seen_at: Mapped[str] = mapped_column(INSTANT)
    ends_at: Mapped[str] = mapped_column(INSTANT)


class TokenRow(Base):
    """A key for a program, with no more than its owner's actions and records.

    `actions` is a JSON list, `reach` the canonical JSON of further rules; `hash` is the SHA-256 of
    the token, which is shown once.
    """

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    actions: Mapped[str] = mapped_column(Text)
    reach: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    ends_at: Mapped[str] = mapped_column(INSTANT)
    used_at: Mapped[str | None] = mapped_column(INSTANT)
    revoked_at: Mapped[str | None] = mapped_column(INSTANT)

    __table_args__ = (UniqueConstraint("user_id", "name"),)


class FailedSignInRow(Base):
    """One sign-in that was refused; `key` is a hash of the name or of the address it came from."""

    __tablename__ = "failed_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(INSTANT)

    __table_args__ = (Index("ix_failed_sign_ins_key", "key", "at"),)


class PersonAccessRow(Base):
    """One look at what a person did: who looked, at whom (a pseudonym), and where."""

    __tablename__ = "person_accesses"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(INSTANT)
    actor: Mapped[str] = mapped_column(Text)
    alias: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_person_accesses_alias", "alias", "at"),)
