"""The process map, the paths and all detectors over ten million updates.

`python -m bench.detectors WORKSPACE` asks one workspace for them, one after another, as a person
would of its server, and prints the seconds as JSON: a process of its own, so that only its own data
weighs. Descriptions, which judge nothing, are asked afterwards and told beside.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench.measuring import Bound, Result, output_and_weight
from bench.pages import make_demo
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.context import Context
from opsgauge.operations.describe import describe
from opsgauge.operations.find import find
from opsgauge.operations.flow import process_map
from opsgauge.operations.opened import Readers
from opsgauge.operations.paths import walked_paths

TICKETS, QUICK_TICKETS = 1_650_000, 10_000


def detectors(quick: bool) -> Result:
    """All three in under 30 s and 6 GB."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "workspace"
        make_demo(workspace, QUICK_TICKETS if quick else TICKETS)
        asked = [sys.executable, "-m", "bench.detectors", str(workspace)]
        told, weight = output_and_weight(asked)
    seconds: dict[str, float] = json.loads(told)
    judged = sum(seconds[name] for name in ("map", "paths", "detectors"))
    bounds = [
        Bound("map, paths and all detectors, s", judged, 30),
        Bound("their memory, descriptions included, GB", weight, 6),
    ]
    return Result("detectors", {name: [each] for name, each in seconds.items()}, bounds)


def _ask_all(workspace: Path) -> Mapping[str, float]:
    readers = Readers(in_memory=True, remember=True)
    ctx = Context(open_workspace(workspace), readers=readers).holding()
    asks: Mapping[str, Callable[[], object]] = {
        "map": lambda: process_map(ctx, "phase"),
        "paths": lambda: walked_paths(ctx),
        "detectors": lambda: find(ctx),
        "descriptions": lambda: describe(ctx),
    }
    return {name: _seconds(ask) for name, ask in asks.items()}


def _seconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_ask_all(Path(sys.argv[1]))))
