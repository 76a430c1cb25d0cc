"""Orders of an invented desk: every answer, and the orders behind every number."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opsgauge.analysis.requests.approval_free import Floor
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import NotAllowed, QueryWrong, UnknownCalendar
from opsgauge.foundation.settings import open_workspace
from opsgauge.governance.access import everywhere
from opsgauge.operations.approving import approvals
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.flow import Selection
from opsgauge.operations.opened import Readers
from opsgauge.operations.ordered import approvals_in, loaded, offers
from opsgauge.operations.orders_behind import FIRST_PAGE, Behind, orders_behind
from opsgauge.operations.request_tasks import (
    catalogue_health,
    first_moment_us,
    order_bundles,
    order_tasks,
)
from opsgauge.operations.requests import fulfilment
from tests.conftest import seeing, with_settings

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def ctx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Invent a desk and open it."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(NOW), 2500, 5, ())
    made = Context(open_workspace(folder), readers=Readers(remember=True))
    yield made
    made.database.close()


def behind(ctx: Context, of: str, chosen: Selection | None = None, **more: Any) -> int:
    """Return how many orders are behind a number."""
    return orders_behind(ctx, chosen, Behind(of, **more)).total


@pytest.mark.row("REQ-01")
@pytest.mark.parametrize("by", ["item", "channel", "team", "location"])
@pytest.mark.parametrize("calendar", ["always", "desk-europe"])
def test_parts_add_up_in_every_group_and_groups_to_the_whole(
    ctx: Context, by: str, calendar: str
) -> None:
    """Whole microseconds, elapsed and by a calendar; and n is a list of as many orders."""
    found = fulfilment(ctx, by=by, calendar=calendar)

    assert found.whole is not None
    lines = [line.chosen for line in found.lines]
    for times in (*lines, *[line.elapsed for line in found.lines], found.whole.chosen):
        assert times.touch_us + times.wait_us + times.approval_us == times.whole_us
        assert min(times.touch_us, times.wait_us, times.approval_us) >= 0
        assert sum(times.percents) == 100
    assert sum(times.whole_us for times in lines) == found.whole.chosen.whole_us
    assert sum(times.n for times in lines) + found.open_ + found.refused == found.orders
    for line in found.lines:
        assert behind(ctx, "completed", by=by, name=line.name) == line.elapsed.n
        assert line.promise is not None
        kept = behind(ctx, "kept", by=by, name=line.name, calendar=calendar)
        assert kept == line.promise.kept


@pytest.mark.row("REQ-01")
def test_working_time_is_shorter_and_said_so(ctx: Context) -> None:
    """The sentence names the clock."""
    elapsed, working = fulfilment(ctx), fulfilment(ctx, calendar="desk-europe")

    assert elapsed.whole is not None
    assert working.whole is not None
    assert working.whole.chosen.whole_us < elapsed.whole.chosen.whole_us
    assert "of elapsed time on average: it waits" in elapsed.sentence
    assert "of working time on average: it waits" in working.sentence
    assert working.as_json()["rows"][0]["business"]["n"] == working.lines[0].elapsed.n


@pytest.mark.row("REQ-01")
def test_a_choice_without_orders_says_so(ctx: Context) -> None:
    """Incidents are no orders."""
    chosen = Selection((Condition("practice", ("incident",)),))
    found = fulfilment(ctx, chosen)

    assert (found.orders, found.whole, found.lines) == (0, None, ())
    assert found.sentence == "No order is completed, so there is no time to part"
    assert found.as_json()["completed"] == 0
    assert approvals(ctx, chosen).steps == ()
    assert catalogue_health(ctx, chosen).automation == ()


@pytest.mark.row("REQ-01")
def test_a_choice_of_days_and_teams_is_of_orders(ctx: Context) -> None:
    """As many as the list of tickets with the same filters has."""
    chosen = Selection(from_=date(2026, 1, 1), to=date(2026, 3, 31))
    every, some = fulfilment(ctx), fulfilment(ctx, chosen)

    assert 0 < some.orders < every.orders
    assert behind(ctx, "completed", chosen) == some.orders - some.open_ - some.refused
    assert loaded(ctx, chosen) is loaded(ctx, chosen)


@pytest.mark.row("REQ-02")
def test_approvals_are_counted_and_candidates_were_never_refused(ctx: Context) -> None:
    """The demo's managers refuse a few in a hundred; an item with none is a candidate."""
    found = approvals(ctx, floor=Floor(decided=10))
    [step] = found.steps

    assert step.name == "Manager"
    assert step.asked == len(approvals_in(ctx, None))
    assert behind(ctx, "asked", step="Manager") == step.orders
    assert behind(ctx, "refused", step="Manager") == step.refused > 0
    for each in found.items:
        assert behind(ctx, "decided", by="item", name=each.name) == each.decided
    never = {each.name for each in found.items if each.refused == 0 and each.decided >= 10}
    cheap = {name for name in never if (offers(ctx)[name].price or 0) <= found.floor.price}
    assert {finding.id.partition("-")[2] for finding in found.findings} == cheap
    assert cheap
    assert found.as_json()["fewest_decided"] == 10


