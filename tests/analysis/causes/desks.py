"""Invented tickets: attributes that go together, and one word or pair that makes an outcome likely.

Used by the benchmark too, at full size.
"""

import numpy as np

from opsgauge.analysis.causes.cases import Attribute, Cases, Part

SIZES = (8, 12, 5, 6, 7, 4, 10)  # how many words each attribute has
USUAL, TIMES = 0.12, 2.5  # the usual risk, and how many times that the planted word has


def attributes(seed: int, tickets: int) -> tuple[Attribute, ...]:
    """Return attributes of which every other one goes with the others."""
    chance = np.random.default_rng(seed)
    common = chance.normal(size=tickets)
    made = []
    for at, size in enumerate(SIZES):
        own = chance.normal(size=tickets) + (0.7 * common if at % 2 == 0 else 0.0)
        edges = np.quantile(own, np.cumsum(chance.dirichlet(np.full(size, 4.0)))[:-1])
        words = chance.permutation(size) + 1
        codes = words[np.searchsorted(edges, own)].astype(np.int64)
        made.append(Attribute(f"a{at}", codes, (None, *(f"w{n}" for n in range(size)))))
    return tuple(made)


def planted(seed: int, tickets: int) -> tuple[Cases, tuple[Part, ...]]:
    """Return tickets of which those with one word have the outcome more often, and that word."""
    chance = np.random.default_rng(seed + 1_000_000)
    made = attributes(seed, tickets)
    of = made[int(chance.integers(len(made)))]
    enough = [n for n in range(1, len(of.words)) if 0.05 <= of.counts[n] / tickets <= 0.4]
    word = int(chance.choice(enough))
    risk = np.where(of.codes == word, USUAL * TIMES, USUAL)
    return Cases(chance.random(tickets) < risk, made), ((of.name, str(of.words[word])),)


def shuffled(seed: int, cases: Cases) -> Cases:
    """Return the tickets with their outcomes dealt out anew: nothing goes with them."""
    return cases.with_outcome(np.random.default_rng(seed).permutation(cases.hits))
