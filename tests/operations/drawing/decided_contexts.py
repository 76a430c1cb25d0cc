"""Contexts of the page templates about people, the audit, services and service levels.

As `page_contexts.py`: the contract of the templates' opening comments, with one hostile text.
"""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.governance.audit import AuditLine
from opsgauge.governance.looks import Look
from opsgauge.governance.people import Given, User
from opsgauge.governance.tokens import Token
from opsgauge.operations.restating import Restated

SEEN = datetime(2016, 5, 30, 7, tzinfo=UTC)
Values = dict[str, Any]


def _link(text: str) -> Values:
    return {"text": text, "href": f"/{text}"}


def _user(text: str) -> User:
    given = (Given(1, text, (Condition("team", (text,)),), "", SEEN, text),)
    return User(1, text, text, text, text, True, True, text, SEEN, (text,), given)


def _around_people(text: str) -> Values:
    return {
        "zone": "UTC",
        "may_change": True,
        "roles": [text],
        "reached_by": text,
        "fault": text,
        "fault_of": "change",
        "typed": dict.fromkeys(("name", "shown", "email", "alias", "role", "reach", "group"), text),
        "again": True,
    }


def _token(text: str) -> tuple[Token, str]:
    reach = (Condition("team", (text,)),)
    return Token(1, text, text, (text,), reach, SEEN, SEEN, None, None), "active"


def _given(text: str) -> list[Values]:
    given = _user(text).given[0]
    return [{"one": given, "reach": text}, {"one": given, "reach": text}]


def people(text: str) -> Values:
    """Return what people.html asks for."""
    group = {"name": text, "href": f"/{text}", "members": 1, "roles": text}
    return _around_people(text) | {
        "left": _link(text),
        "users": [{"user": _user(text), "href": f"/{text}", "roles": text}],
        "groups": [group],
    }


def person(text: str) -> Values:
    """Return what person.html asks for."""
    return _around_people(text) | {
        "user": _user(text),
        "given": _given(text),
        "tokens": [_token(text)],
        "page_href": f"/{text}",
        "holds": [_link(text) | {"could_take": text}],
        "group_hrefs": {text: f"/{text}"},
    }


def group(text: str) -> Values:
    """Return what group.html asks for."""
    more = {"members": [_link(text)], "given": _given(text), "page_href": f"/{text}"}
    return _around_people(text) | more


def account(text: str) -> Values:
    """Return what account.html asks for."""
    return {
        "user": _user(text),
        "zone": "UTC",
        "roles": [{"role": text, "reach": text, "group": text}],
        "tokens": [_token(text)],
        "actions": [(text, text)],
        "looks": [Look(SEEN, text, text, text)],
        "looks_total": 2,
        "fault": text,
        "fault_of": "token",
        "typed": dict.fromkeys(("name", "actions", "days", "reach"), text),
        "made": text,
        "made_name": text,
    }


def setup(text: str) -> Values:
    """Return what setup.html asks for."""
    return {
        "fits": True,
        "fault": text,
        "typed": dict.fromkeys(("code", "name", "shown"), text),
    }


def sign_in(text: str) -> Values:
    """Return what sign_in.html asks for."""
    typed = dict.fromkeys(("name", "next"), text)
    return {"fault": text, "typed": typed, "provider": _link(text)}


def audit(text: str) -> Values:
    """Return what audit.html asks for."""
    line = AuditLine(1, SEEN, text, text, text, text, text, text, text, text)
    shown = {"line": line, "by_actor": f"?{text}", "by_subject": f"?{text}"}
    return {
        "lines": [shown | {"before": text, "after": text}],
        "older": _link(text),
        "newest": _link(text),
        "asked": dict.fromkeys(("subject", "action", "actor"), text),
        "actions": [{"value": text, "text": text}],
        "csv_href": f"?{text}",
        "verify_href": f"?{text}",
        "verdict": {"holds": False, "words": text, "lines": 1, "last_hash": text},
    }


