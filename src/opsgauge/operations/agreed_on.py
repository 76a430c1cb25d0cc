"""What people agreed on about one metric: its targets, its baselines, who has which part in it.

Floor 5. Whoever sees the metric is told as much as they may know.
"""

from dataclasses import dataclass
from typing import Any

from opsgauge.governance.access import decide
from opsgauge.governance.baselines import Baseline, baselines
from opsgauge.governance.owners import CONSUMER, OWNER, Ownership
from opsgauge.operations.context import Context
from opsgauge.operations.owners import parts_in
from opsgauge.operations.reached import sees
from opsgauge.operations.targets import TargetState, target_states


@dataclass(frozen=True)
class Agreed:
    """The targets of a metric with how they are doing, its baselines, and who has a part in it."""

    targets: tuple[TargetState, ...]
    parts: tuple[Ownership, ...]
    baselines: tuple[Baseline, ...] = ()

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
            "baselines": [_brief(each) for each in self.baselines],
        }


def agreed_on(ctx: Context, metric: str) -> Agreed:
    """Return what is agreed on about a metric.

    Needs `target:read` for its targets, `baseline:read` for its baselines and `owner:read` for its
    owners; who lacks one of them gets the others.
    """
    may_targets, may_baselines, may_owners = (
        decide(ctx.actor, f"{what}:read").allowed for what in ("target", "baseline", "owner")
    )
    found = baselines(ctx.database, metric) if may_baselines else []
    return Agreed(
        targets=tuple(target_states(ctx, metric)) if may_targets else (),
        parts=tuple(parts_in(ctx, "metric", metric)) if may_owners else (),
        baselines=tuple(each for each in found if sees(ctx, each.series.segment)),
    )


def _brief(baseline: Baseline) -> dict[str, Any]:
    """Return a baseline without the values and steps behind it."""
    numbers = {
        name: baseline.numbers[name] for name in ("centre", "lower", "upper", "periods", "n")
    }
    return {**baseline.as_json(), "numbers": numbers, "is_target": False}
