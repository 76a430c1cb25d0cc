"""The export: one file, a row per update with the state after it, as a tool's audit log has it.

Floor 3. `mapping.yaml` beside this file says what each column means.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from opsgauge.sources.tools.demo import steps, words
from opsgauge.sources.tools.demo.draws import Draws, Flags, Ints
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.rows import MONITOR, OTHERS, Rows
from opsgauge.sources.tools.demo.telling import Told
from opsgauge.sources.tools.demo.tickets import Tickets

FIRST_NUMBERS = 100_000  # ticket numbers begin somewhere above
PART = 500_000  # rows that are made at a time
MANY = 10_000  # words; above, text is written as it is
USER_IDS = (10_000, 100_000)


@dataclass(frozen=True)
class Export:
    """What the columns of the export are made of."""

    draws: Draws
    organisation: Organisation
    tickets: Tickets
    staff: int

    def tables(self, rows: Rows, told: Told) -> Iterator[pa.Table]:
        """Return the export's rows as tables of text, moments and numbers, a part at a time."""
        for start in range(0, len(rows), PART):
            part = slice(start, start + PART)
            yield self.table(rows.take(part), told.take(part))

    def table(self, rows: Rows, told: Told) -> pa.Table:
        """Return rows as a table."""
        columns: dict[str, pa.Array] = {
            **self._record(rows, told),
            **self._about(rows),
            **self._handling(rows, told),
            **self._ties(rows, told),
        }
        return pa.table(columns)

    def _record(self, rows: Rows, told: Told) -> dict[str, pa.Array]:
        t, at = self.tickets, rows.ticket
        return {
            "number": coded(at, self.numbers),
            "record_type": coded(t.practice[at], words.PRACTICES),
            "update_no": pa.array(told.update, pa.int32()),
            "updated_at": moments(rows.at),
            "updated_by": coded(rows.actor, self.persons),
            "state": coded(rows.state, steps.WORDS),
            "opened_at": moments(t.opened[at]),
            "resolved_at": moments(told.resolved),
            "closed_at": moments(told.closed),
        }

    def _about(self, rows: Rows) -> dict[str, pa.Array]:
        t, at, o = self.tickets, rows.ticket, self.organisation
        return {
            "priority": coded(t.priority[at], words.PRIORITIES),
            "impact": coded(t.impact[at], words.LEVELS),
            "urgency": coded(t.urgency[at], words.LEVELS),
            "category": coded(t.category[at], o.categories),
            "subcategory": coded(t.subcategory[at], o.subcategories),
            "catalogue_item": coded(t.item[at], o.items),
            "service": coded(t.service[at], [s.name for s in o.services]),
            "configuration_item": coded(t.machine[at], o.machines),
            "location": coded(t.location[at], [office.name for office in o.locations]),
            "contact_type": coded(t.channel[at], words.CHANNELS),
        }

    def _handling(self, rows: Rows, told: Told) -> dict[str, pa.Array]:
        t, at, o = self.tickets, rows.ticket, self.organisation
        vendor = np.array([self._vendor(s.vendor) for s in o.services])[t.service[at]]
        seen = np.isin(rows.state, (steps.State.WITH_VENDOR, steps.State.DELIVERY))
        requester = np.where(t.requester >= 0, OTHERS + self.staff + t.requester, MONITOR)
        return {
            "vendor": coded(np.where(seen, vendor, -1), o.vendors),
            "assignment_group": coded(rows.team, [team.name for team in o.teams]),
            "assigned_to": coded(np.where(rows.agent >= 0, OTHERS + rows.agent, -1), self.persons),
            "requested_for": coded(requester[at], self.persons),
            "reopen_count": pa.array(told.reopened, pa.int32()),
            "reassignment_count": pa.array(told.handed, pa.int32()),
            "made_sla": coded(told.made_sla, ("false", "true")),
            "major_incident": coded(self._only(t.kind == 1, words.INCIDENT)[at], ("false", "true")),
        }

    def _ties(self, rows: Rows, told: Told) -> dict[str, pa.Array]:
        t, at = self.tickets, rows.ticket
        known = told.resolved >= 0  # ties and codes are filled in when the ticket is resolved
        used = self._only((t.article >= 0) | self.draws.hits("knowledge", len(t), 0.12), 0)
        return {
            "close_code": coded(np.where(known, self.resolution[at], -1), words.RESOLUTIONS),
            "knowledge_used": coded(np.where(known, used[at], -1), ("false", "true")),
            "parent": coded(t.parent[at], self.numbers),
            "problem": coded(np.where(known, t.problem[at], -1), self.numbers),
            "fixed_by_change": coded(np.where(known, t.fixed_by[at], -1), self.numbers),
            "caused_by_change": coded(np.where(known, t.caused_by[at], -1), self.numbers),
            "article": coded(np.where(known, t.article[at], -1), self.numbers),
        }

    def _vendor(self, name: str) -> int:
        return self.organisation.vendors.index(name) if name else -1

    def _only(self, yes: Flags, practice: int) -> Ints:
        """Return 1 or 0 for tickets of the practice, -1 for the others."""
        return np.where(self.tickets.practice == practice, yes.astype(np.int64), -1)

    @cached_property
    def resolution(self) -> Ints:
        """Draw how each ticket was resolved, in the words of its practice."""
        t = self.tickets
        u = self.draws.uniform("resolution", len(t))
        code = np.full(len(t), -1)
        for practice, choices in RESOLVED_BY.items():
            edges = np.cumsum([share for _, share in choices])
            names = np.array([words.RESOLUTIONS.index(word) for word, _ in choices])
            mine = t.practice == practice
            code[mine] = names[np.searchsorted(edges[:-1], u[mine], side="right")]
        return code

    @cached_property
    def numbers(self) -> pa.Array:
        """The number of every ticket, such as INC0100017."""
        t = self.tickets
        first = FIRST_NUMBERS + self.draws.stream("numbers").integers(0, 50_000, 7)
        begins = np.searchsorted(t.practice, np.arange(7))
        digits = first[t.practice] + np.arange(len(t)) - begins[t.practice]
        marks = pa.array(words.NUMBER_MARKS).take(pa.array(t.practice))
        zeros = pa.compute.utf8_lpad(pa.array(digits).cast(pa.string()), 7, "0")
        return pa.compute.binary_join_element_wise(marks, zeros, "")

    @cached_property
    def persons(self) -> pa.Array:
        """The user id of every person; nobody's name."""
        low, high = USER_IDS
        codes = self.draws.stream("persons").permutation(high - low)[: self._persons()] + low
        named = pa.compute.binary_join_element_wise("u", pa.array(codes).cast(pa.string()), "")
        return pa.concat_arrays([pa.array(["system", "monitoring"]), named])

    def _persons(self) -> int:
        return self.staff + int(self.tickets.requester.max(initial=0)) + 1


