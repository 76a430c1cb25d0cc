"""OCEL 2.0: a row per event and object, and nothing of a file that does not hold together."""

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.tools.files import object_database, object_parts
from tests.conftest import Intake
from tests.sources.conftest import Read

Reads = Callable[..., Read]
pytestmark = pytest.mark.row("ING-03")


def thing(id_: str, type_: str = "incident", **more: Any) -> dict[str, Any]:
    """Return an object."""
    return {"id": id_, "type": type_, **more}


def event(id_: str, at: str, *objects: str, **more: Any) -> dict[str, Any]:
    """Return an event."""
    ties = [{"objectId": each, "qualifier": "of"} for each in objects]
    return {"id": id_, "type": "Update", "time": at, "relationships": ties, **more}


def said(name: str, value: Any, at: str = "1970-01-01T00:00:00Z") -> dict[str, Any]:
    """Return what is said of an object from a moment on."""
    return {"name": name, "value": value, "time": at}


OBJECTS = [
    thing(
        "I1",
        attributes=[
            said("status", "New"),
            said("status", "Done", "2026-01-05T09:00:00Z"),
            said("status", "Shut", "2026-01-07T09:00:00Z"),
        ],
        relationships=[
            {"objectId": "P1", "qualifier": "problem_of"},
            {"objectId": "P2", "qualifier": "problem_of"},
        ],
    ),
    thing("P1", "problem"),
    thing("P2", "problem"),
    thing("SRV", "configuration_item", attributes=[said("service", "Mail")]),
]
EVENTS = [
    event("e2", "2026-01-05T10:00:00Z", "I1", "P1"),
    event("e1", "2026-01-05T08:00:00Z", "I1", attributes=[{"name": "team", "value": "A"}]),
]


def log(objects: Any = OBJECTS, events: Any = EVENTS, **more: Any) -> str:
    """Return a log of objects in JSON."""
    return json.dumps(
        {"objectTypes": [], "eventTypes": [], "objects": objects, "events": events, **more}
    )


def test_a_row_is_what_was_known_of_an_object_when_something_happened(read: Reads) -> None:
    """In order of time, whatever the file's; a change that no event tells is a row as well."""
    found = read(log(), "log.jsonocel")
    rows = [
        row
        for row in zip(
            *(
                found.column(name)
                for name in (
                    "ocel:oid",
                    "ocel:eid",
                    "ocel:timestamp",
                    "object:status",
                    "event:team",
                )
            ),
            strict=True,
        )
        if row[0] == "I1"
    ]

    assert rows == [
        ("I1", "e1", "2026-01-05T08:00:00Z", "New", "A"),
        ("I1", None, "2026-01-05T09:00:00Z", "Done", None),
        ("I1", "e2", "2026-01-05T10:00:00Z", "Done", None),
        ("I1", None, "2026-01-07T09:00:00Z", "Shut", None),
    ]


def test_an_object_that_nothing_happened_to_is_a_row(read: Reads) -> None:
    """With what is said of it, and no event."""
    found = read(log(), "log.jsonocel")
    place = found.column("ocel:oid").index("SRV")

    assert found.column("object:service")[place] == "Mail"
    assert found.column("ocel:eid")[place] is None


def test_ties_stand_in_the_first_row_of_an_object(read: Reads) -> None:
    """Several of a kind as a list in JSON, the other way round too, and who shares an event."""
    found = read(log(), "log.jsonocel")

    assert found.column("to:problem_of")[:4] == ['["P1","P2"]', None, None, None]
    assert found.column("from:problem_of")[found.column("ocel:oid").index("P2")] == "I1"
    assert found.column("with:problem")[:4] == [None, None, "P1", None]


