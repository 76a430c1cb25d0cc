"""What sign-in and a role's part of the records add to a page.

One server within this process answers the same page of the demo's desk by turns: to this machine's
own user where there is no user, to somebody signed in whose role is for one team, and to a program
with a token. Each turn looks its session up in the records (nothing is held from the turn before),
so it is the most that a page can be slower by.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from bench.measuring import Bound, Result
from bench.pages import QUICK_TICKETS, make_demo
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance.access import Assignment
from opsgauge.governance.passwords import ARGON2
from opsgauge.governance.people_changes import By, NewUser, make_user
from opsgauge.governance.tokens import NewToken
from opsgauge.operations.choices import values_of
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.operations.people import make_token
from opsgauge.web.app import make_app

BASE = "http://127.0.0.1:8787"
PAGES = ("/calendars", "/metrics/backlog", "/tickets")
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
TURNS, QUICK_TURNS = 200, 10
MOST_MS = 5.0


def sign_in(quick: bool) -> Result:
    """Ask for the same pages by turns, without and with sign-in."""
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-sign-in-"))
    try:
        make_demo(folder / "demo", QUICK_TICKETS if quick else 20_000)
        alone = Context(open_workspace(folder / "demo"), readers=Readers(True, True))
        shutil.copytree(folder / "demo", folder / "people")
        people = Context(open_workspace(folder / "people"), readers=Readers(True, True))
        taken = _by_turns(alone, people, QUICK_TURNS if quick else TURNS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bounds = []
    for page in PAGES:
        for who in ("session", "token"):
            for share in (50, 95):
                added = _ms(taken[f"{page} {who}"], share) - _ms(taken[f"{page} alone"], share)
                bounds.append(Bound(f"{page}, {who}: p{share} added, ms", added, MOST_MS))
    notes = {
        name: {"p50 ms": _ms(each, 50), "p95 ms": _ms(each, 95)} for name, each in taken.items()
    }
    return Result("sign_in", taken, bounds, notes)


def _by_turns(alone: Context, people: Context, turns: int) -> dict[str, list[float]]:
    apps = {"alone": make_app(alone), "people": make_app(people)}
    clients = {
        "alone": TestClient(apps["alone"], base_url=BASE),
        **_signed_in(people, apps["people"]),
    }
    taken: dict[str, list[float]] = {f"{page} {who}": [] for page in PAGES for who in clients}
    for turn in range(turns + 3):
        for page in PAGES:
            for who, client in clients.items():
                apps["people"].state.door.keeper.forget()
                start = time.perf_counter()
                answer = client.get(page)
                spent = time.perf_counter() - start
                if answer.status_code != 200:
                    raise RuntimeError(f"{page}, {who}: {answer.status_code} {answer.text[:300]}")
                if turn >= 3:  # the first ones compile what all later ones take
                    taken[f"{page} {who}"].append(spent)
    return taken


def _signed_in(ctx: Context, app: FastAPI) -> dict[str, TestClient]:
    by = By(ctx.database, ctx.clock, ctx.actor)
    make_user(by, NewUser("root", roles=(Assignment("administrator"),)))
    team = next(each.value for each in values_of(ctx, "team") if each.value)
    for number in range(200):
        given = (Assignment("viewer", (Condition("team", (str(team),)),)),)
        kept = ARGON2.make(PASSWORD) if number == 0 else None
        make_user(by, NewUser(f"user{number}", password_hash=kept, roles=given))
    actions = ("metric:read", "chart:read", "ticket:read", "calendar:read", "catalogue:read")
    token = make_token(ctx, "user0", NewToken("bench", (*actions, "check:read"), 30))
    browser = TestClient(app, base_url=BASE)
    fields = {"name": (None, "user0"), "password": (None, PASSWORD)}
    browser.post("/sign-in", files=fields, follow_redirects=False)
    return {
        "session": browser,
        "token": TestClient(app, base_url=BASE, headers={"Authorization": f"Bearer {token}"}),
    }


def _ms(seconds: list[float], share: int) -> float:
    """Return a percentile, in milliseconds."""
    return round(statistics.quantiles(seconds, n=100, method="inclusive")[share - 1] * 1000, 2)
