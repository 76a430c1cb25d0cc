"""Saved filters in the records: saved under one name each, taken back by whose they are."""

from dataclasses import replace
from typing import Any

import pytest

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownRecord
from opsgauge.governance.access import everywhere
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.saved_filters import (
    MOST_SAVED,
    SavedFilter,
    save,
    saved_filter,
    saved_filters,
    take_back,
)
from tests.governance.conftest import ANA

BEN, CLEO = everywhere("ben", "analyst"), everywhere("cleo", "analyst")
SLOW = SavedFilter("Slow network", "It falls behind.", "/map", "where=team=Network&steps=team")


@pytest.mark.row("MAP-17")
def test_a_filter_is_saved_listed_and_taken_back(database: Database, clock: Clock) -> None:
    """Its link holds its number; its name is free again afterwards, its number never."""
    made = save(database, clock, BEN, SLOW)
    assert made.link == f"/saved/{made.number}"
    assert made.address == "/map?where=team=Network&steps=team"
    assert saved_filters(database) == [made]
    with pytest.raises(QueryWrong, match="'slow NETWORK' already"):
        save(database, clock, CLEO, replace(SLOW, name="slow  NETWORK"))
    with pytest.raises(NotAllowed, match="ben's, and cleo may not"):
        take_back(database, clock, CLEO, made.number)

    take_back(database, clock, BEN, made.number)
    again = save(database, clock, CLEO, SLOW)
    assert again.number > made.number
    assert saved_filters(database) == [again]
    assert saved_filter(database, made.number).ended_at is not None
    take_back(database, clock, ANA, again.number)
    told = lines(database, subject=f"saved filter {again.number}")
    assert [each.actor for each in told] == ["ana", "cleo"]
    assert told[1].why == SLOW.why
    assert verify(database).holds


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": " "}, "name is empty"),
        ({"name": "x" * 81}, "name is longer than 80"),
        ({"why": "\t"}, "needs a reason"),
        ({"why": "x" * 2_001}, "longer than"),
        ({"query": "where=team=" + "x" * 2_000}, "address is longer than 2,000"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, Any], message: str
) -> None:
    """With the reason, and nothing is kept."""
    with pytest.raises(QueryWrong, match=message):
        save(database, clock, BEN, replace(SLOW, **changed))
    assert saved_filters(database) == []
    with pytest.raises(UnknownRecord, match="no saved filter 1"):
        take_back(database, clock, BEN, 1)


def test_no_more_than_so_many_stand_at_once(database: Database, clock: Clock) -> None:
    """Their numbers are asked anew with each version of the data."""
    for n in range(MOST_SAVED):
        save(database, clock, BEN, replace(SLOW, name=f"Filter {n}"))
    with pytest.raises(QueryWrong, match=f"{MOST_SAVED} filters are saved"):
        save(database, clock, BEN, SLOW)
