"""Rules of alerts, checked, and what becomes of them.

Floor 5. The register is `governance.alert_rules`; a rule is shown where all records of its segment
are seen, and set by whoever may do so for all of these.
"""

import math
from dataclasses import replace
from datetime import datetime

from opsgauge.alerts.channels import FILE, load_channels
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import (
    A_ROLE,
    ABOVE,
    GUARDED,
    KINDS,
    MUTED,
    OF_METRICS,
    ON,
    RETIRED,
    SEVERITIES,
    AlertRule,
    Escalation,
    Guard,
)
from opsgauge.foundation.errors import (
    PeopleWrong,
    QueryWrong,
    UnknownName,
    UnknownRecord,
    WorkspaceMissing,
    did_you_mean,
)
from opsgauge.foundation.settings import plain_address
from opsgauge.governance import alert_rules as register
from opsgauge.governance.access import ROLES
from opsgauge.governance.alert_rules import SET
from opsgauge.governance.people import user_named, users
from opsgauge.governance.rules import within
from opsgauge.log.periods import GRAINS
from opsgauge.metrics.objectives import load_objectives
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.check import check
from opsgauge.operations.clocked import workspace_levels
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped
from opsgauge.operations.reached import must_reach, sees

READ = "alert:read"
PERIODS = ("day", "week", "month", "quarter")
MOST_PERIODS = 104  # that a guard looks back
MOST_AHEAD = 26  # periods that are foreseen
MOST_STEPS, LONGEST_WAIT = 5, 30 * 1_440  # of an escalation; minutes
FORESEEN = ("day", "week")
LONGEST = 2_000  # signs of a text
TIMED = ("sla_risk", "absence")
OF_TICKETS = (*OF_METRICS, "sla_risk", "absence")


def add_rule(ctx: Context, rule: AlertRule) -> AlertRule:
    """Draft a rule; needs `alert:set` for the records of its segment.

    Raises
    ------
    UnknownMetric, UnknownColumn, UnknownName : it names what is not there
    QueryWrong : it cannot fire, or not this way
    NotAllowed : its segment reaches beyond the actor's records
    """
    ctx.require(SET)
    for word, known in ((rule.kind, KINDS), (rule.severity, SEVERITIES), (rule.grain, PERIODS)):
        if word not in known:
            raise QueryWrong(f"A rule has no {word!r}.", hint=did_you_mean(word, known))
    rule = _with_numbers(ctx, rule) if rule.kind in OF_METRICS else rule
    _check_terms(ctx, rule)
    _check_texts(rule)
    must_reach(ctx, SET, "set alerts", rule.segment)
    _check_ways(ctx, rule)
    return register.draft(ctx.database, ctx.clock, ctx.actor, rule)


def _with_numbers(ctx: Context, rule: AlertRule) -> AlertRule:
    """Return the rule with its statistic and segment as the metric has them."""
    if not rule.metric:
        return rule
    metric = ctx.catalogue.get(rule.metric)
    if GRAINS.index(rule.grain) < GRAINS.index(metric.finest):
        raise QueryWrong(f"{metric.definition.title} is of a {metric.finest} at least.")
    asked = Question(
        metric.name,
        rule.statistic or None,
        by=(rule.split,) if rule.split else (),
        where=rule.segment,
        period=rule.grain,
    )
    checked = check_question(metric, grouped(ctx, asked))
    return replace(rule, statistic=checked.statistic or "", segment=checked.where)


def _check_terms(ctx: Context, rule: AlertRule) -> None:
    if rule.split and rule.kind not in (*GUARDED, "sla_risk"):
        raise QueryWrong(f"A rule of {KINDS[rule.kind]} is not split.")
    if rule.segment and rule.kind not in OF_TICKETS:
        raise QueryWrong(
            f"A rule of {KINDS[rule.kind]} says itself which records it is of.",
            hint="Leave the conditions away.",
        )
    if rule.guard is not None:
        _check_guard(rule.guard)
        _check_season(rule, rule.guard)
    _check_hours(ctx, rule)
    if rule.kind == "check" and rule.about:
        _check_is_known(ctx, rule.about)
    if rule.kind == "burn_rate" and rule.about:
        known = [each.name for each in load_objectives(ctx.workspace.path)]
        if rule.about not in known:
            raise UnknownName(
                f"There is no service level objective {rule.about!r}.",
                hint=did_you_mean(rule.about, known),
            )


