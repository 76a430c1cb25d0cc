"""From where on a detector may tell of something: numbers that a workspace may set.

Floor 4, analysis. Beside them each detector asks for odds that hold over all places it looks at;
these no workspace sets. The guide tells how seldom detectors speak falsely with the usual limits.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opsgauge.analysis.mining.standing_out import FEWEST_HITS, TIMES_USUAL, Bar
from opsgauge.analysis.mining.thresholds import as_set
from opsgauge.foundation.units import MICROS_PER_MINUTE

COUNTED = {"fewest_hits": (5, 1_000_000)}


@dataclass(frozen=True)
class DetectorLimits:
    """All limits.

    Attributes
    ----------
    fewest_hits : cases of a place, for teams that send to and fro, straight back, reopen, resolve
        for moments or leave waiting, and for wrong first queues
    times_usual : of the usual share that a place surely has, for the same
    wrong_queue_share : the least of a category that came first to such a team
    wrong_queue_kept : the largest share of what comes to it that such a team ends up with
    left_waiting_share : the least of a category that was overtaken
    moment_minutes : from a resolution to the next, with a reopening between, to be for moments
    month_end_times : of what is resolved on other days
    month_end_back_times : of what comes back from other days
    """

    fewest_hits: float = FEWEST_HITS
    times_usual: float = TIMES_USUAL
    wrong_queue_share: float = 0.1
    wrong_queue_kept: float = 0.1
    left_waiting_share: float = 0.2
    moment_minutes: float = 60
    month_end_times: float = 1.75
    month_end_back_times: float = 3

    def bar(self, share: float = 0.0) -> Bar:
        """Return how much it takes to stand out, with that share at least."""
        return Bar(int(self.fewest_hits), self.times_usual, share)

    @property
    def moment_us(self) -> int:
        """A moment, in microseconds."""
        return int(self.moment_minutes * MICROS_PER_MINUTE)


USUAL = DetectorLimits()


def detector_limits(given: Mapping[str, float]) -> DetectorLimits:
    """Return the limits of a workspace: those it sets, and the usual ones.

    Raises
    ------
    SettingsWrong : it sets one that there is not, or to what it cannot be

    Examples
    --------
    >>> detector_limits({"month_end_times": 2}).month_end_times
    2
    """
    return as_set(DetectorLimits, given, "limit of detectors", COUNTED)
