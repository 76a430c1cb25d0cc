"""Every route and every export, with every role: no hole through which others' records show."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import PeopleWrong
from opsgauge.foundation.settings import Workspace, make_workspace
from opsgauge.governance.access import NEVER_EVERYWHERE, ROLES, Actor, Assignment, decide
from opsgauge.governance.people import users
from opsgauge.metrics.load import load_catalogue
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.operations.people import Added, add_user
from opsgauge.operations.signing_in import sign_in
from opsgauge.web.app import make_app
from opsgauge.web.auth import HEADER
from opsgauge.web.door import form_token
from opsgauge.web.given import MOST_FIELDS
from tests.web.forms import forms
from tests.web.twins import MINE, theirs_alone, twins

BASE = "http://127.0.0.1:8787"
REACH = (Condition("vendor", (MINE,)),)
VENDOR = Actor("vic", (Assignment("vendor", REACH),))
CATALOGUE = load_catalogue()
# What says when and from what an answer was made, not what is in the records.
OF_THE_ANSWER = {"data_version", "loaded_at", "made_at", "seen_at", "version"}
# What shows nothing of the records, so that nobody needs a right to see it.
OF_NO_RECORDS = ("/search", "/account", "/sign-in", "/setup", "/api/v1/account")
PASSWORD = "correct horse battery"  # noqa: S105 - of users who live as long as a test
# Of an action that only some may do: a page that needs it.
NEEDS = {"version:read": "/api/v1/versions", "import:run": "/api/v1/import"}


@dataclass
class Twins:
    """Both workspaces as one actor is served them."""

    whole: TestClient
    mine: TestClient


def served(workspace: Workspace, actor: Actor, readers: Readers) -> TestClient:
    """Return a browser in which a user with the actor's roles is signed in."""
    ctx = Context(workspace, readers=readers)
    known = {user.name for user in users(ctx.database)}
    if not known:
        add_user(ctx, Added("root", password=PASSWORD, roles=(Assignment("administrator"),)))
    if actor.name not in known:
        add_user(ctx, Added(actor.name, password=PASSWORD, roles=actor.assignments))
    secret = sign_in(ctx, actor.name, PASSWORD, "127.0.0.1")
    app = make_app(ctx)
    return TestClient(
        app,
        base_url=BASE,
        raise_server_exceptions=False,
        cookies={app.state.door.cookie: secret},
        headers={HEADER: form_token(secret)},
        follow_redirects=False,
    )


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Workspace]:
    """Return the workspace with all tickets, and the one with the vendor's alone."""
    return twins(tmp_path_factory.mktemp("twins"))


@pytest.fixture(scope="module")
def readers() -> Readers:
    """Return what all browsers share, so that nothing is opened twice."""
    return Readers(in_memory=True, remember=True)


@pytest.fixture(scope="module")
def vendor(places: tuple[Workspace, Workspace], readers: Readers) -> Twins:
    """Return both workspaces in the hands of the vendor."""
    whole, mine = places
    return Twins(served(whole, VENDOR, readers), served(mine, VENDOR, readers))


@pytest.fixture(scope="module")
def own(places: tuple[Workspace, Workspace]) -> str:
    """Return the number of an incident of the vendor."""
    ctx = Context(places[1])
    tickets = ctx.tables.tickets
    rows = tickets.filter(tickets.practice == "incident").select("ticket_id").order_by("ticket_id")
    return str(ctx.opened().engine.run(rows.limit(1))["ticket_id"][0])


@pytest.fixture(scope="module")
def foreign(places: tuple[Workspace, Workspace]) -> frozenset[str]:
    """Return the numbers of others' tickets."""
    found = theirs_alone(places[0])
    assert len(found) > 100
    return found


def paths(app: FastAPI) -> dict[str, list[str]]:
    """Return every path, pages included, with its methods."""

    def walk(routes: list[Any]) -> Iterator[tuple[str, list[str]]]:
        for route in routes:
            if hasattr(route, "original_router"):
                yield from walk(route.original_router.routes)
            elif getattr(route, "methods", None):
                yield route.path, sorted(route.methods - {"HEAD"})

    found: dict[str, list[str]] = {}
    for path, methods in walk(list(app.routes)):
        found.setdefault(path, []).extend(methods)
    return found


def _nowhere() -> FastAPI:
    with TemporaryDirectory() as folder:
        return make_app(Context(make_workspace(Path(folder) / "none")))


APP = _nowhere()
EVERY = paths(APP)


def filled(path: str, values: dict[str, str]) -> str:
    """Return a path with its parts named; one that is not known here fails the test."""
    return re.sub(r"{(\w+)(:path)?}", lambda part: values[part[1]], path)


