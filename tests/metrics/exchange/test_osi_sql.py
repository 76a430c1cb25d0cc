"""Expressions over hard records: what is unknown, yes and no, days, currencies, none at all."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from opsgauge.metrics.example import make_desk, work_example
from opsgauge.metrics.exchange.osi_out import interchanged
from opsgauge.metrics.exchange.osi_sql import expression
from opsgauge.metrics.exchange.sql_words import NotCarried
from opsgauge.metrics.metric import Metric
from tests.metrics.exchange.evaluated import each_by_itself
from tests.metrics.paragraphs import paragraph

pytestmark = pytest.mark.row("CAT-20")
OPENED, LATER = "2026-01-05 08:00", "2026-01-05 11:30"
TICKETS = (
    {"opened_at": OPENED, "team": "O'Brien", "major": True, "sla_met": False, "handoff_count": 2},
    {"opened_at": OPENED, "resolved_at": LATER, "sla_met": True, "handoff_count": 0},
    {"opened_at": OPENED, "resolved_at": OPENED, "team": "South", "major": False},
)
RECORDS: dict[str, list[dict[str, Any]]] = {
    "changes": [
        {"planned_start": OPENED, "planned_end": LATER, "outage_minutes": 0.1 + 0.2},
        {"planned_start": OPENED, "outage_minutes": 0.4, "outcome": "Failed"},
        {"planned_start": OPENED, "outcome": "FAILED", "backed_out": True},
        {"outage_minutes": 7.0, "outcome": "failed"},
    ],
    "contracts": [
        {"starts_on": "2026-03-28", "ends_on": "2026-03-30"},
        {"starts_on": "2026-03-28"},
    ],
    "links": [
        {"ticket_id": "T1", "kind": "caused_by", "to_id": "T3", "at": OPENED},
        {"ticket_id": "T2", "kind": "caused_by", "to_id": "T3", "at": OPENED},
        {"ticket_id": "T9", "kind": "caused_by", "to_id": "T3", "at": OPENED},
    ],
}
PLAIN: dict[str, Any] = {"from": ..., "to": ..., "bucket": "flow", "statistics": ...}
COUNT = {**PLAIN, "kind": "count", "unit": "tickets", "period_by": "opened_at"}
SHARE = {**PLAIN, "kind": "share", "unit": "share", "period_by": "opened_at"}
ONE_ONLY = {
    "count": "count",
    "share": "share",
    "time_share": "share",
    "sum": "sum",
    "points": "sum",
}
OF_CHANGES = {"of": "changes", "period_by": "planned_start"}
HARD: dict[str, dict[str, Any]] = {
    "no": {**COUNT, "where": {"major": [False]}},
    "yes_or_unknown": {**COUNT, "where": {"major": [True, None]}},
    "unknown_or_a_word": {**COUNT, "where": {"team": [None, "O'Brien"]}},
    "no_word_at_all": {**COUNT, "where": {"team": []}},
    "all_but": {**COUNT, "except": {"team": ["South"]}},
    "not_met": {**SHARE, "numerator": {"column": "sla_met", "is": False}},
    "of_none": {**SHARE, "numerator": {"column": "sla_met", "is": True}, "where": {"team": ["X"]}},
    "late": {**SHARE, "numerator": {"column": "resolved_at", "after": "opened_at", "hours": 3}},
    "at_once": {**SHARE, "numerator": {"column": "resolved_at", "not_after": "opened_at"}},
    "nothing_is_not_nought": {
        **COUNT, "kind": "amount", "unit": "count", "column": "handoff_count",
        "statistics": ["mean"],
    },
    "some_alone": {
        **COUNT, "kind": "amount", "unit": "count", "column": "handoff_count", "at_least": 1,
        "statistics": ["median"],
    },
    "exact_to_a_millionth": {
        **SHARE, **OF_CHANGES, "numerator": {"column": "outage_minutes", "at_most": 0.3},
    },
    "every_spelling": {**COUNT, **OF_CHANGES, "unit": "changes", "where": {"outcome": ["failed"]}},
    "minutes_as_hours": {
        **PLAIN, **OF_CHANGES, "kind": "sum", "unit": "hours", "column": "outage_minutes",
    },
    "days": {
        "of": "contracts", "from": "starts_on", "to": "ends_on", "period_by": "starts_on",
        "bucket": "flow",
    },
    "of_their_tickets": {
        **COUNT, "of": "links", "unit": "links", "period_by": "at", "where": {"major": [True]},
    },
    "points": {
        **COUNT, "kind": "points", "unit": "points", "column": "team",
        "earns": {"O'Brien": 1.5, "South": -1},
    },
}  # fmt: skip


def metric(name: str, **said: Any) -> Metric:
    """Return a metric whose example is the hard desk."""
    chosen = said.get("statistics", ["median"])
    statistic = ONE_ONLY.get(said.get("kind", "")) or chosen[0]
    example = {"tickets": list(TICKETS), "records": RECORDS, "gives": {statistic: 0}}
    return Metric(name, "own", paragraph(**said, example=example))


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB with the hard desk."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        for table, rows in make_desk(TICKETS, (), RECORDS).tables().items():
            opened.register(table, rows)
        yield opened


def value(made: Metric, engine: duckdb.DuckDBPyConnection) -> float | None:
    """Return what an expression gives."""
    [model] = interchanged([made]).document()["semantic_model"]
    ties = {tie["from"]: tie for tie in model["relationships"]}
    [(found,)] = engine.execute(f"SELECT {each_by_itself(expression(made), ties)}").fetchall()
    return None if found is None else float(found)


@pytest.mark.parametrize("name", HARD)
def test_a_hard_desk_gives_our_number(name: str, engine: duckdb.DuckDBPyConnection) -> None:
    """Nulls, words with an apostrophe, yes and no, days, spellings, tickets that are not there."""
    made = metric(name, **HARD[name])

    ours = work_example(made)[made.statistics[0]]
    assert value(made, engine) == (pytest.approx(ours, rel=1e-12) if ours else ours)


def test_a_whole_holds_its_parts_to_its_conditions(engine: duckdb.DuckDBPyConnection) -> None:
    """Only what the whole chooses counts, above and below; nothing below gives nothing."""
    above = metric("majors", **{**COUNT, "where": {"major": [True]}})
    below = metric("opened", **COUNT)
    example = {"tickets": list(TICKETS), "gives": {"ratio": 0}}
    ratio = {**PLAIN, "kind": "ratio", "unit": "share", "part": "majors", "per": "opened",
             "period_by": ..., "example": example}  # fmt: skip
    for team, expected in (("O'Brien", 1.0), ("South", 0.0), ("X", None)):
        whole = paragraph(**ratio, where={"team": [team]})
        made = Metric("whole", "own", whole, parts=(above, below))

        assert value(made, engine) == expected, expression(made)


def test_a_total_of_sums_is_unknown_only_where_all_are(engine: duckdb.DuckDBPyConnection) -> None:
    """What one of them lacks counts as nothing."""
    some = metric("some", **HARD["minutes_as_hours"])
    none = metric("none", **HARD["minutes_as_hours"], where={"outcome": ["X"]})
    total = {**PLAIN, "kind": "total", "unit": "hours", "period_by": ...,
             "example": {"tickets": list(TICKETS), "gives": {"sum": 0}}}  # fmt: skip
    for parts, known in (((some, none), True), ((none, none), False)):
        whole = paragraph(**total, parts=["a", "b"])
        found = value(Metric("whole", "own", whole, parts=parts), engine)

        assert found == (value(some, engine) if known else None)


def test_amounts_in_two_currencies_have_no_sum(engine: duckdb.DuckDBPyConnection) -> None:
    """Rather no number than a wrong one."""
    said = {**PLAIN, "of": "costs", "kind": "sum", "unit": "money", "column": "amount",
            "period_by": "period_start"}  # fmt: skip
    made = metric("paid", **said)
    for currencies, expected in ((("EUR", "EUR"), 3.0), (("EUR", "USD"), None)):
        costs = [
            {"period_start": "2026-01-01", "amount": amount, "currency": currency}
            for amount, currency in zip((1.0, 2.0), currencies, strict=True)
        ]
        engine.register("costs", make_desk((), (), {"costs": costs}).tables()["costs"])

        assert value(made, engine) == expected


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"statistics": ["geometric_mean"]}, "geometric_mean"),
        ({"where": {"attributes.floor": ["2"]}}, "attributes.floor, which is no column"),
        ({"kind": "age", "from": ..., "to": ..., "period_by": ...}, "history"),
        (
            {**PLAIN, "kind": "time_share", "unit": "share", "phases": ["new"], "whole": "life_us"},
            "phases",
        ),
    ],
)
def test_what_has_no_expression_says_why(change: dict[str, Any], why: str) -> None:
    """Named by what stands in the way."""
    with pytest.raises(NotCarried, match=why):
        expression(metric("odd", **change))
