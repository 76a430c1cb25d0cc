"""Many charts at once: how often calm ones bring a signal, and how high real steps are ranked.

Home's own ranking is given simulated series; and whole invented desks of which nothing is the
matter are opened at Home.
"""

import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.measuring import Bound, Result
from opsgauge.analysis.control_charts.many import shifts
from opsgauge.analysis.many_tests import false_discovery_rates
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.demo import demo
from opsgauge.operations.home import home
from opsgauge.operations.standing import MOST_FALSE

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
SETS, CHARTS, WEEKS = 200, 100, 26
LISTS, SERIES, POINTS, PLANTED, STEP, OVER, FIRST = 600, 300, 36, 15, 1.5, 12, 20
CLEAN_DESKS, TICKETS = range(1, 6), 12_000


def alarms(dice: np.random.Generator, sets: int, charts: int = CHARTS) -> float:
    """Return the share of sets of calm charts of which any is told."""
    told = 0
    for _ in range(sets):
        calm = dice.standard_normal((charts, WEEKS)).tolist()
        told += (
            min(false_discovery_rates([each.odds for each in shifts(calm) if each])) <= MOST_FALSE
        )
    return told / sets


def ranked_first(dice: np.random.Generator, lists: int) -> float:
    """Return how many of the planted steps are among the first of the list, on average."""
    found = 0
    for _ in range(lists):
        values = dice.standard_normal((SERIES, POINTS))
        values[:PLANTED, -OVER:] += STEP
        odds = [each.odds for each in shifts(values.tolist()) if each]
        order = sorted(range(SERIES), key=odds.__getitem__)
        found += sum(place < PLANTED for place in order[:FIRST])
    return found / lists


def told_at_home(seed: int) -> list[str]:
    """Return what Home tells of a desk of which nothing is the matter."""
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-calm-"))
    try:
        demo(folder, fixed_clock(NOW), TICKETS, seed, ())
        ctx = Context(open_workspace(folder), clock=fixed_clock(NOW))
        shown = home(ctx)
        ctx.database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [each.finding.claim for each in shown.claims] + [
        each.looked.title for each in shown.signals
    ]


def many_charts(quick: bool) -> Result:
    """Simulate calm sets and planted steps; open clean desks."""
    dice = np.random.default_rng(20)
    sets, lists, desks = (20, 20, CLEAN_DESKS[:1]) if quick else (SETS, LISTS, CLEAN_DESKS)
    start = time.perf_counter()
    false, ranked = alarms(dice, sets), ranked_first(dice, lists)
    simulated = time.perf_counter() - start
    told = {seed: told_at_home(seed) for seed in desks}
    bounds = [
        Bound("share of calm sets of 100 charts that bring a signal", false, 0.1),
        Bound("of 15 steps, among the first 20 of 300 series", ranked, 13.0, at_least=True),
        Bound("of 5 clean desks, those with a signal at Home", sum(map(bool, told.values())), 1),
    ]
    return Result("many_charts", {"simulated": [simulated]}, bounds, {"told of clean desks": told})
