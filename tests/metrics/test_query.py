"""One question, one expression."""

import time

import pytest

from opsgauge.metrics.definition import KINDS as PARAGRAPHS
from opsgauge.metrics.query import KINDS, compile_question, without_interval
from opsgauge.metrics.question import Question
from tests.metrics.desks import CATALOGUE, NAMES, Opened, fitted


def test_every_kind_of_paragraph_has_its_file() -> None:
    """The closed set is the same on both sides."""
    assert set(KINDS) | {"ratio", "total"} == set(PARAGRAPHS)  # these two are made of others


@pytest.mark.parametrize("period", ["month", "all"])
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_has_a_column_for_everything_it_says(
    mixed: Opened, name: str, period: str
) -> None:
    """Period, dimensions, n and value; what its interval needs besides."""
    metric = CATALOGUE.get(name)
    question = fitted(metric, Question(name, by=("team", "major"), period=period))
    expression = compile_question(metric, question, mixed.tables, mixed.periods, mixed.watermark)

    assert set(expression.columns) >= {"period", *question.by, "n", "value"}
    if metric.definition.unit == "share":
        assert set(expression.columns) >= {"numerator", "denominator"}
    rows = mixed.engine.run(expression)
    assert rows.num_rows > 0
    assert rows["period"].null_count == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_one_statement(mixed: Opened, name: str) -> None:
    """The same words each time, so that it can be shown and kept."""
    metric = CATALOGUE.get(name)
    question = fitted(metric, Question(name, period="week", by=("priority",)))
    one, other = (
        mixed.engine.sql(
            compile_question(metric, question, mixed.tables, mixed.periods, mixed.watermark)
        )
        for _ in range(2)
    )

    assert one == other
    assert ";" not in one


def test_compiling_takes_no_time_worth_speaking_of(mixed: Opened) -> None:
    """Expression and SQL of an everyday question; ten times the aim, for a busy machine."""
    metric = CATALOGUE.get("time_to_resolve")
    question = Question("time_to_resolve", period="month", by=("team",))
    times = []
    for _ in range(5):
        begin = time.process_time()
        mixed.engine.sql(
            compile_question(metric, question, mixed.tables, mixed.periods, mixed.watermark)
        )
        times.append(time.process_time() - begin)

    assert min(times) < 0.15


@pytest.mark.parametrize("name", NAMES)
def test_the_query_that_people_read_gives_the_same_numbers(mixed: Opened, name: str) -> None:
    """It leaves out what only intervals need, and is shorter for it or as long."""
    asked = compile_question(
        CATALOGUE.get(name),
        fitted(CATALOGUE.get(name), Question(name, period="week")),
        mixed.tables,
        mixed.periods,
        mixed.watermark,
    )
    shown = without_interval(asked)
    rows, short = (mixed.engine.run(each.order_by("period")).to_pylist() for each in (asked, shown))

    assert set(shown.columns) >= {"period", "n", "value"}
    assert not {"low", "high"} & set(shown.columns)
    assert [{name: row[name] for name in shown.columns} for row in rows] == short
    assert len(mixed.engine.sql(shown)) <= len(mixed.engine.sql(asked))
