"""Commands in the hands of a token: what it may, on its records, and no more."""

from collections.abc import Iterator

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.governance.access import Assignment
from opsgauge.governance.audit import lines
from opsgauge.governance.tokens import NewToken
from opsgauge.operations.people import Added, add_user, make_token
from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake

pytestmark = pytest.mark.row("SEC-01")
PASSWORD = "correct horse battery"  # noqa: S105 - of users who live as long as these tests
TEAM_A = (Condition("team", ("A",)),)
ROWS = "number,at,state,team,who\n" + "".join(
    f"T{n},2026-01-0{n} 08:00,New,{'A' if n < 3 else 'B'},x\n" for n in range(1, 6)
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return two tickets of team A and three of B, an administrator, and ana, who sees team A."""
    held = Intake(tmp_path_factory.mktemp("token"))
    held.takes(ROWS, mapping=MAPPING)
    ctx = held.context
    add_user(ctx, Added("root", password=PASSWORD, roles=(Assignment("administrator"),)))
    add_user(ctx, Added("ana", password=PASSWORD, roles=(Assignment("viewer", TEAM_A),)))
    yield held
    held.close()


@pytest.fixture
def token(desk: Intake, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Put a token of ana into the environment."""
    made = make_token(desk.context, "ana", NewToken(request.node.name, ("metric:read",), 1))
    monkeypatch.setenv("OPSGAUGE_TOKEN", made)
    return made


def opened(opsgauge: Run, desk: Intake) -> object:
    """Measure how many tickets were opened."""
    at = ("--workspace", desk.workspace.path, "--format", "json")
    return opsgauge("measure", "tickets_opened", *at).json["rows"][0]["n"]


def test_a_command_shows_what_its_token_may_see(opsgauge: Run, desk: Intake, token: str) -> None:
    """And does what it may."""
    assert opened(opsgauge, desk) == 2
    refused = opsgauge("versions", "--workspace", desk.workspace.path)
    assert (refused.code, "This token may not see the data versions" in refused.err) == (2, True)


def test_without_a_token_it_acts_for_who_may_read_the_folder(opsgauge: Run, desk: Intake) -> None:
    """Who could read the tables anyway."""
    assert opened(opsgauge, desk) == 5


@pytest.mark.row("GOV-07")
def test_what_a_token_takes_away_as_csv_is_noted(
    opsgauge: Run, desk: Intake, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command as it was typed, and how many rows; without a token, and as JSON, nothing is."""
    at = ("--workspace", desk.workspace.path)
    asked = ("measure", "tickets_opened", "--by", "team", *at, "--format")
    assert opsgauge(*asked, "csv").code == 0
    assert opsgauge(*asked, "json").code == 0
    monkeypatch.delenv("OPSGAUGE_TOKEN")
    assert opsgauge(*asked, "csv").code == 0
    [line] = lines(desk.context.database, action="data:export")
    assert (line.actor, line.subject) == ("ana", "export of opsgauge measure")
    assert line.after == {
        "command": "measure tickets_opened --by team --format csv",
        "rows": 1,
        "data_version": 1,
    }


def test_a_token_that_is_none_opens_nothing(
    opsgauge: Run, desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all everything."""
    for wrong in ("og_" + "x" * 43, "x" * 100_000):
        monkeypatch.setenv("OPSGAUGE_TOKEN", wrong)
        told = opsgauge("measure", "tickets_opened", "--workspace", desk.workspace.path)
        assert (told.code, "is none, or has ended" in told.err) == (2, True)
        assert wrong[:20] not in told.err


def test_a_workspace_may_want_a_token_of_every_command(
    opsgauge: Run, desk: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it has a user."""
    settings = desk.workspace.path / "opsgauge.toml"
    kept = settings.read_text()
    settings.write_text(kept + "\ncommands_need_token = true\n")
    try:
        told = opsgauge("measure", "tickets_opened", "--workspace", desk.workspace.path)
        assert (told.code, "commands_need_token" in told.err) == (2, True)
        made = make_token(desk.context, "ana", NewToken("one more", ("metric:read",), 1))
        monkeypatch.setenv("OPSGAUGE_TOKEN", made)
        assert opened(opsgauge, desk) == 2
    finally:
        settings.write_text(kept)
    assert "og_" not in str(lines(desk.context.database))
