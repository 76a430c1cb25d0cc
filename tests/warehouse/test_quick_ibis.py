"""Ibis made quicker gives what Ibis gives: the same SQL, the same nodes, the same refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import ibis
import ibis.expr.operations as ops
import pytest
from ibis.common.annotations import SignatureValidationError
from ibis.common.graph import Graph
from ibis.common.patterns import Check, replace

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.query import compile_question
from opsgauge.metrics.question import Question
from opsgauge.warehouse import quick_ibis
from tests.metrics.desks import CATALOGUE, VARIED, fitted, small_desk


@contextmanager
def plain() -> Iterator[None]:
    """Let Ibis walk and make expressions in its own ways meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for of, name, own in quick_ibis.PLAIN:
            patch.setattr(of, name, own)
        yield


DESK = small_desk({"opened_at": "2026-01-05 08:00", "team": "A"}, at="2026-01-20")
ASKED: tuple[dict[str, Any], ...] = (
    {"period": "week", "by": ("team", "major")},
    {"period": "all", "from_": date(2026, 1, 6), "as_of": datetime(2026, 1, 15, tzinfo=UTC)},
    {"period": "day", "where": (Condition("priority", ("1", None)),)},
)


def made(name: str, asked: dict[str, Any]) -> Any:
    """Return a question of a metric as an expression."""
    metric = CATALOGUE.get(name)
    question = fitted(metric, Question(name, **asked))
    return compile_question(metric, question, DESK.tables, DESK.periods, DESK.watermark)


@pytest.mark.parametrize(("turn", "name"), list(enumerate(VARIED[::3])))
def test_the_sql_is_that_of_ibis(turn: int, name: str) -> None:
    """Of metrics of every kind, made and compiled in both ways."""
    asked = ASKED[turn % len(ASKED)]
    quick = str(ibis.to_sql(made(name, asked), dialect="duckdb"))
    with plain():
        assert str(ibis.to_sql(made(name, asked), dialect="duckdb")) == quick


def test_nodes_come_in_the_order_of_ibis() -> None:
    """It names the parts of a query; equal nodes count once, wherever they stand."""
    node = made(VARIED[-1], ASKED[0]).op()
    for kept in (None, ops.Relation, ops.Value):
        came: list[Any] = []
        node.map(lambda one, _, came=came, **__: came.append(one), filter=kept)
        with plain():
            usual, _ = Graph.from_bfs(node, filter=kept).toposort()
        assert came == list(usual)
        assert len(set(came)) == len(came)


ONE = ops.Literal(1, dtype="int8")
TWO = ops.Literal(2, dtype="int8")


@replace(ops.Greater)
def turned(_: Any, **told: Any) -> Any:
    """Exchange what is greater for what is less."""
    return ops.Less(_.left, _.right)


@replace(ops.Less)
def undone(_: Any, **told: Any) -> Any:
    """Exchange what is less for what is greater."""
    return ops.Greater(_.left, _.right)


@pytest.mark.parametrize(
    ("replacer", "left"),
    [
        ({ONE: TWO}, (ops.Greater, 2)),
        (turned, (ops.Less, 1)),
        (undone | turned, (ops.Less, 1)),
        (Check(lambda node: node == ONE) >> TWO, (ops.Greater, 2)),
        ({}, (ops.Greater, 1)),
    ],
)
def test_what_is_met_is_replaced_everywhere(replacer: Any, left: tuple[Any, int]) -> None:
    """By a mapping, by patterns, of a class or not; where nothing is met the node stays."""
    table = ibis.table({"a": "int64", "b": "string"}, name="t")
    some = table.filter(table.a > 1).group_by("b").agg(n=table.a.sum(), m=(table.a > 1).sum())
    node = some.op()
    quick = node.replace(replacer)
    with plain():
        assert node.replace(replacer) == quick
    assert (quick is node) == (replacer == {})
    compared = quick.find((ops.Greater, ops.Less))
    assert {(type(one), one.right.value) for one in compared} == {left}


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [((), {}), ((1, 2), {}), (("x", 1, 2), {}), ((), {"left": 1}), ((1,), {"left": 1, "right": 2})],
)
def test_wrong_arguments_are_refused_as_by_ibis(args: Any, kwargs: Any) -> None:
    """Too few, too many, twice: with the same words; those that fit are taken alike."""

    def said() -> str:
        try:
            return str([one.value for one in ops.Add(*args, **kwargs).args])
        except SignatureValidationError as wrong:
            return str(wrong)

    quick = said()
    with plain():
        assert said() == quick
