"""Expressions of Open Semantic Interchange as queries: every aggregate over its own dataset."""

import re
from collections.abc import Mapping
from typing import Any

AGGREGATE = re.compile(r"\b(?:COUNT|SUM|AVG|PERCENTILE_CONT)\(")
COLUMN = re.compile(r"\b([a-z_]+)\.\"?([a-z_]+)\"?")
Ties = Mapping[str, Mapping[str, Any]]  # by the dataset they lead from


def closing(text: str, at: int) -> int:
    """Return the place after the bracket that closes the one before `at`."""
    depth = 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at


def each_by_itself(text: str, ties: Ties) -> str:
    """Return an expression with each aggregate as a query of its own over its own dataset."""
    found, at = "", 0
    while met := AGGREGATE.search(text, at):
        end = closing(text, met.end())
        if met[0].startswith("PERCENTILE"):
            end = closing(text, text.index("(", end) + 1)
        found += f"{text[at : met.start()]}({_query(text[met.start() : end], ties)})"
        at = end
    return found + text[at:]


def _query(aggregate: str, ties: Ties) -> str:
    """Return the query of one aggregate, its dataset tied to tickets as the document says."""
    named = {dataset for dataset, _ in COLUMN.findall(re.sub("'[^']*'", "", aggregate))}
    [home] = named - {"tickets"} or {"tickets"}
    text, last = f"SELECT {aggregate} FROM {home}", home
    while last != "tickets" and "tickets" in named:
        tie = ties[last]
        columns = zip(tie["from_columns"], tie["to_columns"], strict=True)
        met = " AND ".join(f"{last}.{ours} = {tie['to']}.{theirs}" for ours, theirs in columns)
        text, last = f"{text} LEFT JOIN {tie['to']} ON {met}", tie["to"]
    return text
