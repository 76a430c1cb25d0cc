"""Data versions opened for reading: engine, calendar and answers kept, one set per version.

Floor 5. Everything kept here follows from the data version and the settings, so it never has to
be thrown away for being old, only for room.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.errors import EngineLacks, UnknownVersion
from opsgauge.foundation.settings import Workspace
from opsgauge.log.calendars.reading import FOLDER as CALENDARS
from opsgauge.log.periods import Periods, make_periods
from opsgauge.log.related import NOTES, READ_BESIDE
from opsgauge.log.service_levels.reading import FOLDER as SERVICE_LEVELS
from opsgauge.operations.kept import tables_of
from opsgauge.operations.spilling import reading_memory
from opsgauge.warehouse.engine import DuckEngine, Engine, StoredTable
from opsgauge.warehouse.tables import Warehouse
from opsgauge.warehouse.versions import DataVersion

VERSIONS_KEPT = 2
CALENDARS_KEPT = 8  # of scopes and calendars, for which compiled questions are kept
ANSWERS_KEPT = 500
NUMBERS_KEPT = 2_000  # what the engine answered about metrics: a few rows each
FEW_TICKETS = 2_000_000  # up to here the server keeps tickets in memory
FEW_UPDATES = 3_000_000
SMALL_UPDATES = 1_000_000  # up to here each question of the server stays on one core
T = TypeVar("T")


@dataclass
class Answers:
    """Answers to questions asked before; equal questions at one time are asked once."""

    most: int = ANSWERS_KEPT
    kept: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: dict[Hashable, threading.Event] = field(default_factory=dict)

    def get(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer to a question, asking only if nobody did or does."""
        while True:
            with self.lock:
                if question in self.kept:
                    self.kept.move_to_end(question)
                    found: T = self.kept[question]
                    return found
                waiting = self.asked.get(question)
                if waiting is None:
                    self.asked[question] = threading.Event()
                    break
            waiting.wait()
        try:
            answer = ask()
            with self.lock:
                self.kept[question] = answer
                while len(self.kept) > self.most:
                    self.kept.popitem(last=False)
            return answer
        finally:
            with self.lock:
                self.asked.pop(question).set()

    def peek(self, question: Hashable) -> Any:
        """Return the answer to a question that was asked, None where it was not or not yet."""
        with self.lock:
            return self.kept.get(question)


class AnsweringEngine:
    """An engine that remembers: the data version never changes, so neither do its answers."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine
        self._answers = Answers()

    def sql(self, expression: ir.Table) -> str:
        """Return the query as the engine's SQL."""
        return self._engine.sql(expression)

    def run(self, expression: ir.Table) -> pa.Table:
        """Return the rows of the query, from memory where it was asked before."""
        return self.run_sql(self._engine.sql(expression))

    def run_sql(self, sql: str) -> pa.Table:
        """Return the rows of SQL that `sql` made, from memory where it was asked before."""
        return self._answers.get(sql, lambda: self._engine.run_sql(sql))

    def read(self, expression: ir.Table) -> pa.Table:
        """Return the rows of a query, and do not remember them."""
        return self._engine.read(expression)

    def hold(self, tables: Mapping[str, pa.Table]) -> None:
        """Keep tables; nothing may have been asked of them before, since answers are remembered."""
        self._engine.hold(tables)

    def keep(self, name: str, *queries: ir.Table) -> None:
        """Keep the rows of queries; nothing may have been asked of them before."""
        self._engine.keep(name, *queries)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()


