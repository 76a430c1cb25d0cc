"""Tickets with their outcome and what was known of each, as arrays.

Floor 4, analysis. A word that is not written has the code 0: it holds other things alike and is
never told as an influence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from opsgauge.analysis.causes.risk_score import Truths, Whole

UNWRITTEN = 0
Part = tuple[str, str]  # an attribute and its word


@dataclass(frozen=True)
class Attribute:
    """One attribute of all tickets: which word each has, and what the words are."""

    name: str
    codes: Whole
    words: tuple[str | None, ...]

    @cached_property
    def counts(self) -> Whole:
        """How many tickets have each word."""
        return np.bincount(self.codes, minlength=len(self.words))


@dataclass(frozen=True)
class Cases:
    """Tickets whose outcome is decided.

    Attributes
    ----------
    hits : which of them have the outcome
    attributes : what was known of each
    """

    hits: Truths
    attributes: tuple[Attribute, ...]

    def __len__(self) -> int:
        return len(self.hits)

    def which(self, parts: Sequence[Part]) -> Truths:
        """Say of each ticket whether it has all these words."""
        found = np.ones(len(self), np.bool_)
        for name, word in parts:
            of = next(each for each in self.attributes if each.name == name)
            place = of.words.index(word) if word in of.words else -1
            found &= of.codes == place
        return found

    def with_outcome(self, hits: Truths) -> "Cases":
        """Return the same tickets with another outcome."""
        return Cases(hits, self.attributes)


def attribute_of(name: str, column: pa.ChunkedArray | pa.Array) -> Attribute:
    """Return a column of words as an attribute, words in their order, unwritten first.

    Examples
    --------
    >>> of = attribute_of("team", pa.array(["B", None, "A"]))
    >>> of.codes.tolist(), of.words
    ([2, 0, 1], (None, 'A', 'B'))
    """
    plain = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = plain.cast(pa.string()).dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    words = coded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=lambda at: words[at])
    place = np.zeros(len(words) + 1, np.int64)
    place[np.array(order, np.int64)] = np.arange(1, len(words) + 1)
    codes = coded.indices.cast(pa.int64()).fill_null(len(words)).to_numpy(zero_copy_only=False)
    return Attribute(name, place[codes], (None, *(words[at] for at in order)))


def coded(name: str, codes: Whole, words: Mapping[int, str]) -> Attribute:
    """Return numbers as an attribute, by the word of each number."""
    numbers = sorted(words)
    places = np.searchsorted(np.array(numbers, np.int64), codes) + 1
    return Attribute(name, places.astype(np.int64), (None, *(words[each] for each in numbers)))


def pooled(attribute: Attribute, fewest: int) -> Attribute:
    """Return an attribute whose words of fewer tickets are one word, as good as unwritten."""
    keep = attribute.counts >= fewest
    keep[UNWRITTEN] = False
    place = np.where(keep, np.cumsum(keep), UNWRITTEN)
    words = tuple(word for word, kept in zip(attribute.words, keep, strict=True) if kept)
    return Attribute(attribute.name, place[attribute.codes].astype(np.int64), (None, *words))
