"""The import pages as plain forms: give a file, see its draft, mend it, keep it, import."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from opsgauge.operations.context import Context
from opsgauge.operations.inbox import INBOX
from opsgauge.warehouse.versions import import_lock
from opsgauge.web.app import make_app
from tests.conftest import MAPPING, Intake
from tests.sources.draft import exports
from tests.web.pages.conftest import Read

BASE = "http://127.0.0.1:8787"
HOSTILE = '<script>alert("1")</script>'


class Visit:
    """Somebody at the import pages, without a script."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.asks = TestClient(make_app(Context(intake.workspace)), base_url=BASE)

    def give(self, text: str, name: str = "list.csv") -> Read:
        """Upload a file; return the page one is led to."""
        answer = self.asks.post("/import/uploads", files={"file": (name, text.encode())})
        return Read(answer.text, answer.status_code)

    def send(self, page: Read, action: str, **fields: str) -> Read:
        """Send the form of a page; return what comes back."""
        answer = self.asks.post(
            action, files={name: (None, value) for name, value in fields.items()}
        )
        return Read(answer.text, answer.status_code)

    def mapping(self, page: Read) -> str:
        """Return the mapping in the text area."""
        [text] = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", page.source, re.DOTALL)
        return unescape(text)

    def action(self, page: Read, ends: str) -> str:
        """Return where a button or form of a page leads."""
        places = [given.get("formaction") or given.get("action", "") for _, given in page.tags]
        return next(place for place in places if place.endswith(ends))


@pytest.fixture
def visit(intake: Intake) -> Visit:
    """Return somebody at an empty workspace."""
    return Visit(intake)


@pytest.mark.row("ING-01")
def test_from_a_file_to_its_tickets(visit: Visit) -> None:
    """Upload, draft, edit a state, try, keep and import."""
    draft = visit.give(exports.german_list(), "Störungen.csv")
    assert (
        draft.headline == f"{exports.MANY} tickets from the {exports.MANY} records of Störungen.csv"
    )
    assert "beim Kollegen" in draft.words
    text = visit.mapping(draft).replace("# beim Kollegen: ", "beim Kollegen: ")

    tried = visit.send(draft, visit.action(draft, "/try"), text=text, name="calls")
    assert (tried.status, "Words without a mapping" in tried.words) == (200, False)
    assert visit.mapping(tried) == text
    assert 'value="calls"' in tried.source

    done = visit.send(tried, visit.action(tried, "/keep"), text=text, name="calls")
    assert done.headline == f"{exports.MANY} records of Störungen.csv are data version 1 now"
    assert (visit.intake.workspace.path / "mappings" / "calls.yaml").read_text() == text
    home = Read(visit.asks.get("/").text)
    assert "No tickets have been imported yet" not in home.words
    assert visit.intake.rows("SELECT count(*) FROM tickets") == [(exports.MANY,)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("offen: new", "offen: nw", "Did you mean 'new'"),
        ("team: Bearbeitergruppe", "team: Bearbeitergrup", "Did you mean 'Bearbeitergruppe'"),
        ("shape: tickets", "shape: [", "no YAML"),
    ],
)
def test_a_fault_is_shown_with_its_line_and_nothing_typed_is_lost(
    visit: Visit, old: str, new: str, said: str
) -> None:
    """When it is tried and when it is kept; nothing is written then."""
    draft = visit.give(exports.german_list())
    text = visit.mapping(draft).replace(old, new, 1)
    for action in ("/try", "/keep"):
        page = visit.send(draft, visit.action(draft, action), text=text, name="mine")
        assert said in page.words
        assert re.search(r"Line \d+", page.words)
        assert visit.mapping(page) == text
        assert 'value="mine"' in page.source
    assert visit.intake.context.workspace.path.joinpath("warehouse").exists()


def test_another_mapping_of_that_name_is_not_written_over(visit: Visit) -> None:
    """Unless one says so."""
    kept = visit.intake.workspace.path / "mappings" / "desk.yaml"
    kept.write_text(MAPPING)
    draft = visit.give(exports.german_list())
    text, keep = visit.mapping(draft), visit.action(draft, "/keep")
    refused = visit.send(draft, keep, text=text, name="desk")
    assert (refused.status, kept.read_text()) == (400, MAPPING)
    assert "says something else" in refused.words

    done = visit.send(draft, keep, text=text, name="desk", replace="yes")
    assert (done.status, kept.read_text()) == (200, text)


