"""Which work a program could do, and the gate before it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opsgauge.analysis.waiting.automation import (
    Candidate,
    Gate,
    kind_rows,
    kinds,
    month_rows,
    path_counts,
    ticket_rows,
)
from tests.analysis.waiting.logs import Log, history, tickets

MONTHS = [f"2026-{month:02}" for month in range(1, 10)]


def asked(log: Log) -> dict[str | None, Candidate]:
    """Return the kinds of work of a log by item."""
    each = ticket_rows(tickets, history, log.periods.bucket_us)
    counted, paths, months = log.tables(kind_rows(each), path_counts(each), month_rows(each))
    return {one.item: one for one in kinds(counted, paths, months, MONTHS)}


def add(
    log: Log, item: str, month: int, so_many: int, hours: tuple[float, float], **more: Any
) -> None:
    """Add tickets that wait and are worked on for so many hours."""
    wait, work = (timedelta(hours=each) for each in hours)
    for number in range(so_many):
        since = datetime(2026, month, 2, tzinfo=UTC) + timedelta(hours=number)
        rows = [
            {"since": since, "phase": "new"},
            {"since": since + wait, "phase": "in_progress"},
            {"since": since + wait + work, "phase": "resolved"},
        ]
        log.add(f"{item}{month}N{number}", rows, category=item, **more)


@pytest.mark.row("MAP-16")
def test_short_work_that_waits_long_and_is_stable() -> None:
    """Passwords wait 5 hours for half an hour of work, five or six a month; nothing else does.

    Reports take a day; Mails do not wait; Keys jumped from 4 to 40 in September; Locks are new.
    """
    log = Log(end=datetime(2026, 10, 1, tzinfo=UTC))
    for month in range(1, 10):
        add(log, "Password", month, 5 + month % 2, (5, 0.5))
        add(log, "Report", month, 5, (50, 24))
        add(log, "Mail", month, 5, (0.5, 0.5))
        add(log, "Key", month, 40 if month == 9 else 4, (5, 0.5))
    add(log, "Lock", 9, 35, (5, 0.5))
    add(log, "Rare", 9, 9, (5, 0.5))
    found = asked(log)

    assert "Rare" not in found  # of so few nothing is said
    assert [item for item, one in found.items() if one.is_candidate] == ["Password", "Key", "Lock"]
    password = found["Password"]
    assert (password.gate, password.why, password.tickets) == (Gate.OPEN, "", 50)
    assert (password.hours, password.wait_hours) == (25.0, 250.0)
    assert (password.work, password.wait, password.usual_path) == (0.5, 5.0, 1.0)
    assert password.same_text is None
    assert (found["Key"].gate, found["Key"].why) == (
        Gate.SHUT,
        "outside its limits: tickets of 2026-09",
    )
    assert (found["Lock"].gate, found["Lock"].why) == (
        Gate.NEW,
        "1 whole months, 8 are needed",
    )


@pytest.mark.row("MAP-16")
def test_texts_that_differ_are_no_work_for_a_program() -> None:
    """Where text is kept: of 40 tickets 38 say the same, or each says something else."""
    log = Log(end=datetime(2026, 10, 1, tzinfo=UTC))
    add(log, "Same", 1, 40, (5, 0.5), description="Reset my password")
    add(log, "Other", 1, 40, (5, 0.5))
    for number, head in enumerate(log.heads):
        if head["category"] == "Other":
            head["description"] = f"It is broken {number}"
    found = asked(log)

    assert found["Same"].same_text == pytest.approx(39 / 40)
    assert found["Same"].is_candidate
    assert (found["Other"].same_text, found["Other"].is_candidate) == (0.0, False)
