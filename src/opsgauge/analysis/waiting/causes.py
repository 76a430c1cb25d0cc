"""Why tickets wait: every hour of waiting put down to one of six causes, which add up exactly.

Floor 4, analysis. A wait runs from the moment at which a ticket could be worked on (it was opened,
or work on it stopped) to the moment at which somebody begins (phase in_progress), while it is open.
Whoever begins is the one whose time it waited for. Each microsecond of it is, in this order,

* closed: outside of the calendar's hours nobody could begin;
* pending: it was in a pending phase, so by its own record it waited for somebody outside;
* batching: the one who began took up several tickets at once, and this one lay until the last of
  them had come;
* contention: they were at work on a ticket that had come earlier;
* prioritisation: they were at work on one that had come later;
* unexplained: none of these. Kronos calls this and pending extraneous.

Of several tickets that one person has in progress at a time, the one taken up last is worked on,
and when that stops, the one before. Where a ticket goes from waiting to its end without a beginning
of work, that is estimated: whoever held it began when it had come and they had done their ticket
before, which is the earliest possible; so its waiting is the least possible.

Calendar hours come first, other than in Kronos: tools leave tickets in progress over night, and
the night would be contention. Sources: Lashkevich, Milani, Chapela-Campa, Suvorau and Dumas, Why
am I waiting? Data-driven analysis of waiting times in business processes, CAiSE 2023 (Kronos);
Chapela-Campa and Dumas, Enhancing business process simulation models with extraneous activity
delays, 2022 (estimated starts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.analysis.requests.orders import Clock, Numbers, Truths, key_of, whole_numbers
from opsgauge.analysis.waiting.steps import KEY, open_rows
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import PENDING_PHASES
from opsgauge.warehouse.portable import micros

CAUSES = ("closed", "pending", "batching", "contention", "prioritisation", "unexplained")
CLOSED, PENDING, BATCHING, CONTENTION, PRIORITISATION, UNEXPLAINED = range(len(CAUSES))
WORK = "in_progress"
FEWEST_IN_BATCH = 3
AT_ONCE_US = 5 * 60 * 1_000_000  # from one beginning to the next
MOST_PAIRS = 2_000_000  # of a stretch of waiting and one of work, looked at in one go
NOBODY = -1
TEAM, TRANSITION = "team", "transition"
BY = (TEAM, TRANSITION)
ARROW, END = " \u2192 ", "end"


@dataclass(frozen=True)
class Waited:
    """What the waits of a team or of a transition, or all of them, are put down to.

    Attributes
    ----------
    name : of the team, or the phase and what followed it, see `ARROW`; None where none is written
    waits : how many ended, of a team those that were with it for a time; `estimated` of these
        without a recorded beginning of work
    us : microseconds by cause, in the order of CAUSES
    """

    name: str | None
    waits: int
    estimated: int
    us: tuple[int, ...]
    everybody: bool = False

    @property
    def hours(self) -> float:
        """All of it."""
        return sum(self.us) / MICROS_PER_HOUR

    @property
    def by_cause(self) -> Mapping[str, float]:
        """Hours by cause."""
        return {name: us / MICROS_PER_HOUR for name, us in zip(CAUSES, self.us, strict=True)}


@dataclass(frozen=True, eq=False)
class Rows:
    """Open intervals in order of ticket and time, as arrays of shape (n,).

    `ticket` and `person` are numbers, `person` NOBODY where none is named; `last` says that no open
    interval of the ticket follows at once, `lasting` that it is not over.
    """

    ticket: Numbers
    person: Numbers
    start: Numbers
    end: Numbers
    work: Truths
    pending: Truths
    last: Truths
    lasting: Truths
    team: list[str | None] = field(repr=False)
    phase: list[str | None] = field(repr=False)

    def names(self, by: str) -> list[str]:
        """Return of each interval the team, or its phase and what followed; "" for no team."""
        if by == TEAM:
            return [name or "" for name in self.team]
        phases = [name or "none" for name in self.phase]
        after = [*phases[1:], END][: len(phases)]
        pairs = zip(phases, after, self.last.tolist(), strict=True)
        return [f"{one}{ARROW}{END if last else other}" for one, other, last in pairs]


def interval_rows(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return the open intervals of these tickets, in order.

    Returns
    -------
    key, seq, team, assignee, phase, since_us, until_us (null while it lasts)
    """
    rows = open_rows(history).semi_join(tickets, list(KEY))
    return rows.select(
        *KEY, "seq", "team", "assignee", "phase",
        since_us=micros(rows.since), until_us=micros(rows.until),
    ).order_by(*KEY, "seq")  # fmt: skip