@dataclass(frozen=True)
class OpenVersion:
    """One data version, ready for questions."""

    version: DataVersion
    engine: Engine
    periods: Periods
    watermark: datetime  # the latest recorded update: what "now" is for the data
    stored: Sequence[StoredTable] = ()  # the files it is read from
    memo: dict[Any, Any] = field(default_factory=dict)  # what callers found out about this version
    answers: Answers | None = None  # what it was asked before; None for one question and good-bye
    others: Executor | None = None  # who works ahead, see `ahead`
    numbers: Answers | None = None  # what the engine answered about metrics, for the next version

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Return the answer to a question, from memory where this version was asked it before."""
        return ask() if self.answers is None else self.answers.get(question, ask)

    def kept(self, name: str, rows: ir.Table) -> ir.Table:
        """Return a table that the engine keeps with the rows of a query; they are asked once.

        Others who come for it meanwhile wait. Equal queries share a table, others have their own.
        """
        held = f"{name}_{sha256(self.engine.sql(rows).encode()).hexdigest()[:12]}"
        with self.memo.setdefault(("keeping", held), threading.Lock()):
            if ("kept", held) not in self.memo:
                self.engine.keep(held, rows)
                self.memo["kept", held] = True
        return ibis.table(rows.schema(), name=held)

    def side_by_side(self, asks: Sequence[Callable[[], T]], awaited: bool = False) -> list[T]:
        """Return what several questions are answered, in their order.

        Two are asked at a time where somebody waits for a page, and over many updates: much of what
        one does, such as sorting, leaves a core idle.
        """
        at_once = 2 if awaited or self.version.updates > SMALL_UPDATES else 1
        with ThreadPoolExecutor(at_once, "beside") as pool:
            return list(pool.map(lambda ask: ask(), asks))

    def ahead(self, asks: Iterable[Callable[[], object]]) -> None:
        """Begin on another core with what will be asked in a moment, the last first.

        Whoever comes to one of them finds its answer, waits for it, or takes it on: the two meet in
        the middle. Does nothing where answers are not remembered.

        Parameters
        ----------
        asks : each asks `once` for its answer, and raises nothing
        """
        if self.others is not None:
            for ask in reversed(list(asks)):
                self.others.submit(ask)


class Readers:
    """The data versions a process has opened; the newest few stay open."""

    def __init__(self, in_memory: bool = False, remember: bool = False) -> None:
        self._in_memory = in_memory
        self._remember = remember
        self._open: OrderedDict[tuple[str, int, Hashable], OpenVersion] = OrderedDict()
        self._compiled: OrderedDict[Hashable, dict[Hashable, str]] = OrderedDict()
        self._lock = threading.Lock()
        spare = max((os.cpu_count() or 1) - 1, 1)
        self._others = ThreadPoolExecutor(spare, "ahead") if remember else None

    def open(self, workspace: Workspace, version: DataVersion) -> OpenVersion:
        """Return the version opened; whoever comes while it is being opened waits for it.

        Where somebody changes a calendar or a service level meanwhile, it is opened anew.
        """
        key = (str(workspace.path), version.version, definitions(workspace))
        with self._lock:
            if key not in self._open:
                self._open[key] = self._fresh(workspace, version)
            self._open.move_to_end(key)
            # An engine let go of is closed by the last query that still holds it.
            while len(self._open) > VERSIONS_KEPT:
                self._open.popitem(last=False)
            return self._open[key]

    def _fresh(self, workspace: Workspace, version: DataVersion) -> OpenVersion:
        stored = tables_of(Warehouse(workspace.warehouse), version)
        if not (version.earliest and version.latest and version.watermark):
            raise UnknownVersion(f"Data version {version.version} holds no tickets.")
        last = max(version.latest, version.watermark)
        periods = make_periods(workspace.zone, version.earliest, last)
        if workspace.settings.engine == "spark":
            engine: Engine = _spark(stored, periods)
        else:
            copied = self._copied(version)
            # Handing parts of a small query from thread to thread takes longer than the query, and
            # the server has other people's questions for the other cores.
            threads = 1 if copied and version.updates <= SMALL_UPDATES else 0
            memory = reading_memory(workspace)
            engine = DuckEngine(stored, periods.tables(), copied, threads, memory)
        if self._remember:
            engine = AnsweringEngine(engine)
        answers = Answers() if self._remember else None
        numbers = Answers(NUMBERS_KEPT) if self._remember else None
        return OpenVersion(
            version,
            engine,
            periods,
            version.watermark,
            stored,
            answers=answers,
            others=self._others,
            numbers=numbers,
        )

    def before(self, opened: OpenVersion) -> OpenVersion | None:
        """Return the version that was open before this one, where it still is.

        Both are of one workspace, under the same calendars and service levels.
        """
        with self._lock:
            key = next((key for key, each in self._open.items() if each is opened), None)
            if key is None:
                return None
            path, number, told = key
            earlier = [
                each
                for (its_path, its_number, its_told), each in self._open.items()
                if (its_path, its_told) == (path, told) and its_number < number
            ]
            return max(earlier, key=lambda each: each.version.version, default=None)

    def compiled(self, scope: Scope, opened: OpenVersion) -> dict[Hashable, str]:
        """Return the shapes of questions compiled so far that fit a data version.

        They name no data version: only the calendar's beginning and zone reach the SQL.
        """
        periods = opened.periods
        key = (scope, opened.engine.name, periods.first, periods.zone, periods.bucket_us)
        with self._lock:
            kept = self._compiled.setdefault(key, {})
            self._compiled.move_to_end(key)
            while len(self._compiled) > CALENDARS_KEPT:
                self._compiled.popitem(last=False)
            return kept

    def _copied(self, version: DataVersion) -> list[str]:
        if not self._in_memory or version.tickets > FEW_TICKETS:
            return []
        names = ["tickets", "links", "history", *(table.name for table in READ_BESIDE)]
        few = version.updates <= FEW_UPDATES
        return [name for name in names if few or name not in ("history", NOTES.name)]


def definitions(workspace: Workspace) -> Hashable:
    """Return what changes when a file does that says how time is counted."""
    files = [
        file
        for folder in (CALENDARS, SERVICE_LEVELS)
        for file in sorted((workspace.path / folder).glob("*.y*ml"))
    ]
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def _spark(stored: Any, periods: Periods) -> Engine:
    try:
        from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise EngineLacks(
            "The engine 'spark' is not installed.", hint="pip install 'opsgauge[spark]'"
        ) from missing
    return SparkEngine(stored, periods.tables())
