"""Who answered: a person, a program, or nothing tells it."""

import shutil
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.answers import ANSWERS
from opsgauge.log.mapping import parse_mapping
from opsgauge.log.tables import HISTORY, TICKETS
from tests.conftest import MAPPING, Intake

SIGNED = MAPPING.replace("  assignee: who\n", "  actor: by\n")
PROGRAMS = SIGNED.replace("phases:", "automatic: [robot, Night Job]\nphases:")
HEADER = "number,at,state,team,by\n"
# Each ticket is opened at 08:00; then who said what, an hour apart. "-" signs with nothing.
TOLD = {
    "person first": ("Work ann, Wait robot", "09:00", None, False),
    "program first": ("Work robot, Work ann", "10:00", "09:00", True),
    "program alone": ("Work robot, Done Night_Job", None, "09:00", True),
    "closed by a program": ("Done ann, Shut robot", "09:00", None, False),
    "nobody yet": ("New robot", None, None, None),
    "not told": ("Work -, Work ann", None, None, None),
    "not told at last": ("Work robot, Work -, Done ann", None, "09:00", True),
    "told at last": ("Work ann, Work -", "09:00", None, False),
    "one moment": ("Work robot, Work+ ann", "09:00", "09:00", True),
    "no phase": ("Odd ann, Work robot, Done ann", "11:00", "10:00", True),
}
CLOCK = ", ".join(f"strftime({name}, '%H:%M')" for name in ANSWERS[:2])


def log(told: dict[str, str]) -> str:
    """Return the updates of tickets."""
    rows = []
    for ticket, said in told.items():
        hour = 8
        for step in ["New robot", *said.split(", ")]:
            state, by = step.split(" ")
            hour += 0 if state.endswith("+") or step == "New robot" else 1
            by = by.replace("-", "").replace("_", " ")
            rows.append(f"{ticket},2026-01-05 {hour:02}:00,{state.rstrip('+')},A,{by}\n")
    return HEADER + "".join(rows)


EVERY = log({ticket: said for ticket, (said, *_) in TOLD.items()})


@pytest.fixture(scope="module", params=["", "pseudonyms = false\n"], ids=["hidden", "in clear"])
def told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Intake]:
    """Return a workspace with all the tickets, persons hidden or not."""
    intake = Intake(tmp_path_factory.mktemp("told"), request.param)
    intake.takes(EVERY, mapping=PROGRAMS)
    yield intake
    intake.close()


def answers(intake: Intake) -> dict[str, tuple[object, ...]]:
    """Return what each ticket says of its first answers."""
    rows = intake.rows(f"SELECT ticket_id, {CLOCK}, {ANSWERS[2]} FROM tickets")
    return {row[0]: row[1:] for row in rows}


@pytest.mark.row("SLA-10")
def test_the_first_answer_of_a_person_is_told_from_that_of_a_program(told: Intake) -> None:
    """Where it is not told who made an update, nothing is said that it could change."""
    assert answers(told) == {ticket: tuple(expected) for ticket, (_, *expected) in TOLD.items()}


def test_each_update_keeps_whether_a_program_made_it(told: Intake) -> None:
    """As yes or no, and nothing of it where the update is not signed."""
    asked = "SELECT automatic FROM history WHERE ticket_id = '{}' ORDER BY seq"

    assert told.rows(asked.format("told at last")) == [(True,), (False,), (None,)]
    assert told.rows(asked.format("program alone")) == [(True,), (True,), (True,)]


def test_what_is_told_without_programs_is_as_before(told: Intake, intake: Intake) -> None:
    """A mapping that names none: every other column is the same, and these are empty."""
    intake.takes(EVERY, mapping=SIGNED)
    asked = "SELECT ticket_id, strftime(history_first_response_at, '%H:%M') FROM tickets ORDER BY 1"

    assert intake.rows(asked) == told.rows(asked)
    assert set(answers(intake).values()) == {(None, None, None)}


def test_programs_named_later_are_known_of_all_that_came_before(intake: Intake) -> None:
    """By the hashes of their names: the file need not come again."""
    intake.takes(EVERY, mapping=SIGNED)
    before = intake.rows("SELECT count(*) FROM persons")
    intake.takes(log({"later": "Work ann"}), mapping=PROGRAMS)

    expected = {ticket: tuple(rest) for ticket, (_, *rest) in TOLD.items()}
    assert answers(intake) == {**expected, "later": ("09:00", None, False)}
    assert intake.rows("SELECT count(*) FROM persons") == before


