"""Days without any update, as the check of gaps found them, told as findings.

Floor 5. Nothing is looked for anew: what the check says is what is found.
"""

from opsgauge.foundation.finding import Evidence, Finding, Lane
from opsgauge.foundation.units import whole
from opsgauge.log.checks.seen import Stretch
from opsgauge.operations.check import silent
from opsgauge.operations.context import Context
from opsgauge.operations.drawing.words import days_words
from opsgauge.operations.flow import Selection

KIND, METHOD = "missing_days", "negative_binomial_none"
SOURCE = "source"


def missing_days(ctx: Context, chosen: Selection | None, evidence: Evidence) -> list[Finding]:
    """Return the days on which a source brought nothing, within the dates and sources chosen."""
    return [_finding(each, evidence) for each in silent(ctx) if _asked(each, chosen)]


def _asked(stretch: Stretch, chosen: Selection | None) -> bool:
    if chosen is None:
        return True
    if chosen.from_ and stretch.last < chosen.from_:
        return False
    if chosen.to and stretch.first > chosen.to:
        return False
    return all(stretch.source in each.values for each in chosen.where if each.column == SOURCE)


def _finding(stretch: Stretch, evidence: Evidence) -> Finding:
    days = days_words(stretch.first, stretch.last)
    return Finding(
        id=f"{KIND}-{stretch.source}-{stretch.first}",
        kind=KIND,
        lane=Lane.INTEGRITY,
        claim=(
            f"No update of {stretch.source} is there for {days}, where about "
            f"{whole(stretch.usual)} are usual."
        ),
        size=stretch.usual,
        unit="count",
        interval=None,
        n=(stretch.last - stretch.first).days + 1,
        method=METHOD,
        evidence=evidence,
        caveats=(
            "Judged by what the same hours bring in the weeks around, up to two days taken for "
            "days off.",
            "Times that span these days may be too long, and whatever was done in them is missing "
            "from every count.",
        ),
        about=(f"{SOURCE}={stretch.source}",),
        odds=stretch.odds,
        look_next="Export those days again and import them; if nobody worked then, say so on the "
        "page of exclusions.",
        within=(stretch.first, stretch.last),
    )
