"""Lists of tickets: a page of rows, in an order of their own, as the actor may see them.

Floor 5. Which tickets a list is of is for others to say, see `measure.py` and `clock_lists.py`.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.behind import RECORD
from opsgauge.metrics.question import PERSONS
from opsgauge.operations.answers import TicketList
from opsgauge.operations.check import suspect
from opsgauge.operations.context import Context
from opsgauge.operations.flow import KEY
from opsgauge.operations.persons import shown_rows
from opsgauge.operations.ticket_story import aware
from opsgauge.operations.valued import refuse_few

MOST_ROWS = 5_000
MOST_REMEMBERED = 200  # rows of a list
TIES = (RECORD, "clock_cycle")  # that tell rows of one ticket apart


@dataclass(frozen=True)
class Page:
    """Which rows of a list, in which order."""

    offset: int = 0
    limit: int = 50
    sort: str = ""  # a column of the list; a minus in front: largest first


@dataclass(frozen=True)
class About:
    """What a list is of: in words, the columns whose checks it stands on, and what to note."""

    sentence: str
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()


FIRST_PAGE = Page()


def list_rows(
    ctx: Context, key: Hashable, rows: Callable[[], ir.Table], page: Page, about: About
) -> TicketList:
    """Return a page of a list; one that people read is remembered, a long one is not."""
    if page.limit > MOST_REMEMBERED:
        listed = _listed(ctx, rows(), page, about)
    else:
        listed = ctx.opened().once(
            ("list", ctx.scope, key, page), lambda: _listed(ctx, rows(), page, about)
        )
    return replace(listed, rows=shown_rows(ctx, listed.rows, about.sentence))


def _listed(ctx: Context, rows: ir.Table, page: Page, about: About) -> TicketList:
    engine = ctx.opened().engine
    total = engine.run(rows.aggregate(n=rows.count()))["n"][0].as_py()
    refuse_few(ctx, total)
    return TicketList(
        sentence=about.sentence,
        total=total,
        rows=tuple(aware(row) for row in engine.run(_paged(rows, page)).to_pylist()),
        provenance=ctx.provenance(),
        suspect=suspect(ctx, about.columns),
        notes=about.notes,
    )


def _paged(rows: ir.Table, page: Page) -> ir.Table:
    name = page.sort.removeprefix("-")
    known = name in rows.columns and name not in PERSONS
    if not known or not 0 < page.limit <= MOST_ROWS or page.offset < 0:
        raise QueryWrong(
            f"A list cannot be sorted by {name!r} or cut that way.",
            hint=f"Sort by a column of it; show 1 to {MOST_ROWS:,} rows.",
        )
    order = ibis.desc(name) if page.sort.startswith("-") else ibis.asc(name)
    ties = [each for each in (*KEY, *TIES) if each != name and each in rows.columns]
    return rows.order_by(order, *ties).limit(page.limit, offset=page.offset)
