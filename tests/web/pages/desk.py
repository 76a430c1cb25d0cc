"""A made-up desk of sixteen weeks: enough for charts, with one team that falls behind.

Every number of it comes from one seed. Network stops resolving in the last two weeks, so its
backlog leaves its limits; everything else is the usual coming and going.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.conftest import Intake

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = 16
NEWEST = "2026-W17"  # the last week that is over when the records end
END = MONDAY + timedelta(weeks=WEEKS, hours=6)
A_WEEK = 60
FELL_BEHIND = MONDAY + timedelta(weeks=WEEKS - 2)
TEAMS = ("Desk", "Network", "Field <north>", "Mail & more")
MAPPING = """
source: desk
shape: updates
practice: incident
ticket_id: number
times: {zone: UTC}
missing: ["?"]
fields:
  updated_at: at
  opened_at: opened
  original_status: state
  team: team
  assignee: who
  priority: priority
  category: category
  channel: channel
  sla_met: {column: met, yes: ["yes"], no: ["no"]}
links:
  - {kind: caused_by, column: change}
phases:
  New: new
  Work: in_progress
  Wait: pending_user
  Done: resolved
  Shut: closed
  Void: cancelled
"""
HEAD = "number,opened,at,state,team,who,priority,category,channel,met,change"

CALENDAR = """
title: Service desk
zone: Europe/Berlin
week:
  monday-thursday: ["08:00-12:30", "13:15-17:00"]
  friday: ["08:00-14:00"]
holidays:
  country: DE
  subdivision: BY
  dates:
    - {every: "12-24", name: Christmas Eve}
exceptions:
  - {date: 2026-05-16, name: Migration weekend, hours: "22:00-06:00"}
  - {every: "12-31", name: New Year's Eve, hours: "08:00-12:00"}
"""
SERVICE_LEVELS = """
in_time:
  title: Resolved in time
  kind: resolution
  practices: incident
  targets: [{priority: 1 high, within: 8 h, calendar: always}, {within: 24 h}]
  pause: {phase: pending_user}
  messages: {original_status: Void}
  decision: If it falls, somebody looks.
network:
  title: Network in time
  kind: resolution
  agreement: ola
  calendar: desk
  targets: [{within: 6 h}]
  while: {team: Network}
  supports: in_time
"""


@dataclass
class _Ticket:
    """One ticket on its way, and the lines it leaves behind."""

    chance: Random
    number: str
    opened: datetime

    def lines(self) -> Iterator[str]:
        """Yield its updates until the records end."""
        for at, state, team, who in self._way():
            if at >= END:
                return
            yield self._line(at, state, team, who)

    def _way(self) -> Iterator[tuple[datetime, str, str, str]]:
        chance, at, team = self.chance, self.opened, "Desk"
        self.priority = chance.choices(("1 high", "2 usual", "3 low"), (1, 6, 3))[0]
        self.met = "yes"
        self.category = chance.choice(("Mail", "Printer", "Network", "Account"))
        yield at, "New", team, ""
        at += timedelta(minutes=chance.expovariate(1 / 40))
        yield at, "Work", team, f"person {chance.randrange(9)}"
        if chance.random() < 0.4:
            team = chance.choice(TEAMS[1:])
            at += timedelta(hours=chance.expovariate(1 / 3))
            yield at, "New", team, ""
            at += timedelta(hours=chance.expovariate(1 / 4))
            yield at, "Work", team, f"person {chance.randrange(9)}"
        if team == "Network" and at >= FELL_BEHIND:
            return
        if chance.random() < 0.3:
            at += timedelta(hours=1)
            yield at, "Wait", team, f"person {chance.randrange(9)}"
            at += timedelta(hours=chance.expovariate(1 / 20))
        at += timedelta(hours=chance.lognormvariate(2.4, 1))
        yield (
            at,
            chance.choices(("Done", "Void"), (19, 1))[0],
            team,
            f"person {chance.randrange(9)}",
        )
        if chance.random() < 0.04:
            at += timedelta(hours=5)
            yield at, "Work", team, f"person {chance.randrange(9)}"
            at += timedelta(hours=9)
            yield at, "Done", team, f"person {chance.randrange(9)}"
        yield at + timedelta(days=3), "Shut", team, ""

    def _line(self, at: datetime, state: str, team: str, who: str) -> str:
        if state == "Done":
            self.met = "no" if at - self.opened > timedelta(hours=24) else "yes"
        change = "CHG7" if self.number.endswith("77") else "?"
        parts = [self.number, f"{self.opened:%Y-%m-%dT%H:%MZ}", f"{at:%Y-%m-%dT%H:%MZ}", state]
        return ",".join(
            [*parts, team, who or "?", self.priority, self.category, "mail", self.met, change]
        )


def updates(seed: int = 7) -> str:
    """Return the desk's export."""
    chance = Random(seed)  # noqa: S311 - a made-up desk keeps no secrets
    lines = [HEAD]
    for week in range(WEEKS):
        for _ in range(A_WEEK + chance.randrange(-6, 7)):
            day, hour = chance.choices(range(7), (9, 8, 8, 8, 7, 1, 1))[0], chance.uniform(7, 18)
            opened = MONDAY + timedelta(weeks=week, days=day, hours=hour)
            lines += _Ticket(chance, f"INC{len(lines):05}", opened).lines()
    # Somebody looks at one last ticket when the records end, and so says how far they go.
    stamp = f"{END:%Y-%m-%dT%H:%MZ}"
    lines.append(f"INC99999,{stamp},{stamp},New,Desk,?,2 usual,Mail,mail,yes,?")
    return "\n".join(lines) + "\n"


def make_desk(folder: Path) -> Intake:
    """Return a workspace below `folder` that holds the desk; it is imported once."""
    return Intake.again(_imported, folder)


def _imported(folder: Path) -> Intake:
    desk = Intake(folder)
    desk.takes(updates(), mapping=MAPPING)
    (desk.workspace.path / "calendars" / "desk.yaml").write_text(CALENDAR)
    (desk.workspace.path / "service_levels" / "desk.yaml").write_text(SERVICE_LEVELS)
    return desk
