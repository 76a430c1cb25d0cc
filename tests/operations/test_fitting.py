"""What is said beside a number: a count alone, a stranger's metric, a draft."""

from dataclasses import replace
from typing import Any

import pytest

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.errors import UnknownColumn
from opsgauge.metrics.load import load_catalogue
from opsgauge.metrics.metric import Metric
from opsgauge.metrics.paragraph import ASPECTS
from opsgauge.metrics.question import Question
from opsgauge.operations.fitting import caveats, gaps, vanity
from tests.metrics.paragraphs import paragraph

CATALOGUE = load_catalogue()


def told(change: dict[str, Any], *practices: str) -> tuple[str, ...]:
    """Return the caveats of a metric asked of some practices."""
    where = (Condition("practice", practices),) if practices else ()
    return caveats(Metric("own", "desk", paragraph(**change)), Question("own", where=where))


@pytest.mark.row("CAT-16")
def test_a_metric_says_when_it_is_asked_of_another_practice() -> None:
    """Not of its own, and not where nobody says which."""
    fits = {"fits": ["incident", "request"]}

    assert told(fits, "change") == (
        "Time to resolve is made for incident and request; of change it says little.",
    )
    assert told(fits, "incident") == told(fits) == told({}, "change") == ()


@pytest.mark.row("CAT-14")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"lifecycle": "draft"}, "is a draft"),
        ({"lifecycle": "deprecated", "replaced_by": "cycle_time"}, "Read cycle_time instead"),
        ({"lifecycle": "retired"}, "is retired."),
    ],
)
def test_a_metric_that_is_not_certified_says_so(change: dict[str, str], words: str) -> None:
    """And is nobody's goal, whatever its decision."""
    assert words in told(change)[0]
    assert Metric("own", "desk", paragraph(**change)).state == "raw"
    assert Metric("own", "desk", paragraph()).state == "kpi"


@pytest.mark.row("CAT-15")
def test_a_count_alone_names_what_to_read_beside_it() -> None:
    """Its counter-metric first; the mark can be taken off, with a reason in the paragraph."""
    closed = CATALOGUE.get("tickets_closed")
    said = vanity(closed, {"tickets_resolved": "Tickets resolved"})
    vain = closed.definition.model_copy(update={"vanity": False})

    assert "“Tickets resolved”" in said
    assert "satisfaction" in said
    assert vanity(replace(closed, definition=vain), {}) == ""
    assert vanity(CATALOGUE.get("cycle_time"), {}) == ""


@pytest.mark.row("CAT-18")
def test_the_gaps_of_a_score_card_are_the_aspects_without_a_metric() -> None:
    """All seven are listed; a practice with nothing lacks them all."""
    change, nothing = gaps(CATALOGUE, "change"), gaps([], "change")

    assert set(change["aspects"]) == set(ASPECTS)
    assert all(not change["aspects"][aspect] for aspect in change["gaps"])
    assert nothing["gaps"] == list(ASPECTS)
    with pytest.raises(UnknownColumn, match="Did you mean 'change'"):
        gaps(CATALOGUE, "chnge")
