"""Tasks of an order: in which order they run, which path through them is critical, which decides.

Floor 4, analysis. The tasks of an order are the tickets tied to it as its children, those that were
cancelled left out. A task runs from its opening to its completion. Two tasks are serial where one
is completed before the other is opened, parallel otherwise. The critical path ends with the task
completed last; before each task on it stands the one completed last of those that were completed
when it was opened. Without the task that decides the end, the order could have ended when the one
before it was completed: that difference is what the task costs.

Source: Kelley and Walker, Critical-path planning and scheduling, 1959, read backward from what
happened; Wilson, JASA 22 (1927) 209-212.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from opsgauge.analysis.requests.orders import COMPLETED, KEY, Orders, hours_at
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.metrics.intervals import wilson
from opsgauge.warehouse.portable import micros

KIND, METHOD = "task_decides_the_end", "wilson_against_equal_shares"
FEWEST_ORDERS = 20  # with all tasks completed, before one of them is said to decide
FEWEST_TASKS = 2
ARROW = " \u2192 "
SERIAL, PARALLEL, MIXED = "serial", "parallel", "mixed"


def task_rows(orders: ir.Table, tickets: ir.Table, links: ir.Table) -> ir.Table:
    """Return the tasks of orders, one row each.

    Parameters
    ----------
    orders : as `orders.order_rows` gave them
    tickets, links : of all practices

    Returns
    -------
    source, ticket_id (of the order), task (its number), name, team, opened_us, done_us (null unless
    completed)
    """
    tied = links.filter(links.kind == "child_of")
    tied = tied.select("source", task=tied.ticket_id, ticket_id=tied.to_id).distinct()
    tied = tied.semi_join(orders, list(KEY))
    kept = tickets.filter(tickets.phase.isnull() | ~tickets.phase.isin(("cancelled", "rejected")))
    opened = micros(kept.opened_at)
    end = ibis.coalesce(
        micros(kept.resolved_at), micros(kept.closed_at), micros(kept.last_update_at)
    )
    tasks = kept.select(
        "source",
        "team",
        task=kept.ticket_id,
        name=ibis.coalesce(kept.catalogue_item, kept.subcategory, kept.category, kept.team),
        opened_us=opened,
        done_us=ibis.cases((kept.phase.isin(COMPLETED), ibis.greatest(end, opened))),
    )
    return tied.join(tasks, ["source", "task"])


@dataclass(frozen=True)
class Task:
    """One task of an order; `done_us` is None while it lasts."""

    number: str
    name: str
    team: str | None
    opened_us: int
    done_us: int | None


@dataclass(frozen=True)
class Bundle:
    """An order with its tasks, in the order of their opening; `place` is the order's among all."""

    place: int
    item: str | None
    opened_us: int
    tasks: tuple[Task, ...]

    @property
    def complete(self) -> bool:
        """Whether every task is completed."""
        return all(task.done_us is not None for task in self.tasks)

    @property
    def ended(self) -> list[tuple[int, Task]]:
        """The completed tasks by their ends, the last one first; of equal ends by name."""
        ends = [(task.done_us, task) for task in self.tasks if task.done_us is not None]
        return sorted(ends, key=lambda each: (-each[0], each[1].name, each[1].number))


def bundles_of(rows: pa.Table, orders: Orders) -> list[Bundle]:
    """Return the orders with two tasks or more, from what `task_rows` gave."""
    tasks: dict[int, list[Task]] = {}
    for place, row in zip(orders.places(rows).tolist(), rows.to_pylist(), strict=True):
        name = row["name"] or "Task"
        task = Task(row["task"], name, row["team"], row["opened_us"], row["done_us"])
        tasks.setdefault(place, []).append(task)
    items, opened = orders.named("item"), orders.rows["opened_us"].to_pylist()
    return [
        Bundle(
            place,
            items[place],
            opened[place],
            tuple(sorted(found, key=lambda task: (task.opened_us, task.name, task.number))),
        )
        for place, found in sorted(tasks.items())
        if place >= 0 and len(found) >= FEWEST_TASKS
    ]


def critical_path(bundle: Bundle) -> tuple[Task, ...]:
    """Return the tasks on the critical path of a complete order, first to last."""
    ended = bundle.ended
    path = [ended[0][1]]
    while True:
        before = [task for done, task in ended if done <= path[-1].opened_us and task not in path]
        if not before:
            return tuple(reversed(path))
        path.append(before[0])


def shape(bundle: Bundle) -> str:
    """Say how the tasks of a complete order lie: serial, parallel, or some of each."""
    apart = [_apart(one, other) for one, other in combinations(bundle.tasks, 2)]
    if all(apart):
        return SERIAL
    return MIXED if any(apart) else PARALLEL


def _apart(one: Task, other: Task) -> bool:
    """Say whether one task was completed before the other was opened."""
    return _before(one, other) or _before(other, one)


def _before(one: Task, other: Task) -> bool:
    return one.done_us is not None and one.done_us <= other.opened_us


def freed_us(bundle: Bundle) -> int:
    """Return how much earlier a complete order could have ended without the task that ended it."""
    ends = [done for done, _ in bundle.ended]
    return ends[0] - ends[1]


@dataclass(frozen=True)
class TaskLine:
    """One task of the orders of an item.

    Attributes
    ----------
    n : complete orders that have it
    begins, lasts : hours from the order's opening to the task's, and of the task itself; medians
    critical, decides : orders on whose critical path it lies; that it ended
    low, high : where the true share of orders that it ends lies, 95 %
    freed_hours : by how much these orders could have ended earlier without it, all together
    """

    name: str
    team: str | None
    n: int
    begins: float
    lasts: float
    critical: int
    decides: int
    low: float | None
    high: float | None
    freed_hours: float

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


