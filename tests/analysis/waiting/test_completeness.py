"""What went with handoffs, and what goes with its lack: by hand, and walked in plain Python."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.analysis.waiting.completeness import (
    FIELDS,
    FILES,
    NOTE,
    Completeness,
    completeness,
    known,
    lacks,
    parts_in_use,
    stratum_rows,
    told_rows,
    with_notes,
    without_notes,
)
from opsgauge.analysis.waiting.handoffs import handoff_rows
from opsgauge.analysis.waiting.notes import written
from opsgauge.analysis.waiting.unnoted import unnoted_rows, without_note
from opsgauge.log.door import unbound
from opsgauge.log.related import NOTES
from tests.analysis.waiting.logs import Log, at, history, tickets

notes = unbound(NOTES)
GRACE = timedelta(minutes=2)
GRACE_US = GRACE // timedelta(microseconds=1)


def handed(log: Log) -> pa.Table:
    """Return the strata of a log's handoffs, with its notes if it has any."""
    each = handoff_rows(history, tickets, *FIELDS)
    [rows] = log.tables(stratum_rows(_with_notes(each) if log.beside else without_notes(each)))
    return rows


def _with_notes(each: Any) -> Any:
    theirs = written(notes, tickets)
    return with_notes(each, theirs, told_rows(theirs), GRACE_US)


def wrote(log: Log, *lines: tuple[str, str, Mapping[str, Any]]) -> Log:
    """Add notes: of which ticket, when, and what is known of it."""
    rows, _ = log.beside.setdefault(NOTES.name, ([], NOTES))
    for number, when, more in lines:
        key = {"source": "desk", "ticket_id": number, "note_id": f"N{len(rows)}"}
        rows.append({**key, "written_at": at(when), **more})
    return log


def by_part(rows: pa.Table, name: str) -> dict[int | None, int]:
    """Return how many handoffs had a part, had it not, or of how many nobody knows."""
    found: dict[int | None, int] = {}
    for row in rows.to_pylist():
        found[row[name]] = found.get(row[name], 0) + row["handoffs"]
    return found


@pytest.mark.row("MAP-20")
def test_completeness_counts_the_parts_that_any_handoff_had() -> None:
    """Nobody fills the service; INC1 goes with a category and an assignee, INC2 with neither."""
    log = Log()
    log.has("INC1", "08:00 new Desk", "09:00 new Network ann", "10:00 resolved Network ann")
    log.has("INC2", "08:00 new Desk", "09:00 new Network", "12:00 new Desk", "13:00 resolved Desk")
    for row in log.rows:
        row["category"] = "Mail" if row["ticket_id"] == "INC1" else None
    rows = handed(log)
    parts = parts_in_use(rows)

    assert parts == ("category", "assignee")
    assert known(rows) == (0, 3)
    assert completeness(rows, parts) == [
        Completeness(filled=2, of=2, handoffs=1, touched=1, idle_hours=1.0, back=0),
        Completeness(filled=0, of=2, handoffs=2, touched=2, idle_hours=4.0, back=1),
    ]
    assert [part.idle for part in lacks(rows, parts)] == [None, None]  # too few to compare


BY_STAFF, BY_THEM = {"from_requester": False}, {"from_requester": True}
HANDED = ("08:00 new Desk", "09:00 new Network", "10:00 resolved Network")


@pytest.mark.row("MAP-20", "MAP-05")
@pytest.mark.parametrize(
    ("when", "more", "noted"),
    [
        ("08:00", BY_STAFF, 1),  # as the team got it
        ("09:00", BY_STAFF, 1),  # at the very moment
        ("09:02", BY_STAFF, 1),  # within the minutes
        ("09:03", BY_STAFF, 0),
        ("08:30", BY_THEM, 0),
        ("08:30", {}, 1),  # nobody knows by whom: no team is blamed
        ("07:59", BY_STAFF, 0),  # nobody had it yet
    ],
)
def test_a_note_of_the_giving_team_goes_with_the_handoff(
    when: str, more: Mapping[str, Any], noted: int
) -> None:
    """From when it got the ticket to the handoff and minutes after, not by whoever asked."""
    log = wrote(Log().has("INC1", *HANDED), ("INC1", when, more))
    log.has("INC0", "07:00 new Desk")
    log.has("INC2", "12:00 new Desk")
    wrote(log, ("INC0", "07:00", BY_STAFF), ("INC2", "13:00", BY_STAFF))

    assert by_part(handed(log), NOTE) == {noted: 1}


