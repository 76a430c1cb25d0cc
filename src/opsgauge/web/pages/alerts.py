"""Alerts: rules and how they do, what fired, what is on its way, and a form for a new rule.

Floor 6.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from opsgauge.alerts.channels import load_channels
from opsgauge.alerts.sending import ChannelDown
from opsgauge.foundation.alerting import KINDS, MUTED, ON, RETIRED, SEVERITIES, AlertRule
from opsgauge.foundation.errors import Misuse, QueryWrong
from opsgauge.governance.alert_rules import MAY, SET
from opsgauge.governance.firings import ACT, Firing
from opsgauge.governance.moments import text_of
from opsgauge.governance.silences import Silence
from opsgauge.operations.alerting.draft import Draft
from opsgauge.operations.alerting.drafting import (
    PERIODS,
    add_rule,
    mute,
    retire,
    rule_list,
    switch_on,
)
from opsgauge.operations.alerting.scoring import (
    Card,
    firing_list,
    mark_firing,
    outbox_list,
    scorecard,
)
from opsgauge.operations.alerting.sending import WATCH, send_test
from opsgauge.operations.alerting.silencing import add_silence, end_silence, silence_list
from opsgauge.operations.alerting.spoken import fires_on
from opsgauge.operations.asking import conditions, instant
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import Said, capfirst, counted
from opsgauge.web.asked import Number
from opsgauge.web.given import Given, whole_number
from opsgauge.web.pages.alert_parts import (
    firing_values,
    letter_values,
    silence_values,
)
from opsgauge.web.pages.alert_replay import replay_values
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.posting import (
    UNSENT,
    Sent,
    acted,
    metric_choices,
    moment,
    options,
    why_not,
)

PLACE = "/alerts"
SHOWN = 30
STATES = {"draft": "held", "on": "steady", "muted": "held", "retired": "held"}
SEVERE = {"info": "steady", "warning": "concern", "critical": "concern"}
FIELDS = (
    *("name", "metric", "above", "below", "clears", "of", "windows", "where", "split", "hours"),
    *("about", "decision", "runbook", "owner", "why", "ahead", "sure", "season", "escalate"),
)
READ_APART = ("where", "hours", "ahead", "season", "escalate")
router = APIRouter()


@router.get(PLACE)
def alerts_page(
    seen: ViewOf, replayed: Annotated[int | None, Query(alias="replay", ge=1, le=2**31 - 1)] = None
) -> Response:
    """Draw every rule, what fired, and the replay of one rule where it is asked for."""
    return _drawn(seen, UNSENT, replayed)


@router.post(PLACE)
async def add_one(request: Request) -> Response:
    """Draft a rule as the form says; its replay is shown next."""

    def add(ctx: Context, form: Given) -> str:
        number = add_rule(ctx, _draft(form).rule(ctx)).number
        return f"{PLACE}?replay={number}#rule-{number}"

    return await acted(request, add, _again)


@router.post(PLACE + "/test")
async def test_one(request: Request) -> Response:
    """Send a test message."""

    def test(ctx: Context, form: Given) -> str:
        try:
            send_test(ctx, form.get("channel"), form.get("to"))
        except ChannelDown as wrong:  # no fault of ours: the form says so
            raise QueryWrong(wrong.message) from wrong
        return f"{PLACE}#outbox"

    return await acted(request, test, _again)


@router.post(PLACE + "/firings/{number}/mark")
async def mark_one(number: Number, request: Request) -> Response:
    """Say what became of a firing."""

    def mark(ctx: Context, form: Given) -> str:
        mark_firing(ctx, number, form.get("what"), form.get("why"))
        return f"{PLACE}#firing-{number}"

    return await acted(request, mark, _again)


@router.post(PLACE + "/silences")
async def silence_one(request: Request) -> Response:
    """Silence alerts for a time."""

    def hush(ctx: Context, form: Given) -> str:
        zone = ctx.workspace.zone
        where = conditions([each for each in form.get("where").split("\n") if each.strip()])
        rule = whole_number(form.get("rule") or "0")
        wanted = Silence(rule, where, "", "", form.get("why"))
        span = (instant(name, form.get(name), zone) for name in ("from", "until"))
        add_silence(ctx, wanted, *span)
        return f"{PLACE}#silences"

    return await acted(request, hush, _again)


@router.post(PLACE + "/silences/{number}/end")
async def unsilence_one(number: Number, request: Request) -> Response:
    """End a silence early."""

    def end(ctx: Context, form: Given) -> str:
        end_silence(ctx, number, form.get("why"))
        return f"{PLACE}#silences"

    return await acted(request, end, _again)


@router.post(PLACE + "/{number}/on")
async def begin_one(number: Number, request: Request) -> Response:
    """Switch a rule on."""

    def begin(ctx: Context, form: Given) -> str:
        switch_on(ctx, number, form.get("why"), form.get("channel"))
        return f"{PLACE}#rule-{number}"

    return await acted(request, begin, _again)


@router.post(PLACE + "/{number}/mute")
async def mute_one(number: Number, request: Request) -> Response:
    """Mute a rule."""

    def hush(ctx: Context, form: Given) -> str:
        until = instant("until", form.get("until"), ctx.workspace.zone)
        mute(ctx, number, form.get("why"), until)
        return f"{PLACE}#rule-{number}"

    return await acted(request, hush, _again)


@router.post(PLACE + "/{number}/retire")
async def retire_one(number: Number, request: Request) -> Response:
    """Retire a rule."""

    def end(ctx: Context, form: Given) -> str:
        retire(ctx, number, form.get("why"))
        return f"{PLACE}#retired"

    return await acted(request, end, _again)


def _draft(form: Given) -> Draft:
    named = {name: form.get(name) for name in FIELDS if name not in READ_APART}
    hours = form.get("hours").strip()
    return Draft(
        **named,
        kind=form.get("kind"),
        period=form.get("period"),
        severity=form.get("severity"),
        channel=form.get("channel"),
        lasting=whole_number(form.get("lasting") or "1"),
        at_least=whole_number(form.get("at_least") or "1"),
        where=form.get("where").split("\n"),
        escalate=form.get("escalate").split("\n"),
        ahead=whole_number(form.get("ahead") or "0"),
        season=form.get("season") == "yes",
        hours=float(whole_number(hours)) if hours else None,
    )


def _again(seen: View, sent: Sent) -> Response:
    return _drawn(seen, sent, None)


def _drawn(seen: View, sent: Sent, replayed: int | None) -> Response:
    ctx = seen.ctx
    now = text_of(ctx.clock())
    rules, firings = rule_list(ctx), firing_list(ctx)
    cards = {card.rule.number: card for card in scorecard(ctx)}
    not_set = why_not(ctx, SET)
    box = outbox_list(ctx)
    standing = [each for each in rules if each.state(now) != RETIRED]
    values = {
        "page": frame(seen, "metrics", "Alerts"),
        "headline": _headline(standing, firings, now),
        "why": "A rule looks at the newest data when the workspace is watched, and tells whoever "
        "answers for what it finds. Replay it over the past year before you switch it on.",
        "crumbs": [link("Metrics", seen.address.to("/catalogue")), link("Alerts", "")],
        "rules": [_rule(seen, each, cards[each.number], now, not not_set) for each in standing],
        "retired": [_retired(each, ctx) for each in rules if each.state(now) == RETIRED],
        "replay": replay_values(seen, replayed) if replayed else None,
        "firings": [firing_values(seen, each, rules) for each in firings[:SHOWN]],
        "silences": [
            silence_values(seen, each, rules, not not_set) for each in silence_list(ctx)[:SHOWN]
        ],
        "silence_rules": [
            options([("0", "Every rule"), *((str(each.number), each.name) for each in standing)])
        ],
        "may_mark": not why_not(ctx, ACT),
        "outbox": {
            "sentence": box.sentence(),
            "unsent": [letter_values(each, ctx) for each in box.as_json()["messages"]][:SHOWN],
        },
        "may_test": not why_not(ctx, WATCH),
        "form": None if not_set else _form(sent),
        "choices": _choices(ctx),
        "fault": sent.fault,
        "why_not": not_set,
    }
    return html("alerts.html", values, sent.status)


def _headline(rules: list[AlertRule], firings: list[Firing], now: str) -> str:
    on = sum(each.state(now) == ON for each in rules)
    fire = sum(each.cleared_at is None for each in firings)
    if not rules:
        return "No alert is set"
    are = f"{counted(on, 'alert')} {'is' if on == 1 else 'are'} on"
    return f"{are}, {fire or 'none'} {'fires' if fire == 1 else 'fire' if fire else 'fires'} now"


def _rule(seen: View, rule: AlertRule, card: Card, now: str, may: bool) -> Values:
    state = rule.state(now)
    last = rule.steps[-1] if rule.steps else None
    until = moment(last.until, seen.ctx) if last and last.until and state == MUTED else ""
    return {
        "number": rule.number,
        "name": rule.name,
        "said": Said(STATES[state], capfirst(state)),
        "until": until,
        "severity": Said(SEVERE[rule.severity], capfirst(rule.severity)),
        "kind": capfirst(KINDS[rule.kind]),
        "which": fires_on(seen.ctx, rule),
        "to": f"{rule.channel or 'no channel yet'}{f', else {rule.owner}' if rule.owner else ''}",
        "decision": rule.decision,
        "runbook": rule.runbook,
        "escalation": [each.words() for each in rule.escalation],
        "why": rule.why,
        "set": f"By {rule.made_by}, {moment(rule.made_at, seen.ctx)}",
        "score": _score(card),
        "proposal": card.proposal,
        "replay": f"{seen.address.to(PLACE, replay=rule.number)}#replay",
        "acts": [_act(rule, kind) for kind, states in MAY.items() if state in states]
        if may
        else [],
    }


def _score(card: Card) -> str:
    score = card.score
    if not score.fired:
        return "Has not fired"
    told = f"{score.fired} fired: {score.acted} acted on, {score.ignored} ignored"
    took = f"; {card.time_words} to act" if card.time_words else ""
    return f"{told}, {score.false} false{took}"


_WORDS = {ON: ("on", "Switch on"), MUTED: ("mute", "Mute"), RETIRED: ("retire", "Retire")}


def _act(rule: AlertRule, kind: str) -> Values:
    path, words = _WORDS[kind]
    return {
        "href": f"{PLACE}/{rule.number}/{path}",
        "id": f"{path}-{rule.number}",
        "words": words,
        "until": kind == MUTED,
        "channel": kind == ON and not rule.channel,
    }


def _retired(rule: AlertRule, ctx: Context) -> Values:
    last = rule.steps[-1]
    when = moment(last.made_at, ctx)
    return {"name": rule.name, "why": last.why, "when": when, "by": last.made_by}


def _form(sent: Sent) -> Values:
    usual = {"kind": "threshold", "period": "week", "severity": "warning", "lasting": "1"}
    return dict(sent.typed(*FIELDS, **usual, at_least="1", channel=""))


def _choices(ctx: Context) -> Values:
    try:
        channels = sorted(load_channels(ctx.workspace.path).by_name)
    except Misuse:
        channels = []
    return {
        "kinds": [options([(name, capfirst(words)) for name, words in KINDS.items()])],
        "metrics": [options([("", "None, or any")]), *metric_choices(ctx)],
        "seasons": [options([("", "Whatever its season"), ("yes", "Beyond its season too")])],
        "periods": [options([(each, capfirst(each)) for each in PERIODS])],
        "severities": [options([(each, capfirst(each)) for each in SEVERITIES])],
        "channels": [options([(each, each) for each in channels])],
        "any_channel": [options([("", "None yet"), *((each, each) for each in channels)])],
    }
