"""Every closed word of the product is explained in the glossary, once."""

import re
from pathlib import Path

import pytest

from opsgauge.foundation.finding import Lane
from opsgauge.foundation.units import UNITS
from opsgauge.governance.signals import State
from opsgauge.log.checks.seen import STATES
from opsgauge.log.vocabulary import LINK_KINDS, PASSAGES, PHASES, PRACTICES
from opsgauge.operations.health import Stand

GLOSSARY = Path(__file__).parents[2] / "GLOSSARY.md"
VERDICTS = ("better", "worse", "steady", "change")  # as `operations.answers.ChartPoint` does
DECIDED = tuple(each for each in State if each != State.OPEN)
CLOSED = (
    *(*PHASES, *PRACTICES, *Lane, *STATES, *VERDICTS, *PASSAGES, *LINK_KINDS, *UNITS),
    *(*Stand, *DECIDED),
)


def explained(text: str) -> list[str]:
    """Return the words that have an entry, in order."""
    return re.findall(r"^- \*\*`?([^*`]+)`?\*\*: \S", text, re.MULTILINE)


@pytest.mark.parametrize("word", sorted(set(CLOSED)))
def test_every_closed_word_is_explained(word: str) -> None:
    """A reader can look up each phase, practice, lane, state, verdict, passage, tie and unit."""
    assert word in explained(GLOSSARY.read_text())


def test_each_word_is_explained_once() -> None:
    """Two explanations of one word would come to differ."""
    words = explained(GLOSSARY.read_text())
    assert sorted(words) == sorted(set(words))


def test_every_entry_is_written_as_one() -> None:
    """A slip of form would hide an entry from the tests above."""
    entries = re.findall(r"^- .*", GLOSSARY.read_text(), re.MULTILINE)
    assert len(entries) == len(explained(GLOSSARY.read_text()))
