"""Are planted truths found, and nothing else: recall and precision over many invented desks.

Each seed gives two desks: one with every truth planted, and a clean one. A truth counts as found
only at its place: the right two teams, the right weekday, the right days. What has no detector yet
is not asked for.
"""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measuring import Bound, Result
from opsgauge.foundation.clock import fixed_clock
from opsgauge.foundation.settings import open_workspace
from opsgauge.operations.check import check
from opsgauge.operations.context import Context
from opsgauge.operations.demo import TOLD, TRUTHS, demo
from opsgauge.operations.find import find

NOW = datetime(2026, 7, 1, 9, tzinfo=UTC)
TICKETS = 12_000
SEEDS = range(1, 21)
A_DAY = timedelta(days=1)
Place = tuple[str, ...]  # the id of a finding; or "gaps" with the first day and the day after


@dataclass(frozen=True)
class Score:
    """How many truths were planted, and what was found of them and beside them."""

    planted: int = 0
    found: int = 0
    false: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.planted + other.planted, self.found + other.found, self.false + other.false
        )

    @property
    def recall(self) -> float:
        """The share of what was planted that was found."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that was planted."""
        every = self.found + self.false
        return self.found / every if every else 1.0

    def as_json(self) -> dict[str, float]:
        """Return all of it."""
        return {**vars(self), "recall": self.recall, "precision": self.precision}


def places(truths: Mapping[str, Mapping[str, Any]]) -> set[Place]:
    """Return the places of the planted truths that something is made to find.

    Parameters
    ----------
    truths : those of `truths.json`, by name
    """
    there: set[Place] = set()
    if "ping_pong" in truths:
        there.add(("-".join(["ping_pong", *truths["ping_pong"]["where"]["teams"]]),))
    if "monday_peak" in truths:
        there.add((f"weekday_peak-incident-{truths['monday_peak']['where']['weekday']}",))
    if "missing_week" in truths:
        where = truths["missing_week"]["where"]
        there.add(("gaps", where["from"][:10], where["until"][:10]))
    return there


def detected(ctx: Context) -> set[Place]:
    """Return the places of all that is found in a workspace."""
    found: set[Place] = {(each.id,) for each in find(ctx).findings}
    [gaps] = [each for each in check(ctx).checks if each.id == "gaps"]
    days = [re.findall(r"\d{4}-\d\d-\d\d", text) for text in gaps.examples]
    return found | {("gaps", each[0], str(date.fromisoformat(each[-1]) + A_DAY)) for each in days}


def score(planted: Collection[Place], found: Collection[Place]) -> Score:
    """Compare; days may differ by the one that a time zone, or a quiet Sunday, moves them."""
    open_places, hits = set(planted), 0
    for place in found:
        match = next((each for each in open_places if same(each, place)), None)
        if match:
            open_places.remove(match)
            hits += 1
    return Score(len(planted), hits, len(found) - hits)


def same(planted: Place, found: Place) -> bool:
    """Say whether something was found where it was planted.

    Examples
    --------
    >>> same(("gaps", "2025-10-27", "2025-11-03"), ("gaps", "2025-10-26", "2025-11-02"))
    True
    >>> same(("ping_pong-A-B",), ("ping_pong-A-C",))
    False
    """
    if planted[0] != "gaps" or found[0] != "gaps":
        return planted == found
    both = zip(planted[1:], found[1:], strict=True)
    return all(abs(date.fromisoformat(a) - date.fromisoformat(b)) <= A_DAY for a, b in both)


def scored(seed: int, plant: Collection[str], tickets: int) -> Score:
    """Invent a desk, import it, look, and compare."""
    folder = Path(tempfile.mkdtemp(prefix="opsgauge-truths-"))
    try:
        demo(folder, fixed_clock(NOW), tickets, seed, tuple(plant))
        told = json.loads((folder / TOLD).read_text("utf-8"))["truths"]
        ctx = Context(open_workspace(folder), clock=fixed_clock(NOW))
        compared = score(places({each["name"]: each for each in told}), detected(ctx))
        ctx.database.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return compared


def truths(quick: bool) -> Result:
    """Twenty seeds, planted and clean: everything found, nothing else."""
    seeds, tickets = (SEEDS[:2], 3_000) if quick else (SEEDS, TICKETS)
    seconds: list[float] = []
    sums = {"planted": Score(), "clean": Score()}
    for seed in seeds:
        for kind, plant in (("planted", TRUTHS), ("clean", ())):
            start = time.perf_counter()
            sums[kind] += scored(seed, plant, tickets)
            seconds.append(time.perf_counter() - start)
    bounds = [
        Bound("recall of planted truths", sums["planted"].recall, 1.0, at_least=True),
        Bound("precision on planted desks", sums["planted"].precision, 1.0, at_least=True),
        Bound("false findings on clean desks", sums["clean"].false, 0),
    ]
    notes = {name: each.as_json() for name, each in sums.items()}
    return Result("truths", {"a desk": seconds}, bounds, {"seeds": len(seeds), **notes})
