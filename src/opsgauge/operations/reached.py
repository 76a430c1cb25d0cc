"""Whether an actor sees, or may decide about, all records of a segment.

Floor 5. What is told or decided of a segment is of all its records: a part of them is not enough.
"""

from opsgauge.foundation.agreed import Rules, Scope
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
    return all_within(ctx.sight, segment)


def all_within(sight: Scope, segment: Rules) -> bool:
    """Say whether a sight shows all records of a segment.

    Examples
    --------
    >>> from opsgauge.foundation.agreed import Condition
    >>> mine, high = Condition("team", ("A",)), Condition("priority", ("1",))
    >>> all_within(Scope((mine,)), (mine, high)), all_within(Scope((mine,)), (high,))
    (True, False)
    """
    told = set(segment)
    within = any(set(rules) <= told for rules in sight.any_of) if sight.any_of else True
    return set(sight.rules) <= told and within
