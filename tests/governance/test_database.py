"""Opening records: new, current, newer, damaged, by many at once."""

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import text

from opsgauge.foundation.errors import Fault, Misuse, RecordsDamaged, SettingsWrong
from opsgauge.governance.audit import verify
from opsgauge.governance.database import CONNECTIONS, HEAD, Database, open_database
from tests.postgres import Cluster

APPENDER = Path(__file__).with_name("appender.py")


def stored_revision(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        revision = connection.execute("SELECT version_num FROM records_revision").fetchone()[0]
    connection.close()
    return str(revision)


def change(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def empty(kind: str, file: Path, request: pytest.FixtureRequest) -> str:
    """Return where records may be made."""
    if kind == "sqlite":
        return f"sqlite:///{file}"
    fresh: str = request.getfixturevalue("postgres").fresh("template0")
    return fresh


def test_new_records_are_brought_up_to_date_on_opening(file: Path) -> None:
    """A workspace needs no step of its own to get its records."""
    open_database(f"sqlite:///{file}").close()
    assert stored_revision(file) == HEAD


def test_sqlite_writes_ahead_checks_keys_and_waits_for_others(file: Path) -> None:
    """Readers never wait for a writer, and a writer waits half a minute for another."""
    database = open_database(f"sqlite:///{file}")
    with database.reading() as session:
        told = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    database.close()
    full = 2
    assert told == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "synchronous": full,
    }


def test_opening_current_records_is_cheap(file: Path) -> None:
    """Every command opens the records, so that must not be felt: under 20 ms."""
    url = f"sqlite:///{file}"
    open_database(url).close()
    took = []
    for _ in range(10):
        start = perf_counter()
        open_database(url).close()
        took.append(perf_counter() - start)
    assert min(took) < 0.020


def test_opening_current_records_does_not_load_alembic(file: Path) -> None:
    """Alembic takes longer to load than everything else here; only steps to take need it."""
    url = f"sqlite:///{file}"
    open_database(url).close()
    asks = (
        "import sys; from opsgauge.governance.database import open_database; "
        f"open_database({url!r}).close(); print('alembic' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_records_of_a_newer_version_are_refused_and_left_alone(file: Path) -> None:
    """An old program must not write into tables it does not know."""
    open_database(f"sqlite:///{file}").close()
    change(file, "UPDATE records_revision SET version_num = '9901'")
    before = file.read_bytes()
    with pytest.raises(Misuse, match=r"newer version of Opsgauge \(step 9901") as refused:
        open_database(f"sqlite:///{file}")
    assert "Install that version" in refused.value.hint
    assert file.read_bytes() == before


def test_a_file_that_is_no_database_is_called_damaged(file: Path) -> None:
    """Rubbish in the place of the records is said to be that."""
    file.write_bytes(b"not a database at all, only words" * 100)
    with pytest.raises(RecordsDamaged, match="do not read as a database"):
        open_database(f"sqlite:///{file}")


@pytest.mark.parametrize("loss", ["DELETE FROM records_revision", "DROP TABLE records_revision"])
def test_records_that_do_not_say_their_step_are_called_damaged(file: Path, loss: str) -> None:
    """Steps are not taken twice over tables that are there."""
    open_database(f"sqlite:///{file}").close()
    change(file, loss)
    with pytest.raises(RecordsDamaged, match="do not say which step"):
        open_database(f"sqlite:///{file}")


def test_a_folder_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    """The user can mend a path."""
    with pytest.raises(SettingsWrong, match="unable to open database file"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'records.db'}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("records.db", "no SQLAlchemy URL"),
        ("mysql://host/opsgauge", "cannot be kept in mysql"),
        ("postgresql+nodriver://ana:secret@host/opsgauge", "is not installed"),
    ],
)
def test_an_url_that_cannot_be_used_is_a_wrong_setting(url: str, words: str) -> None:
    """What is wrong with the URL is said, without the password in it."""
    with pytest.raises(SettingsWrong, match=words) as refused:
        open_database(url)
    assert "secret" not in str(refused.value)


def test_a_failing_change_leaves_nothing_behind(database: Database) -> None:
    """A transaction that raises is undone."""

    def change_and_fail() -> None:
        with database.writing() as session:
            session.execute(text("UPDATE settings_noted SET settings = '{}'"))
            raise KeyError("in the middle")

    with pytest.raises(KeyError):
        change_and_fail()
    with database.reading() as session:
        assert session.scalar(text("SELECT settings FROM settings_noted")) == ""


