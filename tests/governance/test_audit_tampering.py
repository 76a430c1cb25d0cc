"""The audit in wrong hands: what the database refuses, and what `verify` finds when it could not.

Every chain here has twelve lines.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.governance.access import LOCAL
from opsgauge.governance.audit import (
    BEFORE_THE_FIRST,
    Break,
    ChainVerdict,
    append,
    canonical,
    hash_of,
    lines,
    verify,
)
from opsgauge.governance.database import Database, open_database

LINES = 12


@pytest.fixture
def url(file: Path) -> str:
    """Return records in a file, which can be opened by hand."""
    return f"sqlite:///{file}"


@pytest.fixture
def chain(database: Database, file: Path, desk_is_busy: Callable[[int], None]) -> Path:
    """Return the file of a chain of twelve lines that nobody has open."""
    desk_is_busy(LINES)
    database.close()
    return file


def without_guards(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.row_factory = sqlite3.Row
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    return connection


def verdict_on(file: Path) -> ChainVerdict:
    database = open_database(f"sqlite:///{file}")
    verdict = verify(database)
    database.close()
    return verdict


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_lines SET why = 'another reason' WHERE number = 3",
        "DELETE FROM audit_lines WHERE number = 12",
        "DELETE FROM audit_lines",
        "INSERT OR REPLACE INTO audit_lines SELECT number, at, 'eve', action, subject, before, "
        "after, why, previous_hash, hash FROM audit_lines WHERE number = 3",
        "INSERT INTO audit_lines SELECT 14, at, actor, action, subject, before, after, why, "
        "previous_hash, hash FROM audit_lines WHERE number = 3",
        "DELETE FROM audit_end",
        "UPDATE audit_end SET lines = 11",
        "INSERT OR REPLACE INTO audit_end VALUES (1, 11, '')",
    ],
)
def test_the_database_refuses_to_change_the_audit(chain: Path, statement: str) -> None:
    """Not only our program: any program that opens the file is refused."""
    connection = sqlite3.connect(chain)
    with pytest.raises(sqlite3.IntegrityError, match="audit"):
        connection.execute(statement)
    connection.close()
    assert verdict_on(chain).holds


PLANTED = {
    "actor": ("UPDATE audit_lines SET actor = 'anb' WHERE number = 3", Break.ALTERED, 3),
    "action": ("UPDATE audit_lines SET action = 'import:rum' WHERE number = 4", Break.ALTERED, 4),
    "subject": (
        "UPDATE audit_lines SET subject = 'week-06.csv' WHERE number = 5",
        Break.ALTERED,
        5,
    ),
    "before": ("UPDATE audit_lines SET before = '{\"rows\":6}' WHERE number = 6", Break.ALTERED, 6),
    "a space": (
        "UPDATE audit_lines SET after = '{\"rows\": 7}' WHERE number = 7",
        Break.ALTERED,
        7,
    ),
    "none": ("UPDATE audit_lines SET after = NULL WHERE number = 8", Break.ALTERED, 8),
    "why": ("UPDATE audit_lines SET why = 'reason-0' WHERE number = 9", Break.ALTERED, 9),
    "moment": (
        "UPDATE audit_lines SET at = substr(at, 1, 25) || '8Z' WHERE number = 10",
        Break.ALTERED,
        10,
    ),
    "another type": ("UPDATE audit_lines SET why = x'00ff' WHERE number = 2", Break.ALTERED, 2),
    "no text": (
        "UPDATE audit_lines SET why = CAST(x'ff' AS TEXT) WHERE number = 11",
        Break.UNREADABLE,
        11,
    ),
    "previous hash": (
        "UPDATE audit_lines SET previous_hash = replace(previous_hash, 'a', 'b') WHERE number = 7",
        Break.ALTERED,
        7,
    ),
    "hash": ("UPDATE audit_lines SET hash = upper(hash) WHERE number = 12", Break.ALTERED, 12),
    "first gone": ("DELETE FROM audit_lines WHERE number = 1", Break.MISSING, 1),
    "middle gone": ("DELETE FROM audit_lines WHERE number IN (6, 7)", Break.MISSING, 6),
    "last gone": ("DELETE FROM audit_lines WHERE number = 12", Break.CUT_OFF, 12),
    "half gone": ("DELETE FROM audit_lines WHERE number > 6", Break.CUT_OFF, 7),
    "all gone": ("DELETE FROM audit_lines", Break.CUT_OFF, 1),
    "renumbered": ("UPDATE audit_lines SET number = 99 WHERE number = 5", Break.OUT_OF_ORDER, 5),
    "put before": ("UPDATE audit_lines SET number = -1 WHERE number = 5", Break.ADDED, -1),
    "table gone": ("DROP TABLE audit_lines", Break.UNREADABLE, 1),
}


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize(("statement", "fault", "line"), PLANTED.values(), ids=PLANTED)
def test_a_planted_change_is_found_and_named(
    chain: Path, statement: str, fault: Break, line: int
) -> None:
    """Whoever takes the guards off and changes one thing is found out, at the first broken line."""
    connection = without_guards(chain)
    connection.execute(statement)
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.holds, verdict.fault, verdict.broken_line) == (False, fault, line)
    assert verdict.lines == max(line, 1) - 1
    assert verdict.words.endswith(".")


@pytest.mark.parametrize(
    ("statement", "fault", "line"),
    [
        ("UPDATE audit_end SET lines = 11", Break.ADDED, 12),
        ("UPDATE audit_end SET lines = 13", Break.CUT_OFF, 13),
        ("UPDATE audit_end SET last_hash = 'f'", Break.ALTERED, 12),
        ("DELETE FROM audit_end", Break.UNREADABLE, 13),
        ("DROP TABLE audit_end", Break.UNREADABLE, 13),
    ],
)
def test_a_changed_end_is_found_though_every_line_fits(
    chain: Path, statement: str, fault: Break, line: int
) -> None:
    """The lines follow from each other to the twelfth, but the record of the end says otherwise."""
    connection = without_guards(chain)
    connection.execute(statement)
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.holds, verdict.fault, verdict.broken_line) == (False, fault, line)
    assert verdict.lines == LINES


def test_two_lines_that_changed_places_are_found(chain: Path) -> None:
    """3 stands where 4 belongs, and 4 where 3 does."""
    connection = without_guards(chain)
    for now, then in ((3, 100), (4, 3), (100, 4)):
        connection.execute("UPDATE audit_lines SET number = ? WHERE number = ?", (then, now))
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.fault, verdict.broken_line) == (Break.OUT_OF_ORDER, 3)
    assert verdict.words == "The line that belongs at 3 stands at 4."


def test_a_line_replaced_with_a_fitting_hash_is_found_by_the_next(chain: Path) -> None:
    """The forger made the hash of line 5 anew; line 6 still holds the old one."""
    connection = without_guards(chain)
    forged = dict(connection.execute("SELECT * FROM audit_lines WHERE number = 5").fetchone())
    forged["why"] = "a better reason"
    connection.execute(
        "UPDATE audit_lines SET why = ?, hash = ? WHERE number = 5",
        (forged["why"], hash_of(canonical(forged))),
    )
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.fault, verdict.broken_line) == (Break.ALTERED, 6)
    assert verdict.words == "Line 6 does not follow from 5: one of them was replaced."


def test_a_last_line_replaced_with_a_fitting_hash_is_found_by_the_recorded_end(chain: Path) -> None:
    """No line follows that could tell, but the end does."""
    connection = without_guards(chain)
    forged = dict(connection.execute("SELECT * FROM audit_lines WHERE number = 12").fetchone())
    forged["actor"] = "eve"
    connection.execute(
        "UPDATE audit_lines SET actor = 'eve', hash = ? WHERE number = 12",
        (hash_of(canonical(forged)),),
    )
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.fault, verdict.broken_line) == (Break.ALTERED, 12)
    assert verdict.words == "Line 12 is not the one recorded as the last."


def test_a_line_added_past_the_end_is_found(chain: Path) -> None:
    """Even one whose hashes fit, if the recorded end was not moved with it."""
    connection = without_guards(chain)
    last = dict(connection.execute("SELECT * FROM audit_lines WHERE number = 12").fetchone())
    forged = last | {"number": 13, "previous_hash": last["hash"]}
    forged["hash"] = hash_of(canonical(forged))
    names = ", ".join(forged)
    connection.execute(
        f"INSERT INTO audit_lines ({names}) VALUES ({', '.join('?' * len(forged))})",
        list(forged.values()),
    )
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.fault, verdict.broken_line) == (Break.ADDED, 13)


@pytest.mark.row("GOV-07")
def test_every_single_byte_of_a_stored_line_counts(chain: Path, tmp_path: Path) -> None:
    """Each byte of line 7 in the file, its length and types included, is flipped in turn."""
    whole = chain.read_bytes()
    moment = b"2026-01-05T08:00:06.000006Z"
    assert whole.count(moment) == 1
    start = whole.index(moment) - 11  # the types of ten columns, and the length of that list
    end = whole.index(b"reason-07") + len(b"reason-07") + 2 * 64
    changed = tmp_path / "changed.db"
    unseen = []
    for place in range(start, end):
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        if verdict_on(changed).holds:
            unseen.append(place - start)
        for beside in tmp_path.glob("changed.db-*"):
            beside.unlink()
    assert unseen == []
    assert end - start > 200


def test_a_file_cut_short_does_not_pass_for_a_shorter_audit(chain: Path) -> None:
    """Half a file is damage, whichever way it shows."""
    chain.write_bytes(chain.read_bytes()[: 4096 * 3])
    try:
        verdict = verdict_on(chain)
    except RecordsDamaged:
        return
    assert not verdict.holds


def test_a_damaged_line_is_not_shown_as_if_it_were_whole(chain: Path) -> None:
    """Reading the audit says that a line is damaged instead of guessing."""
    connection = without_guards(chain)
    connection.execute("UPDATE audit_lines SET at = 'yesterday' WHERE number = 12")
    connection.close()
    database = open_database(f"sqlite:///{chain}")
    with pytest.raises(RecordsDamaged, match="does not read as it was written"):
        lines(database)
    database.close()


def test_a_chain_with_a_foreign_line_behind_its_end_takes_no_more_lines(
    chain: Path, clock: Clock
) -> None:
    """The next number is taken: writing on would bury the forgery."""
    connection = without_guards(chain)
    connection.execute(
        "INSERT INTO audit_lines SELECT 13, at, actor, action, subject, before, after, why, "
        "previous_hash, hash FROM audit_lines WHERE number = 12"
    )
    connection.close()
    database = open_database(f"sqlite:///{chain}")
    with pytest.raises(RecordsDamaged, match="refuses line 13"):
        append(database, clock, LOCAL, "audit:read", "all")
    database.close()


def test_the_first_line_follows_from_nothing(chain: Path) -> None:
    """A chain that was cut off at its beginning and numbered anew is found."""
    connection = without_guards(chain)
    first = dict(connection.execute("SELECT * FROM audit_lines WHERE number = 2").fetchone())
    assert first["previous_hash"] != BEFORE_THE_FIRST
    first["number"] = 1
    connection.execute("DELETE FROM audit_lines WHERE number = 1")
    connection.execute(
        "UPDATE audit_lines SET number = 1, hash = ? WHERE number = 2", (hash_of(canonical(first)),)
    )
    connection.close()
    verdict = verdict_on(chain)
    assert (verdict.fault, verdict.broken_line) == (Break.ALTERED, 1)
