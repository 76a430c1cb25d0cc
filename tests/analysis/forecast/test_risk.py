"""Risks learnt from invented clocks whose truth is known: reliable, out of time, from the past."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from opsgauge.analysis.forecast.asked import SHARES, Asked, asked_at_shares, asked_now
from opsgauge.analysis.forecast.clock_stages import NEVER, WORDS, Stages, Whole
from opsgauge.analysis.forecast.origins import ORIGINS
from opsgauge.analysis.forecast.risk import Learnt, chosen_once, learn
from opsgauge.foundation.errors import TooFewPoints
from opsgauge.foundation.units import MICROS_PER_HOUR

HOUR, DAY = MICROS_PER_HOUR, 24 * MICROS_PER_HOUR
UTC = ZoneInfo("UTC")
TARGET = 10  # hours


def invented(clocks: int, telling: bool = True, seed: int = 4) -> Stages:
    """Return clocks of ten hours over a year: of slow teams most break, of quick ones few.

    Each has one stage, and lasts by chance; not telling, all teams are alike.
    """
    chance = np.random.default_rng(seed)
    started = np.sort(chance.integers(0, 365 * DAY, clocks))
    team = chance.integers(0, 4, clocks)
    mean = (np.array([2.0, 5.0, 15.0, 40.0])[team] if telling else np.full(clocks, 12.0)) * HOUR
    used = chance.exponential(1.0, clocks) * mean
    used = np.minimum(used, 4 * TARGET * HOUR).astype(np.int64)
    broken = used > TARGET * HOUR
    nothing = np.zeros(clocks, np.int64)
    return Stages(
        clock=np.arange(clocks),
        since_us=started,
        until_us=started + used,
        target_us=np.full(clocks, TARGET * HOUR),
        before_us=nothing,
        used_us=used,
        paused=np.zeros(clocks, bool),
        pauses=nothing,
        handoffs=nothing,
        words={name: team if name == "team" else nothing - 1 for name in WORDS},
        named={name: list("ABCD") if name == "team" else [] for name in WORDS},
        keys=[("desk", f"T{at}", 1) for at in range(clocks)],
        lasts=np.zeros(clocks, bool),
        broken=broken,
        started_us=started,
        decided_us=started + np.minimum(used, TARGET * HOUR),
        due_us=np.full(clocks, NEVER),
    )


def learnt(stages: Stages) -> Learnt:
    """Learn from clocks asked about at each share."""
    return learn(stages, asked_at_shares(stages, UTC))


@pytest.mark.row("SLA-09")
def test_risks_are_reliable_on_what_came_later() -> None:
    """Every tenth of a thousand tickets within 0.05, here of 600; better than both base rates."""
    told = learnt(invented(16_000)).tested

    assert told.n > 3_000
    assert told.is_better
    assert told.brier < 0.8 * told.brier_share < told.brier_base
    large = [each for each in told.bins if each.n >= 600]
    assert large
    assert max(each.off for each in large) < 0.05


@pytest.mark.row("SLA-09")
def test_the_truth_is_what_is_said() -> None:
    """Chance alone decides how long a clock lasts, so what is left of the target says all."""
    stages = invented(16_000)
    told = learnt(stages)
    for share in (0.0, 0.3, 0.6):
        for team, mean in enumerate((2.0, 5.0, 15.0, 40.0)):
            place = np.full(42, np.searchsorted(SHARES, share, side="right") - 1)
            words = {name: np.full(42, -1) for name in WORDS} | {"team": np.full(42, team)}
            words |= {name: np.zeros(42, int) for name in ("pauses", "handoffs")}
            words |= {"hours": np.arange(42), "target": np.repeat(_target(), 42)}
            asked = Asked(np.arange(42), place, np.zeros(42, int), words, np.ones(42))
            said = told.probability(asked, np.full(42, share)).mean()  # over the week
            assert said == pytest.approx(np.exp(-TARGET * (1 - share) / mean), abs=0.09)


def _target() -> Whole:
    return np.round(4 * np.log2(np.array([TARGET * HOUR]))).astype(np.int64)


@pytest.mark.row("SLA-09")
def test_where_nothing_tells_more_the_rate_by_share_is_given() -> None:
    """All teams alike: no model, and it says so."""
    stages = invented(6_000, telling=False)
    told = learnt(stages)
    asked = asked_at_shares(stages, UTC)
    if told.tested.is_better:  # by luck, and then by next to nothing
        assert told.tested.brier > 0.99 * told.tested.brier_share
    plain = replace(told, tested=replace(told.tested, brier=1.0))

    assert not plain.tested.is_better
    said = plain.probability(asked, np.array(SHARES)[asked.place])
    assert said == pytest.approx(told.base[asked.place])
    assert told.base == pytest.approx(np.exp(-TARGET * (1 - np.array(SHARES)) / 12), abs=0.03)


@pytest.mark.row("SLA-09")
def test_what_became_of_the_tested_clocks_changes_nothing_that_was_learnt() -> None:
    """Turn the outcome of every clock that came later: what was said of them stays."""
    stages = invented(9_000)
    first = learnt(stages)
    origin = int(np.quantile(stages.started_us, ORIGINS[-1]))
    later = stages.started_us > origin
    turned = stages.broken ^ (later & (np.arange(stages.clocks) % 10 == 0))
    second = learnt(replace(stages, broken=turned))
    rows = later[first.test_rows.clock]

    assert rows.sum() > 3_000
    assert first.tested.is_better
    assert second.tested.brier > first.tested.brier
    assert (first.test_rows.clock == second.test_rows.clock).all()
    assert (first.said[rows] == second.said[rows]).all()


@pytest.mark.row("SLA-09")
def test_a_row_holds_only_what_was_known_then() -> None:
    """Whatever happens after the moment asked about, its row is the same."""
    stages = invented(2_000)
    moment = int(np.median(stages.since_us))
    rows = [asked_at_shares(each, UTC) for each in (stages, _cut(stages, moment))]
    before = [each.only(each.at_us < moment) for each in rows]
    # A clock that lasts at the cut is asked about at the same moments up to it.
    for first, second in ((before[0], before[1]),):
        order = [np.lexsort([each.place, each.clock]) for each in (first, second)]
        assert (first.clock[order[0]] == second.clock[order[1]]).all()
        assert (first.load[order[0]] == second.load[order[1]]).all()
        for name, words in first.words.items():
            assert (words[order[0]] == second.words[name][order[1]]).all()


def _cut(stages: Stages, moment: int) -> Stages:
    """Return the clocks as they were known at a moment."""
    there = stages.since_us < moment
    lasts = stages.until_us > moment
    return replace(
        stages,
        clock=np.arange(int(there.sum())),
        **{
            name: getattr(stages, name)[there]
            for name in ("since_us", "target_us", "before_us", "pauses", "handoffs", "started_us")
        },
        until_us=np.minimum(stages.until_us, moment)[there],
        used_us=np.minimum(stages.used_us, moment - stages.since_us)[there],
        paused=stages.paused[there],
        words={name: each[there] for name, each in stages.words.items()},
        keys=[key for key, own in zip(stages.keys, there, strict=True) if own],
        lasts=lasts[there],
        broken=stages.broken[there],
        decided_us=stages.decided_us[there],
        due_us=stages.due_us[there],
    )


def test_a_promise_that_nearly_always_holds_is_learnt_too() -> None:
    """Of one team in four next to none break, and scores lie far apart: no weight runs away."""
    stages = invented(8_000)
    team = stages.words["team"]
    used = np.where(team == 3, stages.used_us, np.minimum(stages.used_us, HOUR * 9))
    rare = replace(stages, used_us=used, until_us=stages.since_us + used)
    broken = used > TARGET * HOUR
    told = learnt(
        replace(rare, broken=broken, decided_us=rare.since_us + np.minimum(used, TARGET * HOUR))
    )

    assert told.tested.is_better
    assert max(each.off for each in told.tested.bins if each.n > 400) < 0.06
    assert np.abs(told.model.lines).max() < 5


def test_one_moment_of_each_clock_counts() -> None:
    """By a share chosen without regard to it: as many of those that came to it broke as of all."""
    stages = invented(16_000)
    asked = asked_at_shares(stages, UTC)
    once = asked.only(chosen_once(asked))

    assert len(once.clock) == len(np.unique(once.clock))
    for place in range(len(SHARES)):
        all_of_it, chosen = (each.clock[each.place == place] for each in (asked, once))
        assert len(chosen) == pytest.approx(len(all_of_it) / len(SHARES), rel=0.1)
        rates = [stages.broken[each].mean() for each in (all_of_it, chosen)]
        assert rates[1] == pytest.approx(rates[0], abs=0.03)


@pytest.mark.parametrize("clocks", [200, 1_000])
def test_too_few_clocks_are_refused(clocks: int) -> None:
    """In all, or in one of the slices; or nearly all kept."""
    if clocks < 500:
        with pytest.raises(TooFewPoints, match="It takes 500"):
            learnt(invented(clocks))
    kept = invented(clocks)
    with pytest.raises(TooFewPoints, match="50 broken"):
        learnt(replace(kept, broken=np.zeros(clocks, bool)))


def test_open_tickets_are_asked_about_as_they_stand() -> None:
    """Half of the target used; a broken one is asked about no more."""
    stages = invented(10)
    used = np.full(10, TARGET * HOUR // 2)
    lasts = np.arange(10) < 2
    broken = np.arange(10) == 1
    now = replace(stages, used_us=used, lasts=lasts, broken=broken)
    asked, share = asked_now(now, UTC, 400 * DAY)

    assert asked.clock.tolist() == [0]
    assert share.tolist() == [0.5]
    assert [SHARES[at] for at in asked.place] == [0.5]
