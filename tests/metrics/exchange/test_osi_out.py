"""Open Semantic Interchange gives the numbers that our own definitions give, and loses nothing."""

import json
import re
from collections import Counter
from typing import Any

import duckdb
import pytest

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.example import make_desk, work_example
from opsgauge.metrics.exchange.osi_out import VENDOR, interchanged
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.subject import SUBJECTS
from tests.metrics.desks import CATALOGUE, NAMES

pytestmark = pytest.mark.row("CAT-20")
OUT = interchanged(CATALOGUE)
DOCUMENT = OUT.document()
[MODEL] = DOCUMENT["semantic_model"]
DATASETS = {dataset["name"]: dataset for dataset in MODEL["datasets"]}
TIES = {tie["from"]: tie for tie in MODEL["relationships"]}
METRICS = {said["name"]: said for said in MODEL["metrics"]}
AGGREGATE = re.compile(r"\b(?:COUNT|SUM|AVG|PERCENTILE_CONT)\(")
COLUMN = re.compile(r"\b([a-z_]+)\.\"?([a-z_]+)\"?")


def said_by(metric: dict[str, Any]) -> str:
    """Return the expression of a metric."""
    [found] = metric["expression"]["dialects"]
    assert found["dialect"] == "ANSI_SQL"
    return str(found["expression"])


def closing(text: str, at: int) -> int:
    """Return the place after the bracket that closes the one before `at`."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at


def each_by_itself(text: str) -> str:
    """Return an expression with each aggregate as a query of its own over its own dataset."""
    found, at = "", 0
    while met := AGGREGATE.search(text, at):
        end = closing(text, met.end())
        if met[0].startswith("PERCENTILE"):
            end = closing(text, text.index("(", end) + 1)
        found += f"{text[at : met.start()]}({_query(text[met.start() : end])})"
        at = end
    return found + text[at:]


def _query(aggregate: str) -> str:
    """Return the query of one aggregate, its dataset tied to tickets as the document says."""
    named = {dataset for dataset, _ in COLUMN.findall(re.sub("'[^']*'", "", aggregate))}
    [home] = named - {"tickets"} or {"tickets"}
    text, last = f"SELECT {aggregate} FROM {home}", home
    while last != "tickets" and "tickets" in named:
        tie = TIES[last]
        columns = zip(tie["from_columns"], tie["to_columns"], strict=True)
        met = " AND ".join(f"{last}.{ours} = {tie['to']}.{theirs}" for ours, theirs in columns)
        text, last = f"{text} LEFT JOIN {tie['to']} ON {met}", tie["to"]
    return text


@pytest.mark.parametrize("name", [name for name in NAMES if name in METRICS])
def test_an_expression_gives_the_worked_example(name: str) -> None:
    """The same number from the SQL of the document, on the records of the example."""
    metric = CATALOGUE.get(name)
    example = metric.definition.example
    tables = make_desk(example.tickets, example.history, example.records).tables()
    with duckdb.connect() as desk:
        desk.execute("SET TimeZone = 'UTC'")
        for table, rows in tables.items():
            desk.register(table, rows)
        [(theirs,)] = desk.execute(f"SELECT {each_by_itself(said_by(METRICS[name]))}").fetchall()

    ours = work_example(metric)[metric.statistics[0]]
    assert (theirs or 0) == pytest.approx(ours or 0, rel=1e-9), said_by(METRICS[name])


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
