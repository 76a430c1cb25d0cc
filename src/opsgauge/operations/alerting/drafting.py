"""Rules of alerts as people write them, checked, and what becomes of them.

Floor 5. The register is `governance.alert_rules`; a rule is shown where all records of its segment
are seen, and set by whoever may do so for all of these.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from opsgauge.alerts.channels import load_channels
from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.alerting import (
    ABOVE,
    BELOW,
    KINDS,
    MUTED,
    OF_METRICS,
    ON,
    RETIRED,
    SEVERITIES,
    AlertRule,
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
from opsgauge.governance.alert_rules import SET
from opsgauge.governance.people import user_named, users
from opsgauge.governance.rules import within
from opsgauge.log.periods import GRAINS
from opsgauge.metrics.objectives import load_objectives
from opsgauge.metrics.question import Question, check_question
from opsgauge.operations.aiming import number_in
from opsgauge.operations.asking import conditions
from opsgauge.operations.check import check
from opsgauge.operations.clocked import workspace_levels
from opsgauge.operations.context import Context
from opsgauge.operations.grouped import grouped
from opsgauge.operations.reached import must_reach, sees

READ = "alert:read"
PERIODS = ("day", "week", "month", "quarter")
MOST_PERIODS = 104  # that a guard looks back
LONGEST = 2_000  # signs of a text
TIMED = ("sla_risk", "absence")
OF_TICKETS = (*OF_METRICS, "sla_risk", "absence")


@dataclass(frozen=True)
class Draft:
    """A rule as text: what options, forms and requests hold; see `AlertRule`.

    Attributes
    ----------
    above, below : the limit, as people write a number of the metric; one of the two
    of : hits of the newest periods, as "2/3"
    windows : as "4" or "4,12"
    """

    name: str
    kind: str
    why: str
    metric: str = ""
    above: str = ""
    below: str = ""
    clears: str = ""
    lasting: int = 1
    of: str = ""
    windows: str = ""
    statistic: str = ""
    where: Sequence[str] = ()
    period: str = "week"
    split: str = ""
    hours: float | None = None
    at_least: int = 1
    about: str = ""
    severity: str = "warning"
    decision: str = ""
    runbook: str = ""
    channel: str = ""
    owner: str = ""

    def rule(self, ctx: Context) -> AlertRule:
        """Return what is meant; whether it can be is for `add_rule` to say.

        Raises
        ------
        UnknownMetric : there is none of that name
        QueryWrong : a number or a condition is not written as one
        """
        return AlertRule(
            name=self.name.strip(),
            kind=self.kind.strip(),
            why=self.why,
            metric=self.metric.strip(),
            statistic=self.statistic.strip(),
            segment=conditions([each for each in self.where if each.strip()]),
            grain=self.period or "week",
            split=self.split.strip(),
            guard=self._guard(ctx) if self.kind == "threshold" else None,
            hours=self.hours,
            at_least=self.at_least,
            about=self.about.strip(),
            severity=self.severity or "warning",
            decision=self.decision.strip(),
            runbook=self.runbook.strip(),
            channel=self.channel.strip(),
            owner=self.owner.strip(),
        )

    def _guard(self, ctx: Context) -> Guard:
        if not self.metric.strip():
            raise QueryWrong("A threshold needs a metric.", hint="opsgauge metrics list")
        unit = ctx.catalogue.get(self.metric.strip()).definition.unit
        if bool(self.above.strip()) == bool(self.below.strip()):
            raise QueryWrong(
                "A threshold is a value to stay below, or one to stay above.",
                hint="Give one of above and below.",
            )
        hits, _, of = self.of.partition("/")
        return Guard(
            side=ABOVE if self.above.strip() else BELOW,
            limit=number_in(self.above or self.below, unit),
            clears=number_in(self.clears, unit) if self.clears.strip() else None,
            lasting=self.lasting,
            hits=_count(hits, self.of),
            of=_count(of, self.of),
            windows=tuple(_count(each, self.windows) for each in self.windows.split(",") if each),
        )


def _count(text: str, whole: str) -> int:
    if not whole.strip():
        return 0
    if not text.strip().isdecimal() or len(text) > 4:
        raise QueryWrong(f"{whole[:40]!r} does not count periods.", hint="Write 2/3, or 4,12.")
    return int(text)


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
    if rule.split and rule.kind not in ("threshold", "sla_risk"):
        raise QueryWrong(f"A rule of {KINDS[rule.kind]} is not split.")
    if rule.segment and rule.kind not in OF_TICKETS:
        raise QueryWrong(
            f"A rule of {KINDS[rule.kind]} says itself which records it is of.",
            hint="Leave the conditions away.",
        )
    if rule.guard is not None:
        _check_guard(rule.guard)
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
    """Refuse a channel or an owner that is not there, or may not be told of these records."""
    channel = load_channels(ctx.workspace.path).get(rule.channel)
    if not within(rule.segment, channel.reach):
        theirs = ", ".join(each.sentence() for each in channel.reach)
        raise QueryWrong(f"Channel {channel.name!r} may be told of records where {theirs} alone.")
    if rule.owner and users(ctx.database):
        try:
            user_named(ctx.database, rule.owner)
        except PeopleWrong as wrong:
            raise QueryWrong(wrong.message, hint=wrong.hint) from wrong


def switch_on(ctx: Context, number: int, why: str) -> AlertRule:
    """Switch a rule on, or end a mute; needs `alert:set` for the records of its segment."""
    return _step(ctx, number, ON, why)


def mute(ctx: Context, number: int, why: str, until: datetime | None = None) -> AlertRule:
    """Keep a rule from telling anything, until a moment or for good."""
    return _step(ctx, number, MUTED, why, until)


def retire(ctx: Context, number: int, why: str) -> AlertRule:
    """Switch a rule off for good; it stays on record."""
    return _step(ctx, number, RETIRED, why)


def _step(
    ctx: Context, number: int, kind: str, why: str, until: datetime | None = None
) -> AlertRule:
    ctx.require(SET)
    must_reach(ctx, SET, "set alerts", rule_seen(ctx, number).segment)
    return register.step(ctx.database, ctx.clock, ctx.actor, number, (kind, why, until))


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
