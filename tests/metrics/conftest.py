"""Desks that many tests of metrics measure."""

from collections.abc import Iterator

import pytest

from tests.metrics.beside import random_records
from tests.metrics.desks import Opened, desk_of, open_desk, random_lives


@pytest.fixture(scope="session")
def mixed() -> Iterator[Opened]:
    """Open a random desk with everything in it, in Amsterdam, over a change of clocks."""
    lives = random_lives(1, tickets=120)
    opened = open_desk(desk_of(lives, random_records(1, lives)), "Europe/Amsterdam")
    yield opened
    opened.engine.close()
