"""What an address asks about waiting, read the same way for a page and for its JSON twin.

Floor 6.
"""

from typing import Annotated

from fastapi import Query

from opsgauge.analysis.waiting.bottlenecks import ACHIEVABLE
from opsgauge.analysis.waiting.steps import KINDS, TEAM_PHASE

Kind = Annotated[str, Query(description=f"What steps are told apart by: {', '.join(KINDS)}.")]
Achievable = Annotated[
    int, Query(ge=1, le=50, description="Percentile of a step's own cases that all could reach.")
]
Grain = Annotated[str, Query(description="day, week, month, quarter or year.")]
CauseBy = Annotated[str, Query(description="team or transition.")]
CauseDays = Annotated[
    int,
    Query(ge=1, description="Of tickets updated in so many newest days, unless days are named."),
]
USUAL_KIND, USUAL_ACHIEVABLE, USUAL_GRAIN = TEAM_PHASE, ACHIEVABLE, "week"
