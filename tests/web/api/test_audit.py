"""The audit and published numbers over the API, and the audit's page."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.governance import audit
from opsgauge.governance.access import everywhere
from opsgauge.operations.context import Context
from opsgauge.operations.opened import Readers
from opsgauge.web.api import routes
from opsgauge.web.app import make_app
from tests.conftest import Intake
from tests.web.conftest import LOG

API = "/api/v1"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import sixty tickets, and write lines of two actors."""
    held = Intake(tmp_path_factory.mktemp("told"))
    held.takes(LOG)
    ctx = held.context
    for name in ("ana", "<b>bob</b>"):
        actor = everywhere(name, "analyst")
        audit.append(ctx.database, ctx.clock, actor, "import:run", "=cmd()", before="<i>", why="-1")
    yield held
    held.close()


def client_of(told: Intake, role: str = "") -> TestClient:
    """Return a browser, whose user has a role."""
    context = Context(told.workspace, readers=Readers())
    if role:
        context = Context(told.workspace, everywhere("eve", role), readers=Readers())
    return TestClient(
        make_app(context), base_url="http://127.0.0.1:8787", raise_server_exceptions=False
    )


@pytest.mark.row("GOV-07")
def test_lines_are_paged_and_chosen(told: Intake) -> None:
    """By number, and by who did what to which thing."""
    client = client_of(told)
    every = client.get(f"{API}/audit").json()
    assert every["older"] is None
    numbers = [line["number"] for line in every["lines"]]
    assert numbers == sorted(numbers, reverse=True)
    first = client.get(f"{API}/audit?limit=1").json()
    rest = client.get(f"{API}/audit?before={first['older']}").json()
    assert [*first["lines"], *rest["lines"]] == every["lines"]
    [line] = client.get(f"{API}/audit", params={"actor": "ana", "subject": "=cmd()"}).json()[
        "lines"
    ]
    assert (line["before"], line["why"], line["action"]) == ("<i>", "-1", "import:run")
    for wrong in ("before=0", "limit=0", "limit=5001", "before=x"):
        assert client.get(f"{API}/audit?{wrong}").status_code == 400


@pytest.mark.row("SEC-04")
def test_an_export_computes_nothing_when_opened_and_is_noted(told: Intake) -> None:
    """Text that begins like a formula is marked as text; the audit says who took it away."""
    client = client_of(told)
    answer = client.get(f"{API}/audit?format=csv&actor=ana")
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["subject"], row["why"], row["before"]) == ("'=cmd()", "'-1", "<i>")
    assert 'filename="audit.csv"' in answer.headers["content-disposition"]
    [line] = client.get(f"{API}/audit?action=audit:read&limit=1").json()["lines"]
    assert (line["subject"], line["after"]["actor"]) == ("export of the audit", "ana")


EXPORTS = (  # with how many rows
    (f"{API}/measure/tickets_opened", "by=team&where=team=Desk|Network&format=csv", 1),
    (f"{API}/chart/tickets_opened", "period=day&format=csv", 28),
    (f"{API}/changes-before/T1", "format=csv", 0),
    ("/tickets.csv", "where=team=Desk&limit=1", 60),
)


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize(("path", "query", "rows"), EXPORTS)
def test_what_is_taken_away_is_noted(told: Intake, path: str, query: str, rows: int) -> None:
    """Who, what, with which filters, how many rows of which data; a look is none."""
    client = client_of(told, "administrator")

    def noted() -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = client.get(f"{API}/audit?action=data:export").json()["lines"]
        return lines

    before = len(noted())
    for look in (f"{API}/measure/tickets_opened?by=team", f"{API}/tickets?limit=200"):
        assert client.get(look).status_code == 200
    assert len(noted()) == before
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    [line] = noted()[: len(noted()) - before]
    assert (line["actor"], line["after"]["rows"]) == ("eve", rows)
    assert len(answer.text.splitlines()) == rows + 1
    assert line["after"]["data_version"] == 1
    assert line["after"].get("where") in (None, "team=Desk", "team=Desk|Network")
    assert "format" not in line["after"]


