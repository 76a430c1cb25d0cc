"""A desk of any shape comes back out of its exported log, whole, also by way of another program."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsgauge.foundation.csv_text import RISKY
from opsgauge.operations.ingest import ingest
from tests.conftest import Intake
from tests.operations.exchange.test_export import (
    CASES,
    IN_CLEAR,
    LISTED,
    LOG,
    MAPPING,
    OBJECTS,
    Make,
    content,
    read_back,
    taken,
)

BY_PM4PY = Path(__file__).parent / "by_pm4py"
CHANGES = """
source: desk
shape: changes
ticket_id: number
times: {formats: [epoch_s]}
changes:
  field: field
  old: old
  new: new
  names: {state: original_status, team: team, who: assignee, prio: priority, kind: category}
fields: {updated_at: at, opened_at: opened, actor: by, service: service}
phases:
  - words: {New: new, Work: in_progress, Done: resolved}
  - {from: 2026-01-02, words: {New: assigned, Work: pending_user, Done: resolved}}
closing_resolves: yes
"""
CARRIED = """
source: desk
shape: updates
ticket_id: number
times: {formats: [epoch_s]}
carry: [team, priority]
fields: {updated_at: at, opened_at: opened, original_status: state, team: team, priority: prio}
phases: {New: new, Work: in_progress, Done: closed}
"""
STATES = st.sampled_from(["", "New", "Work", "Done", "Odd"])
WORDS = st.text(st.sampled_from(["'", "a", " ", '"', "<", *RISKY]), max_size=4)
MOMENTS = st.integers(1_767_225_600, 1_767_225_600 + 2 * 86_400)  # the first two days of 2026
VALUES = {"state": STATES, "team": WORDS, "who": WORDS, "prio": WORDS, "kind": WORDS}
ONE_CHANGE = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.fixed_dictionaries(
        {
            "number": st.sampled_from(["T1", "T2"]),
            "at": MOMENTS,
            "opened": st.just(1_767_225_600),
            "by": st.sampled_from(["", "ann", "bob"]),
            "service": WORDS,
            "field": st.just(name),
            "old": VALUES[name],
            "new": VALUES[name],
        }
    )
)
ONE_UPDATE = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["T1", "T2"]),
        "at": MOMENTS,
        "opened": st.just(1_767_225_600),
        "state": STATES,
        "team": WORDS,
        "prio": WORDS,
    }
)
DESKS = st.one_of(
    st.tuples(st.just(CHANGES), st.lists(ONE_CHANGE, min_size=1, max_size=12)),
    st.tuples(st.just(CARRIED), st.lists(ONE_UPDATE, min_size=1, max_size=8)),
)


def in_lines(rows: list[dict[str, Any]]) -> str:
    """Return records as a CSV, as any tool writes them."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.mark.row("ING-03")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(desk=DESKS, form=st.sampled_from([*CASES, *OBJECTS]))
def test_a_desk_of_any_shape_reads_back(
    tmp_path_factory: pytest.TempPathFactory, desk: Any, form: tuple[str, str]
) -> None:
    """A row per changed field, or only what changed; words by date; signs that mean formulas."""
    mapping, rows = desk

    def make(text: str = "") -> Intake:
        return Intake(tmp_path_factory.mktemp("any"), text)

    intake = make(IN_CLEAR)
    intake.takes(in_lines(rows), mapping=mapping)
    file, done = taken(intake, *form)
    other = make(IN_CLEAR)
    for table, text in done.mappings.items():
        back = ingest(other.context, [file], str(other.file(text, f"{table}.yaml")))
        assert back.rejected == 0

    assert content(other) == content(intake)
    intake.close()
    other.close()


def test_what_held_at_the_opening_reads_back(make_intake: Make) -> None:
    """The priority was 3 until the first change made it 2; the category became blank."""
    intake = make_intake(IN_CLEAR)
    intake.takes(
        "number,at,opened,by,field,old,new,service\n"
        "T1,1767261600,1767258000,ann,prio,3,2,Mail\n"
        "T1,1767265200,1767258000,ann,kind,,Disk,Mail\n",
        mapping=CHANGES,
    )
    file, done = taken(intake, "log.xes")
    other = read_back(make_intake, file, done, IN_CLEAR)

    begun = [("3", None, "Mail"), ("2", None, "Mail"), ("2", "Disk", "Mail")]
    asked = "SELECT priority, category, service FROM history ORDER BY seq"
    assert other.rows(asked) == intake.rows(asked) == begun


def test_a_list_that_came_twice_reads_back_as_it_stands(make_intake: Make) -> None:
    """That the ticket was once of another team is in the file, and no list tells it."""
    intake = make_intake()
    head = "number,opened,done,state,team,prio\n"
    intake.takes(f"{head}T1,2026-01-05T08:00:00Z,,Open,Desk,1\n", mapping=LISTED, name="a.csv")
    later = "T1,2026-01-05T08:00:00Z,2026-01-06T08:00:00Z,Done,Net,2\n"
    intake.takes(f"{head}{later}", mapping=LISTED, name="b.csv")
    file, done = taken(intake, "log.csv")
    other = read_back(make_intake, file, done)

    assert any("newest state" in note for note in done.notes)
    asked = "SELECT ticket_id, opened_at, resolved_at, phase, team, priority FROM tickets"
    assert other.rows(asked) == intake.rows(asked)
    assert other.rows("SELECT DISTINCT team FROM history") == [("Net",)]
    assert "Desk" in file.read_text()


