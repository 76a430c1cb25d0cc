"""Clocks that got more time when little was left: a priority lowered shortly before the breach.

Floor 4, analysis. A target grows where the ticket changes to a priority, or to whatever else the
targets go by, that is given more time. That is right where the first priority was wrong, and it is
seen then at any time of a clock; it is told of where the clock had used most of its old target.
A description, not a judgement. Source: practice of service level audits.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from opsgauge.analysis.mining.describing import Description, hours_of, rows_by, total
from opsgauge.analysis.mining.examples import examples_of, with_most
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import MICROS_PER_HOUR, percent, whole
from opsgauge.log.service_levels.flags import KEY, Followed, ever_retargeted
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import stages
from opsgauge.warehouse.portable import ones, summed

KIND = "late_downgrade"
STRETCH_US = 30 * 24 * MICROS_PER_HOUR  # so that examples are not all of one week


def raised_rows(level: ServiceLevel, of: Followed, used: float) -> ir.Table:
    """Count the clocks of a service level whose target grew, by the team that had the ticket.

    Parameters
    ----------
    used : share of the old target used by then, from which on it was late

    Returns
    -------
    team, stretch (thirty days, by the moment of it), raised, late (of these; not yet broken),
    tickets (of the late ones), over_us (time that their clocks ran beyond the target they had
    before the team first raised it late), example (the one with most of it)
    """
    rows = stages(level, ever_retargeted(level, of))
    clock = [*KEY, "cycle"]
    order, whole_clock = ibis.window(group_by=clock, order_by="seq"), ibis.window(group_by=clock)
    rows = rows.select(
        *clock,
        "team",
        "since_us",
        "before_us",
        grown=rows.target_us > rows.target_us.lag().over(order),
        old_us=rows.target_us.lag().over(order),
        ran_us=(rows.before_us + rows.used_us).max().over(whole_clock),
    )
    rows = rows.filter(rows.grown & rows.team.notnull())
    share = rows.before_us.cast("float64") / rows.old_us.cast("float64").nullif(0.0)
    late = ((share >= used) & (share <= 1.0)).fill_null(False)
    of_clock = rows.group_by(*clock, "team").aggregate(
        stretch=(rows.since_us // STRETCH_US).min(),
        raised=rows.count(),
        late=summed(ones(late).sum()),
        beyond_us=(rows.ran_us - ibis.cases((late, rows.old_us))).max(),
    )
    over = ibis.greatest(of_clock.beyond_us.fill_null(0), 0)
    of_ticket = (
        of_clock.mutate(over_us=over)
        .group_by(*KEY, "team")
        .aggregate(
            stretch=ibis._.stretch.min(),
            raised=summed(ibis._.raised.sum()),
            late=summed(ibis._.late.sum()),
            over_us=summed(ibis._.over_us.sum()),
        )
    )
    some = of_ticket.late > 0
    return of_ticket.group_by("team", "stretch").aggregate(
        raised=summed(of_ticket.raised.sum()),
        late=summed(of_ticket.late.sum()),
        tickets=summed(ones(some).sum()),
        over_us=summed(of_ticket.over_us.sum()),
        example=with_most(of_ticket, of_ticket.over_us, some),
    )


def late_downgrades(
    level: ServiceLevel, rows: Sequence[Mapping[str, Any]], limits: Thresholds
) -> Iterator[Description]:
    """Yield the teams that give clocks more time when little is left.

    Parameters
    ----------
    rows : what `raised_rows` gave
    """
    for team, own in rows_by(rows, "team").items():
        late = total(own, "late")
        if late >= limits.late_downgrades:
            yield Description(
                KIND,
                f"{team} changed tickets so that clocks of ‘{level.title}’ got more time "
                f"{whole(late)} times when {percent(limits.late_downgrade_used, 0)} or more was "
                f"used, of {whole(total(own, 'raised'))} times in all.",
                f"{percent(limits.late_downgrade_used, 0)} of the target used, "
                f"{whole(limits.late_downgrades)} times or more",
                total(own, "tickets"),
                hours_of(own, "over_us"),
                (team,),
                examples_of(own),
            )
