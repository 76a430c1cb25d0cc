"""Every command that writes may be killed at any moment: the audit holds, and nothing is half."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from opsgauge.governance import audit
from opsgauge.governance.database import open_database
from opsgauge.operations.archive import Archive
from tests.conftest import MAPPING, Intake
from tests.nurseries import nursery
from tests.operations.test_restating import OWN

LOG = "number,at,state,team,who\n" + "".join(
    f"INC{n},2026-01-{1 + n % 28:02} 08:00,New,A,Ann\n" for n in range(400)
)
Order = Callable[..., dict[str, Any]]
# What is asked, with the folder of the workspace and of what lies beside it put in.
COMMANDS = {
    "init": ["init", "{beside}/new"],
    "import": ["import", "{beside}/more.csv", "--mapping", "desk", "--workspace", "{workspace}"],
    "sync": ["sync", "--workspace", "{workspace}"],
    "outages": [
        *("outages", "set", "desk:INC1", "--started", "2026-01-02T07:00Z"),
        *("--why", "As monitoring has it.", "--workspace", "{workspace}"),
    ],
    "metrics import": ["metrics", "import", "{beside}/own.yaml", "--workspace", "{workspace}"],
    "measure": ["measure", "tickets_opened", "--publish", "--workspace", "{workspace}"],
    "audit": ["audit", "--format", "csv", "--workspace", "{workspace}"],
    "backup": ["backup", "{beside}/b.zip", "--with-data", "--workspace", "{workspace}"],
    "restore": ["restore", "{beside}/good.zip", "--workspace", "{beside}/new"],
}
MOMENTS = ({"commit": 1}, {"share": 0.6})


@pytest.fixture(scope="module")
def order() -> Iterator[Order]:
    """Return what has a command run by the nursery."""
    with nursery(Path(__file__).with_name("nursery.py")) as ask:

        def give(arguments: list[str], **moment: Any) -> dict[str, Any]:
            return ask({"arguments": arguments, "after": None, "commit": None, **moment})

        yield give


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, order: Order) -> Path:
    """Return a folder with a workspace, and beside it what the commands ask for."""
    intake = Intake(tmp_path_factory.mktemp("base"))
    intake.takes(LOG)
    path = intake.workspace.path
    (path / "mappings" / "desk.yaml").write_text(MAPPING)
    (path / "inbox" / "desk-1.csv").write_text(LOG.replace("INC", "CHG"))
    intake.file(LOG.replace("INC", "REQ"), "more.csv")
    intake.file(OWN, "own.yaml")
    intake.close()
    made = ["backup", str(intake.folder / "good.zip"), "--workspace", str(path)]
    assert order(made)["code"] == 0
    return intake.folder


@pytest.fixture(scope="module")
def copy(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Return what makes copies of that folder."""
    numbers = count()

    def make() -> Path:
        folder = tmp_path_factory.mktemp("copies") / str(next(numbers))
        shutil.copytree(base, folder)
        return folder

    return make


def lines_of(workspace: Path) -> int:
    """Return how many lines the audit has, all of which hold."""
    database = open_database(f"sqlite:///{workspace / 'records.db'}")
    verdict = audit.verify(database)
    database.close()
    assert verdict.holds, verdict.words
    return verdict.lines


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_killed_leaves_the_audit_whole(
    copy: Callable[[], Path], order: Order, command: str
) -> None:
    """Before its first commit and in the middle; then it is run again, and does its work."""
    folder = copy()

    def asked(beside: Path) -> list[str]:
        places = {"beside": beside, "workspace": beside / "workspace"}
        return [part.format(**places) for part in COMMANDS[command]]

    undisturbed = order(asked(copy()))
    assert undisturbed["code"] in (0, 1)
    for moment in MOMENTS:
        after = moment["share"] * undisturbed["seconds"] if "share" in moment else None
        told = order(asked(folder), after=after, commit=moment.get("commit"))
        assert told["killed"] or moment.keys() != {"commit"} or told["code"] in (0, 1)
        lines_of(folder / "workspace")
        new, made = folder / "new", folder / "b.zip"
        if (new / "opsgauge.toml").exists() and command == "restore":
            assert lines_of(new) >= 1
        if made.exists():
            Archive(made).close()
        for each in (new, made):
            shutil.rmtree(each, ignore_errors=True) if each.is_dir() else each.unlink(True)
    assert order(asked(folder))["code"] in (0, 1)
    lines_of(folder / "workspace")
