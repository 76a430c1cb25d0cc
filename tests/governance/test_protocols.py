"""Response protocols: set, replaced, ended, with their audit lines; the narrowest one counts."""

from dataclasses import replace

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.protocols import (
    Protocol,
    end_protocol,
    nearest,
    protocol,
    protocols,
    set_protocol,
)
from tests.governance.conftest import ANA

pytestmark = pytest.mark.row("GOV-03")
LOOK = Protocol("backlog", (), "role", "process owner", "Look at the queue.", 2, why="It grows.")
A, B = Condition("team", ("A",)), Condition("team", ("B",))


def test_a_new_protocol_takes_the_place_of_the_one_before(database: Database, clock: Clock) -> None:
    """Of the same metric and segment alone; what was is kept, and told in the audit."""
    first = set_protocol(database, clock, ANA, LOOK)
    other = set_protocol(database, clock, ANA, replace(LOOK, segment=(A,)))
    second = set_protocol(database, clock, ANA, replace(LOOK, days=1, why="Faster."))
    assert [each.number for each in protocols(database, "backlog")] == [other.number, second.number]
    assert protocol(database, first.number).ended_at == second.made_at
    told = lines(database, subject="metric backlog")
    assert (told[0].before, told[0].why) == (first.as_json(), "Faster.")
    end_protocol(database, clock, ANA, second.number, "Enough.")
    assert [each.number for each in protocols(database)] == [other.number]
    assert verify(database).holds


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"who": "boss"}, "has no 'boss'"),
        ({"who": "owner"}, "names the role or the person"),
        ({"name": " "}, "names the role or the person"),
        ({"name": "process ownr"}, "no role 'process ownr'"),
        ({"what": " "}, "what is done"),
        ({"what": "x" * 2_001}, "longer than"),
        ({"days": -1}, "not 0 to 250"),
        ({"days": 251}, "not 0 to 250"),
        ({"why": ""}, "needs a reason"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, object], message: str
) -> None:
    """With the reason, and nothing is kept."""
    with pytest.raises(QueryWrong, match=message):
        set_protocol(database, clock, ANA, replace(LOOK, **changed))  # type: ignore[arg-type]
    assert protocols(database, ended=True) == []
    with pytest.raises(UnknownRecord, match="no protocol 7"):
        end_protocol(database, clock, ANA, 7, "x")


def test_the_narrowest_protocol_counts() -> None:
    """Of two as narrow the newer; one of other tickets, or of a part of them, does not."""
    both = Condition("team", ("B", "A"))
    wide, some, narrow = (
        replace(LOOK, segment=segment, number=number)
        for number, segment in enumerate([(), (both,), (A,)], start=1)
    )
    among = [wide, some, narrow]
    assert nearest(among, "backlog", (A,)) == narrow
    assert nearest(among, "backlog", (B,)) == some
    assert nearest(among, "backlog", (Condition("practice", ("incident",)),)) == wide
    assert nearest([narrow], "backlog", (both,)) is None
    assert nearest(among, "handoffs", (A,)) is None
