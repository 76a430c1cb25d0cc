"""Charts of shares and rates where a period has nothing that could be counted."""

from collections.abc import Callable

import numpy as np
import pytest

from opsgauge.analysis.control_charts.counted import laney_p_chart, laney_u_chart, p_chart, u_chart
from opsgauge.analysis.control_charts.fit import Fitted, Stretch


@pytest.mark.row("SPC-01")
@pytest.mark.parametrize("chart", [p_chart, u_chart, laney_p_chart, laney_u_chart])
def test_nothing_ever_found_and_a_period_without_any(chart: Callable[[Stretch], Fitted]) -> None:
    """All shares are 0: limits lie on the centre, and where nobody came there are none."""
    values = np.array([0.0] * 10 + [np.nan])
    size = np.array([50.0] * 10 + [0.0])
    known = np.isfinite(values)

    fitted = chart(Stretch(values, size, np.full(11, np.nan), np.full(11, True), known))

    upper = np.broadcast_to(np.asarray(fitted.upper), values.shape)
    assert upper[known].tolist() == [0.0] * 10
    assert np.isnan(upper[~known]).all()
