"""Notes follow from what the log recorded; messages go to and fro before work on some tickets."""

from pathlib import Path

import pytest

from opsgauge.sources.tools.demo.beside import noting
from opsgauge.sources.tools.demo.desk import invent
from tests.sources.tools.demo.beside.conftest import Asked
from tests.sources.tools.demo.conftest import ENDS

pytestmark = pytest.mark.row("ING-14")
FIRST = (
    "(SELECT number AS record, min(opened_at) AS opened, any_value(requested_for) AS asks, "
    "min(updated_at) FILTER (state IN ('In Progress', 'In Fulfilment')) AS begun "
    "FROM log WHERE record_type IN ('Incident', 'Service Request') GROUP BY number)"
)


def test_no_note_is_older_than_its_ticket(asked: Asked) -> None:
    """Nor does it lie in what has not come yet."""
    assert asked(
        f"SELECT count(*) FROM notes JOIN {FIRST} USING (record) WHERE written < opened"
    ) == [(0,)]
    [(late,)] = asked(
        "SELECT count(*) FROM notes WHERE written > (SELECT max(updated_at) FROM log) "
        "+ INTERVAL 1 DAY"
    )
    assert late == 0


def test_answers_are_by_the_one_who_asked(asked: Asked) -> None:
    """Replies and work notes are by others."""
    rows = asked(
        "SELECT type, count(*), avg((author = asks)::INT) FROM notes "
        f"JOIN {FIRST} USING (record) GROUP BY type"
    )
    told = {kind: (n, share) for kind, n, share in rows}
    assert set(told) == {*noting.KINDS}
    assert min(n for n, _ in told.values()) > 100
    assert told["Answer"][1] == 1.0
    assert told["Reply"][1] == 0.0


def test_some_handoffs_have_a_note_and_some_have_none(asked: Asked) -> None:
    """Written within the quarter of an hour before; by habit of the team that hands over."""
    [(share, least, most)] = asked(
        "WITH moved AS (SELECT number AS record, updated_at AS moved_at, assignment_group AS team, "
        "lag(assignment_group) OVER w AS gave, lag(updated_at) OVER w AS held FROM log "
        "WINDOW w AS (PARTITION BY number ORDER BY update_no)), "
        "handed AS (SELECT record, moved_at, gave, held FROM moved WHERE gave <> team), "
        "told AS (SELECT gave, EXISTS (SELECT 1 FROM notes AS n WHERE n.record = h.record "
        "AND n.type = 'Work note' AND n.written BETWEEN "
        "greatest(h.held, h.moved_at - INTERVAL 900 SECOND) AND h.moved_at) AS wrote "
        "FROM handed AS h), "
        "teams AS (SELECT gave, avg(wrote::INT) AS share FROM told GROUP BY gave "
        "HAVING count(*) >= 50) "
        "SELECT (SELECT avg(wrote::INT) FROM told), min(share), max(share) FROM teams"
    )
    assert 0.3 < share < 0.95
    assert most - least > 0.15


def test_messages_before_work_come_in_pairs(asked: Asked) -> None:
    """Of one ticket in twenty or so to one in four: a question, and then the answer to it."""
    rows = asked(
        "SELECT record, count(*) FILTER (type = 'Reply') AS asked, "
        "count(*) FILTER (type = 'Answer') AS said, "
        "min(written) FILTER (type = 'Reply') < min(written) FILTER (type = 'Answer') "
        f"FROM notes JOIN {FIRST} USING (record) WHERE written < begun AND type <> 'Work note' "
        "GROUP BY record"
    )
    pairs = [row for row in rows if row[1] == row[2] and row[3]]
    [(tickets,)] = asked(f"SELECT count(*) FROM {FIRST} WHERE begun IS NOT NULL")
    assert 0.05 < len(pairs) / tickets < 0.25
    assert max(row[2] for row in pairs) == 3


def test_of_a_large_desk_the_newest_tickets_have_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the opening of the oldest of them on; what was exported before stays as it was."""
    whole, part = tmp_path / "whole", tmp_path / "part"
    invent(whole, 5, 3_000, ends=ENDS, sized=False)
    monkeypatch.setattr(noting, "MOST", 500)
    invent(part, 5, 3_000, ends=ENDS, sized=False)

    every, newest = (
        [line.split(",", 1)[1] for line in (each / "notes.csv").read_text("utf-8").splitlines()]
        for each in (whole, part)
    )
    assert 100 < len(newest) < len(every) / 2
    written = [line.split(",")[1] for line in newest[1:]]
    assert written == sorted(written)
    assert written == [line.split(",")[1] for line in every[1:]][-len(written) :]