@pytest.mark.parametrize("name", ["log.json", "log.jsonocel.gz", "log.zip"])
def test_a_log_is_known_by_what_it_declares(read: Reads, name: str) -> None:
    """A `.json` with types of objects is one, also packed."""
    content: bytes = log().encode()
    if name.endswith(".gz"):
        content = gzip.compress(content)
    elif name.endswith(".zip"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("log.jsonocel", content)
        content = file.getvalue()
    assert read(content, name) == read(log(), "log.jsonocel")


def test_a_relation_that_leads_nowhere_is_set_aside(intake: Intake) -> None:
    """All else of its event comes in; the reason names one that is not there."""
    text = log(events=[*EVENTS, event("e3", "2026-01-08T08:00:00Z", "I1", "I9")])
    done = intake.takes(text, name="log.jsonocel", mapping=MAPPING)

    assert (done.accepted, done.rejected) == (5, 1)
    [(_, _, reason, _)] = intake.rejected()
    assert reason == "a relation names an object that is not there, such as 'I9'"


MAPPING = """
source: desk
shape: updates
only: {ocel:type: [incident]}
ticket_id: ocel:oid
fields: {updated_at: ocel:timestamp, original_status: object:status, activity: ocel:activity}
phases: {New: new, Done: resolved, Shut: closed}
links: [{kind: problem_of, column: to:problem_of}]
"""


def test_a_log_of_objects_becomes_tickets_with_their_ties(intake: Intake) -> None:
    """Only objects of the types that the mapping is for; others are no rejects."""
    done = intake.takes(log(), name="log.jsonocel", mapping=MAPPING)

    assert (done.accepted, done.rejected) == (4, 0)
    assert [row[-1] for row in intake.history("I1", "phase")] == [
        "new",
        "resolved",
        "resolved",
        "closed",
    ]
    assert intake.rows("SELECT to_id FROM links ORDER BY 1") == [("P1",), ("P2",)]


def test_a_mapping_for_other_objects_is_told(intake: Intake) -> None:
    """An import of nothing is a wrong mapping."""
    other = MAPPING.replace("[incident]", "[request]")
    with pytest.raises(FileUnreadable, match="holds no records where 'ocel:type' is request"):
        intake.takes(log(), name="log.jsonocel", mapping=other)


TWICE = [thing("I1"), thing("I1")]
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (log()[:-9], "it ends in the middle|is missing before its end|does not end"),
        (log()[: len(log()) // 2], "unterminated string|is missing before its end"),
        (log() + "{}", "more follows after its end"),
        ("[]", "it must be one object with 'events' and 'objects'"),
        ('{"objects": []}', "it lacks 'events'"),
        (log(objects=[]), "holds no objects"),
        (log(objects={"id": "I1"}), "'\\[' is missing"),
        (log(objects=["I1"]), "object 1 is no object with fields; it ends on line 1"),
        (log(objects=[{"type": "incident"}]), "object 1 has no 'id'"),
        (log(objects=[thing("")]), "object 1: 'id' is \"\", where a text should be"),
        (
            log(objects=[{"id": ["I1"], "type": "x"}]),
            "object 1: 'id' is \\[\"I1\"\\], where a text",
        ),
        (log(objects=[{"id": "I1"}]), "object 1 \\('I1'\\) has no 'type'"),
        (log(events=[{"id": "e1", "type": "New"}]), "event 1 \\('e1'\\) has no 'time'"),
        (log(objects=[thing("I1", attributes="x")]), "'attributes' is no list of objects"),
        (log(objects=[thing("I1", relationships=[1])]), "'relationships' is no list of objects"),
        (log(objects=TWICE, events=[]), "1 ids of objects are there twice or more, such as 'I1'"),
        (log(events=[*EVENTS, *EVENTS]), "2 ids of events are there twice"),
        (
            log(objects=[thing("I1", attributes=[said("a", 1, "soon")])], events=[]),
            "1 attributes change at a moment that cannot be read, such as 'I1, a at soon'",
        ),
        (
            log(objects=[thing("I1", attributes=[said("a", 1), said("A", 2)])], events=[]),
            "in nothing but case",
        ),
        ('{"objects": [{"id": "I1", "type": "t", "x": ' + DEEP + "}]}", "nested too deeply"),
        (log().replace("{", '{"objects": [],', 1), "it has 'objects' twice"),
        ("<html>", "is no JSON: it looks like a web page"),
        ("SQLite format 3\0", "it looks like an SQLite database"),
    ],
)
def test_a_log_that_does_not_hold_together_is_refused(read: Reads, text: str, words: str) -> None:
    """What is wrong, where, and what to do; nothing of it comes in."""
    with pytest.raises(FileUnreadable, match=words) as refused:
        read(text, "log.jsonocel")
    assert refused.value.hint


def test_attributes_beyond_measure_are_refused(read: Reads) -> None:
    """Each would be a column."""
    many = [said(f"a{n}", 1) for n in range(2_100)]
    with pytest.raises(FileUnreadable, match="has more than 2,000 columns"):
        read(log(objects=[thing("I1", attributes=many)], events=[]), "log.jsonocel")


def test_parts_of_any_size_come_in_portions(read: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows are held, the rows are the same."""
    whole = read(log(), "log.jsonocel")
    monkeypatch.setattr(object_parts, "ROWS_AT_ONCE", 1)

    assert read(log(), "log.jsonocel") == whole


TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
CREATE TABLE event_Update (ocel_id TEXT, ocel_time TIMESTAMP, team TEXT);
CREATE TABLE object_Incident
    (ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, size REAL);
INSERT INTO event_map_type VALUES ('Update', 'Update');
INSERT INTO object_map_type VALUES ('incident', 'Incident');
INSERT INTO object VALUES ('I1', 'incident');
INSERT INTO event VALUES ('e1', 'Update');
INSERT INTO event_object VALUES ('e1', 'I1', 'of');
INSERT INTO event_Update VALUES ('e1', '2026-01-05 08:00:00', 'A');
INSERT INTO object_Incident VALUES ('I1', '1970-01-01 01:00:00', NULL, 2.5);
"""
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT i AS ocel_id, 'Update' AS ocel_type FROM n"
)


def database(folder: Path, more: str = "") -> bytes:
    """Return a log of objects as a database, changed by further SQL."""
    file = folder / "made.sqlite"
    file.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as made:
        made.executescript(TABLES + more)
    return file.read_bytes()


def test_a_database_is_read_as_the_same_rows(read: Reads, tmp_path: Path) -> None:
    """Times as they are written, numbers with their digits."""
    found = read(database(tmp_path), "log.sqlite")

    assert dict(zip(found.header, found.rows[0], strict=True)) == {
        "ocel:oid": "I1", "ocel:type": "incident", "ocel:eid": "e1", "ocel:activity": "Update",
        "ocel:timestamp": "2026-01-05 08:00:00", "ocel:qualifier": "of", "event:team": "A",
        "object:size": "2.5", "with:incident": None,
    }  # fmt: skip


@pytest.mark.row("SEC-04")
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("DROP TABLE event", "is a database, and no log of objects: it has no table 'event'"),
        ("DROP TABLE event_Update", "it has no table 'event_Update'"),
        ("ALTER TABLE object DROP COLUMN ocel_type", "'object' has no column 'ocel_type'"),
        (
            "INSERT INTO object VALUES (NULL, 'incident')",
            "row 2 of table 'object' has no 'ocel_id'",
        ),
        ("INSERT INTO object VALUES ('I1', 'incident')", "1 ids of objects are there twice"),
        ("INSERT INTO event VALUES ('e2', 'Strange')", "event 'e2' is of type 'Strange'"),
        ("INSERT INTO event_Update VALUES ('e9', '', 'A')", "are of events that are not there"),
        ("UPDATE event_Update SET team = x'ff00ff'", "is no whole SQLite database"),
        (
            "DROP TABLE object; CREATE VIEW object AS SELECT ocel_id, ocel_type FROM event",
            "no table 'object'",
        ),
        (
            "DROP TABLE event; CREATE VIEW event AS " + ENDLESS,
            "no table 'event'",
        ),
    ],
)
def test_a_database_that_is_no_log_is_refused(
    read: Reads, tmp_path: Path, more: str, words: str
) -> None:
    """Views are not asked, and what lacks its table is named."""
    with pytest.raises(FileUnreadable, match=words):
        read(database(tmp_path, more), "log.sqlite")


