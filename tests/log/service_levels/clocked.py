"""Small desks and the clocks that follow their tickets."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from opsgauge.foundation.agreed import Scope
from opsgauge.foundation.units import MICROS_PER_HOUR
from opsgauge.log.calendars.definition import Calendars, always
from opsgauge.log.calendars.reading import parse_calendar
from opsgauge.log.door import open_tables
from opsgauge.log.service_levels.clocks import clocks
from opsgauge.log.service_levels.compiled import compiled_for
from opsgauge.log.service_levels.flags import Followed
from opsgauge.log.service_levels.paragraph import ServiceLevel
from opsgauge.log.service_levels.reading import parse_service_levels
from opsgauge.log.service_levels.stages import stages
from opsgauge.metrics.example import Desk, instant, make_desk
from opsgauge.warehouse.engine import Engine
from opsgauge.warehouse.portable import EPOCH, micros_at
from tests.lent import engine_of

Row = dict[str, Any]
OFFICE = 'title: Office\nzone: UTC\nweek: {monday-friday: ["08:00-17:00"]}'
CALENDARS = Calendars({"always": always(), "office": parse_calendar(OFFICE, "office", "office")})
RESOLUTION = """
in_time:
  title: Resolved in time
  kind: resolution
  targets: [{within: 4 h}]
"""


def level_of(text: str) -> ServiceLevel:
    """Return the one service level of a text."""
    [level] = parse_service_levels(text, "levels.yaml").values()
    return level


def followed(
    desk: Desk, level: ServiceLevel, at: str = "", calendars: Calendars = CALENDARS
) -> tuple[Followed, dict[str, Any]]:
    """Return what the clocks of a desk are followed with, and the tables an engine needs."""
    now = instant(at) if at else desk.watermark
    compiled = compiled_for([level], calendars, desk.first, max(now, desk.watermark))
    of = Followed(open_tables(Scope.everything()), compiled, micros_at(now))
    return of, {**desk.tables(), **compiled.tables()}


def clocks_of(
    text: str,
    tickets: Sequence[Row],
    history: Sequence[Row] = (),
    at: str = "",
    calendars: Calendars = CALENDARS,
    **records: Sequence[Row],
) -> list[Row]:
    """Return the clocks of a small desk, in order; moments as text, lengths in hours."""
    level, desk = level_of(text), make_desk(tickets, history, records)
    of, tables = followed(desk, level, at, calendars)
    with engine_of(tables) as engine:
        rows = engine.run(clocks(level, of)).to_pylist()
    return [_plain(row) for row in sorted(rows, key=lambda r: (r["ticket_id"], r["cycle"]))]


def stages_of(
    text: str, tickets: Sequence[Row], history: Sequence[Row] = (), at: str = ""
) -> list[Row]:
    """Return the stages of a small desk, in order."""
    level, desk = level_of(text), make_desk(tickets, history)
    of, tables = followed(desk, level, at)
    with engine_of(tables) as engine:
        rows = engine.run(stages(level, of)).to_pylist()
    return sorted(rows, key=lambda r: (r["ticket_id"], r["seq"]))


def _plain(row: Row) -> Row:
    """Return a clock as a person would note it: hours, and moments as text."""
    made = dict(row)
    for name in ("target", "used", "left", "waited"):
        made[name] = row[f"{name}_us"] / MICROS_PER_HOUR
    for name in ("started", "stopped", "breached", "due"):
        us = row[f"{name}_us"]
        made[f"{name}_at"] = None if us is None else str(EPOCH + timedelta(microseconds=us))[:19]
    return made


__all__ = ["Engine", "clocks_of", "followed", "level_of", "stages_of"]
