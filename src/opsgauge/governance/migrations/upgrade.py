"""Runs the steps that a database still lacks.

Floor 4. Alembic keeps the order of the steps and the table that says which were taken; the
caller's transaction holds them all, so that a database is brought up to date wholly or not at all.
"""

from collections.abc import Iterable
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from opsgauge.governance.tables import REVISION_TABLE


def steps() -> ScriptDirectory:
    """Return the steps that come with this version."""
    config = Config()
    config.set_main_option("script_location", "opsgauge.governance:migrations")
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(connection: Connection, to: str = "head") -> None:
    """Take every step that is missing up to one, inside the transaction of `connection`."""
    script = steps()

    def missing(revision: Any, _: MigrationContext) -> Iterable[Any]:
        return script._upgrade_revs(to, revision)  # noqa: SLF001 - Alembic's own commands do so

    with EnvironmentContext(Config(), script, fn=missing, destination_rev=to) as environment:
        environment.configure(connection=connection, version_table=REVISION_TABLE)
        environment.run_migrations()
