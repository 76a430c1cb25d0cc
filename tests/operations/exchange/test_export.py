"""A log that is taken away reads back as the same tickets, in each form."""

import csv
import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import NotAllowed, QueryWrong
from opsgauge.governance import audit
from opsgauge.governance.access import Actor, everywhere
from opsgauge.operations.exchange.export import Exported, LogAsked, export_log
from opsgauge.operations.flow import Selection
from opsgauge.operations.ingest import ingest
from tests.conftest import Intake

MAPPING = """
source: desk
shape: updates
ticket_id: number
practice: {column: kind, blank: I, words: {I: incident, P: problem, C: change}}
times: {formats: [iso]}
order: [nth]
fields:
  updated_at: at
  opened_at: opened
  original_status: state
  team: team
  assignee: who
  actor: who
  impact: impact
  configuration_item: item
phases:
  New: new
  Work: in_progress
  Wait: pending_user
  Done: resolved
  Shut: closed
links:
  - {kind: problem_of, column: problem}
  - {kind: fixed_by, column: change}
attributes: {site: site}
automatic: [robot]
"""
HEADER = "number,kind,nth,at,opened,state,team,who,impact,item,problem,change,site\n"
LOG = HEADER + (
    "T1,I,1,2026-01-05T08:00:00Z,2026-01-05T07:00:00Z,New,Desk,robot,2,SRV,,,Bonn\n"
    'T1,I,2,2026-01-05T09:30:00.5Z,2026-01-05T07:00:00Z,Work,"Net, ""2nd""",ann,2,SRV,P1,,Bonn\n'
    "T1,I,3,2026-01-05T09:00:00Z,2026-01-05T07:00:00Z,Done,Desk,bob,1,SRV,P1,,Bonn\n"
    "T2,I,1,2026-02-05T08:00:00Z,2026-02-05T08:00:00Z,Done,Désk <&>,ann,3,,P1,,\n"
    "T2,I,2,2026-02-06T08:00:00Z,2026-02-05T08:00:00Z,Work,,ann,3,,P2,,\n"
    "P1,P,1,2026-01-06T08:00:00Z,2026-01-06T08:00:00Z,Work,Net,bob,1,SRV,,C1,\n"
    "P1,P,2,2026-01-09T08:00:00Z,2026-01-06T08:00:00Z,Shut,Net,bob,1,SRV,,C1,\n"
    "C1,C,1,2026-01-07T08:00:00Z,2026-01-07T08:00:00Z,Done,Net,bob,1,SRV,,,\n"
)
CASES = [
    *(("log.xes", "classical"), ("log.xes.gz", "classical"), ("log.csv", "classical")),
    *(("log.xes", "interval"), ("log.csv", "interval")),
]
OBJECTS = [("log.jsonocel", "classical"), ("log.sqlite", "classical")]
FORMS = {
    ".xes": "xes",
    ".gz": "xes",
    ".csv": "csv",
    ".jsonocel": "ocel-json",
    ".sqlite": "ocel-sqlite",
}
PERSONS = "person_level = true\n"
IN_CLEAR = f"pseudonyms = false\n{PERSONS}"
Make = Callable[..., Intake]


def taken(
    intake: Intake, name: str, view: str = "classical", **asked: Any
) -> tuple[Path, Exported]:
    """Take a log away into a file beside the workspace."""
    file = intake.folder / name
    file.unlink(missing_ok=True)
    form = FORMS[file.suffix]
    return file, export_log(intake.context, file, LogAsked(form, view, **asked))


def content(intake: Intake) -> dict[str, Any]:
    """Return all that the log holds, persons by the order in which they are met."""
    told = intake.content()
    del told["persons"], told["rejected"]
    return told


def read_back(make: Make, file: Path, done: Exported, settings_text: str = "") -> Intake:
    """Import a log into a workspace of its own, by the mappings that came with it."""
    other = make(settings_text)
    for table, text in done.mappings.items():
        mapping = other.file(text, f"{table}.yaml")
        result = ingest(other.context, [file], str(mapping))
        assert (result.rejected, result.unmapped) == (0, {})
    return other


@pytest.mark.row("ING-03")
@pytest.mark.parametrize(("name", "view"), [*CASES, *OBJECTS])
def test_what_is_taken_away_reads_back_as_the_same_tickets(
    make_intake: Make, name: str, view: str
) -> None:
    """Tickets, history with order and moved moments, ties: all columns, in a workspace apart."""
    intake = make_intake(IN_CLEAR)
    intake.takes(LOG, mapping=MAPPING)
    file, done = taken(intake, name, view)
    other = read_back(make_intake, file, done, IN_CLEAR)

    assert done.tickets == 4
    assert done.events == 8 or view == "interval"
    assert content(other) == content(intake)


