"""A paragraph to change one key of."""

from typing import Any

from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.paragraph import Paragraph

SAID: dict[str, Any] = {
    "title": "Time to resolve",
    "question": "How long do users wait?",
    "decision": "If it rises, the manager looks where the time went.",
    "unit": "hours",
    "good": "lower",
    "kind": "duration",
    "from": "opened_at",
    "to": "resolved_at",
    "period_by": "resolved_at",
    "statistics": ["median", "p90"],
    "leading": "lagging",
    "bucket": "speed",
    "counter_metric": "reopened_share",
    "owner_role": "incident manager",
    "source": "A book",
    "pitfalls": ["Times are skewed."],
    "example": {
        "tickets": [{"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00"}],
        "gives": {"median": 1.0},
    },
}


def said(**change: Any) -> dict[str, Any]:
    """Return a paragraph as written, with some keys changed; a key set to ... is left out."""
    return {key: value for key, value in {**SAID, **change}.items() if value is not ...}


def paragraph(**change: Any) -> Paragraph:
    """Read a paragraph with some keys changed."""
    return read_definition(said(**change))
