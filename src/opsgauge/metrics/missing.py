"""Which of the columns a metric needs hold nothing in the records.

Floor 3. Asked before the first question to a metric: a source that never fills a column would else
give a share of nought, which is a wrong number and not a small one. The same holds for a table that
was never imported, and for a word that no record says: a tool may call its emergency changes
something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.log.answers import ANSWERS
from opsgauge.log.door import LogTables, where
from opsgauge.log.related import RECORD_FACTS
from opsgauge.log.tables import OF_OUTAGES
from opsgauge.log.untold import NEVER_MAPPED, TOLD_BY_UPDATES
from opsgauge.metrics.criterion import CLOSED_COLUMNS, Criterion, spellings
from opsgauge.metrics.dated import Points, Share
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import Paragraph
from opsgauge.metrics.subject import Subject
from opsgauge.warehouse.engine import Engine

GUIDE = "docs/guides/related-records.md"
MAPPING_GUIDE = "docs/guides/mapping.md"
DECIDED_GUIDE = "docs/guides/outages-and-tiers.md"
ALL_ROWS = "all_rows"


@dataclass(frozen=True)
class Missing:
    """One thing that a metric needs and the records do not hold."""

    what: str  # "column", "table" or "words"
    name: str  # of the column, of other tables than `tickets` as `table.column`; of the table
    words: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Say what is missing.

        Examples
        --------
        >>> Missing("table", "contacts").sentence()
        'there is no record of contacts'
        """
        if self.name == RECORD_FACTS.name:
            return "no decision of that kind was published yet"
        if self.what == "table":
            return f"there is no record of {self.name}"
        if self.what == "words":
            return f"no {self.name} says {' or '.join(self.words)}"
        held = "updates of tickets" if self.name == TOLD_BY_UPDATES else self.name
        return f"the records hold no {held}"

    def hint(self) -> str:
        """Say how to get it."""
        if self.name == RECORD_FACTS.name:
            return f"It tells what people decided: {DECIDED_GUIDE} says how."
        if self.what == "table":
            return f"Import an export with a mapping whose 'table:' is {self.name}, see {GUIDE}."
        if self.what == "words":
            return (
                "Your tool uses another word: write the metric with it in the workspace's "
                "catalogue, see docs/guides/metrics.md."
            )
        return self._how_to_map()

    def _how_to_map(self) -> str:
        if self.name in ANSWERS:
            return (
                "It comes from the updates of tickets and from who made them: map 'actor', and say "
                f"under 'automatic' which of its values are programs ({MAPPING_GUIDE})."
            )
        if self.name in NEVER_MAPPED:
            return (
                "It comes from the updates of tickets: import a log of updates or of changes. A "
                f"list of tickets does not tell it ({MAPPING_GUIDE})."
            )
        if self.name in OF_OUTAGES:
            return (
                f"Map a column to {self.name} under 'fields' ({MAPPING_GUIDE}), or set it on the "
                f"pages of tickets ({DECIDED_GUIDE})."
            )
        table, _, column = self.name.rpartition(".")
        guide = GUIDE if table else MAPPING_GUIDE
        whose = f" of the mapping of {table}" if table else ""
        return f"Map a column to {column} under 'fields'{whose} ({guide})."


