"""What a list of tickets does not tell: how each came to be as it stands.

Floor 2. A row per ticket has moments and no updates. What would be counted or added up from updates
is null there, unless the list has a column of its own for it: no reopening seen is not none. So it
is left out of numbers, and where no record holds it, the number is withheld.
"""

from collections.abc import Mapping as Dict

from opsgauge.log.answers import ANSWERS
from opsgauge.log.mapping import Mapping
from opsgauge.log.shapes import mapped

NULL = "NULL"
# Known where a source tells updates, null where it lists tickets; no mapping fills it.
TOLD_BY_UPDATES = "history_handoff_count"
# What history gives from updates alone, with columns of `tickets` that a mapping can fill first.
BY_UPDATES = (
    "assigned_at",
    "first_response_at",
    *ANSWERS,
    "first_team",
    "reopen_count",
    "handoff_count",
    "history_assigned_at",
    "history_first_response_at",
    "history_handoff_count",
    "life_us",
    "pending_us",
    "pending_user_us",
)
NEVER_MAPPED = (
    *ANSWERS,
    "first_team",
    "update_count",
    "history_assigned_at",
    "history_first_response_at",
    "history_reopen_count",
    "history_handoff_count",
    "life_us",
    "pending_us",
    "pending_user_us",
)


def tells_updates(mapping: Mapping) -> bool:
    """Say whether a source tells the updates of its tickets."""
    return mapping.shape != "tickets"


def as_told(mapping: Mapping, made: Dict[str, str], own: Dict[str, str]) -> dict[str, str]:
    """Return the SQL of columns of `tickets`, without what the source cannot tell.

    Parameters
    ----------
    made : the SQL of columns, by name
    own : the SQL of the fields that the mapping fills
    """
    if tells_updates(mapping):
        return dict(made)
    left = {name: own.get(name, NULL) for name in BY_UPDATES}
    # A reopening between two exports was seen; that none was seen says nothing.
    seen = {"history_reopen_count": f"nullif({made['history_reopen_count']}, 0)"}
    return {**made, **left, **seen}


def count_sql(mapping: Mapping, name: str, derived: str) -> str:
    """Return the SQL of a count up to an interval: the source's own, else what updates give."""
    own = f"c.{name}" if name in mapped(mapping) else NULL
    return f"coalesce({own}, c.{derived})" if tells_updates(mapping) else own
