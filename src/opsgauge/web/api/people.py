"""The routes of the API about people: users, groups, roles, tokens, and one's own account.

Floor 6. A session's cookie needs the form token as a header to change anything; a token does not.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from opsgauge.governance.access import Assignment
from opsgauge.governance.tokens import NewToken
from opsgauge.operations import people as asked_of
from opsgauge.operations.people import Added, role_of, user_json
from opsgauge.operations.signing_in import looks_at_me, own_user
from opsgauge.web.api.routes import ANSWERS, Refused
from opsgauge.web.asked import Served

MORE: dict[int | str, dict[str, Any]] = {
    401: {"model": Refused, "description": "Nobody is signed in, and no token was sent."}
}
router = APIRouter(prefix="/api/v1", tags=["people"], responses={**ANSWERS, **MORE})
Json = dict[str, Any]
Short = Annotated[StrictStr, Field(max_length=200)]
Words = Annotated[list[Annotated[StrictStr, Field(max_length=2_000)]], Field(max_length=10)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(_Body):
    """A role, and the records it is for, such as ["team=A|B"]; none: all."""

    role: Short
    reach: Words = []

    def given(self) -> Assignment:
        """Return it as it is given."""
        return role_of(self.role, self.reach)


class NewUser(_Body):
    """A user to be made; without a password they sign in by the OpenID provider alone."""

    name: Short
    shown: Short = ""
    email: Short = ""
    alias: Short = ""
    password: Annotated[StrictStr, Field(max_length=2_000)] | None = None
    roles: Annotated[list[Role], Field(max_length=50)] = []


class Changed(_Body):
    """What is to be another; what is left out stays as it is."""

    shown: Short | None = None
    email: Short | None = None
    alias: Short | None = None
    active: StrictBool | None = None


class NewPassword(_Body):
    """Another password."""

    password: Annotated[StrictStr, Field(max_length=2_000)]


class TokenAsked(_Body):
    """A token to be made."""

    name: Short
    actions: Annotated[list[Short], Field(max_length=100)]
    days: StrictInt
    reach: Words = []

    def asked(self) -> NewToken:
        """Return it as operations take it."""
        reach = asked_of.reach_of(self.reach)
        return NewToken(self.name, tuple(self.actions), self.days, reach)


@router.get("/people")
def read_people(ctx: Served) -> Json:
    """Return every user with their roles, and every group."""
    return asked_of.people(ctx).as_json()


@router.post("/people", status_code=201)
def add_user(ctx: Served, body: NewUser) -> Json:
    """Make a user."""
    roles = tuple(each.given() for each in body.roles)
    new = Added(body.name, body.shown, body.email, body.alias, body.password, roles)
    return user_json(asked_of.add_user(ctx, new))


@router.get("/people/{name}")
def read_user(ctx: Served, name: str) -> Json:
    """Return one user."""
    return user_json(asked_of.one_user(ctx, name))


@router.patch("/people/{name}")
def change_user(ctx: Served, name: str, body: Changed) -> Json:
    """Change a user; `active` false ends their sessions and tokens."""
    ctx.require(asked_of.CHANGE)
    old = asked_of.one_user(ctx, name)
    told = {key: getattr(body, key) for key in ("shown", "email", "alias")}
    words = {key: getattr(old, key) if new is None else new for key, new in told.items()}
    if any(value is not None for value in told.values()):
        asked_of.change_user(ctx, name, **words)
    if body.active is not None:
        asked_of.set_active(ctx, name, body.active)
    return user_json(asked_of.one_user(ctx, name))


@router.post("/people/{name}/password")
def set_password(ctx: Served, name: str, body: NewPassword) -> Json:
    """Give a user another password; their sessions end."""
    asked_of.set_password(ctx, name, body.password)
    return user_json(asked_of.one_user(ctx, name))


@router.post("/people/{name}/roles", status_code=201)
def give_role(ctx: Served, name: str, body: Role) -> Json:
    """Give a user a role."""
    asked_of.give_role(ctx, body.given(), user=name)
    return user_json(asked_of.one_user(ctx, name))


@router.delete("/roles/{number}")
def take_role(ctx: Served, number: int) -> Json:
    """Take a role that was given, by its number."""
    asked_of.take_role(ctx, number)
    return {"taken": number}


@router.put("/people/{name}/groups/{group}")
def join_group(ctx: Served, name: str, group: str) -> Json:
    """Put a user into a group."""
    asked_of.join_group(ctx, name, group)
    return user_json(asked_of.one_user(ctx, name))


@router.delete("/people/{name}/groups/{group}")
def leave_group(ctx: Served, name: str, group: str) -> Json:
    """Take a user out of a group."""
    asked_of.leave_group(ctx, name, group)
    return user_json(asked_of.one_user(ctx, name))


@router.post("/groups/{group}/roles", status_code=201)
def give_group_role(ctx: Served, group: str, body: Role) -> Json:
    """Give a role to everybody in a group."""
    asked_of.give_role(ctx, body.given(), group=group)
    return asked_of.people(ctx).as_json()


@router.get("/tokens")
def read_tokens(ctx: Served, owner: str = "") -> Json:
    """Return the tokens of a user or of all; never the secrets."""
    return {"tokens": [asked_of.token_json(ctx, each) for each in asked_of.tokens(ctx, owner)]}


@router.post("/tokens", status_code=201)
def make_token(ctx: Served, body: TokenAsked) -> Json:
    """Make a token for whoever is signed in; `token` is told this once."""
    return {"token": asked_of.make_own_token(ctx, body.asked()), "name": body.name}


@router.delete("/tokens/{number}")
def revoke_token(ctx: Served, number: int) -> Json:
    """End a token: one's own, or with `people:change` anybody's."""
    asked_of.revoke_token(ctx, number)
    return {"revoked": number}


@router.get("/account")
def read_account(ctx: Served, request: Request) -> Json:
    """Return who is signed in, with their tokens and the form token of the session."""
    return {
        **user_json(own_user(ctx)),
        "tokens": [asked_of.token_json(ctx, each) for each in asked_of.own_tokens(ctx)],
        "form_token": request.state.form_token,
    }


@router.get("/account/looks")
def read_looks(ctx: Served) -> Json:
    """Return who looked at what one did oneself, the newest first."""
    return {"looks": [each.as_json() for each in looks_at_me(ctx)]}