class Filled:
    """How many records hold something in each column, looked up once for all metrics of a table.

    Worth it where many metrics will be asked: every column is looked at, and not those of one
    metric alone.
    """

    def __init__(self, engine: Engine, tables: LogTables) -> None:
        self._engine, self._tables = engine, tables
        self._counts: dict[str, list[dict[str, Any]]] = {}

    def counts(self, definition: Paragraph) -> dict[str, int]:
        """Return the records that a metric may count, and by column those that hold something."""
        subject = definition.subject
        if subject.name not in self._counts:
            self._counts[subject.name] = self._counted(subject)
        groups = self._counts[subject.name]
        if subject.is_tickets:
            for condition in _practices(definition):
                groups = [each for each in groups if each["practice"] in condition.values]
        names = {name for each in groups for name in each if name != "practice"}
        return {name: sum(each[name] for each in groups) for name in {ALL_ROWS, *names}}

    def _counted(self, subject: Subject) -> list[dict[str, Any]]:
        rows = subject.rows(self._tables)
        grouped = rows.group_by("practice") if subject.is_tickets else rows
        held = {f"has_{name}": rows[name].count() for name in rows.columns}
        counted: list[dict[str, Any]] = self._engine.run(
            grouped.aggregate(**held, **{ALL_ROWS: rows.count()})
        ).to_pylist()
        return counted


def missing_parts(
    engine: Engine, metric: Metric, tables: LogTables, filled: Filled | None = None
) -> tuple[Missing, ...]:
    """Return what the metric needs and no record it counts holds.

    The answer holds for a whole data version: keep it. Where there is no ticket at all, nothing is
    missing either.

    Parameters
    ----------
    filled : of this engine and these tables; None asks for the columns of this metric alone
    """
    if metric.parts:
        parts = [missing_parts(engine, part, tables, filled) for part in metric.parts]
        return tuple(dict.fromkeys(each for found in parts for each in found))
    definition, subject = metric.definition, metric.definition.subject
    always = {column.name for column in subject.table.columns if column.required}
    needed = [name for name in definition.columns() if name not in always]
    if not needed and subject.is_tickets:
        return ()
    said = dict(_words(definition))
    counts = filled.counts(definition) if filled else {}
    if said or not filled:
        rows = _rows(definition, tables, needed)
        asked = {f"says_{n}": _says(rows, *each) for n, each in enumerate(said.items())}
        if not filled:
            asked |= {f"has_{name}": rows[name].count() for name in needed}
            asked[ALL_ROWS] = rows.count()
        counts = counts | engine.run(rows.aggregate(**asked)).to_pylist()[0]
    return tuple(_judged(definition, needed, said, counts))


def _rows(definition: Paragraph, tables: LogTables, needed: list[str]) -> ir.Table:
    """Return the records to look at: those of the metric's practices, or its whole table."""
    subject = definition.subject
    if not subject.is_tickets:
        return subject.rows(tables)
    wanted = dict.fromkeys(["practice", *needed, *dict(_words(definition))])
    return where(tables.tickets.select(*wanted), _practices(definition))


def _practices(definition: Paragraph) -> tuple[Condition, ...]:
    return tuple(each for each in definition.conditions if each.column == "practice")


def _words(definition: Paragraph) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the words that a metric looks for in columns that have no closed vocabulary."""
    criteria: tuple[Criterion, ...] = ()
    if isinstance(definition, Share):
        criteria = (*definition.numerator, *definition.denominator)
    for each in criteria:
        if each.words and each.column not in CLOSED_COLUMNS:
            yield each.column, each.words
    if isinstance(definition, Points) and definition.subject.has(definition.column):
        yield definition.column, tuple(definition.earns)


def _says(rows: ir.Table, column: str, words: tuple[str, ...]) -> ir.IntegerScalar:
    return rows.count(where=rows[column].isin(spellings(words)))


def _judged(
    definition: Paragraph,
    needed: list[str],
    said: dict[str, tuple[str, ...]],
    counts: dict[str, int],
) -> Iterator[Missing]:
    subject = definition.subject
    if not counts[ALL_ROWS]:
        if not subject.is_tickets:
            yield Missing("table", subject.name)
        return
    before = "" if subject.is_tickets else f"{subject.name}."
    for name in needed:
        if not counts[f"has_{name}"]:
            yield Missing("column", f"{before}{name}")
    for number, (column, words) in enumerate(said.items()):
        if counts.get(f"has_{column}", 1) and not counts[f"says_{number}"]:
            yield Missing("words", f"{before}{column}", words)
