"""Which tickets a command is about, from the options that many commands share.

Floor 7.
"""

from opsgauge.operations.asking import conditions, day
from opsgauge.operations.flow import Selection


def chosen_tickets(where: list[str] | None, from_: str | None, to: str | None) -> Selection:
    """Return which tickets `--where`, `--from` and `--to` choose."""
    return Selection(conditions(where or ()), day("--from", from_), day("--to", to))
