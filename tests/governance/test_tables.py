"""The tables as classes, against the tables that the steps make."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import make_url
from sqlalchemy.schema import CreateTable

from opsgauge.governance.database import Database
from opsgauge.governance.tables import REVISION_TABLE, Base


def test_the_steps_make_exactly_the_tables_that_the_classes_describe(database: Database) -> None:
    """A class changed without a step, or a step without a class, is found here."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": REVISION_TABLE,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_can_be_made_on_postgresql() -> None:
    """No type is SQLite's alone."""
    dialect = make_url("postgresql://").get_dialect()()
    for table in Base.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=dialect))
        assert made.strip().startswith(f"CREATE TABLE {table.name}")
