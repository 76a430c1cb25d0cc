"""Random streams: one for each aspect of the desk, so that two runs differ only where they should.

Floor 3. What is drawn for one aspect never moves what is drawn for another: a run with a truth and
one without it see the same tickets, persons and luck (common random numbers).
"""

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.floating[Any]]
Flags = npt.NDArray[np.bool_]

HOUR = 3600.0  # seconds


class Draws:
    """All randomness of one desk, from its seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def stream(self, aspect: str) -> np.random.Generator:
        """Return the stream of an aspect, from its beginning."""
        mark = zlib.crc32(aspect.encode())
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, mark])))

    def uniform(self, aspect: str, n: int) -> Floats:
        """Return n numbers from [0, 1)."""
        return self.stream(aspect).random(n)

    def hits(self, aspect: str, n: int, share: float | Floats) -> Flags:
        """Return n yes-or-no draws; `share` is the chance of yes, one or one each."""
        return self.uniform(aspect, n) < share

    def pick(self, aspect: str, n: int, weights: Any) -> Ints:
        """Return n places in `weights`, each drawn by its weight."""
        return place(self.uniform(aspect, n), weights)

    def lognormal(
        self, aspect: str, n: int, median: float | Floats, spread: float | Floats
    ) -> Floats:
        """Return n numbers around `median`; `spread` is the deviation of their logarithm."""
        return median * np.exp(spread * self.stream(aspect).standard_normal(n))

    def chosen(self, aspect: str, words: Any) -> Any:
        """Return one of the words."""
        return words[int(self.stream(aspect).integers(len(words)))]

    def shuffled(self, aspect: str, words: Any) -> list[Any]:
        """Return the words in a drawn order."""
        return [words[k] for k in self.stream(aspect).permutation(len(words))]


def place(uniform: Floats, weights: Any) -> Ints:
    """Return for each uniform number the place in `weights` where it falls.

    Examples
    --------
    >>> place(np.array([0.0, 0.49, 0.5, 0.99]), [1, 0, 1]).tolist()
    [0, 0, 2, 2]
    """
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    found = np.searchsorted(edges / edges[-1], uniform, side="right")
    return np.minimum(found, len(edges) - 1).astype(np.int64)


def firsts(names: Ints) -> Flags:
    """Return which entries differ from the one before; the first one does.

    Examples
    --------
    >>> firsts(np.array([3, 3, 5])).tolist(), firsts(np.array([], dtype=int)).tolist()
    ([True, False, True], [])
    """
    return np.append(np.ones(min(1, len(names)), dtype=bool), names[1:] != names[:-1])
