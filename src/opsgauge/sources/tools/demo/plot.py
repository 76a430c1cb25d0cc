"""The truths that can be planted, and where each lies in the desk of one seed.

Floor 3. All places are drawn for every seed, planted or not, so that two runs of one seed agree
about them. Truths are kept apart: no two lie in the same team, category or item.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import DAY, Span
from opsgauge.sources.tools.demo.draws import Draws
from opsgauge.sources.tools.demo.organisation import Organisation

ALL_TRUTHS = (
    "ping_pong",
    "wrong_routing",
    "monday_peak",
    "release_incidents",
    "improvement_worked",
    "improvement_failed",
    "paused_clocks",
    "month_end_rush",
    "slower_service",
    "missing_week",
)
BUSY = ("network", "server", "messaging", "customer")  # teams of the middle size
QUIET = ("telephony", "reporting", "security", "database")
LARGE = ("workplace", "erp")
RELEASED = ("Order entry", "Scanning", "Pay and time")
CHECKED = ("Printing", "Laptop hardware", "Virtual desktop")
APPROVED = ("Software licence", "Access to a shared folder", "Change of access role")


def truth_mark(name: str) -> int:
    """Return the number that marks the tickets of a truth in column `only_with`."""
    return 1 + ALL_TRUTHS.index(name)


@dataclass(frozen=True)
class Plot:
    """Where each truth lies: places of teams, categories and items, and moments in seconds."""

    pair: tuple[int, int]
    misrouted: int  # a category
    wrong_team: int
    release_category: int
    release_at: int
    improved_item: int
    improved_at: int
    checked: int  # the category of the improvement that did nothing
    checked_at: int
    pausing_team: int
    rushing_team: int
    slow_category: int
    slow_from: int
    slow_until: int  # from here on it is as slow as it gets
    missing_from: int
    missing_until: int


def lay_out(draws: Draws, organisation: Organisation, span: Span) -> Plot:
    """Draw where each truth lies."""
    busy = draws.shuffled("plot.busy", BUSY)
    pausing, rushing = draws.shuffled("plot.large", LARGE)
    team_of = organisation.team_of
    missing = _weekday(_at(draws, span, "missing", (0.42, 0.55)), 0)
    slow_from = _at(draws, span, "slow", (0.5, 0.58))
    item = draws.chosen("plot.item", APPROVED)
    return Plot(
        pair=(team_of[busy[0]], team_of[busy[1]]),
        misrouted=_largest_category(busy[2]),
        wrong_team=team_of[draws.chosen("plot.quiet", QUIET)],
        release_category=_category(draws.chosen("plot.release", RELEASED)),
        release_at=_weekday(_at(draws, span, "release", (0.6, 0.8)), 1) + 19 * 3600,
        improved_item=next(k for k, i in enumerate(words.ITEMS) if i.name == item),
        improved_at=_weekday(_at(draws, span, "improved", (0.45, 0.6)), 2) + 8 * 3600,
        checked=_category(draws.chosen("plot.checked", CHECKED)),
        checked_at=_weekday(_at(draws, span, "checked", (0.45, 0.65)), 3) + 8 * 3600,
        pausing_team=team_of[pausing],
        rushing_team=team_of[rushing],
        slow_category=_largest_category(busy[3]),
        slow_from=slow_from,
        slow_until=slow_from + 120 * DAY,
        missing_from=missing,
        missing_until=missing + 7 * DAY,
    )


def _at(draws: Draws, span: Span, aspect: str, part: tuple[float, float]) -> int:
    """Draw a UTC midnight that lies in a part of the span."""
    low, high = part
    share = low + (high - low) * float(draws.stream(f"plot.at.{aspect}").random())
    return span.start + int(share * (span.end - span.start)) // DAY * DAY


def _weekday(at: int, weekday: int) -> int:
    """Return the first midnight from `at` on that begins this weekday; Monday is 0."""
    day = datetime.fromtimestamp(at, UTC)
    return int((day + timedelta(days=(weekday - day.weekday()) % 7)).timestamp())


def _category(name: str) -> int:
    return next(k for k, category in enumerate(words.INCIDENTS) if category.name == name)


def _largest_category(kind: str) -> int:
    """Return the category that brings a kind of team the most work."""
    owned = [k for k, c in enumerate(words.INCIDENTS) if words.SERVICES[c.service].owner == kind]
    return max(owned, key=lambda k: _escalated(words.INCIDENTS[k]))


def _escalated(category: words.CategoryWords) -> float:
    return category.weight * (1 - category.first_contact)
