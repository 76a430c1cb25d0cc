"""The tickets behind what goes with an outcome: as many as a row's n, as they were known then.

Floor 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from opsgauge.analysis.causes.cases import Attribute
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.units import whole
from opsgauge.operations.answers import Provenance, published
from opsgauge.operations.causes import parts_words
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import plural
from opsgauge.operations.gate import let_through
from opsgauge.operations.outcomes import Asked, decided
from opsgauge.operations.valued import refuse_few
from opsgauge.warehouse.portable import EPOCH

FIRST_PAGE = 100
ALL, HITS, REST = "", "outcome", "rest"


@dataclass(frozen=True)
class CaseList:
    """The tickets behind a row.

    Attributes
    ----------
    total : how many there are; equals the n of the row, or its hits
    columns : the attributes that each row tells as they were known
    rows : one page of them, the newest first
    """

    sentence: str
    total: int
    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    offset: int
    provenance: Provenance
    suspect: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence,
            "total": self.total,
            "offset": self.offset,
            "data_version": self.provenance.data_version,
            "suspect": list(self.suspect),
            "rows": [{k: published(v) for k, v in row.items()} for row in self.rows],
        }


def cases_behind(
    ctx: Context, asked: Asked, parts: Sequence[Condition], which: str = ALL, offset: int = 0
) -> CaseList:
    """Return the tickets with some words, as they were known: as many as the row's n.

    Needs `finding:read` and `ticket:read`.

    Parameters
    ----------
    parts : attribute and word, one or two
    which : all of them, those with the `outcome`, or the `rest`

    Raises
    ------
    QueryWrong : an attribute is not looked at, or so few are behind it that they are withheld
    """
    ctx.require("finding:read")
    ctx.require("ticket:read")
    if which not in {ALL, HITS, REST}:
        raise QueryWrong(f"There is no part {which!r} of it.", hint=f"Say {HITS} or {REST}.")
    ctx = ctx.holding()
    found = decided(ctx, asked)
    attributes = {each.name: each for each in found.cases.attributes}
    for each in parts:
        if each.column not in attributes or len(each.values) != 1:
            raise QueryWrong(
                f"{each.column!r} is not looked at here.", hint=f"One of {', '.join(attributes)}."
            )
    told = [(each.column, each.values[0] or "") for each in parts]
    mask = found.cases.which(told)
    if which:
        mask &= found.cases.hits if which == HITS else ~found.cases.hits
    at = np.flatnonzero(mask)
    refuse_few(ctx, len(at))
    outcome = found.outcome
    words = f" with {parts_words(told)}" if told else ""
    did = {ALL: "", HITS: f" that {outcome.did}", REST: ", without the outcome"}[which]
    noun = outcome.noun if len(at) == 1 else plural(outcome.noun)
    page = at[offset:][:FIRST_PAGE]
    rows = [
        {
            "source": row["source"],
            "ticket_id": row["ticket_id"],
            "opened_at": EPOCH + timedelta(microseconds=row["opened_us"]),
            "outcome": bool(row["hit"]),
            **{name: _word(each, place) for name, each in attributes.items()},
        }
        for place, row in zip(page.tolist(), found.rows.take(page).to_pylist(), strict=True)
    ]
    return CaseList(
        f"{whole(len(at))} {noun}{words}{did}",
        len(at),
        tuple(attributes),
        tuple(rows),
        offset,
        ctx.provenance(outcome.definition),
        let_through(ctx, outcome.columns),
    )


def _word(of: Attribute, place: int) -> str | None:
    return of.words[int(of.codes[place])]