@pytest.mark.row("MAP-20")
def test_a_note_for_one_handoff_is_none_for_the_next() -> None:
    """Desk wrote, Network did not; who has the ticket third can read it, but was told nothing."""
    log = Log().has("INC1", "08:00 new Desk", "09:00 new Network", "11:00 new Field")
    wrote(log, ("INC1", "08:00", BY_STAFF), ("INC1", "08:59", {**BY_STAFF, "attachments": 2}))
    log.has("INC2", "12:00 new Desk")
    wrote(log, ("INC2", "12:00", BY_STAFF))
    rows = handed(log)

    assert {row["from_"]: row[NOTE] for row in rows.to_pylist()} == {"Desk": 1, "Network": 0}
    assert by_part(rows, FILES) == {1: 2}  # the file is still there


@pytest.mark.row("MAP-20")
def test_nothing_is_said_where_notes_may_be_missing() -> None:
    """Before the first note and after the last; in another practice; of files that nobody counts.

    A note by whoever asked begins nothing: an export of comments alone has no work notes.
    """
    log = Log().has("INC1", *HANDED)  # opened before the first note
    log.has("INC2", "09:00 new Desk", "10:00 new Network")
    log.has("INC3", "09:00 new Desk", "1 10:00 new Network")  # handed over after the last
    log.has("CHG1", "09:00 new Desk", "10:00 new Network", practice="change")
    for row in log.rows:
        if row["ticket_id"] == "CHG1":
            row["practice"] = "change"
    wrote(log, ("INC1", "07:00", BY_THEM), ("INC2", "09:00", BY_STAFF), ("INC3", "23:00", BY_STAFF))
    rows = handed(log)

    assert by_part(rows, NOTE) == {1: 1, None: 3}
    assert by_part(rows, FILES) == {None: 4}
    assert known(rows) == (1, 4)
    assert NOTE in parts_in_use(rows)
    assert FILES not in parts_in_use(rows)


@pytest.mark.row("MAP-20")
def test_lacks_are_told_between_the_same_teams_and_of_the_same_priority() -> None:
    """High ones go with a note and lie an hour, low ones without and lie nine: no gap by itself.

    Among the low are five with a note, which lie eight hours: it goes with one hour. Of five low
    ones without, one comes straight back; of none with.
    """
    log = Log()
    for n in range(20):
        low, noted = n >= 10, n < 15
        lies = 1 if not low else 8 if noted else 9
        number, back = f"INC{n}", " Desk" if n == 15 else " Network"
        log.has(
            number, "01:00 new Desk", "02:00 new Network", f"{2 + lies:02}:00 new{back}",
            "23:00 resolved" + back,
        )  # fmt: skip
        for row in log.rows:
            if row["ticket_id"] == number:
                row["priority"] = "4 - Low" if low else "1 - High"
        if noted:
            wrote(log, (number, "01:30", BY_STAFF))
    log.has("INC99", "01:00 new Desk")
    wrote(log, ("INC99", "01:00", BY_STAFF), ("INC99", "23:00", BY_STAFF))
    [priority, note] = lacks(rows := handed(log), parts_in_use(rows))

    assert (priority.name, priority.handoffs, priority.of) == ("priority", 21, 21)
    assert (note.name, note.handoffs, note.of) == (NOTE, 15, 21)  # Network gave one back unnoted
    assert note.idle is not None
    assert note.back is not None
    assert (note.idle.compared, note.idle.mean, note.idle.others) == (5, 9.0, 8.0)
    assert (note.idle.difference, note.idle.low, note.idle.high) == (1.0, 1.0, 1.0)  # all alike
    assert (note.back.mean, note.back.others) == (0.2, 0.0)
    assert note.back.low < 0 < note.back.difference < note.back.high


