"""From what a rule shows to firings that are kept, and to letters that tell of them.

Floor 5. A letter says what changed, how sure that is, whose it is and which decision it asks for,
with a link to the page that shows it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from opsgauge.alerts.message import Said, moment_words
from opsgauge.foundation.alerting import AlertRule
from opsgauge.governance.deliveries import NONE
from opsgauge.governance.escalations import put_late
from opsgauge.governance.firings import (
    SILENCED,
    Fired,
    Firing,
    NotedFirings,
    Write,
    firings,
    note_firings,
)
from opsgauge.governance.moments import text_of
from opsgauge.governance.outbox import Letter, key_of
from opsgauge.log.periods import dates_of
from opsgauge.operations.alerting.looking import look_at
from opsgauge.operations.alerting.recipients import Reached, Registers, comes_at, zone_of
from opsgauge.operations.context import Context

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_FACTS = 20
UNTOLD = "untold"  # of a firing, why nobody was told of it
_PLAIN = "=|:,/"


def look_and_tell(ctx: Context, rule: AlertRule, registers: Registers) -> tuple[NotedFirings, str]:
    """Look at a rule and keep what fires, with the letters that tell of it.

    Returns
    -------
    what is new, goes on and is calm; why nothing could be said, "" where it could
    """
    before = firings(ctx.database, rule.number)
    looked = look_at(ctx, rule, before)
    if looked.why_not:  # nothing is known, so that nothing is calm either
        return NotedFirings(), looked.why_not
    now = text_of(ctx.clock())
    whom = {each.subject: registers.reached(ctx, rule, each) for each in looked.fired}
    fired = [
        _silenced(
            _with_untold(each, whom[each.subject].why_not),
            registers.silenced(rule.number, each.segment, now),
        )
        for each in looked.fired
    ]

    def write(one: Fired, key: str) -> Letter | None:
        reached = whom[one.subject]
        quiet = reached.why_not or SILENCED in one.told
        return None if quiet else letter(ctx, rule, one, reached, letter_key(key))

    seen = (rule.number, ctx.opened().version.version, fired)
    noted = note_firings(ctx.database, ctx.clock, ctx.actor, seen, write)
    _tell_what_was_silenced(ctx, before, {each.subject: each for each in fired}, write)
    untold = [str(each.told["untold"]) for each in noted.new if UNTOLD in each.told]
    return noted, f"Nobody was told: {untold[0]}" if untold else ""


def _with_untold(fired: Fired, why_not: str) -> Fired:
    return replace(fired, told={**fired.told, UNTOLD: why_not}) if why_not else fired


def _silenced(fired: Fired, number: int) -> Fired:
    """Return a firing with the silence in which it is told to nobody."""
    if not number:
        return fired
    # What does not last is told again after the silence, under a key of its own.
    onset = fired.onset if fired.lasts else f"{fired.onset} in silence {number}"
    return replace(fired, onset=onset, told={**fired.told, SILENCED: number})


def _tell_what_was_silenced(
    ctx: Context, before: Sequence[Firing], now: Mapping[str, Fired], write: Write
) -> None:
    """Tell what still fires after the silence in which it began, once, as it is now."""
    for firing in before:
        still = now.get(firing.subject)
        if SILENCED not in firing.told or firing.cleared_at is not None or still is None:
            continue
        made = write(still, firing.key)
        if made is not None:
            put_late(ctx.database, ctx.clock, ctx.actor, firing, made)


def letter_key(firing: str) -> str:
    """Return the key of the letter that tells of a firing first, by the firing's own."""
    return key_of("letter", firing)


def said_again(firing: Firing, words: str) -> Fired:
    """Return a firing as it is told to the next, with why it is."""
    told = {name: value for name, value in firing.told.items() if name not in (UNTOLD, SILENCED)}
    told["what"] = f"{told['what']} {words}"
    return Fired(firing.subject, firing.period, firing.segment, told)


