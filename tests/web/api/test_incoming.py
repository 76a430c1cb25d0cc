"""Drafts, imports and sync over the API."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from opsgauge.governance import access
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.warehouse.versions import import_lock
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.sources.draft import exports

ROWS = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n,,New,Desk,ann\n"
Form = dict[str, tuple[str | None, bytes | str]]  # a file by its name, a field without one
BASE = "http://127.0.0.1:8787"


@pytest.fixture
def client(intake: Intake) -> Iterator[TestClient]:
    """Serve an empty workspace."""
    with TestClient(make_app(Context(intake.workspace)), base_url=BASE) as asks:
        yield asks


def test_a_draft_is_tried_mended_and_imported(client: TestClient, intake: Intake) -> None:
    """The file is sent once."""
    sent: Form = {"file": ("list.csv", exports.german_list().encode())}
    made = client.post("/api/v1/mapping-drafts", files=sent).json()
    assert made["preview"]["unmapped"] == {"original_status": {"beim Kollegen": 6}}

    text = made["mapping"].replace("# beim Kollegen:", "beim Kollegen:")
    again: Form = {"upload": (None, made["upload"]), "text": (None, text)}
    tried = client.post("/api/v1/mapping-drafts", files=again).json()
    assert (tried["fault"], tried["preview"]["unmapped"]) == (None, {})

    done = client.post("/api/v1/imports", files=again | {"name": (None, "desk")}).json()
    assert (done["accepted"], done["rejected"], done["data_version"]) == (exports.MANY, 0, 1)
    assert client.get("/api/v1/tickets").json()["total"] == exports.MANY
    gone = client.post("/api/v1/mapping-drafts", files=again)
    assert (gone.status_code, gone.json()["error"]["kind"]) == (404, "UnknownName")


def test_a_fault_of_a_mapping_is_an_answer_when_it_is_tried(client: TestClient) -> None:
    """With its line; an import by it is refused."""
    sent: Form = {
        "file": ("list.csv", ROWS.encode()),
        "text": (None, MAPPING.replace("at", "att", 1)),
    }
    tried = client.post("/api/v1/mapping-drafts", files=sent)
    assert (tried.status_code, tried.json()["preview"]) == (200, None)
    assert tried.json()["fault"]["line"] > 0

    done = client.post("/api/v1/imports", files=sent | {"name": (None, "desk")})
    assert (done.status_code, done.json()["error"]["kind"]) == (400, "MappingWrong")


def test_a_file_is_imported_by_a_mapping_that_is_there(client: TestClient, intake: Intake) -> None:
    """With the reasons of what was refused."""
    (intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    sent: Form = {"file": ("list.csv", ROWS.encode()), "mapping": (None, "desk")}
    done = client.post("/api/v1/imports", files=sent).json()

    assert (done["read"], done["accepted"], done["rejected"]) == (2, 1, 1)
    assert done["reasons"] == {"number: the ticket has no number": 1}
    assert done["files"] == [
        {"file": "list.csv", "read": 2, "accepted": 1, "duplicate": 0, "rejected": 1}
    ]


@pytest.mark.parametrize(
    ("path", "fields", "said"),
    [
        ("mapping-drafts", {}, "holds no file"),
        ("imports", {"mapping": "desk"}, "holds no file"),
        ("mapping-drafts", {"upload": "nope"}, "here no longer"),
    ],
)
def test_what_is_lacking_is_told(
    client: TestClient, path: str, fields: dict[str, str], said: str
) -> None:
    """In a sentence."""
    sent: Form = {name: (None, value) for name, value in (fields | {"x": "y"}).items()}

    assert said in client.post(f"/api/v1/{path}", files=sent).json()["error"]["message"]


def test_a_file_without_tickets_is_told_and_not_kept(client: TestClient, intake: Intake) -> None:
    """Nothing is left of it."""
    answer = client.post("/api/v1/mapping-drafts", files={"file": ("a.csv", b"a,b\n1,2\n")})

    assert answer.status_code == 400
    assert not [*(intake.workspace.path / "inbox" / ".uploads").iterdir()]


def test_the_inbox_is_listed_and_synced(client: TestClient, intake: Intake) -> None:
    """What lies there, then what became of it."""
    (intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    (intake.workspace.path / "inbox" / "desk_1.csv").write_text(ROWS)
    listed = client.get("/api/v1/import").json()
    assert [(each["file"], each["mapping"]) for each in listed["files"]] == [("desk_1.csv", "desk")]

    [became] = client.post("/api/v1/sync").json()["files"]
    assert became == {
        "file": "desk_1.csv",
        "mapping": "desk",
        "state": "imported",
        "data_version": 1,
        "read": 2,
        "accepted": 1,
        "duplicate": 0,
        "rejected": 1,
        "message": "",
        "unmapped": 0,
    }


def test_another_import_that_runs_is_told(client: TestClient, intake: Intake) -> None:
    """With what to do."""
    sent: Form = {"file": ("a.csv", ROWS.encode()), "text": (None, MAPPING), "name": (None, "desk")}
    with import_lock(intake.context.warehouse):
        answer = client.post("/api/v1/imports", files=sent)

    assert answer.json()["error"]["kind"] == "ImportRunning"


def test_every_route_asks_for_the_right_to_import(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may only read gets nothing in, and nothing of the inbox out."""
    monkeypatch.setattr(access, "ROLES", {**access.ROLES, "nobody": frozenset()})
    for role in ("nobody", "viewer"):
        ctx = Context(intake.workspace, actor=everywhere("eve", role))
        client = TestClient(make_app(ctx), base_url=BASE)
        sent: Form = {"file": ("a.csv", ROWS.encode()), "mapping": (None, "desk")}
        for path in ("mapping-drafts", "imports", "sync"):
            assert client.post(f"/api/v1/{path}", files=sent).status_code == 403, path
        assert client.get("/api/v1/import").status_code == 403
    assert not (intake.workspace.path / "inbox" / ".uploads").exists()


def test_the_description_tells_what_a_form_holds(client: TestClient) -> None:
    """OpenAPI names the fields."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    body = paths["/api/v1/imports"]["post"]["requestBody"]["content"]["multipart/form-data"]

    assert set(body["schema"]["properties"]) == {
        "file",
        "upload",
        "text",
        "mapping",
        "name",
        "replace",
        "full",
        "yes_delete",
    }