@pytest.mark.row("GOV-07")
def test_a_long_list_is_taken_away_in_json_too(
    told: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One longer than people read."""
    monkeypatch.setattr(routes, "MOST_REMEMBERED", 59)
    client = client_of(told, "administrator")
    assert len(client.get(f"{API}/tickets?limit=60").json()["rows"]) == 60
    [line] = client.get(f"{API}/audit?action=data:export&limit=1").json()["lines"]
    assert (line["subject"], line["after"]["rows"]) == ("export of tickets as JSON", 60)


@pytest.mark.row("GOV-07")
def test_what_cannot_be_noted_is_not_handed_out(
    told: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row leaves without a line."""

    def full(*_: object, **__: object) -> None:
        raise RecordsDamaged("The audit has lost its end.")

    monkeypatch.setattr(audit, "append", full)
    answer = client_of(told).get("/tickets.csv")
    assert answer.status_code >= 400
    assert "T1" not in answer.text


@pytest.mark.row("GOV-07")
def test_the_verdict_is_told(told: Intake) -> None:
    """Against a hash kept elsewhere, too."""
    client = client_of(told)
    verdict = client.get(f"{API}/audit/verdict").json()
    assert verdict["holds"] is True
    assert client.get(f"{API}/audit/verdict?expect={verdict['last_hash']}").json() == verdict
    assert client.get(f"{API}/audit/verdict?expect={'0' * 63}1").json()["fault"] == "rewritten"
    assert client.get(f"{API}/audit/verdict?expect=x").status_code == 400


def test_the_page_shows_names_as_text_and_the_verdict(told: Intake) -> None:
    """A name with signs of HTML stays a name; each leads to the lines of the same."""
    client = client_of(told)
    page = client.get("/audit").text
    assert "&lt;b&gt;bob&lt;/b&gt;" in page
    assert "<b>bob</b>" not in page
    assert "Verify the whole chain" in page
    assert "are as they were written" in client.get("/audit?verify=yes").text
    mine = client.get("/audit?actor=ana").text
    assert "bob" not in mine
    assert "As CSV" in mine
    assert client.get("/audit?limit=1").text.count("Older lines") == 1


@pytest.mark.parametrize("path", ["/audit", f"{API}/audit", f"{API}/audit/verdict"])
@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("auditor", 200)])
def test_only_who_may_reads_the_audit(told: Intake, path: str, role: str, status: int) -> None:
    """By the roles' table."""
    assert client_of(told, role).get(path).status_code == status


@pytest.mark.row("GOV-08")
def test_a_number_is_published_and_computed_again(told: Intake) -> None:
    """Over the API: made, listed, read, recomputed; an unknown ref is not found."""
    client = client_of(told)
    asked = {"metric": "tickets_opened", "period": "week", "by": "team", "place": "dashboard"}
    made = client.post(f"{API}/published", params=asked)
    assert made.status_code == 201
    kept = made.json()
    measured = client.get(f"{API}/measure/tickets_opened?period=week&by=team").json()
    assert kept["answer"] == measured
    assert client.get(f"{API}/published").json()["published"][0] == kept
    assert client.get(f"{API}/published/{kept['ref']}").json() == kept
    again = client.get(f"{API}/published/{kept['ref']}/recomputed").json()
    assert (again["named"]["same"], again["newest"]["same"]) == (True, True)
    assert again["published"] == kept
    assert client.get(f"{API}/published/N-999/recomputed").status_code == 404
    assert client.post(f"{API}/published", params={"metric": "nonsense"}).status_code == 404
    assert client.post(f"{API}/published").status_code == 400
    for role, status in (("viewer", 403), ("auditor", 403), ("analyst", 201)):
        assert client_of(told, role).post(f"{API}/published", params=asked).status_code == status
