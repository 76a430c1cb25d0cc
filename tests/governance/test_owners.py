"""The register of owners: one owner at a time, other parts by several, nobody forgotten."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance.audit import lines, verify
from opsgauge.governance.database import Database
from opsgauge.governance.owners import Ownership, end_ownership, owners, set_owner, staff
from opsgauge.governance.people_tables import UserRow
from tests.governance.conftest import ANA

MINE = Ownership("metric", "time_to_resolve", "owner", "Ana", "May change its target.")


def test_a_thing_has_one_owner_at_a_time(database: Database, clock: Clock) -> None:
    """A new owner takes the place of the old one, who is kept."""
    first = set_owner(database, clock, ANA, MINE)
    second = set_owner(database, clock, ANA, replace(MINE, person="Bob"))
    set_owner(database, clock, ANA, replace(MINE, subject="backlog"))

    assert owners(database, "metric", "time_to_resolve") == [second]
    assert [each.person for each in owners(database, "metric", "time_to_resolve", ended=True)] == [
        "Ana",
        "Bob",
    ]
    [_, told, _] = lines(database)
    assert (told.before, told.after) == (first.as_json(), second.as_json())
    assert verify(database).holds


def test_other_parts_are_had_by_several(database: Database, clock: Clock) -> None:
    """Whoever has one does not get it twice."""
    for person in ("Ana", "Bob"):
        set_owner(database, clock, ANA, replace(MINE, part="consumer", person=person))
    with pytest.raises(QueryWrong, match="Bob is consumer of time_to_resolve already"):
        set_owner(database, clock, ANA, replace(MINE, part="consumer", person=" Bob "))
    assert len(owners(database)) == 2


def test_a_part_ends(database: Database, clock: Clock) -> None:
    """Once."""
    made = set_owner(database, clock, ANA, MINE)
    assert end_ownership(database, clock, ANA, made.number).ended_at
    assert owners(database) == []
    with pytest.raises(QueryWrong, match="ended before"):
        end_ownership(database, clock, ANA, made.number)
    with pytest.raises(UnknownRecord, match="no line 9"):
        end_ownership(database, clock, ANA, 9)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "metrics"}, "has no 'metrics'"),
        ({"part": "ownr"}, "has no 'ownr'"),
        ({"person": " "}, "needs a person"),
        ({"subject": ""}, "needs a subject"),
        ({"rights": "x" * 501}, "no text longer than 500"),
    ],
)
def test_what_cannot_be_is_refused(
    database: Database, clock: Clock, changed: dict[str, str], said: str
) -> None:
    """And leaves nothing behind."""
    with pytest.raises(QueryWrong, match=said):
        set_owner(database, clock, ANA, replace(MINE, **changed))  # type: ignore[arg-type]
    assert lines(database) == []


def test_who_left_is_known(database: Database) -> None:
    """A user who may not sign in any more is gone, by either name, unless another bears it."""
    assert staff(database).knows("Desk lead")  # nobody signs in, so nobody is missed
    with database.writing() as session:
        for name, shown, active in (
            ("ana", "Ana Silva", True),
            ("bob", "Bob Roe", False),
            ("bob2", "Ana Silva", False),
        ):
            row = {"name": name, "shown": shown, "active": active, "made_at": "2026-01-01"}
            session.execute(insert(UserRow).values(row))
    told = staff(database)
    assert [told.has_left(each) for each in ("bob", " BOB ROE", "Ana Silva", "x")] == [
        *(True, True, False, False)
    ]
    assert [told.knows(each) for each in ("ANA", "Ana Silva", "bob", "x")] == [
        *(True, True, False, False)
    ]
