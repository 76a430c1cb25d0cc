"""Nobody's name reaches the disk, wherever in a record it stands."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opsgauge.operations.context import Context
from tests.conftest import MAPPING, Intake

# As unlike anything else as can be, so that finding one is no accident.
NAMES = ("Zebulonia Quux", "Ottokar Vrzhina", "Xanthippe Wolkenkratzer", "Ulf Þórsdóttir-Ñandú")
SECRET_TEXT = "my password is hunter2zebra"  # noqa: S105 - somebody else's, in a description

UPDATES = MAPPING.replace(
    "  assignee: who\n", "  assignee: who\n  requester: asks\n  description: text\n"
)
UPDATES += "persons: [opener, at2]\nattributes: {second: at2}\n"


def updates() -> str:
    """Return records with a name in each column of persons, also in rows that are rejected."""
    a, b, c, d = NAMES
    rows = [
        f'INC1,2026-01-05 08:00,New,A,{a},{b},{c},{d},"{SECRET_TEXT}"',
        f'INC1,2026-01-05 09:00,Work,A, {b} ,{a},?,,"{SECRET_TEXT}"',
        f'INC2,soon,New,A,{a},{b},{c},{d},"{SECRET_TEXT}"',
        f"INC4,2026-01-05 08:00,New,A,{a},{b},{c}",
        f'INC5,2026-01-05 08:00,New,A,{a},{b},{c},{d},"{SECRET_TEXT}",more,{a}',
    ]
    return "number,at,state,team,who,asks,opener,at2,text\n" + "\n".join(rows) + "\n"


CHANGES = """
source: changing
shape: changes
ticket_id: number
times: {zone: UTC}
fields: {updated_at: at, actor: by}
changes:
  field: field
  old: old
  new: new
  names: {Owner: assignee, "Opened By": requester, State: original_status, Text: description}
"""


def changes() -> str:
    """Return changes from one person to another, and of a text."""
    a, b, c, _ = NAMES
    return (
        "number,at,by,field,old,new\n"
        f"INC1,2026-01-05 08:00,{a},Owner,{b},{c}\n"
        f"INC1,2026-01-05 09:00,{a},owner,{c},\n"
        f"INC1,2026-01-05 10:00,{b}, OPENED BY ,,{a}\n"
        f"INC1,2026-01-05 11:00,{b},State,New,Done\n"
        f'INC1,2026-01-05 12:00,{b},Text,,"{SECRET_TEXT}"\n'
    )


UNNAMED = CHANGES.replace("changing", "unnamed").replace("{Owner:", "{OWNER: team, Owner:")


def unnamed() -> str:
    """Return changes of fields that the mapping does not name, or not as people."""
    a, b, c, d = NAMES
    return (
        "number,at,by,field,old,new\n"
        f"INC1,2026-01-05 08:00,{a},Approver,{b},{c}\n"
        f"INC1,2026-01-05 09:00,{a}, watcher ,,{d}\n"
        f"INC1,2026-01-05 10:00,{a},oWner,{b},{c}\n"
        f'INC1,2026-01-05 11:00,{a},Comment,,"{SECRET_TEXT}"\n'
        f"INC1,2026-01-05 12:00,{a},State,New,Done\n"
    )


XES_MAPPING = """
source: events
shape: updates
ticket_id: "case:concept:name"
fields: {updated_at: "time:timestamp", assignee: "org:resource"}
"""


def events() -> str:
    """Return an event log with a person in each event."""
    made = "".join(
        f'<event><date key="time:timestamp" value="2026-01-05T0{n}:00:00Z"/>'
        f'<string key="org:resource" value="{name}"/></event>'
        for n, name in enumerate(NAMES)
    )
    return f'<log><trace><string key="concept:name" value="INC1"/>{made}</trace></log>'


def everything_under(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every file as its bytes, and every Parquet file also as all values it packs."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes()
        if file.suffix == ".parquet":
            yield file, repr(pq.read_table(file).to_pydict()).encode()


def found_in(folder: Path, words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return each place where one of the words stands, in any of the ways text is written."""
    return [
        (word, file.name)
        for file, content in everything_under(folder)
        for word in words
        if any(word.encode(how) in content for how in ("utf-8", "utf-16-le", "unicode_escape"))
    ]


