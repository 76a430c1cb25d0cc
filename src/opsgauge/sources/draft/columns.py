"""What stands in the columns of an export: how much, how varied, which words.

Floor 3. The first rows are looked at closely, all others only where a question stays open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.draft.names import folded
from opsgauge.warehouse.engine import name_of, number, quoted

CLOSELY = 50_000  # rows
MOST_WORDS = 400  # of a column that are looked at
LONGEST = 200  # characters of a value
LOOKED = "looked"


@dataclass(frozen=True)
class Column:
    """One column, as far as it was looked at.

    Attributes
    ----------
    key : the SQL of its values in the table `looked`
    sql : the SQL of its values in the file itself, where every row is
    words : its most frequent values and how often each stands there, trimmed, none empty
    length : characters of a value, on average
    """

    name: str
    key: str
    sql: str
    rows: int
    filled: int
    distinct: int
    length: float
    words: dict[str, int]

    @property
    def folded(self) -> str:
        """Its name, made comparable."""
        return folded(self.name)

    @property
    def share(self) -> float:
        """How much of it is filled, 0 to 1."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def unique(self) -> bool:
        """Whether no value stands there twice, and none is missing."""
        return self.distinct == self.rows > 0


class Sheet:
    """An export laid open: its columns, and questions to its rows.

    `columns` are those of the header, in its order.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, opened: Opened, file: str) -> None:
        """Look at the first rows.

        Raises
        ------
        FileUnreadable : there are none, or they cannot be read
        """
        self.file = file
        self._db = connection
        self._opened = opened
        # What holds others as JSON says nothing that they do not say themselves.
        names = [name for name in opened.header if name not in opened.nested]
        keys = [f"c{place}" for place in range(len(names))]
        sqls = [f"left(trim({name_of(name)}), {LONGEST})" for name in names]
        plain = ", ".join(f"{sql} AS {key}" for sql, key in zip(sqls, keys, strict=True))
        try:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {LOOKED} AS SELECT {plain} "
                f"FROM (SELECT * FROM {opened.rows} LIMIT {CLOSELY})"
            )
        except duckdb.Error as wrong:
            first = str(wrong).split("\n", 1)[0]
            raise FileUnreadable(f"{file} cannot be read: {first}") from wrong
        self.rows = number(connection, f"SELECT count(*) FROM {LOOKED}")
        if not self.rows:
            raise FileUnreadable(f"{file} holds a header and no records.")
        self.whole = self.rows < CLOSELY  # whether these were all
        self.columns = tuple(map(self.column, names, keys, sqls))

    def column(self, name: str, key: str, sql: str) -> Column:
        """Look at one column, or at what SQL makes of several."""
        [(filled, distinct, length)] = self._db.execute(
            f"SELECT count(v), count(DISTINCT v), coalesce(avg(length(v)), 0) "
            f"FROM (SELECT nullif({key}, '') AS v FROM {LOOKED})"
        ).fetchall()
        words = self._db.execute(
            f"SELECT {key} AS word, count(*) AS n FROM {LOOKED} WHERE {key} <> '' "
            f"GROUP BY ALL ORDER BY n DESC, word LIMIT {MOST_WORDS}"
        ).fetchall()
        counted = {str(word): int(n) for word, n in words}
        counts = (self.rows, int(filled), int(distinct), float(length))
        return Column(name, key, sql, *counts, counted)

    def words_everywhere(self, column: Column) -> dict[str, int]:
        """Return the words of a column over the whole file, the most frequent first."""
        if self.whole:
            return column.words
        rows = self._db.execute(
            f"SELECT word, count(*) AS n FROM (SELECT {column.sql} AS word "
            f"FROM {self._opened.rows}) "
            f"WHERE word <> '' GROUP BY ALL ORDER BY n DESC, word LIMIT {MOST_WORDS}"
        ).fetchall()
        return {str(word): int(n) for word, n in rows}

    def unread(self, columns: Sequence[Column], formats: Sequence[str]) -> int:
        """Count the values of columns, over the whole file, that these formats cannot read."""
        tries = [f"try_strptime(v, {quoted(form)})::VARCHAR" for form in formats if form != "iso"]
        if "iso" in formats:
            tries.append("try_cast(v AS TIMESTAMP)::VARCHAR")
        read = f"coalesce({', '.join(tries)})"
        values = " UNION ALL ".join(
            f"SELECT {column.sql} AS v FROM {self._opened.rows}" for column in columns
        )
        return number(self._db, f"SELECT count(*) FROM ({values}) WHERE v <> '' AND {read} IS NULL")

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Return the rows of a query over `looked`, whose columns are the keys of `columns`."""
        rows: list[tuple[object, ...]] = self._db.execute(query).fetchall()
        return rows

    def number(self, query: str) -> int:
        """Return the one whole number that a query over `looked` gives."""
        return number(self._db, query)
