"""Words of texts that a group of tickets has more than others, or lately has more.

Floor 4, analysis. A word counts once a ticket. Words of few tickets or few requesters are never
told, nor words that look like names: those that stand in capitals within sentences, that hold a
digit or an @, or that a caller knows to be somebody's.

Source: Monroe, Colaresi and Quinn, Fightin' words, Political Analysis 16, 2008 (log-odds with an
informative Dirichlet prior).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from opsgauge.analysis.causes.risk_score import Numbers, Truths, Whole
from opsgauge.analysis.many_tests import false_discovery_rates

WORD = re.compile(r"[^\W_]+(?:[@.'’-][^\W_]+)*")
SENTENCE_ENDS = ".!?:\n\r"
SHORTEST, LONGEST = 3, 30  # letters
FEWEST, FEWEST_PEOPLE = 10, 5  # tickets with a word, and requesters of them
OFTEN = 0.5  # of all tickets: a word of more says nothing
PRIOR = 500.0  # tickets that the words of all together weigh
FALSE_TOLD = 0.05
MOST = 10  # words of a group


@dataclass(frozen=True)
class Theme:
    """A word that a group of tickets has more than others.

    Attributes
    ----------
    n, of : tickets of the group with it, and of the group at all
    others, others_of : the same of all other tickets
    odds : how many times the odds of the others
    rate : the least share of false findings at which it is told
    """

    word: str
    n: int
    of: int
    others: int
    others_of: int
    odds: float
    rate: float


@dataclass(frozen=True)
class Vocabulary:
    """The words that may be told, and which tickets have them.

    Attributes
    ----------
    tickets, places : one pair for each word of a ticket: which ticket, which of `words`
    size : how many tickets there are
    """

    words: tuple[str, ...]
    tickets: Whole
    places: Whole
    size: int

    def having(self, word: str) -> Truths:
        """Say which tickets have a word."""
        found = np.zeros(self.size, np.bool_)
        if word in self.words:
            found[self.tickets[self.places == self.words.index(word)]] = True
        return found


def tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a text as written, and whether each begins a sentence.

    Examples
    --------
    >>> list(tokens("Printer jams. Ask Anna, a.smith@x.org"))[:4]
    [('Printer', True), ('jams', False), ('Ask', True), ('Anna', False)]
    """
    for found in WORD.finditer(text):
        before = text[: found.start()].rstrip(" \t'\"(-")
        yield found[0], not before or before[-1] in SENTENCE_ENDS