WORDS = (*NAMES, *(name.split(" ")[0] for name in NAMES), "hunter2zebra")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a workspace that took in all three kinds of file, some twice."""
    intake = Intake(tmp_path_factory.mktemp("filled"))
    for _ in range(2):
        intake.takes(updates(), mapping=UPDATES)
        intake.takes(changes(), mapping=CHANGES)
        intake.takes(events(), mapping=XES_MAPPING, name="log.xes")
    yield intake
    intake.close()


@pytest.mark.row("ING-16")
def test_no_name_stands_anywhere_in_the_workspace(filled: Intake) -> None:
    """Every byte of every file, and every value of every table, raw and rejected among them."""
    filled.close()

    assert found_in(filled.workspace.path, WORDS) == []
    assert filled.rows("SELECT count(*) FROM rejected") == [(3,)]


@pytest.mark.row("ING-16")
def test_the_search_would_find_a_name(make_intake: Callable[..., Intake]) -> None:
    """With pseudonyms off, the same search finds each of them, and the text where it is kept."""
    intake = make_intake("pseudonyms = false\nkeep_text = true\n")
    intake.takes(updates(), mapping=UPDATES)

    found = {word for word, _ in found_in(intake.workspace.path, WORDS)}
    assert found == set(WORDS)


@pytest.mark.row("ING-16")
def test_no_name_stands_in_changes_of_fields_that_were_not_named(intake: Intake) -> None:
    """Also of a field that one spelling calls a person; what is hidden is no person yet."""
    intake.takes(unnamed(), mapping=UNNAMED)

    assert found_in(intake.workspace.path, WORDS) == []
    assert intake.rows("SELECT count(*) FROM persons") == [(3,)]  # one actor, two owners
    assert intake.rows("SELECT original_status, team FROM tickets") == [("Done", None)]


@pytest.mark.row("ING-16")
def test_people_are_told_apart_in_every_source(filled: Intake) -> None:
    """Over columns, tickets and sources: one person, one number."""
    asked = "SELECT {} FROM history WHERE source = '{}' ORDER BY seq"
    [(zebulonia,), (ottokar,)] = filled.rows(asked.format("assignee", "desk"))
    people = [name for (name,) in filled.rows(asked.format("assignee", "events"))]
    actors = [name for (name,) in filled.rows(asked.format("actor", "changing"))]
    owners = [name for (name,) in filled.rows(asked.format("assignee", "changing"))]

    assert people[:2] == [zebulonia, ottokar]
    assert len(set(people)) == len(NAMES)
    assert actors[-5:] == [zebulonia, zebulonia, ottokar, ottokar, ottokar]
    assert owners[-5:] == [people[2], None, None, None, None]
    requesters = filled.rows("SELECT requester FROM tickets ORDER BY source")
    assert requesters == [(zebulonia,), (zebulonia,), (None,)]


@pytest.mark.row("ING-16")
def test_people_keep_their_numbers_when_others_come(intake: Intake) -> None:
    """A number is given once; who comes later gets the next."""
    intake.takes(updates(), mapping=UPDATES)
    before = intake.rows("SELECT * FROM persons ORDER BY number")
    later = updates().replace("INC1", "INC9").replace(NAMES[0], "Newcomer")
    intake.takes(later, mapping=UPDATES)

    after = intake.rows("SELECT * FROM persons ORDER BY number")
    assert after[: len(before)] == before
    assert [number for _, _, number in after] == list(range(1, len(before) + 2))


@pytest.mark.row("ING-16")
def test_a_column_declared_too_late_is_hidden_all_the_same(intake: Intake) -> None:
    """Its names came in plain, as a column nobody asked for; shown they are as pseudonyms."""
    text = f"number,at,state,team,who\nINC1,2026-01-05 08:00,New,A,{NAMES[0]}\n"
    intake.takes(text, mapping=MAPPING.replace("  assignee: who\n", ""))
    intake.takes(text, mapping=MAPPING)

    assert intake.ticket("INC1", "assignee") == ("Agent 1",)
    assert intake.rows("SELECT alias FROM persons") == [("Agent 1",)]


@pytest.mark.row("ING-16")
def test_names_stay_where_the_settings_say_so(make_intake: Callable[..., Intake]) -> None:
    """A desk that has agreed on it sees people by their names."""
    intake = make_intake("pseudonyms = false\n")
    intake.takes(updates(), mapping=UPDATES)

    assert intake.rows("SELECT assignee FROM history ORDER BY seq") == [(NAMES[0],), (NAMES[1],)]
    assert intake.rows("SELECT count(*) FROM persons") == [(0,)]


@pytest.mark.row("ING-16")
def test_names_are_hidden_from_the_day_the_settings_say_so(
    make_intake: Callable[..., Intake],
) -> None:
    """Also those of earlier imports, in every ticket that is touched again."""
    intake = make_intake("pseudonyms = false\n")
    intake.takes(updates(), mapping=UPDATES)
    (intake.workspace.path / "opsgauge.toml").write_text("pseudonyms = true\n")
    intake.close()
    intake.reopen()
    intake.takes(updates().replace("INC1,2026-01-05 09", "INC1,2026-01-05 10"), mapping=UPDATES)

    shown = {name for (name,) in intake.rows("SELECT assignee FROM history")}
    assert all(name.startswith("Agent ") for name in shown)
    assert len(shown) == 2


@pytest.mark.row("ING-16")
def test_the_length_of_a_text_is_kept_and_the_text_is_not(filled: Intake) -> None:
    """In updates and in changes."""
    asked = (
        "SELECT source, description, description_length FROM tickets "
        "WHERE source <> 'events' ORDER BY 1"
    )

    assert filled.rows(asked) == [
        ("changing", None, len(SECRET_TEXT)),
        ("desk", None, len(SECRET_TEXT)),
    ]


@pytest.mark.row("ING-16")
def test_the_secret_is_for_its_owner_alone(filled: Intake) -> None:
    """Nobody else may read the file, and it is made once."""
    secret = filled.workspace.path / ".secret"
    made = secret.read_text()

    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(bytes.fromhex(made)) == 32
    assert Context(filled.workspace).workspace.secret() == bytes.fromhex(made)
    assert secret.read_text() == made
    leaks = [file for file, content in everything_under(filled.workspace.path)
             if made.encode() in content and file != secret]  # fmt: skip
    assert leaks == []
