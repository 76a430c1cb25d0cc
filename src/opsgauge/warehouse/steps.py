"""Long queries in named steps, each compiled by itself and kept.

Floor 1. Compiling takes time that grows faster than the query. So a long query is cut: a step is a
table in whose place a query stands, and whoever asks it need not know. An engine writes the steps
before the query (`WITH`), as they were compiled when they were first met. What differs from one
use of a step to the next, such as the figures of calendars, are stand-ins in its query, which are
exchanged for the literals of each use.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

Compile = Callable[[ir.Table], str]
WITH = "WITH "
PLAIN_NAME = re.compile(r"[a-z][a-z_]*")  # needs no quotes, which engines write differently
KEPT = 256  # compiled queries


@dataclass(frozen=True, eq=False)
class Made:
    """What a step is made of: a query, the steps it reads, and what its stand-ins stand for."""

    rows: ir.Table
    beneath: tuple["Step", ...]
    literals: Mapping[str, str]


class Step(ops.UnboundTable):  # type: ignore[misc]  # ibis has no types
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
    made = Made(rows, tuple(each.op() for each in beneath), dict(literals or {}))
    return Step(name, rows.schema(), made=made).to_expr()


def compiled(expression: ir.Table, compile_one: Compile) -> str:
    """Return a query as SQL, with the steps it reads before it."""
    node = expression.op()
    found: list[Step] = node.find(Step)
    if not found:
        return compile_one(expression)
    plain = {each: ops.UnboundTable(each.name, each.schema) for each in found}
    return _after(tuple(plain), compile_one(node.replace(plain).to_expr()), compile_one)


def queries(expression: ir.Table) -> list[ir.Table]:
    """Return a query and those of the steps it rests on, for whoever looks at what they do."""
    steps: list[Step] = expression.op().find(Step)
    made = [expression]
    while steps:
        each = steps.pop()
        made.append(each.made.rows)
        steps += each.made.beneath
    return made


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


def _after(steps: tuple[Step, ...], sql: str, compile_one: Compile) -> str:
    """Return SQL with steps before it, each in brackets of its own with those beneath it."""
    if not steps:
        return sql
    names = [each.name for each in steps]
    if len(set(names)) < len(names):
        raise ValueError(f"two different steps of one query are called alike: {sorted(names)}")
    before = ", ".join(f"{each.name} AS ({_text(each, compile_one)})" for each in steps)
    return f"{WITH}{before}{', ' if sql.startswith(WITH) else ' '}{sql.removeprefix(WITH)}"


def _text(of: Step, compile_one: Compile) -> str:
    template = _kept(of.made.rows.op(), compile_one)
    return _after(of.made.beneath, filled_in(template, of.made.literals), compile_one)


@lru_cache(maxsize=KEPT)
def _kept(node: ops.Relation, compile_one: Compile) -> str:
    return compile_one(node.to_expr())
