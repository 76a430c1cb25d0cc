"""Until there is a user, only this machine's own pages are answered."""

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.web import serving
from opsgauge.web.app import make_app
from opsgauge.web.door import Door
from tests.conftest import Intake


@pytest.mark.parametrize("host", ["127.0.0.1:8787", "localhost:8787", "[::1]:8787", "localhost"])
def test_this_machine_is_answered(client: TestClient, host: str) -> None:
    """Under every name of loopback."""
    assert client.get("/api/v1/metrics", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8787", "", "192.168.0.7"]
)
def test_another_name_is_refused(client: TestClient, host: str) -> None:
    """A page of another site could point its own name here."""
    answer = client.get("/api/v1/metrics", headers={"host": host})

    assert answer.status_code == 403
    assert "metrics" not in answer.json()


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:8787", "http://127.0.0.1:9999"]
)
def test_a_page_of_another_site_is_refused(client: TestClient, origin: str) -> None:
    """Another scheme or port is another site."""
    answer = client.get("/api/v1/metrics", headers={"origin": origin})

    assert answer.status_code == 403


def test_an_own_page_may_ask(client: TestClient) -> None:
    """Same scheme, name and port."""
    answer = client.get("/api/v1/metrics", headers={"origin": "http://127.0.0.1:8787"})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/v1/metrics", "/static/look.css", "/nowhere"])
def test_every_answer_carries_the_headers_of_safety(client: TestClient, path: str) -> None:
    """No script from elsewhere, no frame, no guessing of types."""
    headers = client.get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_refusal_carries_them_too(client: TestClient) -> None:
    """Also what is refused is an answer."""
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "example.org", "::"])  # noqa: S104 - others
def test_another_address_than_loopback_asks_everybody_to_sign_in(
    desk: Intake, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Before there is a user, too: then a link is printed by which one is made."""
    monkeypatch.setattr(uvicorn.Server, "run", lambda server: None)
    monkeypatch.setattr(serving, "visit", lambda app, paths: None)
    served: list[FastAPI] = []

    def made(context: Context, door: Door) -> FastAPI:
        served.append(make_app(context, door))
        return served[0]

    monkeypatch.setattr(serving, "make_app", made)
    serving.serve(desk.context, host, 8787, lambda address, link: None)
    answer = TestClient(served[0], base_url="http://127.0.0.1:8787").get("/api/v1/metrics")

    assert answer.status_code == 401
    assert served[0].state.door.set_up is not None