def test_the_next_export_is_imported_by_the_mapping_that_is_there(visit: Visit) -> None:
    """The page offers the one that the file's name says."""
    (visit.intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    rows = "number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\nT2,soon,New,Desk,ann\n"
    draft = visit.give(rows, "desk_2.csv")
    assert "Its name says that it belongs to desk" in draft.words

    done = visit.send(draft, visit.action(draft, "/by"), mapping="desk")
    assert "at: the moment cannot be read" in done.words
    assert "/checks#rejected_records" in [link.href for link in done.links]


def test_a_mapping_that_does_not_fit_is_told(visit: Visit) -> None:
    """The file is kept, and its draft shown again."""
    (visit.intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    draft = visit.give(exports.german_list())
    page = visit.send(draft, visit.action(draft, "/by"), mapping="desk")

    assert page.status == 400
    assert "no column 'number'" in page.words
    assert visit.mapping(page)


def test_another_import_that_runs_is_told_plainly(visit: Visit) -> None:
    """For a file and for the inbox; both can be tried again."""
    draft = visit.give(exports.german_list())
    fields = {"text": visit.mapping(draft), "name": "calls"}
    (visit.intake.workspace.path / INBOX / "calls.csv").write_text(exports.german_list())
    (visit.intake.workspace.path / "mappings" / "calls.yaml").write_text(fields["text"])
    with import_lock(visit.intake.context.warehouse):
        kept = visit.send(draft, visit.action(draft, "/keep"), **fields)
        synced = visit.send(draft, "/import/sync", x="y")
    for page in (kept, synced):
        assert page.status == 400
        assert "Another import is running" in page.words

    assert visit.send(draft, visit.action(draft, "/keep"), **fields).status == 200


def test_the_inbox_is_shown_and_synced(visit: Visit) -> None:
    """Each file with its mapping, then with what became of it."""
    (visit.intake.workspace.path / "mappings" / "desk.yaml").write_text(MAPPING)
    inbox = visit.intake.workspace.path / INBOX
    (inbox / "desk_1.csv").write_text("number,at,state,team,who\nT1,2026-01-05T08:00Z,New,D,a\n")
    (inbox / "hr.csv").write_text("a\n1\n")
    before = Read(visit.asks.get("/import").text)
    assert "desk_1.csv" in before.words
    assert "No mapping" in before.words

    after = visit.send(before, "/import/sync", x="y")
    assert after.headline == "1 of 2 files in the inbox was new"
    assert "Imported" in after.words


@pytest.mark.parametrize(
    ("send", "said"),
    [
        (lambda visit: visit.give("a,b\n1,2\n"), "no column whose values read as moments"),
        (lambda visit: visit.give("", "empty.csv"), "is empty"),
        (lambda visit: visit.give("x", "photo.png"), "is of no kind"),
        (lambda visit: visit.give("x", ""), "No file was chosen"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_on_the_page(
    visit: Visit, send: Callable[[Visit], Read], said: str
) -> None:
    """With the way to give another one."""
    page = send(visit)

    assert page.status == 400
    assert said in page.words
    assert 'type="file"' in page.source


def test_a_script_that_asks_for_json_is_told_where_to_go(visit: Visit) -> None:
    """Or why not."""
    ask = {"accept": "application/json"}
    good = visit.asks.post(
        "/import/uploads", files={"file": ("a.csv", exports.german_list())}, headers=ask
    ).json()
    assert re.fullmatch(r"/import/[0-9a-f]{32}", good["href"])
    bad = visit.asks.post("/import/uploads", files={"x": (None, "y")}, headers=ask)
    assert (bad.status_code, bad.json()["error"]["message"]) == (400, "No file was chosen.")


def test_what_is_here_no_longer_is_told(visit: Visit) -> None:
    """An address of yesterday."""
    for path in (f"/import/{'0' * 32}", "/import/uploads", "/import/..%2f..%2fetc"):
        assert visit.asks.get(path).status_code == 404
    gone = visit.send(Read(""), f"/import/{'0' * 32}/try", text=MAPPING)
    assert gone.status == 404


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize("kind", ["absolute", "climbing"])
def test_a_mapping_is_named_and_no_path_is(visit: Visit, tmp_path: Path, kind: str) -> None:
    """Else whoever may import could read any YAML of the server by its faults."""
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hunter2")
    path = str(secret) if kind == "absolute" else f"../../../../..{secret}"
    draft = visit.give(exports.german_list())
    token = visit.action(draft, "/try").split("/")[2]
    page = visit.send(draft, f"/import/{token}/by", mapping=path)
    assert page.status == 400
    assert "has no mapping" in page.words
    assert "hunter2" not in page.source
    assert "password" not in page.words


@pytest.mark.row("SEC-04")
def test_a_hostile_file_stays_a_text(visit: Visit) -> None:
    """Its name, its columns, its words, and a text area that it would like to close."""
    close = "</textarea>" + HOSTILE
    text = exports.sheet(
        ["number", "opened", "status", close, HOSTILE],
        [[f"T{n}", "2026-01-05", HOSTILE, "a" if n % 2 else "b", close] for n in range(9)],
    )
    draft = visit.give(text, f"{HOSTILE}.csv")
    tried = visit.send(draft, visit.action(draft, "/try"), text=visit.mapping(draft) + close)
    for page in (draft, tried):
        assert "<script>alert" not in page.source
        assert page.source.count("</textarea>") == 1
        assert ("script", {}) not in page.tags


@pytest.mark.parametrize("file", [exports.german_list(), exports.service_list()])
def test_fields_have_labels_and_the_page_one_sentence(visit: Visit, file: str) -> None:
    """As every page."""
    for page in (visit.give(file), Read(visit.asks.get("/import").text)):
        labels = {given["for"] for tag, given in page.tags if tag == "label" and "for" in given}
        named = {
            given["id"]
            for tag, given in page.tags
            if tag in ("input", "textarea", "select") and "id" in given
        }
        assert named - {"search"} <= labels
        assert sum(tag == "h1" for tag, _ in page.tags) == 1
        assert not re.search(r"\bNone\b|\{\{|Undefined", page.words)
