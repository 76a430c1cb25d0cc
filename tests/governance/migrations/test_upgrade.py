"""The steps: their order, and what they say to PostgreSQL."""

import io

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext

from opsgauge.governance.database import REVISIONS
from opsgauge.governance.migrations.upgrade import steps


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
