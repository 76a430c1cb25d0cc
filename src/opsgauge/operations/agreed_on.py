"""What people agreed on about one metric: its targets, and who has which part in it.

Floor 5. Whoever sees the metric is told as much as they may know.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.governance.access import decide
from opsgauge.governance.owners import CONSUMER, OWNER, Ownership
from opsgauge.operations.context import Context
from opsgauge.operations.owners import parts_in
from opsgauge.operations.targets import TargetState, target_states


@dataclass(frozen=True)
class Agreed:
    """The targets of a metric with how they are doing, and who has a part in it."""

    targets: tuple[TargetState, ...]
    parts: tuple[Ownership, ...]

    def who(self, part: str) -> tuple[str, ...]:
        """Return who has a part."""
        return tuple(each.person for each in self.parts if each.part == part)

    @property
    def owners(self) -> tuple[str, ...]:
        """Who answers for it."""
        return self.who(OWNER)

    @property
    def consumers(self) -> tuple[str, ...]:
        """Who decides by it."""
        return self.who(CONSUMER)

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "targets": [each.as_json() for each in self.targets],
            "owners": [each.as_json() for each in self.parts],
        }


def agreed_on(ctx: Context, metric: str) -> Agreed:
    """Return what is agreed on about a metric.

    Needs `target:read` for its targets and `owner:read` for its owners; who lacks one of them gets
    the other.
    """
    may_targets, may_owners = (
        decide(ctx.actor, f"{what}:read").allowed for what in ("target", "owner")
    )
    return Agreed(
        targets=tuple(target_states(ctx, metric)) if may_targets else (),
        parts=tuple(parts_in(ctx, "metric", metric)) if may_owners else (),
    )
