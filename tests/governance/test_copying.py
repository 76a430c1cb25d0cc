"""Records as rows, out of one kind of database and into another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import Misuse, RecordsDamaged, SettingsWrong
from opsgauge.governance.access import LOCAL
from opsgauge.governance.audit import append, lines, verify
from opsgauge.governance.copying import Row, copied, put_in
from opsgauge.governance.database import HEAD, Database, open_database
from opsgauge.governance.people_tables import UserRow
from opsgauge.governance.settings_log import note_settings
from tests.postgres import Cluster

Whole = dict[str, tuple[Sequence[str], list[Row]]]
WHEN = "2026-01-05T08:00:00.000000Z"


def taken(database: Database) -> Whole:
    """Return all rows of the records."""
    with copied(database) as copy:
        return {name: (columns, list(copy.rows(name))) for name, columns in copy.columns.items()}


def add_user(database: Database, name: str) -> int:
    """Add a user; return the number that the database gave."""
    with database.writing() as session:
        row = UserRow(name=name, shown=name, active=True, made_at=WHEN)
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def empty(postgres: Cluster, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """Return an empty place of each kind."""
    on_postgresql = postgres.fresh("template0")
    yield {"sqlite": f"sqlite:///{tmp_path / 'other.db'}", "postgresql": on_postgresql}
    postgres.drop(on_postgresql)


@pytest.mark.row("GOV-07")
def test_records_go_from_kind_to_kind_and_stay_as_they_are(
    tmp_path: Path, empty: Mapping[str, str], clock: Clock
) -> None:
    """SQLite to PostgreSQL to SQLite: every row, and the chain to its last hash."""
    first = open_database(f"sqlite:///{tmp_path / 'first.db'}")
    note_settings(first, clock, LOCAL, {"zone": "Europe/Amsterdam"})
    for which in range(3):
        append(first, clock, LOCAL, "import:run", f"é'{which}", after={"rows": 1.5}, why='"why"')
    add_user(first, "ana")
    add_user(first, "bob")
    whole = taken(first)
    kinds: list[Database] = [first]
    for kind in ("postgresql", "sqlite"):
        put_in(empty[kind], taken(kinds[-1]), HEAD)
        kinds.append(open_database(empty[kind]))

    for before, after in pairwise(kinds):
        assert taken(after) == whole
        assert verify(after) == verify(before)
        assert lines(after) == lines(before)
    assert verify(kinds[-1]).lines == 4
    for database in kinds:
        with pytest.raises(DBAPIError, match="audit"), database.engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_lines"))  # the guards stand again
        append(database, clock, LOCAL, "audit:read", "afterwards")
        assert verify(database).lines == 5
        assert add_user(database, "eve") == 3
        database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_line_that_does_not_hold_is_not_put_in(
    tmp_path: Path, empty: Mapping[str, str], clock: Clock, kind: str
) -> None:
    """One sign of one line was changed in the copy; nothing is left of it."""
    first = open_database(f"sqlite:///{tmp_path / 'first.db'}")
    for which in range(3):
        append(first, clock, LOCAL, "import:run", f"{which}")
    whole = taken(first)
    first.close()
    columns, rows = whole["audit_lines"]
    at = columns.index("actor")
    changed = [*rows[1][:at], "eve", *rows[1][at + 1 :]]

    for wrong in ([rows[0], changed, rows[2]], [rows[0], rows[2]], [rows[1]]):
        with pytest.raises(RecordsDamaged, match="not as it was written"):
            put_in(empty[kind], whole | {"audit_lines": (columns, wrong)}, HEAD)
    put_in(empty[kind], whole, HEAD)
    opened = open_database(empty[kind])
    assert verify(opened).lines == 3
    opened.close()


def test_records_are_not_put_over_others(
    database: Database, url: str, desk_is_busy: Callable[[int], None]
) -> None:
    """Whoever names the wrong place loses nothing."""
    desk_is_busy(2)
    with pytest.raises(SettingsWrong, match=r"records at .* already"):
        put_in(url, taken(database), HEAD)
    assert verify(database).lines == 2


def test_a_copy_of_a_newer_version_is_refused(empty: Mapping[str, str]) -> None:
    """Its tables are not known here."""
    with pytest.raises(Misuse, match="newer version"):
        put_in(empty["sqlite"], {}, "9901")


def test_rows_that_fit_no_table_are_refused(
    tmp_path: Path, empty: Mapping[str, str], clock: Clock
) -> None:
    """A user without a name, from a copy that somebody edited."""
    first = open_database(f"sqlite:///{tmp_path / 'first.db'}")
    add_user(first, "ana")
    whole = taken(first)
    first.close()
    columns, [row] = whole["users"]
    nameless: list[Any] = [None if name == "name" else row[i] for i, name in enumerate(columns)]
    with pytest.raises(RecordsDamaged, match="does not fit"):
        put_in(empty["sqlite"], whole | {"users": (columns, [nameless])}, HEAD)


def test_a_copy_is_of_one_state(database: Database, clock: Clock) -> None:
    """What is written while it is read is not in it."""
    append(database, clock, LOCAL, "import:run", "before")
    with copied(database) as copy:
        append(database, clock, LOCAL, "import:run", "meanwhile")
        assert (copy.lines, len(list(copy.rows("audit_lines")))) == (1, 1)
