"""The twin of a number: its sentence, what it leaves out, and the tickets behind it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from opsgauge.foundation.errors import QueryWrong
from opsgauge.metrics.behind import LISTED
from opsgauge.metrics.explain import left_out, sentence
from opsgauge.metrics.question import Question
from tests.metrics.desks import CATALOGUE, NAMES, VARIED, Opened, fitted, only, small_desk


def record_of(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what tells one listed record from another."""
    return (row.get("kept_in"), row.get("record"), row.get("kind"), row["ticket_id"])


PAST = datetime(2026, 4, 20, 12, 30, tzinfo=UTC)


ASKED: tuple[dict[str, Any], ...] = (
    {"period": "all", "by": ("phase",)},
    {"period": "day"},
    {"period": "week", "by": ("team",), "as_of": PAST},
    {"period": "month", "by": ("channel", "sla_met")},
)
EACH_WAY = [(name, asked) for name in VARIED for asked in ASKED]
ONE_WAY = [(name, ASKED[3]) for name in NAMES if name not in VARIED]


@pytest.mark.row("CAT-03")
@pytest.mark.parametrize(("name", "asked"), EACH_WAY + ONE_WAY)
def test_there_are_as_many_records_behind_a_number_as_its_n(
    mixed: Opened, name: str, asked: dict[str, Any]
) -> None:
    """First, middle and last value, each record once; also of zeros, and of the past."""
    question = fitted(CATALOGUE.get(name), Question(name, **asked))
    asked = {key: getattr(question, key) for key in asked}
    points = mixed.measure(name, **asked)
    assert points
    for point in {0: points[0], 1: points[len(points) // 2], 2: points[-1]}.values():
        listed = mixed.behind(name, {"period": point.period, **point.by}, **asked)

        assert len(listed) == point.n
        assert len({record_of(row) for row in listed}) == point.n


@pytest.mark.parametrize("name", NAMES)
def test_what_the_tickets_add_makes_the_number(mixed: Opened, name: str) -> None:
    """Sums of counts, parts of shares; of a time, the largest and smallest hold the value."""
    point = mixed.measure(name, period="month")[1]
    if CATALOGUE.get(name).parts or "distinct" in CATALOGUE.get(name).kind:
        return  # what one record adds is a part of it, see tests/metrics/kinds
    values = [row["value"] for row in mixed.behind(name, {"period": point.period}, period="month")]

    kind = CATALOGUE.get(name).kind
    if kind in ("count", "flow", "sum", "points"):
        assert sum(values) == pytest.approx(point.value)
    elif kind == "score":
        assert sum(values) / len(values) in (
            pytest.approx(point.value),
            pytest.approx((point.value or 0) / 100),
        )
    elif kind in ("share", "repeat"):
        assert set(values) <= {0.0, 1.0}
        assert sum(values) == point.numerator
    else:
        there = [value for value in values if value is not None]
        assert min(there) <= (point.value or 0) <= max(there)


def test_the_numerator_of_a_share_can_be_listed_alone(mixed: Opened) -> None:
    """Every one of them meets the criterion."""
    point = mixed.only("reopened_share")
    listed = mixed.behind("reopened_share", {"period": "all"}, "numerator")

    assert len(listed) == point.numerator
    assert all(row["reopen_count"] >= 1 for row in listed)


def test_a_question_keeps_its_own_filters_and_dates() -> None:
    """The list is narrowed by them too, within the period's first and last day."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "team": "A"},
        {"opened_at": "2026-01-07 08:00", "team": "A"},
        {"opened_at": "2026-01-07 09:00", "team": "B"},
        at="2026-01-20",
    )
    asked: dict[str, Any] = {
        "period": "week",
        "from_": date(2026, 1, 6),
        "where": only("team", "A"),
    }
    listed = desk.behind("tickets_opened", {"period": "2026-W02"}, **asked)

    assert [row["ticket_id"] for row in listed] == ["T2"]


def test_behind_a_stock_tickets_show_what_they_were_then() -> None:
    """The team that held it, not the one it went to; hours are those at that end."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "phase": "resolved", "team": "Network"},
        history=[
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "Desk"},
            {"ticket": 1, "since": "2026-01-06 08:00", "phase": "in_progress", "team": "Network"},
            {"ticket": 1, "since": "2026-01-09 08:00", "phase": "resolved", "team": "Network"},
        ],
    )
    [row] = desk.behind(
        "backlog_age", {"period": "2026-01-05", "team": "Desk"}, period="day", by=("team",)
    )

    assert (row["team"], row["phase"], row["open"], row["value"]) == ("Desk", "new", True, 16.0)