def services(text: str) -> Values:
    """Return what services.html asks for."""
    end = {"href": f"/{text}", "number": 1, "words": text, "reason": True}
    row = {"service": _link(text), "tier": 1, "told": 2, "decided": text, "why": text}
    choices = [{"text": "", "options": [{"value": text, "text": text}]}]
    return {
        "rows": [row | {"tickets": text, "end": end}, row | {"tickets": text, "end": None}],
        "promises": [SimpleNamespace(tier=1, kind=text, words=text, by=text)],
        "services": choices,
        "tiers": choices,
        "form": dict.fromkeys(("service", "tier", "why"), text),
        "fault": text,
    }


def restated(text: str) -> Values:
    """Return what restated.html asks for."""
    row = Restated("2016-W02", {}, 1.0, 2.0, 1, 2, (text,), 2)
    return {
        "found": SimpleNamespace(
            rows=(row,), unit="hours", question=SimpleNamespace(period="week")
        ),
        "suspect": [],
        "statistic": text,
    }


def service_levels(text: str) -> Values:
    """Return what service_levels.html asks for."""
    names = ("n", "broken", "lasting", "overdue")
    level: Values = dict.fromkeys(("title", "name", "href", "kind", "share", "between"), text)
    level |= {"href": f"/{text}"} | dict.fromkeys(names, _link(text))
    of = {"title": text} | dict.fromkeys(("tickets", "broken", "with"), _link(text))
    chain = {"title": text} | dict.fromkeys(("broken", "no_link", "too_long"), _link(text))
    return {
        "notice": None,
        "levels": [level],
        "now": text,
        "whose_clock": {"words": text, "other_by": text, **_link(text)},
        "suspect": [_link(text)],
        "chains": [chain | {"links": [of]}],
        "of": text,
    }


def service_level(text: str) -> Values:
    """Return what service_level.html asks for."""
    numbers = ("kept", "broken", "running", "paused", "overdue", "flips", "n")
    evidence = Evidence(text, 1)
    finding = Finding(
        text, text, Lane.INTEGRITY, text, 1.0, "count", None, 9, text, evidence, caveats=(text,)
    )
    late = dict.fromkeys(("part", "used", "share", "waited"), text)
    pause = dict.fromkeys(
        ("team", "pauses", "late", "share", "short", "silent", "silent_share"), text
    )
    over = dict.fromkeys(("ticket_id", "team", "priority", "over"), text) | {"href": f"/{text}"}
    shown = SimpleNamespace(
        n=2, kept=1, broken=1, flips=1, overdue=2, share=0.5, interval=(0.1, 0.9)
    )
    return {
        "whose_clock": None,
        "suspect": [_link(text)],
        "kept": shown,
        "row": dict.fromkeys(numbers, _link(text)) | {"share": text, "between": text},
        "targets": [text, text],
        "days": text,
        "now": text,
        "all_tickets": True,
        "zone": text,
        "parts": [_link(text) | {"current": True}],
        "part": text,
        "late": [late | {"width": 50, "clocks": _link(text)}],
        "late_n": _link(text),
        "late_hours": text,
        "pauses": [pause],
        "findings": [finding],
        "untold": "",
        "beside": SimpleNamespace(n=2, lasting=1),
        "agreeing": text,
        "flagged": [(text, _link(text), (text,))],
        "flag_lasts": _link(text),
        "overdue": [over],
        "risk_href": f"/{text}",
        "file": text,
        "definition": text,
        "other": text,
        "action": f"/{text}",
        "keep": [(text, text)],
        "whatif": {"fault": "", "rows": [(text, text, text)], "flips": 1},
    }


PAGES = {
    "people": ("people.html", people),
    "person": ("person.html", person),
    "group": ("group.html", group),
    "account": ("account.html", account),
    "setup": ("setup.html", setup),
    "sign_in": ("sign_in.html", sign_in),
    "audit": ("audit.html", audit),
    "services": ("services.html", services),
    "restated": ("restated.html", restated),
    "service_levels": ("service_levels.html", service_levels),
    "service_level": ("service_level.html", service_level),
}
