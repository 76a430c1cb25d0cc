"""People over the API: whole bodies, told faults, and looks that reach the person."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from tests.conftest import Intake
from tests.web.conftest import LOG
from tests.web.people import PASSWORD, add_people, browser, guarded, sign_in, token_of

Json = dict[str, Any]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Serve a desk with people, where persons are shown."""
    held = Intake(tmp_path_factory.mktemp("people-api"))
    held.takes(LOG)
    ctx = Context(held.workspace, readers=Readers(remember=True))
    add_people(ctx)
    yield guarded(ctx, person_level=True)
    ctx.database.close()
    held.close()


@pytest.fixture
def boss(app: FastAPI) -> TestClient:
    """Return an administrator's program: a session that sends its form token."""
    client = browser(app)
    sign_in(client, "root")
    client.headers["X-Opsgauge-Form-Token"] = token_of(client)
    return client


@pytest.mark.row("SEC-03")
def test_a_user_is_made_changed_and_shut_out(boss: TestClient) -> None:
    """With roles and groups; what is told never holds a password."""
    made = boss.post(
        "/api/v1/people",
        json={
            "name": "Kim",
            "password": PASSWORD,
            "alias": "Agent 9",
            "roles": [{"role": "viewer", "reach": ["team=Desk|Network"]}],
        },
    )
    assert made.status_code == 201
    [role] = made.json()["roles"]
    assert (role["role"], role["reach"]) == ("viewer", {"team": ["Desk", "Network"]})
    assert boss.put("/api/v1/people/kim/groups/Night%20shift").json()["groups"] == ["Night shift"]
    asked: Json = {"role": "vendor", "reach": ["vendor=Acme"]}
    assert boss.post("/api/v1/groups/Night%20shift/roles", json=asked).status_code == 201
    assert len(boss.get("/api/v1/people/kim").json()["roles"]) == 2
    assert boss.delete(f"/api/v1/roles/{role['id']}").status_code == 200
    assert boss.delete("/api/v1/people/kim/groups/Night%20shift").json()["roles"] == []
    changed = boss.patch("/api/v1/people/kim", json={"shown": "Kim K.", "active": False}).json()
    assert (changed["shown"], changed["alias"], changed["active"]) == ("Kim K.", "Agent 9", False)
    assert "hash" not in boss.get("/api/v1/people").text


@pytest.mark.row("GOV-01")
def test_where_somebody_is_shut_out_stands_what_they_answer_for(boss: TestClient) -> None:
    """With who could take it; afterwards the list of users and the owners say that they left."""
    made = boss.post("/api/v1/people", json={"name": "gail", "password": PASSWORD})
    assert made.status_code == 201
    assert "answers for" not in boss.get("/people/gail").text
    owner = {"kind": "metric", "subject": "backlog", "part": "owner", "person": "Gail"}
    assert boss.post("/api/v1/owners", json=owner).status_code == 201
    page = boss.get("/people/gail").text
    assert "gail answers for 1 thing" in page
    assert "otto, root</span>" in page
    assert "see what they answer for" in page
    assert "owned by somebody who left" not in boss.get("/people").text
    assert boss.patch("/api/v1/people/gail", json={"active": False}).status_code == 200
    assert "1 thing is owned by somebody who left" in boss.get("/people").text
    assert "1 metric has an owner who left" in boss.get("/owners").text


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/people", {"name": "root"}, 400, "already"),
        ("/people", {"name": "ana "}, 400, "already"),
        ("/people", {"name": "<script>"}, 400, "cannot be the name"),
        ("/people", {"name": "lee", "password": "short"}, 400, "12 characters"),
        ("/people", {"name": "lee", "password": "x" * 1_000_000}, 400, "2000"),
        ("/people", {"name": "lee", "roles": [{"role": "boss"}]}, 400, "no role"),
        ("/people", {"name": "lee", "roles": [{"role": "vendor"}]}, 400, "part of the records"),
        ("/people", {"name": "lee", "admin": True}, 400, "Extra inputs"),
        ("/people", {"name": 7}, 400, "string"),
        ("/people", [], 400, "dictionary"),
        ("/people/nobody-here/roles", {"role": "viewer"}, 404, "no user"),
        ("/people/ana/roles", {"role": "viewer", "reach": ["assignee=Agent 1"]}, 400, "assignee"),
        ("/people/ana/password", {"password": "ana-ana-2026!"}, 400, "name"),
        ("/tokens", {"name": "ci", "actions": ["all"], "days": 1}, 400, "no action"),
        ("/tokens", {"name": "ci", "actions": ["metric:read"], "days": 9**9}, 400, "366"),
        ("/tokens", {"name": "ci", "actions": ["metric:read"], "days": True}, 400, "integer"),
    ],
)
def test_what_cannot_be_is_told(
    boss: TestClient, path: str, body: Json | list[Json], status: int, said: str
) -> None:
    """As a sentence, with the status that fits; a password is never given back."""
    answer = boss.post(f"/api/v1{path}", json=body)

    assert answer.status_code == status
    assert said in answer.json()["error"]["message"] + answer.json()["error"]["hint"]
    assert "ana-ana-2026" not in answer.text


@pytest.mark.row("SEC-02")
def test_a_look_reaches_the_person(app: FastAPI) -> None:
    """Whoever may see persons does, others do not, and the one who was looked at is told."""
    told = {}
    for name in ("otto", "ana"):
        client = browser(app)
        sign_in(client, name)
        told[name] = client.get("/api/v1/tickets/desk/T1").text
    app.state.looks.flush()
    looked = browser(app)
    sign_in(looked, "ana")  # she is Agent 1 in the records
    looks = looked.get("/api/v1/account/looks").json()["looks"]

    assert "Agent 1" in told["otto"]
    assert "Agent" not in told["ana"]
    assert {(each["actor"], each["place"]) for each in looks} == {("otto", "ticket T1 of desk")}
    assert "ticket T1 of desk" in looked.get("/account").text


def test_persons_are_in_no_list_file(app: FastAPI) -> None:
    """Nor on the page of a ticket for those who may not see them."""
    client = browser(app)
    sign_in(client, "ana")

    for path in ("/tickets.csv", "/tickets", "/tickets/desk/T1", "/api/v1/tickets"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "Agent" not in answer.text
