"""Open Semantic Interchange gives the numbers that our own definitions give, and loses nothing."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.example import make_desk
from opsgauge.metrics.exchange.osi_out import VENDOR, interchanged
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import SUBJECTS
from tests.metrics.desks import CATALOGUE, NAMES
from tests.metrics.exchange.evaluated import COLUMN, each_by_itself

pytestmark = pytest.mark.row("CAT-20")
OUT = interchanged(CATALOGUE)
DOCUMENT = OUT.document()
[MODEL] = DOCUMENT["semantic_model"]
DATASETS = {dataset["name"]: dataset for dataset in MODEL["datasets"]}
TIES = {tie["from"]: tie for tie in MODEL["relationships"]}
METRICS = {said["name"]: said for said in MODEL["metrics"]}


def said_by(metric: dict[str, Any]) -> str:
    """Return the expression of a metric."""
    [found] = metric["expression"]["dialects"]
    assert found["dialect"] == "ANSI_SQL"
    return str(found["expression"])


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open one DuckDB for all examples."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        yield opened


@pytest.mark.parametrize("name", [name for name in NAMES if name in METRICS])
def test_an_expression_gives_the_worked_example(
    name: str, engine: duckdb.DuckDBPyConnection
) -> None:
    """The same number from the SQL of the document, on the records of the example."""
    metric = CATALOGUE.get(name)
    example = metric.definition.example
    for table, rows in (
        make_desk(example.tickets, example.history, example.records).tables().items()
    ):
        engine.register(table, rows)
    [(theirs,)] = engine.execute(
        f"SELECT {each_by_itself(said_by(METRICS[name]), TIES)}"
    ).fetchall()

    ours = example.gives[metric.statistics[0]]
    assert (theirs or 0) == pytest.approx(ours or 0, rel=1e-6), said_by(METRICS[name])


def test_no_definition_is_lost() -> None:
    """Each is among the metrics or, named with its reason, in the extension of the model."""
    [extension] = MODEL["custom_extensions"]
    kept = json.loads(extension["data"])["definitions"]

    assert extension["vendor_name"] == VENDOR
    assert list(kept) == list(OUT.left_out)
    assert set(METRICS) | set(kept) == set(NAMES)
    assert not set(METRICS) & set(kept)
    assert len(METRICS) >= 120
    assert "history" in OUT.left_out["backlog"]
    assert "made of backlog" in OUT.left_out["backlog_in_periods"]
    for name, said in kept.items():
        metric = CATALOGUE.get(name)
        again = Metric(name, metric.practice, read_definition(said), parts=metric.parts)
        assert again.definition_hash == metric.definition_hash


def test_every_column_named_is_a_field_of_its_dataset() -> None:
    """And every tie leads from columns that are there to the key of the other."""
    fields = {
        (name, each["name"]) for name, dataset in DATASETS.items() for each in dataset["fields"]
    }

    for said in METRICS.values():
        plain = re.sub("'[^']*'", "", said_by(said))
        assert set(COLUMN.findall(plain)) <= fields, said["name"]
    for tie in MODEL["relationships"]:
        assert {(tie["from"], each) for each in tie["from_columns"]} <= fields
        assert tie["to_columns"] == DATASETS[tie["to"]]["primary_key"]
    assert max(Counter(tie["from"] for tie in MODEL["relationships"]).values()) == 1
    assert {tie["to"] for tie in MODEL["relationships"]} == {"tickets", "contact_tickets"}


def test_persons_are_no_field_unless_they_are_counted() -> None:
    """Who resolved is there to be counted, and says so; who asked is not there at all."""
    persons = {
        f"{name}.{each['name']}": each["description"]
        for name, dataset in DATASETS.items()
        for each in dataset["fields"]
        if name in SUBJECTS and (column := SUBJECTS[name].column(each["name"])) and column.person
    }

    assert set(persons) == {"tickets.assignee", "contacts.agent"}
    assert all("Counted only" in said for said in persons.values())


def test_a_metric_says_what_the_form_has_a_place_for() -> None:
    """Title, question, decision, unit, owner, counter-metric and pitfalls."""
    said, plain = METRICS["time_to_resolve"], CATALOGUE.get("time_to_resolve").definition

    for word in (plain.title, plain.question, plain.decision, plain.unit, plain.owner_role):
        assert word in said["description"]
    assert f"Read beside {plain.counter_metric}." in said["description"]
    assert said["ai_context"]["synonyms"] == [plain.title]
    assert plain.pitfalls[0] in said["ai_context"]["instructions"]
    assert said["datatype"] == "Float"
    assert METRICS["tickets_opened"]["datatype"] == "Integer"


def test_an_empty_catalogue_is_a_model_still() -> None:
    """A model has a dataset at least."""
    [model] = interchanged([]).document()["semantic_model"]

    assert [dataset["name"] for dataset in model["datasets"]] == ["tickets"]
