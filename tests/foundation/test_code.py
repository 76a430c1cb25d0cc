"""Which code this is."""

from opsgauge import __version__
from opsgauge.foundation.code import code_version


def test_the_code_is_told_by_version_and_content() -> None:
    """The same files, the same word."""
    version, plus, digest = code_version().partition("+")
    assert (version, plus, len(digest)) == (__version__, "+", 12)
    assert code_version.__wrapped__() == code_version()
