"""Performance spectrum: every passage from one step to another over time, batches and overtaking.

Floor 4, analysis. A passage is a line from when a ticket entered the first step to when it went on
to the second. Lines that cross are tickets that overtook one another; lines that fan in to one
moment are a batch.

Overtaking is counted exactly, of all pairs that were in the step at the same time: the one that
came later left earlier. A batch is a run of tickets that left close after one another, and came
over a stretch at least ten times as long as they left in. Close is a twentieth of the usual gap
between two departures (the median), so that by chance alone five in a row are as good as never met.

Source: Denisov, Fahland, van der Aalst, Unbiased, fine-grained description of processes performance
from event data, BPM 2018; Klijn, Fahland, Performance mining for batch processing using the
performance spectrum, BPM workshops 2019.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from opsgauge.analysis.mining import steps as by
from opsgauge.warehouse.portable import micros

LEAST_BATCH = 5  # tickets
_CLOSE = 20  # a twentieth of the usual gap
_LONGER = 10  # over how many times as long a batch's tickets came as they left
Instants: TypeAlias = npt.NDArray[np.int64]  # microseconds since 1970


@dataclass(frozen=True)
class Overtaking:
    """How often the order of arrival was broken.

    Attributes
    ----------
    together : pairs of tickets that were in the step at the same time
    overtook : of these, the pairs in which the later one left earlier
    """

    together: int
    overtook: int

    @property
    def share(self) -> float | None:
        """The share of pairs that overtook; None where no two ever met."""
        return self.overtook / self.together if self.together else None


@dataclass(frozen=True)
class Batch:
    """Tickets that left together.

    Attributes
    ----------
    tickets : how many passages
    came_us : when the first of them entered the step
    left_us, until_us : when the first and the last of them left
    """

    tickets: int
    came_us: int
    left_us: int
    until_us: int


def passage_rows(history: ir.Table, steps: str, way: tuple[str, str]) -> ir.Table:
    """Select every passage of a way, in order of arrival.

    Parameters
    ----------
    history : the rows of whole tickets
    steps : a field of `steps.FIELDS`, or two: "phase+team"
    way : the names of the two steps

    Returns
    -------
    start_us and end_us, microseconds since 1970.
    """
    rows = by.stepped(history, steps)
    rows = rows.filter(
        by.is_followed(rows),
        by.are(by.here(rows, steps), steps, way[0]),
        by.are(by.following(rows, steps), steps, way[1]),
    )
    told = rows.select(start_us=micros(rows.since), end_us=micros(rows.until))
    return told.order_by("start_us", "end_us")


def dot_rows(history: ir.Table, steps: str) -> ir.Table:
    """Select every update, in order of tickets: source, ticket_id, seq, at_us, and the step.

    The step is in the columns `id` and, where steps are told by two fields, `id_2`.
    """
    rows = by.updates(history)
    told = rows.select(*by.TICKET, "seq", at_us=micros(rows.since), **by.here(rows, steps))
    return told.order_by(*by.TICKET, "seq")


def overtaking(starts: Instants, ends: Instants) -> Overtaking:
    """Count the pairs that overtook, among those that were there at the same time.

    Parameters
    ----------
    starts, ends : shape (n,), in order of starts, then of ends

    Examples
    --------
    The second comes after the first and leaves before it; the third never meets either.

    >>> overtaking(np.array([0, 1, 9]), np.array([5, 3, 12]))
    Overtaking(together=1, overtook=1)
    """
    if not len(starts):
        return Overtaking(0, 0)
    # Of those that came later, the ones that came before this one left.
    first_after = np.searchsorted(starts, starts, side="right")
    before_end = np.searchsorted(starts, ends, side="left")
    together = int(np.maximum(before_end - first_after, 0).sum())
    places = np.empty(len(ends), dtype=np.int64)
    places[np.argsort(ends, kind="stable")] = np.arange(len(ends))
    return Overtaking(together, _inversions(places))


def batches(starts: Instants, ends: Instants, least: int = LEAST_BATCH) -> list[Batch]:
    """Find the batches, in the order in which they left.

    Parameters
    ----------
    starts, ends : shape (n,), in order of starts
    least : fewest tickets of a batch

    Examples
    --------
    Five tickets come an hour apart and leave within three seconds, others one by one.

    >>> came = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) * 3_600
    >>> left = np.array([1, 2, 3, 20, 20, 20, 20, 20, 30, 31, 32]) * 3_600
    >>> [(each.tickets, each.left_us // 3_600) for each in batches(came, left)]
    [(5, 20)]
    """
    if len(ends) < least:
        return []
    order = np.argsort(ends, kind="stable")
    left = ends[order]
    gaps = np.diff(left)
    close = float(np.median(gaps[gaps > 0])) / _CLOSE if np.any(gaps > 0) else 0.0
    edges = np.flatnonzero(np.concatenate(([True], gaps > close, [True])))
    found = []
    for first, after in pairwise(edges.tolist()):
        if after - first < least:
            continue
        came = starts[order[first:after]]
        took = int(left[after - 1] - left[first])
        if int(came.max() - came.min()) > _LONGER * took:
            found.append(
                Batch(after - first, int(came.min()), int(left[first]), int(left[after - 1]))
            )
    return found


def _inversions(places: Instants) -> int:
    """Count the pairs that stand in the wrong order, in n log n: bit by bit from the highest.

    Parameters
    ----------
    places : shape (n,), each of 0 to n - 1 once
    """
    found, at = 0, places
    for bit in range(max(len(places) - 1, 1).bit_length() - 1, -1, -1):
        ones = (at >> bit) & 1
        group = at >> (bit + 1)
        before = np.cumsum(ones) - ones
        # Groups stand one after another; of each, what was counted before it began.
        begins = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1])))
        lengths = np.diff(np.append(begins, len(at)))
        own = before - np.repeat(before[begins], lengths)
        found += int(own[ones == 0].sum())
        # Within each group the zeros go before the ones, each in their order.
        zeros_of = np.add.reduceat(1 - ones, begins)
        zeros_before = np.arange(len(at)) - np.repeat(begins, lengths) - own
        start = np.repeat(begins, lengths)
        to = np.where(ones == 0, start + zeros_before, start + np.repeat(zeros_of, lengths) + own)
        moved = np.empty_like(at)
        moved[to] = at
        at = moved
    return found
