"""Questions that cannot be asked are refused before anything is compiled."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import OpsgaugeError, PersonSplit, QueryWrong, UnknownColumn
from opsgauge.log.tables import dimensions
from opsgauge.metrics.question import Question, check_question
from tests.metrics.desks import CATALOGUE, splits


def check(metric: str = "time_to_resolve", **asked: Any) -> Question:
    return check_question(CATALOGUE.get(metric), Question(metric, **asked))


def test_the_default_statistic_is_filled_in() -> None:
    """The first of the paragraph."""
    assert check().statistic == "median"
    assert check("handoffs_per_ticket").statistic == "mean"
    assert check(statistic="p90").statistic == "p90"


@pytest.mark.parametrize("person", ["assignee", "requester", "actor"])
def test_numbers_are_never_split_or_filtered_by_a_person(person: str) -> None:
    """By either way."""
    with pytest.raises(PersonSplit, match=person):
        check(by=(person,))
    with pytest.raises(PersonSplit, match=person):
        check(where=(Condition(person, ("Agent 1",)),))


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"by": ("teem",)}, UnknownColumn, "Did you mean 'team'"),
        ({"where": (Condition("priorty", ("1",)),)}, UnknownColumn, "Did you mean 'priority'"),
        ({"by": ("ticket_id",)}, UnknownColumn, "no dimension"),
        ({"by": ("team", "team")}, QueryWrong, "twice"),
        ({"statistic": "p12"}, QueryWrong, "no statistic 'p12'"),
        (
            {"where": (Condition("phase", ("assinged",)),)},
            QueryWrong,
            "Did you mean 'assigned'",
        ),
        ({"where": (Condition("phase", ("new", "nonsense")),)}, QueryWrong, "never 'nonsense'"),
        ({"where": (Condition("practice", ("Task",)),)}, QueryWrong, "Did you mean 'task'"),
        ({"where": (Condition("open", ("true",)),)}, QueryWrong, "There is: no, yes"),
        ({"period": "moth"}, QueryWrong, "Did you mean 'month'"),
        ({"from_": date(2026, 2, 1), "to": date(2026, 1, 1)}, QueryWrong, "before"),
        ({"as_of": datetime(2026, 1, 1)}, QueryWrong, "no zone"),  # noqa: DTZ001 - the fault
        ({"dated_by": "opend_at"}, QueryWrong, "Did you mean 'opened_at'"),
        ({"metric": "backlog", "dated_by": "opened_at"}, QueryWrong, "when a period ends"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    asked: dict[str, Any], error: type[OpsgaugeError], words: str
) -> None:
    """With the nearest word, or the reason."""
    with pytest.raises(error, match=words):
        check(**asked)


@pytest.mark.parametrize("name", [*dimensions(), "attributes.floor"])
def test_every_dimension_may_split_every_metric(name: str) -> None:
    """Further fields of the mapping too."""
    asked = [metric for metric in CATALOGUE if splits(metric, name)]
    assert len(asked) > 20
    for metric in asked:
        assert check(metric.name, by=(name,)).by == (name,)
    for metric in CATALOGUE:
        if metric not in asked:
            with pytest.raises(UnknownColumn, match="cannot be split or filtered"):
                check(metric.name, by=(name,))


def test_an_instant_in_any_zone_is_an_instant() -> None:
    """As of, with a zone."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    assert check(as_of=moment).as_of == moment
