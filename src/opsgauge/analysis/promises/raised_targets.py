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

from opsgauge.analysis.mining.describing import Description
from opsgauge.analysis.mining.examples import an_example, example_of
from opsgauge.analysis.mining.thresholds import Thresholds
from opsgauge.foundation.units import percent, whole
from opsgauge.log.service_levels.flags import KEY, Followed, ever_retargeted
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import stages
from opsgauge.warehouse.portable import ones, summed

KIND = "late_downgrade"


def raised_rows(level: ServiceLevel, of: Followed, used: float) -> ir.Table:
    """Count the clocks of a service level whose target grew, by the team that had the ticket.

    Parameters
    ----------
    used : share of the old target used by then, from which on it was late

    Returns
    -------
    team, raised, late (of these; not yet broken), example (of the late ones)
    """
    rows = stages(level, ever_retargeted(level, of))
    order = ibis.window(group_by=[*KEY, "cycle"], order_by="seq")
    rows = rows.select(
        *KEY,
        "team",
        "before_us",
        grown=rows.target_us > rows.target_us.lag().over(order),
        old_us=rows.target_us.lag().over(order),
    )
    rows = rows.filter(rows.grown & rows.team.notnull())
    share = rows.before_us.cast("float64") / rows.old_us.cast("float64").nullif(0.0)
    late = (share >= used) & (share <= 1.0)
    return rows.group_by("team").aggregate(
        raised=rows.count(),
        late=summed(ones(late).sum()),
        example=an_example(rows, late),
    )


def late_downgrades(
    level: ServiceLevel, rows: Sequence[Mapping[str, Any]], limits: Thresholds
) -> Iterator[Description]:
    """Yield the teams that give clocks more time when little is left."""
    for row in rows:
        if row["late"] >= limits.late_downgrades:
            yield Description(
                KIND,
                f"{row['team']} changed tickets so that clocks of ‘{level.title}’ got more time "
                f"{whole(row['late'])} times when "
                f"{percent(limits.late_downgrade_used, 0)} or more was used, of "
                f"{whole(row['raised'])} times in all.",
                f"{percent(limits.late_downgrade_used, 0)} of the target used, "
                f"{whole(limits.late_downgrades)} times or more",
                int(row["late"]),
                teams=(row["team"],),
                examples=example_of(row),
            )
