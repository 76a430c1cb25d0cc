"""The records: opened, brought up to date, read and written.

Floor 4. SQLite in the workspace from the first day, or a PostgreSQL URL for several people. Use
`open_database`, then `reading` and `writing`, each of which is one transaction.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    column,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Stopwatch
from opsgauge.foundation.errors import Fault, Misuse, RecordsDamaged, SettingsWrong
from opsgauge.governance import (
    alert_tables,
    decision_tables,
    note_tables,
    people_tables,
    signal_tables,
)
from opsgauge.governance.tables import REVISION_TABLE, Base

# Every step of the tables, oldest first; see migrations/versions.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
HEAD = REVISIONS[-1]
BUSY_SECONDS = 30.0  # how long to wait for another writer
# Loaded, so that `Base` knows every table.
TABLES = (people_tables, decision_tables, signal_tables, alert_tables, note_tables)
# Any numbers that no other program locks in the same PostgreSQL.
MIGRATION_LOCK, WRITING_LOCK = 8_204_417, 8_204_418
# A server has 100 connections as it comes; each process takes so many at most, then waits for one.
CONNECTIONS = 8
LOCK_TIMEOUT = "55P03"  # PostgreSQL's code
FULL = ("too many clients", "connection slots")  # what a server says that has no connection left


@dataclass(frozen=True)
class Database:
    """The opened records; may be used from many threads."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a session that sees one state of the records to its end.

        Raises
        ------
        Fault : every connection was in use for too long
        """
        one_state: dict[str, Any] = {}
        if not _is_sqlite(self.engine):
            one_state = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with Session(self.engine.execution_options(**one_state)) as session:
            with _waiting():
                session.connection()
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a session that commits at its end, or leaves nothing behind if it fails.

        It waits here until nobody else writes, so that what it reads still holds when it writes:
        on SQLite by its lock, on PostgreSQL by one that every writer takes.

        Raises
        ------
        Fault : another process kept writing for too long
        """
        with Session(self.engine.execution_options(writes=True)) as session:
            with _waiting():
                connection = session.connection()
                if not _is_sqlite(self.engine):
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITING_LOCK})"))
            yield session
            session.commit()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def open_database(url: str, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Open the records at a SQLAlchemy URL and bring their tables up to date.

    Two processes may do so at once: one takes the steps, the other waits for it.

    Raises
    ------
    SettingsWrong : the URL cannot be used, or nothing can be opened there
    Misuse : a newer version of Opsgauge has used these records
    RecordsDamaged : what is there are no records, or not whole
    """
    address = _address(url)
    engine = _engine(address, busy_seconds)
    try:
        with _waiting():
            _bring_up_to_date(engine)
    except OperationalError as wrong:
        engine.dispose()
        raise _cannot_be_opened(address, wrong) from wrong
    except DatabaseError as wrong:
        engine.dispose()
        raise RecordsDamaged(
            f"The records at {address} do not read as a database: {wrong.orig}.",
            hint="Restore them from a backup.",
        ) from wrong
    except (Misuse, Fault):
        engine.dispose()
        raise
    return Database(engine)


@contextmanager
def new_records(url: str, step: str) -> Iterator[Connection]:
    """Make tables as they were at a step, to be filled; then bring them up to date.

    All of it is one transaction: what fails, or is killed, leaves nothing.

    Raises
    ------
    SettingsWrong : the URL cannot be used, or there are records already
    Misuse : a newer version of Opsgauge knows that step
    RecordsDamaged : what is put in does not fit its table
    """
    _must_be_known(step)
    address = _address(url)
    engine = _engine(address, BUSY_SECONDS)
    upgrade = import_module("opsgauge.governance.migrations.upgrade").upgrade
    try:
        with _waiting(), engine.execution_options(writes=True).begin() as connection:
            if not _is_sqlite(engine):
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            if _revision(connection) is not None:
                raise SettingsWrong(
                    f"There are records at {address} already.",
                    hint="Nothing was changed. Name an empty database.",
                )
            upgrade(connection, step)
            yield connection
            upgrade(connection)
    except OperationalError as wrong:
        raise _cannot_be_opened(address, wrong) from wrong
    except DatabaseError as wrong:
        raise RecordsDamaged(
            f"The copy does not fit the records' tables: {wrong.orig}.", hint="Use another backup."
        ) from wrong
    finally:
        engine.dispose()


def _cannot_be_opened(address: URL, wrong: OperationalError) -> SettingsWrong:
    return SettingsWrong(
        f"The records at {address} cannot be opened: {wrong.orig}.",
        hint="See records_url in opsgauge.toml, and who may write there.",
    )


def _address(url: str) -> URL:
    try:
        return make_url(url)  # its text form hides the password
    except ArgumentError as wrong:
        raise SettingsWrong(
            "records_url is no SQLAlchemy URL.",
            hint="Such as sqlite:////folder/records.db or postgresql://user@host/opsgauge.",
        ) from wrong


def _engine(address: URL, busy_seconds: float) -> Engine:
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise SettingsWrong(
            f"Records cannot be kept in {address.get_backend_name()}.",
            hint="Use SQLite or PostgreSQL.",
        )
    try:
        if address.get_backend_name() == "postgresql":
            return _postgresql(address, busy_seconds)
        return _sqlite(address, busy_seconds)
    except (ModuleNotFoundError, NoSuchModuleError) as missing:
        raise SettingsWrong(
            f"The driver for {address.drivername} is not installed: {missing}.",
            hint="Install it beside Opsgauge, or use SQLite.",
        ) from missing


def _postgresql(address: URL, patience: float) -> Engine:
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = create_engine(
        address,
        isolation_level="READ COMMITTED",  # who waited for a lock reads what was written meanwhile
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,  # the server may have been started anew since
        connect_args={"options": f"-c lock_timeout={int(patience * 1000)}"},
    )

    @event.listens_for(engine, "do_connect")
    def _(dialect: Any, _: Any, arguments: Any, named: Any) -> Any:
        watch = Stopwatch()
        while True:
            try:
                return dialect.connect(*arguments, **named)
            except dialect.dbapi.OperationalError as wrong:
                full = any(words in str(wrong) for words in FULL)
                if not full or watch.seconds() > patience:
                    raise
                time.sleep(0.05)

    return engine


def _sqlite(address: URL, patience: float) -> Engine:
    engine = create_engine(address, connect_args={"timeout": patience})

    @event.listens_for(engine, "connect")
    def _(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin below, never by Python's own rules
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a committed line outlives a power cut
        _switch_to_wal(connection, patience)

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _switch_to_wal(connection: Any, patience: float) -> None:
    # SQLite does not wait by itself when two processes switch a new file at once.
    watch = Stopwatch()
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except connection.OperationalError as busy:
            if not _is_busy(busy) or watch.seconds() > patience:
                raise
            time.sleep(0.01)
        else:
            return


def _bring_up_to_date(engine: Engine) -> None:
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with engine.execution_options(writes=True).begin() as connection:
        if not _is_sqlite(engine):
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        # Again, now that nobody else can take steps: another process may just have done so.
        if _revision(connection) != HEAD:
            # Alembic takes longer to load than all the rest, and is hardly ever needed.
            import_module("opsgauge.governance.migrations.upgrade").upgrade(connection)


def _revision(connection: Connection) -> str | None:
    known = inspect(connection)
    stored: str | None = None
    if known.has_table(REVISION_TABLE):
        stored = connection.scalar(select(column("version_num")).select_from(table(REVISION_TABLE)))
    if stored is not None:
        _must_be_known(stored)
    if stored is None and any(known.has_table(name) for name in Base.metadata.tables):
        raise RecordsDamaged(
            "The records have tables, but do not say which step those are at.",
            hint="Restore them from a backup.",
        )
    return stored


def _must_be_known(step: str) -> None:
    if step not in REVISIONS:
        raise Misuse(
            f"These records were used by a newer version of Opsgauge (step {step}; "
            f"this version knows up to {HEAD}).",
            hint="Install that version or a later one; nothing was changed.",
        )


@contextmanager
def _waiting() -> Iterator[None]:
    try:
        yield
    except NoConnectionFree as wrong:
        raise Fault(
            "Every connection to the records was in use for too long.",
            hint="Try again; if it stays so, look for a process that hangs.",
        ) from wrong
    except OperationalError as wrong:
        if not _is_busy(wrong.orig):
            raise
        raise Fault(
            "Another process kept writing to the records for too long.",
            hint="Try again; if it stays so, look for a process that hangs.",
        ) from wrong


def _is_busy(error: BaseException | None) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith("SQLITE_BUSY") or getattr(error, "sqlstate", "") == LOCK_TIMEOUT


def _is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"
