"""Tiers of services: set, replaced, ended, with their history and their audit lines."""

from dataclasses import replace

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.tiers import Tier, end_tier, set_tier, tier, tiers
from tests.governance.conftest import ANA

MAIL = Tier("Mail", 2, "Half of the house works by it.")


def test_a_new_tier_takes_the_place_of_the_one_before(database: Database, clock: Clock) -> None:
    """Of the same service alone; what was is kept, and told in the audit."""
    first = set_tier(database, clock, ANA, MAIL)
    other = set_tier(database, clock, ANA, replace(MAIL, service="Print"))
    second = set_tier(database, clock, ANA, replace(MAIL, tier=1, why="All of it."))

    assert [each.number for each in tiers(database)] == [second.number, other.number]
    assert tier(database, first.number).ended_at == second.made_at
    assert [each.tier for each in tiers(database, "Mail", ended=True)] == [2, 1]
    told = lines(database, subject="service Mail")
    assert [each.why for each in told] == ["All of it.", MAIL.why]
    assert told[0].before == first.as_json()
    assert verify(database).holds


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"tier": 0}, "no tier 0"),
        ({"tier": 5}, "no tier 5"),
        ({"why": " "}, "needs a reason"),
        ({"why": "x" * 2_001}, "longer than"),
        ({"service": " "}, "needs a service"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, object], message: str
) -> None:
    """With the reason, and nothing is kept."""
    with pytest.raises(QueryWrong, match=message):
        set_tier(database, clock, ANA, replace(MAIL, **changed))  # type: ignore[arg-type]
    assert tiers(database, ended=True) == []


def test_an_end_needs_a_line_that_stands_and_a_reason(database: Database, clock: Clock) -> None:
    """A number nobody has, twice, and without a word; the same tier again is no change."""
    made = set_tier(database, clock, ANA, MAIL)
    with pytest.raises(QueryWrong, match="of tier 2 already"):
        set_tier(database, clock, ANA, MAIL)
    with pytest.raises(UnknownRecord, match="no tier 7"):
        end_tier(database, clock, ANA, 7, "x")
    with pytest.raises(QueryWrong, match="needs a reason"):
        end_tier(database, clock, ANA, made.number, "")
    end_tier(database, clock, ANA, made.number, "x")
    with pytest.raises(QueryWrong, match="ended before"):
        end_tier(database, clock, ANA, made.number, "x")
