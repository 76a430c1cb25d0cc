"""One way of a process map over time: each passage a line, and each ticket's updates as dots.

Floor 5. Counts are of every passage; where there are too many to draw, lines and dots are of the
newest ones, in a row, since a batch is not to be seen among some here and there. The answer says of
how many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from opsgauge.analysis.mining import steps as steps_by
from opsgauge.analysis.mining.spectrum import (
    LEAST_BATCH,
    Batch,
    Instants,
    Overtaking,
    batches,
    dot_rows,
    overtaking,
    passage_rows,
)
from opsgauge.analysis.mining.steps import fields_of
from opsgauge.foundation.errors import NothingThere
from opsgauge.foundation.units import percent, whole
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.operations.answers import Provenance
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection, named_step, process_map, stepped_tables
from opsgauge.operations.flow_answers import ProcessMap
from opsgauge.operations.gate import let_through
from opsgauge.warehouse.portable import EPOCH

LINES, DOTTED, DOTS = 400, 150, 6_000
BATCHES_TOLD = 20
MOSTLY_IN_ORDER = 0.1  # of pairs that overtook, below which most are taken in order
TOLD = 0.01  # shares below are no headline
Way = tuple[str, str]


@dataclass(frozen=True)
class Dot:
    """One update of a ticket: its line in the dotted chart, when, and the step it came to."""

    line: int
    at_us: int
    step: str


@dataclass(frozen=True)
class Spectrum:
    """How tickets went one way over time.

    Attributes
    ----------
    way : from which step to which
    passages : how often the way was taken
    lines : starts and ends of the passages to draw, microseconds since 1970
    order : how the order of arrival was kept
    batches : in the order in which they left
    tickets, dotted : how many tickets there are, and of how many the dots are
    dots : of those tickets, in the order in which they began
    cut : whether some of their updates are left out, since there are too many
    """

    steps: str
    way: Way
    passages: int
    lines: tuple[tuple[int, int], ...]
    order: Overtaking
    batches: tuple[Batch, ...]
    tickets: int
    dotted: int
    dots: tuple[Dot, ...]
    cut: bool
    provenance: Provenance
    suspect: tuple[str, ...] = ()
    withheld: str = ""

    @property
    def in_batches(self) -> int:
        """How many passages left in a batch."""
        return sum(batch.tickets for batch in self.batches)

    @property
    def sentence(self) -> str:
        """What the lines show, in words."""
        if not self.passages:
            return "No ticket took this way"
        return f"{self._order}{self._batched}"

    @property
    def _order(self) -> str:
        share = self.order.share
        if share is None:
            return "No two tickets waited together"
        if not self.order.overtook:
            return "Tickets are taken in order: of pairs that waited together, none overtook"
        mostly = "mostly" if share < MOSTLY_IN_ORDER else "not"
        some = percent(share, 0) if share >= TOLD else f"fewer than {percent(TOLD, 0)}"
        return (
            f"Tickets are {mostly} taken in order: of pairs that waited together, {some} overtook"
        )

    @property
    def _batched(self) -> str:
        """What is said of batches: nothing where next to none leave in any."""
        if self.in_batches < TOLD * self.passages or not self.batches:
            return ""
        batched = percent(self.in_batches / self.passages, 0)
        return f"; {batched} of {whole(self.passages)} passages left in batches"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is drawn of how much, and how batches are told."""
        said = [
            f"A batch is at least {LEAST_BATCH} tickets that left within a twentieth of the usual "
            "gap of one another, and came over ten times as long."
        ]
        if len(self.lines) < self.passages:
            drawn = f"{whole(len(self.lines))} of {whole(self.passages)}"
            said.append(
                f"Drawn are the newest {drawn} passages. "
                "Batches and overtaking are of all. Choose other days to see others."
            )
        if self.dotted < self.tickets:
            said.append(
                f"Dots are of the newest {whole(self.dotted)} of {whole(self.tickets)} tickets."
            )
        if self.cut:
            said.append(f"Of their updates {whole(len(self.dots))} are drawn, evenly chosen.")
        return (*said, *([self.withheld] if self.withheld else []))

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "nothing": "",
            "steps": self.steps,
            "from": self.way[0],
            "to": self.way[1],
            "passages": self.passages,
            "pairs_together": self.order.together,
            "pairs_overtook": self.order.overtook,
            "overtaking_share": self.order.share,
            "batches": len(self.batches),
            "passages_in_batches": self.in_batches,
            "tickets": self.tickets,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "notes": list(self.notes),
            "largest_batches": [
                {
                    "tickets": batch.tickets,
                    "came_from": moment(batch.came_us).isoformat(),
                    "left_from": moment(batch.left_us).isoformat(),
                    "left_to": moment(batch.until_us).isoformat(),
                }
                for batch in largest(self.batches)
            ],
            "lines": [[moment(us).isoformat() for us in line] for line in self.lines],
            "dots": [[dot.line, moment(dot.at_us).isoformat(), dot.step] for dot in self.dots],
        }


def moment(us: int) -> datetime:
    """Return an instant given in microseconds since 1970."""
    return EPOCH + timedelta(microseconds=us)


