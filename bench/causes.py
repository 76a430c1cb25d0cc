"""What goes with an outcome: is what was planted told first, is chance left alone, is it fast."""

import tempfile
import time
from pathlib import Path

from tests.analysis.causes.desks import planted, shuffled

from bench.measuring import Bound, Result, opsgauge, run_program
from opsgauge.analysis.causes.influence import influences
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.causes import HELD
from opsgauge.operations.causes import causes as causes_of
from opsgauge.operations.context import Context
from opsgauge.operations.outcomes import Asked, decided

DESKS, SHUFFLES, TICKETS = 200, 200, 4_000
DESK, LARGE = 12_000, 200_000
FIRST, FALSE = 0.9, 0.08  # of desks, the share with the planted word first; that tell of chance
SECONDS = 5.0


def causes(quick: bool) -> Result:
    """Invented desks with a planted word, outcomes dealt out by chance, and a large desk."""
    desks, shuffles = (DESKS // 10, SHUFFLES // 10) if quick else (DESKS, SHUFFLES)
    first = 0
    for seed in range(desks):
        cases, parts = planted(seed, TICKETS)
        rows = influences(cases).rows
        first += bool(rows) and rows[0].parts == parts
    cases, _ = planted(DESKS, TICKETS)
    told = sum(bool(influences(shuffled(seed, cases)).rows) for seed in range(shuffles))
    size = LARGE // 20 if quick else LARGE
    with tempfile.TemporaryDirectory() as folder:
        on_desk = _by_chance(_desk(Path(folder) / "desk", DESK), shuffles)
        seconds = _timed(_desk(Path(folder) / "large", size))
    bounds = [
        Bound("desks with the planted word first", first / desks, FIRST, at_least=True),
        Bound("shuffled outcomes that tell something", told / shuffles, FALSE),
        Bound("the same on an invented desk's own words", on_desk, FALSE),
        Bound(f"seconds for {size:,} tickets", min(seconds["slow"]), SECONDS),
    ]
    return Result("causes", seconds, bounds, {"desks": desks, "shuffles": shuffles})


def _desk(workspace: Path, tickets: int) -> Context:
    run_program(
        opsgauge("demo", "--no-serve", "--tickets", str(tickets), "--workspace", str(workspace))
    )
    return Context(open_workspace(workspace)).holding()


def _by_chance(ctx: Context, shuffles: int) -> float:
    """Return how often something is told of a desk's own words, outcomes dealt out anew."""
    cases = decided(ctx, Asked("slow")).cases
    told = sum(bool(influences(shuffled(seed, cases), held=HELD).rows) for seed in range(shuffles))
    ctx.opened().engine.close()
    return told / shuffles


def _timed(ctx: Context) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {"slow": [], "reopen": []}
    for outcome, taken in seconds.items():
        for _ in range(3):
            start = time.perf_counter()
            causes_of(ctx, Asked(outcome))
            taken.append(time.perf_counter() - start)
    ctx.opened().engine.close()
    return seconds
