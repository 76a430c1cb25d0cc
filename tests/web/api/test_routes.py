"""The API: every route answers, and what cannot be answered says why."""

from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from opsgauge.governance import access
from opsgauge.governance.access import everywhere
from opsgauge.log.tables import TICKETS
from opsgauge.operations.context import Context
from opsgauge.web.api.routes import router
from opsgauge.web.app import make_app
from tests.conftest import Intake

READ = [
    "/home",
    "/metrics",
    "/catalogue",
    "/catalogue/used?days=30",
    "/metrics/backlog?period=week",
    "/measure/time_to_resolve?by=team&period=week",
    "/chart/tickets_opened?period=day",
    "/explain/reopened_share",
    "/map?steps=team",
    "/variants?steps=phase",
    "/findings",
    "/descriptions",
    "/tickets",
    "/tickets?metric=time_to_resolve",
    "/tickets/desk/T1",
    "/changes-before/T1?source=desk&hours=24",
    "/checks",
    "/versions",
    "/deleted",
    "/metrics/backlog/restated?period=week",
    "/requests",
    "/objects",
    "/requests/orders",
    "/scorecards/incident",
    "/scorecards/incident/measured",
    "/calendars",
    "/calendars/always?year=2026",
    "/service-levels",
    "/service-levels/in_time?part=phase",
]
PATHS = {route.path for route in router.routes if isinstance(route, APIRoute)}
PERSONS = [column.name for column in TICKETS.columns if column.person]


@pytest.mark.parametrize("path", READ)
def test_a_route_answers(client: TestClient, path: str) -> None:
    """With its data version, where it speaks of data."""
    answer = client.get(f"/api/v1{path}")

    assert answer.status_code == 200, answer.text
    assert answer.json()


def test_every_route_was_tried() -> None:
    """A new route is added to the list above."""
    paths = {path.removeprefix("/api/v1") for path in PATHS}
    tried = {path.partition("?")[0].rsplit("/", 1)[0] or path for path in READ}

    untried = {
        path
        for path in paths
        if path not in READ and path.partition("/{")[0] not in tried | set(READ)
    }
    assert not untried - {each.partition("?")[0] for each in READ}


def test_the_published_description_names_every_route(client: TestClient) -> None:
    """OpenAPI at a fixed address."""
    described = client.get("/api/v1/openapi.json").json()

    assert {path.replace("{ticket_id}", "{ticket_id:path}") for path in described["paths"]} >= PATHS


@pytest.mark.parametrize(
    ("path", "status", "kind", "hint"),
    [
        ("/measure/time_to_resolv", 404, "UnknownMetric", "time_to_resolve"),
        ("/measure/backlog?by=teem", 404, "UnknownColumn", "team"),
        ("/measure/backlog?period=fortnight", 400, "QueryWrong", ""),
        ("/measure/backlog?from=yesterday", 400, "QueryWrong", "2026-01-31"),
        ("/measure/backlog?where=team", 400, "QueryWrong", "team="),
        ("/measure/major_share", 409, "ColumnsMissing", "major"),
        ("/tickets/desk/nope", 404, "UnknownTicket", ""),
        ("/tickets?sort=evil;drop", 400, "QueryWrong", ""),
        ("/variants?limit=0", 400, "QueryWrong", ""),
        ("/map?steps=person", 404, "UnknownColumn", ""),
        ("/versions?data_version=x", 400, "QueryWrong", ""),
        ("/measure/backlog?data_version=99", 404, "UnknownVersion", "1 to 1"),
        ("/chart/time_to_close?period=year", 409, "ColumnsMissing", "closed_at"),
        ("/chart/backlog?period=year", 400, "TooFewPoints", ""),
        ("/nowhere", 404, "UnknownName", ""),
    ],
)
def test_what_cannot_be_answered_says_why(
    client: TestClient, path: str, status: int, kind: str, hint: str
) -> None:
    """What, where, and the next thing to try; never a traceback."""
    answer = client.get(f"/api/v1{path}")

    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["kind"] == kind
    assert hint in error["hint"]
    assert error["message"]


@pytest.mark.parametrize("person", [*PERSONS, "actor"])
@pytest.mark.parametrize("way", ["by={}", "where={}=Agent 1"])
def test_no_number_is_split_by_person(client: TestClient, person: str, way: str) -> None:
    """Neither as a dimension nor as a filter, nor for a list of tickets."""
    for path in ("/measure/tickets_opened?", "/tickets?metric=backlog&", "/map?"):
        if path == "/map?" and way.startswith("by"):
            continue
        answer = client.get(f"/api/v1{path}{way.format(person)}")

        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["error"]["kind"] == "PersonSplit"


@pytest.mark.parametrize("period", ["all", "week"])
@pytest.mark.parametrize(
    "metric", ["tickets_opened", "time_to_resolve", "backlog", "backlog_age", "reassigned_share"]
)
def test_a_list_is_as_long_as_its_n(client: TestClient, metric: str, period: str) -> None:
    """Behind every number stand as many tickets as its n says."""
    rows: list[dict[str, Any]] = client.get(
        f"/api/v1/measure/{metric}", params={"period": period, "by": "team"}
    ).json()["rows"]
    assert rows

    for row in rows:
        team = row["by"]["team"] or ""
        params = {"metric": metric, "period": period, "by": "team", "at": row["period"]}
        listed = client.get("/api/v1/tickets", params={**params, "value": f"team={team}"}).json()
        assert listed["total"] == row["n"], row


def test_an_older_version_is_read(client: TestClient) -> None:
    """By its number in the address."""
    answer = client.get("/api/v1/measure/backlog?data_version=1").json()

    assert answer["data_version"] == 1


def test_every_route_asks_for_a_right(desk: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no right at all, nothing is told."""
    monkeypatch.setattr(access, "ROLES", {**access.ROLES, "nobody": frozenset()})
    nobody = Context(desk.context.workspace, actor=everywhere("eve", "nobody"))
    browser = TestClient(make_app(nobody), base_url="http://127.0.0.1")

    for path in READ:
        answer = browser.get(f"/api/v1{path}")
        assert answer.status_code == 403, (path, answer.text)
        assert answer.json()["error"]["kind"] == "NotAllowed"
