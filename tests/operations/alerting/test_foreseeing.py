"""Forecasts that a value will be crossed, what a season lets expect, and their replay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.alerting import AlertRule, Guard
from opsgauge.foundation.errors import QueryWrong
from opsgauge.governance import targets
from opsgauge.log.periods import labels_between
from opsgauge.operations.alerting import looking, replaying, replaying_forecasts
from opsgauge.operations.alerting.draft import Draft
from opsgauge.operations.alerting.drafting import add_rule
from opsgauge.operations.alerting.labels import dismissed_events, real_events
from opsgauge.operations.alerting.looking import look_at
from opsgauge.operations.alerting.replaying import replay
from opsgauge.operations.alerting.scoring import mark_firing
from opsgauge.operations.alerting.series import ALL, Judged, judged
from opsgauge.operations.answers import Value
from opsgauge.operations.context import Context
from tests.operations.alerting.conftest import RULE, Add
from tests.operations.alerting.test_watching import watched

NEWEST = date(2026, 4, 26)
AHEAD = Guard("above", 142.9, ahead=4, sure=0.8)
FORECAST = replace(RULE, kind="forecast", guard=AHEAD)


def a_series(monkeypatch: pytest.MonkeyPatch, values: Sequence[float], grain: str = "week") -> None:
    """Let rules be judged by a series that ends with the newest whole period."""
    days = 7 if grain == "week" else 1
    first = date.fromordinal(NEWEST.toordinal() + 1 - days * len(values))
    labels = tuple(labels_between(first, NEWEST, grain))
    assert len(labels) == len(values)

    def made(ctx: Context, rule: AlertRule) -> Judged:
        seen = judged(ctx, rule)
        rows = tuple(
            Value(label, {}, 40, value) for label, value in zip(labels, values, strict=True)
        )
        return Judged(seen.measured, labels, {ALL: rows}, {ALL: None})

    for module in (looking, replaying, replaying_forecasts):
        monkeypatch.setattr(module, "judged", made)


@pytest.mark.row("ALR-01")
def test_what_grows_is_told_before_it_is_too_much(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more each week, 139 in the newest: 142.9 is passed in the fourth week to come."""
    a_series(monkeypatch, [100.0 + week for week in range(40)])
    rule = add_rule(desk, FORECAST)
    [fired] = look_at(desk, rule).fired
    assert fired.told["what"].startswith(
        "Tickets opened is forecast to go above 143 within 4 weeks, most likely by week 21 of "
        "2026: the chance is "
    )
    assert fired.told["sure"].startswith("of 36 forecasts before, if this one is as far off")
    assert fired.told["chance"] > 0.8
    far = add_rule(desk, replace(FORECAST, guard=replace(AHEAD, limit=160.0)))
    assert look_at(desk, far).fired == ()
    beyond = add_rule(desk, replace(FORECAST, guard=replace(AHEAD, limit=130.0)))
    [still] = look_at(desk, beyond).fired  # foreseen in time, and beyond by now
    assert still.onset < fired.onset


