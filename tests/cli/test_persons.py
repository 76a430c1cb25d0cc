"""A person erased from the command line: the name is never an argument."""

import io

import pytest

from tests.cli.conftest import Run
from tests.conftest import Intake

NAME = "Xanthippe Ñandú"
EXPORT = f"number,at,state,team,who\nINC1,2026-01-05 08:00,New,A,{NAME}\n"


@pytest.mark.row("SEC-02")
def test_a_person_is_erased_by_a_name_on_standard_input(
    opsgauge: Run, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried first; asked once more unless told that it is meant; done again it says so."""
    intake.takes(EXPORT)
    asked = ("persons", "erase", "--why", "letter 7", "--workspace", intake.workspace.path)

    def typed(*more: str) -> tuple[object, ...]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{NAME}\n"))
        return (*asked, *more)

    tried = opsgauge(*typed("--dry-run"))
    assert (tried.code, "It would be Agent 1, named in 1 records" in tried.out) == (0, True)
    unsure = opsgauge(*typed())
    assert (unsure.code, "--yes" in unsure.err) == (2, True)
    done = opsgauge(*typed("--yes", "--format", "json"))
    assert (done.code, done.json["alias"], done.json["data_version"]) == (0, "Agent 1", 2)
    assert NAME not in done.out + done.err
    again = opsgauge(*typed("--yes"))
    assert (again.code, "erased before" in again.err) == (2, True)
    by_alias = opsgauge(*asked, "--yes", "--alias", "Agent 1")
    assert (by_alias.code, "was erased before, in data version 2" in by_alias.out) == (0, True)
    listed = opsgauge("versions", "--workspace", intake.workspace.path)
    assert "erasure of Agent 1: letter 7" in " ".join(listed.out.split())
