"""The kinds of control charts, by name: what each is for, what it wants, how it is fitted.

Floor 4, analysis. A closed table; `chooser.py` says which one suits a series, and why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from opsgauge.analysis.control_charts.counted import (
    c_chart,
    laney_p_chart,
    laney_u_chart,
    np_chart,
    p_chart,
    u_chart,
)
from opsgauge.analysis.control_charts.fit import Fitted, Stretch
from opsgauge.analysis.control_charts.measured import (
    g_chart,
    i_prime_chart,
    run_chart,
    s_chart,
    t_chart,
    xbar_chart,
    xmr_chart,
)
from opsgauge.analysis.control_charts.rules import RULE_SET
from opsgauge.analysis.control_charts.smoothed import cusum_chart, ewma_chart
from opsgauge.foundation.errors import QueryWrong, did_you_mean

VALUE, RATIO, COUNT, SPREAD = "value", "ratio", "count", "spread"


@dataclass(frozen=True)
class Kind:
    """One kind of chart.

    draws : the value of a period; its numerator over its denominator; its numerator; its spread
    sized : whether it asks how many stand behind each value
    limits : False for a chart that has none
    smoothed : its values lean on each other, so that only its limits can judge them
    rules : the rule set it is judged by where nobody chooses
    """

    name: str
    title: str
    sentence: str
    fit: Callable[[Stretch], Fitted]
    draws: str = VALUE
    sized: bool = False
    limits: bool = True
    smoothed: bool = False
    rules: str = RULE_SET


KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (
        Kind("xmr", "XmR chart", "One value per period, of whatever kind.", xmr_chart),
        Kind(
            "run",
            "Run chart",
            "Any values about their median, without limits.",
            run_chart,
            limits=False,
            rules="anhoej",
        ),
        Kind("p", "p chart", "Shares of unequally many.", p_chart, RATIO, sized=True),
        Kind("np", "np chart", "How many of equally many.", np_chart, COUNT, sized=True),
        Kind("u", "u chart", "Events for each of unequally many.", u_chart, RATIO, sized=True),
        Kind("c", "c chart", "Events, with always as much chance for them.", c_chart, COUNT),
        Kind(
            "laney_p",
            "Laney p′ chart",
            "Shares that vary between periods by more, or less, than chance within them.",
            laney_p_chart,
            RATIO,
            sized=True,
        ),
        Kind(
            "laney_u",
            "Laney u′ chart",
            "Rates that vary between periods by more, or less, than chance within them.",
            laney_u_chart,
            RATIO,
            sized=True,
        ),
        Kind("i_prime", "I′ chart", "Means of unequally many.", i_prime_chart, sized=True),
        Kind(
            "xbar",
            "x̄ chart",
            "Means, with limits from the spread within each period.",
            xbar_chart,
            sized=True,
        ),
        Kind("s", "s chart", "The spread within each period.", s_chart, SPREAD, sized=True),
        Kind("t", "t chart", "Times between rare events.", t_chart),
        Kind("g", "g chart", "How many came between rare events.", g_chart),
        Kind(
            "ewma",
            "EWMA chart",
            "A smoothed mean, for small changes that last.",
            ewma_chart,
            smoothed=True,
            rules="limits_only",
        ),
        Kind(
            "cusum",
            "CUSUM chart",
            "Sums of how far values stray, for small changes that last.",
            cusum_chart,
            smoothed=True,
            rules="limits_only",
        ),
    )
}


def kind_of(name: str) -> Kind:
    """Return a kind of chart by its name.

    Raises
    ------
    QueryWrong : there is none of that name
    """
    if name not in KINDS:
        raise QueryWrong(
            f"There is no kind of chart {name!r}.", hint=did_you_mean(name, [*KINDS, "auto"])
        )
    return KINDS[name]
