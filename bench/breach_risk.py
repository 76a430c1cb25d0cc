"""Are the probabilities that open tickets break reliable: on the demo desk and on UCI 498.

One row for each ticket, on tickets that began after all that was learnt from.
"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.measuring import ROOT, SHARED_DATA, Bound, Result, opsgauge, run_program
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.breach_risk import Risks, breach_risk
from opsgauge.operations.context import Context
from opsgauge.operations.service_levels import shown

TICKETS, QUICK_TICKETS = 200_000, 8_000
OFF, ENOUGH = 0.05, 1_000  # how far a tenth may be off, and tickets from which on it counts
UCI = SHARED_DATA / "uci_incident" / "incident_event_log_original.zip"
EXAMPLE = ROOT / "examples" / "uci-incidents"
LEVELS = {"desk": "incident_resolution", "uci": "until_closed"}


def breach_risk_bench(quick: bool) -> Result:
    """Measure the reliability of breach risks on both."""
    seconds: dict[str, list[float]] = {}
    bounds: list[Bound] = []
    notes: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, made in (("desk", _desk), ("uci", _uci)):
            workspace = made(Path(folder) / name, quick)
            if workspace is None:
                notes[name] = "skipped: the log does not lie beside this repository"
                continue
            ctx = Context(open_workspace(workspace)).holding()
            shown(ctx)  # the clocks themselves are not timed
            start = time.perf_counter()
            told = breach_risk(ctx, LEVELS[name])
            seconds[f"risk of {name}"] = [time.perf_counter() - start]
            bounds += _bounds(name, told)
            notes[name] = told.as_json(0)
            ctx.opened().engine.close()
    return Result("breach_risk", seconds, bounds, notes)


def _bounds(name: str, told: Risks) -> list[Bound]:
    tested = told.known.tested
    if tested is None:
        return [Bound(f"{name}: clocks tested", 0, 1, at_least=True)]
    large = [each.off for each in told.bins if each.n >= ENOUGH]
    base = min(tested.brier_base, tested.brier_share)
    return [
        Bound(f"{name}: Brier score against the better base rate", tested.brier / base, 1.0),
        Bound(f"{name}: tenths of {ENOUGH} tickets or more", len(large), 1, at_least=True),
        Bound(f"{name}: the worst of them is off by", max(large, default=1.0), OFF),
    ]


def _desk(workspace: Path, quick: bool) -> Path:
    tickets = str(QUICK_TICKETS if quick else TICKETS)
    run_program(opsgauge("demo", "--no-serve", "--tickets", tickets, "--workspace", str(workspace)))
    return workspace


def _uci(workspace: Path, quick: bool) -> Path | None:
    if not UCI.exists():
        return None
    run_program(opsgauge("init", str(workspace)))
    mapping = str(EXAMPLE / "mapping.yaml")
    run_program(
        opsgauge("import", str(UCI), "--mapping", mapping, "--workspace", str(workspace)), (0, 1)
    )
    for folder, file in (
        ("calendars", "calendars/weekdays.yaml"),
        ("service_levels", "service_levels.yaml"),
    ):
        (workspace / folder).mkdir(exist_ok=True)
        shutil.copy(EXAMPLE / file, workspace / folder)
    return workspace
