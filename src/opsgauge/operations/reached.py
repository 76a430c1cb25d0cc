"""Whether an actor sees, or may decide about, all records of a segment.

Floor 5. What is told or decided of a segment is of all its records: a part of them is not enough.
"""

from opsgauge.foundation.agreed import Rules
from opsgauge.foundation.errors import NotAllowed
from opsgauge.governance.access import reaches
from opsgauge.operations.context import Context


def must_reach(ctx: Context, action: str, what: str, segment: Rules) -> None:
    """Refuse what the actor may do to other records only.

    Parameters
    ----------
    what : the action in words: "set targets"

    Raises
    ------
    NotAllowed : with the records for which they may
    """
    allowed = reaches(ctx.actor, action)
    if not any(set(rules) <= set(segment) for rules in allowed):
        theirs = " or ".join(", ".join(each.sentence() for each in rules) for rules in allowed)
        raise NotAllowed(f"{ctx.actor.name} may {what} only for records where {theirs}.")


def sees(ctx: Context, segment: Rules) -> bool:
    """Say whether all records of a segment are seen."""
    return ctx.sight.shows_all(segment)
