"""What an address asks of rules: read the same way for a page and for its JSON twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Depends, Query, Response

from opsgauge.operations.conformance.evidence import PACK, SAMPLE, Pack, Wanted
from opsgauge.operations.conformance.rules import LISTED, RuleBehind


def behind(
    rule: Annotated[str, Query(description="The rule, as rules/*.yaml names it.")] = "",
    outcome: Annotated[str, Query(description=f"One of {', '.join(LISTED)}.")] = "broken",
    cause: Annotated[str, Query(description="Only those with this cause.")] = "",
) -> RuleBehind:
    """Return which number's tickets an address asks for."""
    return RuleBehind(rule, outcome, cause)


def wanted(
    rule: Annotated[list[str] | None, Query(description="Only these rules; else all.")] = None,
    sample: Annotated[int, Query(description="Tickets to draw.")] = SAMPLE,
    seed: Annotated[int, Query(description="From which they are drawn.")] = 1,
) -> Wanted:
    """Return what is to be in an evidence pack."""
    return Wanted(tuple(rule or ()), sample, seed)


RuleBehindOf = Annotated[RuleBehind, Depends(behind)]
EvidenceOf = Annotated[Wanted, Depends(wanted)]


def zipped(pack: Pack) -> Response:
    """Return an evidence pack as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{PACK}"'}
    return Response(pack.content, media_type="application/zip", headers=headers)
