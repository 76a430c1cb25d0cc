"""A workspace of half a year whose weekdays, hours and slow team are known."""

from datetime import UTC, datetime, timedelta

import numpy as np

MAPPING = """
source: desk
shape: updates
practice: incident
ticket_id: n
times: {zone: UTC}
fields:
  updated_at: at
  original_status: state
  team: team
  priority: priority
phases: {New: new, Wait: pending_user, Done: resolved}
"""
LEVEL = """
in_time:
  title: Resolved in time
  kind: resolution
  targets: [{within: 8 h}]
  pause: {phase: [pending_user]}
"""
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
DAYS, A_DAY = 140, 14  # and tickets on a usual working day
WEEK = (1.6, 1.0, 1.0, 1.0, 1.0, 0.1, 0.0)


def log(days: int = DAYS, a_day: int = A_DAY, until: int = 0) -> str:
    """Return a log: Mondays bring more, the team Slow takes long, some tickets stay open.

    Parameters
    ----------
    until : the hour of the day after the last whole one at which the records end
    """
    end = BEGIN + timedelta(days=days, hours=until)
    chance = np.random.default_rng(12)
    rows, number = ["n,at,state,team,priority"], 0
    for day in range(days + bool(until)):
        for _ in range(int(chance.poisson(a_day * WEEK[day % 7]))):
            number += 1
            hour = float(np.clip(chance.normal(11, 2.5), 6, 18))
            at = BEGIN + timedelta(days=day, hours=hour)
            team = ("Quick", "Slow")[int(chance.integers(0, 2))]
            took = float(chance.exponential({"Quick": 3.0, "Slow": 12.0}[team]))
            for when, state in ((0.0, "New"), (took, "Done")):
                moment = at + timedelta(hours=when)
                if moment < end:
                    rows.append(f"T{number},{moment:%Y-%m-%dT%H:%M:%SZ},{state},{team},2")
    rows.append(f"T0,{end:%Y-%m-%dT%H:%M:%SZ},New,Quick,2")
    return "\n".join(rows) + "\n"
