"""How a metric stands, and what became of its signals, on its page.

Floor 6.
"""

from collections.abc import Sequence

from opsgauge.governance.access import decide
from opsgauge.governance.signal_register import ACT
from opsgauge.governance.signals import PAST
from opsgauge.operations.agreed_on import Agreed
from opsgauge.operations.answers import Measured
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.drawing.words import stand_said, state_words
from opsgauge.operations.how_it_stands import standing_of
from opsgauge.operations.signals import READ, Line, inbox
from opsgauge.web.pages.frame import Values, View
from opsgauge.web.pages.posting import why_not
from opsgauge.web.pages.signal_rows import UNTRIED, all_of, signal_row

MOST_SHOWN = 5


def signal_values(seen: View, measured: Measured, chart: Charted | None, agreed: Agreed) -> Values:
    """Return what `metric.html` says of the state of a metric and of its signals."""
    ctx = seen.ctx
    lines: Sequence[Line] = ()
    if decide(ctx.actor, READ).allowed:
        lines = inbox(ctx, measured.metric).lines
    there = [each for each in lines if each.signal.place != PAST]
    may_act = not why_not(ctx, ACT)
    return {
        "state": _state(measured, chart, agreed, lines) if chart else None,
        "kept": {
            "rows": [signal_row(seen, each, may_act, UNTRIED) for each in there[:MOST_SHOWN]],
            "all": all_of(seen, measured.metric) if lines else None,
        },
    }


def _state(measured: Measured, chart: Charted, agreed: Agreed, lines: Sequence[Line]) -> Values:
    """Return the state in words, and the rule that says so where the chart does not."""
    stand = standing_of(measured, chart, agreed.targets, [each for each in lines if each.overdue])
    said = state_words(chart)
    return {
        "said": stand_said(str(stand.stand)),
        "rule": said.words if stand.of_chart else stand.rule,
    }
