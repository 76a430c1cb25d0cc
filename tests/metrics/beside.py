"""Random records beside tickets: every table that metrics count, with missing values and ties."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.metrics.desks import Life, ticket_of

Row = dict[str, Any]
WORDS = {
    "type": ("Standard", "normal", "Emergency"),
    "outcome": ("Successful", "Successful with issues", "Backed out", "Unsuccessful"),
    "risk": ("Low", "Moderate", "High"),
    "environment": ("Production", "Test"),
}


def random_records(seed: int, lives: Sequence[Life]) -> Mapping[str, Sequence[Row]]:
    """Make records that name these tickets, and some that name none."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    tickets = [{"ticket_id": f"T{n}", **ticket_of(life)} for n, life in enumerate(lives, start=1)]
    named = [dice.choice([each, each, {**each, "ticket_id": None}]) for each in tickets]
    return {
        "contacts": [_contact(dice, each) for each in named],
        "surveys": [_survey(dice, each, n) for n, each in enumerate(named)],
        "changes": [_change(dice, each) for each in tickets if each["ticket_id"] is not None],
        "approvals": [_approval(dice, each) for each in named],
        "deployments": [_deployment(dice, each) for each in named],
        "articles": [_article(dice, each) for each in named[:40]],
        "article_uses": [_use(dice, each) for each in named],
        "costs": [_cost(dice, each["opened_at"]) for each in named[:40]],
        "contracts": [_contract(dice, each["opened_at"]) for each in named[:20]],
        "configuration_items": [_item(dice, each) for each in named[:20]],
        "record_facts": [_fact(dice, each) for each in named[:40]],
        "links": [_link(dice, each, tickets) for each in tickets],
        "clocks": [
            _clock(dice, each, agreement)
            for each in tickets
            for agreement in ("sla", "ola", "underpinning")
        ],
        "notes": [_note(dice, each) for each in named],
    }


def _note(dice: random.Random, ticket: Row) -> Row:
    return {
        "ticket_id": ticket["ticket_id"],
        "written_at": _later(dice, ticket["opened_at"], 3_000),
        "kind": dice.choice(["Work note", "Comment"]),
        "internal": _yes_no(dice),
        "from_requester": _yes_no(dice),
        "length": dice.choice([None, 3, 49, 50, 700]),
        "attachments": dice.choice([None, 0, 2]),
    }


def _fact(dice: random.Random, ticket: Row) -> Row:
    return {
        "ticket_id": ticket["ticket_id"],
        "kind": dice.choice(["outage_started_at", "detected_at", "tier"]),
        "at": ticket["opened_at"],
        "decided_at": _later(dice, ticket["opened_at"], 900),
        "stands": dice.random() < 0.8,
    }


def _later(dice: random.Random, moment: datetime, minutes: int) -> datetime:
    return moment + timedelta(minutes=dice.randrange(minutes))


def _yes_no(dice: random.Random) -> bool | None:
    return dice.choice([True, True, False, None])


def _contact(dice: random.Random, ticket: Row) -> Row:
    begun, abandoned = ticket["opened_at"], _yes_no(dice)
    return {
        "ticket_id": ticket["ticket_id"],
        "channel": dice.choice(["Phone", "Chat", "Mail", None]),
        "queue": dice.choice(["First line", "Payroll"]),
        "team": dice.choice(["Desk", "Network", None]),
        "started_at": begun,
        "answered_at": None if abandoned else begun + timedelta(seconds=dice.randrange(300)),
        "ended_at": _later(dice, begun, 90),
        "abandoned": abandoned,
        "wait_seconds": dice.choice([None, 0, 12.5, 40, 181.25]),
        "talk_seconds": dice.choice([None, 60, 333.3, 900]),
        "hold_seconds": dice.choice([0, 20]),
        "wrap_seconds": dice.choice([None, 10, 45.5]),
        "transferred": _yes_no(dice),
        "resolved": _yes_no(dice),
        "requester": dice.choice(["User 1", "User 2", "User 3"]),
        "agent": dice.choice(["Agent 1", "Agent 2", None]),
    }


def _survey(dice: random.Random, ticket: Row, number: int) -> Row:
    kind = ("satisfaction", "recommendation", "effort")[number % 3]
    lowest, highest = (0, 10) if kind == "recommendation" else (1, 5)
    score = dice.choice([None, *range(lowest, highest + 1)])
    sent = ticket["opened_at"]
    return {
        "ticket_id": ticket["ticket_id"],
        "kind": kind,
        "sent_at": sent,
        "answered_at": None if score is None else _later(dice, sent, 3000),
        "score": score,
        "scale_min": lowest,
        "scale_max": highest,
    }


def _change(dice: random.Random, ticket: Row) -> Row:
    planned = ticket["opened_at"] + timedelta(minutes=30)
    begun = _later(dice, planned, 600)
    return {
        "change_id": ticket["ticket_id"],
        **{name: dice.choice([*words, None]) for name, words in WORDS.items()},
        "service": dice.choice(["Mail", "Payroll", None]),
        "planned_start": planned,
        "planned_end": _later(dice, planned, 600),
        "actual_start": dice.choice([begun, None]),
        "actual_end": dice.choice([_later(dice, begun, 600), None]),
        "approvals_needed": dice.choice([0, 1, 2, None]),
        "tested": _yes_no(dice),
        "rollback_plan": _yes_no(dice),
        "backed_out": _yes_no(dice),
        "outage_minutes": dice.choice([None, 0, 7.5, 90]),
    }


