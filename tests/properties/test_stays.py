"""Stays of tickets with teams, against walking through every ticket by hand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import accumulate, groupby, pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.analysis.mining.ping_pong import pair_rows
from opsgauge.analysis.mining.stays import early_stays, stays
from opsgauge.log.door import unbound
from opsgauge.log.tables import HISTORY, TICKETS
from tests.lent import engine_of

START = datetime(2026, 1, 5, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HISTORY_ROWS, TICKET_ROWS = unbound(HISTORY), unbound(TICKETS)
# A ticket: the team that each update leaves it with, if it says one, and whether it is open then; a
# second after another.
Update = tuple[str | None, bool]
walks = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "C", None]), st.booleans()), min_size=1, max_size=9
    )
)
Stay = tuple[str, int]  # the team, and after how many seconds of being open the ticket came to it


def by_hand(updates: list[Update]) -> list[Stay]:
    """Return the stays of a ticket that ever changed hands."""
    opened = [0, *accumulate(is_open for _, is_open in updates)]
    told = [(team, opened[at]) for at, (team, _) in enumerate(updates) if team is not None]
    found = [next(of) for _, of in groupby(told, key=lambda each: each[0])]
    return found if len(found) > 1 else []


def tables_of(log: list[list[Update]]) -> dict[str, pa.Table]:
    """Return the log as the tables of the engine."""
    history: list[dict[str, Any]] = []
    tickets: list[dict[str, Any]] = []
    for number, updates in enumerate(log):
        key = {"source": "desk", "ticket_id": f"INC{number}", "practice": "incident"}
        handed = max(len(by_hand(updates)) - 1, 0)
        again = sum(not was and now for (_, was), (_, now) in pairwise(updates))
        counts = {"history_handoff_count": handed, "history_reopen_count": again}
        tickets.append({**key, "category": "Mail", **counts})
        for at, (team, is_open) in enumerate(updates):
            row: dict[str, Any] = {**key, "seq": at + 1, "team": team, "open": is_open}
            row |= {"since": START + at * SECOND}
            if at + 1 < len(updates):
                row |= {"next_team": updates[at + 1][0], "until": START + (at + 1) * SECOND}
                row |= {"elapsed_us": 1_000_000}
            history.append(row)
    return {
        "history": pa.Table.from_pylist(history, HISTORY.arrow_schema()),
        "tickets": pa.Table.from_pylist(tickets, TICKETS.arrow_schema()),
    }


@pytest.mark.row("MAP-05")
@settings(max_examples=60, deadline=None)  # each example opens a database
@given(walks)
def test_stays_and_what_is_counted_of_them(log: list[list[Update]]) -> None:
    """Who had a ticket, for how long, and what came back, updates without a team between or not."""
    rows = stays(HISTORY_ROWS, TICKET_ROWS)
    with engine_of(tables_of(log)) as engine:
        found, early, pairs = (
            engine.run(each).to_pylist() for each in (rows, early_stays(rows), pair_rows(rows))
        )

    walked = {f"INC{number}": by_hand(updates) for number, updates in enumerate(log)}
    assert {
        ticket: [
            (each["team"], each["before"], each["to"], each["after_next"], each["stayed_us"])
            for each in sorted(found, key=lambda row: row["place"])
            if each["ticket_id"] == ticket
        ]
        for ticket in walked
    } == {ticket: [_told(of, at) for at in range(len(of))] for ticket, of in walked.items()}
    passed: Counter[tuple[str, int]] = Counter()
    for of in walked.values():
        teams = [team for team, _ in of]
        for place, team in enumerate(teams[:2], start=1):
            passed[team, place] += place < len(teams) and teams.count(team) == 1
    assert {(row["team"], row["place"]): row["passed"] for row in early} == passed
    returns: Counter[Any] = Counter()
    away: Counter[Any] = Counter()
    for of in walked.values():
        for (one, _), (other, left), (then, back) in zip(of, of[1:], of[2:], strict=False):
            returns[tuple(sorted((one, other)))] += one == then
            away[tuple(sorted((one, other)))] += (back - left) * (one == then)
    told = {(row["one"], row["two"]): row for row in pairs}
    for key, many in returns.items():
        assert (told[key]["returns"], told[key]["away_us"]) == (many, away[key] * 1_000_000)


def _told(of: list[Stay], at: int) -> tuple[object, ...]:
    names: list[str | None] = [None, *(team for team, _ in of), None, None]
    stayed = (of[at + 1][1] - of[at][1]) * 1_000_000 if at + 1 < len(of) else None
    before, team, to, after_next = names[at : at + 4]
    return team, before, to, after_next, stayed
