"""Times of outages: set, replaced, ended, with their history and their audit lines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.outages import Outage, end_outage, outage, outages, set_outage
from tests.governance.conftest import ANA

STARTED = datetime(2026, 1, 5, 7, tzinfo=UTC)
TOLD = Outage("desk", "INC1", STARTED, STARTED + timedelta(minutes=20), "Seen by monitoring.")


def test_newer_times_take_the_place_of_those_before(database: Database, clock: Clock) -> None:
    """Of the same ticket of the same source alone; what was is kept."""
    first = set_outage(database, clock, ANA, TOLD)
    others = [
        set_outage(database, clock, ANA, other)
        for other in (replace(TOLD, source="other"), replace(TOLD, ticket_id="INC2"))
    ]
    second = set_outage(database, clock, ANA, replace(TOLD, detected_at=None))

    assert {each.number for each in outages(database)} == {
        second.number,
        *(each.number for each in others),
    }
    [old] = [each for each in outages(database, "desk", "INC1", ended=True) if each.ended_at]
    assert (old.number, old.detected_at, old.ended_at) == (
        first.number,
        TOLD.detected_at,
        second.made_at,
    )
    assert outage(database, first.number) == old


def test_the_audit_tells_what_it_was_and_what_it_is(database: Database, clock: Clock) -> None:
    """By the ticket it is of, with the reason."""
    first = set_outage(database, clock, ANA, TOLD)
    end_outage(database, clock, ANA, first.number, "It was another outage.")

    told = lines(database, subject="ticket desk:INC1")
    assert [each.why for each in told] == ["It was another outage.", "Seen by monitoring."]
    assert told[0].before == first.as_json()
    assert verify(database).holds
    assert outages(database) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"why": " "}, "need a reason"),
        ({"why": "x" * 2_001}, "longer than"),
        ({"started_at": None, "detected_at": None}, "Neither"),
        ({"started_at": TOLD.detected_at, "detected_at": STARTED}, "after its detection"),
        ({"detected_at": datetime(2999, 1, 1, tzinfo=UTC)}, "has not come yet"),
        ({"detected_at": datetime(2026, 1, 5, 8)}, "no zone"),  # noqa: DTZ001 - that is the point
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, object], message: str
) -> None:
    """With the reason, and nothing is kept."""
    with pytest.raises(QueryWrong, match=message):
        set_outage(database, clock, ANA, replace(TOLD, **changed))  # type: ignore[arg-type]
    assert outages(database, ended=True) == []


def test_an_end_needs_a_line_that_stands_and_a_reason(database: Database, clock: Clock) -> None:
    """A number nobody has, twice, and without a word."""
    made = set_outage(database, clock, ANA, TOLD)
    with pytest.raises(UnknownRecord, match="no outage 7"):
        end_outage(database, clock, ANA, 7, "x")
    with pytest.raises(QueryWrong, match="need a reason"):
        end_outage(database, clock, ANA, made.number, "")
    end_outage(database, clock, ANA, made.number, "x")
    with pytest.raises(QueryWrong, match="ended before"):
        end_outage(database, clock, ANA, made.number, "x")