def rows_of(table: pa.Table, now_us: int) -> Rows:
    """Return what `interval_rows` gave as arrays.

    Parameters
    ----------
    now_us : up to when what lasts has lasted
    """
    ticket = pc.dictionary_encode(key_of(table))
    codes = np.asarray(ticket.indices, dtype=np.int64)
    people = table["assignee"].combine_chunks().dictionary_encode()
    person = np.asarray(people.indices.fill_null(NOBODY), dtype=np.int64)
    seq = whole_numbers(table["seq"])
    follows = (codes[1:] == codes[:-1]) & (seq[1:] == seq[:-1] + 1)
    return Rows(
        ticket=codes,
        person=person,
        start=whole_numbers(table["since_us"]),
        end=whole_numbers(table["until_us"].fill_null(now_us)),
        work=np.asarray(pc.equal(table["phase"], WORK).fill_null(False), dtype=np.bool_),
        pending=np.asarray(
            pc.is_in(table["phase"], value_set=pa.array(PENDING_PHASES)), dtype=np.bool_
        ),
        last=np.append(~follows, True) if len(codes) else np.array([], dtype=np.bool_),
        lasting=np.asarray(table["until_us"].is_null(), dtype=np.bool_),
        team=table["team"].to_pylist(),
        phase=table["phase"].to_pylist(),
    )


@dataclass(frozen=True, eq=False)
class _Waits:
    """Waits as arrays of shape (w,), and of each interval which wait it is of (-1 for none)."""

    of_row: Numbers
    came: Numbers
    begins: Numbers
    person: Numbers
    estimated: Truths


@dataclass(frozen=True, eq=False)
class _Works:
    """Stretches of work: whose, on which ticket, when it had come, from when to when."""

    person: Numbers
    came: Numbers
    start: Numbers
    end: Numbers


def causes(rows: Rows, clock: Clock, by: str = TEAM) -> list[Waited]:
    """Return what waiting is put down to: all of it, then each team's, most hours first.

    Parameters
    ----------
    clock : turns moments into the open time up to them
    by : TEAM, or TRANSITION for each phase of waiting and what followed it
    """
    waits = _waits(rows)
    waits, works = _with_estimates(rows, waits)
    at = np.flatnonzero(waits.of_row >= 0)
    wait = waits.of_row[at]
    start, end = rows.start[at], np.minimum(rows.end[at], waits.begins[wait])
    kept = end > start
    at, wait, start, end = at[kept], wait[kept], start[kept], end[kept]
    us = np.zeros((len(at), len(CAUSES)), dtype=np.int64)
    open_start, open_end = clock(start), clock(end)
    us[:, CLOSED] = (end - start) - (open_end - open_start)
    pending = rows.pending[at]
    us[:, PENDING] = np.where(pending, open_end - open_start, 0)
    until = _gathered(waits)[wait]
    cut = np.clip(clock(until), open_start, open_end)
    us[:, BATCHING] = np.where(pending, 0, cut - open_start)
    free = ~pending & (open_end > cut) & (waits.person[wait] != NOBODY)
    busy = _busy(
        works, clock, waits.person[wait][free], waits.came[wait][free], cut[free], open_end[free]
    )
    us[free, CONTENTION], us[free, PRIORITISATION] = busy
    us[:, UNEXPLAINED] = (end - start) - us.sum(axis=1)
    return _summed(rows.names(by), waits, at, us)


