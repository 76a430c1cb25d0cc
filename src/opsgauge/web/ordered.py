"""What an address asks of orders: read the same way for a page and for its JSON twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Depends, Query

from opsgauge.analysis.requests.orders import ORDER
from opsgauge.operations.orders_behind import KINDS, Behind

CalendarName = Annotated[str, Query(description="Whose open time counts as business time.")]
OfPractice = Annotated[str, Query(description="Whose approvals: request, change, release …")]
Days = Annotated[int, Query(description="For how long an incident counts against an order.")]


def behind(
    of: Annotated[str, Query(description=f"One of {', '.join(KINDS)}.")] = "completed",
    group: Annotated[str, Query(description="item, channel, team or location; empty: all.")] = "",
    name: Annotated[str, Query(description="Its name; empty: not written.")] = "",
    approval: Annotated[str, Query(description="Its step, and after a / its group.")] = "",
    task: Annotated[str, Query(description="The task or piece.")] = "",
    level: Annotated[int, Query(ge=0, description="The level of the approval; 0: any.")] = 0,
    practice: OfPractice = ORDER,
    calendar: CalendarName = "always",
    days: Days = 14,
) -> Behind:
    """Return which number's orders an address asks for."""
    named, _, approver = approval.partition("/")
    return Behind(
        of,
        group,
        name or None,
        named,
        approver or None,
        task,
        calendar,
        days,
        level=level,
        practice=practice,
    )


BehindOf = Annotated[Behind, Depends(behind)]
