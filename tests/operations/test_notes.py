"""Notes on tickets come in as what was written when by whom; what they say stays away or inside."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.mapping import parse_mapping
from opsgauge.metrics.question import Question
from opsgauge.operations.beside import beside
from opsgauge.operations.erasing import Wanted, erase_person
from opsgauge.operations.measure import tickets_behind
from tests.conftest import MAPPING, Intake
from tests.operations.test_ingest_privacy import found_in

pytestmark = pytest.mark.row("ING-13", "ING-16")
EXAMPLES = Path(__file__).parents[2] / "examples" / "notes"
LOG = """number,at,state,team,who
INC1,2026-07-01 08:00,New,North,Ana
INC1,2026-07-01 12:00,Work,North,Ana
INC2,2026-07-01 09:00,New,South,Rui
"""
NOTES = """
source: desk
table: notes
times: {zone: UTC}
missing: ["-"]
fields:
  note_id: id
  ticket_id: number
  written_at: at
  kind: type
  internal: {column: type, yes: [Work note], no: [Reply]}
  author: by
  attachments: files
  text: said
"""
HEAD = "id,number,at,type,by,files,said\n"
ROWS = HEAD + (
    "1,INC1,2026-07-01 09:00,Reply,Ana,0,  zebrafish? \n"
    "2,INC1,2026-07-01 10:00,Work note,Ana,2,4711\n"
    "3,INC1,2026-07-01 11:00,Mail,Zoe,,-\n"
    "4,INC2,2026-07-01 11:00,Work note,Rui,,\n"
)
ASKED = "SELECT note_id, internal, length, attachments, text FROM notes ORDER BY note_id"


def noted(intake: Intake, mapping: str = NOTES, rows: str = ROWS) -> Intake:
    """Import the tickets and the notes."""
    intake.takes(LOG)
    intake.takes(rows, mapping=mapping, name="notes.csv")
    return intake


def test_of_a_text_its_length_is_kept(intake: Intake) -> None:
    """Ten characters without the blanks around them; what says "missing" is no text."""
    done = noted(intake)
    assert intake.rows(ASKED) == [
        ("1", False, 10, 0, None),
        ("2", True, 4, 2, None),
        ("3", None, None, None, None),
        ("4", True, None, None, None),
    ]
    assert done.rows("SELECT count(DISTINCT author) FROM notes") == [(3,)]
    assert found_in(intake.workspace.path, ("zebrafish", "4711")) == []


def test_kept_text_has_the_same_lengths(make_intake: Callable[..., Intake]) -> None:
    """Also one of nothing but digits, which is no length."""
    kept, cut = noted(make_intake("keep_text = true\n")), noted(make_intake())
    assert [row[4] for row in kept.rows(ASKED)] == ["zebrafish?", "4711", None, None]
    assert [row[:4] for row in kept.rows(ASKED)] == [row[:4] for row in cut.rows(ASKED)]


def test_text_kept_from_now_on_stands_beside_lengths_of_before(intake: Intake) -> None:
    """What came in as its length stays one; the setting counts from the next import on."""
    noted(intake)
    settings = intake.workspace.path / "opsgauge.toml"
    settings.write_text(settings.read_text().replace("keep_text = false", "keep_text = true"))
    intake.reopen()
    intake.takes(HEAD + "5,INC1,2026-07-02 09:00,Reply,Ana,,10\n", mapping=NOTES, name="more.csv")
    told = [(row[2], row[4]) for row in intake.rows(ASKED)]
    assert told == [(10, None), (4, None), (None, None), (None, None), (2, "10")]


def test_a_length_of_the_tools_own_wins(intake: Intake) -> None:
    """With the text or without it."""
    mapping = NOTES.replace("attachments: files", "length: files")
    noted(intake, mapping)
    assert [row[2] for row in intake.rows(ASKED)] == [0, 2, None, None]
    noted(intake, mapping.replace("  text: said\n", "drop: [said]\n"))
    assert [row[2] for row in intake.rows(ASKED)] == [0, 2, None, None]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("text: said", "text: {join: [said, by]}", "is read from one column"),
        ("text: said", "text: {value: none}", "is read from one column"),
        ("text: said", "text: type", "only the length may be kept, so 'kind'"),
        ("  note_id: id\n", "", "needs 'note_id'"),
        ("  written_at: at\n", "", "needs 'written_at'"),
    ],
)
def test_a_mapping_that_would_tell_a_length_for_a_text_is_refused(
    old: str, new: str, words: str
) -> None:
    """A length that is joined, or read as a word, would be a wrong one."""
    with pytest.raises(MappingWrong, match=words):
        parse_mapping(NOTES.replace(old, new), "notes.yaml")


def test_what_a_note_says_leaves_no_list_and_no_page(make_intake: Callable[..., Intake]) -> None:
    """Where it is kept, too: the ticket's page and the records behind a number are without it."""
    intake = noted(make_intake("keep_text = true\n"))
    told = beside(intake.context, "desk", "INC1")
    assert [each.record["kind"] for each in told] == ["Reply", "Work note", "Mail"]
    assert "zebrafish" not in str([each.as_json() for each in told])
    asked = NOTES.replace("  author: by", "  from_requester: {column: type, yes: [Reply]}")
    noted(intake, asked + "drop: [by]\n", ROWS.replace("said", "said,more", 1))
    behind = tickets_behind(intake.context, Question("requester_messages"), {"period": "all"})
    assert [row["record"] for row in behind.rows] == ["1"]
    assert "text" not in behind.rows[0]
    assert "zebrafish" not in str(behind.as_json())


