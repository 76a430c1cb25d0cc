"""What an address asks of rules: read the same way for a page and for its JSON twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Depends, Query, Response

from opsgauge.analysis.conformance.times import K
from opsgauge.operations.conformance.evidence import PACK, SAMPLE, Pack, Wanted
from opsgauge.operations.conformance.model_answers import USUAL_SHARE, Modelled
from opsgauge.operations.conformance.models import ModelBehind
from opsgauge.operations.conformance.over_time import Asked
from opsgauge.operations.conformance.rules import LISTED, RuleBehind
from opsgauge.operations.conformance.times import Profiled, TimesBehind


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


def exceptions_asked(
    period: Annotated[str, Query(description="day, week, month, quarter or year.")] = "month",
    rule: Annotated[list[str] | None, Query(description="Only these rules; else all.")] = None,
) -> Asked:
    """Return of which rules an address asks over time, and by which period."""
    return Asked(period or "month", tuple(rule or ()))


def profiled(
    by: Annotated[str, Query(description="phase, original_status or activity.")] = "phase",
    k: Annotated[float, Query(description="How many deviations are far out.")] = K,
) -> Profiled:
    """Return how an address looks at times between steps."""
    return Profiled(by, k)


def times_behind(
    first: Annotated[str, Query(description="From this step.")] = "",
    second: Annotated[str, Query(description="To this one.")] = "",
    place: Annotated[str, Query(description="late, early, or empty for all.")] = "late",
) -> TimesBehind:
    """Return which pair's tickets an address asks for."""
    return TimesBehind(first, second, place)


def modelled(
    model: Annotated[
        str, Query(description="A file of models/ by its name; empty: the most frequent paths.")
    ] = "",
    by: Annotated[
        str, Query(description="phase, original_status or activity; empty: what fits the model.")
    ] = "",
    share: Annotated[
        float, Query(description="Of how many of the tickets the most frequent paths are.")
    ] = USUAL_SHARE,
) -> Modelled:
    """Return which model an address asks for."""
    return Modelled(model, by, share)


def model_behind(
    of: Annotated[str, Query(description="fits or departs.")] = "departs",
    departed: Annotated[str, Query(description="Only those that depart at this step.")] = "",
    how: Annotated[
        str, Query(description="And so: not in the model, out of turn, left undone.")
    ] = "",
) -> ModelBehind:
    """Return which number's tickets an address asks for."""
    return ModelBehind(of, departed, how)


ProfiledOf = Annotated[Profiled, Depends(profiled)]
TimesBehindOf = Annotated[TimesBehind, Depends(times_behind)]
ModelledOf = Annotated[Modelled, Depends(modelled)]
ModelBehindOf = Annotated[ModelBehind, Depends(model_behind)]
RuleBehindOf = Annotated[RuleBehind, Depends(behind)]
EvidenceOf = Annotated[Wanted, Depends(wanted)]
ExceptionsOf = Annotated[Asked, Depends(exceptions_asked)]


def zipped(pack: Pack) -> Response:
    """Return an evidence pack as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{PACK}"'}
    return Response(pack.content, media_type="application/zip", headers=headers)
