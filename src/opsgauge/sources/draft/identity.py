"""Which column numbers the tickets, what a row of the file is, and what orders a ticket's rows.

Floor 3.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from opsgauge.foundation.errors import MappingWrong
from opsgauge.sources.draft.columns import LOOKED, Sheet
from opsgauge.sources.draft.kinds import Kind, Seen
from opsgauge.sources.draft.meanings import BY_FIELD
from opsgauge.sources.draft.names import folded

RECORD = (
    r"(ticket|incident|case|issue|request|call|task|order|problem|change|record|melding|meldings|"
    r"vorgang|vorgangs|stoerung|stoerungs|stoer|anfrage|demande|dossier|incidencia|caso|solicitud|"
    r"aanvraag|pedido|chamado|incidente|solicitacao|richiesta|segnalazione)"
)
NUMBERED = (
    (4.5, re.compile(rf"^{RECORD}s? ?(number|nr|no|num|nummer|numero|key|ref\w*)$")),
    # In Romance languages the number comes first: "Nº Pedido", "Numéro de ticket".
    (4.5, re.compile(rf"^(number|no|n|nr|num|numero) (d[aeio]l?l?a? )?{RECORD}s?$")),
    (4.0, re.compile(rf"^{RECORD}s? ?(id|code)$|^(number|nummer|key|numero|display id|human id)$")),
    (3.5, re.compile(r"^(case )?(concept )?name$|^(ref|reference|no|nr|num|aktenzeichen|id)$")),
    (
        3.0,
        re.compile(rf"^{RECORD}$|{RECORD} ?(number|nr|no|num|nummer|id|key)|\bcase\b.*\b(id|name)"),
    ),
    (2.0, re.compile(r"number|nummer|numero|\bkey\b|\bref|\bnr\b|\bid$|\bno$")),
)
OTHERS = re.compile(
    r"parent|related|linked|duplicate|request[eo]r|caller|user|group|agent|assignee|organi|company|"
    r"department|external|\bsys id|guid|\brow|\bline\b|event|\blog\b|audit|history|update|"
    r"transaction|product|brand|\bform\b|contact|account|version|phone|seq|count|customer|project|"
    r"caused|fixed|asset|serial|activity|comment|article|survey|sprint|epic"
)
FIELD_NAMES = re.compile(
    r"^(changed )?(field|attribute|property|column|element|feld|veld|champ|campo|merkmal|item)"
    r"( ?(name|changed|label|naam))?$|^(fieldname|feldname|veldnaam|what changed|changed)$|"
    r"^nombre (del )?campo$|^nom du champ$"
)
NEW = re.compile(
    r"^(new|to|after|neu|neuer|nieuw|nieuwe|nouvelle?|nuevo|current)\b|^(new|to)(value|string)|"
    r"\bto string$"
)
OLD = re.compile(
    r"^(old|from|before|previous|prior|alt|alter|oud|oude|ancien|ancienne|anterior|viejo)\b|"
    r"^(old|from)(value|string)|\bfrom string$"
)
MOVEMENT = re.compile(
    r"\b(mov\w*|event\w*|activit\w*|log|entry|history|histor\w*|transaction|update|action|step|"
    r"audit|journal|eintrag|bewegung|schritt|regel|stap|etape|passo|paso)\b"
)
REPEATS = 0.98  # with fewer different numbers than this share of rows, numbers repeat
VARIES = 0.3  # of a ticket's further rows a moment must tell apart to be that of an update
COUNTERS = re.compile(
    r"count|\bseq|order|version|\brev|step|index|\bno\b|number|nr\b|update|\bpos\b|lfd|laufend|"
    r"folge"
)
NO_COUNTERS = re.compile(
    r"re ?open|re ?assign|attach|reply|repli|comment|hours|minutes|priority|impact"
)


@dataclass(frozen=True)
class Told:
    """The columns of a file that has a row for each changed field."""

    field: Seen
    new: Seen
    old: Seen | None


@dataclass(frozen=True)
class Identity:
    """What a row of the file is.

    Attributes
    ----------
    ticket_id : the column that numbers the tickets
    others : columns that could as well
    shape : tickets, updates or changes, and `why`
    moment : for updates and changes, the moment at which a row came to be
    changes : the columns of a row per changed field
    doubt : what speaks for another number; empty where nothing does
    """

    ticket_id: Seen
    others: tuple[str, ...]
    shape: str
    why: str
    moment: Seen | None = None
    changes: Told | None = None
    doubt: str = ""


def identity(sheet: Sheet, columns: Sequence[Seen]) -> Identity:
    """Find the ticket's number and what a row is.

    Raises
    ------
    MappingWrong : no column can be the number, or none holds moments
    """
    times = [each for each in columns if each.among(Kind.MOMENT)]
    if not times:
        raise MappingWrong(
            f"{sheet.file} has no column whose values read as moments, and a mapping needs one: "
            "when each ticket was opened, or when each update was made.",
            hint=f"Its columns are: {_listed(columns)}.",
        )
    ranked = sorted(((_as_number(each), each) for each in columns), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] <= 0:
        raise MappingWrong(
            f"{sheet.file} has no column that could number its tickets: one that is nearly always "
            "filled, with a value of its own for each ticket.",
            hint=f"Its columns are: {_listed(columns)}.",
        )
    best, first = ranked[0]
    told = _told(columns)
    fitting = [each for score, each in ranked[1:] if score > 0]
    chosen, doubt = _of_ticket(sheet, first, fitting, columns)
    others = tuple(
        each.name
        for score, each in ranked[:4]
        if each is not chosen and score >= max(best - 1.5, 2.5)
    )
    ids = chosen.column.distinct
    if told is not None:
        at = _by_variation(sheet, chosen, times)[1]
        return Identity(chosen, others, "changes", _why_changes(told), at, told, doubt)
    if ids >= REPEATS * sheet.rows:
        why = f"a row per ticket: {ids:,} numbers in {sheet.rows:,} rows"
        return Identity(chosen, others, "tickets", why)
    varies, at = _by_variation(sheet, chosen, times)
    if varies < VARIES:
        why = (
            f"numbers repeat ({ids:,} in {sheet.rows:,} rows), but no moment tells a ticket's rows "
            "apart, so each is taken as the ticket as it stands"
        )
        return Identity(chosen, others, "tickets", why)
    why = f"a row per update: {ids:,} numbers in {sheet.rows:,} rows, told apart by {at.name!r}"
    return Identity(chosen, others, "updates", why, at, doubt=doubt)


def _of_ticket(
    sheet: Sheet, first: Seen, others: Sequence[Seen], columns: Sequence[Seen]
) -> tuple[Seen, str]:
    """Return the number of the ticket rather than that of its movement, and what is in doubt.

    A number of its own in each row may be the movement's, where the column is named so or another
    one holds the state before. Then the ticket's is the next one that repeats, with moments that
    tell its rows apart.
    """
    if first.column.distinct < REPEATS * sheet.rows:
        return first, ""
    moves = MOVEMENT.search(first.folded) or any(OLD.search(each.folded) for each in columns)
    if not moves:
        return first, ""
    times = [each for each in columns if each.among(Kind.MOMENT)]
    for each in others:
        repeats = 0.02 * sheet.rows < each.column.distinct < 0.9 * sheet.rows
        if repeats and each.among(Kind.MARK) and _by_variation(sheet, each, times)[0] >= VARIES:
            return each, f"{first.name!r} differs in every row, so it is taken as the movement's"
    return first, ""


def _listed(columns: Sequence[Seen]) -> str:
    names = [each.name for each in columns]
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(names[:12]) + more


def _as_number(seen: Seen) -> float:
    """Return how well a column could number tickets; 0 or less: it cannot."""
    usable = seen.column.share >= 0.9 and seen.column.distinct >= min(2, seen.column.rows)
    if not usable or not seen.among(Kind.MARK, Kind.WORDS, Kind.WHOLE) or seen.among(Kind.MOMENT):
        return 0.0
    named = next((weight for weight, stems in NUMBERED if stems.search(seen.folded)), 0.0)
    if OTHERS.search(seen.folded):
        named -= 2.5
    different = 0.05 if seen.among(Kind.MARK) else 0.5  # of its values, where no name says more
    if not named and seen.column.distinct < different * seen.column.rows:
        return 0.0
    lettered = any(re.match(r"[A-Za-z#]+[-_ ]?\d", word) for word in seen.words)
    score = named + seen.among(Kind.MARK) * 1.0 + lettered * 0.4 + seen.column.unique * 0.4
    if seen.among(Kind.PERSON):
        score -= 2.0
    few = seen.column.distinct < 0.02 * seen.column.rows
    return score - 2.0 if few else score - (1.0 if seen.column.share < 0.98 else 0.0)


def _by_variation(sheet: Sheet, ticket: Seen, times: Sequence[Seen]) -> tuple[float, Seen]:
    """Return the moment that tells a ticket's rows apart best, and for what share of them."""
    key = ticket.column.key
    further = sheet.number(f"SELECT count({key}) - count(DISTINCT {key}) FROM {LOOKED}")
    ranked = []
    for each in times:
        pairs = sheet.number(
            f"SELECT count(DISTINCT ({key}, {each.column.key})) - count(DISTINCT {key}) "
            f"FROM {LOOKED} WHERE {each.column.key} <> ''"
        )
        varies = pairs / further if further else 0.0
        named = BY_FIELD["updated_at"].named(each.folded)
        ranked.append((varies, 0.08 * named + varies * each.column.share, each))
    varies, _, best = max(ranked, key=lambda each: each[1])
    return varies, best