def test_an_author_is_erased_and_the_note_stays(intake: Intake) -> None:
    """Of the person nothing is left that leads to them; numbers are as before."""
    noted(intake)
    before = intake.rows(ASKED)
    erase_person(intake.context, Wanted("letter of 3 May", "Zoe"))
    assert intake.rows(ASKED) == before
    assert intake.rows("SELECT count(DISTINCT author) FROM notes") == [(3,)]
    intake.takes(ROWS, mapping=NOTES, name="notes.csv")
    assert intake.rows("SELECT count(*), count(DISTINCT author) FROM notes") == [(4, 3)]


def test_notes_go_with_their_ticket(intake: Intake) -> None:
    """A ticket that is deleted at its source takes its notes along."""
    noted(intake)
    gone = MAPPING + "deleted: {column: state, words: [Gone]}\n"
    intake.takes("number,at,state,team,who\nINC1,2026-07-02 08:00,Gone,North,Ana\n", mapping=gone)
    assert intake.rows("SELECT note_id FROM notes") == [("4",)]


def test_the_journal_of_servicenow(intake: Intake) -> None:
    """Notes and comments by the journal's field; other fields are passed over."""
    intake.takes(
        "sys_id,name,element,element_id,number,sys_created_on,sys_created_by,value\n"
        "a1,task,work_notes,f00,INC1,2026-07-01 09:00:00,ana.lima,Looked into it\n"
        "a2,task,comments,f00,INC1,2026-07-01 09:30:00,rui.melo,Which device?\n"
        "a3,task,approval_history,f00,INC1,2026-07-01 09:40:00,system,asked\n",
        mapping=(EXAMPLES / "servicenow.yaml").read_text("utf-8"),
    )
    assert intake.rows(
        "SELECT ticket_id, written_at::VARCHAR, kind, internal, length FROM notes ORDER BY note_id"
    ) == [
        ("INC1", "2026-07-01 09:00:00", "Work note", True, 14),
        ("INC1", "2026-07-01 09:30:00", "Comment", False, 13),
    ]


def test_the_comments_of_jira(intake: Intake) -> None:
    """A line each; nobody's name is kept, and where it is not said who may read, nothing is."""
    author = (
        '"author": {"accountId": "5b10", "displayName": "Mia Quitterie", '
        '"emailAddress": "quitterie@example.org", "avatarUrls": {"48x48": "quitterie.png"}}'
    )
    lines = [
        f'{{"id": "{n}", {author}, "updateAuthor": {{"displayName": "Mia Quitterie"}}, '
        f'"body": "See picture", "created": "2026-07-01T11:00:00.000+0200"{more}, "issue": "SD-7"}}'
        for n, more in enumerate((', "jsdPublic": true', ', "jsdPublic": false', ""), 1)
    ]
    intake.takes(
        "\n".join(lines) + "\n",
        mapping=(EXAMPLES / "jira.yaml").read_text("utf-8"),
        name="notes.jsonl",
    )
    assert intake.rows(
        "SELECT ticket_id, written_at::VARCHAR, kind, internal, length FROM notes ORDER BY note_id"
    ) == [
        ("SD-7", "2026-07-01 09:00:00", "Comment", False, 11),
        ("SD-7", "2026-07-01 09:00:00", "Internal note", True, 11),
        ("SD-7", "2026-07-01 09:00:00", None, None, 11),
    ]
    assert found_in(intake.workspace.path, ("Quitterie", "quitterie")) == []
