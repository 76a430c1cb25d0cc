"""What people agreed on about a metric, on its page: targets, owner, tickets left out.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import replace

from opsgauge.foundation.units import amount
from opsgauge.governance.access import decide
from opsgauge.governance.baselines import FREEZE, Baseline
from opsgauge.governance.owners import CONSUMER, OWNER
from opsgauge.governance.owners import SET as NAME_OWNER
from opsgauge.governance.targets import SET as SET_TARGET
from opsgauge.log.periods import ALL, label_of
from opsgauge.operations.agreed_on import Agreed
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.asking import written
from opsgauge.operations.both_ways import pairs
from opsgauge.operations.drawing.control_chart import Goal
from opsgauge.operations.drawing.words import Said, capfirst
from opsgauge.operations.targets import of_series
from opsgauge.web.pages.baseline_rows import TONES, which
from opsgauge.web.pages.frame import Values, View
from opsgauge.web.pages.targets import target_row


def goal_of(agreed: Agreed, measured: Measured) -> Goal | None:
    """Return the goal line of a series: that of the target of its tickets, statistic and period."""
    found = of_series((each.target for each in agreed.targets), measured)
    return Goal(found.goal, label_of(found.from_day, found.period)) if found else None


def agreed_values(seen: View, measured: Measured, agreed: Agreed, newest: Value | None) -> Values:
    """Return what `metric.html` says of what is agreed."""
    ours = of_series((each.target for each in agreed.targets), measured)
    rows = [target_row(seen, each) for each in agreed.targets]
    both = {row.period: other for row, other in pairs(measured) if other is not None}
    return {
        "agreed": {
            "owners": agreed.owners,
            "consumers": agreed.consumers,
            "others": [
                f"{each.person} ({each.part})"
                for each in agreed.parts
                if each.part not in (OWNER, CONSUMER)
            ],
            "owners_href": _owners(seen, measured.metric),
            "targets": rows,
            "of_this": next((row for row in rows if ours and row["number"] == ours.number), None),
            "set_href": _setting(seen, measured),
            "freeze_href": _freezing(seen, measured),
            "baselines": [_baseline(each, measured.unit) for each in agreed.baselines],
            "baselines_href": str(seen.address.to("/baselines", metric=measured.metric)),
            "left_out": [each.sentence().rstrip(".") for each in measured.left_out],
            "exclusions_href": str(seen.address.to("/exclusions"))
            if decide(seen.ctx.actor, "exclusion:read").allowed
            else "",
        },
        "with_all": both,
        "newest_with": both.get(newest.period) if newest else None,
    }


def _owners(seen: View, metric: str) -> str:
    """Return where an owner is named, or else where the register stands."""
    if not decide(seen.ctx.actor, NAME_OWNER).allowed:
        return str(seen.address.to("/owners"))
    return f"{seen.address.to('/owners', kind='metric', subject=metric)}#set"


def _setting(seen: View, measured: Measured) -> str:
    """Return where a target for what the page shows is set, "" where that cannot be."""
    if measured.good not in ("lower", "higher") or measured.period == ALL:
        return ""
    if not decide(seen.ctx.actor, SET_TARGET).allowed:
        return ""
    where = [written(each) for each in measured.where]
    asked = {"statistic": measured.statistic, "period": measured.period, "where": where}
    return f"{seen.address.to('/targets', metric=measured.metric, **asked)}#set"


def _freezing(seen: View, measured: Measured) -> str:
    """Return where a baseline of what the page shows is frozen, "" where that cannot be."""
    if measured.period == ALL or not decide(seen.ctx.actor, FREEZE).allowed:
        return ""
    where = [written(each) for each in measured.where]
    asked = {"statistic": measured.statistic, "period": measured.period, "where": where}
    return f"{seen.address.to('/baselines', metric=measured.metric, **asked)}#set"


def _baseline(each: Baseline, unit: str) -> Values:
    numbers = each.numbers
    centre, lower, upper = (amount(numbers[n], unit) for n in ("centre", "lower", "upper"))
    return {
        "said": Said(TONES[each.state], capfirst(each.state)),
        "sentence": f"Centre {centre}, limits {lower} to {upper}, {each.first} to {each.last}.",
        "which": which(each.series),
        "who": " and ".join(each.signatures),
    }


def told_both(measured: Measured) -> Measured:
    """Return a series with a row, too, for each period of which every ticket is left out."""
    if not measured.left_out:
        return measured
    return replace(measured, rows=tuple(row for row, _ in pairs(measured)))


def breakdown_with(split: Measured, rows: Sequence[Value]) -> list[Value | None]:
    """Return what each row of a split comes to with the tickets left out; [] where none are."""
    if not split.left_out:
        return []
    others = {tuple(row.by.items()): other for row, other in pairs(split)}
    return [others.get(tuple(row.by.items())) for row in rows]
