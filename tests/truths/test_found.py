"""What is planted is there for whoever counts, and on clean desks there is nothing of the kind."""

import pytest

from tests.truths.conftest import FEW, Found
from tests.truths.questions import bounces, monday_share, updates_by_week

MANY_RETURNS = 0.25  # share of all returns on the desk that one pair has
HIGH_MONDAY = 0.222  # share of incidents; five even days and a quiet weekend give 0.19

pytestmark = [pytest.mark.row("ING-14")]


def test_the_bouncing_pair_stands_out(planted: Found) -> None:
    """No other two teams send each other nearly as many tickets back."""
    first, second, *_ = bounces(planted)

    assert sorted(first.teams) == planted.truths["ping_pong"]["where"]["teams"]
    assert first.share > MANY_RETURNS
    assert first.returns > 5 * second.returns


def test_no_pair_bounces_on_a_clean_desk(clean: Found) -> None:
    """Tickets come back now and then, from everywhere."""
    pairs = bounces(clean)

    assert pairs
    assert pairs[0].share <= MANY_RETURNS


def test_mondays_are_high_where_they_were_planted(planted: Found) -> None:
    """By as much as the planted size says, which a run without it told."""
    truth = planted.truths["monday_peak"]

    assert monday_share(planted) > HIGH_MONDAY
    assert monday_share(planted) == pytest.approx(truth["with"], abs=0.01)
    assert truth["without"] < HIGH_MONDAY


def test_mondays_are_ordinary_on_a_clean_desk(clean: Found) -> None:
    """A little over a sixth: five busy days and a quiet weekend."""
    assert 0.16 < monday_share(clean) < HIGH_MONDAY


def test_the_missing_week_is_the_only_empty_one(planted: Found) -> None:
    """Every other week has its updates."""
    weeks = updates_by_week(planted)
    empty = [week for week, updates in weeks.items() if not updates]

    assert empty == [planted.truths["missing_week"]["where"]["from"][:10]]


def test_no_week_is_missing_on_a_clean_desk(clean: Found) -> None:
    """The quietest week, at the turn of the year, still has a fifth of an ordinary one."""
    weeks = sorted(updates_by_week(clean).values())

    assert weeks[0] > 0.2 * weeks[len(weeks) // 2]


def test_the_planted_release_is_told_as_the_cause(planted: Found) -> None:
    """Incidents of its ten days point to one change, more than to any other change ever."""
    where = planted.truths["release_incidents"]["where"]
    rows = planted.rows(
        "SELECT to_id, count(*) FROM links WHERE kind = 'caused_by' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    [(category, first)] = planted.rows(
        "SELECT mode(category), min(opened_at)::VARCHAR FROM tickets "
        f"JOIN links USING (ticket_id) WHERE kind = 'caused_by' AND to_id = '{rows[0][0]}'"
    )

    assert rows[0][1] > 3 * rows[1][1]
    assert category == where["category"]
    assert first >= where["at"].replace("T", " ").rstrip("Z")


def test_the_wrongly_routed_category_meets_its_detour(planted: Found, clean: Found) -> None:
    """Its tickets are with the wrong team first after the service desk; on clean desks few are."""
    where = planted.truths["wrong_routing"]["where"]
    asked = (
        "SELECT count(DISTINCT ticket_id) FROM history JOIN tickets USING (ticket_id) "
        f"WHERE tickets.category = '{where['category']}' AND tickets.practice = 'incident' "
        f"AND history.team = '{where['wrong_team']}'"
    )
    [(met,)] = planted.rows(asked)

    assert met > 0.8 * planted.truths["wrong_routing"]["with"] > 20
    assert clean.rows(asked)[0][0] < 0.15 * met


def test_a_clean_desk_holds_what_it_was_asked_for(clean: Found) -> None:
    """About 3,000 tickets less those of truths, in all practices, with ties of every kind."""
    [(tickets, practices)] = clean.rows("SELECT count(*), count(DISTINCT practice) FROM tickets")
    [(kinds,)] = clean.rows("SELECT count(DISTINCT kind) FROM links")

    assert 0.9 * FEW < tickets < FEW
    assert practices == 7
    assert kinds == 5
