"""Tickets with a word against all others, among tickets as likely to have the outcome otherwise.

Floor 4, analysis. Tickets are put into strata by a score of everything but the word in question;
within a stratum other things are about alike. Risks are compared within strata and put together.

Source: Mantel and Haenszel, J. Natl. Cancer Inst. 22, 1959; Greenland and Robins, Estimation of a
common effect parameter from sparse follow-up data, Biometrics 41, 1985; strata by a score after
Miettinen, Am. J. Epidemiol. 104, 1976; twenty of them, of which Cochran, Biometrics 24, 1968, found
five to take away nine tenths of what confounds.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, ndtri

from opsgauge.analysis.causes.risk_score import Numbers, Truths, Whole

STRATA = 20
HALF_A_HIT = 0.5  # in the place of none at all, so that a ratio can be told
Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Tables:
    """Counts of tickets by word and stratum, shape (words, strata)."""

    n: Numbers
    hits: Numbers
    every: Numbers  # of all words, shape (strata,)
    every_hits: Numbers


@dataclass(frozen=True)
class Ratios:
    """Of each word, how many times as likely the outcome is as with all others; shape (words,)."""

    ratio: Numbers
    low: Numbers
    high: Numbers


def strata(score: Numbers) -> Whole:
    """Return the stratum of each ticket, of about as many tickets each.

    Examples
    --------
    >>> strata(np.array([0.3, 0.1, 0.2, 0.1]))[[1, 3]].tolist()
    [0, 0]
    """
    edges = np.quantile(score, np.arange(1, STRATA) / STRATA)
    return np.searchsorted(np.unique(edges), score, side="left").astype(np.int64)


def counted(codes: Whole, words: int, of: Whole, hits: Truths) -> Tables:
    """Count tickets by word and stratum."""
    wide = int(of.max()) + 1
    at = codes * wide + of
    n = np.bincount(at, minlength=words * wide).reshape(words, wide).astype(float)
    there = np.bincount(at[hits], minlength=words * wide).reshape(words, wide).astype(float)
    return Tables(n, there, n.sum(axis=0), there.sum(axis=0))


def chances(tables: Tables) -> Numbers:
    """Return of each word the chance of as many hits or more, were it as all others are.

    Within strata the hits of a word would be drawn from all there, without putting back. That sum
    has no short form; a binomial with its mean and its variance stands for it, also where few hits
    are expected and a normal one would promise too much.
    """
    n, every, hits = tables.n, np.maximum(tables.every, 1.0), tables.every_hits
    share = hits / every
    expected = (n * share).sum(axis=1)
    left = np.maximum(every - 1.0, 1.0)
    spread = (n * (every - n) / left * share * (1 - share)).sum(axis=1)
    return tails(expected, spread, tables.hits.sum(axis=1))


def tails(expected: Numbers, spread: Numbers, there: Numbers) -> Numbers:
    """Return the chance of so many hits or more, of sums with this mean and this variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.clip(1 - spread / expected, 1e-12, 1 - 1e-12)
        draws = np.maximum(expected / each, there)
    tail = betainc(np.maximum(there, 1e-9), np.maximum(draws - there + 1, 1e-9), each)
    known = (expected > 0) & (spread > 0) & (there > 0)
    return np.where(known, tail, 1.0)


def ratios(tables: Tables) -> Ratios:
    """Return the Mantel-Haenszel risk ratio of each word against all others, with 95 % interval."""
    n, every, there = tables.n, np.maximum(tables.every, 1.0), tables.hits
    others, their = tables.every - n, tables.every_hits - there
    own = (there * others / every).sum(axis=1)
    rest = (their * n / every).sum(axis=1)
    overlap = (n * others / every).sum(axis=1)
    few = HALF_A_HIT * overlap / np.maximum(tables.n.sum(axis=1), 1.0)
    top, bottom = np.where(own > 0, own, few), np.where(rest > 0, rest, few)
    spread = (n * others * (there + their) / every**2 - there * their / every).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(overlap > 0, top / bottom, np.nan)
        floor = np.maximum(spread, HALF_A_HIT * few)
        error = np.sqrt(floor / (top * bottom))
        return Ratios(ratio, ratio * np.exp(-Z * error), ratio * np.exp(Z * error))
