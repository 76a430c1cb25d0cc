"""Which metrics are looked at, and which ones nobody needs.

Floor 5. A view costs a page nothing: it is noted in memory, and written by a thread of its own at
most once in some seconds. What cannot be written is dropped: a page is never refused for it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any

import structlog

from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import uses as counted
from opsgauge.metrics.metric import Metric
from opsgauge.operations.aside import Aside, why_not_written
from opsgauge.operations.context import Context

DAYS = 90
LONGEST = 3_660  # ten years of days
WAIT_SECONDS = 5.0  # between two writes
SUBJECT = "metric "  # what an audit line that decides of a metric is about, before its name


class UseCounter(Aside[Counter[counted.Seen]]):
    """Views of metrics on their way to the records."""

    def __init__(self, ctx: Context, wait_seconds: float = WAIT_SECONDS) -> None:
        super().__init__(wait_seconds, Counter, partial(write, ctx))
        self._ctx = ctx

    def note(self, metrics: Iterable[str], way: str) -> None:
        """Note that metrics of the catalogue were looked at."""
        day = today(self._ctx)
        self._add(lambda seen: seen.update((day, name, way) for name in metrics))


def write(ctx: Context, seen: Counter[counted.Seen]) -> None:
    """Add views to the records; where that cannot be, say so in the log and go on."""
    reason = why_not_written(ctx, lambda database: counted.add(database, seen))
    if reason:
        structlog.get_logger().info("views_not_counted", reason=reason)


def note_now(ctx: Context, metric: str, way: str) -> None:
    """Note one view at once, for a program that ends."""
    write(ctx, Counter([(today(ctx), metric, way)]))


def today(ctx: Context) -> date:
    """Return the day it is in the workspace's zone."""
    return ctx.clock().astimezone(ctx.workspace.zone).date()


@dataclass(frozen=True)
class UseLine:
    """How one metric is used."""

    metric: str
    title: str
    lifecycle: str
    views: dict[str, int]  # by way, within the days asked for
    last_view: date | None
    last_decision: date | None
    needed_by: tuple[str, ...]  # metrics that are made of it or paired with it
    proposed: bool  # nobody looked at it or decided of it, and that for long enough

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        days = {name: getattr(self, name) for name in ("last_view", "last_decision")}
        return {
            **vars(self),
            "views": {way: self.views.get(way, 0) for way in counted.WAYS},
            **{name: day.isoformat() if day else None for name, day in days.items()},
            "needed_by": list(self.needed_by),
        }


@dataclass(frozen=True)
class Used:
    """How every metric is used, and which are proposed for retirement."""

    days: int
    since: date | None  # the first day on which views were counted
    enough: bool  # views were counted for all of these days
    lines: tuple[UseLine, ...] = field(default=())

    @property
    def proposed(self) -> tuple[UseLine, ...]:
        """The metrics that nobody needs."""
        return tuple(line for line in self.lines if line.proposed)

    def sentence(self) -> str:
        """Say it in words."""
        if self.since is None:
            return "No view of a metric has been counted yet."
        if not self.enough:
            return (
                f"Views are counted since {self.since}, which is less than {self.days} days: "
                "too early to propose a metric for retirement."
            )
        found = len(self.proposed)
        if not found:
            return f"Every metric was looked at or decided of within {self.days} days."
        return (
            f"{found} of {len(self.lines)} metrics: nobody looked at them or decided of them "
            f"within {self.days} days. Retire them (lifecycle: retired), or say who needs them."
        )

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "days": self.days,
            "counted_since": self.since.isoformat() if self.since else None,
            "enough": self.enough,
            "sentence": self.sentence(),
            "unused": [line.metric for line in self.proposed],
            "metrics": [line.as_json() for line in self.lines],
        }


def used(ctx: Context, days: int = DAYS) -> Used:
    """Say how every metric was looked at, and which nobody looked at or decided of in `days`.

    Needs `catalogue:read`. A metric is proposed for retirement only once views were counted for
    that long, and only if it is not younger itself or retired already.
    """
    ctx.require("catalogue:read")
    if not 1 <= days <= LONGEST:
        raise QueryWrong(f"{days} days cannot be looked back.", hint=f"Ask for 1 to {LONGEST}.")
    first = today(ctx) - timedelta(days=days - 1)
    since = counted.counted_since(ctx.database)
    enough = since is not None and since <= first
    seen = counted.uses(ctx.database, first)
    decided = counted.decided(ctx.database, SUBJECT)
    needed, lines = _needed(ctx.catalogue), []
    for metric in ctx.catalogue:
        use, last = seen.get(metric.name), decided.get(metric.name)
        touched = bool(use and use.views) or (last is not None and last >= first)
        lines.append(
            UseLine(
                metric=metric.name,
                title=metric.definition.title,
                lifecycle=metric.definition.lifecycle,
                views=dict(use.views) if use else {},
                last_view=use.last if use else None,
                last_decision=last,
                needed_by=tuple(needed.get(metric.name, ())),
                proposed=enough and not touched and _old_enough(metric, first),
            )
        )
    return Used(days, since, enough, tuple(lines))


def _old_enough(metric: Metric, first: date) -> bool:
    plain = metric.definition
    return plain.lifecycle != "retired" and (plain.valid_from is None or plain.valid_from <= first)


def _needed(metrics: Iterable[Metric]) -> dict[str, list[str]]:
    """Return of each metric the others that are made of it or paired with it."""
    needed: dict[str, list[str]] = {}
    for metric in metrics:
        named = [metric.definition.counter_metric, *(part.name for part in metric.parts)]
        for name in dict.fromkeys(named):
            needed.setdefault(name or "", []).append(metric.name)
    return needed