def test_with_pseudonyms_the_same_persons_hold_the_same_tickets(make_intake: Make) -> None:
    """A pseudonym is hidden again, so names differ; who stands beside whom does not."""
    intake = make_intake(PERSONS)
    intake.takes(LOG, mapping=MAPPING)
    file, done = taken(intake, "log.xes")
    other = read_back(make_intake, file, done)

    asked = "SELECT ticket_id, seq, assignee, automatic FROM history ORDER BY ALL"
    pairs = {
        (mine[2], theirs[2])
        for mine, theirs in zip(intake.rows(asked), other.rows(asked), strict=True)
    }
    assert len({mine for mine, _ in pairs}) == len({theirs for _, theirs in pairs}) == len(pairs)
    assert "ann" not in file.read_text()


LISTED = """
source: desk
shape: tickets
ticket_id: number
times: {formats: [iso]}
fields: {opened_at: opened, resolved_at: done, original_status: state, team: team, priority: prio}
phases: {Open: in_progress, Done: resolved}
"""


def test_a_list_of_tickets_stays_one(make_intake: Make) -> None:
    """It tells no updates, so what is read back counts no reopenings and no handovers either."""
    intake = make_intake()
    intake.takes(
        "number,opened,done,state,team,prio\n"
        "T1,2026-01-05T08:00:00Z,2026-01-06T08:00:00Z,Done,Desk,1\n"
        "T2,2026-01-05T09:00:00Z,,Open,Net,2\n",
        mapping=LISTED,
    )
    file, done = taken(intake, "log.xes")
    other = read_back(make_intake, file, done)

    assert content(other) == content(intake)
    assert other.ticket("T1", "reopen_count", "handoff_count") == (None, None)


def test_an_interval_out_of_order_says_when_its_update_was_made(intake: Intake) -> None:
    """T1 was done at 9:00, dated before the update at 9:30 that it follows: it begins with that."""
    intake.takes(LOG, mapping=MAPPING)
    lines = taken(intake, "log.csv", "interval")[0].read_text().splitlines()

    rows = [row for row in csv.DictReader(lines) if row["case"] == "T1"]
    assert [(row["kind"], row["start"], row["recorded"]) for row in rows] == [
        ("opening", "2026-01-05T07:00:00Z", ""),
        ("update", "2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z"),
        ("update", "2026-01-05T09:30:00.500000Z", "2026-01-05T09:30:00.500000Z"),
        ("update", "2026-01-05T09:30:00.500000Z", "2026-01-05T09:00:00Z"),
    ]


def test_the_classical_form_says_who_did_what_from_when_to_when(make_intake: Make) -> None:
    """Case, activity, start, complete and resource are the first columns."""
    intake = make_intake(PERSONS)
    intake.takes(LOG, mapping=MAPPING)
    lines = taken(intake, "log.csv")[0].read_text().splitlines()

    assert lines[0].startswith("case,activity,start,complete,resource,team,")
    first = next(line for line in lines if line.startswith("T1,New"))
    assert first.startswith("T1,New,2026-01-05T08:00:00Z,2026-01-05T09:30:00.500000Z,Agent ")


def test_objects_are_tied_as_the_records_say(intake: Intake) -> None:
    """Incidents, the problem, the change and the item, each with its type."""
    intake.takes(LOG, mapping=MAPPING)
    whole = json.loads(taken(intake, "log.jsonocel")[0].read_text())

    objects = {each["id"]: each for each in whole["objects"]}
    types = {id_: each["type"] for id_, each in objects.items()}
    assert types == {
        "T1": "incident",
        "T2": "incident",
        "P1": "problem",
        "C1": "change",
        "SRV": "configuration_item",
        "P2": "record",
    }
    ties = [(tie["objectId"], tie["qualifier"]) for tie in objects["T2"]["relationships"]]
    assert sorted(ties) == [("P1", "problem_of"), ("P2", "problem_of")]
    assert {each["name"] for each in whole["eventTypes"]} == {"New", "Work", "Done", "Shut"}


def test_a_database_holds_to_the_standard(intake: Intake) -> None:
    """A table per type, named by the map of types; every relation leads somewhere."""
    intake.takes(LOG, mapping=MAPPING)
    file, done = taken(intake, "log.sqlite")
    with closing(sqlite3.connect(file)) as database:

        def ask(query: str) -> list[Any]:
            return database.execute(query).fetchall()

        types = dict(ask("SELECT * FROM object_map_type"))
        assert types["configuration_item"] == "ConfigurationItem"
        assert ask("SELECT count(*) FROM object_Incident") == [(2,)]
        assert ask("SELECT count(*) FROM event") == [(done.events,)]
        ends = "SELECT ocel_object_id FROM event_object EXCEPT SELECT ocel_id FROM object"
        assert ask(ends) == []


