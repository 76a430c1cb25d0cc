"""Pauses of clocks, counted: how many a team has, late, short and silent ones, and how long it ran.

Floor 4, analysis. A pause is late that begins with nine tenths of the promise used or more, short
when it is over within five minutes, silent when it is over and no message was sent in it. What is
made of the counts stands in `pauses.py`. A state that was set and left in the same instant is no
pause: nobody waited, and it was a program that went through it.

Source: the "wait-user" question of BPI Challenge 2013.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.service_levels.conditions import any_holds
from opsgauge.log.service_levels.flags import KEY, Followed, ever_paused
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import stages
from opsgauge.warehouse.portable import ones, summed

LATE = 0.9  # of the promise used when the pause begins
SHORT_US = MICROS_PER_HOUR // 12  # five minutes
# What adds up over agents; the last two are how long clocks ran.
NUMBERS = ("pauses", "late", "short", "late_us", "judged", "silent", "ran_us", "ran_late_us")


@dataclass(frozen=True)
class Pauses:
    """The pauses that began while a team held the ticket.

    Attributes
    ----------
    pauses : all of them, with `late` and `short` ones among them
    hours : from beginning to end, late pauses alone, elapsed
    judged : those that are over, and of which it is told whether the customer was sent a message
    silent : of these, those without one
    ran : open hours that its clocks ran, as long as their promise was not used up
    ran_late : of these, hours in the last tenth of the promise
    """

    team: str | None
    pauses: int
    late: int
    short: int
    hours: float
    judged: int = 0
    silent: int = 0
    ran: float = 0.0
    ran_late: float = 0.0

    @property
    def late_by_itself(self) -> float:
        """The share that would be late if pauses came at any time alike that its clocks ran."""
        return self.ran_late / self.ran if self.ran else 1 - LATE

    @property
    def late_share(self) -> float:
        """The share that began in the last tenth of the clock."""
        return self.late / self.pauses if self.pauses else 0.0

    @property
    def short_share(self) -> float:
        """The share that was over within five minutes."""
        return self.short / self.pauses if self.pauses else 0.0

    @property
    def silent_share(self) -> float | None:
        """The share without a message, None where nothing tells it of any."""
        return self.silent / self.judged if self.judged else None


def pause_rows(
    level: ServiceLevel,
    of: Followed,
    by: tuple[str, ...] = ("team",),
    chosen: ir.Table | None = None,
) -> ir.Table:
    """Count the pauses of a service level's clocks by the team that held the ticket.

    Parameters
    ----------
    by : team, or team and assignee, as they were when the pause began
    chosen : key and cycle of the clocks whose pauses count; None for all

    A pause lasts as long as intervals follow each other in which the clock is paused. It has a
    message where an update during it, or at the instant it began, is one.

    Returns
    -------
    `by`, pauses, late (begun with 0.9 of the promise used or more, and not yet broken),
    short (under five minutes, over already), late_us (elapsed, of the late ones), judged (over,
    and it is told of every update in it whether it was a message, or one was), silent (of these,
    without a message), ran_us and ran_late_us (open time that clocks ran within their promise, and
    in the last tenth of it, those that were ever paused)
    """
    rows = stages(level, ever_paused(level, of))
    if chosen is not None:
        rows = rows.semi_join(chosen, [*KEY, "cycle"])
    # After the moment that stopped it a clock is not paused, whatever becomes of its ticket.
    rows = rows.filter(rows.stopped_us.isnull() | (rows.since_us < rows.stopped_us))
    paused = rows.filter(rows.paused == 1)
    nothing = ibis.null("int64")
    each = paused.group_by(*KEY, "cycle", "ran").aggregate(
        # As one value: of the interval that it began with, also where that has no team.
        began=ibis.struct({name: paused[name] for name in ("seq", *by)}).min(),
        since=paused.since_us.min(),
        until=paused.until_us.max(),
        used=paused.before_us.min(),
        target=paused.target_us.min(),
        lasts=paused["last"].max(),
        messages=paused.message.max().fill_null(0),
        untold=ones(paused.message.isnull()).max(),
        ended=ibis.greatest(
            paused.stops, paused.cancels, paused.resets, ones(paused.stopped_us.notnull())
        ).max(),
    )
    each = each.filter((each.until > each.since) | (each["lasts"] == 1))
    each = each.mutate(**{name: each.began[name] for name in by})
    share = each.used.cast("float64") / each.target
    late = ones((share >= LATE) & (each.used <= each.target))
    length = each.until - each.since
    # A message may yet come while it lasts.
    over = (each["lasts"] == 0) | (each.ended == 1)
    judged = over & ((each.messages == 1) | (each.untold == 0))
    each = each.mutate(
        late=late,
        length=length,
        short=ones((length < SHORT_US) & (each["lasts"] == 0)),
        judged=ones(judged),
        silent=ones(judged & (each.messages == 0)),
    )
    each = each.mutate(pauses=1, late_us=ibis.ifelse(each.late == 1, each.length, nothing))
    ran = rows.filter(rows.paused == 0).semi_join(paused, [*KEY, "cycle"])
    both = ibis.union(_whole(each, by), _whole(_ran(ran), by))
    both = both.group_by(*by).aggregate(**{name: summed(both[name].sum()) for name in NUMBERS})
    return both.filter(both.pauses > 0)


def _ran(rows: ir.Table) -> ir.Table:
    """Return how long clocks ran in an interval: within their promise, and in its last tenth."""
    since = ibis.least(rows.before_us, rows.target_us)
    until = ibis.least(rows.before_us + rows.used_us, rows.target_us)
    late = (rows.target_us * LATE).cast("int64")
    return rows.mutate(
        ran_us=until - since, ran_late_us=ibis.greatest(until, late) - ibis.greatest(since, late)
    )


def _whole(rows: ir.Table, by: Sequence[str]) -> ir.Table:
    """Return all numbers, 0 where the rows have no such number."""
    numbers = {
        name: rows[name].fill_null(0).cast("int64") if name in rows.columns else ibis.literal(0)
        for name in NUMBERS
    }
    return rows.select(*by, **{name: each.cast("int64") for name, each in numbers.items()})


def message_rows(level: ServiceLevel, history: ir.Table) -> ir.Table:
    """Count the updates in the records that are messages to customers: sent, in one row."""
    return history.aggregate(sent=ones(any_holds(history, level.messages)).sum().fill_null(0))


def pauses(rows: pa.Table) -> list[Pauses]:
    """Return what `pause_rows` gave, by team or by team and assignee: teams by name."""
    sums: dict[str | None, dict[str, int]] = {}
    for row in rows.to_pylist():
        so_far = sums.setdefault(row["team"], dict.fromkeys(NUMBERS, 0))
        for name in so_far:
            so_far[name] += int(row[name] or 0)
    teams = [pauses_of(team, counts) for team, counts in sums.items()]
    return sorted(teams, key=lambda each: each.team or "")


def pauses_of(team: str | None, counts: Mapping[str, int]) -> Pauses:
    """Return the pauses of a team by their numbers."""
    return Pauses(
        team,
        counts["pauses"],
        counts["late"],
        counts["short"],
        counts["late_us"] / MICROS_PER_HOUR,
        counts["judged"],
        counts["silent"],
        counts["ran_us"] / MICROS_PER_HOUR,
        counts["ran_late_us"] / MICROS_PER_HOUR,
    )
