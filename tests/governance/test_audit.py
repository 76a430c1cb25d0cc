"""The audit: what a line holds, many writers at once, kills, and the canonical text."""

import json
import signal
import string
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.foundation.clock import Clock, fixed_clock
from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.governance.access import LOCAL, everywhere
from opsgauge.governance.audit import (
    BEFORE_THE_FIRST,
    Json,
    append,
    append_within,
    canonical,
    hash_of,
    json_text,
    lines,
    verify,
)
from opsgauge.governance.database import Database, open_database
from tests.postgres import Cluster

Write = Callable[[int], None]
Line = dict[str, Any]

APPENDER = Path(__file__).with_name("appender.py")
COLUMNS = ("number", "at", "actor", "action", "subject", "before", "after", "why", "previous_hash")


def command(url: str, name: str, count: int, *moment: str) -> list[str]:
    return [sys.executable, str(APPENDER), url, name, str(count), *moment]


def appending(url: str, name: str, count: int, threads: str = "1") -> subprocess.Popen[str]:
    asked = command(url, name, count, "", threads)
    return subprocess.Popen(asked, stdout=subprocess.PIPE, text=True)


def appended(url: str, name: str, count: int, *moment: str) -> int:
    told = subprocess.run(command(url, name, count, *moment), capture_output=True, check=False)
    return told.returncode


@pytest.mark.row("GOV-07")
def test_a_line_tells_who_did_what_to_which_thing_when_and_why(database: Database) -> None:
    """Everything a doubter would ask stands in one line, to the microsecond."""
    noon_in_amsterdam = datetime(2026, 1, 5, 13, 0, 0, 7, tzinfo=timezone(timedelta(hours=1)))
    append(
        database,
        fixed_clock(noon_in_amsterdam),
        everywhere("ana", "analyst"),
        "import:run",
        "week 1.csv",
        before={"data_version": 3},
        after={"data_version": 4, "rejected": []},
        why="weekly",
    )
    (line,) = lines(database)
    assert line.number == 1
    assert line.at == datetime(2026, 1, 5, 12, 0, 0, 7, tzinfo=UTC)
    assert (line.actor, line.action, line.subject) == ("ana", "import:run", "week 1.csv")
    assert line.before == {"data_version": 3}
    assert line.after == {"data_version": 4, "rejected": []}
    assert line.why == "weekly"
    assert line.previous_hash == BEFORE_THE_FIRST


def test_the_line_that_append_returns_is_the_line_that_is_kept(
    database: Database, clock: Clock
) -> None:
    """The caller need not read it again."""
    returned = append(database, clock, LOCAL, "audit:read", "all", after=[1.5, None, "ü"])
    assert lines(database) == [returned]


@pytest.mark.row("GOV-07")
def test_each_line_holds_the_hash_of_the_one_before(
    database: Database, desk_is_busy: Write
) -> None:
    """That is what makes the lines a chain."""
    desk_is_busy(5)
    newest_first = lines(database)
    assert [line.number for line in newest_first] == [5, 4, 3, 2, 1]
    assert all(later.previous_hash == earlier.hash for later, earlier in pairwise(newest_first))


def test_a_hash_can_be_computed_without_opsgauge(database: Database, desk_is_busy: Write) -> None:
    """An auditor needs SQL, JSON and SHA-256, nothing of ours."""
    desk_is_busy(2)
    with database.engine.connect() as connection:
        row = connection.exec_driver_sql(
            f"SELECT {', '.join(COLUMNS)}, hash FROM audit_lines WHERE number = 2"
        ).one()
    text = json.dumps(
        dict(zip(COLUMNS, row[:-1], strict=True)), sort_keys=True, separators=(",", ":")
    )
    assert hash_of(text) == row.hash


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({}, [6, 5, 4, 3, 2, 1]),
        ({"limit": 2}, [6, 5]),
        ({"limit": 2, "before_number": 5}, [4, 3]),
        ({"action": "settings:change"}, [6]),
        ({"subject": "week-03.csv"}, [3]),
        ({"actor": "bob"}, [6]),
        ({"actor": "ana", "action": "settings:change"}, []),
    ],
)
def test_lines_are_found_newest_first(
    database: Database,
    clock: Clock,
    desk_is_busy: Write,
    question: dict[str, Any],
    expected: list[int],
) -> None:
    """By who, by what, by which thing, and page by page."""
    desk_is_busy(5)
    append(database, clock, everywhere("bob", "administrator"), "settings:change", "opsgauge.toml")
    assert [line.number for line in lines(database, **question)] == expected


