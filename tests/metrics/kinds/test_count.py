"""Counts: each ticket once, at its moment."""

from opsgauge.metrics.metric import Metric
from tests.metrics.desks import small_desk
from tests.metrics.paragraphs import paragraph


def test_a_ticket_counts_in_the_period_of_its_moment() -> None:
    """Opened in January, resolved in February: once in each count."""
    desk = small_desk({"opened_at": "2026-01-31 23:00", "resolved_at": "2026-02-01 01:00"})

    assert desk.values("tickets_opened", period="month") == {"2026-01": 1, "2026-02": 0}
    assert desk.values("tickets_resolved", period="month") == {"2026-01": 0, "2026-02": 1}


def test_a_reopened_ticket_counts_once() -> None:
    """At its last resolution, 12:00 of the second day."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-06 12:00", "reopen_count": 1},
        history=[
            {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new"},
            {"ticket": 1, "since": "2026-01-05 09:00", "phase": "resolved"},
            {"ticket": 1, "since": "2026-01-05 10:00", "phase": "in_progress"},
            {"ticket": 1, "since": "2026-01-06 12:00", "phase": "resolved"},
        ],
    )

    assert desk.values("tickets_resolved", period="day") == {"2026-01-05": 0, "2026-01-06": 1}
    assert desk.only("time_to_resolve").value == 28


def test_a_paragraph_can_count_some_practices_and_values_only() -> None:
    """Incidents by phone; the question narrows it further."""
    count = {"kind": "count", "unit": "tickets", "from": ..., "to": ..., "statistics": []}
    count |= {"period_by": "opened_at", "example": {"tickets": [{}], "gives": {"count": 1}}}
    calls = paragraph(**count, practices=["incident"], where={"channel": ["phone"]})
    desk = small_desk(
        {"channel": "phone", "team": "A"},
        {"channel": "phone", "team": "B"},
        {"channel": "mail", "team": "A"},
        {"channel": "phone", "team": "A", "practice": "request"},
    )
    metric = Metric("calls", "desk", calls)

    assert desk.only(metric).n == 2
    assert desk.values(metric, by=("team",)) == {("all", "A"): 1, ("all", "B"): 1}
    assert desk.only("tickets_opened").n == 4
