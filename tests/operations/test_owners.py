"""Who answers for what over a desk, and what nobody answers for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import insert

from opsgauge.foundation.errors import NotAllowed, UnknownName
from opsgauge.governance.access import everywhere
from opsgauge.governance.owners import Ownership
from opsgauge.governance.people_tables import UserRow
from opsgauge.operations.owners import Gap, end_ownership, owner_register, parts_in, set_owner
from tests.conftest import MAPPING, Intake

ROWS = "number,at,state,team,who,runs\nINC1,2026-01-05 08:00,New,A,x,Mail\n"
MAIL = Ownership("service", "Mail", "owner", "Ana")


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return one incident of one service."""
    intake = Intake(tmp_path_factory.mktemp("owners"))
    mapping = MAPPING.replace("  assignee: who\n", "  service: runs\n") + "practice: incident\n"
    intake.takes(ROWS, mapping=mapping)
    yield intake
    intake.close()


def gaps(desk: Intake, kind: str) -> list[Gap]:
    """Return what is missing of one kind."""
    return [gap for gap in owner_register(desk.context).gaps if gap.kind == kind]


def test_what_has_no_owner_is_listed(desk: Intake) -> None:
    """Processes and services in the records, and every metric of the catalogue."""
    assert gaps(desk, "process") == [Gap("process", "incident", "incident", "no owner")]
    assert gaps(desk, "service") == [Gap("service", "Mail", "Mail", "no owner")]
    assert len(gaps(desk, "metric")) == len(list(desk.context.catalogue))

    made = set_owner(desk.context, MAIL)
    assert gaps(desk, "service") == []
    assert parts_in(desk.context, "service", "Mail") == [made]
    end_ownership(desk.context, made.number)
    assert len(gaps(desk, "service")) == 1


def test_a_metric_with_an_owner_needs_somebody_who_decides_by_it(desk: Intake) -> None:
    """A number that nobody uses is clutter."""
    wanted = Ownership("metric", "backlog", "owner", "Ana")
    set_owner(desk.context, wanted)
    [gap] = [gap for gap in gaps(desk, "metric") if gap.subject == "backlog"]
    assert gap.what == "no consumer"
    set_owner(desk.context, replace(wanted, part="consumer"))
    assert "backlog" not in {gap.subject for gap in gaps(desk, "metric")}


def test_an_owner_who_left_is_told(desk: Intake) -> None:
    """However the name was written."""
    with desk.context.database.writing() as session:
        row = {"name": "ana", "shown": "Ana", "active": False, "made_at": "2026-01-01"}
        session.execute(insert(UserRow).values(row))
    set_owner(desk.context, MAIL)

    assert gaps(desk, "service") == [Gap("service", "Mail", "Mail", "owner left", "Ana")]
    assert "of 1 the owner left" in owner_register(desk.context).sentence()


def test_what_is_not_there_gets_no_owner(desk: Intake) -> None:
    """A misspelt service would have an owner that nobody finds."""
    with pytest.raises(UnknownName, match="no service 'Mial'") as told:
        set_owner(desk.context, replace(MAIL, subject="Mial"))
    assert "Mail" in told.value.hint
    with pytest.raises(NotAllowed):
        set_owner(replace(desk.context, actor=everywhere("eve", "viewer")), MAIL)
