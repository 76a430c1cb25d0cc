"""The register of alert rules: drafted, switched on, muted, retired; none is changed or removed.

Floor 4. What becomes of a rule is a further step; a draft without a channel gets its one when it is
switched on. Each leaves its audit line in the same
transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opsgauge.foundation.alerting import (
    DRAFT,
    MUTED,
    ON,
    RETIRED,
    AlertRule,
    Escalation,
    Guard,
    RuleStep,
)
from opsgauge.foundation.clock import Clock
from opsgauge.foundation.errors import QueryWrong, UnknownRecord
from opsgauge.governance import rules
from opsgauge.governance.access import Actor
from opsgauge.governance.alert_tables import AlertRuleRow, AlertStepRow
from opsgauge.governance.audit import append_within, json_text
from opsgauge.governance.database import Database
from opsgauge.governance.moments import text_of
from opsgauge.governance.register import check_reason

SET = "alert:set"
HINT = "opsgauge alerts list"
# From which states a rule may come to which.
MAY: Mapping[str, tuple[str, ...]] = {
    ON: (DRAFT, MUTED),
    MUTED: (ON, MUTED),
    RETIRED: (DRAFT, ON, MUTED),
}
_PLAIN = (
    *("name", "kind", "metric", "statistic", "grain", "split", "hours", "at_least", "about"),
    *("severity", "decision", "runbook", "channel", "owner"),
)


def draft(database: Database, clock: Clock, actor: Actor, rule: AlertRule) -> AlertRule:
    """Keep a new rule, which looks at nothing until it is switched on.

    Raises
    ------
    QueryWrong : it has no name or no reason
    """
    if not rule.name.strip():
        raise QueryWrong("A rule needs a name.", hint="Say what it tells of.")
    check_reason(rule.why, "A rule needs a reason.", "Say what it is for.")
    row = AlertRuleRow(
        **{name: getattr(rule, name) for name in _PLAIN},
        segment=rules.text(rule.segment),
        guard=json_text(_guard_text(rule.guard)) if rule.guard else "",
        escalation=_escalation_text(rule.escalation),
        why=rule.why.strip(),
        made_by=actor.name,
    )
    with database.writing() as session:
        row.made_at = text_of(clock())
        session.add(row)
        session.flush()
        made = _rule(row, [])
        append_within(
            *(session, clock, actor, SET, subject(made)), after=made.as_json(), why=row.why
        )
        return made


def step(
    database: Database,
    clock: Clock,
    actor: Actor,
    number: int,
    wanted: tuple[str, str, datetime | None],
    channel: str = "",
) -> AlertRule:
    """Switch a rule on, mute or retire it.

    Parameters
    ----------
    wanted : "on", "muted" or "retired"; the reason; of a mute until when, None for good
    channel : the channel of a rule that has none yet; "" leaves it as it is

    Raises
    ------
    UnknownRecord : there is none of that number
    QueryWrong : it cannot come to that from what it is, no reason is given, or the time is over
    """
    kind, why, until = wanted
    check_reason(why, "This needs a reason.", "The audit keeps it.")
    with database.writing() as session:
        rule = _row(session, number)
        before = _rule(rule, _steps(session, number))
        now = text_of(clock())
        state = before.state(now)
        if state not in MAY[kind]:
            raise QueryWrong(f"Rule {number} is {state}, so it cannot be {_WORDS[kind]}.")
        if until is not None and text_of(until) <= now:
            raise QueryWrong(f"{text_of(until)} is over.", hint="Name a later moment.")
        row = AlertStepRow(
            rule_id=number,
            kind=kind,
            until=text_of(until) if until else None,
            why=why.strip(),
            made_at=now,
            made_by=actor.name,
        )
        session.add(row)
        named = channel if not rule.channel else ""
        rule.channel = rule.channel or channel
        session.flush()
        after = replace(before, channel=rule.channel, steps=(*before.steps, _step(row)))
        append_within(
            *(session, clock, actor, SET, subject(after)),
            before={"state": state},
            after={"state": kind, "until": row.until, **({"channel": named} if named else {})},
            why=row.why,
        )
        return after


_WORDS = {ON: "switched on", MUTED: "muted", RETIRED: "retired"}


def alert_rules(database: Database) -> list[AlertRule]:
    """Return every rule ever drafted, oldest first."""
    with database.reading() as session:
        steps: dict[int, list[AlertStepRow]] = {}
        for row in session.scalars(select(AlertStepRow).order_by(AlertStepRow.id)):
            steps.setdefault(row.rule_id, []).append(row)
        rows = session.scalars(select(AlertRuleRow).order_by(AlertRuleRow.id))
        return [_rule(row, steps.get(row.id, [])) for row in rows]


def alert_rule(database: Database, number: int) -> AlertRule:
    """Return one rule.

    Raises
    ------
    UnknownRecord : there is none of that number
    """
    with database.reading() as session:
        return _rule(_row(session, number), _steps(session, number))


def subject(rule: AlertRule) -> str:
    """Return what audit lines call a rule."""
    return f"alert {rule.number}"


def _row(session: Session, number: int) -> AlertRuleRow:
    row = session.get(AlertRuleRow, number)
    if row is None:
        raise UnknownRecord(f"There is no rule {number}.", hint=HINT)
    return row


def _steps(session: Session, number: int) -> list[AlertStepRow]:
    query = select(AlertStepRow).where(AlertStepRow.rule_id == number).order_by(AlertStepRow.id)
    return list(session.scalars(query))


def _guard_text(guard: Guard) -> dict[str, Any]:
    return {**vars(guard), "windows": list(guard.windows)}


def _guard_of(text: str) -> Guard | None:
    if not text:
        return None
    told = json.loads(text)
    return Guard(**{**told, "windows": tuple(told["windows"])})


def _escalation_text(steps: tuple[Escalation, ...]) -> str | None:
    return json_text([dict(vars(each)) for each in steps]) if steps else None


def _escalation_of(text: str | None) -> tuple[Escalation, ...]:
    return tuple(Escalation(**each) for each in json.loads(text)) if text else ()


def _rule(row: AlertRuleRow, steps: list[AlertStepRow]) -> AlertRule:
    return AlertRule(
        **{name: getattr(row, name) for name in _PLAIN},
        segment=rules.read(row.segment),
        guard=_guard_of(row.guard),
        escalation=_escalation_of(row.escalation),
        why=row.why,
        number=row.id,
        made_at=row.made_at,
        made_by=row.made_by,
        steps=tuple(_step(each) for each in steps),
    )


def _step(row: AlertStepRow) -> RuleStep:
    return RuleStep(row.kind, row.why, row.made_at, row.made_by, row.until)
