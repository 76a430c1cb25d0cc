"""The audit, its end, and the settings it last saw.

Floor 4. The database itself refuses to change or remove an audit line, or to add one out of turn.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NO_HASH = "0" * 64

# SQLite's REPLACE removes rows without firing a DELETE trigger, hence the guards on INSERT.
SQLITE_GUARDS = (
    """CREATE TRIGGER audit_lines_no_update BEFORE UPDATE ON audit_lines
    BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END""",
    """CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines
    BEGIN SELECT RAISE(ABORT, 'audit lines are never removed'); END""",
    """CREATE TRIGGER audit_lines_in_turn BEFORE INSERT ON audit_lines
    WHEN NEW.number IS NOT (SELECT lines + 1 FROM audit_end)
    BEGIN SELECT RAISE(ABORT, 'audit lines are added in turn'); END""",
    """CREATE TRIGGER audit_end_no_delete BEFORE DELETE ON audit_end
    BEGIN SELECT RAISE(ABORT, 'the end of the audit is never removed'); END""",
    """CREATE TRIGGER audit_end_no_insert BEFORE INSERT ON audit_end
    BEGIN SELECT RAISE(ABORT, 'the audit has one end'); END""",
    """CREATE TRIGGER audit_end_moves_on BEFORE UPDATE ON audit_end
    WHEN NEW.lines IS NOT OLD.lines + 1
    BEGIN SELECT RAISE(ABORT, 'the end of the audit moves on by one line'); END""",
)

POSTGRESQL_GUARDS = (
    """CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit lines are added in turn, never changed or removed'; END $$""",
    """CREATE FUNCTION audit_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.number IS DISTINCT FROM (SELECT lines + 1 FROM audit_end) THEN
        RAISE EXCEPTION 'audit lines are added in turn';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_lines_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lines
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_lines_in_turn BEFORE INSERT ON audit_lines
    FOR EACH ROW EXECUTE FUNCTION audit_in_turn()""",
    """CREATE TRIGGER audit_end_stays BEFORE INSERT OR DELETE OR TRUNCATE ON audit_end
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()""",
    """CREATE TRIGGER audit_end_moves_on BEFORE UPDATE ON audit_end
    FOR EACH ROW WHEN (NEW.lines IS DISTINCT FROM OLD.lines + 1)
    EXECUTE FUNCTION audit_refuses()""",
)


def upgrade() -> None:
    """Make the tables, their one rows, and the guards."""
    op.create_table(
        "audit_lines",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_lines"),
    )
    op.create_index("ix_audit_lines_subject", "audit_lines", ["subject", "number"])
    end = op.create_table(
        "audit_end",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_end"),
        sa.CheckConstraint("id = 1", name="ck_audit_end_only_row"),
    )
    noted = op.create_table(
        "settings_noted",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_settings_noted"),
        sa.CheckConstraint("id = 1", name="ck_settings_noted_only_row"),
    )
    op.execute(end.insert().values(id=1, lines=0, last_hash=NO_HASH))
    op.execute(noted.insert().values(id=1, settings=""))
    sqlite = op.get_context().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(guard)