def largest(found: Sequence[Batch]) -> list[Batch]:
    """Return the largest batches, the largest first."""
    return sorted(found, key=lambda batch: (-batch.tickets, batch.left_us))[:BATCHES_TOLD]


def spectrum(
    ctx: Context, steps: str, way: Way | None = None, chosen: Selection | None = None
) -> Spectrum:
    """Return how the tickets chosen went one way over time.

    Needs `map:read`.

    Parameters
    ----------
    steps : what a step is, as for `process_map`
    way : from which step to which; where None, the way on which most hours pass before the end

    Raises
    ------
    UnknownColumn : no map is drawn by such steps, or it has no such step
    NothingThere : no ticket goes from one step to another
    """
    ctx.require("map:read")
    taken = way or longest_way(process_map(ctx, steps, chosen))
    key = ("spectrum", ctx.scope, steps, taken, chosen)
    return ctx.opened().once(key, lambda: _spectrum(ctx, steps, taken, chosen))


def no_spectrum(ctx: Context, steps: str, told: NothingThere) -> dict[str, Any]:
    """Return the published form of an answer in which there is nothing to show, with the reason."""
    none = Spectrum(
        steps=steps,
        way=("", ""),
        passages=0,
        lines=(),
        order=Overtaking(0, 0),
        batches=(),
        tickets=0,
        dotted=0,
        dots=(),
        cut=False,
        provenance=ctx.provenance(),
    )
    said = {"sentence": told.message.removesuffix("."), "nothing": told.message}
    hint = [told.hint] if told.hint else []
    return {**none.as_json(), **said, "from": None, "to": None, "notes": hint}


def longest_way(process: ProcessMap) -> Way:
    """Return the way between two steps on which most hours pass; after the end none count.

    Raises
    ------
    NothingThere : there is none
    """
    done = DONE_PHASES if process.steps == "phase" else ()
    ways = [arc for arc in process.arcs if arc.from_ != arc.to and arc.from_ not in done]
    if not ways:
        raise NothingThere(
            "No ticket goes from one step to another.", hint="Choose other steps, days or filters."
        )
    longest = max(ways, key=lambda arc: arc.total_seconds)
    return longest.from_, longest.to


def _spectrum(ctx: Context, steps: str, way: Way, chosen: Selection | None) -> Spectrum:
    tables, together = stepped_tables(ctx, steps, chosen)
    rows = ctx.opened().engine.read(passage_rows(tables.history, steps, way))
    starts, ends = (_instants(rows, name) for name in ("start_us", "end_us"))
    tickets, keys = _some_tickets(ctx, tables.tickets)
    dots, cut = _dots(ctx, tables.history, steps, keys)
    return Spectrum(
        steps=steps,
        way=way,
        passages=rows.num_rows,
        lines=_newest(starts, ends),
        order=overtaking(starts, ends),
        batches=tuple(batches(starts, ends)),
        tickets=tickets,
        dotted=len(keys),
        dots=dots,
        cut=cut,
        provenance=ctx.provenance(),
        suspect=let_through(ctx, fields_of(steps)),
        withheld=together.note,
    )


def _instants(rows: pa.Table, name: str) -> Instants:
    return rows[name].to_numpy().astype(np.int64)


def _newest(starts: Instants, ends: Instants) -> tuple[tuple[int, int], ...]:
    return tuple(zip(starts[-LINES:].tolist(), ends[-LINES:].tolist(), strict=True))


def _evenly(among: int, most: int) -> list[int]:
    """Return which of so many are drawn, in their order, as far from one another as can be."""
    return list(dict.fromkeys(np.linspace(0, among - 1, min(among, most)).round().astype(int)))


def _some_tickets(ctx: Context, tickets: ir.Table) -> tuple[int, list[tuple[str, str]]]:
    """Return how many tickets there are, and those to draw, in the order of their opening."""
    engine = ctx.opened().engine
    wanted = tickets.select("source", "ticket_id", "opened_at")
    newest = wanted.order_by(ibis.desc("opened_at"), "source", "ticket_id").limit(DOTTED)
    rows = engine.run(newest).to_pylist()
    total: int = engine.run(tickets.aggregate(n=tickets.count()))["n"][0].as_py()
    return total, [(row["source"], row["ticket_id"]) for row in reversed(rows)]


def _dots(
    ctx: Context, history: ir.Table, steps: str, keys: list[tuple[str, str]]
) -> tuple[tuple[Dot, ...], bool]:
    """Return the updates of some tickets, and whether there are more than are drawn."""
    wanted = history.filter(
        history.source.isin(sorted({source for source, _ in keys})),
        history.ticket_id.isin(sorted({number for _, number in keys})),
    )
    line = {key: at for at, key in enumerate(keys)}
    columns = steps_by.columns(steps, "id")
    rows = ctx.opened().engine.read(dot_rows(wanted, steps).limit(DOTS * 10)).to_pylist()
    dots = [
        Dot(line[key], row["at_us"], named_step(row, columns))
        for row in rows
        if (key := (row["source"], row["ticket_id"])) in line
    ]
    return tuple(dots[at] for at in _evenly(len(dots), DOTS)), len(rows) > DOTS
