"""Metrics that name each other: found, whole, and never in a circle."""

import json
from pathlib import Path
from typing import Any

import pytest

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.metrics.load import load_catalogue
from tests.metrics.desks import CATALOGUE
from tests.metrics.paragraphs import said

RATIO: dict[str, Any] = {
    "kind": "ratio",
    "unit": "count",
    "statistics": ...,
    "from": ...,
    "to": ...,
    "period_by": ...,
    "bucket": "cost",
    "example": {"tickets": [{}], "gives": {"ratio": 1.0}},
}


def ratio(part: str, per: str, **change: Any) -> dict[str, Any]:
    """Return a ratio of two metrics, as written."""
    return said(**{**RATIO, "part": part, "per": per, **change})


def load(folder: Path, **metrics: dict[str, Any]) -> Any:
    """Load a file with these metrics."""
    (folder / "own.yaml").write_text(json.dumps(metrics))
    return load_catalogue(folder)


def test_a_ratio_holds_the_metrics_it_is_made_of(tmp_path: Path) -> None:
    """Of its own file and built in; what it may be split by is what both may."""
    own = load(tmp_path, own=ratio("operating_cost", "tickets_resolved")).get("own")

    assert [part.name for part in own.parts] == ["operating_cost", "tickets_resolved"]
    assert {"team", "service"} <= set(own.dimensions)
    assert "priority" not in own.dimensions
    assert "costs.amount" in own.columns


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ({"own": ratio("operating_costs", "tickets_resolved")}, ("part", "line", "operating_cost")),
        ({"own": ratio("time_to_resolve", "tickets_resolved")}, ("kind duration", "neither added")),
        ({"own": ratio("own", "tickets_resolved")}, ("names the metric itself",)),
        (
            {
                "one": said(replaced_by="two"),
                "two": said(replaced_by="three"),
                "three": said(replaced_by="one"),
            },
            ("replaced_by leads in a circle",),
        ),
        ({"own": said(replaced_by="time_to_resolv")}, ("replaced_by", "'time_to_resolve'")),
    ],
)
def test_what_leads_nowhere_or_in_a_circle_is_refused(
    tmp_path: Path, metrics: dict[str, dict[str, Any]], words: tuple[str, ...]
) -> None:
    """With file, metric, line, key and the nearest right word; nothing of the file is loaded."""
    with pytest.raises(DefinitionWrong) as wrong:
        load(tmp_path, **metrics)

    for word in ("own.yaml", *words):
        assert word in str(wrong.value)


def test_totals_in_a_circle_are_refused(tmp_path: Path) -> None:
    """Each of two totals holds the other."""
    total = {**RATIO, "kind": "total", "example": {"tickets": [{}], "gives": {"sum": 1.0}}}
    one = said(**{**total, "parts": ["other", "tickets_opened"]})
    other = said(**{**total, "parts": ["one", "tickets_opened"]})

    with pytest.raises(DefinitionWrong, match="in a circle"):
        load(tmp_path, one=one, other=other)


def test_a_metric_changes_with_what_it_is_made_of(tmp_path: Path) -> None:
    """The same words over another part are another definition."""
    cost = CATALOGUE.get("cost_per_ticket")
    text = {"per_reply": ratio("mine", "tickets_resolved")}
    mine = said(
        **{
            **RATIO,
            "kind": "count",
            "unit": "tickets",
            "period_by": "opened_at",
            "example": {"tickets": [{}], "gives": {"count": 1.0}},
        }
    )
    one = load(tmp_path, mine=mine, **text).get("per_reply")
    other = load(tmp_path, mine={**mine, "period_by": "closed_at"}, **text).get("per_reply")

    assert one.definition == other.definition
    assert len({one.definition_hash, other.definition_hash, cost.definition_hash}) == 3
