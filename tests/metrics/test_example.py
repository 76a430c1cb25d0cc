"""Small desks from partial rows, and worked examples."""

from datetime import UTC, datetime
from typing import Any

import pytest

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.metrics.example import instant, length_us, make_desk, work_example
from opsgauge.metrics.metric import Metric
from tests.metrics.paragraphs import paragraph


def rows(desk: Any, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in desk.history.to_pylist()]


def test_a_ticket_tells_its_history_by_its_moments() -> None:
    """New, resolved, closed; each interval ends where the next begins."""
    desk = make_desk(
        [
            {
                "opened_at": "2026-01-05 08:00",
                "resolved_at": "2026-01-05 09:00",
                "closed_at": "2026-01-06 08:00",
            }
        ]
    )

    assert rows(desk, "seq", "phase", "open", "passage") == [
        (1, "new", True, "created"),
        (2, "resolved", False, "resolved"),
        (3, "closed", False, None),
    ]
    told = desk.history.to_pylist()
    assert [row["until"] for row in told] == [told[1]["since"], told[2]["since"], None]
    assert told[0]["elapsed_us"] == length_us("1 h")
    assert desk.tickets["phase"].to_pylist() == ["closed"]
    assert desk.watermark == datetime(2026, 1, 6, 8, tzinfo=UTC)


def test_an_interval_stands_before_a_late_first_update() -> None:
    """From opening on, without team or state, and not an update."""
    desk = make_desk(
        [{"opened_at": "2026-01-05 08:00"}],
        [{"ticket": 1, "since": "2026-01-05 09:00", "phase": "assigned", "team": "A"}],
    )

    assert rows(desk, "seq", "phase", "team", "passage") == [
        (0, "new", None, "created"),
        (1, "assigned", "A", None),
    ]
    assert desk.tickets["update_count"].to_pylist() == [1]


def test_a_ticket_that_is_done_when_first_seen_is_created_before() -> None:
    """By an interval without length."""
    desk = make_desk(
        [{"opened_at": "2026-01-05 08:00"}],
        [{"ticket": 1, "since": "2026-01-05 08:00", "phase": "cancelled"}],
    )

    assert rows(desk, "seq", "passage", "elapsed_us") == [
        (0, "created", 0),
        (1, "cancelled", None),
    ]


def test_tables_are_whole() -> None:
    """With every column of the log, in the stored types."""
    desk = make_desk([{}])

    assert desk.tickets.schema == TICKETS.arrow_schema()
    assert desk.history.schema == HISTORY.arrow_schema()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-05 08:00", 8),
        ("2026-01-05T09:00+01:00", 8),
        (datetime(2026, 1, 5, 8), 8),  # noqa: DTZ001 - as YAML reads it
    ],
)
def test_an_instant_without_a_zone_is_utc(text: str | datetime, hour: int) -> None:
    """In examples only: imports refuse it."""
    assert instant(text) == datetime(2026, 1, 5, hour, tzinfo=UTC)


@pytest.mark.row("CAT-01")
def test_an_example_that_does_not_hold_is_seen() -> None:
    """What it gives is worked out, not copied."""
    metric = Metric("own", "desk", paragraph(example={**EXAMPLE, "gives": {"median": 99.0}}))

    assert work_example(metric) == {"median": 1.0}


EXAMPLE: dict[str, Any] = {
    "tickets": [{"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00"}]
}


def test_an_example_without_a_ticket_that_counts_gives_nothing() -> None:
    """Which a paragraph may want to show."""
    example = {"tickets": [{"opened_at": "2026-01-05 08:00"}], "gives": {"median": None}}
    metric = Metric("own", "desk", paragraph(example=example))

    assert work_example(metric) == {"median": None}


@pytest.mark.parametrize(
    "tickets",
    [
        [{"opened_at": "yesterday"}],
        [{"life_us": "3 weeks"}],
        [{"reopen_count": "many"}],
    ],
)
def test_an_example_that_cannot_be_read_names_its_metric(tickets: list[dict[str, Any]]) -> None:
    """With what is wrong in it."""
    example = {"tickets": tickets, "gives": {"median": 1.0}}
    metric = Metric("own", "desk", paragraph(example=example), "own.yaml")

    with pytest.raises(DefinitionWrong, match=r"own\.yaml, own: example"):
        work_example(metric)