def _waits(rows: Rows) -> _Waits:
    """Find the waits: runs of intervals without work that are over."""
    n = len(rows.ticket)
    if not n:
        none = np.array([], dtype=np.int64)
        return _Waits(none, none, none, none, np.array([], dtype=np.bool_))
    begins = np.append(True, rows.last[:-1] | (rows.work[1:] != rows.work[:-1]))
    run = np.cumsum(begins) - 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], n) - 1
    over = ~rows.work[first] & ~rows.lasting[last]
    followed = ~rows.last[last]  # by work, else the run would go on
    beginner = rows.person[np.minimum(last + 1, n - 1)]
    number = np.where(over, np.cumsum(over) - 1, -1)
    chosen = np.flatnonzero(over)
    return _Waits(
        of_row=number[run],
        came=rows.start[first[chosen]],
        begins=rows.end[last[chosen]],
        person=np.where(followed, beginner, rows.person[last])[chosen],
        estimated=~followed[chosen],
    )


def _with_estimates(rows: Rows, waits: _Waits) -> tuple[_Waits, _Works]:
    """Say when work began that nobody recorded, and return all work."""
    at = np.flatnonzero(rows.work & (rows.person != NOBODY))
    before = np.maximum(at - 1, 0)
    waited = (at > 0) & ~rows.last[before] & (waits.of_row[before] >= 0)
    came = np.where(
        waited, waits.came[waits.of_row[before]] if len(waits.came) else 0, rows.start[at]
    )
    person, start, end = rows.person[at], rows.start[at], rows.end[at]
    guess = np.flatnonzero(waits.estimated & (waits.person != NOBODY))
    ends = _previous_ends(person, end, waits.person[guess], waits.begins[guess])
    began = np.clip(ends, waits.came[guess], waits.begins[guess])
    begins = waits.begins.copy()
    begins[guess] = began
    told = _Waits(waits.of_row, waits.came, begins, waits.person, waits.estimated)
    return told, _Works(
        np.append(person, waits.person[guess]),
        np.append(came, waits.came[guess]),
        np.append(start, began),
        np.append(end, waits.begins[guess]),
    )


def _previous_ends(person: Numbers, ends: Numbers, asked: Numbers, at: Numbers) -> Numbers:
    """Return when each person had last ended anything before a moment; long ago where never."""
    everyone, every = np.append(person, asked), np.append(ends, at)
    order = np.lexsort((every, everyone))
    everyone, every = everyone[order], every[order]
    key = _keyed(everyone, every - every.min()) if len(every) else every
    wanted = _keyed(asked, at - every.min()) if len(every) else at
    place = np.searchsorted(key, wanted, side="left") - 1
    there = (place >= 0) & (everyone[np.maximum(place, 0)] == asked) if len(every) else place < 0
    return np.where(there, every[np.maximum(place, 0)] if len(every) else 0, np.iinfo(np.int64).min)


def _keyed(person: Numbers, moment: Numbers) -> Numbers:
    """Return one number that orders by person, then by moment (below 2 to the power of 46)."""
    return np.asarray((person << 46) + np.clip(moment, 0, (1 << 46) - 1), dtype=np.int64)


def _gathered(waits: _Waits) -> Numbers:
    """Return until when each wait was for others of its batch; where it came, for no batch."""
    found = waits.came.copy()
    order = np.lexsort((waits.begins, waits.person))
    person, begins, came = waits.person[order], waits.begins[order], waits.came[order]
    if not len(order):
        return found
    apart = (person[1:] != person[:-1]) | (begins[1:] - begins[:-1] > AT_ONCE_US)
    group = np.append(0, np.cumsum(apart))
    size = np.bincount(group)
    latest, first = np.full(len(size), np.iinfo(np.int64).min), np.full(len(size), 1 << 62)
    np.maximum.at(latest, group, came)
    np.minimum.at(first, group, begins)
    batch = (size >= FEWEST_IN_BATCH) & (latest <= first)  # all had come before the first began
    taken = batch[group] & (person != NOBODY) & ~waits.estimated[order]
    found[order] = np.where(taken, latest[group], came)
    return found


