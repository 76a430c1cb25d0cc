"""Pauses of clocks: who stops them just before they break, and who stops them for moments.

Floor 4, analysis. Pausing is right where somebody else is waited for, and then it comes at any time
of a clock. Where a clock is paused to save it, pauses crowd into its last tenth. So a team's share
of late pauses is held against that of all other teams together (Fisher's exact test, one-sided),
over all teams looked at (Benjamini and Hochberg), and where it is at least twice theirs.

Sources: the "wait-user" question of BPI Challenge 2013; Fisher, Statistical methods for research
workers, 1925; Benjamini and Hochberg, Controlling the false discovery rate, 1995.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from scipy.stats import false_discovery_control, fisher_exact

from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import KEY, Followed, stages
from opsgauge.warehouse.portable import ones, summed

KIND, METHOD = "late_pauses", "fisher_exact_over_teams"
LATE = 0.9  # of the promise used when the pause begins
SHORT_US = MICROS_PER_HOUR // 12  # five minutes
FEWEST_LATE = 10
FEWEST_PAUSES = 20  # of a team, for anything to be said of it
TIMES_OTHERS = 2.0
SURE = 0.01  # share of false findings among those told


@dataclass(frozen=True)
class Pauses:
    """The pauses that began while a team held the ticket.

    Attributes
    ----------
    pauses : all of them, with `late` and `short` ones among them
    kept : clocks of the late ones that were kept in the end
    hours : from beginning to end, late pauses alone, elapsed
    """

    team: str | None
    pauses: int
    late: int
    short: int
    hours: float

    @property
    def late_share(self) -> float:
        """The share that began in the last tenth of the clock."""
        return self.late / self.pauses if self.pauses else 0.0


def pause_rows(level: ServiceLevel, of: Followed) -> ir.Table:
    """Count the pauses of a service level's clocks by the team that held the ticket.

    A pause lasts as long as intervals follow each other in which the clock is paused.

    Returns
    -------
    team, pauses, late (begun with 0.9 of the promise used or more, and not yet broken),
    short (under five minutes, over already), late_us (elapsed, of the late ones)
    """
    rows = stages(level, of)
    order = {"group_by": [*KEY, "cycle"], "order_by": "seq"}
    one = ibis.window(**order)
    before = rows.paused.lag().over(one).fill_null(0)
    rows = rows.mutate(begins=ones((rows.paused == 1) & (before == 0)))
    so_far = ibis.window(**order, preceding=None, following=0)
    rows = rows.mutate(pause=summed(rows.begins.sum().over(so_far)))
    paused = rows.filter(rows.paused == 1)
    nothing = ibis.null("int64")
    each = paused.group_by(*KEY, "cycle", "pause").aggregate(
        since=paused.since_us.min(),
        until=paused.until_us.max(),
        used=paused.before_us.min(),
        target=paused.target_us.min(),
        lasts=paused["last"].max(),
        first=paused.seq.min(),
    )
    held = paused.filter(paused.begins == 1).select(*KEY, "cycle", "pause", "team")
    each = each.inner_join(held, [*KEY, "cycle", "pause"])
    share = each.used.cast("float64") / each.target
    late = ones((share >= LATE) & (each.used <= each.target))
    length = each.until - each.since
    each = each.mutate(
        late=late, length=length, short=ones((length < SHORT_US) & (each["lasts"] == 0))
    )
    return each.group_by("team").aggregate(
        pauses=each.count(),
        late=each.late.sum(),
        short=each.short.sum(),
        late_us=summed(ibis.ifelse(each.late == 1, each.length, nothing).sum().fill_null(0)),
    )


def pauses(rows: pa.Table) -> list[Pauses]:
    """Return what `pause_rows` gave, teams by name."""
    found = [
        Pauses(
            row["team"],
            int(row["pauses"]),
            int(row["late"]),
            int(row["short"]),
            int(row["late_us"] or 0) / MICROS_PER_HOUR,
        )
        for row in rows.to_pylist()
    ]
    return sorted(found, key=lambda each: each.team or "")


def late_pauses(level: ServiceLevel, known: Sequence[Pauses], evidence: Evidence) -> list[Finding]:
    """Return the teams that pause clocks late more than others do, most late pauses first."""
    judged = [each for each in known if each.team is not None and each.pauses >= FEWEST_PAUSES]
    if len(judged) < 2:
        return []
    odds = [_odds(each, _others(each, known)) for each in judged]
    sure = false_discovery_control(odds)
    found = [
        _finding(level, each, _others(each, known), len(judged), evidence)
        for each, chance in zip(judged, sure, strict=True)
        if chance < SURE and each.late >= FEWEST_LATE and _twice(each, _others(each, known))
    ]
    return sorted(found, key=lambda finding: -finding.size)


def _others(of: Pauses, known: Iterable[Pauses]) -> Pauses:
    rest = [each for each in known if each is not of]
    return Pauses(
        None,
        sum(each.pauses for each in rest),
        sum(each.late for each in rest),
        sum(each.short for each in rest),
        sum(each.hours for each in rest),
    )


def _twice(one: Pauses, others: Pauses) -> bool:
    return one.late_share >= TIMES_OTHERS * others.late_share


def _odds(one: Pauses, others: Pauses) -> float:
    table = [[one.late, one.pauses - one.late], [others.late, others.pauses - others.late]]
    return float(fisher_exact(table, alternative="greater").pvalue)


def _finding(
    level: ServiceLevel, of: Pauses, others: Pauses, looked: int, evidence: Evidence
) -> Finding:
    expected = of.pauses * others.late_share
    return Finding(
        id=f"{KIND}-{level.name}-{of.team}",
        kind=KIND,
        lane=Lane.INTEGRITY,
        claim=(
            f"{of.team} paused the clock of ‘{level.title}’ {whole(of.late)} times with less than "
            f"a tenth of it left: {percent(of.late_share, 0)} of its {whole(of.pauses)} pauses, "
            f"where {percent(others.late_share, 0)} is usual in other teams."
        ),
        size=of.late - expected,
        unit="count",
        interval=None,
        n=of.pauses,
        method=METHOD,
        evidence=evidence,
        caveats=(
            f"{whole(looked)} teams were looked at; that is taken into account.",
            "A team that gets tickets late in their life pauses them late, too: look at the "
            "tickets before anyone is asked why.",
            f"Size is the number above the {whole(expected)} that would be usual.",
        ),
    )
