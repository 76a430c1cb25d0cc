"""What became of a rule, and times from step to step, are the same on DuckDB and on Spark."""

import pytest

from opsgauge.analysis.conformance.outcomes import outcome_counts, outcome_rows
from opsgauge.analysis.conformance.times import pair_counts, placed_rows, time_rows
from opsgauge.foundation.errors import RuleWrong
from opsgauge.metrics.policies.reading import read_rules
from opsgauge.metrics.written_page import Page
from opsgauge.warehouse.portable import micros_at
from tests.engines.conftest import Both

SAID = (
    "precedence: {step: Done, only_after: Work}",
    "response: {step: Asked, then: Work}",
    "exactly_once: {step: Done}",
    "maximal_time: {from: New, to: Done, within: 24 h}",
    "four_eyes: {one: New, other: Done}",
)


@pytest.mark.row("CON-01", "CON-07")
@pytest.mark.parametrize("said", SAID)
def test_rules_are_kept_and_broken_alike(both: Both, said: str) -> None:
    """Outcomes and causes."""
    text = f"one:\n  title: One\n  steps: original_status\n  {said}\n"
    [rule] = read_rules(Page(text, "rules/one.yaml", RuleWrong))
    rows = outcome_rows(rule, both.ctx.tables, micros_at(both.opened.watermark))
    asked = outcome_counts(rows)

    duck, spark = (each.run(asked).to_pylist() for each in (both.opened.engine, both.spark))
    assert duck
    assert [(r["outcome"], r["cause"], int(r["n"])) for r in duck] == [
        (r["outcome"], r["cause"], int(r["n"])) for r in spark
    ]


@pytest.mark.row("CON-03")
def test_times_are_placed_alike(both: Both) -> None:
    """To the last ticket."""
    asked = pair_counts(placed_rows(time_rows(both.ctx.tables.history, "original_status"), 1.0))
    found = [
        sorted(
            (r["from_"], r["to"], int(r["n"]), int(r["late"]), int(r["early"]), int(r["late_us"]))
            for r in each.run(asked).to_pylist()
        )
        for each in (both.opened.engine, both.spark)
    ]

    assert found[0]
    assert found[0] == found[1]