def test_a_word_that_signs_nothing_is_told(make_intake: Callable[..., Intake]) -> None:
    """A misspelt program would count as a person; a short file of a known source proves nothing."""
    misspelt = PROGRAMS.replace("robot", "Robot")
    for settings in ("", "pseudonyms = false\n"):
        intake = make_intake(settings)
        notes = intake.takes(EVERY, mapping=misspelt).notes
        assert ["'Robot'" in note and "'Night Job'" not in note for note in notes] == [True]
        assert not intake.takes(log({"later": "Work ann"}), mapping=misspelt).notes


def test_a_hash_of_nobody_knows_whom_is_not_told(make_intake: Callable[..., Intake]) -> None:
    """Persons were hidden first and are kept as they are now: the old hashes say nothing."""
    intake = make_intake()
    intake.takes(log({"old": "Work robot"}), mapping=PROGRAMS)
    settings = intake.workspace.path / "opsgauge.toml"
    settings.write_text(settings.read_text().replace("pseudonyms = true", "pseudonyms = false"))
    intake.reopen()
    intake.takes(log({"old": "Work robot, Done ann", "new": "Work robot"}), mapping=PROGRAMS)

    assert answers(intake)["new"] == (None, "09:00", True)
    assert answers(intake)["old"] == (None, None, None)


def test_a_program_may_sign_with_nothing(intake: Intake) -> None:
    """The mapping gives such rows a word."""
    mapping = PROGRAMS.replace("actor: by", "actor: {column: by, blank: robot}")
    intake.takes(log({"T": "Work -, Work ann"}), mapping=mapping)

    assert answers(intake) == {"T": ("10:00", "09:00", True)}


def test_a_workspace_made_before_knows_nothing_of_it(intake: Intake) -> None:
    """It opens; what an import touches is told then, and the rest is not known."""
    rows = {"T1": "Work robot, Work ann", "T2": "Work ann"}
    intake.takes(log(rows), mapping=PROGRAMS)
    _as_made_before(intake)
    assert answers(intake) == dict.fromkeys(rows, (None, None, None))

    later = log({"T3": "Work ann"}).replace("-01-", "-02-")
    intake.takes(later, mapping=PROGRAMS)
    assert answers(intake) == {
        **dict.fromkeys(rows, (None, None, None)),
        "T3": ("09:00", None, False),
    }

    intake.takes(log({"T4": "Work robot"}), mapping=PROGRAMS.replace("Night Job", "Day Job"))
    assert answers(intake)["T1"] == ("10:00", "09:00", True)


def _as_made_before(intake: Intake) -> None:
    """Write the tables of the newest version anew, without the columns there were not then."""
    warehouse, stored = intake.context.warehouse, intake.version().tables
    for table in (TICKETS, HISTORY):
        delta = warehouse.delta(table.name, stored[table.name])
        held = pa.table(delta.to_pyarrow_table()).drop_columns(
            [name for name in table.names if name in {*ANSWERS, "automatic"}]
        )
        shutil.rmtree(warehouse.path(table.name))
        where = str(warehouse.path(table.name))
        DeltaTable.create(where, held.schema, partition_by=["opened_month"])
        for _ in range(stored[table.name]):
            write_deltalake(where, held, mode="overwrite")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("  actor: by\n", ""), "map that under 'fields'"),
        (("actor: by", "actor: {join: [by, team]}"), "joined from several columns"),
        (("Night Job", "'?'"), "'?' says that nothing is written"),
        (("shape: updates", "shape: tickets"), "a list of tickets does not tell"),
    ],
)
def test_words_that_no_update_could_be_signed_with_are_refused(
    change: tuple[str, str], said: str
) -> None:
    """Rather than to count every program as a person."""
    text = PROGRAMS.replace(*change)
    if "tickets" in change[1]:
        text = text.replace("updated_at: at", "opened_at: at")
    with pytest.raises(MappingWrong) as wrong:
        parse_mapping(text, "mapping.yaml")

    assert said in wrong.value.message