def test_a_reader_sees_one_state_to_its_end(database: Database) -> None:
    """What another commits meanwhile does not reach a session that has begun to read."""
    asks = text("SELECT settings FROM settings_noted")
    with database.reading() as reader:
        assert reader.scalar(asks) == ""
        with database.writing() as writer:
            writer.execute(text("UPDATE settings_noted SET settings = '{}'"))
        assert reader.scalar(asks) == ""


def test_a_writer_that_waits_too_long_says_so(url: str) -> None:
    """A process that hangs with the records in its hands is named as the cause."""
    holder = open_database(url)
    other = open_database(url, busy_seconds=0.05)
    with holder.writing(), pytest.raises(Fault, match="kept writing"), other.writing():
        pass
    holder.close()
    other.close()


def test_a_writer_waits_for_its_turn(url: str) -> None:
    """Two that write at once both succeed, one after the other."""
    first, second = open_database(url), open_database(url)
    order = []

    def write_second() -> None:
        with second.writing():
            order.append("second")

    thread = threading.Thread(target=write_second)
    with first.writing():
        thread.start()
        thread.join(0.2)
        order.append("first")
    thread.join()
    first.close()
    second.close()
    assert order == ["first", "second"]


def test_what_a_writer_read_still_holds_when_it_writes(database: Database) -> None:
    """Twenty threads each add one to what they read, and none of them is lost."""

    def add_one(_: int) -> None:
        with database.writing() as session:
            noted = session.scalar(text("SELECT settings FROM settings_noted"))
            session.execute(
                text("UPDATE settings_noted SET settings = :next"),
                {"next": f"{int(noted or 0) + 1}"},
            )

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(add_one, range(40)))
    with database.reading() as session:
        assert session.scalar(text("SELECT settings FROM settings_noted")) == "40"


def test_a_reader_that_finds_no_connection_free_says_so(postgres: Cluster) -> None:
    """A process that holds all of its connections is told so, and does not wait for ever."""
    database = open_database(postgres.fresh(), busy_seconds=0.1)
    with ExitStack() as held:
        for _ in range(CONNECTIONS):
            held.enter_context(database.reading())
        with pytest.raises(Fault, match="Every connection"):
            held.enter_context(database.reading())
    database.close()


def test_a_server_that_was_started_anew_is_asked_again(postgres: Cluster) -> None:
    """Connections that broke meanwhile are made anew, without a word to the user."""
    database = open_database(postgres.fresh())
    postgres.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'fresh%'"
    )
    assert verify(database).holds
    database.close()


def test_a_server_that_is_not_there_is_a_wrong_setting(tmp_path: Path) -> None:
    """What its driver says is told, without the password."""
    with pytest.raises(SettingsWrong, match="cannot be opened") as refused:
        open_database(f"postgresql://ana:geheim@/records?host={tmp_path}")
    assert "geheim" not in str(refused.value)


def test_opening_waits_for_a_process_that_has_just_made_the_file(file: Path) -> None:
    """SQLite gives up at once when it is to write ahead while another writes; we do not."""
    maker = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    maker.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, maker.execute, ["COMMIT"]).start()
    open_database(f"sqlite:///{file}").close()
    maker.close()
    assert stored_revision(file) == HEAD


def test_opening_does_not_wait_for_ever(file: Path) -> None:
    """A process that never lets go of the file is named as the cause."""
    maker = sqlite3.connect(file, isolation_level=None)
    maker.execute("BEGIN IMMEDIATE")
    with pytest.raises(Fault, match="kept writing"):
        open_database(f"sqlite:///{file}", busy_seconds=0.1)
    maker.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_may_open_new_records_at_once(
    kind: str, file: Path, request: pytest.FixtureRequest
) -> None:
    """One takes the steps, the others wait; all find the records ready."""
    url, many = empty(kind, file, request), 8 if kind == "sqlite" else 4
    started = [
        subprocess.Popen(
            [sys.executable, str(APPENDER), url, f"p{which}", "0"], stderr=subprocess.PIPE
        )
        for which in range(many)
    ]
    complaints = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0] * many, complaints
    database = open_database(url)
    assert verify(database).holds
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("moment", ["CREATE TABLE audit_end", "CREATE TRIGGER", "COMMIT"])
def test_a_kill_while_tables_are_made_leaves_nothing_half_done(
    kind: str, file: Path, moment: str, request: pytest.FixtureRequest
) -> None:
    """The next opening starts from nothing, and gets whole records."""
    url = empty(kind, file, request)
    killed = subprocess.run([sys.executable, str(APPENDER), url, "p", "0", moment], check=False)
    assert killed.returncode == -9
    database = open_database(url)
    assert verify(database).holds
    database.close()
