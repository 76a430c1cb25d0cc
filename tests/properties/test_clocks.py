"""Clocks by SQL are the clocks found by walking, for any definition and any life of a ticket."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from opsgauge.log.service_levels.clocks import clocks
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.metrics.example import DEFAULT_OPENING, make_desk
from opsgauge.warehouse.portable import micros_at
from tests.lent import engine_of
from tests.log.service_levels.clocked import CALENDARS, followed
from tests.log.service_levels.walked import walk

PHASES = ("new", "in_progress", "pending_user", "pending_vendor", "resolved", "closed", "cancelled")
TEAMS = ("A", "B")
TARGETS: tuple[list[dict[str, Any]], ...] = (
    [{"within": "4 h"}],
    [{"priority": "1", "within": "2 h"}, {"within": "9 h"}],
    [{"priority": "1", "within": "3 h"}, {"priority": "2", "within": "20 min"}],
)


def sometimes(conditions: dict[str, Any]) -> Any:
    return st.sampled_from([{}, conditions])


levels = st.fixed_dictionaries(
    {
        "title": st.just("Any"),
        "kind": st.sampled_from(["resolution", "update"]),
        "targets": st.sampled_from(TARGETS),
        "calendar": st.sampled_from(["always", "office"]),
        "where": sometimes({"team": ["A"]}),
        "start": sometimes({"phase": ["in_progress"]}),
        "while": sometimes({"team": ["B"]}),
        "pause": sometimes({"phase": ["pending_user", "pending_vendor"]}),
        "reset": sometimes({"phase": ["pending_vendor"]}),
        "stop": sometimes({"phase": ["resolved"]}),
        "on_reopen": st.sampled_from(["continue", "restart", "ignore"]),
        "on_change": st.sampled_from(["carry", "restart", "prorate"]),
        "retroactive": st.fixed_dictionaries(
            {"start": st.sampled_from(["yes", "no"]), "pause": st.sampled_from(["yes", "no"])}
        ),
    }
)
steps = st.lists(
    st.tuples(
        st.integers(0, 9 * 3600),
        st.sampled_from(PHASES),
        st.sampled_from(TEAMS),
        st.sampled_from(["1", "2", "3"]),
    ),
    min_size=1,
    max_size=7,
)


@settings(max_examples=25, deadline=None)
@given(said=levels, lives=st.lists(steps, min_size=1, max_size=6))
def test_sql_finds_what_a_walk_finds(said: dict[str, Any], lives: Any) -> None:
    """Every state, moment and length, to the microsecond."""
    level = ServiceLevel.model_validate({"name": "any", **said})
    tickets, history = [], []
    for number, life in enumerate(lives, start=1):
        at = DEFAULT_OPENING
        tickets.append({"opened_at": str(at)})
        for wait, phase, team, priority in life:
            row = {"ticket": number, "since": str(at), "phase": phase, "team": team}
            history.append({**row, "priority": priority})
            at += timedelta(seconds=wait)
    desk = make_desk(tickets, history)
    now = desk.watermark + timedelta(hours=3)
    of, tables = followed(desk, level, str(now))
    with engine_of(tables) as engine:
        found = engine.run(clocks(level, of)).to_pylist()

    calendar = CALENDARS.get(level.calendar)
    own: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(desk.history.to_pylist(), key=lambda r: (r["ticket_id"], r["seq"])):
        until = micros_at(row["until"] or now)
        own.setdefault(row["ticket_id"], []).append(
            {**row, "since": micros_at(row["since"]), "until": until}
        )
    expected = [
        {"ticket_id": ticket, **clock}
        for ticket, intervals in own.items()
        for clock in walk(level, intervals, calendar)
    ]
    keys = {name for row in expected for name, value in row.items()}
    told = [{name: row[name] for name in row if name in keys} for row in found]
    for row in told if level.on_change == "prorate" else ():
        row |= {"used_us": None, "breached_us": None}
    order = lambda row: (row["ticket_id"], row["cycle"])  # noqa: E731
    assert sorted(told, key=order) == sorted(expected, key=order)
