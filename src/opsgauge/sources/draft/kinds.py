"""What the values of a column are: moments, yes and no, people, numbers of records, words, text.

Floor 3. A column can be several things at once: 0 and 1 are numbers, words, and yes and no.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from opsgauge.sources.draft.columns import Column
from opsgauge.sources.draft.moments import CLOCK_ALONE, Moments, moments
from opsgauge.sources.draft.names import folded
from opsgauge.sources.draft.people import are_mails, are_names, are_phones
from opsgauge.sources.draft.states import knows
from opsgauge.sources.draft.yes_no import says_yes_or_no

NOTHING = """
? - -- --- . / n/a n.a. null nil none (none) (null) (empty) (blank) empty blank nan #n/a \\n
<null> <none> <empty> undefined keine keiner k.a. k.a n.v. n.v.t. nvt geen aucun aucune s/o
ninguno ninguna -none- [none] [null]
"""
MISSING = frozenset(NOTHING.split()) | {
    *("not available", "not applicable", "sans objet", "sin datos", "k. a.", "not set", "no value"),
}
NAMES_TIME = re.compile(
    r"date|time|\b(ts|dt|tst|tm)\b|\bat\b|\bon\b|stamp|when|datum|zeit|\bam\b|tijd|fecha|hora|heure|jour|since|created|"
    r"opened|closed|resolved|updated|epoch|tag\b|moment"
)
WHOLE = re.compile(r"[+-]?\d{1,18}")
DECIMAL = re.compile(r"[+-]?[\d.,' ]*\d([.,]\d+)?( ?%)?")
MARK = re.compile(
    r"[A-Za-z]{0,12}[-_ #/]{0,2}\d{1,16}([-_/.]\d{1,10}){0,3}([-_/][A-Za-z]{1,3})?|"
    r"[0-9a-fA-F-]{24,40}"
)
LASTED = re.compile(r"-?\d{1,6}:[0-5]\d(:[0-5]\d(\.\d+)?)?")
SMALL = re.compile(r"[+-]?\d{1,2}")
NUMBERED = re.compile(r"\b(id|nr|no|num|number|nummer|numero|key|code|login|user ?name)\b")
LONG, LONGISH = 60, 25  # characters on average


class Kind(StrEnum):
    """What values can be."""

    MOMENT = "moment"
    CLOCK = "clock"  # a time of day without its day
    LENGTH = "length"  # a length of time, such as 123:10:00
    FLAG = "flag"
    WHOLE = "whole"  # a number without a fraction
    DECIMAL = "decimal"
    PERSON = "person"
    MARK = "mark"  # a record's number, such as INC0010
    WORDS = "words"
    TEXT = "text"


@dataclass(frozen=True)
class Seen:
    """A column and what its values are.

    Attributes
    ----------
    words : its words without those that say that nothing is there
    missing : those that do
    moments : how it writes moments, where it does
    join : its columns where it was put together from a day and a clock
    """

    column: Column
    kinds: frozenset[Kind]
    words: Mapping[str, int]
    missing: tuple[str, ...] = ()
    moments: Moments | None = None
    join: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.column.name

    @property
    def folded(self) -> str:
        """Its name, made comparable."""
        return self.column.folded

    @property
    def empty(self) -> bool:
        """Whether nothing is written there."""
        return not self.words

    def among(self, *kinds: Kind) -> bool:
        """Say whether its values can be any of these."""
        return bool(self.kinds & set(kinds))


def counts_something(each: Seen) -> bool:
    """Say whether a column holds small whole numbers, and is not named for numbers of records.

    Those are counts, such as how many users were affected; they name nobody.
    """
    small = bool(each.words) and all(SMALL.fullmatch(word) for word in each.words)
    return small and not NUMBERED.search(each.folded)


def seen(column: Column) -> Seen:
    """Return what a column's values are."""
    missing = tuple(word for word in column.words if word.casefold() in MISSING)
    words = {word: n for word, n in column.words.items() if word not in missing}
    how = moments(words)
    if how is not None and how.packed and not NAMES_TIME.search(folded(column.name)):
        how = None
    kinds = _kinds(column, words) if how is None else {Kind.MOMENT}
    return Seen(column, frozenset(kinds), words, missing, how)


def _kinds(column: Column, words: Mapping[str, int]) -> set[Kind]:
    if not words:
        return set()
    if _all(words, CLOCK_ALONE):
        return {Kind.CLOCK}
    if _all(words, LASTED):
        return {Kind.LENGTH}
    fits = {
        Kind.FLAG: says_yes_or_no(words),
        Kind.WHOLE: _all(words, WHOLE),
        Kind.DECIMAL: _all(words, DECIMAL) and not _all(words, WHOLE),
        Kind.MARK: _all(words, MARK),
        Kind.PERSON: _are_people(words),
    }
    kinds = {kind for kind, fit in fits.items() if fit}
    varied = column.distinct > 0.8 * column.filled
    if column.length > LONG or (column.length > LONGISH and varied and _have_blanks(words)):
        kinds.add(Kind.TEXT)
    elif Kind.DECIMAL not in kinds:
        kinds.add(Kind.WORDS)
    return kinds


def _are_people(words: Mapping[str, int]) -> bool:
    if are_mails(words) or are_phones(words):
        return True
    return are_names(words) and knows(words) < 0.5  # "Waits for Tom" among words for states


def _all(words: Mapping[str, int], pattern: re.Pattern[str]) -> bool:
    """Say whether nearly all values fit a pattern."""
    fit = sum(count for word, count in words.items() if pattern.fullmatch(word))
    return fit >= 0.98 * sum(words.values())


def _have_blanks(words: Mapping[str, int]) -> bool:
    return sum(" " in word.strip() for word in words) >= 0.5 * len(words)