@pytest.mark.row("SEC-04")
def test_a_database_that_was_cut_or_is_none_is_refused(read: Reads, tmp_path: Path) -> None:
    """Wherever it was cut."""
    whole = database(tmp_path)
    for size in (50, 4_096, len(whole) // 2, len(whole) - 1):
        with pytest.raises(FileUnreadable, match="is no whole SQLite database"):
            read(whole[:size], "log.sqlite")
    with pytest.raises(FileUnreadable, match="is no SQLite database: it looks like text"):
        read("number,at", "log.db")


@pytest.mark.row("SEC-04")
def test_a_value_beyond_measure_is_refused(
    read: Reads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database can pack a value that no memory holds."""
    monkeypatch.setattr(object_database, "LONGEST_VALUE", 10_000)
    more = "UPDATE event_Update SET team = hex(zeroblob(20000))"
    with pytest.raises(FileUnreadable, match=r"is no whole SQLite database: .*too big"):
        read(database(tmp_path, more), "log.sqlite")


EXPECTED = {"ocpa_ocel20_example": (13, 9, 0), "ocpa_logistics": (8_727, 970, 7_620)}


@pytest.mark.parametrize("name", EXPECTED)
def test_public_logs_give_their_numbers(read: Reads, shared_data: Path, name: str) -> None:
    """Events and objects, and relations that lead nowhere, as counted apart from Opsgauge."""
    found = read((shared_data / "ocel" / f"{name}.sqlite").read_bytes(), "log.sqlite")
    events, objects = (set(found.column(c)) - {None} for c in ("ocel:eid", "ocel:oid"))

    assert (len(events), len(objects), len(found.faulty)) == EXPECTED[name]
