"""Where the time of clocks went: by team, phase, priority … as they were while it passed.

Floor 2. The parts are the stages of the clocks themselves, so they add up to what the clocks used.
"""

import ibis.expr.types as ir

from opsgauge.log.service_levels.flags import KEY, Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.stages import stages
from opsgauge.warehouse.portable import summed

PARTS = ("team", "phase", "priority", "service")  # kept by history
OF_TICKET = ("vendor", "category", "channel", "location")  # a ticket has these once for all


def spent(level: ServiceLevel, of: Followed, by: str, chosen: ir.Table) -> ir.Table:
    """Return the time of the clocks chosen, by the values of a column.

    Parameters
    ----------
    by : one of PARTS or OF_TICKET
    chosen : key and cycle of clocks

    Returns
    -------
    part (null where nothing is known), used_us, waited_us, clocks (that spent any time there)
    """
    return spent_by_part(spent_by_clock(level, of, by, chosen))


def spent_by_part(of_clock: ir.Table) -> ir.Table:
    """Return what `spent` does, of what `spent_by_clock` gave."""
    return of_clock.group_by("part").aggregate(
        used_us=summed(of_clock.used.sum()),
        waited_us=summed(of_clock.waited.sum()),
        clocks=of_clock.count(),
    )


def spent_by_clock(level: ServiceLevel, of: Followed, by: str, chosen: ir.Table) -> ir.Table:
    """Return the time of each of the clocks chosen, by the values of a column.

    Returns
    -------
    key, cycle, part, used, waited; no row where a clock spent no time
    """
    rows = stages(level, of).semi_join(chosen, [*KEY, "cycle"])
    if by in OF_TICKET:
        tickets = of.tables.tickets
        rows = rows.inner_join(tickets.select(*KEY, by), KEY)
    passed = rows.filter((rows.used_us > 0) | (rows.waited_us > 0))
    return passed.group_by(*KEY, "cycle", part=passed[by]).aggregate(
        used=passed.used_us.sum(), waited=passed.waited_us.sum()
    )
