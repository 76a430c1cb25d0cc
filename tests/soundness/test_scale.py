"""What a million tickets with ten million updates may cost, seen at a hundredth of the size.

The promise is for two cores: an import in five minutes, Home in two seconds, the map in five. Of an
import, two logs are compared of which one has ten times the updates of the other; what each update
more takes, ten million times, must keep it. What a page takes does not grow evenly, so at this size
Home and the map must keep a fifth of what they may take at the full one. `bench/` measures the
promise itself.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from opsgauge.operations.context import Context
from opsgauge.operations.flow import process_map
from opsgauge.operations.home import home
from opsgauge.operations.opened import Readers
from opsgauge.warehouse.engine import connect, quoted
from tests.conftest import Intake

FEW, MANY = 12_000, 120_000
PROMISED, CORES = 10_000_000, 2
IMPORT, HOME, MAP = 300, 2, 5  # seconds at the full size
A_FIFTH = 0.2
DAYS = 280


def write_log(file: Path, updates: int) -> Path:
    """Write a log of tickets with eight updates each, over the same days whatever their number."""
    apart = DAYS * 24 * 60 * 8 // updates  # minutes between two tickets
    database = connect()
    database.execute(
        "COPY (SELECT 'INC' || i // 8 AS number, strftime(TIMESTAMP '2026-01-05' + "
        f"to_minutes(i // 8 * {apart} + 60 * (i % 8)), '%Y-%m-%d %H:%M') AS at, ['New', 'Work', "
        "'Work', 'Work', 'Work', 'Work', 'Work', 'Done'][1 + i % 8] AS state, 'T' || hash(i) % 40 "
        f"AS team, 'P' || hash(i * 5) % 500 AS who FROM range({updates}) AS t(i)) "
        f"TO {quoted(str(file))} (HEADER)"
    )
    database.close()
    return file


def core_seconds(ask: Callable[[], object]) -> float:
    """Return what something takes of all cores together: others at work beside do not count."""
    start = time.process_time()
    ask()
    return time.process_time() - start


@pytest.mark.row("SCA-01")
def test_a_hundredth_of_a_million_tickets_keeps_its_share_of_the_promise(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Import by what an update more takes; Home and the map with answers that nobody knows yet."""
    taken = {}
    for updates in (FEW, MANY):
        desk = Intake(tmp_path_factory.mktemp("desk"))
        log = write_log(desk.folder / "log.csv", updates)
        taken[updates] = core_seconds(partial(desk.takes, log))
        desk.close()
    ctx = Context(desk.workspace, readers=Readers(in_memory=True, remember=True)).holding()
    home(ctx)  # what belongs to the data version, such as its checks, is there on any server
    day = ctx.opened().periods.date_of(ctx.opened().watermark) - timedelta(weeks=1)
    of_home = core_seconds(partial(home, ctx, to=day))
    of_map = core_seconds(partial(process_map, ctx, "activity"))

    each = (taken[MANY] - taken[FEW]) / (MANY - FEW)
    assert each * PROMISED <= IMPORT * CORES
    assert 0.001 < of_home <= HOME * CORES * A_FIFTH
    assert 0.001 < of_map <= MAP * CORES * A_FIFTH
