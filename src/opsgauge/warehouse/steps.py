"""Long queries in named steps, each compiled by itself and kept.

Floor 1. Compiling takes time that grows faster than the query. So a long query is cut: a step is a
table in whose place a query stands, and whoever asks it need not know. An engine writes the steps
before the query (`WITH`), as they were compiled when they were first met. What differs from one
use of a step to the next, such as the figures of calendars, are stand-ins in its query, which are
exchanged for the literals of each use.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

Compile = Callable[[ir.Table], str]
WITH = "WITH "
PLAIN_NAME = re.compile(r"[a-z][a-z_]*")  # needs no quotes, which engines write differently
KEPT = 256  # compiled queries


@dataclass(frozen=True)
class Made:
    """What a step is made of: a query, the steps it reads, and what its stand-ins stand for."""

    rows: ops.Relation
    beneath: tuple["Step", ...]
    literals: tuple[tuple[str, str], ...]


class Step(ops.UnboundTable):
    """A table in whose place a query stands."""

    made: Any


def step(
    name: str, rows: ir.Table, *beneath: ir.Table, literals: Mapping[str, str] | None = None
) -> ir.Table:
    """Return a table that stands for a query.

    Parameters
    ----------
    name : small letters and '_'
    rows : the query; where it reads another step, it does so by a plain table of that name
    beneath : these other steps, under the names by which `rows` knows them
    literals : what is put in the place of each stand-in, both as they are written in SQL

    Raises
    ------
    ValueError : another name
    """
    if not PLAIN_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a step: use small letters and '_'")
    told = tuple(sorted((literals or {}).items()))
    made = Made(rows.op(), tuple(each.op() for each in beneath), told)
    return Step(name, rows.schema(), made=made).to_expr()


def compiled(expression: ir.Table, compile_one: Compile) -> str:
    """Return a query as SQL, with the steps it rests on before it.

    Raises
    ------
    ValueError : two different steps are called alike
    """
    steps, sql = apart(expression, compile_one)
    if not steps:
        return sql
    # One list for all: engines take far longer over steps that stand within steps.
    before = ", ".join(f"{name} AS ({text})" for name, text in steps.items())
    return f"{WITH}{before}{', ' if sql.startswith(WITH) else ' '}{sql.removeprefix(WITH)}"


def apart(expression: ir.Table, compile_one: Compile) -> tuple[dict[str, str], str]:
    """Return the steps a query rests on by name, those beneath first, and the query, as SQL.

    Raises
    ------
    ValueError : two different steps are called alike
    """
    node = expression.op()
    read: list[Step] = node.find(Step)
    if not read:
        return {}, compile_one(expression)
    plain = {each: ops.UnboundTable(each.name, each.schema) for each in read}
    sql = compile_one(node.replace(plain).to_expr())
    return {each.name: _text(each, compile_one) for each in _in_order(read)}, sql


def queries(expression: ir.Table) -> list[ir.Table]:
    """Return a query and those of the steps it rests on, for whoever looks at what they do."""
    return [
        expression,
        *(each.made.rows.to_expr() for each in _in_order(expression.op().find(Step))),
    ]


def _in_order(read: Sequence[Step]) -> list[Step]:
    """Return steps and all those beneath them, each once, those beneath first."""
    found: dict[str, Step] = {}
    for each in read:
        for one in (*_in_order(each.made.beneath), each):
            if found.setdefault(one.name, one) != one:
                raise ValueError(f"two different steps of one query are called {one.name!r}")
    return list(found.values())


def filled_in(template: str, literals: Mapping[str, str]) -> str:
    """Return a template with its stand-ins exchanged, all at once: none is taken for another.

    Examples
    --------
    >>> filled_in("n >= 7700 AND n < 7701", {"7700": "7701", "7701": "9"})
    'n >= 7701 AND n < 9'
    """
    if not literals:
        return template
    longest_first = sorted(literals, key=len, reverse=True)
    any_of = re.compile("|".join(map(re.escape, longest_first)))
    return any_of.sub(lambda found: literals[found[0]], template)


def _text(of: Step, compile_one: Compile) -> str:
    return filled_in(_kept(of.made.rows, compile_one), dict(of.made.literals))


@lru_cache(maxsize=KEPT)
def _kept(node: ops.Relation, compile_one: Compile) -> str:
    return compile_one(node.to_expr())
