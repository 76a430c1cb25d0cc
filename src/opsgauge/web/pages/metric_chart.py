"""The choices beside a metric's chart: which kind, by which rules, what of it and by what period.

Floor 6. Every choice stands in the address, and the JSON twin and the files ask the same.
"""

from dataclasses import replace

from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charted import suits
from opsgauge.operations.charting import AS_USUAL, AUTO, Charting, data_of
from opsgauge.operations.drawing.chart_words import OFFERED, kind_words, rules_words
from opsgauge.operations.drawing.words import capfirst, plain
from opsgauge.web.pages import choosers
from opsgauge.web.pages import metric_notices as notices
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, option

SHOWN = ("median", "mean", "geometric_mean", "share", "count", "sum", "ratio", "score")
NAMES = {"p90": "9 in 10", **{each: capfirst(plain(each)) for each in SHOWN}}
OF_CHART = ("chart", "rules", "freeze", "rebase", "event")  # parameters of an address


def page_charting(how: Charting) -> Charting:
    """Return how a page charts: by their limits alone where values lean on each other."""
    kind = KINDS.get(how.kind)
    return replace(how, rules="") if kind is not None and kind.smoothed else how


def without_chart(address: Address) -> Address:
    """Return an address that says nothing of a chart."""
    return address.having(**dict.fromkeys(OF_CHART))


def chart_chooser(seen: View, measured: Measured, how: Charting) -> Values:
    """Return the chooser of the kind of chart and of the rules."""
    offered = OFFERED[data_of(seen.ctx.catalogue.get(measured.metric))]
    if how.kind not in offered:
        offered = (*offered, how.kind)
    usual = how.kind == AS_USUAL.kind
    now = "" if usual else how.kind
    kinds = [
        choosers.choice("" if each == AS_USUAL.kind else each, capfirst(kind_words(each)))
        for each in offered
    ]
    fields = [choosers.field("select", "chart", "Kind of chart", now, kinds)]
    words, smoothed = kind_words(how.kind), how.kind != AUTO and KINDS[how.kind].smoothed
    if not smoothed:
        sets = [("", _usual_rules(how.kind)), *((n, each.title) for n, each in RULE_SETS.items())]
        rules = [choosers.choice(*each) for each in sets]
        fields.append(choosers.field("select", "rules", "What makes a signal", how.rules, rules))
    if how.rules:
        words += f" by {rules_words(how.rules)}"
    return choosers.chooser(seen, "chart", words, "Choose the chart", fields)


def _usual_rules(kind: str) -> str:
    name = KINDS[kind].rules if kind in KINDS else KINDS[AS_USUAL.kind].rules
    return f"as usual: {RULE_SETS[name].title}"


def suited_values(seen: View, chart: Charted | None, how: Charting) -> Values:
    """Return why it is this kind of chart, and which one suits the numbers, with its address."""
    choice = suits(seen.ctx, chart) if chart else None
    if chart is None or choice is None:
        return {"suited": None}
    told = {"why": chart.why, "words": "", "text": "", "href": ""}
    if choice.kind == chart.chart and not chart.why:
        told["words"] = f"This kind of chart suits the numbers. {choice.why}"
    elif choice.kind != chart.chart and KINDS[chart.chart].rules == KINDS[AS_USUAL.kind].rules:
        # Run charts and smoothed ones are chosen for what they alone can show.
        told["words"] = f"Another kind of chart would suit the numbers better. {choice.why}"
        told["text"] = f"Draw the {KINDS[choice.kind].title}"
        told["href"] = str(seen.address.having(chart=choice.kind, rules=how.rules or None))
    return {"suited": told}


def choices(seen: View, measured: Measured) -> Values:
    """Return the statistics and the periods that can be chosen for the chart."""
    metric = seen.ctx.catalogue.get(measured.metric)
    return {
        "statistics": [
            option(
                NAMES.get(each, plain(each)),
                seen.address.having(statistic=each),
                each == measured.statistic,
            )
            for each in metric.statistics
            if each in NAMES
        ],
        "periods": [
            option(capfirst(each), seen.address.having(period=each), each == measured.period)
            for each in notices.PERIODS
            if each in metric.grains
        ],
    }
