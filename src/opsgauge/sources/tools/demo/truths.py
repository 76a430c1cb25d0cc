"""How large each planted truth turned out: two runs of one seed, with it and without it, counted.

Floor 3. Plain counting of the desk's own rows, before anything is exported; what the product
finds is to be compared with this, and shares nothing with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from opsgauge.sources.tools.demo import words
from opsgauge.sources.tools.demo.calendars import DAY
from opsgauge.sources.tools.demo.draws import Flags, Floats, Ints
from opsgauge.sources.tools.demo.organisation import Organisation
from opsgauge.sources.tools.demo.plot import Plot, truth_mark
from opsgauge.sources.tools.demo.rows import Rows
from opsgauge.sources.tools.demo.steps import SOLVED
from opsgauge.sources.tools.demo.telling import Told
from opsgauge.sources.tools.demo.tickets import Tickets


@dataclass(frozen=True)
class Run:
    """What one run recorded, and the desk it ran on."""

    rows: Rows
    told: Told
    tickets: Tickets
    plot: Plot
    organisation: Organisation
    month_ends: Ints
    came: Flags  # which tickets came in, in this run

    def only(self, which: Flags) -> "Run":
        """Return the run with the rows of some tickets only."""
        kept = which[self.rows.ticket]
        return replace(self, rows=self.rows.take(kept), told=self.told.take(kept))

    def met(self, *teams: int) -> Flags:
        """Return which tickets were ever with one of these teams."""
        there = np.zeros(len(self.tickets), dtype=bool)
        there[self.rows.ticket[np.isin(self.rows.team, teams)]] = True
        return there

    def resolved(self) -> Floats:
        """Return when each ticket was resolved for good, seconds; nan where it is not."""
        last = self.rows.last & (self.told.resolved >= 0)
        moments = np.full(len(self.tickets), np.nan)
        moments[self.rows.ticket[last]] = self.told.resolved[last]
        return moments


@dataclass(frozen=True)
class Truth:
    """One truth: what it is, where it lies, and how its size is counted.

    `among`: tickets that the size is counted of; no other can differ where nobody has to queue.
    """

    name: str
    says: str
    unit: str
    where: Callable[[Run], dict[str, Any]]
    size: Callable[[Run, Run], tuple[float, float]]  # with it, without it
    among: Callable[[Run], Flags]


def realised(truth: Truth, with_it: Run, without: Run) -> dict[str, Any]:
    """Return a truth as `truths.json` tells it."""
    has, has_not = truth.size(with_it, without)
    return {
        **placed(truth, with_it),
        "unit": truth.unit,
        "with": round(has, 6),
        "without": round(has_not, 6),
        "size": round(has - has_not, 6),
    }


def placed(truth: Truth, with_it: Run) -> dict[str, Any]:
    """Return a truth and where it lies, without its size."""
    return {"name": truth.name, "says": truth.says, "where": truth.where(with_it)}


def moment(seconds: int) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _each(count: Callable[[Run], float]) -> Callable[[Run, Run], tuple[float, float]]:
    return lambda with_it, without: (count(with_it), count(without))


def _team(run: Run, team: int) -> str:
    return run.organisation.teams[team].name


def _bounced(run: Run) -> float:
    rows = run.rows
    before = np.where(rows.first, -1, np.roll(rows.team, 1))
    one, other = run.plot.pair
    there = (before == one) & (rows.team == other)
    return float((there | ((before == other) & (rows.team == one))).sum())


def _misrouted(run: Run) -> float:
    mine = run.tickets.category[run.rows.ticket] == run.plot.misrouted
    mine &= run.tickets.practice[run.rows.ticket] == words.INCIDENT
    met = run.rows.ticket[mine & (run.rows.team == run.plot.wrong_team)]
    return float(len(np.unique(met)))


def _mondays(run: Run) -> float:
    """Share of incidents opened on a Monday of the head office."""
    t = run.tickets
    chosen = t.opened[run.came & (t.practice == words.INCIDENT)]
    zone = ZoneInfo(run.organisation.zone)
    mondays = [datetime.fromtimestamp(s, zone).weekday() == 0 for s in chosen.tolist()]
    return float(np.mean(mondays))


def _after_release(run: Run) -> float:
    t, plot = run.tickets, run.plot
    mine = run.came & (t.practice == words.INCIDENT)
    mine &= t.category == plot.release_category
    mine &= (t.opened >= plot.release_at) & (t.opened < plot.release_at + 10 * DAY)
    return float(mine.sum())


def _mean_hours(
    chosen: Callable[[Run], Flags],
) -> Callable[[Run, Run], tuple[float, float]]:
    """Mean hours from opening to resolution, over the tickets that both runs resolved."""

    def size(with_it: Run, without: Run) -> tuple[float, float]:
        one, other = with_it.resolved(), without.resolved()
        mine = chosen(with_it) & ~np.isnan(one) & ~np.isnan(other)
        opened = with_it.tickets.opened[mine]
        if not mine.any():
            return 0.0, 0.0
        return (
            float(np.mean(one[mine] - opened)) / 3600,
            float(np.mean(other[mine] - opened)) / 3600,
        )

    return size


def _improved(run: Run) -> Flags:
    t, plot = run.tickets, run.plot
    return (t.item == plot.improved_item) & (t.opened >= plot.improved_at)


def _checked(run: Run) -> Flags:
    t, plot = run.tickets, run.plot
    incident = t.practice == words.INCIDENT
    return incident & (t.category == plot.checked) & (t.opened >= plot.checked_at)


def _slowed(run: Run) -> Flags:
    t, plot = run.tickets, run.plot
    incident = t.practice == words.INCIDENT
    return incident & (t.category == plot.slow_category) & (t.opened >= plot.slow_until)


def _kept(run: Run) -> float:
    """Share of the pausing team's resolved incidents whose service level was kept."""
    rows, told, t = run.rows, run.told, run.tickets
    mine = rows.last & (told.resolved >= 0) & (rows.team == run.plot.pausing_team)
    mine &= t.practice[rows.ticket] == words.INCIDENT
    return float(np.mean(told.made_sla[mine] == 1))


