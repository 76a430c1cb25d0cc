"""A control chart in words: how its limits are made, which kinds and rules can be chosen for it.

Floor 5, drawing.
"""

from collections.abc import Mapping, Sequence

from opsgauge.analysis.control_charts.chart import SMOOTHING
from opsgauge.analysis.control_charts.chooser import BETWEEN, Data
from opsgauge.analysis.control_charts.kinds import KINDS
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.foundation.units import amount, percent
from opsgauge.operations.chart_answers import Charted
from opsgauge.operations.charting import AUTO

_SMOOTHED = ("ewma", "cusum")
# The kinds that a page offers for each kind of number; commands and addresses take every one.
OFFERED: Mapping[Data, Sequence[str]] = {
    Data.SHARE: ("xmr", AUTO, "p", "laney_p", "run", *BETWEEN, *_SMOOTHED),
    Data.RATE: ("xmr", AUTO, "u", "laney_u", "run", *_SMOOTHED),
    Data.COUNT: ("xmr", AUTO, "c", "run", "t", *_SMOOTHED),
    Data.MEASURE: ("xmr", AUTO, "i_prime", "run", *_SMOOTHED),
}
_CHANCE = "limits at centre ± 3 × how far {} by chance"
_MADE = {
    "p": _CHANCE.format("a share of so many strays"),
    "np": _CHANCE.format("so many of so many stray"),
    "u": _CHANCE.format("a rate of so many strays"),
    "c": _CHANCE.format("a count strays"),
    "laney_p": _CHANCE.format("a share of so many strays") + ", times σz",
    "laney_u": _CHANCE.format("a rate of so many strays") + ", times σz",
    "i_prime": "limits at centre ± 3 sigmas of the steps between neighbours, wider where fewer "
    "stand behind a value",
    "run": "the median; there are no limits",
    "t": "limits 3 sigmas from it where the times, to the power of 1 / 3.6, are about normal",
    "g": "the median; the upper limit is m + 3√(m(m + 1)), m being the mean",
    "ewma": f"each value is smoothed with those before it (the newest counts "
    f"{percent(SMOOTHING.weight, 0)}), limits at centre ± {SMOOTHING.reach:g} of their sigmas",
    "cusum": f"each value is the sum of how far values strayed from their mean so far, limits at "
    f"{SMOOTHING.decision:g} sigmas",
}


def caption(charted: Charted) -> str:
    """Return what stands under a chart: its kind, centre, limits and rules.

    Returns
    -------
    "XmR chart: centre 4.0 h, limits at centre ± 2.66 × the mean step from one period to the next
    (30 min). Signals by the Making Data Count rules."
    """
    unit = charted.measured.unit
    made = _MADE.get(charted.chart, KINDS[charted.chart].sentence[:-1].lower())
    if charted.chart == "xmr":
        step = amount(charted.mean_moving_range, unit)
        made = f"limits at centre ± 2.66 × the mean step from one period to the next ({step})"
    sigma_z = charted.judged.phase.sigma_z if charted.judged else None
    spread = f" (σz = {sigma_z:.2f})" if sigma_z is not None else ""
    centre = amount(charted.centre, unit)
    notes = "".join(f" {each}" for each in charted.judged.notes) if charted.judged else ""
    return (
        f"{KINDS[charted.chart].title}: centre {centre}, {made}{spread}. Signals by "
        f"{rules_words(charted.rules)}.{notes}"
    )


def rules_words(rules: str) -> str:
    """Return a set of rules in a sentence.

    Examples
    --------
    >>> rules_words("nelson"), rules_words("limits_only")
    ('the Nelson rules', 'the limits alone')
    """
    title = RULE_SETS[rules].title
    return "the limits alone" if rules == "limits_only" else f"the {title} rules"


def kind_words(kind: str) -> str:
    """Return a kind of chart as one chooses it."""
    return "chart that suits the numbers" if kind == AUTO else KINDS[kind].title
