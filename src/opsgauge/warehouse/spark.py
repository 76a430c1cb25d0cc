"""Apache Spark over the same files, through the same expressions. Needs the extra `spark`.

Floor 1. Spark reads the Parquet files that a data version names, so it needs no Delta package. The
session speaks UTC; the functions `micros` and `day_micros` are defined as on DuckDB.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from threading import Lock

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from opsgauge.warehouse.engine import StoredTable
from opsgauge.warehouse.steps import apart, compiled

MASTER = "local[2]"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what overflows or does not parse fails, and is not null
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.log.level": "ERROR",
}
_NAMING = Lock()  # views of steps are the session's, which threads share
SPARK_TYPES = {
    "string": "string",
    "int64": "bigint",
    "float64": "double",
    "boolean": "boolean",
    "timestamp(6)": "timestamp",
    "date": "date",
    "binary": "binary",
    "map<string, string>": "map<string,string>",
}


class SparkEngine:
    """Spark over the Parquet files of one data version; views live in a session of its own."""

    name = "spark"

    def __init__(
        self,
        stored: Sequence[StoredTable],
        extra: Mapping[str, pa.Table] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self._session = _session(settings or {})
        self._ibis = ibis.pyspark.connect(self._session)
        self._session.sql(
            "CREATE OR REPLACE TEMPORARY FUNCTION micros(moment TIMESTAMP) RETURNS BIGINT "
            "RETURN unix_micros(moment)"
        )
        self._session.sql(
            "CREATE OR REPLACE TEMPORARY FUNCTION day_micros(day DATE) RETURNS BIGINT "
            "RETURN unix_micros(CAST(day AS TIMESTAMP))"
        )
        for table in stored:
            self._frame(table).createOrReplaceTempView(table.name)
        self._session.sql(
            "CREATE OR REPLACE TEMPORARY FUNCTION moment_at(us BIGINT) RETURNS TIMESTAMP "
            "RETURN timestamp_micros(us)"
        )
        self.hold(extra or {})

    def _frame(self, table: StoredTable) -> DataFrame:
        columns = ", ".join(f"`{name}` {SPARK_TYPES[kind]}" for name, kind in table.schema.items())
        if not table.files:
            return self._session.createDataFrame([], schema=columns)
        read = self._session.read.schema(columns).option("basePath", table.root or "/")
        return read.parquet(*(_address(file) for file in table.files))

    def sql(self, expression: ir.Table) -> str:
        """Return the query as Spark's SQL."""
        return compiled(expression, self._compiled)

    def _compiled(self, expression: ir.Table) -> str:
        return str(self._ibis.compile(expression))

    def run(self, expression: ir.Table) -> pa.Table:
        """Run the query and return its rows; instants come back as naive UTC."""
        return _rows(self._asked(expression))

    def run_sql(self, sql: str) -> pa.Table:
        """Run SQL that `sql` made, perhaps earlier, and return its rows."""
        return _rows(self._session.sql(sql))

    def read(self, expression: ir.Table) -> pa.Table:
        """Run a query whose rows go elsewhere."""
        return self.run(expression)

    def hold(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep tables under these names."""
        for name, rows in tables.items():
            self._session.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, *queries: ir.Table) -> None:
        """Keep the rows of one or more queries as a view, worked out once."""
        frames = [self._asked(query) for query in queries]
        reduce(DataFrame.unionByName, frames).cache().createOrReplaceTempView(name)

    def _asked(self, expression: ir.Table) -> DataFrame:
        """Return the frame of a query, each step of it analysed by itself.

        Spark goes over a plan as a whole until nothing changes, so a long one takes it seconds.
        A frame holds the plan of what it was made of: the views may go once it is there.
        """
        steps, sql = apart(expression, self._compiled)
        with _NAMING:
            try:
                for name, text in steps.items():
                    self._session.sql(text).createOrReplaceTempView(name)
                return self._session.sql(sql)
            finally:
                for name in steps:
                    self._session.catalog.dropTempView(name)

    def close(self) -> None:
        """Leave Spark to other engines of the process."""

    def stop(self) -> None:
        """End Spark, and with it every engine of the process."""
        self._session.stop()


def _rows(frame: DataFrame) -> pa.Table:
    rows = frame.toArrow()
    return rows.cast(pa.schema([_naive(field) for field in rows.schema]))


def _naive(field: pa.Field) -> pa.Field:
    if pa.types.is_timestamp(field.type):
        return pa.field(field.name, pa.timestamp("us"))
    if pa.types.is_decimal(field.type) and field.type.scale == 0:
        return pa.field(field.name, pa.int64())  # sums of whole numbers
    return field


def _address(file: str) -> str:
    # Spark takes the text after the scheme as it is: a percent sign must not be made of an equals.
    return f"file://{file}" if file.startswith("/") else file


def _session(settings: Mapping[str, str]) -> SparkSession:
    builder = SparkSession.builder.master(MASTER).appName("opsgauge")
    for name, value in {**SETTINGS, **settings}.items():
        builder = builder.config(name, value)
    # Views are a session's: engines of two data versions in one would read each other's tables.
    own = builder.getOrCreate().newSession()
    for name, value in {**SETTINGS, **settings}.items():
        if own.conf.isModifiable(name):
            own.conf.set(name, value)
    return own