def names_in(texts: Iterable[str], words: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what in texts might be somebody's name as records write it, with its words.

    Parameters
    ----------
    words : in small letters; what holds none of them is left away

    Examples
    --------
    >>> found = names_in(["ask Anna Smith now"], {"anna"})
    >>> "Smith, Anna" in found, found["Anna Smith"], "now" in found
    (True, ('anna', 'smith'), False)
    """
    pairs: set[tuple[str, str]] = set()
    for text in texts:
        last = ""
        for word, _ in tokens(text):
            small = word.casefold()
            if last in words or small in words:
                pairs.add((last, small))
            last = small
    found: dict[str, tuple[str, ...]] = {}
    for one, other in pairs:
        found |= dict.fromkeys(_forms(one, other), (one, other))
    singles = {each for pair in pairs for each in pair if each in words}
    return found | {form: (each,) for each in singles for form in _spelled(each)}


def _spelled(word: str) -> tuple[str, ...]:
    return (word, word.title(), word.upper())


def _forms(one: str, other: str) -> Iterator[str]:
    for first, last in zip(_spelled(one), _spelled(other), strict=True):
        yield from (f"{first} {last}", f"{last} {first}", f"{last}, {first}")


def vocabulary(texts: Sequence[str | None], people: Sequence[str | None]) -> Vocabulary:
    """Return the words that may be told.

    Parameters
    ----------
    texts, people : of each ticket its text and its requester, None where there is none
    """
    plain: Counter[str] = Counter()
    named: Counter[str] = Counter()
    each: list[set[str]] = []
    for text in texts:
        mine: set[str] = set()
        for word, begins in tokens(text or ""):
            small = word.casefold()
            if not (SHORTEST <= len(small) <= LONGEST and small.isalpha()):
                continue
            mine.add(small)
            if word.islower() or word.isupper():
                plain[small] += 1
            elif not begins:
                named[small] += 1
        each.append(mine)
    told = sorted(word for word in plain if plain[word] >= named[word])
    place = {word: at for at, word in enumerate(told)}
    pairs = [
        (ticket, place[word]) for ticket, mine in enumerate(each) for word in mine if word in place
    ]
    tickets, places = (
        (np.array(side, np.int64) for side in zip(*pairs, strict=True))
        if pairs
        else (
            np.zeros(0, np.int64),
            np.zeros(0, np.int64),
        )
    )
    return _frequent(Vocabulary(tuple(told), tickets, places, len(each)), people)


def _frequent(every: Vocabulary, people: Sequence[str | None]) -> Vocabulary:
    """Keep the words of enough tickets and requesters, and not of nearly all."""
    counts = np.bincount(every.places, minlength=len(every.words))
    written = len(np.unique(every.tickets))
    keep = (counts >= FEWEST) & (counts <= OFTEN * max(written, 1))
    known = {name: at for at, name in enumerate(dict.fromkeys(n for n in people if n is not None))}
    if known:
        who = np.array([known.get(name, -1) if name else -1 for name in people], np.int64)
        mine = who[every.tickets]
        there = mine >= 0
        pairs = np.unique(every.places[there] * len(known) + mine[there]) // len(known)
        keep &= np.bincount(pairs, minlength=len(every.words)) >= FEWEST_PEOPLE
    return _kept(every, keep)


def of_few_writers(
    words: Collection[str], texts: Sequence[str], writers: Sequence[str | None]
) -> frozenset[str]:
    """Return the words that fewer people wrote than may be told of; none where no writer is known.

    Parameters
    ----------
    words : in small letters
    texts, writers : of each note what it says, and who wrote it

    Examples
    --------
    >>> sorted(of_few_writers(["regards", "mail"], ["Regards", *["mail"] * 5], [*"aabcde"]))
    ['regards']
    """
    if not any(writers):
        return frozenset()
    wrote: dict[str, set[str]] = {word: set() for word in words}
    for text, writer in zip(texts, writers, strict=True):
        if writer:
            for word, _ in tokens(text):
                small = word.casefold()
                if small in wrote:
                    wrote[small].add(writer)
    return frozenset(word for word, people in wrote.items() if len(people) < FEWEST_PEOPLE)


def without(every: Vocabulary, barred: Collection[str]) -> Vocabulary:
    """Return a vocabulary without words that are known to be somebody's."""
    return _kept(every, np.array([word not in barred for word in every.words], np.bool_))


def _kept(every: Vocabulary, keep: Truths) -> Vocabulary:
    place = np.cumsum(keep) - 1
    inside = keep[every.places]
    words = tuple(word for word, kept in zip(every.words, keep, strict=True) if kept)
    return Vocabulary(words, every.tickets[inside], place[every.places[inside]], every.size)


def themes(found: Vocabulary, group: Truths, among: Truths | None = None) -> tuple[Theme, ...]:
    """Return the words that a group of tickets has more than the others, the surest first.

    Parameters
    ----------
    group : which tickets are of it
    among : of which tickets it is at all; None for all
    """
    inside = np.ones(found.size, np.bool_) if among is None else among
    mine, rest = group & inside, ~group & inside
    of, others_of = int(mine.sum()), int(rest.sum())
    if not of or not others_of or not found.words:
        return ()
    size = len(found.words)
    n = np.bincount(found.places[mine[found.tickets]], minlength=size).astype(float)
    others = np.bincount(found.places[rest[found.tickets]], minlength=size).astype(float)
    prior = PRIOR * (n + others) / (of + others_of)
    odds, error = _log_odds(n, of, others, others_of, prior)
    chance = 1 - ndtr(odds / error)
    rates = false_discovery_rates(chance.tolist())
    order = np.argsort(-odds / error, kind="stable")
    told = [at for at in order.tolist() if rates[at] <= FALSE_TOLD and n[at] >= FEWEST]
    return tuple(
        Theme(
            found.words[at],
            int(n[at]),
            of,
            int(others[at]),
            others_of,
            float(np.exp(odds[at])),
            rates[at],
        )
        for at in told[:MOST]
    )


def _log_odds(
    n: Numbers, of: int, others: Numbers, others_of: int, prior: Numbers
) -> tuple[Numbers, Numbers]:
    """Return the log of the odds against the others, drawn to nought, and its error."""
    mine, theirs = n + prior, others + prior
    odds = np.log(mine / (of + PRIOR - mine)) - np.log(theirs / (others_of + PRIOR - theirs))
    return odds, np.sqrt(1 / mine + 1 / theirs)
