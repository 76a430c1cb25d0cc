"""Whether what was decided about some tickets is for an actor to see, or to change.

Floor 5. A number of all tickets is a hole for whoever may see a part of them, so what is said of a
segment is shown where all of its tickets are seen.
"""

from opsgauge.foundation.agreed import Rules, Scope
from opsgauge.foundation.errors import NotAllowed
from opsgauge.governance.access import reaches
from opsgauge.governance.rules import within
from opsgauge.operations.context import Context


def must_reach(ctx: Context, action: str, words: str, segment: Rules) -> None:
    """Go on only if the actor may do this to all records of a segment.

    Parameters
    ----------
    words : what is done: "set targets"

    Raises
    ------
    NotAllowed : with the records for which they may
    """
    allowed = reaches(ctx.actor, action)
    if not any(within(segment, rules) for rules in allowed):
        theirs = " or ".join(", ".join(each.sentence() for each in rules) for rules in allowed)
        raise NotAllowed(f"{ctx.actor.name} may {words} only for records where {theirs}.")


def sees(ctx: Context, segment: Rules) -> bool:
    """Say whether all records of a segment are seen."""
    return covers(ctx.scope, segment)


def covers(scope: Scope, segment: Rules) -> bool:
    """Say whether all records of a segment lie in a scope."""
    of_one = not scope.any_of or any(within(segment, rules) for rules in scope.any_of)
    return within(segment, scope.rules) and of_one
