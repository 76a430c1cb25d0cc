"""A desk with people behind its door, for tests of sign-in."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from opsgauge.foundation.agreed import Condition
from opsgauge.governance.access import Assignment
from opsgauge.governance.passwords import ARGON2
from opsgauge.governance.people_changes import By, NewUser, make_user
from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from opsgauge.web.door import make_door

BASE = "http://127.0.0.1:8787"
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
ROLES = {
    "root": Assignment("administrator"),
    "ana": Assignment("viewer", (Condition("team", ("Desk",)),)),
    "nora": Assignment("viewer", (Condition("team", ("Network",)),)),
    "otto": Assignment("process owner"),
    "imp": Assignment("analyst"),
}
ALIASES = {"ana": "Agent 1", "otto": "Agent 2"}


def add_people(ctx: Context) -> None:
    """Make a user of each role that tests need."""
    by = By(ctx.database, ctx.clock, ctx.actor)
    kept = ARGON2.make(PASSWORD)
    for name, role in ROLES.items():
        alias = ALIASES.get(name, "")
        make_user(by, NewUser(name, alias=alias, password_hash=kept, roles=(role,)))


def guarded(ctx: Context, people: bool = False, **settings: object) -> FastAPI:
    """Return the application of a workspace with other settings."""
    told = ctx.workspace.settings.model_validate(
        {**ctx.workspace.settings.model_dump(), **settings}
    )
    other = replace(ctx, workspace=replace(ctx.workspace, settings=told))
    return make_app(other, make_door(other, people))


def browser(app: FastAPI, base: str = BASE) -> TestClient:
    """Return a browser without a session, which follows no redirect by itself."""
    return TestClient(app, base_url=base, follow_redirects=False, raise_server_exceptions=False)


def form(**fields: str) -> dict[str, tuple[None, str]]:
    """Return fields as a browser sends a form."""
    return {name: (None, value) for name, value in fields.items()}


def sign_in(client: TestClient, name: str, password: str = PASSWORD, next_: str = "/") -> int:
    """Sign in; return the status."""
    sent = form(name=name, password=password, next=next_)
    return client.post("/sign-in", files=sent).status_code


def token_of(client: TestClient) -> str:
    """Return the form token of the session."""
    token: str = client.get("/api/v1/account").json()["form_token"]
    return token
