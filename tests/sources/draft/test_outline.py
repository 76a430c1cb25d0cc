"""An outline is plain data."""

import dataclasses

import pytest

from opsgauge.sources.draft.outline import Line, Outline


def test_an_outline_is_frozen_and_mostly_empty() -> None:
    """Parts that an export does not have are left out."""
    made = Outline(head=(), top=(Line("source", "desk"),), times=())

    assert not made.top[0].off
    assert made.phases == made.links == made.asks == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.top = ()  # type: ignore[misc] - that it is frozen is what is shown