def _check_hours(ctx: Context, rule: AlertRule) -> None:
    if rule.kind in TIMED and not (rule.hours and 0 < rule.hours < 1e5):
        raise QueryWrong(f"A rule of {KINDS[rule.kind]} needs hours.", hint="Such as 4.")
    if rule.kind == "sla_risk":
        if not 1 <= rule.at_least <= 1e6:
            raise QueryWrong(f"{rule.at_least} is no number of tickets.")
        if rule.about:
            workspace_levels(ctx).get(rule.about)


def _check_is_known(ctx: Context, name: str) -> None:
    try:
        known = [each.id for each in check(ctx).checks]
    except WorkspaceMissing:
        return
    if name not in known:
        raise UnknownName(f"There is no check {name!r}.", hint=did_you_mean(name, known))


def _check_guard(guard: Guard) -> None:
    values = [guard.limit, *([] if guard.clears is None else [guard.clears])]
    if not all(map(math.isfinite, values)):
        raise QueryWrong("A limit is a number.")
    wrong_side = guard.clears is not None and (
        guard.clears > guard.limit if guard.side == ABOVE else guard.clears < guard.limit
    )
    if wrong_side:
        raise QueryWrong(
            f"What fires {guard.side} {guard.limit:g} cannot be calm at {guard.clears:g} alone.",
            hint="Name a value on the other side of the limit, or none.",
        )
    spans = (guard.lasting, *guard.windows, *([guard.hits, guard.of] if guard.of else []))
    if any(not 1 <= each <= MOST_PERIODS for each in spans) or guard.hits > guard.of:
        raise QueryWrong(
            f"A guard looks at 1 to {MOST_PERIODS} periods.", hint="Such as 2/3 for two of three."
        )


def _check_season(rule: AlertRule, guard: Guard) -> None:
    """Refuse what a forecast cannot have, and what only a forecast can."""
    foresees = rule.kind == "forecast"
    if (foresees or guard.unusual) and rule.grain not in FORESEEN:
        raise QueryWrong(
            f"What is expected of a {rule.grain} is not known.", hint="Choose period day or week."
        )
    if foresees and not 1 <= guard.ahead <= MOST_AHEAD:
        raise QueryWrong(
            f"A forecast looks 1 to {MOST_AHEAD} periods ahead.", hint="Such as --ahead 4."
        )
    if foresees and not 0 < guard.sure < 1:
        raise QueryWrong("A forecast fires above a chance.", hint="Such as 80%.")
    if foresees and (guard.clears is not None or guard.windows or guard.unusual):
        raise QueryWrong(
            "A forecast is calm once its chance has fallen to half; no means and no season of its "
            "own belong to it."
        )
    if not foresees and (guard.ahead or guard.sure or guard.of_target):
        raise QueryWrong(
            "Only a forecast looks ahead, with a chance, or to a target.",
            hint="Choose the kind forecast, or target.",
        )


def _check_texts(rule: AlertRule) -> None:
    texts = (rule.name, rule.decision, rule.runbook, rule.channel, rule.owner, rule.about)
    if any(len(text) > LONGEST for text in texts) or len(rule.name) > 200:
        raise QueryWrong("A text of the rule is too long.")
    if rule.runbook:
        try:
            plain_address(rule.runbook.partition("?")[0].partition("#")[0])
        except ValueError as wrong:
            raise QueryWrong(f"The runbook is no address: {wrong}") from wrong


def _check_ways(ctx: Context, rule: AlertRule) -> None:
    """Refuse a channel or an owner that is not there, or may not be told of these records.

    A draft may name no channel yet.
    """
    if rule.channel:
        _check_channel(ctx, rule, rule.channel)
    if len(rule.escalation) > MOST_STEPS:
        raise QueryWrong(f"An escalation has at most {MOST_STEPS} steps.")
    for each in rule.escalation:
        _check_step(ctx, rule, each)
    if rule.owner and users(ctx.database):
        _check_user(ctx, rule.owner)


