"""One aggregate over the records of a table, read from SQL; whatever is more is refused.

Floor 3. Read are COUNT, COUNT(DISTINCT), SUM, AVG, MEDIAN and PERCENTILE_CONT of a column, or of
the hours between two moments, with a CASE WHEN around it that holds columns to words or asks that
they hold something. Nothing is guessed: an expression that is not read to its last sign raises
`NotCarried`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from opsgauge.metrics.exchange.drafts import percentile
from opsgauge.metrics.exchange.sql_words import NotCarried

TOKEN = re.compile(r"""\s*('(?:[^']|'')*'|"[^"]+"|[A-Za-z_]\w*|\d+(?:\.\d+)?|\.\d+|[(),.*=/-])""")
NAME = re.compile(r"[A-Za-z_]\w*")
STATISTICS = {"sum": "sum", "avg": "mean", "median": "median"}
HOUR = ("3600", "3600.0")  # seconds
EVERY = "*"  # each record, whatever it holds
LONGEST = 10_000  # letters
Read = TypeVar("Read")


@dataclass(frozen=True)
class Reference:
    """A column as it is named: by its dataset and a field, or alone by its name in the source."""

    dataset: str
    name: str

    def __str__(self) -> str:
        return f"{self.dataset}.{self.name}" if self.dataset else self.name


@dataclass
class Aggregate:
    """One aggregate: what it takes of which records.

    Attributes
    ----------
    name : count, distinct, or a statistic
    of : the column; None where every record counts
    since : of a length in hours, the moment from which it runs to `of`
    known : columns that must hold something
    held : columns held to words, or to yes and no
    """

    name: str
    of: Reference | None = None
    since: Reference | None = None
    known: list[Reference] = field(default_factory=list)
    held: list[tuple[Reference, list[str | bool]]] = field(default_factory=list)

    @property
    def references(self) -> list[Reference]:
        """Every column it names."""
        named = [each for each in (self.of, self.since) if each is not None]
        return [*named, *self.known, *(reference for reference, _ in self.held)]


def aggregate(text: str) -> Aggregate:
    """Return the one aggregate that an expression is.

    Raises
    ------
    NotCarried : it is something else, with the place where it stops being read

    Examples
    --------
    >>> found = aggregate("COUNT(CASE WHEN t.team = 'North' THEN t.opened_at END)")
    >>> found.name, str(found.of), [(str(name), words) for name, words in found.held]
    ('count', 't.opened_at', [('t.team', ['North'])])
    """
    reader = _Reader(text)
    found = reader.aggregate()
    reader.ended()
    return found


class _Reader:
    """Reads the signs of one expression, one after another; there is no way back."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST:
            raise NotCarried(f"its expression has {len(text):,} letters")
        self.signs: list[str] = []
        at = 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            if found is None:
                raise self.refused(text[at:].strip()[:12])
            self.signs.append(found[1])
            at = found.end()
        self.place = 0

    def refused(self, near: str) -> NotCarried:
        """Return the reason why the expression is not read."""
        short = self.text if len(self.text) <= 80 else f"{self.text[:77]}..."
        return NotCarried(
            f"its expression, {short}, is not one aggregate of a column (read up to {near!r})"
        )

    def next(self, ahead: int = 0) -> str:
        """Return the sign that comes, "" at the end; words in small letters."""
        at = self.place + ahead
        sign = self.signs[at] if at < len(self.signs) else ""
        return sign.casefold() if NAME.fullmatch(sign) else sign

    def take(self, *wanted: str) -> None:
        """Pass over the signs that must come."""
        for each in wanted:
            if self.next() != each:
                raise self.refused(self.next() or "its end")
            self.place += 1

    def met(self, *wanted: str) -> bool:
        """Pass over signs if they come."""
        there = all(self.next(ahead) == each for ahead, each in enumerate(wanted))
        self.place += len(wanted) if there else 0
        return there

    def ended(self) -> None:
        """Refuse what still follows."""
        if self.next():
            raise self.refused(self.next())

    def aggregate(self) -> Aggregate:
        """Read the aggregate."""
        if self.met("count", "("):
            found = Aggregate("distinct" if self.met("distinct") else "count")
            self.value(found)
            self.take(")")
            return found
        if self.met("percentile_cont", "("):
            share = self.signs[self.place] if self.next() else ""
            if not re.fullmatch(r"\d*\.?\d+", share):
                raise self.refused(share or "its end")
            self.place += 1
            found = Aggregate(percentile(float(share)))
            self.take(")", "within", "group", "(", "order", "by")
            self.value(found)
            self.take(")")
            return found
        if self.next() not in STATISTICS:
            raise self.refused(self.next() or "its end")
        found = Aggregate(STATISTICS[self.next()])
        self.place += 1
        self.take("(")
        self.value(found)
        self.take(")")
        return found

    def value(self, found: Aggregate) -> None:
        """Read what is aggregated, with the CASE around it."""
        if not self.met("case", "when"):
            self.plain(found)
            return
        self.condition(found)
        while self.met("and"):
            self.condition(found)
        self.take("then")
        self.plain(found)
        self.take("end")

    def plain(self, found: Aggregate) -> None:
        """Read a column, the hours between two, or the sign for every record."""
        if found.name == "count" and (self.met(EVERY) or self.met("1")):
            return
        if self.met("extract", "(", "epoch", "from", "("):
            found.of = self.reference()
            self.take("-")
            found.since = self.reference()
            self.take(")", ")", "/")
            self.take(self.next() if self.next() in HOUR else HOUR[0])
            return
        found.of = self.reference()

    def condition(self, found: Aggregate) -> None:
        """Read that a column holds something, one of some words, or yes or no."""
        if self.met("not"):
            found.held.append((self.reference(), [False]))
            return
        reference = self.reference()
        if self.met("is", "not", "null"):
            found.known.append(reference)
        elif self.met("="):
            found.held.append((reference, [self.literal()]))
        elif self.met("in", "("):
            found.held.append((reference, self.listed(self.literal)))
            self.take(")")
        else:
            found.held.append((reference, [True]))

    def listed(self, read: Callable[[], Read]) -> list[Read]:
        """Read one thing or several with commas between."""
        found = [read()]
        while self.met(","):
            found.append(read())
        return found

    def literal(self) -> str | bool:
        """Read a text, or yes or no."""
        if self.next() in {"true", "false"}:
            self.place += 1
            return self.next(-1) == "true"
        sign = self.next()
        if not sign.startswith("'"):
            raise self.refused(sign or "its end")
        self.place += 1
        return sign[1:-1].replace("''", "'")

    def reference(self) -> Reference:
        """Read a column, alone or after its dataset; without quotes its case says nothing."""
        names = [self.name()]
        if self.met("."):
            names.append(self.name())
        return Reference(*names) if len(names) > 1 else Reference("", names[0])

    def name(self) -> str:
        """Read one name."""
        sign = self.signs[self.place] if self.next() else ""
        if not (NAME.fullmatch(sign) or sign.startswith('"')):
            raise self.refused(sign or "its end")
        self.place += 1
        return sign[1:-1] if sign.startswith('"') else sign.casefold()
