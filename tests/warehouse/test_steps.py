"""Queries in named steps."""

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pytest

from opsgauge.warehouse.engine import DuckEngine
from opsgauge.warehouse.steps import compiled, filled_in, queries, step

ROWS = ibis.table({"team": "string", "n": "int64"}, name="stored")
STORED = {"stored": pa.table({"team": ["A", "A", "B"], "n": [1, 2, 5]})}


def totals(least: int = 0) -> ibis.Table:
    """Return the totals of teams, in two steps."""
    chosen = step(
        "chosen", ROWS.filter(ROWS.n > 7_700_000_000_001), literals={"7700000000001": f"{least}"}
    )
    rows = ibis.table(chosen.schema(), name="chosen")
    return step("totals", rows.group_by("team").aggregate(n=rows.n.sum().cast("int64")), chosen)


def test_a_step_is_asked_like_a_table() -> None:
    """Filtered, joined to itself and to what is stored."""
    engine = DuckEngine([], extra=STORED)
    made = totals(1)
    both = made.inner_join(made.view(), "team").filter(made.n > 0).select("team", "n")
    with_stored = made.inner_join(ROWS, "team").select("team", most=made.n, one=ROWS.n)

    assert engine.run(both.order_by("team")).to_pylist() == [
        {"team": "A", "n": 2},
        {"team": "B", "n": 5},
    ]
    assert engine.run(with_stored.filter(with_stored.one == 1)).to_pylist() == [
        {"team": "A", "most": 2, "one": 1}
    ]
    engine.keep("kept", made, totals(4))
    assert engine.run_sql("SELECT sum(n) AS n FROM kept")["n"].to_pylist() == [12]
    engine.close()


def test_a_step_is_compiled_once_for_all_its_uses() -> None:
    """Only what stands in it differs; the query around it is compiled each time."""
    asked: list[str] = []

    def compile_one(query: ibis.Table) -> str:
        asked.append(query.op().name if isinstance(query.op(), ops.UnboundTable) else "step")
        return str(ibis.to_sql(query, dialect="duckdb"))

    first, second = compiled(totals(1), compile_one), compiled(totals(2), compile_one)

    assert asked == ["totals", "step", "step", "totals"]
    assert first != second
    assert first.replace("> 1", "> 2") == second


def test_steps_that_rest_on_others_are_told_with_them() -> None:
    """For whoever looks at what a query does."""
    assert [query.columns for query in queries(totals())] == [("team", "n")] * 3


def test_the_same_step_made_twice_is_one() -> None:
    """So what was made apart can be asked together."""
    both = totals(1).select("team").inner_join(totals(1), "team").select("team", "n")

    assert (
        compiled(both, lambda query: str(ibis.to_sql(query, dialect="duckdb"))).count("AS (") == 2
    )


def test_two_steps_of_one_name_are_refused() -> None:
    """One of them would be asked in the place of the other."""
    one, other = totals(1), totals(2)
    both = one.inner_join(other, "team").select("team")

    with pytest.raises(ValueError, match="two different steps"):
        compiled(both, lambda query: str(ibis.to_sql(query, dialect="duckdb")))


def test_a_name_that_needs_quotes_is_refused() -> None:
    """Engines write quotes each in its own way."""
    with pytest.raises(ValueError, match="small letters"):
        step("Two Words", ROWS)


def test_stand_ins_are_exchanged_all_at_once() -> None:
    """What is put in is not taken for a stand-in."""
    assert filled_in("a b", {"a": "b", "b": "c"}) == "b c"
    assert filled_in("as it is", {}) == "as it is"
