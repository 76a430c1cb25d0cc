"""Clocks of service levels are the same rows on DuckDB and on Spark."""

import ibis
import pytest

from opsgauge.analysis.forecast.clock_stages import stage_rows
from opsgauge.analysis.promises.pause_rows import pause_rows, pauses
from opsgauge.log.calendars.definition import Calendars, always
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.log.related import CLOCKS
from opsgauge.log.service_levels.flags import Followed
from opsgauge.log.service_levels.reading import parse_service_levels
from opsgauge.log.service_levels.spent import spent
from opsgauge.log.service_levels.table import clock_rows
from opsgauge.operations.clocked import followed_with
from opsgauge.warehouse.engine import Engine
from tests.engines.conftest import FOR_A_SMALL_DESK, Both

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of pandas 3, which is not used
]
HOURS = 'title: Desk\nzone: Europe/Amsterdam\nweek: {monday-friday: ["09:00-12:30", "13:15-17:00"]}'
CALENDARS = Calendars({"always": always(), "desk": parse_calendar(HOURS, "desk", "desk")})
LEVELS = parse_service_levels(
    """
resolution:
  title: Resolved
  kind: resolution
  calendar: desk
  targets: [{priority: ["1"], within: 4 h, calendar: always}, {within: 16 h}]
  pause: {phase: [pending_user]}
  on_reopen: restart
response:
  title: Answered
  kind: response
  targets: [{within: 2 h}]
human:
  title: Answered by a person
  kind: response
  counts: human
  targets: [{within: 2 h}]
  pause: {phase: [in_progress, pending_user]}
  messages: {original_status: [Asked]}
prorated:
  title: In proportion
  kind: resolution
  targets: [{priority: ["1", "2"], within: 9 h}, {within: 30 h}]
  on_change: prorate
""",
    "levels",
)


# Shares of targets are added up as floats, so in proportion the last microsecond is not sure.
NOT_SURE = ["used_us", "left_us", "breached_at", "decided_at", "due_at"]
WHOLE = {"duckdb": "//", "spark": "DIV"}  # division of whole numbers


@pytest.fixture(scope="module")
def followed(both: Both) -> tuple[Followed, tuple[Engine, Engine]]:
    """Give both engines the calendars."""
    from opsgauge.warehouse.spark import SparkEngine  # noqa: PLC0415 - an extra

    found = followed_with(both.opened, [*LEVELS.values()], CALENDARS)
    # Views live in Spark's session, and another module may have put its own in their place.
    spark = SparkEngine(both.stored, both.opened.periods.tables(), FOR_A_SMALL_DESK)
    engines = (both.opened.engine, spark)
    for engine in engines:
        engine.hold(found.compiled.tables())
        # Planning a clock takes Spark seconds, so each is asked once, and what was kept is read.
        engine.keep("kept_clocks", *(clock_rows(level, found) for level in LEVELS.values()))
    return found, engines


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize("name", list(LEVELS))
def test_clocks_are_equal_on_both(
    followed: tuple[Followed, tuple[Engine, Engine]], name: str
) -> None:
    """Every moment, length and state, of clocks that are kept as a table."""
    of, engines = followed
    columns = [each for each in clock_rows(LEVELS[name], of).columns if each not in NOT_SURE]
    exact = LEVELS[name].on_change != "prorate"
    lengths = NOT_SURE if exact else [f"{us} // 10 AS {us}" for us in ("used_us", "left_us")]
    ask = f"SELECT {', '.join([*columns, *lengths])} FROM kept_clocks WHERE clock = '{name}'"
    rows = [engine.run_sql(ask.replace("//", WHOLE[engine.name])).to_pylist() for engine in engines]
    told = [sorted(map(str, each)) for each in rows]

    assert told[0] == told[1]
    assert len(told[0]) > (40 if name == "human" else 100)
    assert {"met", "late"} <= {row["state"] for row in rows[0]}


@pytest.mark.row("SLA-08")
def test_their_pauses_are_equal_on_both(
    followed: tuple[Followed, tuple[Engine, Engine]],
) -> None:
    """By team, late, short and without a message."""
    of, engines = followed
    asked = pause_rows(LEVELS["human"], of)
    told = [pauses(engine.run(asked)) for engine in engines]

    assert told[0] == told[1]
    counts = zip(*((each.silent, each.judged, each.pauses) for each in told[0]), strict=True)
    silent, judged, every = map(sum, counts)
    assert 0 < silent < judged < every


@pytest.mark.row("SLA-07")
def test_their_parts_are_equal_on_both(followed: tuple[Followed, tuple[Engine, Engine]]) -> None:
    """By team, of every clock."""
    of, engines = followed
    kept = ibis.table(CLOCKS.ibis_schema(), name="kept_clocks")
    clocks = kept.filter(kept.clock == "resolution").select("source", "ticket_id", "cycle")
    parts = [
        sorted(map(str, engine.run(spent(LEVELS["resolution"], of, "team", clocks)).to_pylist()))
        for engine in engines
    ]

    assert parts[0] == parts[1]
    assert len(parts[0]) > 2


@pytest.mark.row("SLA-09")
def test_what_risks_are_learnt_from_is_equal_on_both(
    followed: tuple[Followed, tuple[Engine, Engine]],
) -> None:
    """Every stage of every clock, with what was known then, in one order."""
    of, engines = followed
    kept = ibis.table(CLOCKS.ibis_schema(), name="kept_clocks")
    asked = stage_rows(LEVELS["resolution"], of, kept, of.tables.tickets)
    rows = [engine.run(asked).to_pylist() for engine in engines]

    assert rows[0] == rows[1]
    assert len(rows[0]) > 200
