"""What goes with an outcome: is what was planted told first, is chance left alone, is it fast."""

import tempfile
import time
from pathlib import Path

from tests.analysis.causes.desks import planted, shuffled

from bench.measuring import Bound, Result, opsgauge, run_program
from opsgauge.analysis.causes.influence import influences
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.causes import causes as causes_of
from opsgauge.operations.context import Context
from opsgauge.operations.outcomes import Asked, decided

DESKS, SHUFFLES, TICKETS = 200, 200, 4_000
LARGE = 200_000
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
    with tempfile.TemporaryDirectory() as folder:
        size = LARGE // 20 if quick else LARGE
        seconds, on_desk = _on_desk(Path(folder) / "desk", size, shuffles // 4)
    bounds = [
        Bound("desks with the planted word first", first / desks, FIRST, at_least=True),
        Bound("shuffled outcomes that tell something", told / shuffles, FALSE),
        Bound("the same on an invented desk's own words", on_desk, FALSE),
        Bound(f"seconds for {size:,} tickets", min(seconds["slow"]), SECONDS),
    ]
    return Result("causes", seconds, bounds, {"desks": desks, "shuffles": shuffles})


def _on_desk(workspace: Path, tickets: int, shuffles: int) -> tuple[dict[str, list[float]], float]:
    run_program(
        opsgauge("demo", "--no-serve", "--tickets", str(tickets), "--workspace", str(workspace))
    )
    ctx = Context(open_workspace(workspace)).holding()
    seconds: dict[str, list[float]] = {"slow": [], "reopen": []}
    for outcome, taken in seconds.items():
        for _ in range(3):
            start = time.perf_counter()
            causes_of(ctx, Asked(outcome))
            taken.append(time.perf_counter() - start)
    cases = decided(ctx, Asked("reopen")).cases
    told = sum(bool(influences(shuffled(seed, cases)).rows) for seed in range(shuffles))
    ctx.opened().engine.close()
    return seconds, told / shuffles
