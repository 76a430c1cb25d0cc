"""Who answers for what over a desk, and what nobody answers for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.errors import NotAllowed, UnknownName
from opsgauge.governance.access import Assignment, everywhere
from opsgauge.governance.owners import Ownership
from opsgauge.governance.people import user_named
from opsgauge.governance.people_changes import By, NewUser, make_user
from opsgauge.governance.people_tables import UserRow
from opsgauge.operations.owners import (
    Gap,
    Held,
    end_ownership,
    held_by,
    owner_register,
    parts_in,
    set_owner,
)
from opsgauge.operations.people import set_active
from opsgauge.operations.targets import set_target
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


@pytest.mark.row("GOV-01")
def test_an_owner_who_left_is_told(desk: Intake) -> None:
    """However the name was written."""
    with desk.context.database.writing() as session:
        row = {"name": "ana", "shown": "Ana", "active": False, "made_at": "2026-01-01"}
        session.execute(insert(UserRow).values(row))
    set_owner(desk.context, MAIL)

    assert gaps(desk, "service") == [Gap("service", "Mail", "Mail", "owner left", "Ana")]
    assert "of 1 the owner left" in owner_register(desk.context).sentence()


def people(desk: Intake) -> None:
    """Add an administrator, two process owners and a viewer."""
    by = By(desk.context.database, desk.context.clock, desk.context.actor)
    roles = {"root": "administrator", "ana": "process owner", "otto": "process owner"}
    for name, role in (roles | {"vera": "viewer"}).items():
        shown = "Ana Silva" if name == "ana" else name
        new = NewUser(name, shown, password_hash="-", roles=(Assignment(role),))  # noqa: S106 - none
        make_user(by, new)


@pytest.mark.row("GOV-01")
def test_an_owner_who_is_no_user_is_told_where_there_are_users(desk: Intake) -> None:
    """By the name they sign in with or the one that is shown; a page has an owner, too."""
    set_owner(desk.context, MAIL)
    page = Ownership("page", "/checks", "owner", "Desk lead")
    set_owner(desk.context, page)
    assert gaps(desk, "service") == gaps(desk, "page") == []
    people(desk)
    assert gaps(desk, "service") == []
    set_owner(desk.context, replace(MAIL, person="Ana Silva"))
    assert gaps(desk, "service") == []
    assert gaps(desk, "page") == [Gap("page", "/checks", "/checks", "no such user", "Desk lead")]
    assert "of 1 the owner is no user here" in owner_register(desk.context).sentence()


@pytest.mark.row("GOV-01")
def test_what_somebody_who_goes_leaves_behind_is_told_with_who_could_take_it(desk: Intake) -> None:
    """Things they own, by either name, and targets they set; afterwards these are gaps."""
    people(desk)
    ctx = desk.context
    metric = Ownership("metric", "backlog", "owner", "ana")
    for wanted in (replace(MAIL, person="Ana Silva"), metric, replace(metric, part="consumer")):
        set_owner(ctx, wanted)
    set_owner(ctx, replace(metric, part="consulted", person="vera"))
    set_owner(ctx, Ownership("process", "incident", "owner", "otto"))
    aim = Target("backlog", "", (), "week", "number", 5.0, None, date(2026, 1, 5), None, "why")
    made = set_target(replace(ctx, actor=everywhere("ana", "process owner")), aim)
    user = user_named(ctx.database, "ana")

    assert held_by(ctx, user) == (
        Held("metric", "backlog", "Backlog", ("vera",)),
        Held("service", "Mail", "Mail", ("otto", "root")),
        Held("target", str(made.number), f"{made.number} of Backlog", ("otto", "root")),
    )
    set_active(ctx, "ana", False)
    left = [gap for gap in owner_register(ctx).gaps if gap.what == "owner left"]
    assert [(gap.kind, gap.subject) for gap in left] == [
        ("metric", "backlog"),
        ("service", "Mail"),
        ("target", str(made.number)),
    ]
    assert owner_register(ctx).sentence().endswith("and of 3 the owner left.")
    set_active(ctx, "ana", True)
    assert not [gap for gap in owner_register(ctx).gaps if gap.what == "owner left"]


def test_what_is_not_there_gets_no_owner(desk: Intake) -> None:
    """A misspelt service would have an owner that nobody finds."""
    with pytest.raises(UnknownName, match="no service 'Mial'") as told:
        set_owner(desk.context, replace(MAIL, subject="Mial"))
    assert "Mail" in told.value.hint
    with pytest.raises(NotAllowed):
        set_owner(replace(desk.context, actor=everywhere("eve", "viewer")), MAIL)
