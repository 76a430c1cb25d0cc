"""How good a rule is: against events that are known, and by what people did when it fired.

Floor 4, analysis. Moments come in as microseconds since 1970; nothing here knows what is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

FEWEST_DECIDED = 5  # firings, before anything is said of a rule
LEAST_ACTED = 0.2  # of these, the share somebody has to have acted on
MOVES = 1_000  # of the firings round the span, to see what chance gives
LEVEL = 0.05  # so seldom chance alone may be as good, for firings to have meant something
MOST_BY_CHANCE = 0.5  # of a span that may lie near an event, for a window to say anything
WINDOWS = (14, 7, 3, 2, 1)  # days, of which the longest is taken at which no more does
ACTED, FALSE, IGNORED, WAITING = "acted", "false", "ignored", "waiting"


@dataclass(frozen=True)
class Against:
    """A rule's firings against known events.

    Attributes
    ----------
    true : firings with an event near; `precision` is their share, None without firings or events
    found : events with a firing near; `recall` is their share
    leads : of each event found, how long before it the first firing near came, microseconds;
        negative where it came after
    """

    firings: int
    events: int
    true: int
    found: int
    leads: tuple[int, ...] = ()

    @property
    def precision(self) -> float | None:
        """Of the firings, the share that meant something."""
        return self.true / self.firings if self.firings and self.events else None

    @property
    def recall(self) -> float | None:
        """Of the events, the share that was found."""
        return self.found / self.events if self.events else None

    @property
    def lead(self) -> float | None:
        """The median lead, microseconds."""
        return median(self.leads) if self.leads else None


def against(firings: Sequence[int], events: Sequence[int], within: int) -> Against:
    """Set firings against events: one belongs to the other where they lie so near.

    Parameters
    ----------
    firings, events : moments, in any order
    within : how far they may lie apart, either way

    Examples
    --------
    >>> against([10, 50], [12, 90], within=5)
    Against(firings=2, events=2, true=1, found=1, leads=(2,))
    """
    leads = []
    for event in sorted(events):
        near = [firing for firing in firings if abs(event - firing) <= within]
        if near:
            leads.append(event - min(near))
    true = sum(any(abs(event - firing) <= within for event in events) for firing in firings)
    return Against(len(firings), len(events), true, len(leads), tuple(leads))


def covered(events: Sequence[int], within: int, span: tuple[int, int]) -> float:
    """Return the share of a span that lies so near to an event: what chance alone would call real.

    Examples
    --------
    >>> covered([10, 14, 90], within=5, span=(0, 100))
    0.24
    """
    begin, end = span
    starts, ends = _stretches(events, within, span)
    return float((ends - starts).sum()) / (end - begin) if end > begin else 0.0


def fitting_window(events: Sequence[int], span: tuple[int, int], day: int) -> int:
    """Return within how many days an event belongs to a firing, by how many events there are.

    The longest of `WINDOWS` is taken at which half of the span or less lies near an event, else
    the shortest. What the rule did has no say in it.

    Parameters
    ----------
    day : one day, in the unit of the moments

    Examples
    --------
    >>> fitting_window([50], (0, 365), day=1), fitting_window(range(0, 365, 9), (0, 365), day=1)
    (14, 2)
    """
    fits = (each for each in WINDOWS if covered(events, each * day, span) <= MOST_BY_CHANCE)
    return next(fits, WINDOWS[-1])


def as_good_by_chance(
    firings: Sequence[int], events: Sequence[int], within: int, span: tuple[int, int]
) -> float:
    """Return how often as many firings would lie near an event by chance alone, 0 to 1.

    All firings are moved together round the span, by `MOVES` equal steps: how many there are and
    how they cluster stays, and only their moments are those of chance. The share of these moves
    at which as many or more lie near an event is the answer. Of one firing it is the share of the
    span that lies near an event.

    Parameters
    ----------
    firings, events : moments, in any order; firings outside the span count for nothing

    Examples
    --------
    >>> as_good_by_chance([12], [10], within=5, span=(0, 100))
    0.1
    >>> as_good_by_chance([12, 50, 90], [10, 48, 91], within=2, span=(0, 100))
    0.01
    """
    begin, end = span
    starts, ends = _stretches(events, within, span)
    times = np.asarray([each for each in firings if begin <= each <= end], dtype=np.int64)
    if not len(times) or not len(starts):
        return 1.0

    def near(moments: npt.NDArray[np.int64]) -> int:
        last = np.searchsorted(starts, moments, side="right") - 1
        return int(((last >= 0) & (moments < ends[last])).sum())

    moves = np.arange(MOVES) * (end - begin) // MOVES
    # A firing at an event's very edge or at the end of the span counts as it does elsewhere.
    here = sum(any(abs(event - at) <= within for event in events) for at in times.tolist())
    as_many = sum(near(begin + (times - begin + move) % (end - begin)) >= here for move in moves)
    return max(as_many, 1) / MOVES


def _stretches(
    events: Sequence[int], within: int, span: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where the stretches of a span that lie near an event begin, and where they end."""
    reached, end = span
    found = []
    for event in sorted(events):
        first, last = max(event - within, reached), min(event + within, end)
        if last > first:
            found.append((first, last))
            reached = last
    pairs = np.asarray(found, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True)
class Score:
    """What became of a rule's firings.

    `seconds_to_act` is the median of those acted on; None where none was.
    """

    fired: int
    acted: int
    false: int
    ignored: int
    seconds_to_act: float | None = None

    @property
    def decided(self) -> int:
        """Those of which it is known what became of them."""
        return self.acted + self.false + self.ignored

    @property
    def retire(self) -> str:
        """Why the rule should be retired, in words; "" where nothing says so."""
        if self.decided < FEWEST_DECIDED or self.acted >= LEAST_ACTED * self.decided:
            return ""
        return (
            f"Of {self.decided} firings somebody acted on {self.acted}, less than "
            f"{LEAST_ACTED:.0%}: {self.false} were false and {self.ignored} were ignored."
        )


def score(fates: Sequence[tuple[str, float | None]]) -> Score:
    """Count what became of firings.

    Parameters
    ----------
    fates : of each firing "acted", "false", "ignored" or "waiting", and the seconds until somebody
        acted, None where nobody did

    Examples
    --------
    >>> score([("acted", 60.0), ("ignored", None), ("waiting", None)])
    Score(fired=3, acted=1, false=0, ignored=1, seconds_to_act=60.0)
    """
    kinds = [kind for kind, _ in fates]
    times = [seconds for kind, seconds in fates if kind == ACTED and seconds is not None]
    return Score(
        fired=len(fates),
        acted=kinds.count(ACTED),
        false=kinds.count(FALSE),
        ignored=kinds.count(IGNORED),
        seconds_to_act=median(times) if times else None,
    )