def test_as_of_a_moment_tickets_show_what_they_were_at_it(mixed: Opened) -> None:
    """None opened later, none resolved later."""
    naive = PAST.replace(tzinfo=None)
    listed = mixed.behind("tickets_opened", {"period": "all"}, as_of=PAST)

    assert listed
    assert all(row["opened_at"] <= naive for row in listed)
    assert all(row["resolved_at"] is None or row["resolved_at"] <= naive for row in listed)


def test_a_list_has_the_columns_of_tickets_and_what_each_adds(mixed: Opened) -> None:
    """The same for a count and for a stock."""
    for name in ("tickets_opened", "backlog"):
        [*rows] = mixed.behind(name, {"period": "all"})
        assert set(rows[0]) == {*LISTED, "value"}


@pytest.mark.parametrize(
    ("row", "part", "asked", "words"),
    [
        ({"period": "2026-03"}, "", {"period": "month", "by": ("team",)}, "team"),
        ({"period": "2026-03", "team": "A"}, "", {"period": "month"}, "not told apart"),
        ({"period": "2026-03"}, "numerator", {"period": "month"}, "no part"),
        ({"period": "2026-03"}, "", {"period": "month", "from_": date(2026, 5, 1)}, "outside"),
        ({"period": "March"}, "", {"period": "month"}, "no period"),
    ],
)
def test_a_number_that_is_not_one_of_the_answer_is_refused(
    mixed: Opened, row: dict[str, str], part: str, asked: dict[str, Any], words: str
) -> None:
    """Rather than a list of something else."""
    with pytest.raises(QueryWrong, match=words):
        mixed.behind("time_to_resolve", row, part, **asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"metric": "time_to_resolve", "period": "week", "by": ("team",)},
            "Time to resolve: median hours from opened to resolved, of tickets by the week in "
            "which they were resolved, split by team.",
        ),
        (
            {"metric": "time_to_resolve", "statistic": "p90", "dated_by": "opened_at"},
            "Time to resolve: 90th percentile hours from opened to resolved, of tickets that were "
            "opened.",
        ),
        (
            {"metric": "reopened_share", "where": only("priority", "1", None)},
            "Reopened tickets: share with reopen_count at least 1 of the tickets with "
            "reopen_count known that were opened, where priority is 1 or missing.",
        ),
        (
            {"metric": "sla_met_share", "from_": date(2026, 1, 1), "to": date(2026, 1, 31)},
            "Service level met: share with sla_met yes of the tickets with sla_met known that were "
            "opened, from 2026-01-01 to 2026-01-31.",
        ),
        (
            {"metric": "backlog", "period": "month", "as_of": PAST},
            "Backlog: number of tickets open at the end of each month, as things stood on "
            "2026-04-20 12:30 UTC.",
        ),
        (
            {"metric": "backlog_age", "from_": date(2026, 1, 1)},
            "Age of the backlog: median hours since opening, of tickets open at the end, from "
            "2026-01-01 on.",
        ),
        (
            {"metric": "pending_share", "to": date(2026, 1, 1)},
            "Time spent pending: pending_us as a share of life_us, of tickets that were resolved, "
            "to 2026-01-01.",
        ),
        (
            {"metric": "pending_user_time"},
            "Time waiting for the user: median hours of pending_user_us, of tickets that were "
            "resolved.",
        ),
    ],
)
def test_a_question_is_a_sentence(asked: dict[str, Any], said: str) -> None:
    """What, of which tickets, how split, where, when."""
    question = Question(**asked)

    assert sentence(CATALOGUE.get(question.metric), question) == said


def test_what_is_left_out_is_said_of_every_metric() -> None:
    """In sentences; a denominator and a least amount too."""
    for metric in CATALOGUE:
        assert left_out(metric).endswith(".")
    assert "sla_met known" in left_out(CATALOGUE.get("sla_met_share"))
    assert "below 1" in left_out(CATALOGUE.get("pending_user_time"))
