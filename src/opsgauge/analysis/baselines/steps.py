"""Where the time behind a baseline went: worked and waited, step by step.

Floor 4, analysis. A step is a phase in the hands of a team, as the history tells it. Worked is what
`analysis.requests.orders` calls touch: the phases assigned and in_progress; every other phase
before the end is waiting. Elapsed hours: nights and weekends are in both.
"""

from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from opsgauge.analysis.requests.orders import KEY, TOUCH_PHASES
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.vocabulary import OPEN_PHASES
from opsgauge.warehouse.portable import summed


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    team : None where the history names none, or steps are not told apart by it
    touch : whether it is work, else it is waiting
    tickets : that were in it; `hours` of all of them together
    """

    phase: str
    team: str | None
    touch: bool
    tickets: int
    hours: float

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return dict(vars(self))


def step_rows(records: ir.Table, history: ir.Table, by_team: bool) -> ir.Table:
    """Return the time spent in each step by the tickets of these records.

    Parameters
    ----------
    records : with the key of a ticket
    history : of these tickets, or of more; what still lasts has no length yet and is left out
    by_team : whether steps are told apart by team, too
    """
    those = records.select(*KEY).distinct()
    spent = history.filter(history.elapsed_us.notnull() & history.phase.isin(OPEN_PHASES))
    met = spent.semi_join(those, list(KEY))
    names = ["phase", *(["team"] if by_team else [])]
    # First by ticket, so that a ticket that comes back to a step is counted in it once.
    each = met.group_by([*KEY, *names]).aggregate(us=summed(met.elapsed_us.sum()))
    return each.group_by(names).aggregate(tickets=each.count(), us=summed(each.us.sum()))


def steps_of(rows: pa.Table, fewest: int = 1) -> tuple[Step, ...]:
    """Return what `step_rows` gave, the step with most time first.

    Parameters
    ----------
    fewest : tickets of which a step is told
    """
    found = [
        Step(
            phase=row["phase"],
            team=row.get("team"),
            touch=row["phase"] in TOUCH_PHASES,
            tickets=int(row["tickets"]),
            hours=int(row["us"]) / MICROS_PER_HOUR,
        )
        for row in rows.to_pylist()
        if row["tickets"] >= fewest
    ]
    return tuple(sorted(found, key=lambda step: (-step.hours, step.phase, step.team or "")))


def touch_and_wait(steps: tuple[Step, ...]) -> tuple[float, float]:
    """Return the hours worked and the hours waited of all steps together.

    Examples
    --------
    >>> touch_and_wait((Step("new", None, False, 3, 6.0), Step("assigned", None, True, 3, 1.5)))
    (1.5, 6.0)
    """
    touch = sum(step.hours for step in steps if step.touch)
    return touch, sum(step.hours for step in steps if not step.touch)
