"""On what a rule fires, in words: the same on the page and on the command line.

Floor 5.
"""

from opsgauge.foundation.alerting import AlertRule
from opsgauge.foundation.units import amount, percent
from opsgauge.operations.context import Context

_ANYTHING = {"sla_risk": "Any service level", "check": "Any check", "absence": "All records"}


def fires_on(ctx: Context, rule: AlertRule) -> str:
    """Say on what a rule fires, each limit with its unit."""
    metric = ctx.catalogue.metrics.get(rule.metric)
    anything = _ANYTHING.get(rule.kind, "Any metric")
    told = [metric.definition.title if metric else rule.metric or rule.about or anything]
    if rule.guard and metric:
        limit = amount(rule.guard.limit, metric.definition.unit)
        limit = "its target" if rule.guard.of_target else limit
        told[0] += f" {rule.guard.side} {limit}"
        told.append(rule.guard.words())
        if rule.guard.clears is not None:
            told.append(f"calm past {amount(rule.guard.clears, metric.definition.unit)}")
        told.append(f"each {rule.grain}")
        if rule.guard.ahead:
            sure = percent(rule.guard.sure, 0)
            told.append(f"foreseen within {rule.guard.ahead} {rule.grain}s with more than {sure}")
    if rule.hours:
        told.append(f"{'longer than' if rule.kind == 'absence' else 'within'} {rule.hours:g} h")
    told += [each.sentence() for each in rule.segment] + ([f"by {rule.split}"] * bool(rule.split))
    return ", ".join(told)
