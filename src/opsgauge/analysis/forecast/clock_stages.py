"""Clocks of a service level stage by stage, as arrays: what was known of them at any moment.

Floor 4, analysis. One expression gives the rows, ordered by clock and time; everything else here is
plain arrays. Only what history holds of the moment itself is read: the team then, the priority
then, pauses and handoffs so far.
"""

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from opsgauge.log.service_levels.flags import KEY, Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import stages
from opsgauge.warehouse.portable import micros

WORDS = ("team", "priority", "category", "service")
CLOCK = (*KEY, "cycle")
NEVER = -(1 << 62)  # in the place of a moment that has not come
OPEN = ("running", "paused")

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def stage_rows(level: ServiceLevel, of: Followed, clocks: ir.Table, seen: ir.Table) -> ir.Table:
    """Return the stages of a service level's clocks, in order of clock and time.

    Parameters
    ----------
    clocks : the table `clocks`
    seen : the tickets whose clocks count

    Returns
    -------
    key, cycle, seq, since_us, until_us, target_us, before_us, used_us, paused, the columns of WORDS
    as they were then, handoffs (up to then), and of the clock state, breached, started_us,
    decided_us and due_us
    """
    own = clocks.filter(clocks.clock == level.name).semi_join(seen.select(*KEY), KEY)
    told = own.select(
        *CLOCK,
        "state",
        "breached",
        started_us=micros(own.started_at),
        decided_us=micros(own.decided_at),
        due_us=micros(own.due_at),
    )
    history = of.tables.history
    then = history.select(*KEY, "seq", "category", handoffs=history.handoff_count)
    rows = stages(level, of).inner_join(told, list(CLOCK)).left_join(then, [*KEY, "seq"])
    chosen = rows.select(
        *CLOCK,
        "seq",
        *("since_us", "until_us", "target_us", "before_us", "used_us", "paused"),
        *WORDS,
        "handoffs",
        *("state", "breached", "started_us", "decided_us", "due_us"),
    )
    return chosen.order_by([*CLOCK, "seq"])


@dataclass(frozen=True)
class Stages:
    """Stages of clocks, one after another; a clock's stand together.

    Attributes
    ----------
    clock : of each stage, which clock it is of, 0 for the first
    since_us, until_us, target_us, before_us, used_us : of each stage
    paused : of each stage
    pauses, handoffs : of each stage, how many there were up to it
    words : of each stage and column of WORDS, a number into `named`; -1 where nothing is written
    keys : of each clock, its source, ticket and cycle
    lasts, broken : of each clock, whether it lasts, and whether it broke
    started_us, decided_us, due_us : of each clock; NEVER where that is not known
    """

    clock: Whole
    since_us: Whole
    until_us: Whole
    target_us: Whole
    before_us: Whole
    used_us: Whole
    paused: Flags
    pauses: Whole
    handoffs: Whole
    words: dict[str, Whole]
    named: dict[str, list[str]]
    keys: list[tuple[str, str, int]]
    lasts: Flags
    broken: Flags
    started_us: Whole
    decided_us: Whole
    due_us: Whole

    @property
    def clocks(self) -> int:
        """How many clocks there are."""
        return len(self.keys)

    def at_share(self, share: float) -> Whole:
        """Return the stage in which each clock has used a share of its target; -1 where it never.

        A clock that stops just then has not come to it; paused, it is where it was before.
        """
        aim = share * self.target_us
        there = (self.before_us <= aim) & (aim < self.before_us + self.used_us) & ~self.paused
        found = np.full(self.clocks, -1, np.int64)
        rows = np.flatnonzero(there)
        found[self.clock[rows[::-1]]] = rows[::-1]  # the first, where a target changed
        return found

    def last(self) -> Whole:
        """Return the last stage of each clock."""
        return np.searchsorted(self.clock, np.arange(self.clocks), side="right") - 1


def read_stages(answer: pa.Table) -> Stages:
    """Return the rows of `stage_rows` as arrays."""
    whole = {
        name: numbers(answer, name)
        for name in ("since_us", "until_us", "target_us", "before_us", "used_us", "paused")
    }
    coded = {name: _words(answer, name) for name in (*WORDS, *KEY)}
    cycle = numbers(answer, "cycle")
    identity = np.stack([coded["source"][0], coded["ticket_id"][0], cycle])
    begins = np.ones(len(cycle), bool)
    begins[1:] = (identity[:, 1:] != identity[:, :-1]).any(axis=0)
    first = np.flatnonzero(begins)
    clock = np.cumsum(begins) - 1
    paused = whole["paused"] == 1
    pausing = paused & np.concatenate([[True], ~paused[:-1]]) | (paused & begins)
    told = answer.take(pa.array(first))
    state = np.array(told["state"].to_pylist(), dtype=object)
    return Stages(
        clock,
        since_us=whole["since_us"],
        until_us=whole["until_us"],
        target_us=whole["target_us"],
        before_us=whole["before_us"],
        used_us=whole["used_us"],
        paused=paused,
        pauses=_so_far(pausing.astype(np.int64), first, clock),
        handoffs=np.maximum(numbers(answer, "handoffs", 0), 0),
        words={name: coded[name][0] for name in WORDS},
        named={name: coded[name][1] for name in WORDS},
        keys=[
            (coded["source"][1][s], coded["ticket_id"][1][t], int(c))
            for s, t, c in identity[:, first].T
        ],
        lasts=np.isin(state, OPEN),
        broken=np.array([bool(each) for each in told["breached"].to_pylist()], bool),
        started_us=numbers(told, "started_us"),
        decided_us=numbers(told, "decided_us"),
        due_us=numbers(told, "due_us"),
    )


def _so_far(counted: Whole, first: Whole, clock: Whole) -> Whole:
    """Return the running count of each clock."""
    total = np.cumsum(counted)
    before = total[first] - counted[first]
    return total - before[clock]


def numbers(answer: pa.Table, name: str, missing: int = NEVER) -> Whole:
    """Return a column of whole numbers; `missing` where there is none."""
    column = answer[name].combine_chunks().cast(pa.int64()).fill_null(missing)
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)


def _words(answer: pa.Table, name: str) -> tuple[Whole, list[str]]:
    coded = answer[name].combine_chunks().cast(pa.string()).dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    places = coded.indices.cast(pa.int64()).fill_null(-1)
    return np.asarray(places.to_numpy(zero_copy_only=False)), coded.dictionary.to_pylist()