def _questions() -> tuple[str, ...]:
    """Return a metric of every kind over every table."""
    found: dict[object, str] = {}
    for metric in CATALOGUE:
        kinds = tuple((part.kind, part.definition.of) for part in metric.parts)
        found.setdefault((metric.kind, metric.definition.of, kinds), metric.name)
    return tuple(found.values())


# What each part of a path is filled with; a part that is not here fails the test.
VALUES = {
    "metric": ["time_to_resolve", "backlog"],
    "practice": ["incident"],
    "name": ["incident_resolution", "office"],
    "source": ["demo"],
    "ticket_id": ["{mine}", "{theirs}", "INC0"],
    "token": ["none"],
    "ref": ["none"],
    "number": ["1"],
    "group": ["north"],
}
# What can be asked of some metrics alone.
COMPARED = {"metric": ["time_to_resolve", "reassigned_share"]}
FITTING = {
    f"{stem}/metrics/{{metric}}/{end}": COMPARED
    for stem in ("", "/api/v1")
    for end in ("compare", "decompose")
}
# Beside its plain address, what a route is asked.
ASKED = {
    "/api/v1/metrics/{metric}/compare": ["?by=team", "?by=vendor&alike=priority"],
    "/api/v1/metrics/{metric}/decompose": ["?by=team", "?by=vendor&by=priority"],
    "/metrics/{metric}/compare": ["", "?by=vendor&alike=priority"],
    "/metrics/{metric}/decompose": ["", "?by=vendor"],
    "/api/v1/tickets": ["", "?limit=500", "?clock=incident_resolution", "?step=resolved"],
    "/api/v1/measure/{metric}": ["?by=vendor", "?by=team&period=month", "?format=csv"],
    "/api/v1/service-levels/{name}": ["", "?by=team", "?format=csv"],
    "/api/v1/map": ["", "?steps=team", "?steps=activity&format=csv"],
    "/api/v1/objects": ["", "?format=csv"],
    "/api/v1/export/log": ["?form=csv&view=interval", "", "?form=ocel-json"],  # the quickest first
    "/api/v1/map/compare": ["", "?steps=team", "?against_where=vendor=Globex"],
    "/map/compare": ["", "?steps=team"],
    "/api/v1/map/spectrum": ["", "?steps=phase&way_from=new&way_to=resolved"],
    "/api/v1/variants": ["?steps=phase", "?steps=team"],
    "/api/v1/causes": ["", "?outcome=breach", "?outcome=reopen&hours=4&also=vendor"],
    "/api/v1/causes/pareto": ["", "?by=vendor", "?by=team&measure=users"],
    "/api/v1/causes/recurring": ["", "?days=91"],
    "/causes/tickets": ["", "?of=priority=3 - Moderate"],
    "/search": ["?q={theirs}", "?q=Globex"],
    "/api/v1/published": ["?metric=backlog"],
    "/tickets": ["", "?limit=500"],
}
# A filter by what only others have: neither its numbers nor what it offers instead may tell.
FILTERS = ("where=vendor=Globex", "where=team=nobody")
FILTERED = ("/api/v1/home", "/api/v1/tickets", "/tickets", "/", "/tickets.csv", "/map")
UNASKED = ("/static", "/api/v1/openapi.json", "/sign-in/")
READ = tuple(
    path for path, methods in EVERY.items() if "GET" in methods and not path.startswith(UNASKED)
)
WRITTEN = tuple(
    (method, path) for path, methods in EVERY.items() for method in methods if method != "GET"
)
# What everybody may do for themselves, and what keeps nothing.
OF_ONES_OWN = ("/sign-in", "/sign-out", "/setup", "/account", "/api/v1/tokens", "/api/v1/diff/")


def addresses(path: str, mine: str, theirs: str) -> list[str]:
    """Return the addresses at which a path is asked."""
    names = re.findall(r"{(\w+)(?::path)?}", path)
    made = [
        filled(path, dict(zip(names, values, strict=True)))
        for values in product(*(FITTING.get(path, VALUES)[name] for name in names))
    ]
    asked = [one + each for one in made for each in ASKED.get(path, [""])]
    if path in FILTERED:
        asked += [f"{one}?{each}" for one in made for each in FILTERS]
    return [one.format(mine=mine, theirs=theirs) for one in asked]


