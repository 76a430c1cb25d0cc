"""Whose clock a number of promises goes by, with the way to the number that goes by the other.

Floor 6.
"""

from opsgauge.operations.whose_clock import WhoseClock, by_clocks, whose_clock
from opsgauge.web.pages.frame import Values, View, link


def of_metric(seen: View, name: str | None) -> Values | None:
    """Return what `whose_clock` of parts/frame.html asks for; None where it is of no promise."""
    catalogue = seen.ctx.catalogue
    told = whose_clock(catalogue.get(name), catalogue) if name else None
    return _shown(seen, told) if told else None


def of_clocks(seen: View) -> Values:
    """Return the same for a page of clocks that count when they are decided."""
    return _shown(seen, by_clocks("decided", seen.ctx.catalogue))


def _shown(seen: View, told: WhoseClock) -> Values:
    href = str(seen.address.to(f"/metrics/{told.other}")) if told.other else ""
    return {"words": told.words, "other_by": told.other_by, **link(told.other_title, href)}
