"""At which stage each delayed ticket broke: intake, routing, execution, handoff or closure.

Floor 4, analysis. Every hour of a finished ticket is in one stage:

* intake: until anybody is named or any work begins (phases new and scheduled, nobody named);
* routing: from then until work first begins (phase in_progress), whoever holds it;
* execution: from the first work on, worked on or paused, with the team that is at work;
* handoff: after the first work, with a team that has been given the ticket and has not begun;
* closure: from the last resolution to the closing.

Time for which a ticket lay as done before it was reopened is in none: nobody waited for it.

Delayed is what broke its service level by the source's own flag; where a practice has no flag, what
took longer than 85 in 100 of its finished tickets. A delayed ticket broke at the stage in which it
lost most: hours above the median of the tickets of its practice that were not delayed, and only
what is above counts as lost. Tickets that lost nothing anywhere are told apart.

Sources: Juran, Quality Control Handbook, 1951 (Pareto analysis); the stages are named after the
places where processes usually break.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.waiting.steps import KEY
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import BEFORE_RESPONSE, CLOSED_PHASE, DONE_PHASES
from opsgauge.warehouse.portable import micros, ones, quantile, summed

STAGES = ("intake", "routing", "execution", "handoff", "closure")
NOWHERE = "nowhere"
LATE_AT = 0.85  # of finished tickets, where no flag says what is late
WORK = "in_progress"
NEVER_US = 1 << 62


@dataclass(frozen=True)
class Stage:
    """One stage.

    Attributes
    ----------
    broke : delayed tickets that lost most here
    lost_hours : of all delayed tickets, what is above the usual here
    hours : of all delayed tickets, here
    """

    name: str
    broke: int
    lost_hours: float
    hours: float


@dataclass(frozen=True)
class Broken:
    """Where delayed tickets broke, the stage with most lost hours first.

    Attributes
    ----------
    finished, delayed : tickets; `by_flag` of the delayed, those that a flag calls so
    nowhere : delayed tickets that were above the usual in no stage
    """

    finished: int
    delayed: int
    by_flag: int
    nowhere: int
    stages: tuple[Stage, ...]

    @property
    def lost_hours(self) -> float:
        """Hours lost in all stages together."""
        return sum(each.lost_hours for each in self.stages)


def ticket_rows(history: ir.Table, tickets: ir.Table) -> ir.Table:
    """Return one row per finished ticket: its hours in each stage, and whether it is late.

    Returns
    -------
    key, practice, took_us, flag (late, null where nobody says so), and each of STAGES in
    microseconds
    """
    done = tickets.filter(tickets.phase.isin(DONE_PHASES))
    ended = done.select(
        *KEY,
        "practice",
        flag=~done.sla_met,
        opened_us=micros(done.opened_at),
        end_us=ibis.coalesce(micros(done.resolved_at), micros(done.closed_at)),
    )
    ended = ended.filter(ended.end_us >= ended.opened_us)
    begun = history.group_by(list(KEY)).aggregate(
        work_us=micros(history.since).min(where=history.phase == WORK),
        named_us=micros(history.since).min(
            where=history.assignee.notnull() | ~history.phase.isin(BEFORE_RESPONSE)
        ),
    )
    team_begun = history.group_by([*KEY, "team"]).aggregate(
        team_work_us=micros(history.since).min(where=history.phase == WORK)
    )
    rows = history.filter(history.elapsed_us > 0).left_join(begun, list(KEY))
    rows = rows.select(
        *KEY, "team", "phase", "open", "elapsed_us", "work_us", "named_us",
        since_us=micros(rows.since),
    )  # fmt: skip
    rows = rows.left_join(team_begun, [*KEY, rows.team.identical_to(team_begun.team)]).select(
        *(rows[name] for name in rows.columns), team_begun.team_work_us
    )
    staged = rows.mutate(stage=_stage(rows))
    spent = staged.group_by(list(KEY)).aggregate(
        **{
            name: summed(staged.elapsed_us.sum(where=staged.stage == place).fill_null(0))
            for place, name in enumerate(STAGES)
        }
    )
    both = ended.inner_join(spent, list(KEY))
    return both.select(
        *KEY,
        "practice",
        "flag",
        took_us=both.end_us - both.opened_us,
        **{n: both[n] for n in STAGES},
    )


def _stage(rows: ir.Table) -> ir.IntegerValue:
    """Return the place in STAGES of each interval; null for one that is in none."""
    work = rows.work_us.fill_null(NEVER_US)
    team_work = rows.team_work_us.fill_null(NEVER_US)
    return ibis.cases(
        (rows.open & (rows.since_us < rows.named_us.fill_null(NEVER_US)), 0),
        (rows.open & (rows.since_us < work), 1),
        (rows.open & (rows.since_us < team_work) & rows.team.notnull(), 3),
        (rows.open, 2),
        (rows.phase.isin(DONE_PHASES) & (rows.phase != CLOSED_PHASE), 4),
    )


def judged_rows(each: ir.Table) -> ir.Table:
    """Return the tickets with late (1 or 0) and what each stage lost, never below zero.

    Parameters
    ----------
    each : as `ticket_rows` gave them
    """
    limits = each.group_by("practice").aggregate(
        limit_us=quantile(each.took_us, LATE_AT), flags=each.flag.count()
    )
    met = each.inner_join(limits, each.practice.identical_to(limits.practice))
    met = met.select(*(each[name] for name in each.columns), "limit_us", "flags")
    late = ibis.ifelse(met.flags > 0, ones(met.flag), ones(met.took_us > met.limit_us))
    told = met.mutate(late=late)
    usual = told.filter(told.late == 0)
    medians = usual.group_by("practice").aggregate(
        **{f"usual_{name}": quantile(usual[name], 0.5) for name in STAGES}
    )
    rows = told.left_join(medians, told.practice.identical_to(medians.practice))
    lost = {
        f"lost_{name}": ibis.greatest(
            told[name] - medians[f"usual_{name}"].fill_null(0.0).ceil().cast("int64"), 0
        )
        for name in STAGES
    }
    return rows.select(*(told[name] for name in told.columns), **lost)


def stage_rows(judged: ir.Table) -> ir.Table:
    """Return one row of counts and sums over delayed tickets; finished of all."""
    most = ibis.greatest(*(judged[f"lost_{name}"] for name in STAGES))
    late = judged.late == 1
    told = {}
    earlier = ibis.literal(False)
    for name in STAGES:
        here = (judged[f"lost_{name}"] == most) & (most > 0) & ~earlier
        told[f"broke_{name}"] = judged.count(where=late & here)
        told[f"lost_{name}"] = summed(judged[f"lost_{name}"].sum(where=late).fill_null(0))
        told[f"spent_{name}"] = summed(judged[name].sum(where=late).fill_null(0))
        earlier = earlier | here
    return judged.aggregate(
        finished=judged.count(),
        delayed=judged.count(where=late),
        by_flag=judged.count(where=late & (judged.flags > 0)),
        nowhere=judged.count(where=late & (most <= 0)),
        **told,
    )


def broken(rows: pa.Table) -> Broken:
    """Return what `stage_rows` gave."""
    [row] = rows.to_pylist()
    stages = [
        Stage(
            name,
            int(row[f"broke_{name}"]),
            int(row[f"lost_{name}"]) / MICROS_PER_HOUR,
            int(row[f"spent_{name}"]) / MICROS_PER_HOUR,
        )
        for name in STAGES
    ]
    return Broken(
        finished=int(row["finished"]),
        delayed=int(row["delayed"]),
        by_flag=int(row["by_flag"]),
        nowhere=int(row["nowhere"]),
        stages=tuple(sorted(stages, key=lambda each: -each.lost_hours)),
    )


def pareto(stages: Sequence[Stage]) -> list[float]:
    """Return for each stage the share of lost hours of it and of all before it.

    Examples
    --------
    >>> pareto([Stage("routing", 2, 6.0, 9.0), Stage("intake", 1, 2.0, 3.0)])
    [0.75, 1.0]
    """
    total = sum(each.lost_hours for each in stages)
    sums, found = 0.0, []
    for each in stages:
        sums += each.lost_hours
        found.append(sums / total if total else 0.0)
    return found
