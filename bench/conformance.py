"""Paths replayed on a model, beside PM4Py on the very same net: the same fits, and how fast.

PM4Py's token replay goes one way where the model can go on unseen in several, and counts what it
puts in to do so; so its fitness of paths that depart may differ a little, and which paths fit may
not. Precision is the same definition in both.
"""

import random
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from bench.measuring import Bound, Result
from opsgauge.analysis.conformance.bpmn import Net, read_bpmn
from opsgauge.analysis.conformance.replay import Player, Tokens, precision
from opsgauge.sources.tools.demo.desk import MODEL

STANDARD = ("Draft", "Scheduled", "Implementing", "Review", "Closed")
NORMAL = ("Draft", "Assess", "Awaiting Authorisation", *STANDARD[1:])
REFUSED = (*NORMAL[:3], "Rejected")


def conformance(quick: bool) -> Result:
    """Tell whether as many fit and precision is the same, fitness nearly, ten times as fast."""
    net = read_bpmn(Path(MODEL).read_bytes(), "change.bpmn")
    paths = _paths(2_000 if quick else 20_000)
    start = time.perf_counter()
    player = Player(net)
    became = {path: player.replay(path) for path in paths}
    tokens = sum((became[path].tokens.times(n) for path, n in paths.items()), Tokens())
    fits = sum(n for path, n in paths.items() if became[path].fits) / paths.total()
    precise = precision(player, paths)
    ours = time.perf_counter() - start
    theirs = _pm4py(net, paths)
    apart = {
        "share that fits": abs(fits - theirs["fits"]),
        "precision": abs((precise or 0) - theirs["precision"]),
        "fitness": abs((tokens.fitness or 0) - theirs["fitness"]),
    }
    bounds = [
        Bound("share that fits, apart from PM4Py", apart["share that fits"], 1e-9),
        Bound("precision, apart from PM4Py", apart["precision"], 0.01),
        Bound("fitness, apart from PM4Py", apart["fitness"], 0.02),
        Bound("times faster than PM4Py", theirs["seconds"] / ours, 10, at_least=True),
    ]
    notes = {
        "tickets": paths.total(),
        "paths": len(paths),
        "ours": [fits, precise, tokens.fitness],
        "pm4py": [theirs["fits"], theirs["precision"], theirs["fitness"]],
    }
    seconds = {"opsgauge": [ours], "pm4py": [theirs["seconds"]]}
    return Result("conformance", seconds, bounds, notes)


def _paths(tickets: int) -> Counter[tuple[str, ...]]:
    """Return paths of which one in five lost, doubled or swapped a step."""
    dice, found = random.Random(3), Counter[tuple[str, ...]]()  # noqa: S311 - no secret
    for _ in range(tickets):
        path = list(dice.choices((STANDARD, NORMAL, REFUSED), (50, 45, 5))[0])
        if dice.random() < 0.2:
            at = dice.randrange(len(path) - 1)
            slip = dice.randrange(3)
            if slip == 0:
                del path[at]
            elif slip == 1:
                path.insert(at, path[at])
            else:
                path[at], path[at + 1] = path[at + 1], path[at]
        found[tuple(path)] += 1
    return found


def _pm4py(net: Net, paths: Counter[tuple[str, ...]]) -> dict[str, float]:
    """Return what PM4Py makes of the same net and paths, and the seconds it takes."""
    import pandas as pd  # noqa: PLC0415 - parts of the bench alone
    import pm4py  # noqa: PLC0415
    from pm4py.objects.petri_net.obj import Marking, PetriNet  # noqa: PLC0415
    from pm4py.objects.petri_net.utils import petri_utils  # noqa: PLC0415

    made: Any = PetriNet("model")
    places = [PetriNet.Place(f"p{place}") for place in range(net.places)]
    made.places.update(places)
    for number, each in enumerate(net.transitions):
        way = PetriNet.Transition(f"t{number}", each.task)
        made.transitions.add(way)
        for place in each.takes:
            petri_utils.add_arc_from_to(places[place], way, made)
        for place in each.puts:
            petri_utils.add_arc_from_to(way, places[place], made)
    rows = [
        (f"T{case}", step, pd.Timestamp("2026-01-01", tz="UTC") + pd.Timedelta(minutes=place))
        for case, path in enumerate(paths.elements())
        for place, step in enumerate(path)
    ]
    frame = pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])
    begins, ends = Marking({places[net.source]: 1}), Marking({places[net.sink]: 1})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        told = pm4py.fitness_token_based_replay(frame, made, begins, ends)
        precise = pm4py.precision_token_based_replay(frame, made, begins, ends)
        seconds = time.perf_counter() - start
    return {
        "fits": told["perc_fit_traces"] / 100,
        "fitness": told["log_fitness"],
        "precision": precise,
        "seconds": seconds,
    }
