"""What each day was expected to bring, on a metric's page that shows days.

Floor 6. By the week there is no season to be seen, so such a page leads to that of days.
"""

from collections.abc import Mapping, Sequence

from opsgauge.analysis.forecast.layout import Event
from opsgauge.foundation.errors import Misuse
from opsgauge.metrics.question import Question
from opsgauge.operations.drawing.event_marks import MOST
from opsgauge.operations.drawing.range_chart import range_chart
from opsgauge.operations.expected import DAY, expected
from opsgauge.operations.marked import marks_of
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View, link

LATEST = 5  # sentences about what lay far outside


def expected_values(
    seen: View, question: Question, events: Sequence[Event], hrefs: Mapping[str, str]
) -> Values:
    """Return the picture with its sentences; where there is none, the way to it or why not."""
    nothing: Values = {"expected": None, "expected_href": ""}
    if question.as_of is not None:
        return nothing
    if question.period != DAY:
        days = seen.address.having(period=DAY)
        grains = seen.ctx.catalogue.get(question.metric).grains
        return {**nothing, "expected_href": f"{days}#expected" if DAY in grains else ""}
    try:
        found = expected(seen.ctx, question, events)
    except Misuse as wrong:
        return {**nothing, "expected": {"spec": None, "why": wrong.message}}
    shown = [each.period for each in found.points if each.high is not None]
    marks = marks_of(seen.ctx, found.measured, shown, MOST)
    spec = range_chart(found, hrefs, marks)
    if spec is None:
        return nothing
    told = [each.sentence for each in found.signals if each.sentence]
    ahead = [each for each in found.points if each.value is None and each.sentence]
    return {
        **nothing,
        "expected": {
            "spec": spec,
            "marks": marks,
            "why": "",
            "backtest": found.backtest,
            "season": found.profile.sentences(),
            "far": told[-LATEST:][::-1],
            "more": max(0, len(told) - LATEST),
            "ahead": ahead[-1].sentence if ahead else "",
            "caveats": [each for each in found.caveats if each not in found.measured.caveats],
            "csv": _file(seen.address, question),
        },
    }


def _file(address: Address, question: Question) -> Values:
    kept = address.having(definition=None, by=None, chart=None, rules=None, rebase=None)
    path = f"/api/v1/metrics/{question.metric}/expected"
    return link("CSV", str(Address(path, kept.params).having(format="csv")))
