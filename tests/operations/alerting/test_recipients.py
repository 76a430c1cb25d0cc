"""When a message comes: at once, with others, or when the hours of whom it is for begin."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownCalendar
from opsgauge.governance.access import everywhere
from opsgauge.governance.deliveries import Delivery, deliveries
from opsgauge.operations.alerting.recipients import comes_at
from opsgauge.operations.alerting.scoring import set_delivery
from opsgauge.operations.context import Context

OFFICE = """
title: Office
zone: Europe/Berlin
week:
  monday-friday: ["08:00-18:00"]
"""
SATURDAY = "2026-01-10T12:00"


@pytest.fixture
def office(desk: Context) -> Context:
    """Return the desk with a calendar."""
    (desk.workspace.path / "calendars" / "office.yaml").write_text(OFFICE)
    return desk


@pytest.mark.row("ALR-05")
@pytest.mark.parametrize(
    ("zone", "calendar", "digest", "now", "expected"),
    [
        ("", "", "none", SATURDAY, SATURDAY),
        ("", "", "hour", SATURDAY, "2026-01-10T13:00"),
        ("", "", "day", SATURDAY, "2026-01-11T07:00"),
        ("Asia/Kolkata", "", "day", SATURDAY, "2026-01-11T01:30"),
        # In summer time from 29 March on, seven in Berlin is five in UTC.
        ("Europe/Berlin", "", "day", "2026-03-28T12:00", "2026-03-29T05:00"),
        ("", "office", "none", SATURDAY, "2026-01-12T07:00"),
        ("", "office", "none", "2026-01-12T07:00", "2026-01-12T07:00"),
        ("", "office", "none", "2026-01-12T16:59", "2026-01-12T16:59"),
        ("", "office", "none", "2026-01-12T17:00", "2026-01-13T07:00"),
        # The same hours on the clock of whom it is for.
        ("America/New_York", "office", "none", SATURDAY, "2026-01-12T13:00"),
        ("", "office", "day", SATURDAY, "2026-01-12T07:00"),
        ("", "gone", "none", SATURDAY, SATURDAY),  # what cannot be read holds nothing back
    ],
)
def test_when_it_comes(
    office: Context, zone: str, calendar: str, digest: str, now: str, expected: str
) -> None:
    """Held back, never lost."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found = comes_at(office, Delivery("ana", zone, calendar, digest), moment)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.row("ALR-05")
def test_everybody_says_it_for_themselves_and_some_for_others(office: Context) -> None:
    """A newer line takes the place of the one before; what is not there is refused."""
    vi = replace(office, actor=everywhere("vi", "viewer"))
    set_delivery(vi, Delivery("vi", "Europe/Berlin", "office"))
    set_delivery(office, Delivery("vi", "", "office", "hour"))
    assert deliveries(office.database)["vi"].digest == "hour"
    with pytest.raises(NotAllowed):
        set_delivery(vi, Delivery("ana"))
    with pytest.raises(UnknownCalendar):
        set_delivery(vi, Delivery("vi", "", "nosuch"))
    for wrong in (Delivery("vi", "Mars/Olympus"), Delivery("vi", digest="year"), Delivery(" ")):
        with pytest.raises(QueryWrong):
            set_delivery(office, wrong)
