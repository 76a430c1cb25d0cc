"""Control charts tried on series of known truth: how often they alarm, how soon they see."""

import time
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from bench.measuring import Bound, Result
from opsgauge.analysis.control_charts.change_points import change_points
from opsgauge.analysis.control_charts.chart import Plan, Point, Smoothing
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.drift import drift
from opsgauge.analysis.control_charts.false_alarms import (
    CALM_CHARTS,
    POINTS,
    RUN_LENGTHS,
    alarming,
    alarms,
    growth,
)
from opsgauge.analysis.control_charts.fit import MOVING_RANGE_TO_SIGMA
from opsgauge.analysis.control_charts.rules import RULE_SETS, rule_set
from opsgauge.analysis.control_charts.smoothed import cusum, ewma
from opsgauge.analysis.control_charts.standing import Flags, Floats, stand
from opsgauge.analysis.control_charts.suitability import suitability
from opsgauge.analysis.control_charts.variation import variation
from opsgauge.analysis.control_charts.xmr import chart

SEED = 20260105
SHIFTS = (0.0, 1.0, 1.5, 2.0)
# Points to the first signal with known parameters, by shift in sigmas (theory, and simulation by
# others): what is measured here must lie within 5 % of it.
PUBLISHED: Mapping[str, tuple[float, ...]] = {
    "limits_only": (370.4, 43.9, 15.0, 6.3),
    "western_electric": (91.75, 9.2, 4.9, 3.3),
    "making_data_count": (88, 10.4, 5.9, 3.6),
    "ewma": (370, 9.0, 4.2, 2.7),
    "cusum": (370, 10.1, 5.6, 3.9),
}
RULES_ALONE = ("nelson", "kpi_signals")  # measured, with no published figure to hold them against
STRETCH = 128  # points drawn at a time
MEMORY = 64  # points after which what a chart saw no longer matters
PERIODS, SERIES = 156, 300  # three years of weeks
PROMISED = {
    "calm series in which a change is found": (0.07, False),
    "steps of two sigmas found": (0.85, True),
    "steps found of which the interval holds the date": (0.93, True),
    "intervals of a change of variation that hold it": (0.9, True),
    "steady processes taken for drifting": (0.06, False),
    "drifts of one sigma found in 26 periods": (0.65, True),
    "calm series told to lean on each other": (0.06, False),
}
Alarm = Callable[[Floats], Flags]


