"""How good a rule is: against events that are known, and by what people did when it fired.

Floor 4, analysis. Moments come in as microseconds since 1970; nothing here knows what is now.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST_DECIDED = 5  # firings, before anything is said of a rule
LEAST_ACTED = 0.2  # of these, the share somebody has to have acted on
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
    if end <= begin:
        return 0.0
    reached, near = begin, 0
    for event in sorted(events):
        first, last = max(event - within, reached), min(event + within, end)
        if last > first:
            near += last - first
            reached = last
    return near / (end - begin)


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
