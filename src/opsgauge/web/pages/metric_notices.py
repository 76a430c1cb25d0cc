"""What stands in the place of a metric's numbers where there are none.

Floor 6.
"""

from typing import Any

from opsgauge.foundation.errors import ColumnsMissing, TooFewPoints
from opsgauge.operations.answers import Measured
from opsgauge.operations.check import check
from opsgauge.operations.choices import practices
from opsgauge.operations.looked import PRACTICE, usual_tickets
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.choosers import KINDS
from opsgauge.web.pages.frame import Values, View, link

PERIODS = ("day", "week", "month", "quarter")


def notice(kind: str, title: str, why: str, links: list[Values], facts: Any = ()) -> Values:
    """Return a notice for the template."""
    return {"kind": kind, "title": title, "why": why, "facts": list(facts), "links": links}


def missing(seen: View, lacking: ColumnsMissing) -> Values:
    """Say which columns the records lack."""
    links = [link("What can be measured", seen.address.to("/catalogue"))]
    return notice("empty", lacking.message, lacking.hint, links)


def withheld(seen: View, measured: Measured) -> Values:
    """Say which failed checks withhold the numbers."""
    checks = seen.address.to("/checks")
    failed = [each for each in check(seen.ctx).checks if each.id in measured.suspect]
    links = [link("What the check saw", f"{checks}#{each.id}") for each in failed]
    facts = [(each.title, each.words) for each in failed]
    why = "A check fails on which this number stands. It is shown again as soon as the check holds."
    return notice("withheld", "No number is shown", why, links, facts)


def empty(seen: View, measured: Measured) -> Values:
    """Say that no ticket counts, and how to see some."""
    links = [
        link("Without filters and dates", Address(seen.address.path).having(period=measured.period))
    ]
    return notice("empty", "No ticket counts here", "No ticket fits these filters and days.", links)


def too_few(seen: View, few: TooFewPoints, measured: Measured, now: str) -> Values:
    """Say that a chart needs more periods, and offer shorter ones.

    Parameters
    ----------
    now : the period that is not over, which no chart counts
    """
    period, periods = measured.period, len(measured.rows)
    shorter = PERIODS[: PERIODS.index(period)] if period in PERIODS else ()
    links = [link(f"By {each}", seen.address.having(period=each)) for each in shorter]
    noun = period if periods == 1 else f"{period}s"
    running = ": the last is not over" if measured.rows[-1].period == now else ""
    title = f"{periods} {noun} are too few for a chart{running}"
    return notice("too_few", title, few.message + " " + few.hint, links)


def mixed(seen: View, measured: Measured) -> str:
    """Say so where tickets of unlike kinds are counted together and nobody asked for that."""
    metric = seen.ctx.catalogue.get(measured.metric)
    asked = any(each.column == PRACTICE for each in measured.where)
    if asked or not usual_tickets(metric, practices(seen.ctx)):
        return ""
    return " All kinds of tickets are counted together here; choose one above."


def of_which(seen: View, measured: Measured) -> str:
    """Return in words of which kinds of tickets a number is, where there are several.

    Returns
    -------
    " of incidents", " of all kinds of tickets"; "" of a metric that says itself what it counts
    """
    kinds = practices(seen.ctx)
    asked = [each for each in measured.where if each.column == PRACTICE]
    if asked:
        named = [
            KINDS[value].lower() if value in KINDS else "tickets of no practice"
            for value in asked[0].values
        ]
        return f" of {' and '.join(named)}"
    whole = usual_tickets(seen.ctx.catalogue.get(measured.metric), kinds)
    return " of all kinds of tickets" if whole else ""