def control_charts(quick: bool) -> Result:
    """Measure rates and speed."""
    several = 500 if quick else 6_000
    lengths = {name: run_lengths(name, several) for name in (*PUBLISHED, *RULES_ALONE)}
    calm = {name: {n: calm_share(name, n, several) for n in POINTS} for name in RULE_SETS}
    covered = laney_coverage(10 if quick else 200)
    leaning = {lean: leaning_growth(lean, several // 10) for lean in (0.0, 0.3, 0.5, 0.8)}
    told = {
        "calm series in which a change is found": false_changes(several // 12),
        "steps of two sigmas found": found_steps(several // 12),
        "steps found of which the interval holds the date": covered_dates(several // 12),
        "intervals of a change of variation that hold it": covered_variation(several // 6),
        "steady processes taken for drifting": false_drifts(several // 6),
        "drifts of one sigma found in 26 periods": found_drifts(several // 6),
        "calm series told to lean on each other": false_leaning(several // 6),
    }
    seconds = {"300 series of 156 weeks": [speed() for _ in range(2 if quick else 5)]}
    return Result(
        "control_charts",
        seconds,
        [
            *_published(lengths),
            *_kept(lengths, calm),
            Bound("share within Laney limits", covered["laney_p"], 0.99, at_least=True),
            Bound("share within Laney limits, at most", covered["laney_p"], 0.999),
            Bound("share within plain p limits", covered["p"], 0.97),
            *(
                Bound(
                    f"growth of false alarms at autocorrelation {lean:g}, off from the formula",
                    abs(found / growth(lean) - 1),
                    0.1,
                )
                for lean, found in leaning.items()
            ),
            *(
                Bound(what, told[what], limit, at_least=least)
                for what, (limit, least) in PROMISED.items()
            ),
            Bound("seconds for 300 series of 156 weeks", float(np.median([*seconds.values()])), 5),
        ],
        {"run_lengths": lengths, "calm_charts": calm, "laney": covered, "leaning": leaning, **told},
    )


def _published(lengths: Mapping[str, tuple[float, ...]]) -> list[Bound]:
    return [
        Bound(f"{name}, shift {shift:g}: off from {known:g} points", abs(found / known - 1), 0.05)
        for name, published in PUBLISHED.items()
        for shift, known, found in zip(SHIFTS, published, lengths[name], strict=True)
    ]


def _kept(
    lengths: Mapping[str, tuple[float, ...]], calm: Mapping[str, Mapping[int, float]]
) -> list[Bound]:
    """Hold the figures that stand in the product against those measured now."""
    off = [
        abs(kept - calm[name][n])
        for name, shares in CALM_CHARTS.items()
        for n, kept in zip(POINTS, shares, strict=True)
    ]
    runs = [abs(RUN_LENGTHS[name] / lengths[name][0] - 1) for name in RUN_LENGTHS]
    return [
        Bound("most that a share of calm charts in the product is off", max(off), 0.025),
        Bound("most that a run length in the product is off", max(runs), 0.05),
    ]


def run_lengths(name: str, several: int, seed: int = SEED) -> tuple[float, ...]:
    """Return the mean points to the first signal at each shift, with known parameters."""
    alarm = _smoothed(name) if name in {"ewma", "cusum"} else partial(_by_rules, name)
    draws = np.random.default_rng(seed)
    return tuple(float(_lengths(alarm, shift, several, draws).mean()) for shift in SHIFTS)


def run_length(name: str, shift: float, several: int, seed: int = SEED) -> float:
    """Return the mean points to the first signal at one shift."""
    alarm = _smoothed(name) if name in {"ewma", "cusum"} else partial(_by_rules, name)
    return float(_lengths(alarm, shift, several, np.random.default_rng(seed)).mean())


def _by_rules(name: str, values: Floats) -> Flags:
    return alarms(stand(values, 0.0, 1.0, noise=0.0), rule_set(name))


def _lengths(alarm: Alarm, shift: float, several: int, draws: np.random.Generator) -> np.ndarray:
    """Return points to the first signal, one of each series; all are drawn until they alarm."""
    found = np.zeros(several)
    waiting = np.arange(several)
    before = np.zeros((several, 0))
    passed = 0
    while len(waiting):
        values = np.concatenate([before, draws.standard_normal((len(waiting), STRETCH)) + shift], 1)
        seen = alarm(values)
        seen[:, : before.shape[1]] = False
        at = np.where(seen.any(axis=1), seen.argmax(axis=1), -1)
        found[waiting[at >= 0]] = passed + at[at >= 0] - before.shape[1] + 1
        still = at < 0
        # The smoothed charts remember a little longer than the rules look.
        waiting, before = waiting[still], values[still, -MEMORY:]
        passed += STRETCH
    return found


def _smoothed(name: str) -> Alarm:
    usual = Smoothing()

    def by_ewma(values: Floats) -> Flags:
        drawn, steady = ewma(values, 0.0, usual.weight), usual.weight / (2 - usual.weight)
        # Later stretches begin with values that were seen: their limits have long come to rest.
        so_far = np.arange(1, values.shape[1] + 1)
        width = np.sqrt(steady * (1 - (1 - usual.weight) ** (2 * so_far)))
        found: Flags = np.abs(drawn) > usual.reach * width
        return found

    def by_cusum(values: Floats) -> Flags:
        up, down = cusum(values, usual.allowance)
        found: Flags = np.maximum(up, down) > usual.decision
        return found

    return by_ewma if name == "ewma" else by_cusum


def calm_share(name: str, points: int, several: int, seed: int = SEED) -> float:
    """Return the share of calm charts that show a signal, with limits from their own points."""
    values = np.random.default_rng(seed + points).standard_normal((several, points))
    rules = rule_set(name)
    if name == "anhoej":
        centre = np.median(values, axis=1, keepdims=True)
        return float(alarming(stand(values, centre, 1.0, noise=0.0), rules).mean())
    centre = values.mean(axis=1, keepdims=True)
    sigma = MOVING_RANGE_TO_SIGMA * np.abs(np.diff(values, axis=1)).mean(axis=1, keepdims=True)
    return float(alarming(stand(values, centre, sigma, noise=0.0), rules).mean())


def laney_coverage(several: int, seed: int = SEED) -> dict[str, float]:
    """Return the share of points within the limits, where shares vary beyond chance.

    Each period has 1,000 tickets, each with a chance of its period's own: beta with mean 0.1 and
    an intraclass correlation of 0.005.
    """
    draws, mean, lean = np.random.default_rng(seed), 0.1, 0.005
    strength = 1 / lean - 1
    within: dict[str, list[bool]] = {"p": [], "laney_p": []}
    for _ in range(several):
        shares = draws.beta(mean * strength, (1 - mean) * strength, 100)
        counts = draws.binomial(1_000, shares)
        points = [Point(str(at), None, 1_000, numerator=float(k)) for at, k in enumerate(counts)]
        for kind, found in within.items():
            drawn = draw(points, "neutral", kind, Plan(rules="limits_only"))
            found += [not point.broken for point in drawn.points]
    return {kind: float(np.mean(found)) for kind, found in within.items()}


def leaning_growth(lean: float, several: int, seed: int = SEED) -> float:
    """Return how many times as often values that lean on each other lie outside XmR limits.

    Of long series, as the formula is of limits that are well known.
    """
    draws, points = np.random.default_rng(seed), 2_000
    noise = draws.standard_normal((several, points)) * np.sqrt(1 - lean**2)
    values = np.empty_like(noise)
    values[:, 0] = draws.standard_normal(several)
    for at in range(1, points):
        values[:, at] = lean * values[:, at - 1] + noise[:, at]
    sigma = MOVING_RANGE_TO_SIGMA * np.abs(np.diff(values, axis=1)).mean(axis=1, keepdims=True)
    outside = np.abs(values - values.mean(axis=1, keepdims=True)) > 3 * sigma
    return float(outside.mean() / 0.0026998)


def speed(seed: int = SEED) -> float:
    """Return the seconds for limits, rules and signals of 300 series of three years of weeks."""
    draws = np.random.default_rng(seed)
    series = [
        [Point(f"w{at}", float(value), 40) for at, value in enumerate(draws.normal(10, 2, PERIODS))]
        for _ in range(SERIES)
    ]
    start = time.perf_counter()
    for points in series:
        chart(points, "lower")
    return time.perf_counter() - start


def false_changes(several: int, seed: int = SEED) -> float:
    """Return the share of calm series of 52 skewed values in which a change is found."""
    draws = np.random.default_rng(seed)
    return float(
        np.mean([bool(change_points(draws.lognormal(size=52).tolist())) for _ in range(several)])
    )


def found_steps(several: int, seed: int = SEED) -> float:
    """Return the share of steps of two sigmas, half-way in 52 values, found within two of it."""
    return float(np.mean([found for found, _ in _steps(several, seed)]))


def covered_dates(several: int, seed: int = SEED) -> float:
    """Return the share of steps that are found whose interval holds the true date."""
    return float(np.mean([held for _, held in _steps(several, seed) if held is not None]))


def _steps(several: int, seed: int) -> list[tuple[bool, bool | None]]:
    draws, half = np.random.default_rng(seed), 26
    told: list[tuple[bool, bool | None]] = []
    for _ in range(several):
        values = draws.standard_normal(52) + np.repeat([0.0, 2.0], half)
        changes = change_points(values.tolist())
        nearest = min(changes, key=lambda change: abs(change.at - half), default=None)
        near = nearest is not None and abs(nearest.at - half) <= 2
        held = nearest.earliest <= half <= nearest.latest if nearest else None
        told.append((near, held))
    return told


def covered_variation(several: int, seed: int = SEED) -> float:
    """Return how often the interval holds the true ratio, of 24 values before and 24 after."""
    draws, ratio = np.random.default_rng(seed), 0.6
    held = []
    for _ in range(several):
        before, after = draws.standard_normal((2, 24))
        found = variation(before.tolist(), (after * ratio).tolist())
        held.append(found.low <= ratio <= found.high)
    return float(np.mean(held))


def false_drifts(several: int, seed: int = SEED) -> float:
    """Return how often a steady process is taken for drifting, 26 periods after 20 usual ones."""
    draws = np.random.default_rng(seed)
    return float(np.mean([drift(draws.standard_normal(46).tolist()).found for _ in range(several)]))


def found_drifts(several: int, seed: int = SEED) -> float:
    """Return how often a change of one sigma is found, 26 periods after 20 usual ones."""
    draws, late = np.random.default_rng(seed), np.repeat([0.0, 1.0], [20, 26])
    series = draws.standard_normal((several, 46)) + late
    return float(np.mean([drift(values).found for values in series.tolist()]))


def false_leaning(several: int, seed: int = SEED) -> float:
    """Return how often a calm series of 52 is told to lean on its neighbours."""
    draws = np.random.default_rng(seed)
    series = draws.standard_normal((several, 52))
    return float(np.mean([suitability(values).unsafe for values in series.tolist()]))
