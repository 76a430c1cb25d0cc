"""Why a ticket is likely to break its promise: what moves its odds most, in words.

Floor 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opsgauge.analysis.forecast.asked import HOURS_A_WEEK, MOST, OF_THE_DAY, PAIRS, Asked
from opsgauge.analysis.forecast.clock_stages import Stages
from opsgauge.analysis.forecast.risk import Model

SAYS = 0.15  # of a logit, before a reason is worth a word
REASONS = 3
LOAD = "load"
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True)
class Reason:
    """What moves the odds of a ticket, and by how many times."""

    what: str
    odds: float

    @property
    def raises(self) -> bool:
        """Whether it makes a breach likelier."""
        return self.odds > 1


def reason_words(reasons: Sequence[Reason]) -> str:
    """Say what moves the odds of a ticket, each way by itself.

    Examples
    --------
    >>> reason_words([Reason("team A", 3.0), Reason("its target", 0.8), Reason("1 pause", 0.5)])
    'team A (odds × 3.0); lowered by its target (odds × 0.8), 1 pause (odds × 0.5)'
    """
    raised, lowered = (
        [f"{each.what} (odds × {each.odds:.1f})" for each in reasons if each.raises == up]
        for up in (True, False)
    )
    told = {True: "; ".join(raised), False: f"lowered by {', '.join(lowered)}" if lowered else ""}
    first = reasons[0].raises if reasons else True
    return "; ".join(part for part in (told[first], told[not first]) if part)


def word_of(stages: Stages, name: str, at: int) -> str | None:
    """Return a word of a column by its number, None where nothing is written."""
    return stages.named[name][at] if at >= 0 else None


def reasons_of(
    stages: Stages, asked: Asked, model: Model, likely: Sequence[bool]
) -> list[tuple[Reason, ...]]:
    """Return what moves the odds of each row most.

    Of what is likely to break first what raises its odds, of the rest first what lowers them. What
    two words do together is told with the first of them.

    Parameters
    ----------
    likely : of each row, whether it will more likely break than not
    """
    if not len(asked.clock):
        return []
    parts = model.parts(asked)
    columns = [*((name,) for name in asked.words), *PAIRS, (LOAD,)]
    names = list(dict.fromkeys(of[0] for of in columns))
    moved = np.column_stack(
        [
            parts[:, [at for at, of in enumerate(columns) if of[0] == name]].sum(axis=1)
            for name in names
        ]
    )
    made = []
    for at, row in enumerate(moved):
        against = (row > 0) != likely[at]
        order = np.lexsort((-np.abs(row), against, np.abs(row) <= SAYS))[:REASONS]
        made.append(
            tuple(
                Reason(_said(stages, asked, names[place], at), round(float(np.exp(row[place])), 2))
                for place in order
                if abs(row[place]) > SAYS
            )
        )
    return made


def _said(stages: Stages, asked: Asked, name: str, at: int) -> str:
    """Return one word of a row as people say it."""
    if name == LOAD:
        return f"its team holds {asked.load[at]:.1f} times its usual"
    number = int(asked.words[name][at])
    if name in stages.named:
        return f"{name} {word_of(stages, name, number) or 'not written'}"
    if name == "hours":
        hour = number * OF_THE_DAY % HOURS_A_WEEK
        return f"{DAYS[hour // 24]} {hour % 24:02}–{hour % 24 + OF_THE_DAY:02}"
    if name == "target":
        return "its target"
    if number == 1:
        return f"1 {name.removesuffix('s')}"
    return f"{number or 'no'}{'+' if number >= MOST else ''} {name}"
