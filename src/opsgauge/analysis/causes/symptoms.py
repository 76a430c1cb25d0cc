"""Descriptions that say the same of one thing: the same symptom, by the words that they share.

Floor 4, analysis. In order of time, each description joins the oldest one of the same thing with
which it shares half of the words or more, on the mean of both; else others may join it. A word
weighs the more the fewer tickets have it, so that what everybody writes makes nothing alike.

Source: Hartigan, Clustering algorithms, 1975, ch. 3 (the leader algorithm); Spärck Jones, A
statistical interpretation of term specificity, Journal of Documentation 28, 1972 (weights);
Dice, Measures of the amount of ecologic association between species, Ecology 26, 1945.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from opsgauge.analysis.causes.risk_score import Numbers, Truths, Whole
from opsgauge.analysis.causes.words import Vocabulary

SHARED = 0.5  # of the mean weight of two descriptions, what they share
MOST_WORDS = 3  # that name a symptom
Words = tuple[int, ...]


def symptoms(found: Vocabulary, things: Whole) -> Whole:
    """Return of each ticket the first one with the same symptom of the same thing.

    Parameters
    ----------
    found : the words of tickets, the oldest ticket first
    things : shape (n,), which item or service each ticket is about; -1 for none

    Returns
    -------
    shape (n,): a place among the tickets, its own for the first of a symptom; -1 for tickets about
    nothing, and for those without a word that may be told.
    """
    weights = weights_of(found)
    texts: dict[int, dict[Words, list[int]]] = defaultdict(dict)
    for ticket, words in enumerate(words_by_ticket(found)):
        if words and things[ticket] >= 0:
            texts[int(things[ticket])].setdefault(words, []).append(ticket)
    first = np.full(found.size, -1, np.int64)
    for same in texts.values():
        tickets = list(same.values())
        for mine, leader in zip(tickets, _leaders(list(same), weights), strict=True):
            first[mine] = tickets[leader][0]
    return first


def words_by_ticket(found: Vocabulary) -> list[Words]:
    """Return of each ticket its words, as places in `words`."""
    each: list[list[int]] = [[] for _ in range(found.size)]
    for ticket, place in zip(found.tickets.tolist(), found.places.tolist(), strict=True):
        each[ticket].append(place)
    return [tuple(sorted(mine)) for mine in each]


def weights_of(found: Vocabulary) -> Numbers:
    """Return what each word weighs: the log of how many times it has to be met for one ticket."""
    counts = np.bincount(found.places, minlength=len(found.words))
    return np.log(found.size / np.maximum(counts, 1))


def _leaders(texts: Sequence[Words], weights: Numbers) -> list[int]:
    """Return of each description, all different and the oldest first, the one that it joins."""
    having: dict[int, list[int]] = defaultdict(list)
    for at, words in enumerate(texts):
        for word in words:
            having[word].append(at)
    of_word = {word: np.array(mine) for word, mine in having.items()}
    sizes = np.array([weights[list(words)].sum() for words in texts])
    leader = np.full(len(texts), -1, np.int64)
    for at, words in enumerate(texts):
        if leader[at] < 0:
            shared = np.zeros(len(texts))
            for word in words:
                shared[of_word[word]] += weights[word]
            alike = shared >= SHARED * (sizes + sizes[at]) / 2
            leader[alike & (leader < 0)] = at
            leader[at] = at
    return [int(each) for each in leader]


def telling(found: Vocabulary, tickets: Truths) -> tuple[str, ...]:
    """Return the few words that name what tickets share: those of half of them, the rarest first.

    Parameters
    ----------
    tickets : shape (n,), which tickets share a symptom
    """
    counts = np.bincount(found.places[tickets[found.tickets]], minlength=len(found.words))
    if not counts.any():
        return ()
    often = counts * 2 >= int(tickets.sum())
    score = counts * weights_of(found) * (often if often.any() else 1)
    order = np.argsort(-score, kind="stable")[:MOST_WORDS]
    return tuple(found.words[at] for at in order.tolist() if score[at] > 0)
