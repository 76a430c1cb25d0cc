"""The routes of the API about alerts: rules, firings, replays, messages on their way, watch.

Floor 6. A body is checked for form and length here, and for its meaning by the operation it asks.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from opsgauge.governance.deliveries import Delivery
from opsgauge.governance.moments import text_of
from opsgauge.governance.silences import Silence
from opsgauge.operations.alerting.draft import Draft
from opsgauge.operations.alerting.drafting import (
    add_rule,
    mute,
    retire,
    rule_list,
    switch_on,
)
from opsgauge.operations.alerting.replaying import replay
from opsgauge.operations.alerting.scoring import (
    firing_list,
    mark_firing,
    outbox_list,
    scorecard,
    set_delivery,
)
from opsgauge.operations.alerting.sending import send_test
from opsgauge.operations.alerting.silencing import add_silence, end_silence, silence_list
from opsgauge.operations.alerting.watching import watch
from opsgauge.operations.asking import conditions
from opsgauge.web.api.agreed import Body, Conditions, Name, Reason, Text, Why
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx, Newest, Number

router = APIRouter(prefix="/api/v1", responses=ANSWERS)
Json = dict[str, Any]
Events = Annotated[
    list[AwareDatetime] | None,
    Query(max_length=1_000, description="Moments at which something real was the matter."),
]
Long = Annotated[str, Field(max_length=2_000)]


class NewRule(Body):
    """A rule that is to be drafted."""

    name: Name
    kind: Name
    why: Reason
    channel: Annotated[Name, Field(description="A draft needs none yet.")] = ""
    metric: Name = ""
    above: Annotated[Name, Field(description="A number of the metric: 8.5, 0.2 or 20%.")] = ""
    below: Name = ""
    clears: Name = ""
    lasting: Annotated[int, Field(ge=1, le=104)] = 1
    of: Annotated[Name, Field(description="So many of the newest periods: 2/3.")] = ""
    windows: Annotated[Name, Field(description="Means that are beyond too: 4,12.")] = ""
    statistic: Name = ""
    where: Conditions = Field(default_factory=list)
    period: Name = "week"
    split: Name = ""
    hours: Annotated[float | None, Field(allow_inf_nan=False)] = None
    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    about: Name = ""
    severity: Name = "warning"
    decision: Long = ""
    runbook: Long = ""
    owner: Name = ""
    season: Annotated[bool, Field(description="Only beyond what its season lets expect.")] = False
    ahead: Annotated[int, Field(ge=0, le=26, description="Of forecast: periods.")] = 0
    sure: Annotated[Name, Field(description="Of forecast: the chance above which it fires.")] = ""
    escalate: Annotated[
        list[Name], Field(max_length=5, description="Whom next: 30m: ana, 2h: role X via CHANNEL.")
    ] = Field(default_factory=list)


class NewSilence(Why):
    """A time in which what fires is kept, and told only after it."""

    until: Annotated[AwareDatetime | None, Field(description="It needs an end.")] = None
    from_: Annotated[AwareDatetime | None, Field(alias="from")] = None
    rule: Annotated[int, Field(ge=0, le=2**31 - 1, description="0: every rule.")] = 0
    where: Conditions = Field(default_factory=list)


class Mute(Why):
    """Why a rule tells nothing for a while, and until when; without an end: for good."""

    until: AwareDatetime | None = None


class Begun(Why):
    """Why a rule is switched on, and through which channel where its draft names none."""

    channel: Name = ""


class Marked(Why):
    """What became of a firing: seen, acted or false."""

    what: Name


class Tested(Body):
    """A channel that is to be tested, and an e-mail where it needs one."""

    channel: Name
    to: Name = ""


class Wanted(Body):
    """How somebody wants messages."""

    person: Text
    zone: Name = ""
    calendar: Name = ""
    digest: Name = "none"


class Round(Body):
    """One round of watching."""

    send: bool = True


@router.get("/alerts", tags=["pages"])
def read_rules(ctx: Ctx) -> Json:
    """Return every rule with its state."""
    now = text_of(ctx.clock())
    return {"alerts": [{**each.as_json(), "state": each.state(now)} for each in rule_list(ctx)]}


@router.post("/alerts", tags=["alerts"], status_code=201)
def make_rule(wanted: NewRule, ctx: Newest) -> Json:
    """Draft a rule, which looks at nothing until it is switched on."""
    return _told(ctx, add_rule(ctx, Draft(**wanted.model_dump()).rule(ctx)))


@router.get("/alerts/firings", tags=["alerts"])
def read_firings(ctx: Ctx) -> Json:
    """Return what fired, the newest first."""
    return {"firings": [each.as_json() for each in firing_list(ctx)]}


@router.post("/alerts/firings/{number}/mark", tags=["alerts"])
def mark_one(number: Number, body: Marked, ctx: Newest) -> Json:
    """Say what became of a firing."""
    return mark_firing(ctx, number, body.what, body.why).as_json()


@router.get("/alerts/outbox", tags=["alerts"])
def read_outbox(ctx: Ctx) -> Json:
    """Return messages and how each stands, the newest first."""
    return outbox_list(ctx).as_json()


@router.get("/alerts/scorecard", tags=["alerts"])
def read_scorecard(ctx: Ctx) -> Json:
    """Return how each rule does, and which should be retired."""
    return {"rules": [each.as_json() for each in scorecard(ctx)]}


@router.get("/alerts/silences", tags=["alerts"])
def read_silences(ctx: Ctx) -> Json:
    """Return silences, the newest first, with what fired in each."""
    return {"silences": [each.as_json() for each in silence_list(ctx)]}


@router.post("/alerts/silences", tags=["alerts"], status_code=201)
def make_silence(body: NewSilence, ctx: Newest) -> Json:
    """Keep what fires in a time of maintenance from being told before its end."""
    wanted = Silence(body.rule, conditions(body.where), "", "", body.why)
    return add_silence(ctx, wanted, body.from_, body.until).as_json()


@router.post("/alerts/silences/{number}/end", tags=["alerts"])
def stop_silence(number: Number, body: Why, ctx: Newest) -> Json:
    """End a silence early."""
    return end_silence(ctx, number, body.why).as_json()


@router.post("/alerts/test", tags=["alerts"])
def test_channel(body: Tested, ctx: Newest) -> Json:
    """Send a test message through a channel."""
    return {"sentence": send_test(ctx, body.channel, body.to)}


@router.post("/alerts/deliveries", tags=["alerts"])
def make_delivery(body: Wanted, ctx: Newest) -> Json:
    """Say in which zone, within which hours and how bundled somebody gets messages."""
    return set_delivery(ctx, Delivery(**body.model_dump())).as_json()


@router.post("/alerts/{number}/on", tags=["alerts"])
def begin_rule(number: Number, body: Begun, ctx: Newest) -> Json:
    """Switch a rule on, or end its mute."""
    return _told(ctx, switch_on(ctx, number, body.why, body.channel))


@router.post("/alerts/{number}/mute", tags=["alerts"])
def mute_rule(number: Number, body: Mute, ctx: Newest) -> Json:
    """Keep a rule from telling anything, until a moment or for good."""
    until: datetime | None = body.until
    return _told(ctx, mute(ctx, number, body.why, until))


@router.post("/alerts/{number}/retire", tags=["alerts"])
def retire_rule(number: Number, body: Why, ctx: Newest) -> Json:
    """Switch a rule off for good."""
    return _told(ctx, retire(ctx, number, body.why))


@router.get("/alerts/{number}/replay", tags=["alerts"])
def read_replay(number: Number, ctx: Ctx, within: float | None = None, at: Events = None) -> Json:
    """Return how often a rule would have fired over the past year, and how rightly."""
    text = "\n".join(["at", *(each.isoformat() for each in at)]) if at else ""
    return replay(ctx, number, text, within).as_json()


@router.post("/watch", tags=["alerts"])
def do_round(body: Round, ctx: Newest) -> Json:
    """Do one round: import, check, look for signals and alerts, send."""
    return watch(ctx, sends=body.send).as_json()


def _told(ctx: Newest, rule: Any) -> Json:
    return {**rule.as_json(), "state": rule.state(text_of(ctx.clock()))}
