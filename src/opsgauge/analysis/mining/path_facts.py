"""What becomes of tickets on each path: how long they take, whether promises hold, what is extra.

Floor 4, analysis. Outcomes are those of tickets by the hash of their path. A path is another one
with extra steps where the other is what is left of it when steps are struck out; of several, the
one with fewest struck out counts, and of these the most frequent. The happy path is the most
frequent one among tickets that are done, were not reopened and did not break their service level.

Source: ServiceNow Process Mining calls it an extra step variant; van der Aalst, Process Mining,
2nd ed., 2016, chapter 9 (variants, coverage).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining import steps as by
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import DONE_PHASES
from opsgauge.metrics.statistics import summarise
from opsgauge.warehouse.portable import micros, ones, summed

KEY = ("source", "ticket_id")
Path = tuple[str | None, ...]


@dataclass(frozen=True)
class Facts:
    """Tickets of one path.

    Attributes
    ----------
    finished : of them; `hours` of all of these together, `median` of one with its 95 % interval
    kept : of `judged`, finished ones that kept their service level by the source's own flag
    reopened : of `known`, those that were reopened
    happy : done, not reopened, no service level broken
    answers : to surveys that ask for satisfaction; `satisfaction` their mean, 0 to 1
    """

    finished: int = 0
    hours: float = 0.0
    median: float | None = None
    low: float | None = None
    high: float | None = None
    kept: int = 0
    judged: int = 0
    reopened: int = 0
    known: int = 0
    happy: int = 0
    answers: int = 0
    satisfaction: float | None = None


@dataclass(frozen=True)
class Extra:
    """A path that is another one with steps added.

    Attributes
    ----------
    of : place of the other path among the paths looked at
    steps : what is added, in order
    hours : by how much the median is longer; None where one is not known
    """

    of: int
    steps: Path
    hours: float | None


def outcome_rows(tickets: ir.Table, steps: str) -> ir.Table:
    """Return one row per ticket with a path: variant, number (microseconds, null unless done), ...

    Raises
    ------
    UnknownColumn : there are no such steps
    """
    done = tickets.phase.isin(DONE_PHASES).fill_null(False)
    again = ibis.coalesce(tickets.reopen_count, tickets.history_reopen_count)
    rows = tickets.select(
        *KEY,
        variant=by.variant_hash(tickets, steps),
        number=took(tickets),
        sla_met=ibis.cases((done, tickets.sla_met)),  # while it is open, a flag only has not fallen
        again=again,
        happy=ones(done & (again.fill_null(0) == 0) & tickets.sla_met.fill_null(True)),
    )
    return rows.filter(rows.variant.notnull())


def took(tickets: ir.Table) -> ir.IntegerValue:
    """Return the microseconds from opening to resolution, or closing; null unless done."""
    end = ibis.coalesce(micros(tickets.resolved_at), micros(tickets.closed_at))
    done = tickets.phase.isin(DONE_PHASES).fill_null(False)
    lasting = end - micros(tickets.opened_at)
    return ibis.cases((done & (lasting >= 0), lasting))


def fact_rows(outcomes: ir.Table) -> ir.Table:
    """Return the counts of each path."""
    return outcomes.group_by("variant").aggregate(
        finished=outcomes.number.count(),
        took_us=summed(outcomes.number.sum().fill_null(0)),
        kept=ones(outcomes.sla_met).sum(),
        judged=outcomes.sla_met.count(),
        reopened=ones(outcomes.again > 0).sum(),
        known=outcomes.again.count(),
        happy=outcomes.happy.sum(),
    )


def time_rows(outcomes: ir.Table, wanted: Sequence[str]) -> ir.Table:
    """Return n, value, low and high of the hours of some paths."""
    rows = outcomes.filter(outcomes.variant.isin(list(wanted)) & outcomes.number.notnull())
    return summarise(rows, ["variant"], "median", float(MICROS_PER_HOUR))


def answer_rows(outcomes: ir.Table, surveys: ir.Table) -> ir.Table:
    """Return variant, answers and score (mean of 0 to 1) of surveys about satisfaction."""
    width = surveys.scale_max - surveys.scale_min
    asked = surveys.filter((surveys.kind == "satisfaction") & surveys.score.notnull() & (width > 0))
    score = (asked.score - asked.scale_min) / (asked.scale_max - asked.scale_min).nullif(0)
    told = asked.select(*KEY, thousandths=(score * 1000).ceil().cast("int64"))
    met = told.inner_join(outcomes.select(*KEY, "variant"), list(KEY))
    return met.group_by("variant").aggregate(
        answers=met.count(), thousandths=summed(met.thousandths.sum())
    )


def facts(counted: pa.Table, timed: pa.Table, answered: pa.Table) -> dict[str, Facts]:
    """Return what the three queries gave, by the hash of the path."""
    times = {row["variant"]: row for row in timed.to_pylist()}
    scores = {row["variant"]: row for row in answered.to_pylist()}
    return {
        row["variant"]: _facts(row, times.get(row["variant"], {}), scores.get(row["variant"], {}))
        for row in counted.to_pylist()
    }


def _facts(row: Mapping[str, Any], time: Mapping[str, Any], score: Mapping[str, Any]) -> Facts:
    answers = int(score.get("answers", 0))
    return Facts(
        finished=int(row["finished"]),
        hours=int(row["took_us"]) / MICROS_PER_HOUR,
        median=time.get("value"),
        low=time.get("low"),
        high=time.get("high"),
        **{name: int(row[name]) for name in ("kept", "judged", "reopened", "known", "happy")},
        answers=answers,
        satisfaction=int(score["thousandths"]) / 1000 / answers if answers else None,
    )


def happiest(known: Mapping[str, Facts]) -> str | None:
    """Return the path that most tickets without trouble took; None where there is none."""
    met = [(one.happy, variant) for variant, one in known.items() if one.happy]
    return min(met, key=lambda pair: (-pair[0], pair[1]))[1] if met else None


def added_steps(path: Path, other: Path) -> Path | None:
    """Return the steps that a path adds to another; None where it is not the other with more.

    Examples
    --------
    >>> added_steps(("new", "work", "wait", "work", "done"), ("new", "work", "done"))
    ('wait', 'work')
    >>> added_steps(("new", "done"), ("new", "work")) is None
    True
    """
    if len(path) <= len(other):
        return None
    added: list[str | None] = []
    left = list(other)
    for step in path:
        if left and step == left[0]:
            left.pop(0)
        else:
            added.append(step)
    return None if left else tuple(added)


def extras(paths: Sequence[Path], medians: Sequence[float | None]) -> list[Extra | None]:
    """Return for each path which other one it is with steps added.

    Parameters
    ----------
    paths : the most frequent first
    medians : hours of each
    """
    return [_extra(place, paths, medians) for place in range(len(paths))]


def _extra(place: int, paths: Sequence[Path], medians: Sequence[float | None]) -> Extra | None:
    met = []
    for other in range(place):  # a path is the rule, and what is rarer is with something extra
        added = added_steps(paths[place], paths[other])
        if added is not None:
            met.append((len(added), other, added))
    if not met:
        return None
    _, other, added = min(met, key=lambda each: each[:2])
    mine, theirs = medians[place], medians[other]
    hours = None if mine is None or theirs is None else mine - theirs
    return Extra(other, added, hours)
