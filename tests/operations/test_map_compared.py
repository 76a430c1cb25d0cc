"""Two maps of one small desk held against each other, and every number behind its list."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from opsgauge.analysis.mining.steps import BEGIN, FINISH
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import QueryWrong, UnknownCalendar
from opsgauge.foundation.units import percent
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Passed, Selection, process_map, variants
from opsgauge.operations.map_compared import Against, both_sides, compare_maps
from opsgauge.operations.map_joined import joined_map, marks_of
from opsgauge.operations.measure import tickets_where
from tests.conftest import MAPPING, Intake, with_settings

CALENDAR = """
title: Desk
zone: UTC
week: {monday-friday: ["09:00-17:00"]}
"""


def rows() -> str:
    """Return 60 tickets of two weeks.

    Those of team B wait for the user and are worked on four times as long; of team A's 8 wait.
    """
    lines = ["number,at,state,team,who"]
    for n in range(60):
        team, week = "AB"[n % 2], n // 30
        day = f"2026-01-{5 + n // 6 + 2 * week:02}"
        waits = team == "B" or n % 8 == 0
        lines.append(f"T{n},{day} 08:00,New,{team},x")
        if waits:
            lines.append(f"T{n},{day} 08:{n % 6 + 1:02},Wait,{team},x")
        lines.append(f"T{n},{day} 09:0{n % 5},Work,{team},x")
        end = "10:3" if team == "A" else "15:3"
        lines.append(f"T{n},{day} {end}{n % 7},Done,{team},x")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Return that desk."""
    held = Intake(tmp_path_factory.mktemp("maps"))
    held.takes(rows(), mapping=f"practice: incident{MAPPING}")
    folder = held.workspace.path / "calendars"
    folder.mkdir(exist_ok=True)
    (folder / "desk.yaml").write_text(CALENDAR)
    yield with_settings(held.context)
    held.close()


def team(name: str) -> tuple[Condition, ...]:
    """Return the condition of one team."""
    return (Condition("team", (name,)),)


@pytest.mark.row("MAP-12")
def test_two_teams_differ_where_they_do(desk: Context) -> None:
    """All of B's 30 wait, 8 of A's; B's work takes about four times as long."""
    found = compare_maps(desk, "phase", (Selection(team("B")), Against(team("A"))))
    said = {row.key: row for row in found.told}
    waits, work = said["pending_user",], said["in_progress",]

    assert (found.one.tickets, found.other.tickets) == (30, 30)
    assert (waits.one.tickets, waits.other.tickets) == (30, 8)
    assert waits.flow is not None
    assert waits.flow.said == "more"
    assert waits.flow.size == pytest.approx(22 / 30)
    assert work.time is not None
    assert work.time.said == "slower"
    assert 3.9 < work.time.size < 4.6
    assert work.flow is not None
    assert work.flow.said == ""
    assert "beyond chance" in found.sentence


@pytest.mark.row("MAP-12")
def test_the_joined_map_conserves_and_bears_the_marks(desk: Context) -> None:
    """Counts of both sides together are those of the whole; what is told is written on it."""
    found = compare_maps(desk, "phase", (Selection(team("B")), Against(team("A"))))
    joined, whole = joined_map(found), process_map(desk, "phase")

    assert {(n.id, n.count, n.starts, n.ends) for n in joined.nodes} == {
        (n.id, n.count, n.starts, n.ends) for n in whole.nodes
    }
    assert {(a.from_, a.to, a.count) for a in joined.arcs} == {
        (a.from_, a.to, a.count) for a in whole.arcs
    }
    assert marks_of(found)["pending_user",].words == "+73.3 points"
    assert marks_of(found)["new", "pending_user"].tone == "more"


@pytest.mark.row("MAP-12")
def test_two_paths_are_compared(desk: Context) -> None:
    """Those that wait against those that do not, whatever team they are of."""
    paths = {len(row.path): row for row in variants(desk, "phase").rows}
    sides = [Passed("phase", path=paths[steps].id) for steps in (4, 3)]
    found = compare_maps(desk, "phase", (Selection(passed=sides[0]), Against(passed=sides[1])))

    assert (found.one.tickets, found.other.tickets) == (paths[4].count, paths[3].count)
    assert ("new", "in_progress") in {row.key for row in found.told}


@pytest.mark.row("MAP-12")
def test_without_another_side_it_is_as_many_days_before(desk: Context) -> None:
    """From 12 to 16 January is held against 7 to 11, of which three are weekdays."""
    days = Selection(from_=date(2026, 1, 12), to=date(2026, 1, 16))
    one, other = both_sides(desk, days, Against())
    found = compare_maps(desk, "phase", (days, Against()))

    assert (one, other.from_, other.to) == (days, date(2026, 1, 7), date(2026, 1, 11))
    assert (found.one.tickets, found.other.tickets) == (30, 18)
    assert not found.told
    assert found.sentence.startswith("Nothing differs beyond chance")


