"""The tables of the log: each column is declared once, with its meaning."""

import ibis
import pyarrow as pa
import pytest

from opsgauge.log.mapping_fields import FIELDS, PERSONS
from opsgauge.log.related import ALL_TABLES
from opsgauge.log.tables import HISTORY, TICKETS, TYPES, Table, dimensions

ALL = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: str(table.name))


@ALL
def test_every_column_is_named_once_and_says_what_it_means(table: Table) -> None:
    """A sentence, of a type that is known; the reference is made from it."""
    assert len(set(table.names)) == len(table.names)
    for column in table.columns:
        assert column.type in TYPES
        assert column.meaning[0].isupper()
        assert column.meaning.endswith((".", "…"))
    assert table.row


@ALL
def test_what_tells_rows_apart_is_never_missing(table: Table) -> None:
    """Each part of a key is a required column."""
    assert all(column is not None and column.required for column in map(table.column, table.key))
    assert table.column("no such column") is None


@ALL
def test_both_schemas_tell_the_same_columns(table: Table) -> None:
    """For writing and for asking; instants are UTC in the first and naive in the second."""
    written, asked = table.arrow_schema(), ibis.schema(table.ibis_schema())

    assert tuple(written.names) == tuple(asked.names) == table.names
    for field in written:
        kind = field.type if not pa.types.is_timestamp(field.type) else pa.timestamp("us")
        assert asked[field.name].to_pyarrow() == kind


@pytest.mark.row("ING-16")
def test_a_person_never_splits_a_number() -> None:
    """Columns that name people are none of the dimensions."""
    for table in ALL_TABLES:
        assert not [column.name for column in table.columns if column.person and column.dimension]
    assert not set(PERSONS) & set(dimensions())
    assert {column.name for column in TICKETS.columns if column.person} == {"assignee", "requester"}


def test_what_a_mapping_may_fill_is_kept_somewhere() -> None:
    """No field is read for nothing."""
    kept = {*TICKETS.names, *HISTORY.names, "updated_at"}

    assert set(FIELDS) <= kept
