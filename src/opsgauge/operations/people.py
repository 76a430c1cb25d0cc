"""Users, groups, roles and tokens, as pages, API and commands ask for them.

Floor 5. Seeing needs `people:read`, changing `people:change`; one's own tokens need neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import NotAllowed, UnknownUser
from opsgauge.governance import people as kept
from opsgauge.governance import people_changes as changes
from opsgauge.governance import tokens as keys
from opsgauge.governance.access import ACTIONS, Assignment, decide
from opsgauge.governance.passwords import ARGON2, check_password
from opsgauge.governance.people import Given, User, plain_name, reach_words
from opsgauge.governance.people_changes import By, NewUser
from opsgauge.governance.tokens import NewToken, Token
from opsgauge.operations.asking import conditions
from opsgauge.operations.context import Context
from opsgauge.operations.signing_in import own_user

READ, CHANGE = "people:read", "people:change"
Json = dict[str, Any]


@dataclass(frozen=True)
class People:
    """Every user, and every group with its roles."""

    users: tuple[User, ...]
    groups: Mapping[str, Sequence[Given]]

    def as_json(self) -> Json:
        """Return the published form."""
        return {
            "users": [user_json(each) for each in self.users],
            "groups": [
                {
                    "group": name,
                    "members": [each.name for each in self.users if name in each.groups],
                    "roles": [given_json(each) for each in given],
                }
                for name, given in self.groups.items()
            ],
        }


@dataclass(frozen=True)
class Added:
    """A user as somebody asks for one; without a password they sign in by a provider alone."""

    name: str
    shown: str = ""
    email: str = ""
    alias: str = ""
    password: str | None = None
    roles: tuple[Assignment, ...] = ()


def people(ctx: Context) -> People:
    """Return who there is; needs `people:read`."""
    ctx.require(READ)
    return People(tuple(kept.users(ctx.database)), kept.group_roles(ctx.database))


def one_user(ctx: Context, name: str) -> User:
    """Return one user; needs `people:read`."""
    ctx.require(READ)
    return kept.user_named(ctx.database, name)


def add_user(ctx: Context, new: Added) -> User:
    """Make a user; needs `people:change`.

    Raises
    ------
    PeopleWrong : the name, the password or a role cannot be, or the first is no administrator
    """
    ctx.require(CHANGE)
    made = None
    if new.password is not None:
        check_password(new.password, plain_name(new.name))
        for role in new.roles:
            changes.check_role(role)
        made = ARGON2.make(new.password)
    user = NewUser(new.name, new.shown, new.email, new.alias, made, roles=new.roles)
    return changes.make_user(_by(ctx), user)


def change_user(ctx: Context, name: str, shown: str, email: str, alias: str) -> User:
    """Change how a user is called, reached, and who they are in the records."""
    ctx.require(CHANGE)
    changes.change_user(_by(ctx), name, shown, email, alias)
    return kept.user_named(ctx.database, name)


def set_active(ctx: Context, name: str, active: bool) -> User:
    """Shut a user out, which ends sessions and tokens, or let them in again."""
    ctx.require(CHANGE)
    changes.set_active(_by(ctx), name, active)
    return kept.user_named(ctx.database, name)


def set_password(ctx: Context, name: str, password: str) -> None:
    """Give a user another password; their sessions end."""
    ctx.require(CHANGE)
    user = kept.user_named(ctx.database, name)
    check_password(password, user.name)
    changes.set_password(_by(ctx), user.name, ARGON2.make(password))


def give_role(ctx: Context, role: Assignment, user: str = "", group: str = "") -> None:
    """Give a role to a user or to a group."""
    ctx.require(CHANGE)
    changes.give(_by(ctx), role, user, group)


def take_role(ctx: Context, assignment: int) -> None:
    """Take a role that was given, by its number."""
    ctx.require(CHANGE)
    changes.take(_by(ctx), assignment)


def join_group(ctx: Context, user: str, group: str) -> None:
    """Put a user into a group."""
    ctx.require(CHANGE)
    changes.join(_by(ctx), user, group)


def leave_group(ctx: Context, user: str, group: str) -> None:
    """Take a user out of a group."""
    ctx.require(CHANGE)
    changes.leave(_by(ctx), user, group)


def tokens(ctx: Context, owner: str = "") -> list[Token]:
    """Return tokens of a user or of all, never the secrets; needs `people:read`."""
    ctx.require(READ)
    return keys.tokens(ctx.database, owner)


def own_tokens(ctx: Context) -> list[Token]:
    """Return the tokens of whoever asks."""
    return keys.tokens(ctx.database, own_user(ctx).name)


def make_own_token(ctx: Context, new: NewToken) -> str:
    """Make a token for whoever asks; return it, shown once.

    Raises
    ------
    PeopleWrong : it cannot be as asked
    NotAllowed : its owner does not hold what it is to do
    """
    user = own_user(ctx)
    _must_hold(user, new)
    return keys.make_token(_by(ctx), user.name, new)


def make_token(ctx: Context, owner: str, new: NewToken) -> str:
    """Make a token for a user; needs `people:change`. It holds no more than its owner does."""
    ctx.require(CHANGE)
    user = kept.user_named(ctx.database, owner)
    if not user.active:
        raise UnknownUser(f"{user.name} is not active.")
    _must_hold(user, new)
    return keys.make_token(_by(ctx), user.name, new)


def revoke_token(ctx: Context, number: int) -> None:
    """End a token: one's own, or with `people:change` anybody's."""
    if ctx.actor.only is None and not decide(ctx.actor, CHANGE).allowed:
        keys.revoke(_by(ctx), number, own_user(ctx).name)
        return
    ctx.require(CHANGE)
    keys.revoke(_by(ctx), number)


def role_of(role: str, reach: Sequence[str] = ()) -> Assignment:
    """Return a role for the records that conditions such as "team=A|B" name; none: for all."""
    return Assignment(role.strip(), reach_of(reach))


def reach_of(texts: Sequence[str]) -> Rules:
    """Return the rules that texts such as "team=A|B" name."""
    return conditions([each for each in texts if each.strip()])


def user_json(user: User) -> Json:
    """Return a user's published form; nothing of a password is in it."""
    told = {name: value for name, value in vars(user).items() if name not in ("id", "given")}
    return {
        **told,
        "made_at": user.made_at.isoformat(),
        "groups": list(user.groups),
        "roles": [given_json(each) for each in user.given],
    }


def given_json(given: Given) -> Json:
    """Return the published form of a role that was given."""
    return {
        "id": given.id,
        "role": given.role,
        "reach": {each.column: list(each.values) for each in given.reach},
        "words": reach_words(given.reach),
        "group": given.group,
        "given_at": given.made_at.isoformat(),
        "given_by": given.made_by,
    }


def token_json(ctx: Context, token: Token) -> Json:
    """Return a token's published form; the secret is kept nowhere."""
    moments = ("made_at", "ends_at", "used_at", "revoked_at")
    return {
        **vars(token),
        **{name: _iso(getattr(token, name)) for name in moments},
        "actions": list(token.actions),
        "reach": {each.column: list(each.values) for each in token.reach},
        "state": token.state(ctx.clock()),
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _must_hold(user: User, new: NewToken) -> None:
    actor = kept.actor_of(user)
    for action in new.actions:
        verdict = decide(actor, action)
        if action in ACTIONS and not verdict.allowed:  # an unknown one is told where it is made
            raise NotAllowed(verdict.reason, hint="A token may do what its owner may.")


def _by(ctx: Context) -> By:
    return By(ctx.database, ctx.clock, ctx.actor)