def test_a_line_belongs_to_the_change_it_tells_of(database: Database, clock: Clock) -> None:
    """If the change fails after its line was written, the line is gone with it."""

    def change_and_fail() -> None:
        with database.writing() as session:
            append_within(session, clock, LOCAL, "settings:change", "opsgauge.toml")
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        change_and_fail()
    assert lines(database) == []
    assert verify(database).holds


def test_two_lines_may_be_written_in_one_change(database: Database, clock: Clock) -> None:
    """The second goes on from the first although neither is committed yet."""
    with database.writing() as session:
        append_within(session, clock, LOCAL, "settings:change", "one")
        append_within(session, clock, LOCAL, "settings:change", "two")
    assert verify(database).lines == 2


def test_names_that_are_no_text_are_kept_as_far_as_they_are(
    database: Database, clock: Clock
) -> None:
    """A file's name may hold bytes that are no UTF-8; the audit must not fail on it."""
    line = append(database, clock, LOCAL, "import:run", "caf\udce9\0.csv")
    assert line.subject == "caf??.csv"
    assert verify(database).holds


def test_an_empty_audit_holds(database: Database) -> None:
    """Nothing was done yet, and nothing is wrong with that."""
    verdict = verify(database)
    assert verdict.holds
    assert (verdict.lines, verdict.last_hash) == (0, BEFORE_THE_FIRST)


def test_a_verdict_names_the_last_hash_to_be_kept_elsewhere(
    database: Database, desk_is_busy: Write
) -> None:
    """With it noted on paper, even a chain made wholly anew is found out."""
    desk_is_busy(3)
    verdict = verify(database)
    assert verdict.last_hash == lines(database, limit=1)[0].hash
    assert verdict.words == "All 3 lines are as they were written."


