"""Faults of a mapping as sentences."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from opsgauge.log.mapping_faults import NEEDED, fault_of


class Part(BaseModel):
    """A part of a whole."""

    model_config = ConfigDict(extra="forbid")
    zone: str


class Whole(BaseModel):
    """Something that a text describes."""

    model_config = ConfigDict(extra="forbid")
    source: str
    times: Part


@pytest.mark.parametrize(
    ("given", "text", "said"),
    [
        (
            {"sorce": "x", "times": {"zone": "UTC"}},
            "sorce: x\ntimes: {zone: UTC}\n",
            ", line 1, sorce: no such key. Did you mean 'source'?",
        ),
        (
            {"source": "x", "times": {"zoen": "UTC"}},
            "source: x\ntimes:\n  zoen: UTC\n",
            ", line 3, times.zoen: no such key. Did you mean 'zone'?",
        ),
        (
            {"source": "x", "times": {}},
            "source: x\ntimes: {}\n",
            f", line 2, times.zone: {NEEDED}",
        ),
        ({"times": {"zone": "UTC"}}, "times: {zone: UTC}\n", f", source: {NEEDED}"),
    ],
)
def test_a_fault_names_its_line_its_key_and_the_nearest(
    given: dict[str, object], text: str, said: str
) -> None:
    """A misspelt key before the one that is missing because of it."""
    with pytest.raises(ValidationError) as wrong:
        Whole.model_validate(given)

    assert fault_of(wrong.value, text, Whole, {"times": Part}) == said