def letter(
    ctx: Context, rule: AlertRule, fired: Fired, whom: Reached, key: str, *, at_once: bool = False
) -> Letter:
    """Return the letter that tells of a firing.

    Parameters
    ----------
    key : the letter's own
    at_once : whether it waits for no hours and no others
    """
    now = ctx.clock()
    comes = now if at_once else comes_at(ctx, whom.delivery, now)
    bundle = ""
    if whom.delivery.digest != NONE and not at_once:
        bundle = key_of("bundle", whom.channel, whom.person, whom.address, comes.isoformat())
    return Letter(
        key=key,
        channel=whom.channel,
        content=said(ctx, rule, fired, whom, now).content(),
        not_before=comes,
        bundle=bundle,
        person=whom.person,
        address=whom.address,
        segment=fired.segment,
        rule=rule.number,
    )


def said(ctx: Context, rule: AlertRule, fired: Fired, whom: Reached, now: datetime) -> Said:
    """Return what a message says of a firing."""
    zone = zone_of(ctx, whom.delivery)
    told = fired.told
    about = f": {fired.subject}" if fired.subject and rule.split else ""
    return Said(
        subject=f"{rule.severity.capitalize()}: {rule.name}{about}",
        severity=rule.severity,
        what=str(told["what"]),
        sure=sure_words(told, zone),
        owner=whom.owner,
        decision=rule.decision or _decision(ctx, told),
        runbook=rule.runbook,
        link=_link(ctx, told),
        facts=tuple(_facts(told, zone)),
        at=moment_words(now, zone),
    )


def sure_words(told: Mapping[str, Any], zone: str) -> str:
    """Say how sure a firing is, with its moment on the clock of a zone where it has one."""
    sure, at = str(told.get("sure", "")), told.get("sure_at")
    return f"{sure} {moment_words(datetime.fromisoformat(at), zone)}." if at else sure


def _decision(ctx: Context, told: Mapping[str, Any]) -> str:
    metric = ctx.catalogue.metrics.get(str(told.get("metric", "")))
    if metric is not None:
        return metric.definition.decision or ""
    return str(told.get("next_step", ""))


def _facts(told: Mapping[str, Any], zone: str) -> list[tuple[str, str]]:
    facts = []
    for ticket in told.get("tickets", ())[:MOST_FACTS]:
        due = ""
        if ticket["due_us"] is not None:
            moment = EPOCH + timedelta(microseconds=ticket["due_us"])
            due = f", due {moment_words(moment, zone)}"
        held = f", with {ticket['team']}" if ticket["team"] else ""
        facts.append((str(ticket["ticket_id"]), f"{ticket['left']} left{due}{held}"))
    more = len(told.get("names", ())) - len(facts)
    return [*facts, ("And", f"{more} more")] if facts and more > 0 else facts


def _link(ctx: Context, told: Mapping[str, Any]) -> str:
    base = ctx.workspace.settings.base_url
    return f"{base}{path_of(told)}" if base else ""


def path_of(told: Mapping[str, Any]) -> str:
    """Return the address of the page that shows what fired, with its whole state.

    Examples
    --------
    >>> path_of({"metric": "backlog", "where": ["team=A"], "grain": "week", "period": "2026-W05"})
    '/metrics/backlog?where=team=A&period=week&to=2026-02-01'
    >>> path_of({"check": "freshness"})
    '/checks#freshness'
    """
    if told.get("objective"):
        return f"/objectives#{quote(str(told['objective']))}"
    where = [("where", each) for each in told.get("where", ())]
    if told.get("metric"):
        last = dates_of(str(told["period"]))[1].isoformat()
        named = [("statistic", told.get("statistic") or ""), ("period", told["grain"])]
        pairs = [*where, *named, ("to", last)]
        query = urlencode([pair for pair in pairs if pair[1]], safe=_PLAIN)
        return f"/metrics/{quote(str(told['metric']))}?{query}"
    if told.get("check"):
        return f"/checks#{quote(str(told['check']))}"
    if told.get("level"):
        query = urlencode(where, safe=_PLAIN)
        return f"/service-levels/{quote(str(told['level']))}{f'?{query}' if query else ''}"
    return "/checks"