def _check_step(ctx: Context, rule: AlertRule, step: Escalation) -> None:
    if not 0 < step.minutes <= LONGEST_WAIT:
        raise QueryWrong("A step of an escalation is within 30 days.", hint="Such as 30m or 2h.")
    if step.channel:
        _check_channel(ctx, rule, step.channel)
    role = step.to.removeprefix(A_ROLE)
    if role != step.to:
        if role not in ROLES:
            raise UnknownName(f"There is no role {role!r}.", hint=did_you_mean(role, ROLES))
    elif step.to and users(ctx.database):
        _check_user(ctx, step.to)


def _check_channel(ctx: Context, rule: AlertRule, name: str) -> None:
    channel = load_channels(ctx.workspace.path).get(name)
    if not within(rule.segment, channel.reach):
        theirs = ", ".join(each.sentence() for each in channel.reach)
        raise QueryWrong(f"Channel {channel.name!r} may be told of records where {theirs} alone.")


def _check_user(ctx: Context, name: str) -> None:
    try:
        user_named(ctx.database, name)
    except PeopleWrong as wrong:
        raise QueryWrong(wrong.message, hint=wrong.hint) from wrong


def switch_on(ctx: Context, number: int, why: str, channel: str = "") -> AlertRule:
    """Switch a rule on, or end a mute; needs `alert:set` for the records of its segment.

    Parameters
    ----------
    channel : through what it tells, of a rule that was drafted without

    Raises
    ------
    QueryWrong : it has no channel and none is named here, or it has one and another is named
    UnknownName : there is no such channel
    """
    ctx.require(SET)
    rule, channel = rule_seen(ctx, number), channel.strip()
    if not (rule.channel or channel):
        raise QueryWrong(
            f"Rule {number} has no channel to tell anybody through.",
            hint=f"opsgauge alerts on {number} --channel NAME --why ...; channels stand in {FILE}, "
            "see docs/guides/alerts.md.",
        )
    if channel and rule.channel not in ("", channel):
        raise QueryWrong(
            f"Rule {number} tells through {rule.channel!r}, and keeps doing so.",
            hint="Draft another rule for another channel.",
        )
    if channel:
        _check_channel(ctx, rule, channel)
    return _step(ctx, number, ON, why, channel=channel)


def mute(ctx: Context, number: int, why: str, until: datetime | None = None) -> AlertRule:
    """Keep a rule from telling anything, until a moment or for good."""
    return _step(ctx, number, MUTED, why, until)


def retire(ctx: Context, number: int, why: str) -> AlertRule:
    """Switch a rule off for good; it stays on record."""
    return _step(ctx, number, RETIRED, why)


def _step(
    ctx: Context,
    number: int,
    kind: str,
    why: str,
    until: datetime | None = None,
    channel: str = "",
) -> AlertRule:
    ctx.require(SET)
    must_reach(ctx, SET, "set alerts", rule_seen(ctx, number).segment)
    return register.step(ctx.database, ctx.clock, ctx.actor, number, (kind, why, until), channel)


def rule_list(ctx: Context) -> list[AlertRule]:
    """Return every rule all of whose records are seen, oldest first; needs `alert:read`."""
    ctx.require(READ)
    return [each for each in register.alert_rules(ctx.database) if sees(ctx, each.segment)]


def rule_seen(ctx: Context, number: int) -> AlertRule:
    """Return one rule; needs `alert:read`.

    Raises
    ------
    UnknownRecord : there is none, or not all of its records are seen
    """
    ctx.require(READ)
    found = register.alert_rule(ctx.database, number)
    if not sees(ctx, found.segment):
        raise UnknownRecord(f"There is no rule {number}.", hint=register.HINT)
    return found


def segment_of(rule: AlertRule, value: str | None) -> tuple[Condition, ...]:
    """Return the records of one value of the dimension that a rule is split by."""
    return (*rule.segment, Condition(rule.split, (value,))) if rule.split else rule.segment
