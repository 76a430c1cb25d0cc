"""Which practice a ticket belongs to: by words of its type, or by the letters of its number.

Floor 3.
"""

import re
from collections import Counter
from collections.abc import Mapping

from opsgauge.sources.draft.names import folded

STEMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (practice, re.compile(stems))
    for practice, stems in (
        ("problem", r"problem|problema|\bprb\b|known error"),
        (
            "change",
            r"\bchange|\brf ?c\b|aenderung|wijziging|changement|\bcambio|normal change|\bchg\b",
        ),
        ("release", r"release|deployment|version"),
        ("knowledge", r"knowledge|article|wissen|kennis|connaissance|conocimiento"),
        (
            "request",
            r"request|question|how ?to|access|order|\bsr\b|\britm\b|anfrage|anforderung|auftrag|"
            r"frage|bestellung|aanvraag|verzoek|vraag|demande|requete|solicitud|peticion|consulta|"
            r"requerimiento|richiesta|inquiry|enquiry",
        ),
        (
            "incident",
            r"incident|fault|failure|break ?fix|\bbug\b|defect|outage|alert|event|error|complaint|"
            r"disruption|stoerung|fehler|vorfall|storing|klacht|panne|incidencia|averia|incidente|"
            r"malfunction|trouble",
        ),
        ("task", r"task|aufgabe|\btaak|tache|tarea|story|epic|work order|\bto ?do"),
    )
)
NUMBER_MARKS = {
    **dict.fromkeys(("INC", "IN", "IM", "INCIDENT", "TT"), "incident"),
    **dict.fromkeys(("REQ", "RITM", "SR", "SRQ", "REQUEST", "WO"), "request"),
    **dict.fromkeys(("PRB", "PBI", "PROB", "PM", "PROBLEM"), "problem"),
    **dict.fromkeys(("CHG", "CRQ", "RFC", "CHANGE", "CR"), "change"),
    **dict.fromkeys(("REL", "RLM"), "release"),
    **dict.fromkeys(("KB", "KCS"), "knowledge"),
    **dict.fromkeys(("TASK", "SCTASK", "TAS", "CTASK"), "task"),
}
MOSTLY = 0.9


def practice_of(word: str) -> str | None:
    """Return the practice a type's word means, None where nothing says so.

    Examples
    --------
    >>> practice_of("[System] Service request"), practice_of("Störung"), practice_of("Blue")
    ('request', 'incident', None)
    """
    text = folded(word)
    return next((practice for practice, stems in STEMS if stems.search(text)), None)


def by_file(name: str) -> str | None:
    """Return the practice a file's name speaks of; logs of changed fields speak of none.

    Examples
    --------
    >>> by_file("Incidents 2026.csv"), by_file("changelog.csv"), by_file("tickets.csv")
    ('incident', None, None)
    """
    text = folded(name)
    if re.search(r"change ?(log|s log)|history|historie|audit|\blog\b|event|version|\btask", text):
        return None
    return practice_of(name)


def known_share(words: Mapping[str, int]) -> float:
    """Return the share of a column's values that name a practice, 0 to 1."""
    total = sum(words.values())
    met = sum(count for word, count in words.items() if practice_of(word))
    return met / total if total else 0.0


def by_number(words: Mapping[str, int]) -> tuple[str, str] | None:
    """Return the letters that nearly all numbers begin with and the practice they stand for.

    Examples
    --------
    >>> by_number({"INC0010": 1, "INC0011": 1}), by_number({"A-1": 1})
    (('INC', 'incident'), None)
    """
    marks: Counter[str] = Counter()
    for word, count in words.items():
        begun = re.match(r"[A-Za-z]+", word)
        marks[begun[0].upper() if begun else ""] += count
    if not marks:
        return None
    [(mark, count)] = marks.most_common(1)
    if mark in NUMBER_MARKS and count >= MOSTLY * marks.total():
        return mark, NUMBER_MARKS[mark]
    return None
