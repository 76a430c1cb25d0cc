"""What the page of a list says where it is of the clocks of a service level.

Floor 6.
"""

from opsgauge.foundation.units import whole
from opsgauge.log.service_levels.reading import ServiceLevels
from opsgauge.operations.clock_lists import EVERY, LARGEST_FIRST, ClocksBehind
from opsgauge.operations.clocked import clocks_shown
from opsgauge.operations.drawing.words import named, plain, plural
from opsgauge.web.asked import Listing
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, link

# As in `tickets.COLUMNS`; the clock's own first.
COLUMNS = (
    ("ticket_id", "Ticket", "ticket", False),
    ("clock_state", "Clock", "words", True),
    ("clock_used_hours", "Used of open time", "hours", False),
    ("clock_promised_hours", "Promised", "hours", True),
    ("clock_decided_at", "Decided", "instant", True),
    ("original_status", "State", "words", True),
    ("priority", "Priority", "words", True),
    ("team", "Team", "words", False),
    ("opened_at", "Opened", "instant", True),
)
SORT = LARGEST_FIRST
HOURS = 1.0  # open hours stay hours, whatever the longest: a day of a calendar is not 24 of them
OWN = ("clock", "outcome", "link", "spent")  # parameters of a list of clocks
OF_THE_LIST = (*OWN, "sort", "offset", "limit")


def clocks_address(seen: View, level: str, outcome: str, **more: str) -> Address:
    """Return the list of clocks behind a number of a page of service levels."""
    dates = ("from", "to") if EVERY[outcome].lasts else ()
    kept = Address("/tickets", seen.address.pairs("part", "other", *dates))
    return kept.having(clock=level, outcome=outcome, **more)


def counted(seen: View, n: int, level: str, outcome: str, **more: str) -> Values:
    """Return a number of such a page with the list behind it; nought has none."""
    return link(whole(n), clocks_address(seen, level, outcome, **more) if n else "")


def _asked(seen: View, listing: Listing) -> tuple[ClocksBehind, ServiceLevels]:
    if listing.clocks is None:
        raise ValueError("this list is of no clocks")
    return listing.clocks, clocks_shown(seen.ctx).levels


def headline(seen: View, listing: Listing, total: int) -> str:
    """Return the page's sentence."""
    behind, levels = _asked(seen, listing)
    noun = behind.noun if total == 1 else plural(behind.noun)
    count = whole(total) if total else "no"
    title = levels.get(behind.level).title
    return f"{title}: {count} {noun} {behind.words(levels)}"


def state(seen: View, listing: Listing) -> list[Values | str]:
    """Return the state line."""
    behind, _ = _asked(seen, listing)
    if behind.told.lasts:
        return [*choosers.which_tickets(seen), ", as clocks stand now"]
    return [*choosers.which_tickets(seen), ", decided ", choosers.dates(seen)]


def crumbs(seen: View, listing: Listing) -> list[Values]:
    """Return the way back, with what is chosen."""
    behind, levels = _asked(seen, listing)
    kept = seen.address.pairs(*OF_THE_LIST)
    return [
        link("Service levels", Address("/service-levels", kept)),
        link(levels.get(behind.level).title, Address(f"/service-levels/{behind.level}", kept)),
    ]


def chips(seen: View, listing: Listing) -> list[tuple[str, str, Address]]:
    """Return the filters that say which clocks: label, words, the address without it."""
    behind, levels = _asked(seen, listing)
    here = seen.address.having(offset=None)
    none: dict[str, None] = dict.fromkeys((*OWN, "sort"))
    title = levels.get(behind.level).title
    made = [("Service level", title, here.having(**none))]
    if behind.outcome != "decided":
        plainly = ClocksBehind(behind.level, behind.outcome, behind.link).words(levels)
        made.append(("Clocks", plainly, here.having(outcome=None, link=None)))
    if behind.spent:
        [value] = behind.spent.values
        said = f"{plain(behind.spent.column)} {named(value, behind.spent.column)}"
        made.append(("Time spent with", said, here.having(spent=None)))
    return made
