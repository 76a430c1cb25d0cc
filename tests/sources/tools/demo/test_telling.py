"""What the tool works out by itself."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from opsgauge.sources.tools.demo.calendars import Span, moment
from opsgauge.sources.tools.demo.rows import Rows
from opsgauge.sources.tools.demo.steps import State
from opsgauge.sources.tools.demo.telling import Promise, Told, told
from opsgauge.sources.tools.demo.truths import Run
from tests.sources.tools.demo.conftest import at, tickets_of

SPAN = Span(moment(date(2025, 12, 1)), moment(date(2026, 3, 1)))
PROMISE = Promise(SPAN, "UTC", "Europe")


def tell(
    moments: Sequence[int], states: Sequence[int], teams: Sequence[int], priority: int = 2
) -> Told:
    """Work out the columns of one incident."""
    n = len(moments)
    rows = Rows.of(
        ticket=np.zeros(n),
        at=np.array(moments),
        state=np.array(states),
        team=np.array(teams),
        agent=np.zeros(n),
        actor=np.zeros(n),
    )
    return told(rows, tickets_of(1, opened=[moments[0]], priority=[priority]), PROMISE)


def test_a_reopened_ticket_has_no_resolution_until_the_next() -> None:
    """Resolved on Monday, reopened on Tuesday, resolved on Wednesday."""
    said = tell(
        [at(9), at(10), at(9, 1), at(9, 2), at(9, 5)],
        [State.NEW, State.RESOLVED, State.REOPENED, State.RESOLVED, State.CLOSED],
        [0, 0, 0, 0, 0],
    )

    assert said.resolved.tolist() == [-1, at(10), -1, at(9, 2), at(9, 2)]
    assert said.closed.tolist() == [-1, -1, -1, -1, at(9, 5)]
    assert said.reopened.tolist() == [0, 0, 1, 1, 1]
    assert said.update.tolist() == [0, 1, 2, 3, 4]


def test_changes_of_team_are_counted() -> None:
    """There and back are two."""
    states = [State.NEW, State.IN_PROGRESS, State.ASSIGNED, State.ASSIGNED]

    assert tell([at(9), at(10), at(11), at(12)], states, [0, 0, 3, 0]).handed.tolist() == [
        0,
        0,
        1,
        2,
    ]


def test_the_clock_counts_office_hours_and_rests_on_hold() -> None:
    """Twelve office hours are allowed: a weekend and a hold do not count against them.

    Opened on Friday at 16:00; taken on Monday at 10:00 (4 hours used); on hold from 12:00 (6) for
    two days; resolved on Wednesday at 17:00 (11), which is in time. Without the hold it is not.
    """
    friday, monday, wednesday = at(16, 4), 7, 9
    moments = [friday, at(10, monday), at(12, monday), at(12, wednesday), at(17, wednesday)]
    held = [State.NEW, State.IN_PROGRESS, State.WITH_USER, State.IN_PROGRESS, State.RESOLVED]
    never = [State.NEW, *[State.IN_PROGRESS] * 3, State.RESOLVED]

    assert tell(moments, held, [0] * 5).made_sla.tolist() == [1, 1, 1, 1, 1]
    assert tell(moments, never, [0] * 5).made_sla.tolist() == [1, 1, 1, 0, 0]


def test_the_highest_priority_counts_nights() -> None:
    """Five hours in the night break a promise of four."""
    states = [State.NEW, State.RESOLVED]

    assert tell([at(1), at(6)], states, [0, 0], priority=0).made_sla.tolist() == [1, 0]
    assert tell([at(1), at(6)], states, [0, 0], priority=2).made_sla.tolist() == [1, 1]


def test_some_promises_are_kept_and_some_are_not(clean: Run) -> None:
    """On a clean desk most incidents are in time, and not all of them."""
    last = clean.rows.last & (clean.told.resolved >= 0) & (clean.told.made_sla >= 0)

    assert 0.75 < (clean.told.made_sla[last] == 1).mean() < 0.99
