"""The other side of a comparison of two process maps, read the same way for a page and its twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Depends, Query

from opsgauge.analysis.mining.map_differences import LEAST_SHARE, LEAST_TIME, Effect
from opsgauge.operations.asking import conditions, day
from opsgauge.operations.flow import Passed, Selection
from opsgauge.operations.map_compared import Against
from opsgauge.web.asked import SelectionOf


def against(
    against_where: Annotated[
        list[str] | None, Query(description="The other side's value of a filter: team=B.")
    ] = None,
    against_from: Annotated[
        str | None, Query(description="The other side's first day: 2026-01-31.")
    ] = None,
    against_to: Annotated[str | None, Query(description="The other side's last day.")] = None,
    against_path: Annotated[
        str, Query(description="The other side's path, by its id, as path has the first one's.")
    ] = "",
    steps: str = "phase",
) -> Against:
    """Return what the other side has instead; nothing is as many days before."""
    return Against(
        conditions([each for each in against_where or () if each]),
        day("against_from", against_from or None),
        day("against_to", against_to or None),
        Passed(steps, path=against_path) if against_path else None,
    )


def effect(
    least_share: Annotated[
        float, Query(ge=0, le=1, description="Least difference in share of tickets.")
    ] = LEAST_SHARE,
    least_time: Annotated[float, Query(ge=1, description="Least factor in time.")] = LEAST_TIME,
) -> Effect:
    """Return what is worth telling."""
    return Effect(least_share, least_time)


def sides(
    chosen: SelectionOf, other: Annotated[Against, Depends(against)]
) -> tuple[Selection, Against]:
    """Return the tickets chosen, and what the other side has instead."""
    return chosen, other


SidesOf = Annotated[tuple[Selection, Against], Depends(sides)]
EffectOf = Annotated[Effect, Depends(effect)]