@pytest.mark.row("MAP-10")
@pytest.mark.parametrize("practice", ["request", "change"])
def test_levels_hold_every_approval_and_lead_to_their_tickets(ctx: Context, practice: str) -> None:
    """Of orders and of changes: levels and steps add up, and each list is as long as its number."""
    found = approvals(ctx, practice=practice)
    asked = approvals_in(ctx, None, practice)

    assert found.practices[practice] == len(asked) > 0
    for name in ("asked", "decided", "refused", "waiting"):
        told = sum(getattr(each, name) for each in found.levels)
        assert told == sum(getattr(each, name) for each in found.steps)
    for number, level in enumerate(found.levels, 1):
        assert behind(ctx, "asked", level=number, practice=practice) == level.orders
        waits = {each.key for each in asked if each.level == number and each.waiting_us is not None}
        assert behind(ctx, "waiting", level=number, practice=practice) == len(waits)
    never = [each["name"] for each in found.as_json()["never_no"]]
    assert never == [each.name for _, each in found.never_no]
    assert all(each.refused == 0 and each.decided >= 30 for _, each in found.never_no)


@pytest.mark.row("MAP-10")
def test_approvals_of_changes_are_told_by_the_type_of_change(ctx: Context) -> None:
    """And nothing is said of items that may need none."""
    found = approvals(ctx, floor=Floor(decided=5), practice="change")

    assert {each.name for each in found.items} == {"Normal change", "Emergency change"}
    assert found.findings == ()
    assert {each.name for each in found.steps} != {each.name for each in approvals(ctx).steps}


@pytest.mark.row("REQ-03")
def test_tasks_of_new_starters_run_side_by_side_and_one_decides(ctx: Context) -> None:
    """Six tasks, opened when it is approved; each complete order has one that ended it."""
    [starters] = [each for each in order_tasks(ctx).items if each.item == "New starter"]

    assert len(starters.lines) == 6
    assert sum(line.decides for line in starters.lines) == starters.n
    assert set(starters.shapes) <= {"parallel", "mixed"}
    for line in starters.lines:
        own = behind(ctx, "decides", by="item", name="New starter", task=line.name)
        assert own == line.decides


@pytest.mark.row("REQ-04")
def test_right_first_time_adds_up_with_its_lists(ctx: Context) -> None:
    """Judged are right or failed for a reason, and each number has its orders."""
    found = fulfilment(ctx, days=7)
    first = found.first_time

    assert behind(ctx, "judged", days=7) == first.n
    assert behind(ctx, "right", days=7) == first.right
    for why, n in first.failed.items():
        assert behind(ctx, why, days=7) == n
    assert first.n - first.right <= sum(first.failed.values())
    assert sum(line.right for line in found.first_time_by) == first.right
    longer = fulfilment(ctx, days=60).first_time
    assert longer.n < first.n


@pytest.mark.row("REQ-05")
def test_bundles_are_due_by_promise_and_their_pieces_late(ctx: Context) -> None:
    """Each number has its orders."""
    [starters] = order_bundles(ctx).items

    assert starters.basis == {"promise": starters.n}
    assert behind(ctx, "bundle", by="item", name="New starter") == starters.n
    assert behind(ctx, "in_time", by="item", name="New starter") == starters.in_time
    for piece in starters.pieces:
        late = behind(ctx, "late", by="item", name="New starter", task=piece.name)
        assert late == piece.late
    named = order_bundles(ctx, calendar="desk-europe").items[0]
    assert named.in_time >= starters.in_time


@pytest.mark.row("REQ-05")
def test_a_first_day_begins_at_midnight_where_the_desk_is() -> None:
    """A moment is taken as it stands; what is neither is not read."""
    berlin = ZoneInfo("Europe/Berlin")
    hour = 3_600_000_000

    assert first_moment_us("1970-01-02", berlin) == 23 * hour
    assert first_moment_us("1970-01-02T08:00", berlin) == 31 * hour
    assert first_moment_us("1970-01-02T08:00+00:00", berlin) == 32 * hour
    assert first_moment_us("next Monday", berlin) is None


@pytest.mark.row("REQ-06")
def test_health_ranks_items_and_tells_their_incidents(ctx: Context) -> None:
    """Every item of the demo is ordered; those tied to incidents have their lists."""
    found = catalogue_health(ctx)

    assert found.never == ()
    scores = [each.score for each in found.automation]
    assert scores == sorted(scores, reverse=True)
    assert scores
    for each in found.incidents:
        assert behind(ctx, "followed", by="item", name=each.item) == each.incidents
    early = catalogue_health(ctx, Selection(to=date(2025, 2, 1)))
    assert set(early.never) <= set(offers(ctx))


