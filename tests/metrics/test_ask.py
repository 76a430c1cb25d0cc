"""A question made ready: its rows, its limits, its words."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from opsgauge.metrics.ask import Ask, make_ask
from opsgauge.metrics.dated import Duration, Share
from opsgauge.metrics.question import Question
from opsgauge.metrics.words import word
from opsgauge.warehouse.portable import micros_at
from tests.metrics.desks import CATALOGUE, Opened, only, small_desk


@pytest.fixture
def desk() -> Opened:
    """Two tickets with a further field, in New York."""
    return small_desk(
        {"opened_at": "2026-01-05 08:00", "team": "A", "channel": "mail"},
        {"opened_at": "2026-01-06 08:00", "team": "B"},
        zone="America/New_York",
    )


def ask(desk: Opened, metric: str = "tickets_opened", **asked: Any) -> Ask:
    found = CATALOGUE.get(metric)
    return make_ask(found, Question(metric, **asked), desk.tables, desk.periods, desk.watermark)


def test_dates_become_instants_of_the_zone(desk: Opened) -> None:
    """A day of New York begins at five in UTC."""
    asked = ask(desk, from_=date(2026, 1, 5), to=date(2026, 1, 5))

    assert asked.from_us == micros_at(datetime(2026, 1, 5, 5, tzinfo=UTC))
    assert asked.to_us == micros_at(datetime(2026, 1, 6, 5, tzinfo=UTC))
    assert asked.cut_us == asked.now_us == asked.to_us


def test_without_dates_all_that_is_known_counts(desk: Opened) -> None:
    """Up to the latest instant, which itself is part of it."""
    asked = ask(desk)

    assert (asked.from_us, asked.to_us) == (None, None)
    assert asked.now_us == micros_at(desk.watermark)
    assert asked.cut_us == asked.now_us + 1


@pytest.mark.parametrize(("hours", "known"), [(-3, -3), (0, 0), (5, 0)])
def test_nothing_is_known_later_than_the_records_or_the_moment_asked_for(
    desk: Opened, hours: int, known: int
) -> None:
    """Asking as of tomorrow is asking as of the last record."""
    asked = ask(desk, as_of=desk.watermark + timedelta(hours=hours))

    assert asked.now_us == micros_at(desk.watermark + timedelta(hours=known))


def test_only_what_changes_over_time_splits_the_past(desk: Opened) -> None:
    """A team does, a channel does not."""
    assert ask(desk, "backlog", by=("team",)).splits_the_past
    assert ask(desk, "backlog", where=only("priority", "1")).splits_the_past
    assert not ask(desk, "backlog", by=("channel", "source")).splits_the_past


def test_periods_that_end_before_the_records_are_refused(desk: Opened) -> None:
    """They could only give numbers that are too small."""
    metric = CATALOGUE.get("backlog")
    later = desk.watermark + timedelta(days=1)

    with pytest.raises(ValueError, match="before the records do"):
        make_ask(metric, Question("backlog"), desk.tables, desk.periods, later)


def test_a_paragraph_is_taken_as_the_kind_it_is(desk: Opened) -> None:
    """And as no other."""
    asked = ask(desk, "time_to_resolve")

    assert asked.definition(Duration).to == "resolved_at"
    with pytest.raises(TypeError, match="no Share"):
        asked.definition(Share)


def test_further_fields_are_dimensions_too() -> None:
    """Of tickets and of the backlog, as a split and as a filter."""
    floors: list[dict[str, Any]] = [
        {"attributes": [("floor", "1")]},
        {"attributes": [("floor", "2")]},
        {},
    ]
    desk = small_desk(*floors)
    for metric in ("tickets_opened", "backlog"):
        assert desk.values(metric, by=("attributes.floor",)) == {
            ("all", "1"): 1,
            ("all", "2"): 1,
            ("all", None): 1,
        }
        assert desk.only(metric, where=only("attributes.floor", "2", None)).n == 2
        assert desk.values(
            metric, by=("team", "attributes.floor"), where=only("attributes.floor", "1")
        )


def test_yes_and_no_become_words(desk: Opened) -> None:
    """Other dimensions stay what they are."""
    tickets = desk.tables.tickets

    assert word(tickets, "major").type().is_string()
    assert word(tickets, "team").get_name() == "team"


@pytest.mark.row("CAT-08")
def test_another_moment_may_date_a_metric() -> None:
    """Time to resolve by when tickets were opened, where the paragraph says resolved."""
    desk = small_desk({"opened_at": "2026-01-31 08:00", "resolved_at": "2026-02-01 08:00"})

    assert list(desk.values("time_to_resolve", period="month")) == ["2026-02"]
    switched = desk.values("time_to_resolve", period="month", dated_by="opened_at")
    assert switched == {"2026-01": 24.0}