def young_and_old() -> str:
    """Return 40 tickets of January, all closed, and 40 of June.

    Of those of June 10 are still worked on and 10 are resolved and not yet closed.
    """
    lines = ["number,at,state,team,who"]
    for n in range(80):
        number, young = n % 40, n >= 40
        day = f"2026-{'06' if young else '01'}-{10 + number // 4:02}"
        steps = ["New", "Work", "Done", "Shut"]
        steps = (
            steps[:2] if young and number >= 30 else steps[:3] if young and number >= 20 else steps
        )
        lines += [f"T{n},{day} {8 + at:02}:{n % 60:02},{step},A,x" for at, step in enumerate(steps)]
    return "\n".join(lines) + "\n"


@pytest.mark.row("MAP-12")
def test_being_younger_is_no_difference(make_intake: Callable[..., Intake]) -> None:
    """Of the young, half are closed and of the old all: they go the same way, given time.

    Those that are open, and resolved ones that wait to be closed, are told as unfinished.
    """
    held = make_intake()
    held.takes(young_and_old(), mapping=f"practice: incident{MAPPING}")
    june, january = (date(2026, 6, 1), date(2026, 6, 30)), (date(2026, 1, 1), date(2026, 1, 31))
    sides = Selection((), *june), Against((), *january)
    found = compare_maps(with_settings(held.context), "phase", sides)
    closed = next(row for row in found.rows if row.key == ("closed",))

    assert (closed.one.tickets, closed.other.tickets) == (20, 40)
    assert (found.one.open_, found.one.unfinished, found.other.unfinished) == (10, 20, 0)
    assert not [row.key for row in found.rows if row.flow and row.flow.said]
    assert closed.undecided(found.effect)
    assert "whatever unfinished tickets will do" in found.sentence
    assert any(
        f"{percent(0.5, 0)} of the one side's tickets are not finished" in note
        for note in found.caveats
    )


@pytest.mark.row("MAP-12")
@pytest.mark.parametrize(
    ("chosen", "against", "reason"),
    [
        (Selection(team("B")), Against(team("B")), "the same tickets"),
        (Selection(team("B")), Against((Condition("phase", ("resolved",)),)), "share 30 tickets"),
        (Selection(team("B")), Against(team("C")), "There are no tickets, where team is C"),
    ],
)
def test_sides_that_are_none_are_refused(
    desk: Context, chosen: Selection, against: Against, reason: str
) -> None:
    """The same twice, one inside the other, and one without a ticket."""
    with pytest.raises(QueryWrong, match=reason):
        compare_maps(desk, "phase", (chosen, against))


@pytest.mark.row("MAP-01")
@pytest.mark.parametrize("steps", ["team", "phase+team"])
def test_every_step_and_way_opens_as_many_tickets_as_it_counts(desk: Context, steps: str) -> None:
    """Starts and ends too, whatever a step is."""
    drawn = process_map(desk, steps)

    def behind(step: str | None, then: str | None = None) -> int:
        return tickets_where(desk, Selection(passed=Passed(steps, step, then))).total

    assert drawn.tickets == 60
    for node in drawn.nodes[:3]:
        assert behind(node.id) == node.tickets
        assert behind(BEGIN, node.id) == node.starts
        assert behind(node.id, FINISH) == node.ends
    for arc in drawn.arcs[:3]:
        assert behind(arc.from_, arc.to) == arc.tickets


@pytest.mark.row("MAP-01")
def test_times_are_of_the_calendar_asked_for(desk: Context) -> None:
    """A's work from about 09:00 to 10:30 is all open time; the hour as new before 09:00 is none."""
    elapsed = {n.id: n for n in process_map(desk, "phase", Selection(team("A"))).nodes}
    asked = process_map(desk, "phase", Selection(team("A")), "desk")
    open_time = {n.id: n for n in asked.nodes}

    assert asked.calendar == "desk"
    assert open_time["in_progress"].total_seconds == elapsed["in_progress"].total_seconds
    assert 0 < (open_time["new"].median_seconds or 0) <= 240
    assert elapsed["new"].median_seconds == 3600 + (open_time["new"].median_seconds or 0)
    assert {n: open_time[n].count for n in open_time} == {n: elapsed[n].count for n in elapsed}
    with pytest.raises(UnknownCalendar):
        process_map(desk, "phase", None, "nights")