RELATED = {
    "configuration_items": "configuration_item,class,service\nSRV,server,Mail\nDB,database,Mail\n",
    "dependencies": (
        "dependency_id,configuration_item,needs,kind\n"
        "1,SRV,DB,stores in\n2,SRV,DB,talks to\n3,DB,DISK,\n4,,DB,\n"
    ),
    "articles": (
        "article_id,title,kind,published_at\n"
        "KB1,Restart,How-to,2026-01-01T00:00:00Z\nP1,Leak,Known error,2026-01-08T00:00:00Z\n"
    ),
    "article_uses": (
        "use_id,article_id,ticket_id,used_at\n"
        "1,KB1,T1,2026-01-05T08:30:00Z\n2,LOST,T1,2026-01-05T08:40:00Z\n"
        "3,KB1,T9,2026-01-05T08:50:00Z\n"
    ),
    "changes": "change_id,type,planned_start\nC1,normal,2026-01-07T08:00:00Z\n",
}


@pytest.mark.row("ING-03")
@pytest.mark.parametrize(("name", "view"), OBJECTS)
def test_records_beside_the_tickets_read_back(make_intake: Make, name: str, view: str) -> None:
    """Items and what they need, articles and known errors, their uses, and changes.

    Two items may be tied twice, and a use may name an article that no record tells of.
    """
    intake = make_intake(IN_CLEAR)
    intake.takes(LOG, mapping=MAPPING)
    for table, text in RELATED.items():
        columns = ", ".join(f"{each}: {each}" for each in text.partition("\n")[0].split(","))
        said = f"source: desk\ntable: {table}\nfields: {{{columns}}}\n"
        intake.takes(text, mapping=said, name=f"{table}.csv")
    file, done = taken(intake, name, view)
    other = read_back(make_intake, file, done, IN_CLEAR)

    assert content(other) == content(intake)
    for table in RELATED:
        asked = f"SELECT * FROM {table} ORDER BY ALL"
        assert other.rows(asked) == intake.rows(asked) != []


@pytest.mark.row("ING-03")
@pytest.mark.parametrize("name", ["log.xes", "log.jsonocel", "log.sqlite"])
def test_what_another_program_wrote_again_reads_back(make_intake: Make, name: str) -> None:
    """PM4Py 2.7.23 read our log of this desk and wrote it again: the same tickets are in it."""
    intake = make_intake(IN_CLEAR)
    intake.takes(LOG.replace("30:00.5Z", "30:00Z"), mapping=MAPPING)
    done = taken(intake, name)[1]
    said = {table: f"{text}missing: [nan]\n" for table, text in done.mappings.items()}
    other = read_back(make_intake, BY_PM4PY / name, replace(done, mappings=said), IN_CLEAR)

    assert content(other) == content(intake)


LIFECYCLE = """<log xmlns="http://www.xes-standard.org/"><trace>
<string key="concept:name" value="T1"/>
{}</trace></log>"""
STEP = """<event><string key="concept:name" value="{}"/>
<string key="lifecycle:transition" value="{}"/><string key="org:resource" value="{}"/>
<date key="time:timestamp" value="2026-01-05T{}:00+01:00"/></event>
"""
STARTS_AND_ENDS = """
source: works
shape: updates
ticket_id: case:concept:name
fields:
  updated_at: time:timestamp
  activity: {join: [concept:name, lifecycle:transition], with: " "}
  original_status: lifecycle:transition
  assignee: org:resource
phases: {start: in_progress, complete: pending_other}
"""


def test_starts_and_completions_of_another_tool_are_intervals(make_intake: Make) -> None:
    """Work from 9 to 10, waiting until 12, work again for a quarter of an hour."""
    intake = make_intake(IN_CLEAR)
    steps = [("Look", "start", "ann", "09:00"), ("Look", "complete", "ann", "10:00")]
    steps += [("Mend", "start", "bob", "12:00"), ("Mend", "complete", "bob", "12:15")]
    text = LIFECYCLE.format("".join(STEP.format(*each) for each in steps))
    intake.takes(text, mapping=STARTS_AND_ENDS, name="log.xes")

    assert intake.history("T1", "activity", "phase", "assignee") == [
        (1, "05 08:00", "05 09:00", "Look start", "in_progress", "ann"),
        (2, "05 09:00", "05 11:00", "Look complete", "pending_other", "ann"),
        (3, "05 11:00", "05 11:15", "Mend start", "in_progress", "bob"),
        (4, "05 11:15", None, "Mend complete", "pending_other", "bob"),
    ]
