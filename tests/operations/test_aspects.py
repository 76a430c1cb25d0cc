"""Score cards with consistency, repeatability and scalability, over the desk of sixteen weeks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from numpy import log, mean, std, var

from opsgauge.analysis.aspects.crossed import Crossed, crossed
from opsgauge.analysis.aspects.groups import Group
from opsgauge.foundation.errors import PersonSplit, QueryWrong, UnknownColumn
from opsgauge.metrics.question import Question
from opsgauge.operations.aspects import TIME, Compared, score_card
from opsgauge.operations.lists import Page
from opsgauge.operations.measure import chart, measure, tickets_behind
from tests.conftest import Intake
from tests.web.pages.desk import make_desk

pytestmark = pytest.mark.row("CAT-18")


def var_of(logs: Any) -> float:
    """Return the variance of a sample; nought of one alone."""
    return float(var(logs, ddof=1)) if len(logs) > 1 else 0.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Import the desk."""
    held = make_desk(tmp_path_factory.mktemp("aspects"))
    yield held
    held.close()


def test_consistency_is_that_of_the_tickets_behind_the_metric(desk: Intake) -> None:
    """By hand from the list: spread over mean in each category; and the chart's signals."""
    card = score_card(desk.context, "incident")
    question = Question("time_to_resolve")
    listed = tickets_behind(desk.context, question, page=Page(limit=5_000)).rows
    hours: dict[str, list[float]] = {}
    for ticket in listed:
        if ticket["value"] > 0:
            hours.setdefault(ticket["category"], []).append(ticket["value"])
    own = [(len(each) - 1, std(each, ddof=1) / mean(each)) for each in hours.values()]
    told = card.as_json()

    assert told["consistency"]["n"] == sum(len(each) for each in hours.values()) > 500
    assert told["consistency"]["variation"] == pytest.approx(
        (sum(n * cv**2 for n, cv in own) / sum(n for n, _ in own)) ** 0.5
    )
    points = chart(desk.context, Question("time_to_resolve", period="week")).points
    assert told["special_causes"] == sum(bool(point.signals) for point in points)
    assert (
        f"{told['special_causes']} of {told['periods']} weeks" in told["sentences"]["consistency"]
    )


def test_repeatability_is_over_shifts_too(desk: Intake) -> None:
    """By hand from the list: the hour of opening there, in three shifts told as assumed."""
    card = score_card(desk.context, "incident")
    listed = tickets_behind(desk.context, Question(TIME), page=Page(limit=5_000)).rows
    hours: dict[tuple[str, str, str], list[float]] = {}
    for ticket in listed:
        hour = ticket["opened_at"].astimezone(desk.workspace.zone).hour
        shift = "early" if 6 <= hour < 14 else "late" if 14 <= hour < 22 else "night"
        if ticket["value"] > 0:
            key = (ticket["category"], ticket["team"], shift)
            hours.setdefault(key, []).append(ticket["value"])
    own = crossed(
        tuple(
            Group(type_, team, len(each), 0, 0, float(mean(log(each))), var_of(log(each)), shift)
            for (type_, team, shift), each in hours.items()
        )
    )
    found, told = card.found["over_shifts"], card.as_json()

    assert isinstance(found, Crossed)
    assert len({shift for *_, shift in hours}) > 1
    for part in ("teams", "shifts", "both"):
        assert getattr(found, part).variance == pytest.approx(getattr(own, part).variance, abs=1e-9)
        assert told["over_shifts"][part]["share"] == getattr(found, part).share
    assert found.within == pytest.approx(own.within)
    assert found.n == own.n
    assert told["shift"] == "opened_work_shift"
    assert "early from 6, late from 14, night from 22" in card.sentences["repeatability"]
    assert "between one shift and another" in card.sentences["repeatability"]


def test_a_workspace_says_its_own_shifts_and_groups(desk: Intake) -> None:
    """By the name `work_shift` unasked, or by any name of bands of hours; teams by department."""
    path = desk.workspace.path
    (path / "bands" / "shifts.yaml").write_text(
        "work_shift: {kind: hour, moment: opened_at, bands: "
        "[{name: closed, below: 8}, {name: open, below: 18}, {name: closed}]}\n"
    )
    (path / "hierarchies" / "teams.yaml").write_text(
        "dimension: team\nlevels:\n  side:\n    One: [Service Desk]\n    Two: [Network]\n"
        "changes:\n  - {from: 2026-02-01, level: side, move: {Network: One}}\n"
    )
    try:
        own = score_card(desk.context, "incident")
        by_side = score_card(desk.context, "incident", Compared(across="team.side"))
        other = score_card(desk.context, "incident", Compared(shift="opened_hour"))
    finally:
        (path / "bands" / "shifts.yaml").unlink()
        (path / "hierarchies" / "teams.yaml").unlink()

    assert own.shift == by_side.shift == "work_shift"
    assert "taken for the usual ones" not in own.sentences["repeatability"]
    assert "With shifts (work shift)" in own.sentences["repeatability"]
    usual = score_card(desk.context, "incident").found["over_shifts"]
    hourly = other.found["over_shifts"]
    assert own.found["over_shifts"] != usual
    assert isinstance(hourly, Crossed)
    assert isinstance(usual, Crossed)
    assert hourly.cells > usual.cells
    spreads = [vars(card.found["consistency"])["variation"] for card in (by_side, own)]
    assert spreads[0] == pytest.approx(spreads[1])
    assert by_side.sentences["repeatability"] != own.sentences["repeatability"]


def test_the_load_is_what_lay_open_when_the_week_began(desk: Intake) -> None:
    """Weeks that began with something open; those that began with nothing are left out."""
    told = score_card(desk.context, "incident").as_json()
    weeks = measure(desk.context, Question("time_to_resolve", period="week")).rows
    ends = {
        r.period: r.value for r in measure(desk.context, Question("backlog", period="week")).rows
    }
    begun = [ends[before.period] for before, week in pairwise(weeks) if week.value]

    assert told["scalability"]["n"] == len([load for load in begun if load]) < len(begun)
    assert told["scalability"]["low"] < told["scalability"]["slope"] < told["scalability"]["high"]
    assert "a tenth more open" in told["sentences"]["scalability"]


def test_an_aspect_is_a_gap_only_where_nothing_tells_of_it(desk: Intake) -> None:
    """Changes have no tickets here: why, in words, and the gaps of their metrics stand."""
    card = score_card(desk.context, "problem")

    assert card.found == {}
    assert "Consistency needs 20 records" in card.sentences["consistency"]
    assert {"consistency", "repeatability"} <= set(card.gaps)
    assert score_card(desk.context, "incident").gaps == ()


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"practice": "incidnt"}, UnknownColumn),
        ({"practice": "incident", "metric": "backlog"}, QueryWrong),
        ({"practice": "incident", "metric": "reopened_share"}, QueryWrong),
        ({"practice": "incident", "across": "assignee"}, PersonSplit),
        ({"practice": "incident", "type": "colour"}, UnknownColumn),
        ({"practice": "incident", "shift": "opened_weekday"}, QueryWrong),
        ({"practice": "incident", "shift": "opened_work_shif"}, QueryWrong),
        ({"practice": "incident", "shift": "opened_hour", "across": "opened_hour"}, QueryWrong),
    ],
)
def test_what_cannot_be_compared_is_refused(
    desk: Intake, asked: dict[str, str], wrong: type[Exception]
) -> None:
    """Other units, persons, names that are none, and shifts that are no hours."""
    compared = Compared(**{key: name for key, name in asked.items() if key != "practice"})
    with pytest.raises(wrong):
        score_card(desk.context, asked["practice"], compared)
