"""Clocks of service levels, one ticket at a time."""

import pytest

from opsgauge.log.service_levels.flags import zone_rows
from opsgauge.metrics.example import make_desk
from opsgauge.warehouse.engine import DuckEngine
from tests.log.service_levels.clocked import clocks_of, followed, level_of, stages_of

OPENED = "2026-01-05 08:00"
LEVEL = """
any:
  title: Any
  kind: resolution
  targets: [{within: 4 h}]
"""
STEPS = [
    {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "Desk"},
    {"ticket": 1, "since": "2026-01-05 10:00", "phase": "pending_user", "team": "Desk"},
    {"ticket": 1, "since": "2026-01-05 13:00", "phase": "in_progress", "team": "Net"},
    {"ticket": 1, "since": "2026-01-05 16:00", "phase": "resolved", "team": "Net"},
]


def one(text: str, at: str = "") -> dict[str, object]:
    """Return the one clock of the ticket of STEPS."""
    [clock] = clocks_of(text, [{"opened_at": OPENED}], STEPS, at)
    return clock


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize(
    ("more", "state", "used", "waited"),
    [
        ("", "late", 8.0, 0.0),
        ("  pause: {phase: [pending_user]}\n", "late", 5.0, 3.0),
        ("  pause: {team: [Net]}\n", "late", 5.0, 3.0),
        ("  while: {team: [Desk]}\n", "late", 5.0, 3.0),
        ("  while: {team: [Net]}\n", "met", 3.0, 0.0),
        ("  start: {phase: [in_progress]}\n", "met", 3.0, 0.0),
        ("  stop: {phase: [pending_user, resolved]}\n", "late", 5.0, 0.0),
        ("  stop: {phase: [pending_user]}\n  on_reopen: ignore\n", "met", 2.0, 0.0),
        ("  cancel: {phase: [pending_user]}\n  on_reopen: ignore\n", "cancelled", 2.0, 0.0),
        ("  where: {team: [Desk]}\n", "cancelled", 5.0, 0.0),
    ],
)
def test_conditions_start_pause_stop_and_cancel(
    more: str, state: str, used: float, waited: float
) -> None:
    """Eight hours: two new, three pending, three worked on by another team."""
    clock = one(LEVEL + more)

    assert (clock["state"], clock["used"], clock["waited"]) == (state, used, waited)


def test_a_moment_can_start_and_stop_a_clock() -> None:
    """In the middle of an interval too."""
    tickets = [
        {
            "opened_at": OPENED,
            "assigned_at": "2026-01-05 09:00",
            "first_response_at": "2026-01-05 09:30",
            "resolved_at": "2026-01-05 12:00",
        }
    ]
    text = LEVEL.replace("resolution", "response") + "  start: {moment: assigned_at}\n"
    steps = [{"ticket": 1, "since": OPENED, "phase": "new"}]
    [clock] = clocks_of(text, tickets, steps, at="2026-01-05 15:00")

    assert (clock["state"], clock["used"]) == ("met", 0.5)
    assert (clock["started_at"], clock["stopped_at"]) == (
        "2026-01-05 09:00:00",
        "2026-01-05 09:30:00",
    )


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize("more", ["", "  reset: {team: [Nobody]}\n"], ids=["one", "may be more"])
def test_what_comes_after_the_moment_that_stopped_a_clock_is_not_of_it(more: str) -> None:
    """Answered after two hours of four; later more urgent, and at last cancelled."""
    text = LEVEL.replace("resolution", "response").replace(
        "[{within: 4 h}]", "[{priority: '1', within: 30 min}, {priority: '3', within: 4 h}]"
    )
    text += "  stop: {moment: first_response_at}\n  cancel: {phase: [cancelled]}\n" + more
    tickets = [{"opened_at": OPENED, "first_response_at": "2026-01-05 10:00"}] * 2
    steps = [
        {"ticket": number, "since": since, "phase": phase, "priority": priority}
        for number, answered in ((1, "2026-01-05 10:00"), (2, OPENED))
        for since, phase, priority in (
            (OPENED, "new", "3"),
            (answered, "in_progress", "3"),
            ("2026-01-05 12:00", "in_progress", "1"),
            ("2026-01-05 14:00", "cancelled", "1"),
        )
    ]
    for clock in clocks_of(text, tickets, steps):
        found = (clock["state"], clock["used"], clock["target"], clock["breached_at"])
        assert found == ("met", 2.0, 4.0, None)


def test_a_ticket_answered_as_it_came_has_a_clock() -> None:
    """That used nothing."""
    tickets = [{"opened_at": OPENED, "first_response_at": OPENED}]
    [clock] = clocks_of(LEVEL.replace("resolution", "response"), tickets, STEPS)

    assert (clock["state"], clock["used"], clock["stopped_at"]) == ("met", 0.0, f"{OPENED}:00")


