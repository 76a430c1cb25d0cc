"""What becomes of tickets by their handoffs, and what was known at them."""

import pytest

from opsgauge.analysis.waiting.outcomes import (
    outcome_rows,
    outcome_times,
    outcomes,
    resolved_rows,
)
from tests.analysis.waiting.logs import Log, tickets


@pytest.mark.row("MAP-08")
def test_outcomes_by_handoffs() -> None:
    """INC1 and INC2 stayed and took 1 and 3 hours; INC3 moved, took 5, broke and was reopened.

    Of INC5, from a list of tickets, nobody knows whether it moved.
    """
    log = (
        Log()
        .has("INC1", "08:00 new Desk", "09:00 resolved Desk", sla_met=True, reopen_count=0)
        .has("INC2", "08:00 new Desk", "11:00 resolved Desk")
        .has(
            "INC3", "08:00 new Desk", "09:00 new Network", "13:00 resolved Network",
            sla_met=False, reopen_count=1,
        )
        .has("INC4", "08:00 new Desk")
        .has("INC5", "08:00 new Desk", "09:00 resolved Desk", history_handoff_count=None)
    )  # fmt: skip
    resolved = resolved_rows(tickets)
    stayed, moved = outcomes(*log.tables(outcome_rows(resolved), outcome_times(resolved)))

    assert (stayed.handoffs, stayed.tickets, stayed.median) == (0, 2, 2.0)
    assert (stayed.kept, stayed.judged, stayed.reopened, stayed.known) == (1, 1, 0, 1)
    assert (moved.handoffs, moved.tickets, moved.median) == (1, 1, 5.0)
    assert (moved.kept, moved.judged, moved.reopened) == (0, 1, 1)
    assert moved.low is None  # of one ticket
