"""Handoffs between teams, counted by hand."""

import pytest

from opsgauge.analysis.waiting.handoffs import (
    Flow,
    betweenness,
    flow_rows,
    flows,
    handoff_rows,
    nodes,
    ping_pongs,
    totals,
)
from tests.analysis.waiting.logs import Log, history, tickets


@pytest.fixture
def log() -> Log:
    """Return three tickets.

    INC1  Desk 08:00, Network 09:00 (touched 09:30), Desk again 11:00, resolved 12:00
    INC2  Desk 08:00, an update without a team 08:30, Network 10:00, resolved 14:00
    INC3  Desk alone
    """
    return (
        Log()
        .has(
            "INC1", "08:00 new Desk", "09:00 new Network", "09:30 in_progress Network",
            "11:00 in_progress Desk", "12:00 resolved Desk",
        )
        .has("INC2", "08:00 new Desk", "08:30 new -", "10:00 new Network", "14:00 resolved Network")
        .has("INC3", "08:00 new Desk", "09:00 resolved Desk")
    )  # fmt: skip


@pytest.mark.row("MAP-08")
def test_the_matrix_with_its_hours(log: Log) -> None:
    """INC1's ticket lay half an hour at Network and was held two; INC2's both four."""
    [rows] = log.tables(flow_rows(handoff_rows(history, tickets)))
    found = flows(rows)

    assert found == [
        Flow("Desk", "Network", 2, 2, 1, 2, 4.5, 2, 6.0),
        Flow("Network", "Desk", 1, 1, 0, 1, 1.0, 1, 1.0),
    ]
    assert (found[0].idle_mean, found[0].held_mean) == (2.25, 3.0)
    assert totals(found) == {"handoffs": 3, "back": 1, "idle_hours": 5.5, "held_hours": 7.0}


@pytest.mark.row("MAP-08")
def test_where_nothing_comes_or_goes_is_another_role_than_much_more() -> None:
    """All begins with Mail and ends with Vendor; Desk gets 23 and hands on 60."""
    ways = [("Mail", "Desk", 23), ("Desk", "Network", 40), ("Desk", "Vendor", 20)]
    known = [Flow(one, other, n, n, 0, 0, 0.0, 0, 0.0) for one, other, n in ways]
    roles = {each.team: each.role for each in nodes(known, fewest=20)}

    assert roles == {"Mail": "beginning", "Desk": "source", "Network": "end", "Vendor": "end"}


@pytest.mark.row("MAP-08")
def test_the_star_of_each_team_adds_up(log: Log) -> None:
    """What goes from all is what comes to all."""
    [rows] = log.tables(flow_rows(handoff_rows(history, tickets)))
    found = nodes(flows(rows), fewest=3)

    assert [(n.team, n.came, n.went, n.sent_back, n.got_back) for n in found] == [
        ("Desk", 1, 2, 0, 1),
        ("Network", 2, 1, 1, 0),
    ]
    assert [n.role for n in found] == ["source", "sink"]
    assert [n.role for n in nodes(flows(rows), fewest=4)] == ["", ""]


@pytest.mark.row("MAP-08")
def test_pairs_with_returns_whoever_began() -> None:
    """A to B and back, and B to A and back, are one pair."""
    ways = [
        Flow("B", "A", 10, 9, 4, 0, 0, 0, 0),
        Flow("A", "B", 5, 5, 2, 0, 0, 0, 0),
        Flow("A", "C", 5, 5, 0, 0, 0, 0, 0),
    ]
    [pair] = ping_pongs(ways)

    assert (pair.teams, pair.handoffs, pair.returns) == (("A", "B"), 15, 6)


@pytest.mark.row("MAP-08")
def test_betweenness_of_a_star_and_of_two_equal_ways() -> None:
    """The hub of a star is on every way; of two ways of one length each carries half."""
    star = [("A", "Hub"), ("Hub", "A"), ("B", "Hub"), ("Hub", "B"), ("C", "Hub"), ("Hub", "C")]
    assert betweenness(star) == {"A": 0.0, "B": 0.0, "C": 0.0, "Hub": 1.0}

    two = [("A", "B"), ("A", "C"), ("B", "D"), ("C", "D")]
    assert betweenness(two) == pytest.approx({"A": 0, "B": 0.5 / 6, "C": 0.5 / 6, "D": 0})


def test_a_log_without_handoffs_has_none() -> None:
    """And no team in them."""
    [rows] = Log().has("INC1", "08:00 new Desk").tables(flow_rows(handoff_rows(history, tickets)))

    assert flows(rows) == []
    assert nodes(flows(rows), 1) == []
    assert totals([])["handoffs"] == 0
