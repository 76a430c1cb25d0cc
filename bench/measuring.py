"""Taking turns, medians, ratios and bounds; programs run and weighed."""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
MODULES = {
    "duckdb": "duckdb",
    "deltalake": "deltalake",
    "ibis-framework": "ibis",
    "pyarrow": "pyarrow",
    "pm4py": "pm4py",
    "business-duration": "business_duration",
}


@dataclass(frozen=True)
class Bound:
    """A promise: a measured figure, and how far it may go."""

    what: str
    figure: float
    limit: float
    at_least: bool = False  # True: the figure must reach the limit, not stay under it

    @property
    def held(self) -> bool:
        """Whether the promise is kept."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def line(self) -> str:
        """Return the promise as a line of the report."""
        sign = "≥" if self.at_least else "≤"
        told = "held  " if self.held else "MISSED"
        return f"{told}  {self.what}: {self.figure:.2f} ({sign} {self.limit:g})"


@dataclass(frozen=True)
class Result:
    """What a benchmark found: every run's seconds by contender, and the promises."""

    name: str
    seconds: Mapping[str, Sequence[float]]
    bounds: Sequence[Bound]
    notes: Mapping[str, Any] = field(default_factory=dict)
    skipped: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return everything, with the machine and the versions."""
        return {
            "name": self.name,
            "skipped": self.skipped,
            "seconds": {name: list(runs) for name, runs in self.seconds.items()},
            "medians": {name: statistics.median(runs) for name, runs in self.seconds.items()},
            "bounds": [{**vars(bound), "held": bound.held} for bound in self.bounds],
            "notes": dict(self.notes),
            "machine": {
                "cores": os.cpu_count(),
                "platform": platform.platform(),
                "python": platform.python_version(),
                "versions": {
                    part: version(part) for part, module in MODULES.items() if find_spec(module)
                },
            },
        }


def in_turns(
    contenders: Mapping[str, Callable[[], object]],
    rounds: int,
    before: Callable[[], object] = lambda: None,
) -> dict[str, list[float]]:
    """Run every contender once a round, so that a busy machine is shared fairly; seconds by name.

    What is done `before` each round is not timed.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        before()
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - start)
    return taken


def ratio(seconds: Mapping[str, Sequence[float]], ours: str, peer: str) -> float:
    """Return the ratio of medians.

    Examples
    --------
    >>> ratio({"a": [2.0, 9.0, 3.0], "b": [1.0, 1.5, 2.0]}, "a", "b")
    2.0
    """
    return statistics.median(seconds[ours]) / statistics.median(seconds[peer])


def run_program(arguments: Sequence[str], fine: Sequence[int] = (0,)) -> None:
    """Run a program to its end.

    Raises
    ------
    RuntimeError : it ended with another exit code than those that are fine
    """
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode not in fine:
        raise RuntimeError(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-2000:]}")


def weighed(arguments: Sequence[str], fine: Sequence[int] = (0,)) -> float:
    """Run a program to its end; return the most memory that it held, in 10⁹ bytes."""
    return output_and_weight(arguments, fine)[1]


def output_and_weight(arguments: Sequence[str], fine: Sequence[int] = (0,)) -> tuple[str, float]:
    """Run a program to its end; return what it said, and the most memory it held, in 10⁹ bytes.

    Raises
    ------
    RuntimeError : it ended with another exit code than those that are fine
    """
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        started = subprocess.Popen(arguments, stdout=said, stderr=wrong, cwd=ROOT)
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        wrong.seek(0)
        if started.returncode not in fine:
            told = wrong.read()[-2000:]
            raise RuntimeError(f"{' '.join(arguments)}: exit {started.returncode}\n{told}")
        return said.read(), used.ru_maxrss * 1024 / 1e9


def opsgauge(*arguments: str) -> list[str]:
    """Return the command that runs Opsgauge with these arguments."""
    return [sys.executable, "-m", "opsgauge", *arguments]
