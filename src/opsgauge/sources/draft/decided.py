"""Everything that is decided about an export before a line is written.

Floor 3. The order matters: first what a row is, then what is spoken for, then what fills which
field, then what is left.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opsgauge.sources.draft import practices, ties
from opsgauge.sources.draft.changed import ChangedFields, changed_fields, settle_actor
from opsgauge.sources.draft.clocks import with_clocks
from opsgauge.sources.draft.columns import LOOKED, Sheet
from opsgauge.sources.draft.fields import Fields, fields
from opsgauge.sources.draft.identity import Identity, holds_change, identity, order_columns
from opsgauge.sources.draft.kinds import Kind, Seen, seen

TYPES = re.compile(
    r"type\b|\b(kind|class|art|soort|practice|tipo|typ|nature|prozess|process)\b|typ$|soort|"
    r"vorgangsart|tickettyp|ticketart"
)
NO_TYPES = re.compile(
    r"request[eo]r|user|customer|contact|close|resol|\bci\b|location|survey|event type|update|"
    r"action"
)
CATALOGUES = re.compile(
    r"request type|catalog|item"
)  # types of requests, unless all name practices
NAMED, UNNAMED = 0.4, 0.95  # share of values that must name a practice
MOST_TYPES, FEW_TYPES = 30, 6


@dataclass(frozen=True)
class Decided:
    """What is known of an export.

    Attributes
    ----------
    practice : the column of the tickets' types; None where one practice is taken for all
    links : columns that tie tickets to other records, with the kind of tie
    order : columns that number a ticket's updates
    changed : for a row per changed field, the fields that change
    again : for a row per changed field, columns that hold the changed values once more
    persons, texts, splits, loose : what is left of the columns, by what becomes of it
    """

    sheet: Sheet
    found: Identity
    filled: Fields
    practice: Seen | None
    links: Sequence[tuple[str, Seen]]
    order: Sequence[Seen]
    changed: ChangedFields
    again: Sequence[Seen]
    persons: Sequence[Seen]
    texts: Sequence[Seen]
    splits: Sequence[Seen]
    loose: Sequence[Seen]

    @property
    def names(self) -> Mapping[str, str]:
        """For a row per changed field, ours by the source's name of a field."""
        return self.changed.names

    @property
    def unnamed(self) -> Mapping[str, int]:
        """The source's names of fields that nothing explains, with how often they changed."""
        return self.changed.unnamed


def decided(sheet: Sheet) -> Decided:
    """Decide what the columns of a sheet are."""
    columns = with_clocks(sheet, [seen(column) for column in sheet.columns])
    found = identity(sheet, columns)
    order = order_columns(sheet, found, columns)
    told = (
        [s for s in (found.changes.field, found.changes.new, found.changes.old) if s]
        if (found.changes)
        else []
    )
    free = _without(columns, [found.ticket_id, *told, *order])
    practice = _type_column(free)
    free = _without(free, [practice] if practice else [])
    links = [
        (kind, each) for each in free if (kind := ties.link_kind(sheet, found.ticket_id, each))
    ]
    free = _without(free, [each for _, each in links])
    telling = ties.tell_of_people(free)
    free = _without(free, telling)
    filled = fields(free, found)
    _settle_opening(sheet, found, filled)
    changed = changed_fields(sheet, found, columns)
    settle_actor(found, filled, changed)
    left = [each for each in free if each.name not in filled.used]
    again = [each for each in left if _is_change(found, each)]
    left = _without(left, again)
    once_more = {each.name for each in again}
    filled.proposed = [pair for pair in filled.proposed if pair.seen.name not in once_more]
    people = [each for each in left if ties.names_people(each)]
    texts = [each for each in _without(left, people) if ties.is_free_text(each)]
    rest = _without(left, [*people, *texts])
    texts = [*telling, *texts]
    proposed = {pair.seen.name for pair in filled.proposed}
    splits = ties.best_splits([each for each in rest if each.name not in proposed])
    loose = [s for s in _without(rest, splits) if s.name not in proposed]
    return Decided(
        *(sheet, found, filled, practice, links, order, changed, again),
        *(people, texts, splits, loose),
    )


def _is_change(found: Identity, each: Seen) -> bool:
    """Say whether a column holds changed values again, as the numbers behind the words."""
    return found.changes is not None and holds_change(each)


def _settle_opening(sheet: Sheet, found: Identity, filled: Fields) -> None:
    """Propose only, switched off, an opening that is another in each of a ticket's updates."""
    opened = filled.filled.get("opened_at")
    if opened is None or found.shape == "tickets":
        return
    ticket, key = found.ticket_id.column.key, opened.seen.column.key
    further = sheet.number(
        f"SELECT count(DISTINCT ({ticket}, {key})) - count(DISTINCT {ticket}) "
        f"FROM {LOOKED} WHERE {key} <> ''"
    )
    if further > 0.05 * found.ticket_id.column.distinct:
        del filled.filled["opened_at"]
        filled.used.discard(opened.seen.name)
        filled.proposed.append(opened)


def _without(columns: Sequence[Seen], taken: Sequence[Seen]) -> list[Seen]:
    names = {each.name for each in taken}
    return [each for each in columns if each.name not in names]


def _type_column(columns: Sequence[Seen]) -> Seen | None:
    """Return the column that says which practice a ticket belongs to."""
    best: tuple[float, Seen] | None = None
    for each in columns:
        if not each.among(Kind.WORDS) or not 1 <= each.column.distinct <= MOST_TYPES:
            continue
        share = practices.known_share(each.words)
        if NO_TYPES.search(each.folded):
            continue
        named = bool(TYPES.search(each.folded)) and not CATALOGUES.search(each.folded)
        few = len(each.words) <= FEW_TYPES
        if share < (NAMED if named else UNNAMED) or not (named or few):
            continue
        score = share + (1.0 if named else 0.0)
        if best is None or score > best[0]:
            best = (score, each)
    return best[1] if best else None
