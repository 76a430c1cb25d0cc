"""The routes of the API about the audit: its lines, and whether they hold.

Floor 6.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from opsgauge.operations.auditing import audit_lines, exported_lines, verified
from opsgauge.web.api.as_csv import AS_CSV, FormOf, file_of
from opsgauge.web.api.routes import ANSWERS
from opsgauge.web.asked import Ctx
from opsgauge.web.audited import LinesOf

router = APIRouter(prefix="/api/v1/audit", responses=ANSWERS)
Json = dict[str, Any]


@router.get("", tags=["pages"], **AS_CSV)
def read_audit(ctx: Ctx, asked: LinesOf, form: FormOf) -> Json | Response:
    """Return who did what, the newest first; `older` is where to read on, as `before`.

    With `format=csv` it is an export, which is itself noted in the audit.
    """
    if form.is_csv:
        return file_of(exported_lines(ctx, asked).as_json(), "lines", "audit")
    return audit_lines(ctx, asked).as_json()


@router.get("/verdict", tags=["numbers"])
def read_verdict(
    ctx: Ctx,
    expect: Annotated[
        str, Query(max_length=100, description="The last hash of an earlier verdict.")
    ] = "",
) -> Json:
    """Say whether every line of the audit is as it was written, and where it breaks if not."""
    return verified(ctx, expect).as_json()
