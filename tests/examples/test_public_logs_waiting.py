"""Waiting, handoffs and paths of the public logs: published numbers, and parts that add up."""

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.operations.flow import Selection
from opsgauge.operations.handoffs import handoffs
from opsgauge.operations.paths import walked_paths
from opsgauge.operations.queueing import flowing, queues
from opsgauge.operations.why_waiting import causes
from tests.conftest import Intake

UCI = Selection((Condition("source", ("uci_incidents",)),))
BPI = Selection((Condition("source", ("bpic2013",)),))


@pytest.mark.row("MAP-08")
def test_handoffs_and_returns_of_bpi_are_those_counted_apart(public_logs: Intake) -> None:
    """9,454 handoffs, of which 2,394 came straight back."""
    plain = handoffs(public_logs.context, BPI).as_json()

    assert (plain["handoffs"], plain["back"]) == (9_454, 2_394)
    assert sum(team["came"] for team in plain["teams"]) == 9_454
    assert sum(pair["returns"] for pair in plain["ping_pong"]) == 2_394


@pytest.mark.row("MAP-03")
def test_paths_of_bpi(public_logs: Intake) -> None:
    """By activity 1,511 of them; the first cover what they are said to cover."""
    plain = walked_paths(public_logs.context, "activity", BPI, 5).as_json()

    assert (plain["variants"], plain["tickets"]) == (1_511, 7_554)
    assert plain["rows"][-1]["covered"] == pytest.approx(
        sum(row["count"] for row in plain["rows"]) / 7_554
    )


@pytest.mark.row("MAP-07", "MAP-09", "MAP-19")
@pytest.mark.parametrize("chosen", [UCI, BPI], ids=["uci", "bpi"])
def test_real_logs_keep_the_identities(public_logs: Intake, chosen: Selection) -> None:
    """Little's identity, queues that add up to the open tickets, causes that add up to waiting."""
    ctx = public_logs.context
    law = flowing(ctx, chosen).law
    assert law.identity
    assert law.end == law.start + law.came - law.went

    found = queues(ctx, chosen, steps="team", grain="month")
    for place, point in enumerate(found.all_.points):
        assert point.length == sum(queue.points[place].length for queue in found.rows)
        assert point.time_us == sum(queue.points[place].time_us for queue in found.rows)

    everybody, *teams = causes(ctx, chosen, days=3660).rows
    assert [sum(each) for each in zip(*(team.us for team in teams), strict=True)] == list(
        everybody.us
    )
    assert min(everybody.us) >= 0
