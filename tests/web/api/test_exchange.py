"""The log as a file from the API, and objects side by side."""

import pytest
from fastapi.testclient import TestClient

from opsgauge.governance import audit
from tests.conftest import Intake


@pytest.mark.row("ING-03")
@pytest.mark.parametrize(
    ("asked", "name", "start"),
    [
        ("", "desk-log.xes", b"<?xml"),
        ("?form=csv&view=interval", "desk-log.csv", b"case,activity,start,complete,resource"),
        ("?form=ocel-json", "desk-log.jsonocel", b'{"objects": ['),
        ("?form=ocel-sqlite", "desk-log.sqlite", b"SQLite format 3"),
    ],
)
def test_a_log_is_handed_out_and_noted(
    client: TestClient, desk: Intake, asked: str, name: str, start: bytes
) -> None:
    """Named after its source; the audit knows of it."""
    answer = client.get(f"/api/v1/export/log{asked}")

    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(start)
    assert name in answer.headers["content-disposition"]
    line = audit.lines(desk.context.database, limit=1, action="data:export")[0]
    assert line.subject.startswith("export of the log as")


@pytest.mark.parametrize("asked", ["form=pdf", "source=dask", "where=team=nobody"])
def test_what_cannot_be_handed_out_is_told(client: TestClient, asked: str) -> None:
    """As every other wrong question."""
    answer = client.get(f"/api/v1/export/log?{asked}")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


@pytest.mark.row("MAP-18")
def test_objects_are_an_answer_and_a_file(client: TestClient) -> None:
    """A desk without problems says so, and its times are of none."""
    answer = client.get("/api/v1/objects").json()

    assert answer["sentence"] == "No problem is on record, so there is no chain to follow."
    assert {row["n"] for row in answer["times"]} == {0}
    assert client.get("/api/v1/objects?format=csv").text.startswith("step,words,n,median_hours")