@pytest.mark.row("SEC-02")
def test_who_may_not_see_persons_takes_none_away(make_intake: Make) -> None:
    """A viewer gets the log without who did what; without a right to tickets, nothing."""
    intake = make_intake(PERSONS)
    intake.takes(LOG, mapping=MAPPING)
    viewer = replace(intake.context, actor=everywhere("vera", "viewer"))
    file = intake.folder / "log.xes"
    done = export_log(viewer, file, LogAsked())

    assert "Agent" not in file.read_text()
    assert "Who did what is left out" in done.notes[0]
    nobody = replace(intake.context, actor=Actor("nobody", ()))
    with pytest.raises(NotAllowed):
        export_log(nobody, intake.folder / "other.xes", LogAsked())
    assert not (intake.folder / "other.xes").exists()


def test_teams_of_too_few_people_are_told_together(make_intake: Make) -> None:
    """A log lets anybody count by team, so their names are not in it."""
    intake = make_intake("fewest_persons = 2\n")
    intake.takes(LOG, mapping=MAPPING)
    text = taken(intake, "log.csv")[0].read_text()

    assert "Désk" not in text
    assert "withheld: fewer than 2 people" in text
    only = Selection((Condition("team", ("Désk <&>",)),))
    with pytest.raises(QueryWrong, match="withheld"):
        taken(intake, "log.xes", chosen=only)


def test_each_export_leaves_a_line_in_the_audit(intake: Intake) -> None:
    """With its form, what was chosen and how many tickets there are."""
    intake.takes(LOG, mapping=MAPPING)
    taken(intake, "log.xes", chosen=Selection((Condition("practice", ("incident",)),)))

    line = audit.lines(intake.context.database, limit=1, action="data:export")[0]
    assert line.subject == "export of the log as xes"
    told: Any = line.after
    assert (told["rows"], told["where"]) == (2, ["practice=incident"])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (LogAsked("xls"), "no form 'xls'"),
        (LogAsked(view="casual"), "no view 'casual'"),
        (LogAsked(source="dask"), "no source 'dask'"),
        (LogAsked(chosen=Selection((Condition("team", ("nobody",)),))), "No ticket fits"),
    ],
)
def test_what_cannot_be_taken_away_is_told(intake: Intake, asked: LogAsked, said: str) -> None:
    """And no file is left."""
    intake.takes(LOG, mapping=MAPPING)
    with pytest.raises(QueryWrong, match=said):
        export_log(intake.context, intake.folder / "log.xes", asked)
    assert not list(intake.folder.glob("*log.xes"))
    assert not list(intake.folder.glob(".opsgauge-*"))


def test_a_file_that_is_there_stays(intake: Intake) -> None:
    """Nothing is written over."""
    intake.takes(LOG, mapping=MAPPING)
    file = intake.file("mine", "log.xes")
    with pytest.raises(QueryWrong, match=r"There is a file log\.xes already"):
        export_log(intake.context, file, LogAsked())
    assert file.read_text() == "mine"


def test_a_gzipped_log_is_the_same_each_time(intake: Intake) -> None:
    """No moment of its writing is in it."""
    intake.takes(LOG, mapping=MAPPING)
    once = taken(intake, "log.xes.gz")[0].read_bytes()

    assert once == taken(intake, "log.xes.gz")[0].read_bytes()
    assert gzip.decompress(once).startswith(b"<?xml")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=8,
).filter(lambda word: not word.startswith(("[", "{")))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    updates=st.lists(
        st.tuples(
            *(st.integers(1, 3), st.integers(0, 500), st.sampled_from(["New", "Work", "Done"])),
            *(WORDS, WORDS),
        ),
        min_size=1,
        max_size=8,
    ),
    form=st.sampled_from([*CASES, *OBJECTS]),
)
def test_any_log_reads_back(
    tmp_path_factory: pytest.TempPathFactory, updates: list[Any], form: tuple[str, str]
) -> None:
    """Whatever teams and items are called, and however updates stand in time."""

    def make(text: str = "") -> Intake:
        return Intake(tmp_path_factory.mktemp("any"), text)

    intake = make(IN_CLEAR)
    rows = [
        {
            "number": f"T{ticket}",
            "kind": "I",
            "nth": nth,
            "state": state,
            "team": team,
            "at": f"2026-01-05T{8 + minute // 60:02}:{minute % 60:02}:00Z",
            "item": item,
            "who": "ann",
            "problem": None,
            "change": None,
            "impact": "1",
            "site": team,
            "opened": "2026-01-05T07:00:00Z",
        }
        for nth, (ticket, minute, state, team, item) in enumerate(updates)
    ]
    intake.takes(json.dumps(rows), mapping=MAPPING, name="log.json")
    file, done = taken(intake, *form)
    other = read_back(make, file, done, IN_CLEAR)

    assert content(other) == content(intake)
    intake.close()
    other.close()
