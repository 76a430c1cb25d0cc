"""The audit: who did what, and whether its lines are as they were written.

Floor 6.
"""

import json
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from opsgauge.governance.access import ACTIONS
from opsgauge.operations.auditing import NOTED, AuditPage, audit_lines, verified
from opsgauge.web.audited import LinesOf
from opsgauge.web.pages.frame import Values, View, ViewOf, frame, html, link
from opsgauge.web.pages.tidy import TidyRoute

AUDITED = {**ACTIONS, **NOTED}
router = APIRouter(route_class=TidyRoute)


@router.get("/audit")
def audit_page(
    seen: ViewOf, asked: LinesOf, verify: Annotated[str, Query(description="yes")] = ""
) -> HTMLResponse:
    """Draw the lines of the audit."""
    page = audit_lines(seen.ctx, asked)
    here = seen.address
    return html(
        "audit.html",
        {
            "page": frame(seen, "", "Audit"),
            "headline": "Who did what",
            "why": "Lines are only ever added. Each holds the hash of the one before, so that a "
            "changed, removed or added line shows.",
            "crumbs": [link("Home", here.to("/"))],
            "lines": _lines(seen, page),
            "older": link("Older lines", here.having(before=page.older, verify=None))
            if page.older
            else None,
            "newest": link("The newest", here.having(before=None)) if asked.before else None,
            "asked": {"subject": asked.subject, "action": asked.action, "actor": asked.actor},
            "actions": [
                {"value": "", "text": "anything"},
                *({"value": each, "text": f"{words} ({each})"} for each, words in AUDITED.items()),
            ],
            "csv_href": str(here.having(verify=None).twin().having(format="csv")),
            "verify_href": str(here.having(verify="yes")),
            "verdict": verified(seen.ctx).as_json() if verify == "yes" else None,
        },
    )


def _lines(seen: View, page: AuditPage) -> list[Values]:
    """Return lines as the page shows them: each name leads to the lines of the same."""
    return [
        {
            "line": line,
            "by_actor": str(seen.address.having(actor=line.actor, before=None)),
            "by_subject": str(seen.address.having(subject=line.subject, before=None)),
            "before": _shown(line.before),
            "after": _shown(line.after),
        }
        for line in page.lines
    ]


def _shown(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=1)
