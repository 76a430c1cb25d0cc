"""A file of Open Semantic Interchange is held to its form: line, key and nearest right word."""

from copy import deepcopy
from typing import Any

import pytest
import yaml

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.metrics.exchange.osi_form import is_osi, read_form
from opsgauge.metrics.exchange.osi_out import interchanged
from tests.metrics.desks import CATALOGUE

pytestmark = pytest.mark.row("CAT-20")
TEXT = """\
version: 0.1.1
semantic_model:
  - name: desk
    datasets:
      - name: tickets
        source: db.public.tickets
        fields:
          - name: opened_at
            expression:
              dialects:
                - {dialect: ANSI_SQL, expression: opened_at}
            dimension: {is_time: true}
      - {name: teams, source: db.public.teams}
    relationships:
      - {name: tie, from: tickets, to: teams, from_columns: [team], to_columns: [name]}
    metrics:
      - name: opened
        expression: {dialects: [{dialect: ANSI_SQL, expression: COUNT(tickets.opened_at)}]}
"""
FAULTS = [
    ("version: 0.1.1", "version: 0.9", "line 1: version: write a text, a number in quotes"),
    ("version: 0.1.1", "version: 9.9.9", "line 1: version: '9.9.9' is not known. Known are 0.1.0"),
    ("source: db.public.tickets", "sorce: x", "line 6: .*datasets.sorce: .*mean 'source'"),
    ("expression: opened_at}", "expresion: x}", "line 11: .*dialects.expresion: .*'expression'"),
    ("dialect: ANSI_SQL, expression: opened_at", "dialect: ANSI, expression: x",
     "line 11: .*'ANSI' is not known. Did you mean 'ANSI_SQL'"),
    ("{is_time: true}", "{is_time: 1}", "line 12: .*is_time: write true or false"),
    ("name: teams", "name: tickets", "line 13: .*'tickets' is there twice"),
    ("to: teams", "to: team", "line 15: .*relationships.to: 'team' is no dataset. .*'teams'"),
    ("to_columns: [name]", "to_columns: [name, id]", "line 15: .*to_columns: it has not as many"),
    ("COUNT(tickets.opened_at)", "[1]", "line 18: .*expression: write a text"),
    ("      - name: opened\n", "      - ai_context: 3\n        name: opened\n",
     "line 17: .*ai_context: write a text, or keys"),
    ("source: db.public.tickets", "source: ''", "line 6: .*source: write a text"),
    ("{is_time: true}", "yes please", "line 12: .*dimension: write keys below it"),
    ("from_columns: [team]", "from_columns: team", "line 15: .*from_columns: write a list"),
    ("    metrics:\n", "    metrics: 3\n    more:\n", "line 17: .*more: there is no such key"),
    ("dialects: [{dialect: ANSI_SQL, expression: COUNT(tickets.opened_at)}]", "dialects: []",
     "line 18: .*dialects: write one at least"),
]  # fmt: skip


def read(text: str) -> Any:
    """Read a text as a file of this form."""
    return read_form(yaml.safe_load(text), text, "theirs.yaml")


def test_a_file_is_read() -> None:
    """With what a field is for: as it says, else by its type."""
    [model] = read(TEXT).semantic_model
    tickets = model.datasets[0]

    assert [each.name for each in model.datasets] == ["tickets", "teams"]
    assert tickets.fields_[0].is_time
    assert model.metrics[0].expression.within("ANSI_SQL") == "COUNT(tickets.opened_at)"
    assert model.metrics[0].expression.within("SNOWFLAKE") == ""


@pytest.mark.parametrize(("datatype", "said", "time"), [
    ("Date", None, True), ("DateTimeTz", False, False), ("Integer", True, True),
    (None, None, False),
])  # fmt: skip
def test_a_field_dates_records_as_it_says_or_by_its_type(
    datatype: str | None, said: bool | None, time: bool
) -> None:
    """What it says goes first."""
    changed = yaml.safe_load(TEXT)
    field = changed["semantic_model"][0]["datasets"][0]["fields"][0]
    field["datatype"], field["dimension"] = datatype, {"is_time": said}

    assert read(yaml.safe_dump(changed)).semantic_model[0].datasets[0].fields_[0].is_time == time


@pytest.mark.parametrize(("right", "wrong", "told"), FAULTS)
def test_what_is_wrong_is_said_with_its_line(right: str, wrong: str, told: str) -> None:
    """And with the key that leads there; nothing of the file is taken."""
    assert TEXT.count(right) == 1
    with pytest.raises(DefinitionWrong, match=rf"theirs\.yaml, {told}"):
        read(TEXT.replace(right, wrong))


def test_what_we_write_has_the_form() -> None:
    """The whole catalogue, word by word."""
    document = interchanged(CATALOGUE).document()
    plain = yaml.safe_load(yaml.safe_dump(deepcopy(document)))

    assert len(read_form(plain, "", "ours.yaml").semantic_model[0].metrics) >= 120


@pytest.mark.parametrize(
    ("document", "ours"),
    [
        ({"semantic_model": []}, True),
        ({"semantic_model": {}, "version": "0.1.1"}, True),
        ({"semantic_model": {"kind": "count"}}, False),
        ({"semantic_models": [], "metrics": []}, False),
        ([], False),
        (None, False),
    ],
)
def test_a_file_of_this_form_is_told_from_others(document: object, ours: bool) -> None:
    """A catalogue may have a metric of any name."""
    assert is_osi(document) == ours
