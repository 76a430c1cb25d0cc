"""A small desk, and parts of one made by hand."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from opsgauge.sources.tools.demo.calendars import span_until
from opsgauge.sources.tools.demo.desk import Desk
from opsgauge.sources.tools.demo.draws import firsts
from opsgauge.sources.tools.demo.legs import Legs
from opsgauge.sources.tools.demo.people import Staff
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.sources.tools.demo.tickets import Tickets
from opsgauge.sources.tools.demo.truths import Run

ENDS = date(2026, 6, 30)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


def at(hour: float, day: int = 0) -> int:
    """Return an hour of Monday 5 January 2026 UTC, or of a day after it, in seconds since 1970."""
    return int(MONDAY.timestamp() + 3600 * hour) + 86_400 * day


def tickets_of(n: int, **columns: Any) -> Tickets:
    """Return n tickets with these columns; the others hold 0, references none."""
    usual = {f.name: np.zeros(n, dtype=np.int64) for f in fields(Tickets)}
    usual["parent"] = np.full(n, -1)
    return Tickets(**{**usual, **{name: np.array(column) for name, column in columns.items()}})


def legs_by_hand(ticket: list[int], effort_hours: list[float], **columns: Any) -> Legs:
    """Return legs of one team, by ticket and order; the other columns may be given."""
    n, tickets = len(ticket), np.array(ticket)
    usual = {
        "step": np.arange(n),
        "ticket": tickets,
        "team": np.zeros(n, dtype=np.int64),
        "effort": 3600.0 * np.array(effort_hours),
        "gap": np.zeros(n),
        "lag": np.full(n, -1.0),
        "joins": np.zeros(n, dtype=bool),
        "rank": np.zeros(n, dtype=np.int64),
        "last": firsts(tickets[::-1])[::-1],
        "luck": np.zeros(n),
    }
    return Legs(**{**usual, **{name: np.array(column) for name, column in columns.items()}})


def staff_of(*presence: list[tuple[int, int]]) -> Staff:
    """Return one team whose people are there in these stretches, all of them of one pace."""
    count = len(presence)
    return Staff(
        members=(tuple(range(count)),),
        presence=tuple(np.array(stretches) for stretches in presence),
        pace=(1.0,) * count,
    )


@pytest.fixture(scope="session")
def desk() -> Desk:
    """Return a small desk."""
    return Desk(4, span_until(ENDS), 2500)


@pytest.fixture(scope="session")
def clean(desk: Desk) -> Run:
    """Return its run without truths."""
    return desk.run(())


@pytest.fixture(scope="session")
def planted(desk: Desk) -> Run:
    """Return its run with all truths but the missing week, whose rows are gone."""
    return desk.run([name for name in ALL_TRUTHS if name != "missing_week"])