def _approval(dice: random.Random, ticket: Row) -> Row:
    decided = dice.choice([None, _later(dice, ticket["opened_at"], 4000)])
    return {
        "ticket_id": ticket["ticket_id"],
        "step": dice.choice(["Manager", "Budget"]),
        "asked_at": ticket["opened_at"],
        "decided_at": decided,
        "approved": None if decided is None else dice.choice([True, False]),
        "approver": dice.choice(["Agent 3", "Agent 4"]),
    }


def _deployment(dice: random.Random, ticket: Row) -> Row:
    begun = ticket["opened_at"]
    return {
        "service": dice.choice(["Mail", "Payroll", None]),
        "environment": dice.choice(["Production", "production", "Test"]),
        "first_commit_at": begun - timedelta(hours=dice.randrange(1, 90)),
        "started_at": begun,
        "finished_at": begun + timedelta(minutes=7),
        "succeeded": _yes_no(dice),
        "rework": _yes_no(dice),
        "change_id": ticket["ticket_id"],
        "failed_by": dice.choice([None, None, "T1"]),
    }


def _article(dice: random.Random, ticket: Row) -> Row:
    begun = ticket["opened_at"]
    return {
        "category": dice.choice(["Mail", "Print"]),
        "kind": dice.choice(["How-to", "Known error"]),
        "state": dice.choice(["Published", "Draft"]),
        "created_at": begun - timedelta(days=3),
        "published_at": dice.choice([begun, None]),
        "reviewed_at": dice.choice([_later(dice, begun, 90_000), None]),
        "review_due_at": begun + timedelta(days=20),
        "retired_at": dice.choice([None, None, _later(dice, begun, 90_000)]),
    }


def _use(dice: random.Random, ticket: Row) -> Row:
    return {
        "article_id": dice.choice(["R1", "R2", "R3"]),
        "ticket_id": ticket["ticket_id"],
        "used_at": ticket["opened_at"],
        "kind": dice.choice(["Read", "Attached"]),
        "helpful": _yes_no(dice),
    }


def _cost(dice: random.Random, moment: datetime) -> Row:
    first = moment.date().replace(day=1)
    return {
        "period_start": dice.choice([first, moment.date()]),
        "period_end": moment.date(),
        "kind": dice.choice(["Labour", "Licences"]),
        "service": dice.choice(["Mail", "Payroll", None]),
        "team": dice.choice(["Desk", "Network", None]),
        "vendor": dice.choice(["Acme", None]),
        "amount": dice.choice([100.1, 0.2, 33.33, 1000]),
        "currency": "EUR",
    }


def _contract(dice: random.Random, moment: datetime) -> Row:
    first = moment.date()
    return {
        "vendor": dice.choice(["Acme", "Bolt"]),
        "service": dice.choice(["Mail", None]),
        "starts_on": first,
        "ends_on": dice.choice([None, first + timedelta(days=30)]),
        "notice_days": dice.choice([30, 90, None]),
        "yearly_amount": dice.choice([1200.0, 300.5]),
        "currency": "EUR",
    }


def _item(dice: random.Random, ticket: Row) -> Row:
    return {
        "class": dice.choice(["Server", "Laptop"]),
        "service": dice.choice(["Mail", None]),
        "team": dice.choice(["Desk", None]),
        "installed_at": ticket["opened_at"],
        "retired_at": dice.choice([None, _later(dice, ticket["opened_at"], 90_000)]),
    }


def _link(dice: random.Random, ticket: Row, tickets: Sequence[Row]) -> Row:
    return {
        "ticket_id": ticket["ticket_id"],
        "kind": dice.choice(["caused_by", "problem_of", "child_of", "related_to"]),
        "to_id": dice.choice(tickets)["ticket_id"],
        "at": ticket["opened_at"],
    }


def _clock(dice: random.Random, ticket: Row, agreement: str) -> Row:
    begun, target, used = ticket["opened_at"], dice.choice([2, 4, 8]), dice.randrange(9)
    decided = _later(dice, begun, 900) if dice.random() < 0.9 else None
    return {
        "ticket_id": ticket["ticket_id"],
        "clock": f"promise by {agreement}",
        "cycle": 1,
        "agreement": agreement,
        "target_of": dice.choice(["response", "resolution"]),
        "state": "running" if decided is None else "late" if used > target else "met",
        "started_at": begun,
        "decided_at": decided,
        "target_us": target * 3_600_000_000,
        "used_us": used * 3_600_000_000,
        "left_us": (target - used) * 3_600_000_000,
        "waited_us": dice.choice([0, 1_800_000_000]),
        "kept": None if decided is None else used <= target,
        "breached": used > target,
        "ever_breached": used > target or dice.random() < 0.1,
        "newest": True,
    }
