"""What counts as a step."""

import pytest

from opsgauge.analysis.waiting.steps import (
    EVERYWHERE,
    KINDS,
    TEAM_PHASE,
    columns_of,
    is_touch,
    leaves,
    open_rows,
)
from opsgauge.foundation.errors import UnknownColumn
from tests.analysis.waiting.logs import Log, history


def test_a_word_that_is_no_kind_is_refused() -> None:
    """With the nearest right one."""
    with pytest.raises(UnknownColumn, match="Did you mean 'team_phase'"):
        columns_of("team_phas")


def test_each_kind_has_its_columns() -> None:
    """A team's phase has two; all steps as one have none."""
    assert [columns_of(kind) for kind in (*KINDS, EVERYWHERE)] == [
        ("team", "phase"),
        *[(name,) for name in ("phase", "original_status", "team", "activity")],
        (),
    ]
    assert is_touch(("Desk",), "team") is None


def test_a_stay_does_not_leave_and_an_end_does() -> None:
    """INC1: new, new again, in progress, an unmapped word, resolved."""
    log = Log().has(
        "INC1", "08:00 new Desk", "09:00 new Desk", "10:00 in_progress Desk", "11:00 - Desk",
        "12:00 resolved Desk",
    )  # fmt: skip
    rows = open_rows(history).filter(history.until.notnull())
    asked = rows.select("seq", out=leaves(rows, TEAM_PHASE)).order_by("seq")
    everywhere = rows.select("seq", out=leaves(rows, EVERYWHERE)).order_by("seq")

    by_step, as_one = log.tables(asked, everywhere)
    assert by_step["out"].to_pylist() == [False, True, True, True]
    assert as_one["out"].to_pylist() == [False, False, False, True]