@pytest.mark.row("SLA-10")
def test_a_response_not_yet_given_runs() -> None:
    """And says when it will break."""
    text = LEVEL.replace("resolution", "response")
    steps = [{"ticket": 1, "since": OPENED, "phase": "new"}]
    [clock] = clocks_of(text, [{"opened_at": OPENED}], steps, at="2026-01-05 09:00")

    assert (clock["state"], clock["due_at"], clock["left"]) == (
        "running",
        "2026-01-05 12:00:00",
        3.0,
    )


HUMAN = LEVEL.replace("resolution", "response\n  counts: human")
SIGNED = {
    "person": ("new:no", "in_progress:no", "resolved:no"),
    "program, then person": ("new:no", "in_progress:yes", "in_progress:no"),
    "program alone": ("new:no", "in_progress:yes", "resolved:yes"),
    "nobody": ("new:no",),
    "not told": ("new:no", "in_progress:-", "resolved:no"),
    "not told at last": ("new:no", "in_progress:yes", "in_progress:-"),
    "told at last": ("new:no", "in_progress:no", "resolved:-"),
    "never signed": ("new:-",),
}


@pytest.mark.row("SLA-10")
def test_a_promise_of_a_persons_answer_is_not_kept_by_a_program() -> None:
    """Three hours between steps, of four; where nothing tells who answered there is no clock."""
    tickets, steps = [], []
    answered = {"person": "11", "program, then person": "14", "told at last": "11"}
    for number, (name, signed) in enumerate(SIGNED.items(), start=1):
        at = answered.get(name)
        moment = {"first_human_response_at": f"2026-01-05 {at}:00"} if at else {}
        tickets.append({"opened_at": OPENED, **moment})
        for place, step in enumerate(signed):
            phase, by = step.split(":")
            since = f"2026-01-05 {8 + 3 * place:02}:00"
            program = {"yes": True, "no": False}.get(by)
            steps.append({"ticket": number, "since": since, "phase": phase, "automatic": program})
    clocks = clocks_of(HUMAN, tickets, steps, at="2026-01-05 20:00")
    found = {[*SIGNED][int(c["ticket_id"][1:]) - 1]: (c["state"], c["used"]) for c in clocks}

    assert found == {
        "person": ("met", 3.0),
        "program, then person": ("late", 6.0),
        "program alone": ("late", 6.0),
        "nobody": ("running", 12.0),
        "told at last": ("met", 3.0),
    }


def test_each_update_begins_a_clock_of_its_own() -> None:
    """For a promise to say something every so often."""
    clocks = clocks_of(
        LEVEL.replace("resolution", "update").replace("4 h", "150 min"),
        [{"opened_at": OPENED}],
        STEPS,
    )

    assert [(c["cycle"], c["state"], c["used"], c["breached"]) for c in clocks] == [
        (1, "reset", 2.0, False),
        (2, "reset", 3.0, True),
        (3, "late", 3.0, True),
    ]
    assert [c["newest"] for c in clocks] == [False, False, True]


@pytest.mark.row("SLA-03")
@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("carry", [("late", 8.0, 6.0, "2026-01-05 14:00:00")]),
        ("restart", [("reset", 2.0, 12.0, None), ("met", 6.0, 6.0, None)]),
        ("prorate", [("late", 7.0, 6.0, "2026-01-05 15:00:00")]),
    ],
)
def test_when_the_target_changes_used_time_is_carried_forgotten_or_kept_in_proportion(
    policy: str, told: list[tuple[str, float, float, str | None]]
) -> None:
    """Two of twelve hours used, then six are promised: 2 + 6, 0 + 6, or a sixth of six + 6."""
    clocks = clocks_of(
        f"{LEVEL}  on_change: {policy}\n".replace(
            "[{within: 4 h}]", '[{priority: "1", within: 6 h}, {within: 12 h}]'
        ),
        [{"opened_at": OPENED}],
        [
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "priority": "2"},
            {"ticket": 1, "since": "2026-01-05 10:00", "phase": "in_progress", "priority": "1"},
            {"ticket": 1, "since": "2026-01-05 16:00", "phase": "resolved"},
        ],
    )

    assert [(c["state"], c["used"], c["target"], c["breached_at"]) for c in clocks] == told


@pytest.mark.row("SLA-03")
@pytest.mark.parametrize(
    ("start", "pause", "used", "waited"),
    [("yes", "yes", 5.0, 3.0), ("yes", "no", 8.0, 0.0), ("no", "yes", 3.0, 0.0)],
)
def test_time_before_a_definition_applied(
    start: str, pause: str, used: float, waited: float
) -> None:
    """It applies from 13:00 on, when the other team gets the ticket."""
    text = (
        f"{LEVEL}  where: {{team: [Net]}}\n  pause: {{phase: [pending_user]}}\n"
        f"  retroactive: {{start: '{start}', pause: '{pause}'}}\n"
    )
    clock = one(text)

    assert (clock["used"], clock["waited"]) == (used, waited)