@dataclass(frozen=True)
class Tasks:
    """The tasks of the complete orders of one item.

    Attributes
    ----------
    n, open_ : orders with all their tasks completed; with some still open
    shapes : orders by serial, parallel, mixed
    path, path_n : the critical path met most often, and how often
    pairs : (task, task, orders with both, first before second, second before first)
    """

    item: str | None
    n: int
    open_: int
    shapes: dict[str, int]
    path: tuple[str, ...]
    path_n: int
    lines: tuple[TaskLine, ...]
    pairs: tuple[tuple[str, str, int, int, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        names = ("first", "second", "n", "first_before_second", "second_before_first")
        return {
            "item": self.item,
            "n": self.n,
            "open": self.open_,
            "shapes": self.shapes,
            "critical_path": list(self.path),
            "critical_path_n": self.path_n,
            "tasks": [line.as_json() for line in self.lines],
            "pairs": [dict(zip(names, pair, strict=True)) for pair in self.pairs],
        }


def tasks_by_item(bundles: Iterable[Bundle]) -> list[Tasks]:
    """Return the tasks of each item's orders, the items with the most complete orders first."""
    items: dict[str | None, list[Bundle]] = {}
    for bundle in bundles:
        items.setdefault(bundle.item, []).append(bundle)
    found = [_tasks(item, each) for item, each in items.items()]
    return sorted(found, key=lambda each: (-each.n, each.item or ""))


def _tasks(item: str | None, bundles: Sequence[Bundle]) -> Tasks:
    complete = [bundle for bundle in bundles if bundle.complete]
    paths = Counter(tuple(task.name for task in critical_path(each)) for each in complete)
    path, times = min(paths.items(), key=lambda each: (-each[1], each[0]), default=((), 0))
    names = sorted({task.name for bundle in complete for task in bundle.tasks})
    lines = [_line(name, complete) for name in names]
    return Tasks(
        item=item,
        n=len(complete),
        open_=len(bundles) - len(complete),
        shapes=dict(Counter(shape(bundle) for bundle in complete)),
        path=path,
        path_n=times,
        lines=tuple(sorted(lines, key=lambda line: (-line.decides, -line.lasts, line.name))),
        pairs=tuple(_pair(one, other, complete) for one, other in combinations(names, 2)),
    )


def _line(name: str, complete: Sequence[Bundle]) -> TaskLine:
    having = [bundle for bundle in complete if any(task.name == name for task in bundle.tasks)]
    own = [(each, task) for each in having for task in each.tasks if task.name == name]
    ended = [bundle for bundle in having if bundle.ended[0][1].name == name]
    critical = sum(any(task.name == name for task in critical_path(each)) for each in having)
    begins = np.array([task.opened_us - each.opened_us for each, task in own], dtype=np.int64)
    lasts = np.array([(task.done_us or 0) - task.opened_us for _, task in own], dtype=np.int64)
    teams = Counter(task.team for _, task in own)
    low, high = wilson(len(ended), len(having))
    return TaskLine(
        name=name,
        team=next(iter(teams)) if len(teams) == 1 else None,
        n=len(having),
        begins=hours_at(begins, 0.5),
        lasts=hours_at(lasts, 0.5),
        critical=critical,
        decides=len(ended),
        low=low,
        high=high,
        freed_hours=sum(freed_us(bundle) for bundle in ended) / MICROS_PER_HOUR,
    )


def _pair(one: str, other: str, complete: Sequence[Bundle]) -> tuple[str, str, int, int, int]:
    both = first = second = 0
    for bundle in complete:
        ones = [task for task in bundle.tasks if task.name == one]
        others = [task for task in bundle.tasks if task.name == other]
        if ones and others:
            both += 1
            first += all(_before(a, b) for a in ones for b in others)
            second += all(_before(b, a) for a in ones for b in others)
    return one, other, both, first, second


def deciding(found: Iterable[Tasks], evidence: Evidence) -> list[Finding]:
    """Return the tasks that end orders more often than their number explains, by hours freed."""
    findings = [
        _finding(tasks, line, 1 / len(tasks.lines), evidence)
        for tasks in found
        for line in tasks.lines
        if tasks.n >= FEWEST_ORDERS and (line.low or 0.0) > 1 / len(tasks.lines)
    ]
    return sorted(findings, key=lambda finding: (-(finding.worth_hours or 0), finding.id))


def _finding(tasks: Tasks, line: TaskLine, equal: float, evidence: Evidence) -> Finding:
    share = line.decides / line.n
    return Finding(
        id=f"{KIND}-{tasks.item}-{line.name}",
        kind=KIND,
        lane=Lane.TIME,
        claim=(
            f"{line.name} decides when {tasks.item or 'an order'} is done: it ended "
            f"{whole(line.decides)} of {whole(line.n)}, where {percent(equal, 0)} would be even; "
            f"without it they could have ended {whole(line.freed_hours)} hours earlier."
        ),
        size=share,
        unit="share",
        interval=(line.low or 0.0, line.high or 1.0),
        n=line.n,
        method=METHOD,
        evidence=evidence,
        worth_hours=line.freed_hours,
        caveats=(
            "A task runs from its opening to its completion; whether it could begin earlier, no "
            "record says.",
            f"{whole(len(tasks.lines))} tasks were looked at.",
        ),
    )
