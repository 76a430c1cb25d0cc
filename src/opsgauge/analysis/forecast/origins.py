"""What was known of clocks at moments of the past, to learn from it and to test on what followed.

Floor 4, analysis. Of young clocks only those are decided that were so quickly; to learn from them
would make the world look quick, so the young are left out. Of the others a few are not decided yet,
and these are the slow ones: each counts by the rate of the share that it had come to, as
Kaplan and Meier count what is still under way.

Source: Kaplan and Meier, Nonparametric estimation from incomplete observations, 1958.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from opsgauge.analysis.forecast.asked import SHARES, Asked, Numbers
from opsgauge.analysis.forecast.clock_stages import NEVER, Flags, Stages
from opsgauge.foundation.errors import TooFewPoints

ORIGINS = (0.5, 0.65, 0.8)  # of the tests, as shares of the clocks by their begin
LEARNT = 0.7  # of the clocks known at an origin, from which it is learnt; the rest puts it right
DECIDED_IN_TIME = 0.95  # of clocks; what is younger than their time to decision is not known yet
FEWEST = 500  # decided clocks, before anything is learnt
FEWEST_ENDS = 50  # of them broken, and as many kept
ROUNDS = 3  # of counting what is not decided yet by the rates, and the rates with it
SMALLER = 5  # as many times fewer may be known at an origin, or tested


@dataclass(frozen=True)
class Known:
    """What was known at a moment.

    Attributes
    ----------
    first, second : moments of clocks to learn from, and of later ones to put it right on
    broke : of each clock, 1 where it broke and 0 where it was kept, as far as that was known; else
        the rate of the share that it had come to
    by_share : of each of SHARES, how often clocks that came to it broke
    """

    first: Asked
    second: Asked
    broke: Numbers
    by_share: Numbers


def origins(stages: Stages) -> list[tuple[int, Flags]]:
    """Return the moments to test from, each with the clocks to test on."""
    decided = stages.decided_us != NEVER
    refuse_few(stages, decided, 1)
    begun = stages.started_us[decided]
    moments = [int(np.quantile(begun, share)) for share in ORIGINS]
    ripe = decided & (stages.started_us <= int(begun.max()) - _usually(stages, decided))
    made = []
    for origin, until in pairwise([*moments, int(begun.max()) + 1]):
        after = ripe & (stages.started_us > origin) & (stages.started_us <= until)
        if after.any():
            made.append((origin, after))
    tested = np.any([each for _, each in made], axis=0) if made else np.zeros_like(decided)
    refuse_few(stages, tested, SMALLER)
    return made


def known_at(stages: Stages, asked: Asked, moment: int) -> Known:
    """Return what was known at a moment.

    Raises
    ------
    TooFewPoints : next to nothing was
    """
    decided = (stages.decided_us != NEVER) & (stages.decided_us <= moment)
    usually = _usually(stages, decided) if decided.any() else 0
    # What was cancelled in the end is neither kept nor broken.
    counts = (stages.decided_us != NEVER) | stages.lasts
    old = counts & (stages.started_us != NEVER) & (stages.started_us <= moment - usually)
    refuse_few(stages, old & decided, SMALLER)
    rows = asked.only(old[asked.clock] & (asked.at_us <= moment))
    broke = np.where(decided, stages.broken, 0.0)
    reached = np.full(stages.clocks, -1)
    np.maximum.at(reached, rows.clock, rows.place)
    waiting = old & ~decided
    by_share = rates(rows.only(decided[rows.clock]), broke)
    for _ in range(ROUNDS):
        broke[waiting] = by_share[np.maximum(reached[waiting], 0)]
        by_share = rates(rows, broke)
    cut = np.quantile(stages.started_us[old], LEARNT)
    early = stages.started_us[rows.clock] <= cut
    return Known(rows.only(early), rows.only(~early), broke, by_share)


def rates(asked: Asked, broke: Numbers) -> Numbers:
    """Return of each share how often clocks that came to it broke.

    Parameters
    ----------
    broke : of each clock
    """
    own = broke[asked.clock]
    n = np.bincount(asked.place, minlength=len(SHARES))
    ends = np.bincount(asked.place, own, minlength=len(SHARES))
    mean = float(own.mean()) if len(own) else 0.5
    return np.asarray((ends + mean) / (n + 1))


def _usually(stages: Stages, decided: Flags) -> int:
    """Return the time within which nearly all clocks were decided."""
    took = (stages.decided_us - stages.started_us)[decided]
    return int(np.quantile(took, DECIDED_IN_TIME))


def refuse_few(stages: Stages, clocks: Flags, smaller: int) -> None:
    """Refuse so few decided clocks that nothing can be learnt, or tested.

    Raises
    ------
    TooFewPoints : with how many it takes
    """
    decided, broken = int(clocks.sum()), int(stages.broken[clocks].sum())
    if decided < FEWEST // smaller or min(broken, decided - broken) < FEWEST_ENDS // smaller:
        raise TooFewPoints(
            "Too few clocks were decided, or nearly all of them one way, to say how likely others "
            f"break. It takes {FEWEST} of them over a time several times as long as the promise, "
            f"with {FEWEST_ENDS} broken and as many kept.",
            hint="See opsgauge sla show for what is overdue.",
        )