def _told(columns: Sequence[Seen]) -> Told | None:
    """Return the columns of a row per changed field, where the file has them."""
    fields = [s for s in columns if FIELD_NAMES.search(s.folded) and s.among(Kind.WORDS)]
    news = [s for s in columns if NEW.search(s.folded) and not s.among(Kind.MOMENT)]
    olds = [s for s in columns if OLD.search(s.folded) and not s.among(Kind.MOMENT)]
    for field in fields:
        # A field's name is one of a few, and at least one of them is known.
        if field.column.distinct <= 300 and any(_is_field(word) for word in field.words) and news:
            return Told(field, _readable(news), _readable(olds) if olds else None)
    return None


def holds_change(each: Seen) -> bool:
    """Say whether a column is named for what a field was or became."""
    return bool(NEW.search(each.folded) or OLD.search(each.folded))


def _is_field(word: str) -> bool:
    from_ours = ("original_status", "team", "assignee", "priority")
    return any(BY_FIELD[field].named(folded(word)) >= 3 for field in from_ours)


def _readable(columns: Sequence[Seen]) -> Seen:
    """Return the column that holds words rather than internal numbers."""
    return max(
        columns,
        key=lambda s: (
            bool(re.search("string|text|label|name|display", s.folded)),
            not s.among(Kind.WHOLE),
            s.column.filled,
        ),
    )


