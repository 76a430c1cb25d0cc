"""Score cards with consistency, repeatability and scalability, over the desk of sixteen weeks."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from numpy import mean, std

from opsgauge.foundation.errors import PersonSplit, QueryWrong, UnknownColumn
from opsgauge.metrics.question import Question
from opsgauge.operations.aspects import score_card
from opsgauge.operations.measure import Page, chart, measure, tickets_behind
from tests.conftest import Intake
from tests.web.pages.desk import make_desk

pytestmark = pytest.mark.row("CAT-18")


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
        ({"practice": "incident", "type_": "colour"}, UnknownColumn),
    ],
)
def test_what_cannot_be_compared_is_refused(
    desk: Intake, asked: dict[str, str], wrong: type[Exception]
) -> None:
    """Other units, persons, names that are none."""
    with pytest.raises(wrong):
        score_card(desk.context, **asked)