def test_a_list_of_orders_has_pages_and_the_longest_first(ctx: Context) -> None:
    """Each order's parts add up."""
    first = orders_behind(ctx, None, Behind("completed"))
    second = orders_behind(ctx, None, Behind("completed"), FIRST_PAGE)

    hours = [row["hours"] for row in (*first.rows, *second.rows)]
    assert hours == sorted(hours, reverse=True)
    assert len(first.rows) == FIRST_PAGE
    for row in first.rows:
        parts = row["touch_hours"] + row["wait_hours"] + row["approval_hours"]
        assert parts == pytest.approx(row["hours"])
    assert first.as_json()["rows"][0]["opened_at"].endswith("Z")
    assert first.sentence == f"{first.total} orders completed"


def test_what_cannot_be_asked_is_said(ctx: Context) -> None:
    """With the nearest right word."""
    with pytest.raises(QueryWrong, match="not grouped by 'tem'"):
        fulfilment(ctx, by="tem")
    with pytest.raises(QueryWrong, match="0 days"):
        fulfilment(ctx, days=0)
    with pytest.raises(QueryWrong, match="0 days"):
        order_bundles(ctx, days=0)
    with pytest.raises(QueryWrong, match="400 days"):
        catalogue_health(ctx, days=400)
    with pytest.raises(QueryWrong, match="after 1 decision"):
        approvals(ctx, floor=Floor(decided=0))
    with pytest.raises(QueryWrong, match="Did you mean 'change'"):
        approvals(ctx, practice="chang")
    with pytest.raises(QueryWrong, match="no practice 'chang'"):
        orders_behind(ctx, None, Behind("asked", practice="chang"))
    with pytest.raises(QueryWrong, match="Only orders are completed"):
        orders_behind(ctx, None, Behind("completed", practice="change"))
    with pytest.raises(QueryWrong, match="'complete'"):
        orders_behind(ctx, None, Behind("complete"))
    with pytest.raises(QueryWrong, match="not grouped by 'assignee'"):
        orders_behind(ctx, None, Behind("completed", by="assignee"))
    with pytest.raises(UnknownCalendar):
        fulfilment(ctx, calendar="desk-mars")


def test_whoever_may_not_read_orders_does_not(ctx: Context) -> None:
    """Each operation asks first."""
    stranger = Context(ctx.workspace, actor=everywhere("eve", "nobody"), readers=ctx.readers)
    for asked in (fulfilment, approvals, order_tasks, order_bundles, catalogue_health):
        with pytest.raises(NotAllowed):
            asked(stranger)
    with pytest.raises(NotAllowed):
        orders_behind(stranger, None, Behind())


def test_a_scope_hides_orders_and_their_approvals(ctx: Context) -> None:
    """One team's orders are all there are."""
    team = fulfilment(ctx, by="team").lines[0]
    assert team.name is not None
    mine = seeing(Condition("team", (team.name,)))
    within = Context(ctx.workspace, actor=mine, readers=ctx.readers)

    assert [line.name for line in fulfilment(within, by="team").lines] == [team.name]
    assert approvals(within).steps[0].asked < approvals(ctx).steps[0].asked


@pytest.mark.row("SEC-02")
def test_orders_of_teams_of_few_people_are_told_together(ctx: Context) -> None:
    """They add up to the same, their list is as long as the number, and alone they are refused."""
    held, by = with_settings(ctx, fewest_persons=3), "team"
    every = {line.name: line.elapsed for line in fulfilment(ctx, by=by).lines}
    told = {line.name: line.elapsed for line in fulfilment(held, by=by).lines}
    [label] = set(told) - set(every)
    few = "Data and Reporting"  # two people, as every desk of a town

    assert label == "(withheld: fewer than 3 people)"
    assert few in every
    assert few not in told
    assert sum(each.whole_us for each in told.values()) == sum(e.whole_us for e in every.values())
    assert behind(held, "completed", by=by, name=label) == told[label].n
    assert behind(held, "completed", by=by, name="Procurement and Assets") > 0
    with pytest.raises(QueryWrong, match="withheld: fewer than 3 people"):
        behind(held, "completed", by=by, name=few)
    with pytest.raises(QueryWrong, match="withheld: fewer than 3 people"):
        behind(held, "asked", step="Manager", group=few)
    assert {each.group for each in approvals(held).steps} == {None}


@pytest.mark.row("SEC-02")
def test_a_task_is_of_no_team_of_few_people(ctx: Context) -> None:
    """What is done by one team alone says so only where it is many."""
    teams = [
        {line.name: line.team for item in order_tasks(each).items for line in item.lines}
        for each in (ctx, with_settings(ctx, fewest_persons=4))
    ]
    assert teams[0]["Prepare laptop"] == "Procurement and Assets"
    assert teams[1]["Prepare laptop"] == "(withheld: fewer than 4 people)"
    assert teams[1]["Create account"] == teams[0]["Create account"] == "Directory Services"
