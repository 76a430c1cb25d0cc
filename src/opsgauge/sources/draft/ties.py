"""Columns that tie a ticket to other records, name people, hold free text, or split numbers well.

Floor 3.
"""

import re
from collections.abc import Iterable, Sequence

from opsgauge.sources.draft.columns import LOOKED, Sheet
from opsgauge.sources.draft.kinds import Kind, Seen, counts_something
from opsgauge.sources.draft.meanings import BY_FIELD, GOOD
from opsgauge.sources.draft.names import folded

# The most telling first: "caused by change" is not what fixed it.
LINKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(stems))
    for kind, stems in (
        ("caused_by", r"caused|verursacht|veroorzaakt|cause par|causad"),
        ("duplicate_of", r"duplicate|doppelt|dubbel|doublon|duplicad"),
        ("problem_of", r"\bproblem|\bprb\b|probleme"),
        ("fixed_by", r"\brfc\b|fixed|\bchange\b|aenderung|wijziging|changement|\bcambio"),
        ("used_article", r"article|artikel|knowledge|\bkb\b|kennis"),
        ("child_of", r"parent|master|uebergeordnet|\bhoofd|padre|\bepic\b"),
        ("related_to", r"related|linked|verknuepf|gerelateerd|\blies?\b|relacionad"),
    )
)
NO_LINK = re.compile(r"count|number of|anzahl|aantal|nombre de|time|date|type|reason|status")
RECORD_NUMBER = re.compile(r"[A-Za-z#]+[-_ #]?\d+|\d{4,}")
PEOPLE = re.compile(
    r"e ?-?mail|\bmail\b|phone|telefon|telefoon|mobile|mobil|handy|\blog ?in\b|user ?name|\buser\b|"
    r"first ?name|last ?name|surname|full ?name|vorname|nachname|achternaam|voornaam|prenom|"
    r"apellido|watcher|\bcc\b|approver|manager|\blead\b|contact\b|collaborator|ip address|"
    r"submitter|creator|author|\bowner\b|person|employee|mitarbeiter|medewerker|(\bby|\bvon|\bdoor|\bpar|\bpor)$"
)
NO_PEOPLE = re.compile(
    r"count|number of|anzahl|aantal|replies|interactions|stations|hours|minutes|"
    r"\b(time|date)\b|group|team|type|method|\brole|department|company|organi|location|country|\bstat(us|e)\b|score|rating"
)
FREE = re.compile(
    r"subject|summary|title|descri|comment|notes?\b|message|body|\btext|betreff|titel|beschreib|bemerkung|"
    r"kommentar|loesung|onderwerp|omschrijv|opmerking|sujet|titre|commentaire|asunto|solution|feedback|"
    r"remark|workaround|resolution|answer|steps|details"
)
SENTENCE = 20  # characters on average
DIFFERENT = (2, 50)  # words of a column that splits numbers well
MOST_SPLITS = 15


def link_kind(sheet: Sheet, ticket: Seen, each: Seen) -> str | None:
    """Return how a column of other records' numbers ties a ticket to them; None where it does not.

    An empty column counts by its name alone.
    """
    name = each.folded
    kind = next((kind for kind, stems in LINKS if stems.search(name)), None)
    if kind is None or NO_LINK.search(name):
        return None
    if each.empty:
        return kind
    numbers = sum(n for word, n in each.words.items() if RECORD_NUMBER.fullmatch(word))
    if numbers < 0.9 * sum(each.words.values()):
        return None
    lettered = any(re.match(r"[A-Za-z#]", word) for word in each.words)
    return kind if lettered or _are_tickets(sheet, ticket, each) else None


def _are_tickets(sheet: Sheet, ticket: Seen, each: Seen) -> bool:
    """Say whether a column's bare numbers are mostly numbers of tickets in the same file."""
    met = sheet.number(
        f"SELECT count(DISTINCT {each.column.key}) FROM {LOOKED} WHERE {each.column.key} IN "
        f"(SELECT {ticket.column.key} FROM {LOOKED})"
    )
    return met > 0.3 * each.column.distinct


def names_people(each: Seen) -> bool:
    """Say whether a column names people, or leads to them: names, mail, telephone, log-in.

    Where it is doubtful, it does: one pseudonym too many harms nobody.
    """
    if each.among(Kind.MOMENT, Kind.CLOCK, Kind.DECIMAL, Kind.TEXT) or each.empty:
        return False
    if counts_something(each):
        return False
    if each.among(Kind.PERSON):
        return True
    if NO_PEOPLE.search(each.folded) or (each.among(Kind.FLAG) and each.column.distinct <= 3):
        return False
    named = max(BY_FIELD[name].named(each.folded) for name in ("assignee", "requester", "actor"))
    return named >= GOOD - 0.5 or bool(PEOPLE.search(each.folded))


def is_free_text(each: Seen) -> bool:
    """Say whether a column holds what people wrote: long, or of a title's name and varied."""
    if each.among(Kind.TEXT):
        return True
    column = each.column
    varied = column.distinct > 0.3 * column.filled and column.distinct > 5
    words = each.among(Kind.WORDS) and not each.among(Kind.MARK, Kind.WHOLE, Kind.MOMENT)
    return (varied or column.length > SENTENCE) and words and bool(FREE.search(each.folded))


def splits_well(each: Seen) -> bool:
    """Say whether numbers could be split by a column: a few words, often filled."""
    few, many = DIFFERENT
    words = each.among(Kind.WORDS) and not each.among(Kind.MOMENT)
    return words and few <= each.column.distinct <= many and each.column.share >= 0.02


def attribute_names(columns: Iterable[Seen]) -> dict[str, Seen]:
    """Return the columns under names that mappings and addresses can hold.

    Examples
    --------
    >>> from opsgauge.sources.draft.columns import Column
    >>> from opsgauge.sources.draft.kinds import seen
    >>> list(attribute_names([seen(Column("Cost centre", "c0", "", 1, 1, 1, 1.0, {"a": 1}))]))
    ['cost_centre']
    """
    made: dict[str, Seen] = {}
    for each in columns:
        name = re.sub(r"[^a-z0-9]+", "_", folded(each.name)).strip("_") or "column"
        while name in made:
            name += "_2"
        made[name] = each
    return made


def best_splits(columns: Sequence[Seen]) -> list[Seen]:
    """Return the columns that split numbers best: the fullest first."""
    fit = [each for each in columns if splits_well(each)]
    return sorted(fit, key=lambda each: -each.column.filled)[:MOST_SPLITS]


def tell_of_people(columns: Sequence[Seen]) -> list[Seen]:
    """Return the columns whose words have names in them that stand alone in columns of people.

    As in "assigned the ticket to Ana Lima": kept as words, they would be in every process map.
    """
    people = [each for each in columns if names_people(each) or each.among(Kind.PERSON)]
    names = {word.lower() for each in people for word in each.words if " " in word.strip()}
    others = [each for each in columns if each not in people and each.among(Kind.WORDS)]
    return [each for each in others if names and _tells(each, names)]


def _tells(each: Seen, names: set[str]) -> bool:
    return any(
        name in word.lower() and name != word.lower() for word in each.words for name in names
    )
