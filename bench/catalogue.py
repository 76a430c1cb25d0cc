"""The whole catalogue by month and team, over three sizes of desk up to ten million updates.

`python -m bench.catalogue WORKSPACE` asks one workspace, as its server does, and prints what it
took, as JSON: a process of its own for each size, so that one does not weigh with another's data.
What counts is what a person would wait for: the first time each question is asked, compiling and
the clocks of service levels included. They are asked as pages that need many ask, some of them
ahead on the other core. Single questions are asked once more, one by one and for other days, since
no answer may serve twice.
"""

import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.measuring import Bound, Result, output_and_weight
from bench.pages import is_there, make_demo
from opsgauge.foundation.settings import open_workspace
from opsgauge.metrics.question import Question
from opsgauge.operations.context import Context
from opsgauge.operations.flow import process_map
from opsgauge.operations.home import home
from opsgauge.operations.measure import measure, measure_ahead
from opsgauge.operations.opened import Readers
from opsgauge.operations.renewed import templates

SIZES, QUICK_SIZES = (16_500, 165_000, 1_650_000), (500, 3_000, 10_000)  # tickets


def catalogue(quick: bool) -> Result:
    """Ask everything at each size; judge the largest, and how time grows towards it."""
    asked: list[dict[str, Any]] = []
    weights: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for size in QUICK_SIZES if quick else SIZES:
            workspace = Path(folder) / f"workspace-{size}"
            made = make_demo(workspace, size)
            told, weight = output_and_weight(
                [sys.executable, "-m", "bench.catalogue", str(workspace)]
            )
            asked.append(json.loads(told) | {"made": made})
            weights.append(weight)
    rows = [each["updates"] for each in asked]
    whole = [each["whole"] for each in asked]
    compiled = [sum(each["again"].values()) for each in asked]
    largest = asked[-1]
    bounds = [
        Bound("all metrics by month and team, s", whole[-1], 60),
        Bound("its memory, GB", weights[-1], 6),
        Bound("one metric over tickets, median s", _median(largest, history=False), 0.3),
        Bound("one metric over history, median s", _median(largest, history=True), 1),
        Bound("growth, compiled: power of the rows", exponent(rows, compiled), 1.1),
        Bound("Home, s", largest["home"], 2),
        Bound("the process map, s", largest["map"], 5),
    ]
    seconds = {f"{n} updates": [total] for n, total in zip(rows, whole, strict=True)}
    notes = {
        "metrics": len(largest["again"]),
        "over history": len(largest["history"]),
        "made and imported, s": [each["made"] for each in asked],
    }
    return Result("catalogue", seconds, bounds, notes)


def exponent(rows: list[int], seconds: list[float]) -> float:
    """Return the power of the rows by which time grows: the slope of its logarithm on theirs.

    Examples
    --------
    >>> round(exponent([10, 100, 1000], [1.0, 10.0, 100.0]), 6)
    1.0
    """
    return statistics.linear_regression(
        [math.log(n) for n in rows], [math.log(taken) for taken in seconds]
    ).slope


def _median(asked: dict[str, Any], history: bool) -> float:
    taken = asked["again"]
    return statistics.median(
        seconds for name, seconds in taken.items() if (name in asked["history"]) == history
    )


def _ask_all(workspace: Path) -> dict[str, Any]:
    """Ask every metric the workspace has the columns for; return the seconds by name."""
    readers = Readers(in_memory=True, remember=True)
    ctx = Context(open_workspace(workspace), readers=readers).holding()
    opened = ctx.opened()
    start = time.perf_counter()  # looking for columns, and making clocks, counts too
    metrics = {each.name: each for each in ctx.catalogue if each.may_split("team")}
    questions = {name: Question(name, by=("team",), period="month") for name in metrics}
    measure_ahead(ctx, questions.values())
    asked = {name: each for name, each in questions.items() if is_there(ctx, metrics[name])}
    for question in asked.values():
        measure(ctx, question)
    whole = time.perf_counter() - start
    later = opened.periods.date_of(opened.periods.first) + timedelta(days=31)
    again = {
        name: _seconds(partial(measure, ctx, replace(question, from_=later)))
        for name, question in asked.items()
    }
    known = templates(ctx)
    history = [n for n, each in asked.items() if '"history"' in known.query(metrics[n], each)]
    home(ctx)  # what belongs to the data version, such as its checks, is there on any server
    day = opened.periods.date_of(opened.watermark) - timedelta(days=8)
    return {
        "whole": whole,
        "again": again,
        "history": history,
        "updates": opened.version.updates,
        "home": _seconds(lambda: home(ctx, to=day)),
        "map": _seconds(lambda: process_map(ctx, "activity")),
    }


def _seconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_ask_all(Path(sys.argv[1]))))
