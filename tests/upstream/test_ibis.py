"""What Ibis does that we work round. When one of these fails, look at the place it names."""

from datetime import datetime

import duckdb
import ibis
import pyarrow as pa
import pytest

TABLE = ibis.table({"at": "timestamp(6)", "value": "float64"}, name="t")


def test_its_own_connection_breaks_on_this_duckdb() -> None:
    """So Ibis compiles and `warehouse.engine` runs; see decision 0002."""
    connection = ibis.duckdb.connect()

    with pytest.raises((duckdb.Error, AttributeError)):
        connection.execute(connection.create_table("t", pa.table({"n": [1]})).count())
    with pytest.raises(AttributeError, match="fetch_arrow_table"):
        connection.sql("SELECT 1 AS n").execute()
    connection.disconnect()


def test_a_cast_to_a_zone_does_not_name_the_zone() -> None:
    """Days of a zone come from the tables of `log.periods`, never from a cast."""
    local = TABLE.select(day=TABLE["at"].cast("timestamp('Europe/Amsterdam')"))

    assert "Amsterdam" not in ibis.to_sql(local, dialect="duckdb")
    assert "Amsterdam" not in ibis.to_sql(local, dialect="databricks")


def test_a_moment_with_a_fraction_is_written_as_a_float() -> None:
    """So moments are compared as integers, by `warehouse.portable.micros_at`."""
    at = datetime(2026, 1, 5, 8, 0, 0, 5)  # noqa: DTZ001 - a literal of a naive column

    assert "5e-06" in ibis.to_sql(TABLE.filter(TABLE["at"] > at), dialect="duckdb")


def test_a_quantile_is_sampled_on_clickhouse() -> None:
    """There it would be another number each time; that engine is not offered."""
    asked = TABLE.aggregate(q=TABLE.value.quantile(0.9))

    assert "quantile(0.9)" in ibis.to_sql(asked, dialect="clickhouse")
    assert "QUANTILE_CONT" in ibis.to_sql(asked, dialect="duckdb")
