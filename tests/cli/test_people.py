"""Users and tokens from the command line; passwords come by standard input, never as arguments."""

import csv
import io
from collections.abc import Iterator

import pytest

from opsgauge.governance.looks import Look, add
from tests.cli.conftest import Run
from tests.conftest import Intake

pytestmark = pytest.mark.row("SEC-03")
PASSWORD = "correct horse battery"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Make a workspace."""
    held = Intake(tmp_path_factory.mktemp("users"))
    yield held
    held.close()


def test_users_are_added_given_roles_and_shut_out(
    opsgauge: Run, there: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first administrator to the one who leaves."""
    at = ("--workspace", there.workspace.path)

    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text + "\n"))

    assert "no user" in opsgauge("users", "list", *at).out
    typed(PASSWORD)
    assert opsgauge("users", "add", "ben", "--role", "viewer", *at).code == 2
    typed(PASSWORD)
    assert opsgauge("users", "add", "root", "--role", "administrator", *at).code == 0
    typed("short")
    refused = opsgauge("users", "add", "ben", "--role", "viewer", *at)
    assert (refused.code, "12 characters" in refused.err) == (2, True)
    typed(PASSWORD)
    asked = ("--role", "viewer", "--for", "team=Desk|Network", "--alias", "Agent 7")
    assert "viewer for team is Desk or Network" in opsgauge("users", "add", "ben", *asked, *at).out
    assert opsgauge("users", "role", "ben", "vendor", *at).code == 2
    assert opsgauge("users", "group", "ben", "Night", *at).code == 0
    assert opsgauge("users", "role", "Night", "auditor", "--group", *at).code == 0
    users = opsgauge("users", "list", "--format", "json", *at).json["users"]
    ben = next(each for each in users if each["name"] == "ben")
    assert [(each["role"], each["group"]) for each in ben["roles"]] == [
        ("viewer", ""),
        ("auditor", "Night"),
    ]
    assert "password_hash" not in str(users)


def test_roles_passwords_and_users_end(
    opsgauge: Run, there: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But never the last administrator."""
    at = ("--workspace", there.workspace.path)
    users = opsgauge("users", "list", "--format", "json", *at).json["users"]
    number = next(each for each in users if each["name"] == "ben")["roles"][0]["id"]
    assert opsgauge("users", "role", "ben", number, "--take", *at).code == 0
    assert opsgauge("users", "group", "ben", "Night", "--leave", *at).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("another horse battery\n"))
    assert opsgauge("users", "password", "ben", *at).code == 0
    assert opsgauge("owners", "set", "metric", "backlog", "ben", *at).code == 0
    gone = opsgauge("users", "deactivate", "ben", *at)
    assert (gone.code, "metric Backlog; could take it: root." in gone.out) == (1, True)
    gaps = opsgauge("owners", "gaps", "--format", "json", *at)
    left = [each for each in gaps.json["gaps"] if each["what"] == "owner left"]
    assert (gaps.code, [each["subject"] for each in left]) == (1, ["backlog"])
    assert "ben,ben" in opsgauge("users", "list", "--format", "csv", *at).out
    assert opsgauge("users", "activate", "ben", *at).code == 0
    last = opsgauge("users", "deactivate", "root", *at)
    assert (last.code, "active administrator" in last.err) == (2, True)
    assert opsgauge("users", "password", "nobody-here", *at).code == 2


def test_tokens_are_shown_once_and_revoked(opsgauge: Run, there: Intake) -> None:
    """No more than their owner may; the list never holds one."""
    at = ("--workspace", there.workspace.path)
    made = opsgauge("tokens", "make", "root", "ci", "--may", "metric:read", "--days", "30", *at)
    secret = made.out.strip()
    assert secret.startswith("og_")
    assert opsgauge("tokens", "make", "ben", "ci", "--may", "metric:read", *at).code == 2
    listed = opsgauge("tokens", "list", "--format", "json", *at)
    assert secret not in listed.out
    [token] = listed.json["tokens"]
    assert (token["owner"], token["actions"], token["state"]) == ("root", ["metric:read"], "active")
    assert opsgauge("tokens", "revoke", token["id"], *at).code == 0
    assert "revoked" in opsgauge("tokens", "list", "--owner", "root", *at).out
    assert opsgauge("tokens", "revoke", "99", *at).code == 2


def test_looks_at_a_user_are_listed_by_their_pseudonym(opsgauge: Run, there: Intake) -> None:
    """Those at others are not."""
    database, now = there.context.database, there.context.clock()
    add(
        database,
        [Look(now, "otto", alias, "ticket T1 of desk") for alias in ("Agent 7", "Agent 8")],
    )
    told = opsgauge(
        "users", "looks", "ben", "--format", "json", "--workspace", there.workspace.path
    )
    assert [(each["actor"], each["alias"]) for each in told.json["looks"]] == [("otto", "Agent 7")]


@pytest.mark.row("SEC-04")
def test_a_name_like_a_formula_is_text_in_the_file_of_users(
    opsgauge: Run, there: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No spreadsheet computes it."""
    at = ("--workspace", there.workspace.path)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    asked = ("--role", "viewer", "--shown", '=HYPERLINK("x")', "--alias", "@SUM(1)")
    assert opsgauge("users", "add", "eve", *asked, *at).code == 0
    out = opsgauge("users", "list", "--format", "csv", *at).out
    cells = {cell for line in csv.reader(io.StringIO(out)) for cell in line}
    assert {'\'=HYPERLINK("x")', "'@SUM(1)"} <= cells
    assert not any(cell.startswith(("=", "@")) for cell in cells)
