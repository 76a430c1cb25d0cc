"""Filters around a table inside a compiled query."""

from opsgauge.foundation.agreed import Condition
from opsgauge.warehouse.around import Chosen, around, fits_around, in_place_of
from opsgauge.warehouse.engine import connect


def test_what_reads_more_than_the_table_does_not_fit() -> None:
    """A filter around one of two tables would not filter the other."""
    assert fits_around('FROM "tickets" AS a JOIN "periods" AS b', "tickets", {"periods"})
    assert fits_around('WITH "t4" AS (SELECT 1 FROM "tickets") SELECT 1 FROM "t4"', "tickets")
    assert not fits_around('FROM "tickets" AS a JOIN "tickets" AS b', "tickets")
    assert not fits_around('FROM "contacts" AS a JOIN "tickets" AS b', "tickets")


def test_the_engine_counts_the_same_rows() -> None:
    """With values, with none, with quotes in a value; no value allowed is no row."""
    database = connect()
    database.execute("CREATE TABLE t AS SELECT * FROM (VALUES ('A'), ('B''s'), (NULL)) AS v(team)")
    sql = 'SELECT count(*) FROM "t" AS x'
    counts = [
        database.execute(around(sql, "t", Chosen((Condition("team", values),)))).fetchall()[0][0]
        for values in (("A",), ("A", None), ("B's",), (None,), ())
    ]
    database.close()

    assert counts == [1, 2, 1, 1, 0]


def test_keys_of_the_chosen_rows_take_the_place_of_a_table() -> None:
    """The rest of the query goes on reading every row."""
    database = connect()
    database.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1, 'A'), (2, 'B')) AS v(id, team)")
    sql = 'SELECT count(*) FROM "t" AS x SEMI JOIN "asked" AS y ON x.id = y.id'
    chosen = Chosen((Condition("team", ("B",)),))

    found = database.execute(in_place_of(sql, "asked", "t", ["id"], chosen)).fetchall()
    database.close()
    assert found == [(1,)]
