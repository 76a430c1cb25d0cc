"""Signing in and out, one's own password, and the first administrator.

Floor 5. What is asked here needs no right, since nobody is known yet, or it is of whoever asks.
What is refused says neither whether the name is known nor what was wrong with it.
"""

import hmac
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from opsgauge.foundation.errors import (
    NotAllowed,
    NotSignedIn,
    OpsgaugeError,
    PeopleWrong,
    SignInRefused,
)
from opsgauge.governance import sessions, sign_ins
from opsgauge.governance.access import Actor, Assignment
from opsgauge.governance.audit import append_within
from opsgauge.governance.looks import Look, looks_at
from opsgauge.governance.passwords import ARGON2, check_password
from opsgauge.governance.people import User, anybody, plain_name, user_named, user_of_subject
from opsgauge.governance.people_changes import (
    ADMINISTRATOR,
    By,
    NewUser,
    administrators,
    make_user,
    set_password,
)
from opsgauge.governance.people_tables import UserRow
from opsgauge.governance.sessions import Lasting
from opsgauge.governance.sign_ins import Try
from opsgauge.governance.tokens import known_by_token
from opsgauge.operations.context import Context

SIGN_IN, SIGN_OUT = "sign-in", "sign-out"
REFUSED = "The name or the password does not fit."
MOST_NAMED = 3
UNTOLD = "a name that cannot be one"  # never what was typed: it may be a password


@dataclass(frozen=True)
class FromProvider:
    """Who somebody is by the word of an OpenID provider, after every check of it."""

    issuer: str
    subject: str
    name: str
    shown: str
    email: str


def lasting(ctx: Context) -> Lasting:
    """Return how long a session lasts in this workspace."""
    told = ctx.workspace.settings
    return Lasting(timedelta(minutes=told.session_idle_minutes), timedelta(days=told.session_days))


def sign_in(ctx: Context, name: str, password: str, address: str) -> str:
    """Begin a session for whoever knows a user's password; return the secret for its cookie.

    Raises
    ------
    SignInRefused : the name or the password does not fit
    TooManyTries : too many were refused under this name or from this address
    """
    tried = Try(_name_or_none(name), address)
    sign_ins.begin_try(ctx.database, ctx.clock, tried)
    with ctx.database.reading() as session:
        row = session.scalar(select(UserRow).where(UserRow.name == tried.name, UserRow.active))
        kept = row.password_hash if row else None
        user_id = row.id if row else 0
    if not ARGON2.fits(password, kept):
        sign_ins.note_refused(ctx.database, ctx.clock, tried, "wrong name or password")
        raise SignInRefused(REFUSED, hint="Passwords tell capitals from small letters.")
    return _begin(ctx, user_id, Actor(tried.name, ()), tried, "by password")


def sign_in_from_provider(ctx: Context, told: FromProvider, address: str) -> str:
    """Begin a session for whom an OpenID provider knows; a new subject becomes a user.

    They are known by issuer and subject alone: an e-mail address or a name says nothing about who
    somebody is here.

    Raises
    ------
    SignInRefused : their user is not active
    """
    tried = Try(told.subject, address)
    user = user_of_subject(ctx.database, told.issuer, told.subject)
    if user is None:
        user = _made_from(ctx, told)
    if not user.active:
        sign_ins.note_refused(ctx.database, ctx.clock, Try(user.name, address), "not active")
        raise SignInRefused("This user is no longer active.", hint="Ask an administrator.")
    return _begin(ctx, user.id, Actor(user.name, ()), tried, f"by {told.issuer}")


def _made_from(ctx: Context, told: FromProvider) -> User:
    if not anybody(ctx.database):
        raise SignInRefused(
            "There is no administrator yet.", hint="Open the link that opsgauge serve printed."
        )
    role = ctx.workspace.settings.oidc_role
    by = By(ctx.database, ctx.clock, Actor(f"provider {told.issuer}", ()))
    for name in _names(told):
        new = NewUser(
            name=name,
            shown=told.shown,
            email=told.email,
            issuer=told.issuer,
            subject=told.subject,
            roles=(Assignment(role),) if role else (),
        )
        try:
            return make_user(by, new)
        except PeopleWrong:
            known = user_of_subject(ctx.database, told.issuer, told.subject)
            if known is not None:
                return known  # two requests of the same person at once
    raise SignInRefused("No user could be made of what the provider told.")


def _names(told: FromProvider) -> list[str]:
    """Return names for a new user: what the provider says, then one that nobody has."""
    return [told.name, f"{told.name[:40]}-{secrets.token_hex(3)}", f"user-{secrets.token_hex(8)}"]


