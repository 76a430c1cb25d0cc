"""MetricFlow's YAML taken over: our own comes back whole, that of others as far as it maps."""

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.example import work_example
from opsgauge.metrics.exchange.metricflow_in import is_metricflow, paragraphs
from opsgauge.metrics.exchange.metricflow_out import PARTS, carried
from opsgauge.metrics.load import metrics_of, with_metrics
from opsgauge.metrics.metric import Metric
from tests.metrics.desks import CATALOGUE

pytestmark = pytest.mark.row("CAT-20")
DOCUMENT = carried(CATALOGUE).document()
THEIRS = """
semantic_models:
  - name: desk_tickets
    model: ref('tickets')
    defaults: {agg_time_dimension: opened_at}
    entities: [{name: ticket, type: primary, expr: ticket_id}]
    measures:
      - {name: opened, agg: count, expr: ticket_id}
      - {name: ones, agg: sum, expr: "1"}
      - {name: handed_over, agg: sum, expr: handoff_count}
      - {name: usual_handovers, agg: percentile, expr: handoff_count,
         agg_params: {percentile: 0.9, use_discrete_percentile: false}}
      - {name: teams, agg: count_distinct, expr: team, agg_time_dimension: resolved_at}
      - {name: longest, agg: max, expr: handoff_count}
      - {name: doubled, agg: sum, expr: handoff_count * 2}
      - {name: rough, agg: percentile, expr: handoff_count,
         agg_params: {percentile: 0.9, use_approximate_percentile: true}}
      - {name: undated, agg: count, expr: ticket_id, agg_time_dimension: sold_at}
  - name: orders
    model: ref('orders')
    measures: [{name: revenue, agg: sum, expr: amount, agg_time_dimension: sold_at}]
metrics:
  - {name: opened, label: Opened, type: simple, type_params: {measure: opened}}
  - {name: ones, type: simple, type_params: {measure: {name: ones}}}
  - {name: handed_over, type: simple, type_params: {measure: handed_over}}
  - {name: p90_handovers, type: simple, type_params: {measure: usual_handovers}}
  - {name: teams, type: simple, type_params: {measure: teams}}
  - name: north_mail
    description: How much mail comes to North?
    type: simple
    filter: "{{ Dimension('ticket__team') }} = 'North'"
    type_params:
      measure: {name: opened, filter: "{{ Dimension('category') }} IN ('Mail', 'Post')"}
  - {name: ones_each, type: ratio, type_params: {numerator: ones, denominator: {name: opened}}}
  - {name: longest, type: simple, type_params: {measure: longest}}
  - {name: doubled, type: simple, type_params: {measure: doubled}}
  - {name: rough, type: simple, type_params: {measure: rough}}
  - {name: undated, type: simple, type_params: {measure: undated}}
  - {name: nowhere, type: simple, type_params: {measure: missing}}
  - {name: revenue, type: simple, type_params: {measure: revenue}}
  - {name: growing, type: cumulative, type_params: {measure: opened}}
  - {name: some, type: simple, filter: "{{ Dimension('team') }} LIKE 'N%'",
     type_params: {measure: opened}}
  - {name: odd, type: simple, filter: "{{ Dimension('colour') }} = 'red'",
     type_params: {measure: opened}}
  - {name: part, type: ratio,
     type_params: {numerator: {name: ones, filter: x}, denominator: opened}}
  - {type: simple}
"""
TAKEN = {"opened", "ones", "handed_over", "p90_handovers", "teams", "north_mail", "ones_each"}
WHY = {
    "longest": "aggregation, max",
    "doubled": "handoff_count * 2",
    "rough": "approximate",
    "undated": "sold_at",
    "nowhere": "measure, missing",
    "revenue": "table, orders",
    "growing": "type, cumulative",
    "some": "LIKE",
    "odd": "colour",
    "part": "filter or an offset",
    "(without a name)": "name",
}


def test_our_own_comes_back_as_it_was() -> None:
    """Every metric that was carried, to the last key; its helpers are not metrics of ours."""
    found, left_out = paragraphs(yaml.safe_load(yaml.safe_dump(DOCUMENT)))
    carried_over = [each["name"] for each in DOCUMENT["metrics"]]

    assert left_out == {}
    assert set(found) == {name for name in carried_over if not name.endswith(PARTS)}
    for name, said in found.items():
        metric = CATALOGUE.get(name)
        again = Metric(name, metric.practice, read_definition(said), parts=metric.parts)
        assert again.definition_hash == metric.definition_hash


def test_our_own_that_was_changed_there_is_not_taken_for_ours() -> None:
    """Another percentile or filter than its paragraph says: told, with what to do."""
    changed: dict[str, Any] = deepcopy(DOCUMENT)
    said = next(each for each in changed["metrics"] if each["name"] == "approvals_asked")
    said["type_params"]["measure"]["filter"] = "{{ Dimension('approval__step') }} = 'x'"
    found, left_out = paragraphs(changed)

    assert "approvals_asked" not in found
    assert "no longer say" in left_out["approvals_asked"]


def test_theirs_is_taken_as_far_as_it_maps() -> None:
    """Each as a draft whose example gives what it says; the rest is named with its reason."""
    found, left_out = paragraphs(yaml.safe_load(THEIRS))
    own = metrics_of(json.dumps(found), "theirs.yaml", "theirs", "theirs.yaml")
    whole = with_metrics(CATALOGUE, own)

    assert set(found) == TAKEN
    assert {name: why in left_out[name] for name, why in WHY.items()} == dict.fromkeys(WHY, True)
    assert set(left_out) == set(WHY)
    for name in TAKEN:
        metric = whole.get(name)
        assert metric.definition.lifecycle == "draft"
        assert work_example(metric) == metric.definition.example.gives
    assert whole.get("north_mail").definition.where == {
        "team": ("North",),
        "category": ("Mail", "Post"),
    }
    assert whole.get("p90_handovers").statistics == ("p90",)
    assert whole.get("teams").definition.model_dump()["period_by"] == "resolved_at"


@pytest.mark.parametrize("document", [None, [], {"time_to_resolve": {}}, {"metrics": {}}, "x"])
def test_what_is_none_of_theirs_is_told(document: object) -> None:
    """A file of ours may hold a metric of any name."""
    assert not is_metricflow(document)