@pytest.mark.row("MAP-20")
def test_a_share_differs_by_no_more_than_all() -> None:
    """All without a note come straight back, none with: the interval ends at a hundred points."""
    log = Log().has("FIRST", "00:00 new Desk")
    wrote(log, ("FIRST", "00:00", BY_STAFF), ("FIRST", "23:00", BY_STAFF))
    for n in range(12):
        back = "Desk" if n < 6 else "Network"
        log.has(f"INC{n}", "01:00 new Desk", "02:00 new Network", f"03:00 new {back}")
        if n >= 6:
            wrote(log, (f"INC{n}", "01:30", BY_STAFF))
    [note] = lacks(rows := handed(log), parts_in_use(rows))

    assert note.back is not None
    assert (note.back.mean, note.back.others, note.back.high) == (1.0, 0.0, 1.0)
    assert 0 < note.back.low < 1


@pytest.mark.row("MAP-05")
def test_teams_are_counted_by_handoffs_without_a_note() -> None:
    """Desk gave four, of one of which nobody knows, one was done; of two one was not noted: 3 h."""
    log = Log().has("INC4", "08:00 resolved Desk", "10:00 resolved Field", "13:00 closed Field")
    log.has("INC1", *HANDED).has("INC2", "08:00 new Desk", "10:00 new Field", "13:00 new -")
    log.has("INC3", "07:00 new Desk", "10:00 new Field")
    wrote(log, ("INC1", "08:00", BY_STAFF), ("INC1", "20:00", BY_STAFF))
    [rows] = log.tables(unnoted_rows(_with_notes(handoff_rows(history, tickets))))

    [row] = rows.to_pylist()
    assert (row["team"], row["n"], row["without"]) == ("Desk", 2, 1)
    assert row["idle_us"] == 3 * 3_600_000_000
    assert row["example"]["ticket_id"] == "INC2"
    assert list(without_note([row], Thresholds())) == []
    [told] = without_note([row], Thresholds(unnoted_handoffs=1))
    assert told.claim == (
        "1 of 2 handoffs by Desk had no note, 50\u202f%: none was written while it had the ticket, "
        "nor within 2 minutes."
    )
    assert (told.tickets, told.hours, told.examples) == (1, 3.0, (("desk", "INC2"),))


TEAMS = st.sampled_from(["A", "B", "C", "-"])
STEPS = st.lists(st.tuples(TEAMS, st.integers(1, 3)), min_size=1, max_size=6)
WRITES = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([True, False, None]), st.integers(0, 1)),
    max_size=6,
)


@pytest.mark.row("MAP-20")
@settings(max_examples=60, deadline=None)
@given(moved=st.lists(st.tuples(STEPS, WRITES), min_size=1, max_size=4))
def test_notes_and_files_are_those_of_a_walk(moved: list[tuple[Any, Any]]) -> None:
    """Of each ticket, update by update, note by note."""
    log = Log()
    log.has("FIRST", "00:00 new A")
    wrote(log, ("FIRST", "00:00", BY_STAFF), ("FIRST", "23:59", {**BY_STAFF, "attachments": 1}))
    expected: dict[int | None, int] = {}
    files: dict[int | None, int] = {}
    for n, (steps, writes) in enumerate(moved):
        clock, lines = 0, []
        for team, wait in steps:
            lines.append(f"00:{clock:02} new {team}")
            clock += wait
        log.has(f"T{n}", *lines)
        wrote(
            log,
            *(
                (f"T{n}", f"00:{minute:02}", {"from_requester": theirs, "attachments": some})
                for minute, theirs, some in writes
            ),
        )
        had, since, clock = None, 0, 0
        for team, wait in steps:
            if team not in ("-", had):
                if had is not None:
                    near = [w for w in writes if since <= w[0] <= clock + 2 and w[1] is not True]
                    there = any(some for minute, _, some in writes if minute <= clock + 2)
                    expected[int(bool(near))] = expected.get(int(bool(near)), 0) + 1
                    files[int(there)] = files.get(int(there), 0) + 1
                had, since = team, clock
            clock += wait
    rows = handed(log)

    assert by_part(rows, NOTE) == expected
    assert by_part(rows, FILES) == files
