"""Desks that many tests of metrics measure."""

from collections.abc import Iterator

import pytest

from tests.metrics.desks import Opened, desk_of, open_desk, random_lives


@pytest.fixture(scope="session")
def mixed() -> Iterator[Opened]:
    """Open a random desk with everything in it, in Amsterdam, over a change of clocks."""
    opened = open_desk(desk_of(random_lives(1, tickets=120)), "Europe/Amsterdam")
    yield opened
    opened.engine.close()
