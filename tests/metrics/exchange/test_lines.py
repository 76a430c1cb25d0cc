"""Definitions as CSV, there and back."""

import csv
import io

import pytest

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.exchange.lines import lines, paragraphs_of_lines
from opsgauge.metrics.metric import Metric
from tests.metrics.desks import CATALOGUE

pytestmark = pytest.mark.row("CAT-20")
TEXT = lines(CATALOGUE)


def test_every_metric_comes_back_as_it_was() -> None:
    """To the last key, also as a spreadsheet saves it, with a mark of its encoding."""
    found = paragraphs_of_lines("\ufeff" + TEXT.replace("\n", "\r\n"), "catalogue.csv")

    assert list(found) == [metric.name for metric in CATALOGUE]
    for name, said in found.items():
        metric = CATALOGUE.get(name)
        again = Metric(name, metric.practice, read_definition(said), parts=metric.parts)
        assert again.definition_hash == metric.definition_hash


@pytest.mark.row("SEC-04")
def test_a_title_like_a_formula_is_safe_on_its_way() -> None:
    """Marked in the file, itself again afterwards."""
    plain = CATALOGUE.get("reopened_share").definition.model_copy(update={"title": "=1+1"})
    text = lines([Metric("odd", "incident", plain)])

    assert "'=1+1" in next(csv.DictReader(io.StringIO(text)))["title"]
    assert paragraphs_of_lines(text, "x.csv")["odd"]["title"] == "=1+1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,title\na,b\n", "head must name 'id'"),
        ("id,kind\na,shares\n", "line 2, a: kind 'shares'"),
        ("id,kind,statistics\na,duration,median\n", "statistics 'median' is not written as JSON"),
        ("id,kind\na,count\na,count\n", "line 3, a: a line needs a name of its own"),
        ("id,kind\n,count\n", "no name"),
        ("id,kind\na,count,more\n", "as many cells"),
        ("", "head must name"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, told: str) -> None:
    """And the nearest right word, or how it is written."""
    with pytest.raises(DefinitionWrong, match=r"x\.csv") as wrong:
        paragraphs_of_lines(text, "x.csv")

    assert told in wrong.value.message
