"""Forms with files: streamed to disk, limited while they come, refused with a sentence."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.web.app import make_app
from opsgauge.web.given import MOST_FIELDS
from tests.conftest import MAPPING, Intake

ROWS = b"number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n"
BASE = "http://127.0.0.1:8787"


@pytest.fixture
def server(make_intake: object) -> tuple[TestClient, Path]:
    """Serve a workspace that takes 20 kB; return what asks it, and its uploads."""
    assert callable(make_intake)
    intake: Intake = make_intake('upload_limit = "20kB"')
    client = TestClient(make_app(Context(intake.workspace)), base_url=BASE)
    return client, intake.workspace.path / "inbox" / ".uploads"


def parts(folder: Path) -> list[Path]:
    """Return the files that were kept."""
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_file_comes_as_it_is(server: tuple[TestClient, Path]) -> None:
    """Every byte, under a tame name."""
    client, folder = server
    data = bytes(range(256)) * 60
    client.post("/import/uploads", files={"file": ("../x.csv", data)}, follow_redirects=False)

    [file] = parts(folder)
    assert file.read_bytes() == data
    assert file.name == "x.csv"


def test_a_file_above_the_limit_is_refused_while_it_comes(
    server: tuple[TestClient, Path],
) -> None:
    """Nothing of it is left; the setting is named."""
    client, folder = server
    answer = client.post("/api/v1/mapping-drafts", files={"file": ("x.csv", ROWS * 1000)})

    assert answer.status_code == 400
    assert "upload_limit" in answer.json()["error"]["message"]
    assert parts(folder) == []


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"text=x"),
        ({"content-type": "multipart/form-data"}, b"x"),
        ({"content-type": "multipart/form-data; boundary=b"}, b"no boundary here"),
        ({"content-type": "multipart/form-data; boundary=b"}, b"--b\r\nContent-Dispo"),
        (
            {"content-type": "multipart/form-data; boundary=b"},
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        ),
        ({}, b""),
    ],
)
def test_what_is_no_form_is_told(
    server: tuple[TestClient, Path], headers: dict[str, str], content: bytes
) -> None:
    """Never a traceback."""
    client, folder = server
    answer = client.post("/api/v1/imports", headers=headers, content=content)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]
    assert parts(folder) == []


def test_a_file_that_breaks_off_is_not_kept(server: tuple[TestClient, Path]) -> None:
    """Half an export is none."""
    client, folder = server
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
    answer = client.post(
        "/api/v1/mapping-drafts",
        headers={"content-type": "multipart/form-data; boundary=b"},
        content=head + ROWS,
    )

    assert answer.status_code == 400
    assert parts(folder) == []


def test_fields_are_short_and_few(server: tuple[TestClient, Path]) -> None:
    """A mapping is the longest of them."""
    client, _ = server
    long = client.post("/api/v1/imports", files={"text": (None, "x" * 1_000_001)})
    many = client.post("/api/v1/imports", files=named(MOST_FIELDS + 1))
    enough = client.post("/api/v1/imports", files=named(MOST_FIELDS))

    assert "too long" in long.json()["error"]["message"]
    assert "too many" in many.json()["error"]["message"]
    assert "too many" not in enough.json()["error"]["message"]


def named(count: int) -> dict[str, tuple[None, str]]:
    """Return so many short fields."""
    return {f"f{place}": (None, "x") for place in range(count)}


def test_a_field_may_come_from_a_file(server: tuple[TestClient, Path]) -> None:
    """As `curl -F text=@mine.yaml` sends it; only `file` is an upload."""
    client, folder = server
    sent: dict[str, tuple[str | None, bytes | str]] = {
        "text": ("mine.yaml", MAPPING),
        "name": (None, "desk"),
        "file": ("a.csv", ROWS),
    }
    answer = client.post("/api/v1/imports", files=sent)

    assert answer.json()["accepted"] == 1
    assert parts(folder) == []


def test_lines_of_a_text_area_are_lines(server: tuple[TestClient, Path]) -> None:
    """Browsers end them with two letters."""
    client, _ = server
    text = MAPPING.replace("\n", "\r\n")
    answer = client.post(
        "/api/v1/imports",
        files={"file": ("a.csv", ROWS), "text": (None, text), "name": (None, "desk")},
    )

    assert answer.json()["accepted"] == 1
    kept = server[1].parents[1] / "mappings" / "desk.yaml"
    assert kept.read_bytes() == MAPPING.encode()


@pytest.mark.parametrize(
    "path", ["/import/uploads", "/import/sync", "/api/v1/sync", "/api/v1/imports"]
)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"host": "evil.example"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_another_site_may_send_nothing(
    server: tuple[TestClient, Path], path: str, headers: dict[str, str]
) -> None:
    """Its page could send a form here from this machine's own browser."""
    client, folder = server
    answer = client.post(path, headers=headers, files={"file": ("x.csv", ROWS)})

    assert answer.status_code == 403
    assert parts(folder) == []
