"""MetricFlow's YAML gives the numbers that our own definitions give, on each worked example."""

import re
from typing import Any

import duckdb
import pytest

from opsgauge.metrics.example import make_desk, work_example
from opsgauge.metrics.exchange.metricflow_out import PARTS, carried
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import SUBJECTS
from tests.metrics.desks import CATALOGUE, NAMES
from tests.metrics.paragraphs import paragraph

pytestmark = pytest.mark.row("CAT-20")
OUT = carried(CATALOGUE)
METRICS = {said["name"]: said for said in OUT.metrics}
MEASURES = {
    measure["name"]: (table, measure) for table, found in OUT.measures.items() for measure in found
}
AGGREGATES = {
    "count": "count({})",
    "count_distinct": "count(DISTINCT {})",
    "sum": "sum({})",
    "average": "avg({})",
    "median": "median({})",
}


def value(name: str, desk: duckdb.DuckDBPyConnection, held: str = "") -> float | None:
    """Work out a metric of the document as MetricFlow would: each simple one by one query.

    What a metric made of others filters by is handed down to each of them.
    """
    said = METRICS[name]
    params = said["type_params"]
    if said["type"] == "ratio":
        sides = [params[end] for end in ("numerator", "denominator")]
        plain = [{"name": each} if isinstance(each, str) else each for each in sides]
        above, below = (value(each["name"], desk, both(held, each)) for each in plain)
        return above / below if above is not None and below else None
    if said["type"] == "derived":
        parts = [value(each["name"], desk, both(held, each)) for each in params["metrics"]]
        known = [part for part in parts if part is not None]
        return sum(known) if known else None
    table, measure = MEASURES[params["measure"]["name"]]
    return _measured(table, measure, both(held, params["measure"]), desk)


def both(held: str, said: dict[str, str]) -> str:
    """Return two filters as one."""
    return " AND ".join(each for each in (held, said.get("filter", "")) if each)


def _measured(
    table: str, measure: dict[str, Any], given: str, desk: duckdb.DuckDBPyConnection
) -> float | None:
    subject = SUBJECTS[table]
    if measure["agg"] == "percentile":
        share = measure["agg_params"]["percentile"]
        asked = f"quantile_cont({measure['expr']}, {share})"
    else:
        asked = AGGREGATES[measure["agg"]].format(measure["expr"])
    kept = re.sub(
        r"\{\{ Dimension\('(\w+?)__(\w+)'\) \}\}",
        lambda found: (
            f"(SELECT t.{found[2]} FROM tickets t WHERE t.ticket_id = one.{subject.ticket})"
            if found[1] == "ticket" and table != "tickets"
            else found[2]
        ),
        given,
    )
    text = f"SELECT {asked} FROM {table} one" + (f" WHERE {kept}" if kept else "")
    [(found,)] = desk.execute(text).fetchall()
    return None if found is None else float(found)


@pytest.mark.parametrize("name", [name for name in NAMES if name in METRICS])
def test_a_metric_carried_over_gives_its_worked_example(name: str) -> None:
    """The same number from the SQL of the document, on the tickets of the example."""
    metric = CATALOGUE.get(name)
    example = metric.definition.example
    tables = make_desk(example.tickets, example.history, example.records).tables()
    statistic = metric.statistics[0]
    ours = work_example(metric)[statistic]
    with duckdb.connect() as desk:
        for table, rows in tables.items():
            desk.register(table, rows)
        theirs = value(name, desk)

    assert (theirs or 0) == pytest.approx(ours or 0, rel=1e-9), METRICS[name]


def test_every_metric_is_carried_or_named_with_its_reason() -> None:
    """None is lost without a word, and none is both."""
    told = {name for name in METRICS if not name.endswith(PARTS)}

    assert told | set(OUT.left_out) == set(NAMES)
    assert not told & set(OUT.left_out)
    assert len(told) >= 90
    assert "flow" in OUT.left_out["backlog"]
    assert "history" in OUT.left_out["flow_efficiency"]
    assert "backlog" in OUT.left_out["backlog_in_periods"]
    assert "currencies" in OUT.left_out["operating_cost"]


def test_a_length_between_days_is_named_with_its_reason() -> None:
    """Days have no time of day, and the SQL that subtracts moments would fail on them."""
    days = {"of": "contracts", "period_by": "starts_on", "from": "starts_on", "to": "ends_on"}
    plain = paragraph(**days)
    out = carried([Metric("contract_length", "vendor", plain)])
    assert "days" in out.left_out["contract_length"]


def test_the_document_hangs_together() -> None:
    """Each metric's measure, each measure's time and each part is there; names are MetricFlow's."""
    document = OUT.document()
    times = {
        (model["name"], each["name"])
        for model in document["semantic_models"]
        for each in model["dimensions"]
        if each["type"] == "time"
    }

    for name, said in METRICS.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
        params = said["type_params"]
        assert params.get("measure", {}).get("name", next(iter(MEASURES))) in MEASURES
        for part in ("numerator", "denominator"):
            side = params.get(part, name)
            assert (side if isinstance(side, str) else side["name"]) in METRICS
    for table, measure in MEASURES.values():
        assert (table, measure["agg_time_dimension"]) in times
    persons = {c.name for s in SUBJECTS.values() for c in s.table.columns if c.person}
    for model in document["semantic_models"]:
        assert not persons & {each["name"] for each in model["dimensions"]}
