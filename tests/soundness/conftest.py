"""The random desk that tests of metrics measure, here too."""

from tests.metrics.conftest import mixed

__all__ = ["mixed"]
