"""The audit in a superuser's hands: what PostgreSQL refuses, and what `verify` finds after it.

Every chain here has twelve lines.
"""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from opsgauge.governance.audit import Break, canonical, hash_of, verify
from opsgauge.governance.database import Database
from tests.postgres import Cluster

pytestmark = pytest.mark.row("GOV-07")
LINES = 12
GUARDS = {
    "audit_lines": ("audit_lines_stay", "audit_lines_in_turn"),
    "audit_end": ("audit_end_stays", "audit_end_moves_on"),
}
Change = Callable[[str], None]


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    """Return records on PostgreSQL."""
    fresh = postgres.fresh()
    yield fresh
    postgres.drop(fresh)


@pytest.fixture
def change(database: Database, postgres: Cluster, desk_is_busy: Callable[[int], None]) -> Change:
    """Write twelve lines; return what runs statements as the superuser."""
    desk_is_busy(LINES)
    name = str(database.engine.url.database)
    return lambda statements: postgres.run(statements, name)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_lines SET why = 'another reason' WHERE number = 3",
        "DELETE FROM audit_lines WHERE number = 12",
        "TRUNCATE audit_lines",
        "INSERT INTO audit_lines SELECT 14, at, actor, action, subject, before, after, why, "
        "previous_hash, hash FROM audit_lines WHERE number = 3",
        "DELETE FROM audit_end",
        "INSERT INTO audit_end VALUES (1, 11, '') ON CONFLICT (id) DO UPDATE SET lines = 11",
        "UPDATE audit_end SET lines = 11",
    ],
)
def test_postgresql_refuses_to_change_the_audit(
    database: Database, change: Change, statement: str
) -> None:
    """Even to the superuser, as long as the guards stand."""
    with pytest.raises(psycopg.errors.RaiseException, match="audit lines are added in turn"):
        change(statement)
    assert verify(database).lines == LINES


PLANTED = {
    "one sign": (
        "UPDATE audit_lines SET actor = 'anb' WHERE number = 3",
        (Break.ALTERED, 3),
    ),
    "a space": (
        "UPDATE audit_lines SET after = '{\"rows\": 7}' WHERE number = 7",
        (Break.ALTERED, 7),
    ),
    "none": ("UPDATE audit_lines SET before = NULL WHERE number = 8", (Break.ALTERED, 8)),
    "hash": ("UPDATE audit_lines SET hash = upper(hash) WHERE number = 12", (Break.ALTERED, 12)),
    "gone": ("DELETE FROM audit_lines WHERE number IN (6, 7)", (Break.MISSING, 6)),
    "cut off": ("DELETE FROM audit_lines WHERE number > 9", (Break.CUT_OFF, 10)),
    "all gone": ("TRUNCATE audit_lines", (Break.CUT_OFF, 1)),
    "put before": (
        "INSERT INTO audit_lines SELECT 0, at, actor, action, subject, before, after, why, "
        "previous_hash, hash FROM audit_lines WHERE number = 1",
        (Break.ADDED, 0),
    ),
    "changed places": (
        "UPDATE audit_lines SET number = 100 WHERE number = 3; "
        "UPDATE audit_lines SET number = 3 WHERE number = 4; "
        "UPDATE audit_lines SET number = 4 WHERE number = 100",
        (Break.OUT_OF_ORDER, 3),
    ),
    "end moved back": ("UPDATE audit_end SET lines = 11", (Break.ADDED, 12)),
    "end moved on": ("UPDATE audit_end SET lines = 13", (Break.CUT_OFF, 13)),
    "end gone": ("DELETE FROM audit_end", (Break.UNREADABLE, 13)),
    "table gone": ("DROP TABLE audit_lines", (Break.UNREADABLE, 1)),
    "another type": (
        "ALTER TABLE audit_lines ALTER COLUMN number TYPE text",
        (Break.ALTERED, 1),
    ),
}


@pytest.mark.parametrize(("statement", "found"), PLANTED.values(), ids=PLANTED)
def test_a_planted_change_is_found_and_named(
    database: Database, change: Change, statement: str, found: tuple[Break, int]
) -> None:
    """A superuser drops the guards and changes one thing."""
    for table, names in GUARDS.items():
        for name in names:
            change(f"DROP TRIGGER {name} ON {table}")
    change(statement)

    verdict = verify(database)
    assert not verdict.holds
    assert (verdict.fault, verdict.broken_line) == found


def test_a_chain_made_anew_is_found_by_the_hash_that_was_kept(
    database: Database, change: Change
) -> None:
    """Every line was forged with a fitting hash, and the end too: only the kept hash tells."""
    kept = verify(database).last_hash
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM audit_lines ORDER BY number").all()
    for table, names in GUARDS.items():
        for name in names:
            change(f"DROP TRIGGER {name} ON {table}")
    previous = "0" * 64
    for row in rows:
        line = row._asdict() | {"actor": "eve", "previous_hash": previous}
        previous = hash_of(canonical({name: line[name] for name in line if name != "hash"}))
        change(
            f"UPDATE audit_lines SET actor = 'eve', previous_hash = '{line['previous_hash']}', "
            f"hash = '{previous}' WHERE number = {row.number}"
        )
    change(f"UPDATE audit_end SET last_hash = '{previous}'")

    assert verify(database).holds
    verdict = verify(database, kept)
    assert (verdict.holds, verdict.fault) == (False, Break.REWRITTEN)
    assert "none has the hash" in verdict.words
    assert verify(database, previous).holds
