"""The program as a whole: its verbs, its exit codes, its errors."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from opsgauge.cli.app import ROOMS, make_program
from tests.cli.conftest import Run


def test_every_verb_is_where_the_program_looks_for_it() -> None:
    """With the verb known one room is loaded, and the verb is in it."""
    for verbs in ROOMS.values():
        for verb in verbs:
            program = make_program(verb)
            names = {each.name for each in program.registered_commands}
            assert verb in names | {each.name for each in program.registered_groups}


def test_help_lists_every_verb(opsgauge: Run) -> None:
    """Without a verb, all rooms are loaded."""
    done = opsgauge("--help")

    assert done.code == 0
    for verbs in ROOMS.values():
        for verb in verbs:
            assert verb in done.out


def test_an_unknown_verb_is_misuse(opsgauge: Run) -> None:
    """Exit code 2, and the verb is named."""
    done = opsgauge("mesure")

    assert done.code == 2
    assert "mesure" in done.err


def test_outside_a_workspace_it_says_how_to_make_one(
    opsgauge: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback; the next step stands in the message."""
    monkeypatch.chdir(tmp_path)

    done = opsgauge("check")

    assert done.code == 2
    assert "opsgauge init" in done.err


def test_an_empty_workspace_says_what_to_do(opsgauge: Run, tmp_path: Path) -> None:
    """Before the first import there is nothing to measure."""
    assert opsgauge("init", tmp_path / "desk").code == 0

    done = opsgauge("measure", "backlog", "--workspace", tmp_path / "desk")

    assert done.code == 2
    assert "opsgauge import" in done.err


def test_it_runs_as_a_module() -> None:
    """`python -m opsgauge` is the program too."""
    done = subprocess.run(
        [sys.executable, "-m", "opsgauge", "--version"], capture_output=True, text=True, check=True
    )

    assert done.stdout.startswith("opsgauge ")


def test_a_verb_loads_no_server() -> None:
    """Whoever imports a file does not wait for web parts to load, nor for all of statistics.

    One after the other in one process: the first that loads one of them is told.
    """
    verbs = ("init", "import", "measure", "map", "chart", "check")
    code = (
        "import sys; from opsgauge.cli.app import make_program\n"
        f"for verb in {verbs}:\n"
        "    make_program(verb)\n"
        "    print(verb, {'uvicorn', 'altair', 'scipy.stats'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [f"{verb} set()" for verb in verbs]


README = Path(__file__).parents[2] / "README.md"


def test_every_line_of_the_readme_is_a_command(opsgauge: Run) -> None:
    """Its verbs are there; those with an example of the demo were run on it."""
    lines = re.findall(r"^opsgauge (.+?)(?: {2,}|$)", README.read_text("utf-8"), re.MULTILINE)
    verbs = {tuple(re.match(r"([a-z-]+(?: [a-z-]+)?)", line)[0].split()) for line in lines}  # type: ignore[index]

    assert len(lines) > 25
    for verb in verbs:
        tried = [opsgauge(*words, "--help") for words in (verb, verb[:1])]
        assert 0 in {done.code for done in tried}, verb
        assert "No such command" not in tried[-1].err