def _begin(ctx: Context, user_id: int, actor: Actor, tried: Try, how: str) -> str:
    with ctx.database.writing() as session:
        row = session.get(UserRow, user_id, with_for_update=True)
        if row is None or not row.active:
            raise SignInRefused(REFUSED)
        sign_ins.forget(session, tried)
        append_within(session, ctx.clock, actor, SIGN_IN, tried.address, why=how)
        return sessions.begin(session, user_id, ctx.clock(), lasting(ctx))


def with_token(ctx: Context, secret: str) -> Context:
    """Return the context in the hands of a token's owner; without a token as it is.

    Raises
    ------
    NotSignedIn : the token is none or has ended, or there are users and the settings want one
    """
    if secret:
        found = known_by_token(ctx.database, secret, ctx.clock())
        if found is None:
            raise NotSignedIn("The token in OPSGAUGE_TOKEN is none, or has ended.")
        return replace(ctx, actor=found.actor)
    if ctx.workspace.settings.commands_need_token and anybody(ctx.database):
        raise NotSignedIn(
            "Commands need a token in this workspace (commands_need_token).",
            hint="Make one on the page Account, and set OPSGAUGE_TOKEN to it.",
        )
    return ctx


def sign_out(ctx: Context, secret: str) -> None:
    """End a session."""
    with ctx.database.writing() as session:
        sessions.end(session, secret)
        append_within(session, ctx.clock, ctx.actor, SIGN_OUT, ctx.actor.name)


def own_user(ctx: Context) -> User:
    """Return the user who asks.

    Raises
    ------
    NotAllowed : nobody is signed in, or it is a token that asks
    """
    if ctx.actor.only is not None:
        raise NotAllowed("A token may not ask for its owner's account.", hint="Sign in instead.")
    try:
        return user_named(ctx.database, ctx.actor.name)
    except OpsgaugeError as unknown:
        raise NotAllowed(
            "There is no account without sign-in.", hint="opsgauge users add makes the first user."
        ) from unknown


def change_own_password(ctx: Context, old: str, new: str, address: str) -> str:
    """Change the password of whoever asks; every session of theirs ends, and a new one begins.

    Raises
    ------
    SignInRefused : the old password does not fit
    PeopleWrong : the new one cannot be a password
    """
    user = own_user(ctx)
    check_password(new, user.name)
    tried = Try(user.name, address)
    sign_ins.begin_try(ctx.database, ctx.clock, tried)
    with ctx.database.reading() as session:
        row = session.get(UserRow, user.id)
        kept = row.password_hash if row else None
    if not ARGON2.fits(old, kept):
        sign_ins.note_refused(ctx.database, ctx.clock, tried, "wrong old password")
        raise SignInRefused("The old password does not fit.")
    if hmac.compare_digest(old.encode(errors="replace"), new.encode(errors="replace")):
        raise PeopleWrong("The new password is the old one.")
    set_password(By(ctx.database, ctx.clock, ctx.actor), user.name, ARGON2.make(new))
    return _begin(ctx, user.id, ctx.actor, tried, "after a new password")


def whom_to_ask(ctx: Context) -> str:
    """Say who could give a role, for whoever lacks one."""
    names = administrators(ctx.database)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"Ask an administrator: {', '.join(names[:MOST_NAMED])}{more}." if names else ""


def looks_at_me(ctx: Context) -> list[Look]:
    """Return who looked at what whoever asks did, the newest first."""
    user = own_user(ctx)
    return looks_at(ctx.database, user.alias) if user.alias else []


class SetUp:
    """Makes the first administrator, once, for whoever holds the code that the server printed."""

    def __init__(self) -> None:
        self.code = secrets.token_urlsafe(24)
        self._lock = threading.Lock()

    def fits(self, code: str) -> bool:
        """Say whether this is the code."""
        return hmac.compare_digest(code.encode(errors="replace"), self.code.encode())

    def make(self, ctx: Context, code: str, new: NewUser, password: str) -> None:
        """Make the first user, an administrator of all records.

        Raises
        ------
        NotAllowed : the code is another, or there is a user already
        PeopleWrong : the name or the password cannot be one
        """
        with self._lock:
            if not self.fits(code):
                raise NotAllowed(
                    "This is not the link that the server printed.",
                    hint="Start opsgauge serve again for a new one.",
                )
            if anybody(ctx.database):
                raise NotAllowed("Opsgauge is set up already.", hint="Sign in.")
            check_password(password, plain_name(new.name))
            by = By(ctx.database, ctx.clock, Actor("set-up", ()))
            roles = (Assignment(ADMINISTRATOR),)
            make_user(
                by,
                NewUser(new.name, new.shown, password_hash=ARGON2.make(password), roles=roles),
            )


def _name_or_none(name: str) -> str:
    try:
        return plain_name(name)
    except PeopleWrong:
        return UNTOLD
