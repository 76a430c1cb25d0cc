"""The steps: their order, and what they say to PostgreSQL."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table, insert, select

from opsgauge.foundation.clock import fixed_clock
from opsgauge.governance.access import LOCAL
from opsgauge.governance.audit import append, lines, verify
from opsgauge.governance.database import REVISIONS, _address, _engine, open_database
from opsgauge.governance.migrations.upgrade import steps, upgrade
from opsgauge.governance.tables import REVISION_TABLE, Base
from tests.postgres import Cluster


def test_the_steps_that_come_along_are_the_steps_that_are_known() -> None:
    """Opening compares with `REVISIONS` and not with the files; they must say the same."""
    files = [step.revision for step in steps().walk_revisions()]
    assert tuple(reversed(files)) == REVISIONS


def test_the_steps_speak_postgresql() -> None:
    """For PostgreSQL the same tables are made, with guards in its own words."""
    said = io.StringIO()
    script = steps()
    with EnvironmentContext(
        Config(),
        script,
        fn=lambda revision, _: script._upgrade_revs("head", revision),
        as_sql=True,
        destination_rev="head",
    ) as environment:
        environment.configure(dialect_name="postgresql", literal_binds=True, output_buffer=said)
        environment.run_migrations()
    sql = said.getvalue()
    assert "CREATE TABLE audit_lines" in sql
    assert "INSERT INTO audit_end (id, lines, last_hash) VALUES (1, 0," in sql
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lines" in sql
    assert "RAISE(ABORT" not in sql


ALONE = ("audit_end", "settings_noted", REVISION_TABLE)  # tables that have their one row
Rows = dict[str, list[dict[str, Any]]]


def value_of(column: Column[Any]) -> Any:
    """Return something that a column can hold."""
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Float):
        return 1.5
    if isinstance(column.type, Integer):
        return 1
    return f"é'{column.name}"[: getattr(column.type, "length", None) or 40]


def a_row_of(table: Table) -> dict[str, Any]:
    """Return a row of a table, which belongs to the first user and to nobody's group."""
    row = {column.name: value_of(column) for column in table.columns}
    return row | ({"group": None} if table.name == "assignments" else {})


def stored(url: str, names: set[str]) -> Rows:
    """Return the rows of some tables, by the columns that are there."""
    engine = _engine(_address(url), 1.0)
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection, only=lambda name, _: name in names)
        told = {
            table.name: [row._asdict() for row in connection.execute(select(table))]
            for table in tables.sorted_tables
        }
    engine.dispose()
    return told


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return an empty place for records."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    made = cluster.fresh("template0")
    yield made
    cluster.drop(made)


def make_at(url: str, revision: str) -> Rows:
    """Make records as they were at a step, with a row in every table; return the rows."""
    engine = _engine(_address(url), 1.0)
    with engine.execution_options(writes=True).begin() as connection:
        upgrade(connection, revision)
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name not in (*ALONE, "audit_lines"):
                connection.execute(insert(table), a_row_of(table))
        names = {table.name for table in tables.sorted_tables} - {REVISION_TABLE, "audit_lines"}
    engine.dispose()
    return stored(url, names)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_records_of_every_step_are_brought_up_to_date_with_what_they_hold(
    url: str, revision: str
) -> None:
    """No row is lost or changed, the tables are those of now, and the chain goes on."""
    before = make_at(url, revision)
    assert all(before.values())

    database = open_database(url)
    after = stored(url, set(before))
    for name, rows in before.items():
        columns = rows[0].keys()
        assert [{c: row[c] for c in columns} for row in after[name]] == rows
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": REVISION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []
    append(database, fixed_clock(datetime(2026, 1, 5, tzinfo=UTC)), LOCAL, "import:run", "a.csv")
    assert (verify(database).holds, len(lines(database))) == (True, 1)
    database.close()