@pytest.mark.row("SLA-14")
def test_a_clock_can_break_and_be_kept_by_a_later_target() -> None:
    """Broken by the target of the first hours; the one in force at the end is longer."""
    [clock] = clocks_of(
        LEVEL.replace("[{within: 4 h}]", '[{priority: "1", within: 1 h}, {within: 9 h}]'),
        [{"opened_at": OPENED}],
        [
            {"ticket": 1, "since": OPENED, "phase": "new", "priority": "1"},
            {"ticket": 1, "since": "2026-01-05 10:00", "phase": "in_progress", "priority": "2"},
            {"ticket": 1, "since": "2026-01-05 12:00", "phase": "resolved"},
        ],
    )

    assert (clock["breached"], clock["ever_breached"], clock["state"]) == (False, True, "met")
    assert clock["breached_at"] == "2026-01-05 09:00:00"


@pytest.mark.row("SLA-04")
def test_hours_are_read_on_the_clock_of_the_place() -> None:
    """09:00 in Tokyo is midnight UTC; a place that nobody named has the calendar's own zone."""
    text = LEVEL + ("  calendar: office\n  zones: {by: location, of: {Tokyo: Asia/Tokyo}}\n")
    tickets = [
        {"opened_at": "2026-01-05 00:00", "location": place, "resolved_at": "2026-01-05 10:00"}
        for place in ("Tokyo", "Berlin")
    ]

    assert [clock["used"] for clock in clocks_of(text, tickets)] == [8.0, 2.0]


@pytest.mark.row("SLA-04")
def test_the_first_source_that_knows_the_zone_counts() -> None:
    """Where the item is, else where the requester is, else the team; else the calendar's own."""
    text = LEVEL + (
        "  calendar: office\n"
        "  zones: {by: [item_location, location, team], "
        "of: {Tokyo: Asia/Tokyo, Nepal: Asia/Kathmandu, Night: Etc/GMT-10}}\n"
    )
    shown = [
        ("Pump", "Nepal", "Night"),
        ("Fan", "Nepal", "Night"),
        (None, None, "Night"),
        ("?",) * 3,
    ]
    tickets = [
        {
            "opened_at": "2026-01-05 00:00",
            "resolved_at": "2026-01-05 02:00",
            **dict(zip(("configuration_item", "location", "team"), each, strict=True)),
        }
        for each in shown
    ]
    items = [
        {"configuration_item": "Pump", "location": "Tokyo"},
        {"configuration_item": "Fan", "location": "the moon"},
    ]

    # Open 08:00 to 17:00: in Tokyo (+9) from 23:00 the day before, in Nepal (+5:45) from 02:15,
    # ten hours ahead from 22:00, in UTC from 08:00.
    used = [clock["used"] for clock in clocks_of(text, tickets, configuration_items=items)]
    assert used == [2.0, 0.0, 2.0, 0.0]


@pytest.mark.row("SLA-04")
def test_the_callers_own_zone_is_read_from_an_attribute() -> None:
    """Before where the caller is; a caller without one, or with one nobody named, falls back."""
    text = LEVEL + (
        "  calendar: office\n"
        "  zones: {by: [attributes.caller_zone, location], "
        "of: {Asia/Tokyo: Asia/Tokyo, Nepal: Asia/Kathmandu}}\n"
    )
    tickets = [
        {
            "opened_at": "2026-01-05 00:00",
            "resolved_at": "2026-01-05 03:00",
            "location": place,
            "attributes": attributes,
        }
        for place, attributes in (
            ("Nepal", {"caller_zone": "Asia/Tokyo"}),
            ("Nepal", {"caller_zone": "Mars/Base"}),
            ("Nepal", {}),
            (None, {"zone_of_caller": "Asia/Tokyo"}),
        )
    ]
    level, desk = level_of(text), make_desk(tickets)
    of, tables = followed(desk, level)
    engine = DuckEngine([], extra=tables)
    counted = {r["zone_by"]: r["tickets"] for r in engine.run(zone_rows(level, of)).to_pylist()}
    engine.close()

    # From 02:15 in Nepal; in UTC from 08:00.
    assert [clock["used"] for clock in clocks_of(text, tickets)] == [3.0, 0.75, 0.75, 0.0]
    assert counted == {"attributes.caller_zone": 1, "location": 2, None: 1}


def test_used_time_before_an_interval_is_that_of_those_before_it() -> None:
    """Stage by stage."""
    rows = stages_of(LEVEL + "  pause: {phase: [pending_user]}\n", [{"opened_at": OPENED}], STEPS)

    hours = [(r["before_us"] // 3600_000_000, r["used_us"] // 3600_000_000) for r in rows]
    assert hours == [(0, 2), (2, 0), (2, 3)]
    assert [row["last"] for row in rows] == [0, 0, 1]
