"""Who did what: off by default, shown to roles that may see it, each look told to the person."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.governance.access import Actor, Assignment, everywhere
from opsgauge.governance.looks import KEPT, Look, add, looks_at
from opsgauge.operations.context import Context
from opsgauge.operations.flow import Selection
from opsgauge.operations.lists import Page
from opsgauge.operations.measure import tickets_where
from opsgauge.operations.persons import Looks
from opsgauge.operations.ticket import ticket
from tests.conftest import Intake
from tests.web.conftest import LOG

pytestmark = pytest.mark.row("SEC-02")
PAGE = Page(limit=5, sort="ticket_id")


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Import a small desk, as it is by default."""
    held = Intake(tmp_path_factory.mktemp("persons"))
    held.takes(LOG)
    yield held.context
    held.close()


def with_persons(ctx: Context, actor: Actor) -> Context:
    """Return the workspace with the setting on, asked by somebody."""
    settings = ctx.workspace.settings.model_copy(update={"person_level": True})
    return replace(ctx, actor=actor, workspace=replace(ctx.workspace, settings=settings))


def told(ctx: Context) -> str:
    """Return all that is told of one ticket and of a list, as programs get it."""
    rows = tickets_where(ctx, Selection(), PAGE).as_json()
    return json.dumps([ticket(ctx, "T1", "desk").as_json(), rows])


def test_persons_are_hidden_by_default_whoever_asks(ctx: Context) -> None:
    """Whether somebody is named is still told, and so is what time is counted as."""
    story = ticket(ctx, "T1", "desk")

    assert "Agent" not in told(ctx)
    assert story.persons == "hidden"
    assert {each.assignee for each in story.intervals} == {"somebody"}
    assert {each.kind for each in story.intervals} <= {"work", "done", "hold"}
    assert tickets_where(ctx, Selection(), PAGE).rows[0]["assignee"] == "somebody"
    assert tickets_where(ctx, Selection(), PAGE).rows[0]["requester"] is None


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("viewer", False),
        ("analyst", False),
        ("auditor", False),
        ("service owner", True),
        ("process owner", True),
        ("administrator", True),
    ],
)
def test_with_the_setting_on_the_role_decides(ctx: Context, role: str, seen: bool) -> None:
    """One person's answer, which is remembered, is not given to another."""
    allowed = with_persons(ctx, everywhere("otto", "process owner"))
    assert "Agent" in told(allowed)
    asked = with_persons(ctx, everywhere("ana", role))
    assert ("Agent" in told(asked)) is seen


def test_a_role_that_may_not_see_persons_is_not_lifted_by_another(ctx: Context) -> None:
    """And a token sees them only where it says so."""
    both = Actor("ana", (Assignment("process owner"), Assignment("viewer")))
    token = Actor("otto", (Assignment("process owner"),), frozenset({"ticket:read"}))
    assert "Agent" not in told(with_persons(ctx, both))
    assert "Agent" not in told(with_persons(ctx, token))


def test_every_look_is_kept_for_the_person(ctx: Context) -> None:
    """Who, at whom, where; nothing where nothing was shown."""
    asked = with_persons(ctx, everywhere("boss", "process owner"))
    alias = ticket(asked, "T2", "desk").ticket["assignee"]
    ticket(with_persons(ctx, everywhere("peer", "viewer")), "T2", "desk")
    tickets_where(asked, Selection(), PAGE)
    looks = [each for each in looks_at(ctx.database, str(alias)) if each.actor in ("boss", "peer")]

    assert {(each.actor, each.place) for each in looks} == {
        ("boss", "ticket T2 of desk"),
        ("boss", "list: All tickets"),
    }


def test_a_server_gathers_looks_and_writes_them_aside(ctx: Context) -> None:
    """The same look within a batch is one; what is gathered is written when the server stops."""
    gathered = Looks(ctx, wait_seconds=60)
    asked = replace(with_persons(ctx, everywhere("chief", "process owner")), looked=gathered.note)
    for _ in range(3):
        ticket(asked, "T3", "desk")
    before = [each for each in looks_at(ctx.database, "Agent 1") if each.actor == "chief"]
    gathered.flush()
    gathered.flush()
    after = [each for each in looks_at(ctx.database, "Agent 1") if each.actor == "chief"]

    assert (len(before), len(after)) == (0, 1)


def test_looks_are_kept_for_a_year(ctx: Context) -> None:
    """Then nobody needs them, and they would be data about persons themselves."""
    now = datetime.fromisoformat("2030-01-05T08:00:00+00:00")
    old = now - KEPT - timedelta(days=1)
    add(ctx.database, [Look(old, "otto", "Agent 99", "ticket")])
    assert len(looks_at(ctx.database, "Agent 99")) == 1
    add(ctx.database, [Look(fixed_clock(now)(), "otto", "Agent 99", "ticket")])
    assert [each.at for each in looks_at(ctx.database, "Agent 99")] == [now]
