"""Which lines of the audit an address asks for, the same for the page and for its twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Depends, Query

from opsgauge.operations.auditing import MOST_LINES, USUAL_LINES, Asked


def lines_asked(
    subject: Annotated[str, Query(description="Only lines of this thing.")] = "",
    action: Annotated[str, Query(description="Only lines of this action.")] = "",
    actor: Annotated[str, Query(description="Only lines of what this user did.")] = "",
    before: Annotated[
        int | None, Query(ge=1, le=2**53, description="Only lines with a lower number.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = USUAL_LINES,
) -> Asked:
    """Return which lines an address asks for."""
    return Asked(subject, action, actor, before, limit)


LinesOf = Annotated[Asked, Depends(lines_asked)]