def test_a_chain_longer_than_a_page_holds(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verifying reads page by page; where pages meet, nothing is lost or read twice."""
    monkeypatch.setattr("opsgauge.governance.audit._PAGE", 4)
    for _ in range(12):
        append(database, clock, LOCAL, "audit:read", "all")
    assert verify(database).lines == 12


@pytest.mark.row("GOV-07")
def test_twenty_processes_lose_no_line_and_keep_one_chain(file: Path) -> None:
    """They open the same new records at once and write as fast as they can."""
    url = f"sqlite:///{file}"
    started = [appending(url, f"p{which}", 10) for which in range(20)]
    numbers = [int(told) for process in started for told in process.communicate()[0].split()]
    database = open_database(url)
    written = lines(database, limit=1000)
    assert sorted(numbers) == list(range(1, 201))
    assert {actor: sum(line.actor == actor for line in written) for actor in ("p0", "p19")} == {
        "p0": 10,
        "p19": 10,
    }
    assert (verify(database).holds, verify(database).lines) == (True, 200)
    database.close()


@pytest.mark.row("GOV-07")
def test_two_hundred_writers_lose_no_line_on_postgresql(postgres: Cluster) -> None:
    """Four processes of 50 threads write at once, with fewer connections than they would take.

    The server has 25, each process takes 8 at most.
    """
    url = postgres.fresh()
    started = [appending(url, f"p{which}", 3, "50") for which in range(4)]
    numbers = [int(told) for process in started for told in process.communicate()[0].split()]

    assert sorted(numbers) == list(range(1, 601))
    database = open_database(url)
    assert (verify(database).holds, verify(database).lines) == (True, 600)
    database.close()


def test_twenty_threads_lose_no_line_and_keep_one_chain(database: Database, clock: Clock) -> None:
    """The server writes from its thread pool."""
    with ThreadPoolExecutor(20) as threads:
        asked = [
            threads.submit(
                append, database, clock, everywhere(f"t{which}", "analyst"), "import:run", "f"
            )
            for which in range(100)
        ]
        numbers = [each.result().number for each in asked]
    assert sorted(numbers) == list(range(1, 101))
    assert verify(database).lines == 100


@pytest.mark.row("GOV-07")
@pytest.mark.parametrize("moment", ["INSERT INTO audit_lines", "UPDATE audit_end", "COMMIT"])
def test_a_kill_in_the_middle_of_a_line_leaves_the_chain_whole(
    url: str, database: Database, clock: Clock, moment: str
) -> None:
    """Half a line never counts, and the next writer goes on where the chain ends."""
    append(database, clock, everywhere("before", "analyst"), "import:run", "one")
    assert appended(url, "killed", 1, moment) == -signal.SIGKILL
    append(database, clock, everywhere("after", "analyst"), "import:run", "two")
    assert [line.actor for line in lines(database)] == ["after", "before"]
    assert verify(database).holds


@pytest.mark.parametrize("told", [1, 7, 23])
def test_a_line_that_was_told_outlives_a_kill_at_any_moment(url: str, told: int) -> None:
    """What `append` has returned is kept; what it had not yet returned may be, whole, or not."""
    writer = appending(url, "busy", 100_000)
    assert writer.stdout is not None
    last = [int(writer.stdout.readline()) for _ in range(told)][-1]
    writer.kill()
    rest = writer.communicate()[0].split()
    database = open_database(url)
    verdict = verify(database)
    assert verdict.holds
    assert verdict.lines >= max([last, *map(int, rest[:-1])])
    database.close()


TEXTS = st.text(alphabet='",:\\{}[]\x00 aé1', max_size=6)
LINES = st.fixed_dictionaries(
    {
        "number": st.integers(1, 3),
        "at": st.sampled_from(["2026-01-05T08:00:00.000000Z", "2026-01-05T08:00:00.000001Z"]),
        "actor": TEXTS,
        "action": TEXTS,
        "subject": TEXTS,
        "before": st.none() | TEXTS,
        "after": st.none() | TEXTS,
        "why": TEXTS,
        "previous_hash": st.text(alphabet="0f", min_size=1, max_size=2),
    }
)


@given(LINES, LINES, st.sets(st.sampled_from(COLUMNS)))
def test_no_two_different_lines_have_the_same_canonical_text(
    one: Line, another: Line, differing: set[str]
) -> None:
    """However few columns differ, and however little."""
    other = one | {name: another[name] for name in differing}
    assert (canonical(one) == canonical(other)) == (one == other)


@given(LINES, TEXTS, st.integers(0, 6), st.integers(0, 6))
def test_text_that_moves_from_one_column_to_the_next_shows(
    line: Line, text: str, cut: int, other_cut: int
) -> None:
    """Text "ab" beside "c" is not "a" beside "bc", nor is a quote or a comma a border."""
    one = line | {"actor": text[:cut], "action": text[cut:]}
    other = line | {"actor": text[:other_cut], "action": text[other_cut:]}
    assert (canonical(one) == canonical(other)) == (one == other)


@given(LINES)
def test_the_canonical_text_says_all_that_the_line_says(line: Line) -> None:
    """The line can be read back from it, so nothing in a line escapes the hash."""
    assert json.loads(canonical(line)) == line


@given(LINES, st.permutations(COLUMNS))
def test_the_canonical_text_does_not_depend_on_the_order_of_columns(
    line: Line, order: list[str]
) -> None:
    """A database may hand columns out in any order."""
    assert canonical({name: line[name] for name in order}) == canonical(line)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(string.ascii_letters, max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(JSON)
def test_a_json_value_comes_back_as_it_went_in(value: Json) -> None:
    """What stood before and after a change can be read years later."""
    text = json_text(value)
    assert (None if text is None else json.loads(text)) == value


def test_a_number_that_json_cannot_hold_is_refused(database: Database, clock: Clock) -> None:
    """NaN has no form that every reader understands; no line is written."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        append(database, clock, LOCAL, "settings:change", "x", after={"limit": float("nan")})
    assert lines(database) == []


def test_a_chain_without_an_end_takes_no_more_lines(database: Database, clock: Clock) -> None:
    """Going on from nowhere would hide what was lost."""
    with database.engine.begin() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        guard = "audit_end_no_delete" if on_sqlite else "audit_end_stays ON audit_end"
        connection.exec_driver_sql(f"DROP TRIGGER {guard}")
        connection.exec_driver_sql("DELETE FROM audit_end")
    with pytest.raises(RecordsDamaged, match="lost the record of its end"):
        append(database, clock, LOCAL, "audit:read", "all")
