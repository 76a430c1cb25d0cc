"""What people agreed on about charts: the only place where baselines and rebases reach a series.

Floor 5. What is agreed is read once for each context, see `Context.phases`.
"""

from opsgauge.foundation.agreed import AgreedPhases, Series
from opsgauge.operations.answers import Measured
from opsgauge.operations.context import Context
from opsgauge.operations.which_chart import same_series


def phases_of(ctx: Context, measured: Measured) -> AgreedPhases | None:
    """Return what is agreed on about a series, None where nothing is."""
    series = Series(measured.metric, measured.statistic, measured.where, measured.period)
    return next((each for each in ctx.phases if same_series(each.series, series)), None)
