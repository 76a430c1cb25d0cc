"""Which metrics are used: noted in memory, written in batches, and proposed for retirement."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.errors import QueryWrong
from opsgauge.foundation.settings import make_workspace
from opsgauge.governance import uses as counted
from opsgauge.operations.catalogue import import_metrics, written
from opsgauge.operations.context import Context
from opsgauge.operations.uses import UseCounter, note_now, today, used, write

pytestmark = pytest.mark.row("CAT-14")
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """Return an empty workspace on a summer's day."""
    made = Context(make_workspace(tmp_path / "desk"), clock=fixed_clock(NOW))
    yield made
    made.database.close()


def viewed(ctx: Context, **days_ago: int) -> None:
    """Note one view of each metric, some days ago."""
    seen = {(today(ctx) - timedelta(days=n), name, "page"): 1 for name, n in days_ago.items()}
    write(ctx, Counter(seen))


def test_views_wait_in_memory_and_are_written_together(ctx: Context) -> None:
    """Nothing is written while one looks; then one batch is."""
    counter = UseCounter(ctx, wait_seconds=3_600)
    for _ in range(3):
        counter.note(["backlog"], "page")
    counter.note(["backlog", "backlog_age"], "api")

    assert counted.uses(ctx.database, today(ctx)) == {}
    counter.flush()
    counter.flush()
    assert counted.uses(ctx.database, today(ctx))["backlog"].views == {"page": 3, "api": 1}


def test_a_batch_writes_itself_after_a_while(ctx: Context) -> None:
    """And the next one after it."""
    counter = UseCounter(ctx, wait_seconds=0.01)
    for _ in range(2):
        counter.note(["backlog"], "page")
        assert counter._timer is not None
        counter._timer.join()

    assert counted.uses(ctx.database, today(ctx))["backlog"].views == {"page": 2}


def test_what_cannot_be_written_stops_nobody(ctx: Context) -> None:
    """Records that are none: the view is dropped."""
    broken = ctx.workspace.path / "broken.db"
    broken.write_text("no database")
    settings = ctx.workspace.settings.model_copy(update={"records_url": f"sqlite:///{broken}"})
    note_now(replace(ctx, workspace=replace(ctx.workspace, settings=settings)), "backlog", "cli")

    assert counted.uses(ctx.database, today(ctx)) == {}


def test_a_day_is_one_of_the_workspaces_zone(tmp_path: Path) -> None:
    """Late in the evening in UTC it is tomorrow in Berlin."""
    workspace = make_workspace(tmp_path / "desk", 'zone = "Europe/Berlin"\n')
    late = fixed_clock(datetime(2026, 6, 30, 23, tzinfo=UTC))

    assert today(Context(workspace, clock=late)) == date(2026, 7, 1)


def test_what_nobody_looked_at_is_proposed(ctx: Context) -> None:
    """Ninety days with today: the 89th day before counts, the 90th does not."""
    viewed(ctx, tickets_opened=200, backlog=89, backlog_age=90, time_to_resolve=0)
    answer = used(ctx)
    proposed = {line.metric: line for line in answer.proposed}

    assert answer.enough
    assert {"tickets_opened", "backlog_age"} < set(proposed)
    assert not {"backlog", "time_to_resolve"} & set(proposed)
    assert proposed["backlog_age"].last_view == date(2026, 4, 1)
    assert "time_to_resolve" in proposed["reopened_share"].needed_by
    assert len(proposed) == len(ctx.catalogue) - 2
    assert f"{len(proposed)} of {len(ctx.catalogue)} metrics" in answer.sentence()


def test_it_is_too_early_until_views_were_counted_for_as_long(ctx: Context) -> None:
    """Counting that began last week says nothing of ninety days; of seven it does."""
    assert "No view" in used(ctx).sentence()
    viewed(ctx, backlog=7)

    assert used(ctx).proposed == ()
    assert "too early" in used(ctx).sentence()
    assert len(used(ctx, 8).proposed) == len(ctx.catalogue) - 1
    assert used(ctx, 9).proposed == ()


def test_a_decision_keeps_a_metric(ctx: Context, make_definitions: Callable[..., Path]) -> None:
    """Whoever takes a metric in decides of it; one that is retired or younger is not proposed."""
    viewed(ctx, backlog=400)
    import_metrics(
        ctx,
        make_definitions(
            ours={},
            gone={"lifecycle": "retired"},
            young={"valid_from": "2026-06-01"},
        ),
    )
    fresh = replace(ctx)
    later = replace(fresh, clock=fixed_clock(NOW + timedelta(days=100)))
    lines = {line.metric: line for line in used(fresh).lines}
    old = {line.metric for line in used(later).proposed}

    assert lines["ours"].last_decision == date(2026, 6, 30)
    assert not lines["ours"].proposed
    assert {"ours", "young", "gone"} & old == {"ours", "young"}


@pytest.fixture
def make_definitions(tmp_path: Path, ctx: Context) -> Callable[..., Path]:
    """Return what writes metrics that are like a built-in one but for some keys."""

    def make(**changes: dict[str, str]) -> Path:
        paragraph = written(ctx.catalogue.get("reopened_share"))
        said = {name: {**paragraph, **change} for name, change in changes.items()}
        file = tmp_path / "definitions.yaml"
        file.write_text(json.dumps(said))
        return file

    return make


@pytest.mark.parametrize("days", [0, -1, 10_000])
def test_a_span_that_is_none_is_refused(ctx: Context, days: int) -> None:
    """With what may be asked."""
    with pytest.raises(QueryWrong, match="looked back"):
        used(ctx, days)