def plain(value: Any) -> Any:
    """Return an answer without what says when and from what it was made."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name not in OF_THE_ANSWER}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return float(f"{value:.12g}")  # sums of fractions depend on the order of the rows
    return re.sub(r"Agent \d+", "Agent", value) if isinstance(value, str) else value


def told(answer: Response) -> Any:
    """Return what an answer says."""
    return plain(answer.json()) if "json" in answer.headers["content-type"] else answer.text


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize("name", _questions())
def test_a_vendors_number_is_as_if_there_were_no_others(vendor: Twins, name: str) -> None:
    """Of every kind of metric: the same rows, missing columns, notes and errors."""
    address = f"/api/v1/measure/{name}?by=vendor&period=month"
    whole, mine = vendor.whole.get(address), vendor.mine.get(address)
    assert whole.status_code == mine.status_code
    assert told(whole) == told(mine)


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize("path", READ)
def test_no_route_shows_a_vendor_others_records(
    vendor: Twins, foreign: frozenset[str], own: str, path: str
) -> None:
    """Neither a number of a ticket nor a name in any page, list, export or message.

    The API answers as if there were no other tickets, to the last digit.
    """
    for address in addresses(path, own, min(foreign)):
        whole, mine = vendor.whole.get(address), vendor.mine.get(address)
        assert whole.status_code == mine.status_code, address
        assert whole.status_code in (200, 303, 307, 400, 403, 404, 409), address
        shown = whole.text.replace(html.escape(address), "")
        assert not [each for each in foreign if each in shown and each not in address], address
        assert "Globex" in address or "Globex" not in shown, address
        if path.startswith("/api/") and not path.startswith(OF_NO_RECORDS):
            assert told(whole) == told(mine), address


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize(("role", "reach"), list(product(ROLES, ((), REACH))))
def test_every_route_answers_or_refuses_every_role(
    places: tuple[Workspace, Workspace],
    readers: Readers,
    own: str,
    role: str,
    reach: tuple[Condition, ...],
) -> None:
    """Whoever may read gets pages, whoever may not is told why; nobody meets an error of ours."""
    actor = Actor(f"{role}-{len(reach)}".replace(" ", "-"), (Assignment(role, reach),))
    if role in NEVER_EVERYWHERE and not reach:
        with pytest.raises(PeopleWrong):
            served(places[0], actor, readers)
        return
    client = served(places[0], actor, readers)
    for path in READ:
        address = addresses(path, own, "INC0")[0]
        answer = client.get(address)
        assert answer.status_code in (200, 303, 307, 403, 404, 409), address
        if answer.status_code == 403:
            assert "may not" in answer.text or "is needed" in answer.text, address
    for action, path in NEEDS.items():
        allowed = decide(actor, action).allowed
        assert client.get(path).status_code == (200 if allowed else 403), path


def test_every_form_of_every_page_can_be_sent(
    places: tuple[Workspace, Workspace], readers: Readers, own: str
) -> None:
    """Whole, by whoever may everything: none has more fields than are taken in."""
    client = served(places[0], Actor("adam", (Assignment("administrator"),)), readers)
    counts: dict[str, int] = {}
    for path in (each for each in READ if not each.startswith("/api/")):
        answer = client.get(addresses(path, own, "INC0")[0])
        if answer.headers.get("content-type", "").startswith("text/html"):
            sent = [each for each in forms(answer.text) if each.method == "post"]
            counts |= {f"{path}: {each.action}": each.count for each in sent}
    assert counts["/alerts: /alerts"] > 20
    assert {name: count for name, count in counts.items() if count > MOST_FIELDS} == {}


@pytest.mark.row("SEC-01")
def test_who_has_no_role_sees_nothing(
    places: tuple[Workspace, Workspace], readers: Readers, own: str
) -> None:
    """Being signed in opens no page of the records; not being so, none at all."""
    client = served(places[0], Actor("norole", ()), readers)
    stranger = TestClient(client.app, base_url=BASE, follow_redirects=False)
    for path in READ:
        address = addresses(path, own, "INC0")[0]
        if path != "/metrics" and not path.startswith(OF_NO_RECORDS):  # it leads to the catalogue
            assert client.get(address).status_code == 403, address
        if path not in ("/sign-in", "/setup"):
            asked = stranger.get(address)
            assert asked.status_code == (401 if path.startswith("/api/") else 303), address


def body(path: str, method: str) -> dict[str, Any]:
    """Return the least that a route takes, as its description has it."""
    told = APP.openapi()["paths"].get(re.sub(":path", "", path), {}).get(method.lower(), {})
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return {"files": {"file": ("a.csv", b"a,b\n1,2\n")}}
    name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    schema = APP.openapi()["components"]["schemas"][name]
    least = {"string": "x", "integer": 1, "number": 1.0, "boolean": True, "array": []}
    known = schema["properties"]
    return {"json": {each: least[known[each]["type"]] for each in schema.get("required", [])}}


@pytest.mark.row("SEC-01")
@pytest.mark.parametrize(("method", "path"), WRITTEN)
def test_who_may_only_read_changes_nothing(vendor: Twins, method: str, path: str) -> None:
    """Every route that changes something refuses a vendor, whatever is sent."""
    if path.startswith(OF_ONES_OWN):
        return
    address = addresses(path, "INC0", "INC0")[0]
    answer = vendor.whole.request(method, address, **body(path, method))
    assert answer.status_code == 403, (address, answer.text[:200])
    assert "may not" in answer.text or "is needed" in answer.text, address