@pytest.mark.row("ALR-01")
def test_the_limit_may_be_the_target_that_stands(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one nothing can be said; a new one counts from its setting on."""
    a_series(monkeypatch, [100.0 + week for week in range(40)])
    draft = Draft(
        *("Grows", "forecast", "Why.", "tickets_opened"), above="target", ahead=4, channel="ops"
    )
    rule = add_rule(desk, draft.rule(desk))
    assert rule.guard == Guard("above", 0.0, ahead=4, sure=0.8, of_target=True)
    assert "No target by the week stands" in look_at(desk, rule).why_not
    goal = Target(
        *("tickets_opened", rule.statistic, (), "week", "number", 142.0, None),
        *(date(2026, 1, 1), None, "Agreed."),
    )
    targets.set_target(desk.database, desk.clock, desk.actor, goal)
    [fired] = look_at(desk, rule).fired
    assert "above 142, its target, within" in fired.told["what"]


@pytest.mark.row("ALR-01")
@pytest.mark.row("ALR-03")
def test_a_forecast_is_replayed_against_what_came(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It grows to 142 and falls back: foreseen some weeks before it went above 130, once, rightly.

    The value goes above 130 in the thirty-second week; the alarm stands weeks before.
    """
    up = [100.0 + week for week in range(40)]
    a_series(monkeypatch, [*up, *[110.0] * 10])
    found = replay(
        desk, add_rule(desk, replace(FORECAST, guard=replace(AHEAD, limit=130.5))).number
    )
    assert found.against.events == 1
    assert (found.count, found.against.precision, found.against.recall) == (1, 1.0, 1.0)
    assert found.sources == {"times it went beyond": 1}
    assert found.lead_seconds is not None
    assert 1 <= found.lead_seconds / (7 * 86_400) <= 4
    assert "before them (median)" in found.sentence()


@pytest.mark.row("ALR-01")
@pytest.mark.parametrize(
    ("guard", "said"),
    [
        (replace(AHEAD, ahead=0), "1 to 26 periods ahead"),
        (replace(AHEAD, ahead=27), "1 to 26 periods ahead"),
        (replace(AHEAD, sure=1.0), "above a chance"),
        (replace(AHEAD, clears=100.0), "fallen to half"),
        (replace(AHEAD, windows=(4,)), "fallen to half"),
    ],
)
def test_a_forecast_that_cannot_be_is_refused(desk: Context, guard: Guard, said: str) -> None:
    """So is a threshold that looks ahead, and what a month lets expect."""
    with pytest.raises(QueryWrong, match=said):
        add_rule(desk, replace(FORECAST, guard=guard))
    with pytest.raises(QueryWrong, match="Only a forecast"):
        add_rule(desk, replace(RULE, guard=replace(AHEAD, sure=0.0)))
    for rule in (FORECAST, replace(RULE, guard=Guard("above", 9.0, unusual=True))):
        with pytest.raises(QueryWrong, match="of a month is not known"):
            add_rule(desk, replace(rule, grain="month"))


@pytest.mark.row("ALR-02")
def test_what_a_season_lets_expect_wakes_nobody(
    desk: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mondays bring forty and other days ten: a Monday is no signal, a Tuesday of forty is one."""
    weeks = [40.0, 10.0, 10.0, 10.0, 10.0, 2.0, 2.0] * 12
    calm = Guard("above", 30.0, unusual=True)
    a_series(monkeypatch, [*weeks, 40.0], "day")
    plain = add_rule(desk, replace(RULE, grain="day", guard=Guard("above", 30.0)))
    season = add_rule(desk, replace(RULE, grain="day", guard=calm))
    assert len(look_at(desk, plain).fired) == 1
    assert look_at(desk, season).fired == ()
    a_series(monkeypatch, [*weeks, 40.0, 40.0], "day")
    [fired] = look_at(desk, season).fired
    assert "more than its season lets expect" in fired.told["what"]
    found = replay(desk, season.number)
    # Of the first five weeks too little is known before them to expect anything of their Mondays.
    early = ["2026-03-01", "2026-02-22", "2026-02-15", "2026-02-08", "2026-02-01"]
    assert [each.at[:10] for each in found.firings] == ["2026-04-27", *early]


@pytest.mark.row("ALR-03")
def test_what_people_said_of_firings_is_real_or_not(desk: Context, rule_on: Add) -> None:
    """A firing that was acted on is real for a rule of the same numbers; a false one is not."""
    acted = rule_on(guard=Guard("above", 12.0))
    false = rule_on(guard=Guard("above", 11.0))
    watched(desk)
    from_ = datetime.fromisoformat("2025-04-27T00:00:00+00:00")
    assert real_events(desk, acted, from_)["firings acted on"] == []
    mark_firing(desk, 1, "acted", "Lent two people.")
    mark_firing(desk, 2, "false", "A test.")
    assert len(real_events(desk, false, from_)["firings acted on"]) == 1
    assert len(dismissed_events(desk, acted, from_)) == 1
    found = replay(desk, add_rule(desk, RULE).number, within_days=15.0)
    assert found.sources == {"firings acted on": 1}
    assert (found.against.precision, found.dismissals) == (1.0, 1)
    other = add_rule(desk, replace(RULE, kind="absence", metric="", guard=None, hours=60.0))
    assert real_events(desk, other, from_)["firings acted on"] == []