def _at_month_end(run: Run) -> float:
    """Share of the rushing team's resolutions that fall on a month's last two afternoons."""
    rows = run.rows
    entered = np.isin(rows.state, SOLVED) & ~np.roll(np.isin(rows.state, SOLVED), 1)
    mine = entered & (rows.team == run.plot.rushing_team)
    mine &= run.tickets.practice[rows.ticket] == words.INCIDENT
    ends = run.month_ends
    before = np.searchsorted(ends, rows.at, side="right") - 1
    since = rows.at - ends[np.maximum(before, 0)]
    late = (before >= 0) & (since < 5 * 3600)
    return float(np.mean(late[mine]))


def _updates_in_week(run: Run) -> float:
    plot = run.plot
    return float(((run.rows.at >= plot.missing_from) & (run.rows.at < plot.missing_until)).sum())


def _brought(name: str) -> Callable[[Run], Flags]:
    """Return the tickets that only this truth brings; its size is counted of tickets alone."""
    return lambda run: run.tickets.only_with == truth_mark(name)


def _category(run: Run, category: int) -> str:
    return run.organisation.categories[category]


TRUTHS = (
    Truth(
        "ping_pong",
        "Two teams send tickets to and fro before one of them gets to work.",
        "handoffs between the two",
        lambda run: {"teams": sorted(_team(run, team) for team in run.plot.pair)},
        _each(_bounced),
        lambda run: run.met(*run.plot.pair),
    ),
    Truth(
        "wrong_routing",
        "Incidents of one category go to a team that can only pass them on.",
        "tickets of the category that met the wrong team",
        lambda run: {
            "category": _category(run, run.plot.misrouted),
            "wrong_team": _team(run, run.plot.wrong_team),
        },
        _each(_misrouted),
        lambda run: run.tickets.category == run.plot.misrouted,
    ),
    Truth(
        "monday_peak",
        "More incidents come in on Monday mornings than the week explains.",
        "share of incidents opened on a Monday, in the head office's zone",
        lambda run: {"weekday": "Monday", "zone": run.organisation.zone},
        _each(_mondays),
        _brought("monday_peak"),
    ),
    Truth(
        "release_incidents",
        "A new version went live and brought incidents for ten days.",
        "incidents of the category in the ten days after it",
        lambda run: {
            "category": _category(run, run.plot.release_category),
            "at": moment(run.plot.release_at),
        },
        _each(_after_release),
        _brought("release_incidents"),
    ),
    Truth(
        "improvement_worked",
        "Approvals of one catalogue item were made automatic, and it became faster.",
        "hours from opening to resolution, mean over the item's orders since then",
        lambda run: {
            "catalogue_item": run.organisation.items[run.plot.improved_item],
            "since": moment(run.plot.improved_at),
        },
        _mean_hours(_improved),
        _improved,
    ),
    Truth(
        "improvement_failed",
        "A checklist was introduced for one category, and nothing became faster.",
        "hours from opening to resolution, mean over the category's incidents since then",
        lambda run: {
            "category": _category(run, run.plot.checked),
            "since": moment(run.plot.checked_at),
        },
        _mean_hours(_checked),
        _checked,
    ),
    Truth(
        "paused_clocks",
        "A team puts tickets on hold just before they breach, and takes them up again unasked.",
        "share of the team's incidents whose service level counts as kept",
        lambda run: {"team": _team(run, run.plot.pausing_team)},
        _each(_kept),
        lambda run: run.met(run.plot.pausing_team),
    ),
    Truth(
        "month_end_rush",
        "A team resolves what it holds on a month's last two afternoons; half of it comes back.",
        "share of the team's resolutions on a month's last two working afternoons",
        lambda run: {"team": _team(run, run.plot.rushing_team)},
        _each(_at_month_end),
        lambda run: run.met(run.plot.rushing_team),
    ),
    Truth(
        "slower_service",
        "Incidents of one category take longer and longer over four months, and stay so.",
        "hours from opening to resolution, mean over the category's incidents after them",
        lambda run: {
            "category": _category(run, run.plot.slow_category),
            "from": moment(run.plot.slow_from),
            "until": moment(run.plot.slow_until),
        },
        _mean_hours(_slowed),
        _slowed,
    ),
    Truth(
        "missing_week",
        "The export lacks every update of one week.",
        "updates recorded in the week",
        lambda run: {
            "from": moment(run.plot.missing_from),
            "until": moment(run.plot.missing_until),
        },
        _each(_updates_in_week),
        lambda run: run.came,
    ),
)
