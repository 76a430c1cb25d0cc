"""Tickets as they stood at a past moment."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opsgauge.log.as_of import FIRST_MOMENTS, LOST, tickets_as_of
from opsgauge.log.tables import TICKETS
from opsgauge.metrics.example import instant
from tests.metrics.desks import Opened, desk_of, open_desk, random_lives, small_desk, ticket_of

SEED = 11
LIVES = random_lives(SEED, tickets=80)
SECOND = timedelta(seconds=1)
TOLD_WITH = {  # what is known of a ticket from another moment of it on
    "first_response_automatic": "history_first_response_at",
    "sla_met": "closed_at",
    "resolution_code": "resolved_at",
}
MOMENTS = [datetime(2026, 3, 2, 22, tzinfo=UTC) + timedelta(days=n, hours=7 * n) for n in range(50)]


@pytest.fixture(scope="module")
def desk() -> Iterator[Opened]:
    """Open a random desk of known lives."""
    opened = open_desk(desk_of(LIVES))
    yield opened
    opened.engine.close()


def stood(opened: Opened, at: str | datetime) -> dict[str, dict[str, Any]]:
    """Return the tickets as of a moment, by number."""
    rows = opened.engine.run(tickets_as_of(opened.tables, instant(at))).to_pylist()
    return {row["ticket_id"]: {n: aware(v) for n, v in row.items()} for row in rows}


def aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _over(key: str, moment: datetime) -> bool:
    """Say whether nothing was written of a ticket after the moment."""
    return LIVES[int(key[1:]) - 1].steps[-1].at <= moment


@pytest.mark.row("ING-02")
@pytest.mark.parametrize("moment", MOMENTS[::7])
def test_a_past_state_is_what_had_been_written_by_then(desk: Opened, moment: datetime) -> None:
    """Told apart in plain Python from the updates up to the moment: state, ends, counts, times."""
    told = {}
    for number, life in enumerate(LIVES, start=1):
        past = life.until(moment)
        if life.opened <= moment and past.steps:
            told[f"T{number}"] = ticket_of(past)
    found = stood(desk, moment)

    assert set(told) <= set(found)
    for key, ticket in told.items():
        for name, value in ticket.items():
            if name in FIRST_MOMENTS:
                assert found[key][name] == (value if value and value <= moment else None)
            elif name in TOLD_WITH:
                told_by_then = found[key][TOLD_WITH[name]] is not None
                assert found[key][name] == (value if told_by_then or _over(key, moment) else None)
            else:
                assert found[key][name] == value, (key, name)


@pytest.mark.parametrize("moment", MOMENTS[::10])
def test_no_ticket_is_there_before_it_was_opened(desk: Opened, moment: datetime) -> None:
    """And every other one is, once."""
    listed = desk.engine.run(tickets_as_of(desk.tables, moment))["ticket_id"].to_pylist()

    assert sorted(listed) == sorted(
        f"T{n}" for n, life in enumerate(LIVES, start=1) if life.opened <= moment
    )


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=400)])
def test_from_the_last_record_on_tickets_are_as_they_are(desk: Opened, later: timedelta) -> None:
    """Every column of every ticket."""
    now = {row["ticket_id"]: row for row in desk.engine.run(desk.tables.tickets).to_pylist()}
    then = stood(desk, desk.watermark + later)

    assert {number: {n: aware(v) for n, v in row.items()} for number, row in now.items()} == then


def test_what_happens_at_the_very_moment_counts() -> None:
    """Resolved at nine: at nine it is, a microsecond before it is not."""
    desk = small_desk({"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00"})

    assert stood(desk, "2026-01-05 09:00")["T1"]["phase"] == "resolved"
    before = stood(desk, instant("2026-01-05 09:00") - timedelta(microseconds=1))["T1"]
    assert (before["phase"], before["open"], before["resolved_at"]) == ("new", True, None)


def test_of_several_updates_at_one_instant_the_last_counts() -> None:
    """Intervals without length leave the state to the one after them."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "phase": "closed"},
        history=[
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "A"},
            {"ticket": 1, "since": "2026-01-05 09:00", "phase": "assigned", "team": "B"},
            {"ticket": 1, "since": "2026-01-05 09:00", "phase": "assigned", "team": "C"},
            {"ticket": 1, "since": "2026-01-05 12:00", "phase": "closed", "team": "C"},
        ],
    )
    found = stood(desk, "2026-01-05 09:00")["T1"]

    assert (found["team"], found["update_count"]) == ("C", 3)


