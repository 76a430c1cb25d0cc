"""Benchmarks: numbers of others, kept beside one's own and never in their place.

Floor 4. Each line says where it comes from, of which day, of which peers and at which percentile,
and how its definition differs from ours. A newer line of the same takes the place of the one
before. Each step leaves its audit line in the same transaction.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import FileUnreadable, QueryWrong, did_you_mean
from opsgauge.governance.access import Actor
from opsgauge.governance.database import Database
from opsgauge.governance.decision_tables import BenchmarkRow
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import Register, check_reason

LOAD = "benchmark:load"
NEEDED = ("metric", "source", "date", "peer_group", "percentile", "value", "differences")
COLUMNS = (*NEEDED[:1], "statistic", *NEEDED[1:])
MOST_BYTES = 1_000_000
MOST_LINES = 5_000
LONGEST = 500  # signs of a cell
ALL_PERCENTILES = 100
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Benchmark:
    """A number of others.

    Attributes
    ----------
    statistic : "" for the metric's usual one
    percentile : of the peers, 50 for the middle one
    value : in the metric's unit
    differences : how its definition differs from ours, in words
    """

    metric: str
    statistic: str
    source: str
    day: date
    peer_group: str
    percentile: float
    value: float
    differences: str
    number: int = 0
    made_at: str = ""
    made_by: str = ""
    ended_at: str | None = None
    ended_why: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        told = {name: value for name, value in vars(self).items() if name != "day"}
        return {**told, "date": self.day.isoformat()}


def read_benchmarks(content: bytes, name: str = "the table") -> list[tuple[int, Benchmark]]:
    """Read a CSV of benchmarks, each with its line; nothing of it is taken where one line is wrong.

    Parameters
    ----------
    name : what the table is called in messages

    Raises
    ------
    FileUnreadable : naming the line and what is wrong with it
    """
    if len(content) > MOST_BYTES:
        raise FileUnreadable(f"{name} is larger than {MOST_BYTES:,} bytes.", hint="Part it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise FileUnreadable(
            f"{name}, line {line}: this is no UTF-8.", hint="Save it as CSV in UTF-8."
        ) from wrong
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, Benchmark]] = []
    try:
        heads = [each.strip() for each in next(reader, [])]
        _check_heads(name, heads)
        for cells in reader:
            if any(each.strip() for each in cells):
                found.append((reader.line_num, _line(name, reader.line_num, heads, cells)))
            if len(found) > MOST_LINES:
                raise FileUnreadable(
                    f"{name} holds more than {MOST_LINES:,} lines.", hint="Part it."
                )
    except csv.Error as wrong:
        raise FileUnreadable(f"{name}, line {reader.line_num}: {wrong}.") from wrong
    if not found:
        raise FileUnreadable(f"{name} holds no line below its head.")
    return found


def keep_benchmarks(
    database: Database, clock: Clock, actor: Actor, wanted: Sequence[Benchmark]
) -> list[Benchmark]:
    """Keep lines; one of the same metric, statistic, source, day, peers and percentile ends."""
    with database.writing() as session:
        return [_REGISTER.put(session, clock, actor, _row(e), _same(session, e)) for e in wanted]


def end_benchmark(
    database: Database, clock: Clock, actor: Actor, number: int, why: str
) -> Benchmark:
    """Let a line count no more.

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it ended before, or no reason is given
    """
    check_reason(why, "Ending a benchmark needs a reason.", "Say why it is no measure.")
    with database.writing() as session:
        row = _REGISTER.row_of(session, number)
        if row.ended_at is not None:
            raise QueryWrong(f"Benchmark {number} ended before: {row.ended_at}.")
        values = {"ended_at": text_of(clock()), "ended_why": why.strip()}
        return _REGISTER.change(session, clock, actor, row, values, why)


def benchmarks(
    database: Database, metric: str | None = None, ended: bool = False
) -> list[Benchmark]:
    """Return the lines that count, of one metric where it is named; in order of metric and source.

    Parameters
    ----------
    ended : also those that count no more
    """
    query = select(BenchmarkRow).order_by(
        BenchmarkRow.metric, BenchmarkRow.source, BenchmarkRow.percentile, BenchmarkRow.id
    )
    if metric is not None:
        query = query.where(BenchmarkRow.metric == metric)
    return _REGISTER.lines(database, query, ended)


def _check_heads(name: str, heads: Sequence[str]) -> None:
    for each in heads:
        if each not in COLUMNS or heads.count(each) > 1:
            twice = "stands there twice" if each in COLUMNS else "is not known"
            raise FileUnreadable(
                f"{name}, line 1: the column {each[:40]!r} {twice}.",
                hint=did_you_mean(each[:40], COLUMNS),
            )
    lacking = [each for each in NEEDED if each not in heads]
    if lacking:
        raise FileUnreadable(
            f"{name}, line 1: the column {lacking[0]!r} is missing.",
            hint=f"The first line names {', '.join(NEEDED)}; statistic may be added.",
        )


def _line(name: str, at: int, heads: Sequence[str], cells: Sequence[str]) -> Benchmark:
    def refuse(what: str) -> FileUnreadable:
        return FileUnreadable(f"{name}, line {at}: {what}.", hint="Nothing of it was taken.")

    if len(cells) != len(heads):
        raise refuse(f"{len(cells)} cells, where the first line names {len(heads)} columns")
    said = {head: cell.strip() for head, cell in zip(heads, cells, strict=True)}
    wrong = next((w for head, cell in said.items() if (w := _fault(head, cell))), "")
    if wrong:
        raise refuse(wrong)
    return Benchmark(
        metric=said["metric"],
        statistic=said.get("statistic", ""),
        source=said["source"],
        day=date.fromisoformat(said["date"]),
        peer_group=said["peer_group"],
        percentile=float(said["percentile"]),
        value=float(said["value"]),
        differences=said["differences"],
    )


def _fault(head: str, cell: str) -> str:
    """Return what is wrong with a cell, "" for nothing."""
    shown = repr(cell[:40])
    if len(cell) > LONGEST:
        return f"{head} is longer than {LONGEST} characters"
    if not cell:
        return f"{head} is empty" if head in NEEDED else ""
    if not cell.isprintable():
        return f"{head} holds a sign that cannot be printed"
    known = {"value": _is_number, "percentile": _is_percentile, "date": _is_day}
    meant = {
        "value": "is no number; write it as 8.5",
        "percentile": "does not lie between 0 and 100",
        "date": "is no date; write it as 2026-01-31",
    }
    return "" if head not in known or known[head](cell) else f"{head} {shown} {meant[head]}"


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_percentile(text: str) -> bool:
    return _is_number(text) and 0 <= float(text) <= ALL_PERCENTILES


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _row(wanted: Benchmark) -> BenchmarkRow:
    return BenchmarkRow(
        metric=wanted.metric,
        statistic=wanted.statistic,
        source=wanted.source,
        day=wanted.day.isoformat(),
        peer_group=wanted.peer_group,
        percentile=wanted.percentile,
        value=wanted.value,
        differences=wanted.differences,
        ended_why="",
    )


def _same(session: Session, wanted: Benchmark) -> Sequence[BenchmarkRow]:
    query = select(BenchmarkRow).filter_by(
        metric=wanted.metric,
        statistic=wanted.statistic,
        source=wanted.source,
        day=wanted.day.isoformat(),
        peer_group=wanted.peer_group,
        percentile=wanted.percentile,
        ended_at=None,
    )
    return session.scalars(query).all()


def _benchmark(row: BenchmarkRow) -> Benchmark:
    return Benchmark(
        metric=row.metric,
        statistic=row.statistic,
        source=row.source,
        day=date.fromisoformat(row.day),
        peer_group=row.peer_group,
        percentile=row.percentile,
        value=row.value,
        differences=row.differences,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
    )


_REGISTER: Register[BenchmarkRow, Benchmark] = Register(
    *(BenchmarkRow, _benchmark, lambda line: f"metric {line.metric}", LOAD, "Benchmark {}"),
    unknown="There is no benchmark {}.",
    hint="opsgauge baseline benchmark list",
)
