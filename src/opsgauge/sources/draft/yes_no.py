"""Words for yes and no, and for "kept" and "missed" of a promise, in several languages.

Floor 3. A column named for the breach of a promise says yes where the promise was missed.
"""

import re
from collections.abc import Iterable, Mapping

from opsgauge.sources.draft.names import folded

YES = {
    *("true", "yes", "y", "1", "on", "x", "t", "ja", "j", "wahr", "waar", "oui", "o", "vrai"),
    *("si", "s", "verdadero", "vero", "sim", "checked", "selected"),
}
NO = {
    *("false", "no", "n", "0", "off", "f", "nein", "falsch", "nee", "onwaar", "non", "faux"),
    *("falso", "nao", "unchecked"),
}
MISSED = re.compile(
    r"breach|violat|\bmiss|\blate|overdue|fail|exceed|out ?side|out of|not met|not achieved|"
    r"not within|expired|verletzt|ueberschritten|verfehlt|nicht (eingehalten|erfuellt)|verspaetet|"
    r"niet (gehaald|behaald|tijdig)|overschreden|te laat|depass|en retard|non respect|incumpl|"
    r"vencid|fuera|\bno cumpl"
)
KEPT = re.compile(
    r"\bmet\b|within|achiev|in ?time|on ?time|on track|\bok\b|kept|fulfil|in sla|success|compliant|"
    r"erfuellt|eingehalten|fristgerecht|rechtzeitig|gehaald|behaald|binnen|tijdig|"
    r"respect|dans les delais|cumpl|dentro|a tiempo"
)
UNDER_WAY = re.compile(r"progress|paus|pending|running|active|not (set|applicable)|open|laufend")
NAMED_FOR_THE_MISS = re.compile(
    r"breach|violat|overdue|miss|exceed|escalat|\blate\b|verletz|ueberschr|verspaet|overschred|"
    r"te laat|depass|retard|incumpl|vencid"
)


def poles(words: Iterable[str]) -> dict[str, bool | None]:
    """Return what each word says; None where it is neither yes nor no.

    Examples
    --------
    >>> poles(["Ja", "nein", "Within SLA", "SLA Violated", "Running"])
    {'Ja': True, 'nein': False, 'Within SLA': True, 'SLA Violated': False, 'Running': None}
    """
    return {word: _pole(folded(word)) for word in words}


def _pole(text: str) -> bool | None:
    if text in YES:
        return True
    if text in NO:
        return False
    if MISSED.search(text):
        return False
    return True if KEPT.search(text) and not UNDER_WAY.search(text) else None


def says_yes_or_no(words: Mapping[str, int]) -> bool:
    """Say whether a column holds nothing but yes and no, or kept and missed."""
    total = sum(words.values())
    said = poles(words)
    known = sum(count for word, count in words.items() if said[word] is not None)
    numbers = any(word.isdecimal() for word in words if said[word] is None)
    return 0 < len(words) <= 12 and known >= 0.5 * total and not numbers


def turned(name: str, words: Iterable[str]) -> bool:
    """Say whether yes in this column means that a promise was missed.

    Examples
    --------
    >>> turned("SLA breached", ["yes", "no"]), turned("SLA breached", ["Breached", "Met"])
    (True, False)
    """
    plain = all(folded(word) in YES | NO for word in words)
    return plain and bool(NAMED_FOR_THE_MISS.search(folded(name)))