RESOLVED_BY: dict[int, tuple[tuple[str, float], ...]] = {
    words.INCIDENT: (
        ("Solved permanently", 0.62),
        ("Workaround", 0.17),
        ("Solved by the user", 0.12),
        ("Not reproducible", 0.09),
    ),
    words.REQUEST: (("Fulfilled", 1.0),),
    words.TASK: (("Done", 1.0),),
    words.PROBLEM: (("Root cause removed", 0.7), ("Risk accepted", 0.3)),
    words.CHANGE: (("Successful", 0.86), ("Successful with issues", 0.09), ("Backed out", 0.05)),
    words.RELEASE_RECORD: (("Successful", 0.9), ("Successful with issues", 0.1)),
    words.WRITING: (("Done", 1.0),),
}


def coded(codes: Ints, names: Sequence[str] | pa.Array) -> pa.Array:
    """Return text by its place in `names`; -1 is no value."""
    known = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    if len(known) > MANY:
        return known.take(indices)
    return pa.DictionaryArray.from_arrays(indices, known)


def moments(seconds: Ints) -> pa.Array:
    """Return moments, UTC without saying so, as many tools export them; -1 is no value."""
    return pa.array(seconds, pa.timestamp("s"), mask=seconds < 0)


def write_csv(tables: Iterable[pa.Table], file: Path) -> None:
    """Write the export as CSV."""
    writer = None
    for table in tables:
        types = [
            f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in table.schema
        ]
        schema = pa.schema(list(zip(table.column_names, types, strict=True)))
        writer = writer or pa.csv.CSVWriter(file, schema)
        writer.write_table(table.cast(schema))
    if writer:
        writer.close()


def write_parquet(tables: Iterable[pa.Table], file: Path) -> None:
    """Write the export as Parquet, a row group for each table."""
    writer = None
    for table in tables:
        writer = writer or pa.parquet.ParquetWriter(file, table.schema, compression="snappy")
        writer.write_table(table)
    if writer:
        writer.close()
