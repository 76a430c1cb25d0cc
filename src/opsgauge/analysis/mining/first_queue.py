"""The wrong first queue: a category that goes first to a team that can only pass it on.

Floor 4, analysis. Counted for each category and team are the tickets of the category that came to
the team as the first or the second that held them, were passed on, and never came back. Where the
team also ends up with more than a tenth of what it gets of the category, it does work there and is
left out. A dispatching desk passes on everything; so what the team does with one category is held
against what it does with the others of the same practice (beta-binomial, see `standing_out.py`),
over all categories and teams (Bonferroni).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.mining.detector_limits import USUAL, DetectorLimits
from opsgauge.analysis.mining.examples import examples_of
from opsgauge.analysis.mining.standing_out import Outstanding, Place, standing_out
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole

KIND, METHOD = "wrong_first_queue", "beta_binomial_over_categories"
Key = tuple[str, str, str]  # practice, category, team


@dataclass(frozen=True)
class Queue:
    """A category that comes to a team, and what became of it there.

    Attributes
    ----------
    tickets : of the category, wherever they went
    passed : those that the team got early and only passed on
    kept : those that are with the team at the end
    hours : that the passed ones lay there, while open
    """

    practice: str
    category: str
    team: str
    tickets: int
    passed: int
    kept: int
    hours: float
    examples: tuple[tuple[str, str], ...] = ()


def category_rows(tickets: ir.Table) -> ir.Table:
    """Count the tickets by category and the team that has them now.

    Returns
    -------
    practice, category, team, n
    """
    named = tickets.filter(tickets.category.notnull() & tickets.team.notnull())
    return named.group_by("practice", "category", "team").aggregate(n=named.count())


def queues(rows: pa.Table, categories: pa.Table) -> list[Queue]:
    """Return every category with every team of its practice, noughts included.

    Parameters
    ----------
    rows : what `stays.early_stays` gave
    categories : what `category_rows` gave
    """
    sizes: Counter[tuple[str, str]] = Counter()
    kept: Counter[Key] = Counter()
    for row in categories.to_pylist():
        sizes[row["practice"], row["category"]] += int(row["n"])
        kept[row["practice"], row["category"], row["team"]] += int(row["n"])
    passed: dict[Key, list[Mapping[str, Any]]] = {}
    for row in rows.to_pylist():
        if row["category"] is not None:
            passed.setdefault((row["practice"], row["category"], row["team"]), []).append(row)
    teams = sorted({(practice, team) for practice, _, team in passed})
    return [
        _queue((practice, category, team), n, passed.get((practice, category, team), ()), kept)
        for practice, team in teams
        for (of, category), n in sorted(sizes.items())
        if of == practice
    ]


def _queue(
    key: Key, tickets: int, rows: Sequence[Mapping[str, Any]], kept: Mapping[Key, int]
) -> Queue:
    hours = sum(int(row["held_us"]) for row in rows) / MICROS_PER_HOUR
    passed = sum(int(row["passed"]) for row in rows)
    return Queue(*key, tickets, passed, kept.get(key, 0), hours, examples_of(rows))


def wrong_first_queues(
    known: Sequence[Queue], evidence: Evidence, limits: DetectorLimits = USUAL
) -> list[Finding]:
    """Return the categories that go first to a team that only passes them on."""
    found = []
    for queue, out in _standing_out(known, limits):
        found.append(_finding(queue, out, len(known), evidence))
    return found


def _standing_out(
    known: Sequence[Queue], limits: DetectorLimits
) -> Iterator[tuple[Queue, Outstanding]]:
    by_team: dict[tuple[str, str], dict[tuple[str, ...], Queue]] = {}
    for queue in known:
        by_team.setdefault((queue.practice, queue.team), {})[queue.category,] = queue
    for queues_of in by_team.values():
        places = [
            Place((queue.category,), queue.tickets, queue.passed, queue.hours)
            for queue in queues_of.values()
        ]
        for out in standing_out(places, len(known), limits.bar(limits.wrong_queue_share)):
            queue = queues_of[out.place.name]
            if queue.kept <= limits.wrong_queue_kept * (queue.kept + queue.passed):
                yield queue, out


def _finding(queue: Queue, out: Outstanding, looked: int, evidence: Evidence) -> Finding:
    what = f"{queue.practice}s of ‘{queue.category}’"
    return Finding(
        id=f"{KIND}-{queue.practice}-{queue.category}-{queue.team}",
        kind=KIND,
        lane=Lane.QUALITY,
        claim=(
            f"{whole(queue.passed)} of {whole(queue.tickets)} {what} went first to {queue.team}, "
            f"which only passed them on: {percent(out.share, 0)}, where "
            f"{percent(out.usual.mean, 0)} of other categories do; they lay there for "
            f"{whole(queue.hours)} hours."
        ),
        size=queue.passed - out.expected,
        unit="tickets",
        interval=None,
        n=queue.tickets,
        method=METHOD,
        evidence=evidence,
        worth_hours=out.worth_hours,
        caveats=(
            f"{whole(looked)} pairs of a category and a team were looked at; that is taken into "
            "account.",
            "Hours with the team while they were open, nights and weekends included.",
            "The category is the one a ticket has now; who routes by an earlier one may be right.",
        ),
        teams=(queue.team,),
        about=(f"practice={queue.practice}", f"category={queue.category}", f"team={queue.team}"),
        odds=out.odds,
        look_next=(
            f"Find the rule or the habit that sends ‘{queue.category}’ to {queue.team}, and send "
            "it straight to the team that ends up with it."
        ),
        examples=queue.examples,
    )
