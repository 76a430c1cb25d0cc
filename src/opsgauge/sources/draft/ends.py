"""Lines of a draft on how tickets end: those that are deleted, and those closed at once.

Floor 3. Both are switched off, with how many tickets they are of: what a desk means by it, the file
does not tell.
"""

import re
from collections.abc import Sequence

from opsgauge.foundation.units import whole
from opsgauge.log.vocabulary import CANCELLED_PHASES, CLOSED_PHASE, RESOLVED_PHASE
from opsgauge.sources.draft.columns import LOOKED
from opsgauge.sources.draft.decided import Decided
from opsgauge.sources.draft.names import folded
from opsgauge.sources.draft.outline import Line
from opsgauge.sources.draft.phases import written_sql
from opsgauge.sources.draft.writing import shown
from opsgauge.warehouse.engine import quoted

GONE = re.compile(
    r"(soft |in |marked )?(deleted|trash(ed)?|spam|recycle bin|geloescht|papierkorb|verwijderd|"
    r"prullenbak|supprimee?|corbeille|eliminad[oa]|papelera)"
)


def end_lines(of: Decided, phases: Sequence[Line]) -> list[Line]:
    """Return the lines for deleted tickets and for those closed without being resolved."""
    return [*_deleted(of, phases), *_closing(of, phases)]


def end_asks(lines: Sequence[Line]) -> list[str]:
    """Return what is to be asked about these lines."""
    told = {
        "deleted": "deleted: should tickets in such a state leave all numbers?",
        "closing_resolves": "closing_resolves: some tickets are closed and never resolved; does "
        "closing resolve them?",
    }
    return [told[line.key] for line in lines]


def _deleted(of: Decided, phases: Sequence[Line]) -> list[Line]:
    status = of.filled.column("original_status")
    words = tuple(line.key for line in phases if GONE.fullmatch(folded(line.key)))
    if status is None or not words or of.found.changes is not None:
        return []
    named = ", ".join(map(shown, words))
    why = f"tickets in state {named} would leave all numbers: CHECK THIS"
    return [Line("deleted", {"column": status.name, "words": words}, why, off=True)]


def _closing(of: Decided, phases: Sequence[Line]) -> list[Line]:
    """Count the tickets that are closed, and neither resolved before nor taken back."""
    status = of.filled.column("original_status")
    closed = _words(phases, CLOSED_PHASE)
    if status is None or not closed or of.found.changes is not None:
        return []
    at = of.filled.column("resolved_at")
    resolved = _among(status.column.key, _words(phases, RESOLVED_PHASE))
    resolved = f"({resolved} OR {written_sql(at)})" if at else resolved
    found = of.sheet.number(
        "SELECT count(*) FROM (SELECT "
        f"{_any(_among(status.column.key, closed))} AS closed, {_any(resolved)} AS resolved, "
        f"{_any(_among(status.column.key, _words(phases, *CANCELLED_PHASES)))} AS gone "
        f"FROM {LOOKED} GROUP BY {of.found.ticket_id.column.key}) "
        "WHERE closed AND NOT resolved AND NOT gone"
    )
    if not found:
        return []
    many = "1 ticket is" if found == 1 else f"{whole(found)} tickets are"
    why = f"{many} closed and never resolved: DOES CLOSING RESOLVE THEM?"
    return [Line("closing_resolves", "yes", why, off=True)]


def _words(phases: Sequence[Line], *meant: str) -> list[str]:
    return [line.key for line in phases if line.value in meant and not line.off]


def _among(key: str, words: Sequence[str]) -> str:
    return f"{key} IN ({', '.join(map(quoted, words))})" if words else "false"


def _any(said: str) -> str:
    return f"coalesce(bool_or({said}), false)"
