"""Every metric gives the same on DuckDB and Spark, over a desk with every table."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pytest

from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.warehouse.engine import Engine
from tests.engines.conftest import FOR_A_SMALL_DESK, Both
from tests.engines.test_equal import same
from tests.metrics.beside import random_records
from tests.metrics.desks import CATALOGUE, NAMES, Opened, desk_of, fitted, open_desk, random_lives

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]


@dataclass(frozen=True)
class Full:
    """A desk with records in every table, opened twice."""

    duck: Opened
    spark: Engine

    def ask(self, name: str, **asked: object) -> tuple[pa.Table, pa.Table]:
        """Ask both engines, as far as the metric can be asked."""
        metric, desk = CATALOGUE.get(name), self.duck
        question = fitted(metric, Question(name, **asked))  # type: ignore[arg-type]  # by name
        expression = compile_question(metric, question, desk.tables, desk.periods, desk.watermark)
        return desk.engine.run(expression), self.spark.run(expression)


@pytest.fixture(scope="module")
def full(both: Both) -> Iterator[Full]:
    """Put this desk's tables in the place of the other's, and take them away again."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    lives = random_lives(7, tickets=150)
    duck = open_desk(desk_of(lives, random_records(7, lives)), "Europe/Amsterdam")
    tables = {**duck.desk.tables(), **duck.periods.tables()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield Full(duck, SparkEngine([], tables, FOR_A_SMALL_DESK))
        SparkEngine(both.stored, both.opened.periods.tables(), FOR_A_SMALL_DESK)
    duck.engine.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_is_equal_on_both(full: Full, name: str) -> None:
    """Month by month, split by team and by what only a ticket has, where that can be."""
    duck, spark = full.ask(name, by=("team", "priority"), period="month")

    assert duck.num_rows > 1
    assert any(duck["n"].to_pylist())
    same(duck, spark)


@pytest.mark.parametrize("statistic", ["median", "p90", "mean", "geometric_mean"])
def test_statistics_of_records_are_equal_on_both(full: Full, statistic: str) -> None:
    """Of numbers with a fraction, and of logarithms."""
    name = "time_to_repair" if statistic == "geometric_mean" else "handle_time"
    duck, spark = full.ask(name, statistic=statistic, by=("team",), period="week")

    assert any(value for value in duck["value"].to_pylist())
    same(duck, spark)