def _why_changes(told: Told) -> str:
    old = f", {told.old.name!r} what it was before" if told.old else ""
    return (
        f"a row per changed field: {told.field.name!r} names it, {told.new.name!r} says what it "
        f"became{old}"
    )


def order_columns(sheet: Sheet, found: Identity, columns: Sequence[Seen]) -> list[Seen]:
    """Return columns that count a ticket's updates: numbers that rise with every row of it."""
    if found.moment is None:
        return []
    counting = [
        each
        for each in columns
        if each.among(Kind.WHOLE)
        and each.column.share >= 0.98
        and COUNTERS.search(each.folded)
        and not NO_COUNTERS.search(each.folded)
        and each is not found.ticket_id
    ]
    return [each for each in counting if _counts(sheet, found, each)][:1]


def _counts(sheet: Sheet, found: Identity, column: Seen) -> bool:
    """Say whether a column is different in each row of a ticket, and goes one way down the file."""
    ticket, count = found.ticket_id.column.key, column.column.key
    same = sheet.number(
        f"SELECT count(*) - count(DISTINCT ({ticket}, {count})) FROM {LOOKED} WHERE {ticket} <> ''"
    )
    step = (
        f"SELECT try_cast({count} AS BIGINT) - lag(try_cast({count} AS BIGINT)) "
        f"OVER (PARTITION BY {ticket} ORDER BY rowid) AS step FROM {LOOKED}"
    )
    falls, rises = (
        sheet.number(f"SELECT count(*) FROM ({step}) WHERE step {sign} 0") for sign in "<>"
    )
    return same <= 0.02 * sheet.rows and min(falls, rises) <= 0.05 * sheet.rows
