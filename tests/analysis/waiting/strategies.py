"""Draws logs of a few tickets with few phases and teams: they come back, stay and bounce."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.analysis.waiting.logs import MONDAY, Log

phases = st.sampled_from(["new", "assigned", "in_progress", "pending_user", "resolved", None])
teams = st.sampled_from(["Desk", "Network", None])
updates = st.lists(st.tuples(phases, teams, st.integers(0, 2000)), min_size=1, max_size=7)
# Whether it was opened before its first update, how many minutes after the first, and its updates.
tickets = st.tuples(st.booleans(), st.integers(0, 6000), updates)


def made(drawn: list[tuple[bool, int, list[tuple[str | None, str | None, int]]]]) -> Log:
    """Return the log of what was drawn."""
    log = Log()
    for number, (before, begin, steps) in enumerate(drawn):
        since = MONDAY + timedelta(minutes=begin)
        opened = since if before else None
        rows = []
        for phase, team, minutes in steps:
            since += timedelta(minutes=minutes)
            rows.append({"since": since, "phase": phase, "team": team})
        log.add(f"INC{number}", rows, opened)
    newest = max((row["since"] for row in log.rows), default=MONDAY)
    log.end = newest + timedelta(minutes=1)
    return log


logs = st.lists(tickets, min_size=1, max_size=6).map(made)
