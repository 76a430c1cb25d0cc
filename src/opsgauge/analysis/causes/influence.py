"""What goes with an outcome: words of attributes and pairs of them, ranked.

Floor 4, analysis. Each word is compared with all other tickets that are as likely to have the
outcome by everything else known of them (`alike.py`). A pair is told only where it has more than
its two words together explain, and a word that is no more likely without a pair is told after it.
Ranked is by how many tickets would be spared were they as the others: by the lower end of that, so
that neither a rare word with a wild ratio nor a frequent one with hardly any comes first.

Source: as in `alike.py`; many tests at once, Benjamini and Hochberg, see `many_tests.py`.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np

from opsgauge.analysis.causes.alike import Ratios, chances, counted, ratios, strata, tails
from opsgauge.analysis.causes.cases import UNWRITTEN, Attribute, Cases, Part, pooled
from opsgauge.analysis.causes.risk_score import Numbers, Score, Truths, Whole, beyond, fit
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.foundation.errors import TooFewPoints

SUPPORT, FEWEST = 0.01, 30  # of all tickets; and never fewer than so many
FEWEST_HITS = 20  # of both outcomes
FALSE_TOLD = 0.05  # of what is told, on average
SAYS_IT = 0.7  # of what is to know of a word, another attribute says so much: the same told twice
OF_WORDS = 0.75  # of what may be told by chance, the part of single words
MOST_FITTED = 40_000  # tickets that a score is fitted on
LEAST = 1.05  # a ratio whose lower end is no more than that is not worth a word
SAME = 0.8  # of the tickets with either word have both: the same tickets


@dataclass(frozen=True)
class Influence:
    """One word, or two together, with which the outcome is more frequent.

    Attributes
    ----------
    n, hits : tickets with it, and how many of them have the outcome
    rest_n, rest_hits : of all others
    share : of all tickets, those with it
    raw : how many times as frequent the outcome is as with all others, as it is
    ratio, low, high : the same among tickets alike otherwise, with its 95 % interval
    rate : the least share of false findings at which it is told
    excess, excess_low : tickets that would have been spared, were it as the others; its lower end
    same_as : words of other attributes that nearly the same tickets have
    only_with : of a single word, the pair without which it is no more likely
    """

    parts: tuple[Part, ...]
    n: int
    hits: int
    rest_n: int
    rest_hits: int
    share: float
    raw: float | None
    ratio: float
    low: float
    high: float
    rate: float
    excess: float
    excess_low: float
    same_as: tuple[Part, ...] = ()
    only_with: tuple[Part, ...] = ()

    @property
    def expected(self) -> float:
        """The share with the outcome, were they as tickets alike otherwise."""
        return min(self.hits / self.n / self.ratio, 1.0)


@dataclass(frozen=True)
class Influences:
    """What was found among so many tickets.

    Attributes
    ----------
    tested : words and pairs that were looked at
    fewest : tickets that each of them had at least
    rows : what was found, most spared first
    """

    n: int
    hits: int
    tested: int
    fewest: int
    rows: tuple[Influence, ...]


@dataclass(frozen=True)
class _Tried:
    """A word, or two of two attributes: where it stands, and how likely it is by chance."""

    at: tuple[int, ...]
    codes: tuple[int, ...]
    chance: float


def influences(
    cases: Cases,
    support: float = SUPPORT,
    false_told: float = FALSE_TOLD,
    held: Collection[str] = (),
) -> Influences:
    """Return what goes with the outcome.

    Parameters
    ----------
    support : the share of all tickets that a word, or a pair, must have to be looked at
    false_told : of what is told, the share that may be chance on average
    held : attributes that are held alike and never told

    Raises
    ------
    TooFewPoints : fewer than `FEWEST_HITS` tickets have the outcome, or have it not
    """
    hits = int(cases.hits.sum())
    if min(hits, len(cases) - hits) < FEWEST_HITS:
        raise TooFewPoints(
            f"Of {len(cases):,} tickets {hits:,} have the outcome.",
            hint=f"{FEWEST_HITS} with it and {FEWEST_HITS} without are needed: choose more.",
        )
    fewest = max(FEWEST, int(np.ceil(support * len(cases))))
    told = [pooled(each, fewest) for each in cases.attributes]
    known = [each for each in told if len(each.words) > 1]
    looking = _Looking(cases.hits, known, fewest, held)
    families = ((list(looking.words()), OF_WORDS), (list(looking.pairs()), 1 - OF_WORDS))
    found = [
        looking.told(each, rate)
        for tried, part in families
        for each, rate in zip(tried, _rates(tried, part), strict=True)
        if rate <= false_told
    ]
    tested = sum(len(tried) for tried, _ in families)
    sure = [each for each in found if each.low > LEAST]
    return Influences(len(cases), hits, tested, fewest, tuple(_ranked(looking, sure)))


def _rates(tried: Sequence["_Tried"], part: float) -> list[float]:
    """Return the rate of false findings at which each is told, where a part of it is theirs.

    Words and pairs have their own part: there are many more pairs, which else would drown words.
    """
    told = false_discovery_rates([each.chance for each in tried])
    return [min(rate / part, 1.0) for rate in told]


class _Looking:
    """One outcome and the attributes of its tickets, with what is worked out of them on the way."""

    def __init__(
        self, hits: Truths, attributes: Sequence[Attribute], fewest: int, held: Collection[str]
    ) -> None:
        self.hits = hits
        self.attributes = attributes
        self.fewest = fewest
        self.asked = [at for at, each in enumerate(attributes) if each.name not in held]
        self.codes = [each.codes for each in attributes]
        every = range(len(attributes))
        self.says = {
            (one, other): _said(attributes[one], attributes[other])
            for one in every
            for other in every
            if one != other
        }
        self._strata: dict[frozenset[int], Whole] = {}

    def words(self) -> Iterator[_Tried]:
        """Yield every word of enough tickets."""
        for at in self.asked:
            each = self.attributes[at]
            words = [
                code
                for code in range(UNWRITTEN + 1, len(each.words))
                if len(self.hits) - each.counts[code] >= self.fewest
            ]
            likely: dict[frozenset[int], Numbers] = {}
            for code in words:
                gone = self.gone((at,), (code,))
                if gone not in likely:
                    tables = counted(each.codes, len(each.words), self.strata(gone), self.hits)
                    likely[gone] = chances(tables)
                yield _Tried((at,), (code,), float(likely[gone][code]))

    def pairs(self) -> Iterator[_Tried]:
        """Yield every two words of enough tickets, held against what both explain by themselves.

        Where there are very many tickets, by a sample of them.
        """
        codes = [each[self.sample] for each in self.codes]
        hits = self.hits[self.sample]
        model = self.fitted(tuple(range(len(codes))))
        for one, other in combinations(self.asked, 2):
            first, second = self.attributes[one], self.attributes[other]
            wide = len(second.words)
            every = first.codes * wide + second.codes
            sizes = np.bincount(every, minlength=len(first.words) * wide)
            enough = np.flatnonzero(sizes >= self.fewest)
            if not len(enough):
                continue
            there, expected, spread = beyond(model, codes, every[self.sample], len(sizes), hits)
            likely = tails(expected, spread, there)
            for code in enough.tolist():
                a, b = divmod(code, wide)
                fewer = min(first.counts[a], second.counts[b])
                if UNWRITTEN not in {a, b} and sizes[code] < SAME * fewer:
                    yield _Tried((one, other), (a, b), float(likely[code]))

    def told(self, tried: _Tried, rate: float) -> Influence:
        """Return what was found of a word or pair."""
        mask = self.which(tried)
        n, hits = int(mask.sum()), int(self.hits[mask].sum())
        rest_n, rest_hits = len(mask) - n, int(self.hits.sum()) - hits
        gone = self.gone(tried.at, tried.codes)
        found = self.against(mask, gone, np.ones(len(mask), np.bool_))
        ratio, low = float(found.ratio[1]), float(found.low[1])
        return Influence(
            parts=tuple(
                (self.attributes[at].name, str(self.attributes[at].words[code]))
                for at, code in zip(tried.at, tried.codes, strict=True)
            ),
            n=n,
            hits=hits,
            rest_n=rest_n,
            rest_hits=rest_hits,
            share=n / len(mask),
            raw=(hits / n) / (rest_hits / rest_n) if rest_hits and n else None,
            ratio=ratio,
            low=low,
            high=float(found.high[1]),
            rate=rate,
            excess=hits * (1 - 1 / ratio) if ratio > 0 else 0.0,
            excess_low=hits * (1 - 1 / low) if low > 0 else 0.0,
        )

    def against(self, mask: Truths, gone: frozenset[int], among: Truths) -> Ratios:
        """Compare the tickets of a mask with all others among some; place 1 is of the mask."""
        of = self.strata(gone)[among]
        codes = mask[among].astype(np.int64)
        return ratios(counted(codes, 2, of, self.hits[among]))

    def which(self, tried: _Tried) -> Truths:
        """Say which tickets have these words."""
        found = np.ones(len(self.hits), np.bool_)
        for at, code in zip(tried.at, tried.codes, strict=True):
            found &= self.codes[at] == code
        return found

    def mask(self, parts: Sequence[Part]) -> Truths:
        """Say which tickets have these words, by their names."""
        return Cases(self.hits, tuple(self.attributes)).which(parts)

    def gone(self, at: tuple[int, ...], codes: tuple[int, ...]) -> frozenset[int]:
        """Return the attributes that a word is not held against: its own, and what says the same.

        A team that has all tickets of a service is that service by another name: held against it,
        neither would show.
        """
        says = (
            other
            for one, code in zip(at, codes, strict=True)
            for other in range(len(self.attributes))
            if other not in at and self.says[one, other][code] >= SAYS_IT
        )
        return frozenset((*at, *says))

    def strata(self, gone: frozenset[int]) -> Whole:
        """Return strata by everything but these attributes.

        The score is fitted without them. One fitted with them, and read without, makes chance look
        like an influence wherever attributes go together: see Pike, Anderson and Day, Some insights
        into Miettinen's multivariate confounder score approach, Epidemiol. Comm. Health 33, 1979.
        """
        kept = tuple(at for at in range(len(self.codes)) if at not in gone)
        if gone not in self._strata:
            codes = [self.codes[at] for at in kept]
            self._strata[gone] = strata(self.fitted(kept).of(codes, len(self.hits)))
        return self._strata[gone]

    def fitted(self, kept: tuple[int, ...]) -> Score:
        """Return the score of some attributes."""
        codes = [self.codes[at][self.sample] for at in kept]
        sizes = [len(self.attributes[at].words) for at in kept]
        return fit(codes, sizes, self.hits[self.sample])

    @cached_property
    def sample(self) -> Whole:
        """Return the tickets that scores are fitted on: all of them, or so many by chance."""
        n = len(self.hits)
        if n <= MOST_FITTED:
            return np.arange(n)
        return np.sort(np.random.default_rng(n).choice(n, MOST_FITTED, replace=False))

    def place(self, name: str) -> int:
        """Return where an attribute stands."""
        return next(at for at, each in enumerate(self.attributes) if each.name == name)


def _said(of: Attribute, by: Attribute) -> Numbers:
    """Return for each word how much of what is to know of having it another attribute says, 0 to 1.

    Source: Theil, uncertainty coefficient, of having the word or not.
    """
    wide = len(of.words)
    both = np.bincount(by.codes * wide + of.codes, minlength=len(by.words) * wide)
    table = both.reshape(len(by.words), wide)
    total = max(len(of.codes), 1)
    left = (table.sum(axis=1)[:, None] / total * _doubt(table / _some(by.counts)[:, None])).sum(0)
    whole = _doubt(of.counts / total)
    return np.where(whole > 0, 1 - left / np.where(whole > 0, whole, 1), 0.0)


def _some(counts: Whole) -> Numbers:
    return np.maximum(counts, 1).astype(float)


def _doubt(share: Numbers) -> Numbers:
    """Return how much is unknown where something is so in such a share of cases."""
    inside = np.clip(share, 1e-12, 1 - 1e-12)
    return -(inside * np.log(inside) + (1 - inside) * np.log(1 - inside))


def _ranked(looking: _Looking, found: Sequence[Influence]) -> Iterator[Influence]:
    """Yield what was found, the same tickets once, and a word right after its pair."""
    order = sorted(found, key=lambda each: (-each.excess_low, len(each.parts), each.parts))
    pairs = [each for each in order if len(each.parts) > 1]
    words = [_within(looking, each, pairs) for each in order if len(each.parts) == 1]
    after = {each.only_with for each in words if each.only_with}
    kept: list[Influence] = []
    for each in sorted((*pairs, *words), key=lambda one: order.index(replace(one, only_with=()))):
        if each.only_with:
            continue
        mine = [word for word in words if word.only_with == each.parts]
        kept += [each, *(mine if each.parts in after else [])]
    yield from _folded(looking, kept)


def _within(looking: _Looking, word: Influence, pairs: Sequence[Influence]) -> Influence:
    """Return a word with the pair without which it is no more likely, where there is one."""
    name, said = word.parts[0]
    at = looking.place(name)
    gone = looking.gone((at,), (looking.attributes[at].words.index(said),))
    mask = looking.mask(word.parts)
    for pair in pairs:
        if word.parts[0] in pair.parts:
            both = looking.mask(pair.parts)
            left = mask & ~both
            if left.sum() < looking.fewest:
                return replace(word, only_with=pair.parts)
            if not float(looking.against(left, gone, ~both).low[1]) > 1:
                return replace(word, only_with=pair.parts)
    return word


def _folded(looking: _Looking, kept: Sequence[Influence]) -> Iterator[Influence]:
    """Yield each once where several are of nearly the same tickets, the first with the others."""
    masks = [looking.mask(each.parts) for each in kept]
    gone: set[int] = set()
    for at, each in enumerate(kept):
        if at in gone:
            continue
        same = [
            other
            for other in range(at + 1, len(kept))
            if other not in gone
            and (masks[at] & masks[other]).sum() >= SAME * (masks[at] | masks[other]).sum()
        ]
        gone.update(same)
        others = dict.fromkeys(part for other in same for part in kept[other].parts)
        yield replace(each, same_as=tuple(part for part in others if part not in each.parts))