def _attention(works: _Works, clock: Clock) -> _Works:
    """Return what each person was at, moment by moment: the ticket taken up last."""
    start, end = clock(works.start), clock(works.end)
    order = np.lexsort((end, start, works.person))
    found: list[tuple[int, int, int, int]] = []
    open_: list[tuple[int, int]] = []  # ticket came, end; the last is worked on
    whose, now = NOBODY, 0
    lists = (works.person[order], works.came[order], start[order], end[order])
    for person, came, begins, ends in zip(*(each.tolist() for each in lists), strict=True):
        until = begins if person == whose else None
        _worked(found, open_, whose, now, until)
        if person != whose:
            open_.clear()
        whose, now = person, begins
        open_.append((came, ends))
    _worked(found, open_, whose, now, None)
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return _Works(columns[0], columns[1], columns[2], columns[3])


def _worked(
    found: list[tuple[int, int, int, int]],
    open_: list[tuple[int, int]],
    whose: int,
    now: int,
    until: int | None,
) -> None:
    """Write down what a person did from one moment to another, the ticket taken up last first."""
    while open_ and (until is None or now < until):
        came, ends = open_[-1]
        stop = ends if until is None else min(ends, until)
        if stop > now:
            found.append((whose, came, now, stop))
            now = stop
        if ends <= now:
            open_.pop()


def _busy(
    works: _Works, clock: Clock, person: Numbers, came: Numbers, start: Numbers, end: Numbers
) -> tuple[Numbers, Numbers]:
    """Return for how much of each stretch its person was at earlier and at later tickets."""
    earlier, later = np.zeros(len(start), np.int64), np.zeros(len(start), np.int64)
    seen = _attention(works, clock)
    if not len(seen.start) or not len(start):
        return earlier, later
    origin = min(int(seen.start.min()), int(start.min()))
    low = np.searchsorted(
        _keyed(seen.person, seen.end - origin), _keyed(person, start - origin), "right"
    )
    high = np.searchsorted(
        _keyed(seen.person, seen.start - origin), _keyed(person, end - origin), "left"
    )
    many = np.maximum(high - low, 0)
    for part in _parts(many):
        place = np.repeat(np.arange(part.start, part.stop), many[part])
        within = np.arange(len(place)) - np.repeat(np.cumsum(many[part]) - many[part], many[part])
        other = np.repeat(low[part], many[part]) + within
        both = np.minimum(end[place], seen.end[other]) - np.maximum(start[place], seen.start[other])
        both = np.maximum(both, 0)
        first = seen.came[other] <= came[place]
        np.add.at(earlier, place, np.where(first, both, 0))
        np.add.at(later, place, np.where(first, 0, both))
    return earlier, later


def _parts(many: Numbers) -> list[slice]:
    """Cut stretches into runs of at most about MOST_PAIRS pairs."""
    place = np.cumsum(many) // MOST_PAIRS
    edges = np.append(np.flatnonzero(np.append(True, place[1:] != place[:-1])), len(many))
    return [slice(a, b) for a, b in pairwise(edges.tolist())]


def _summed(called: Sequence[str], waits: _Waits, at: Numbers, us: Numbers) -> list[Waited]:
    names = sorted({called[row] for row in at.tolist()})
    place = {name: n for n, name in enumerate(names)}
    code = np.array([place[called[row]] for row in at.tolist()], dtype=np.int64)
    sums = np.zeros((len(names), len(CAUSES)), dtype=np.int64)
    np.add.at(sums, code, us)
    wait = waits.of_row[at]
    found = []
    for name, n in place.items():
        mine = np.unique(wait[code == n])
        guessed = int(waits.estimated[mine].sum())
        found.append(Waited(name or None, len(mine), guessed, tuple(sums[n].tolist())))
    found.sort(key=lambda each: (-each.hours, each.name or ""))
    total = tuple(sums.sum(axis=0).tolist())
    every = len(waits.came)  # also those that an estimate leaves no time
    whole = Waited(None, every, int(waits.estimated.sum()), total, everybody=True)
    return [whole, *found] if found else []
