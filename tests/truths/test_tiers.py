"""Promises by service tier, on an invented desk: each ticket has its service's target."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from opsgauge.log.building import stored_table
from opsgauge.log.related import RECORD_FACTS, SERVICES
from opsgauge.log.service_levels.reading import parse_service_levels
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.log.tables import LOG_TABLES
from opsgauge.operations.calendars import workspace_calendars
from opsgauge.operations.clocked import followed_with
from opsgauge.warehouse.engine import DuckEngine
from tests.truths.conftest import SEEDS, Found

HOURS = {1: 4, 2: 8, 3: 16}  # by tier; what is left has a day and a half
REST = 36
LEVEL = """
by_tier:
  title: Restored by tier
  kind: resolution
  practices: incident
  calendar: service-hours
  targets:
    - {tier: "1", within: 4 h, calendar: always}
    - {tier: "2", within: 8 h}
    - {tier: "3", within: 16 h}
    - {within: 36 h}
"""


@pytest.fixture(scope="module")
def desk(made: Callable[..., Found]) -> Found:
    """Return a desk that other tests ask too."""
    return made(SEEDS[0], ())


@pytest.fixture(scope="module")
def engine(desk: Found) -> DuckEngine:
    """Return an engine of its own: its calendars are not those of the desk's."""
    known = desk.context.opened().version.tables
    tables = (*LOG_TABLES, SERVICES, RECORD_FACTS)
    return DuckEngine(
        [stored_table(desk.context.warehouse, each, known.get(each.name)) for each in tables]
    )


@pytest.mark.row("SLA-02")
def test_the_target_is_that_of_the_tier(desk: Found, engine: DuckEngine) -> None:
    """Told by plain look-ups: the services that a ticket's history names, and their tiers."""
    [level] = parse_service_levels(LEVEL, "tiers").values()
    of = followed_with(desk.context.opened(), [level], workspace_calendars(desk.context))
    engine.hold(of.compiled.tables())
    clocks = engine.run(clock_rows(level, of)).to_pylist()
    tiers = {
        (row["source"], row["service"]): row["tier"]
        for row in engine.run_sql("SELECT source, service, tier FROM services").to_pylist()
    }
    told = engine.run_sql("SELECT DISTINCT source, ticket_id, service FROM history").to_pylist()
    targets: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in told:
        hours = HOURS.get(tiers.get((row["source"], row["service"])), REST)  # type: ignore[arg-type]
        targets[row["source"], row["ticket_id"]].add(hours)

    plain = [each for each in clocks if len(targets[key_of(each)]) == 1]
    assert len(plain) > 0.9 * len(clocks) > 500
    for each in plain:
        assert {each["target_us"] // 3_600_000_000} == targets[key_of(each)]
    for each in clocks:
        assert each["target_us"] // 3_600_000_000 in targets[key_of(each)]
    assert len({each["target_us"] for each in clocks}) >= 3
    assert {each["kept"] for each in clocks} >= {True, False}


def key_of(row: dict[str, Any]) -> tuple[str, str]:
    """Return the ticket of a row."""
    return row["source"], row["ticket_id"]