REOPENED = [
    {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new"},
    {"ticket": 1, "since": "2026-01-05 09:00", "phase": "resolved"},
    {"ticket": 1, "since": "2026-01-05 10:00", "phase": "in_progress"},
    {"ticket": 1, "since": "2026-01-05 12:00", "phase": "resolved"},
    {"ticket": 1, "since": "2026-01-05 13:00", "phase": "closed"},
]


@pytest.mark.parametrize(
    ("at", "resolved", "life_hours"),
    [
        ("2026-01-05 08:30", None, 0),
        ("2026-01-05 09:30", "2026-01-05 09:00", 1),  # its first resolution, known from history
        ("2026-01-05 11:00", None, 1),  # reopened: it has no end
        ("2026-01-05 12:30", "2026-01-05 12:00", 3),
        ("2026-01-05 14:00", "2026-01-05 12:00", 3),
    ],
)
def test_a_resolution_that_did_not_last_stands_while_it_lasted(
    at: str, resolved: str | None, life_hours: float
) -> None:
    """Resolved 09:00, reopened 10:00, resolved 12:00, closed 13:00."""
    ticket = {
        "opened_at": "2026-01-05 08:00",
        "resolved_at": "2026-01-05 12:00",
        "closed_at": "2026-01-05 13:00",
        "life_us": "3 h",
    }
    desk = small_desk(ticket, history=REOPENED)
    found = stood(desk, at)["T1"]

    assert found["resolved_at"] == (instant(resolved) if resolved else None)
    assert found["life_us"] == life_hours * 3_600_000_000


def test_a_resolution_that_history_never_saw_stands_from_its_own_moment() -> None:
    """A source that only tells the field: history says open until the ticket was closed."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00", "phase": "closed"},
        history=[
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new"},
            {"ticket": 1, "since": "2026-01-06 08:00", "phase": "closed"},
        ],
    )

    assert stood(desk, "2026-01-05 10:00")["T1"]["resolved_at"] == instant("2026-01-05 09:00")
    assert stood(desk, "2026-01-05 08:30")["T1"]["resolved_at"] is None


def test_a_field_left_over_from_before_a_reopening_is_no_resolution() -> None:
    """Open again, with a field the source forgot to clear; a later comment changes nothing."""
    ticket = {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00"}
    comment = {"ticket": 1, "since": "2026-01-05 15:00", "phase": "in_progress"}
    desk = small_desk({**ticket, "phase": "in_progress"}, history=[*REOPENED[:3], comment])

    assert stood(desk, "2026-01-05 09:30")["T1"]["resolved_at"] == instant("2026-01-05 09:00")
    assert stood(desk, "2026-01-05 11:00")["T1"]["resolved_at"] is None
    # From its last update on, the ticket is what the source says it is.
    assert stood(desk, "2026-01-05 15:00")["T1"]["resolved_at"] == instant("2026-01-05 09:00")


def test_a_flag_of_the_service_level_waits_for_the_closing() -> None:
    """So do the code of a resolution, and paths, which cannot be told of half a ticket."""
    ticket = {
        "opened_at": "2026-01-05 08:00",
        "resolved_at": "2026-01-05 12:00",
        "closed_at": "2026-01-05 13:00",
        "sla_met": True,
        "resolution_code": "Solved",
        "variant": "abc",
    }
    desk = small_desk(ticket, history=REOPENED)
    resolved, closed = (stood(desk, f"2026-01-05 {at}")["T1"] for at in ("12:30", "13:00"))

    assert (resolved["sla_met"], resolved["resolution_code"], resolved["variant"]) == (
        None,
        "Solved",
        None,
    )
    assert (closed["sla_met"], closed["variant"]) == (True, "abc")
    assert stood(desk, "2026-01-05 08:30")["T1"]["resolution_code"] is None


def test_who_answered_is_known_from_the_answer_on() -> None:
    """A program at nine, a person at ten: no moment tells more than was written by then."""
    ticket = {
        "opened_at": "2026-01-05 08:00",
        "history_first_response_at": "2026-01-05 09:00",
        "first_automatic_response_at": "2026-01-05 09:00",
        "first_response_automatic": True,
        "first_human_response_at": "2026-01-05 10:00",
    }
    history = [
        {"ticket": 1, "since": f"2026-01-05 {at}", "phase": phase}
        for at, phase in (("08:00", "new"), ("09:00", "assigned"), ("10:00", "in_progress"))
    ]
    desk = small_desk(ticket, history=history)
    names = [name for name in ticket if name != "opened_at" and not name.startswith("history")]
    found = {at: stood(desk, f"2026-01-05 {at}")["T1"] for at in ("08:59", "09:00", "10:00")}

    assert {at: [row[name] is not None for name in names] for at, row in found.items()} == {
        "08:59": [False, False, False],
        "09:00": [True, True, False],
        "10:00": [True, True, True],
    }


def test_few_columns_are_the_same_as_all_of_them(desk: Opened) -> None:
    """Asking for less leaves the rest of the row unchanged, whichever column it is."""
    moment = MOMENTS[20]
    whole = desk.engine.run(tickets_as_of(desk.tables, moment)).to_pylist()
    key = ["source", "ticket_id"]
    for name in (n for n in TICKETS.names if n not in key):
        few = desk.engine.run(tickets_as_of(desk.tables, moment, [*key, name])).to_pylist()
        assert {row["ticket_id"]: row[name] for row in few} == {
            row["ticket_id"]: row[name] for row in whole
        }, name


def test_all_columns_are_there_with_their_types(desk: Opened) -> None:
    """It can stand wherever `tickets` stands."""
    past = tickets_as_of(desk.tables, MOMENTS[3])

    assert past.schema() == desk.tables.tickets.schema()
    assert set(LOST) <= set(past.columns)


def test_a_moment_without_a_zone_is_refused(desk: Opened) -> None:
    """Which instant would it be?"""
    with pytest.raises(ValueError, match="zone"):
        tickets_as_of(desk.tables, datetime(2026, 1, 1))  # noqa: DTZ001 - that is the fault
