"""The table of a metric beside other periods, over a window, to date, or of a stock within one.

Floor 6. The chart of the page shows plain periods; what the address asks beyond them stands here.
"""

from collections.abc import Sequence
from dataclasses import replace

from opsgauge.metrics.question import AGGREGATES, LAST, Question, is_stock
from opsgauge.metrics.shifts import PREVIOUS, ROLLING, YEAR, window_words
from opsgauge.metrics.stretch_words import stretch_words
from opsgauge.operations.answers import Measured, Value
from opsgauge.operations.asking import Asked
from opsgauge.operations.drawing.words import capfirst
from opsgauge.operations.measure import measure
from opsgauge.web.asked import YES
from opsgauge.web.pages import choosers
from opsgauge.web.pages.address import Address
from opsgauge.web.pages.frame import Values, View

BEYOND = ("shift", "rolling", "to_date", "aggregate")  # parameters of an address


def plainly(asked: Asked) -> Asked:
    """Return what an address asks of plain periods."""
    return replace(asked, shift=None, rolling=None, to_date=False, aggregate=None)


def without(address: Address) -> Address:
    """Return an address that asks of plain periods."""
    return address.having(**dict.fromkeys(BEYOND))


def beside(seen: View, question: Question, asked: Asked, tickets: Address) -> Values:
    """Return the table, None where the address asks of plain periods alone.

    Parameters
    ----------
    question : the page's own, of plain periods
    tickets : the address of lists behind numbers of the metric
    """
    if plainly(asked) == asked:
        return {"beside": None}
    wanted = replace(
        question,
        shift=asked.shift,
        rolling=asked.rolling,
        to_date=asked.to_date,
        aggregate=asked.aggregate,
    )
    measured = measure(seen.ctx, wanted)
    asks = {name: seen.address.all(name) or None for name in BEYOND}
    address = tickets.having(period=measured.period, **asks)
    return {
        "beside": measured,
        "beside_title": capfirst(", ".join(stretch_words(wanted))),
        "beside_rows": [(row, *_hrefs(row, address)) for row in reversed(measured.rows)],
        "beside_notes": [each for each in measured.caveats if "left out" in each],
    }


def _hrefs(row: Value, address: Address) -> tuple[str, str]:
    """Return the addresses of the tickets behind a value and the one beside it, "" for none."""
    own = str(address.having(at=row.period)) if row.n else ""
    other = row.shifted is not None and row.shifted.n
    return own, str(address.having(at=row.period, part="shifted")) if other else ""


def chooser(seen: View, measured: Measured) -> Values:
    """Return the chooser of what the numbers are set beside."""
    metric, period = seen.ctx.catalogue.get(measured.metric), measured.period
    now = {name: next(iter(seen.address.all(name)), "") for name in BEYOND}
    to_date = now["to_date"] in YES
    point = [("true", "up to the same point")]
    fields = [
        _one("shift", "Set beside", now["shift"], _shifts(period, now["shift"])),
        _one("to_date", "To date", "true" if to_date else "", point),
    ]
    if not is_stock(metric):
        windows = [(name, window_words(name)) for name in ROLLING]
        fields.append(_one("rolling", "Over a window of", now["rolling"], windows))
    elif not metric.parts:
        kinds = [(name, name) for name in AGGREGATES if name != LAST]
        fields.append(_one("aggregate", "Within each period", now["aggregate"], kinds))
    asking = Question(
        measured.metric,
        period=period,
        shift=now["shift"] or None,
        rolling=now["rolling"] or None,
        to_date=to_date,
        aggregate=now["aggregate"] or None,
    )
    words = ", ".join(stretch_words(asking)) or "beside no other period"
    return choosers.chooser(seen, "beside", words, "Choose what stands beside", fields)


def _shifts(period: str, now: str) -> list[tuple[str, str]]:
    other = [] if now in {"", PREVIOUS, YEAR} else [(now, f"{now} {period}s before")]
    return [(PREVIOUS, f"the {period} before"), (YEAR, "the same a year before"), *other]


def _one(name: str, label: str, now: str, options: Sequence[tuple[str, str]]) -> Values:
    made = [choosers.choice("", "no"), *(choosers.choice(*each) for each in options)]
    return choosers.field("select", name, label, now, made)
