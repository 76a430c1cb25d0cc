"""Open Semantic Interchange taken over: our own comes back whole, that of others as it maps."""

import json
from copy import deepcopy
from typing import Any

import pytest
import yaml

from opsgauge.foundation.errors import DefinitionWrong
from opsgauge.metrics.definition import read_definition
from opsgauge.metrics.example import work_example
from opsgauge.metrics.exchange.osi_form import read_form
from opsgauge.metrics.exchange.osi_in import paragraphs
from opsgauge.metrics.exchange.osi_out import interchanged
from opsgauge.metrics.load import metrics_of, with_metrics
from opsgauge.metrics.metric import Metric
from tests.metrics.desks import CATALOGUE, NAMES

pytestmark = pytest.mark.row("CAT-20")
DOCUMENT = json.loads(json.dumps(interchanged(CATALOGUE).document()))
THEIRS = """
version: 0.2.0.dev0
semantic_model:
  - name: desk
    datasets:
      - name: Incidents
        source: '"DB".public.tickets'
        fields:
          - {name: opened, expression: {dialects: [{dialect: ANSI_SQL, expression: opened_at}]},
             datatype: DateTimeTz}
          - {name: done, expression: {dialects: [{dialect: ANSI_SQL, expression: resolved_at}]}}
          - {name: moves, expression: {dialects: [{dialect: ANSI_SQL, expression: handoff_count}]}}
          - {name: team, expression: {dialects: [{dialect: ANSI_SQL, expression: team}]}}
          - {name: half, expression: {dialects: [{dialect: ANSI_SQL, expression: moves / 2}]}}
          - {name: sold, expression: {dialects: [{dialect: ANSI_SQL, expression: sold_at}]}}
          - {name: flake, expression: {dialects: [{dialect: SNOWFLAKE, expression: team}]}}
        metrics: []
      - name: approvals
        source: approvals
        metrics: []
      - name: orders
        source: select * from orders
        metrics: []
    metrics: []
"""
TAKEN = {
    "opened": "COUNT(incidents.opened)",
    "done": "COUNT(Incidents.done)",
    "moved": "SUM(incidents.moves)",
    "moved_p90": "PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY incidents.moves)",
    "moved_done": "AVG(CASE WHEN incidents.done IS NOT NULL THEN incidents.moves END)",
    "teams": "COUNT(DISTINCT incidents.team)",
    "north": "COUNT(CASE WHEN incidents.team IN ('North', 'South') THEN incidents.opened END)",
    "hours": "AVG(CASE WHEN incidents.done IS NOT NULL THEN "
    "EXTRACT(EPOCH FROM (incidents.done - incidents.opened)) / 3600.0 END)",
}
TAKEN_OF_TICKETS = {
    "every": "COUNT(*)",
    "majors": "COUNT(CASE WHEN major THEN 1 END)",
    "not_majors": "COUNT(CASE WHEN major = FALSE AND phase = 'new' THEN ticket_id END)",
    "usual_life": "MEDIAN(life_us)",
}
TAKEN_OF_APPROVALS = {
    "asked": "COUNT(asked_at)",
    "said_no": "COUNT(CASE WHEN asked_at IS NOT NULL AND NOT approved THEN 1 END)",
    "by_mail": "COUNT(CASE WHEN step IN ('board', 'BOARD', 'Board') THEN asked_at END)",
}
WHY = {
    "Total Moves": ("SUM(incidents.moves)", "small letters"),
    "opened": ("COUNT(*)", "must name one dataset"),
    "nowhere": ("SUM(shops.moves)", "shops, which is no dataset"),
    "no_field": ("SUM(incidents.update_count)", "update_count, is no field"),
    "formula": ("SUM(incidents.half)", "not one column: moves / 2"),
    "unknown": ("COUNT(incidents.sold)", "sold_at, is none of tickets"),
    "foreign": ("COUNT(incidents.flake)", "not one column: nothing"),
    "most": ("MAX(incidents.moves)", "'max'"),
    "each": ("SUM(incidents.moves) / COUNT(incidents.opened)", "not one aggregate"),
    "two": ("SUM(CASE WHEN approvals.approved THEN incidents.moves END)", "approvals, incidents"),
    "texts": ("SUM(incidents.team)", "holds no number"),
    "some": ("COUNT(incidents.team)", "team, which is no moment"),
    "by_number": ("COUNT(CASE WHEN incidents.moves = '2' THEN incidents.opened END)",
                  "handoff_count, which tickets are not chosen by"),
    "by_yes": ("COUNT(CASE WHEN incidents.team THEN incidents.opened END)", "holds it to words"),
    "both": ("COUNT(CASE WHEN incidents.done IS NOT NULL THEN incidents.opened END)",
             "opened_at, resolved_at dates"),
    "odd_known": ("SUM(CASE WHEN incidents.team IS NOT NULL THEN incidents.moves END)",
                  "team, which is no moment"),
    "sum_of_hours": ("SUM(EXTRACT(EPOCH FROM (incidents.done - incidents.opened)) / 3600)",
                     "no more"),
    "no_hours": ("AVG(EXTRACT(EPOCH FROM (incidents.done - incidents.team)) / 3600)",
                 "are not two moments"),
    "sale": ("COUNT(orders.x)", "select * from orders, is none of"),
}  # fmt: skip
WHY_OF_APPROVALS = {
    "asked_ever": ("COUNT(*)", "0 fields of approvals are times"),
    "one_spelling": ("COUNT(CASE WHEN step = 'board' THEN asked_at END)", "every usual spelling"),
    "of_another": ("COUNT(incidents.opened)", "it is of approvals, and names incidents"),
}
WHY_OF_TICKETS = {"updates": ("SUM(update_count)", "whose updates are told")}


def one(name: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a metric as the form says it."""
    dialects = [{"dialect": "ANSI_SQL", "expression": text}]
    return {"name": name, "expression": {"dialects": dialects}, **more}


def read(document: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the paragraphs of a document, and why others were left out."""
    text = yaml.safe_dump(document, sort_keys=False)
    return paragraphs(read_form(document, text, "theirs.yaml"), text, "theirs.yaml")


def theirs() -> Any:
    """Return the file of others, with all its metrics."""
    document = yaml.safe_load(THEIRS)
    [model] = document["semantic_model"]
    tickets, approvals, _ = model["datasets"]
    told = {name: text for name, (text, _) in WHY.items() if name != "opened"}
    model["metrics"] = [one(name, text) for name, text in {**TAKEN, **told}.items()]
    for dataset, taken, why in (
        (tickets, TAKEN_OF_TICKETS, WHY_OF_TICKETS),
        (approvals, TAKEN_OF_APPROVALS, WHY_OF_APPROVALS),
    ):
        listed = {**taken, **{name: text for name, (text, _) in why.items()}}
        dataset["metrics"] = [one(name, text) for name, text in listed.items()]
    return document


def test_our_own_comes_back_as_it_was() -> None:
    """Every metric, to the last key, also those that have no expression there."""
    found, left_out = read(yaml.safe_load(yaml.safe_dump(DOCUMENT)))

    assert left_out == {}
    assert set(found) == set(NAMES)
    for name, said in found.items():
        metric = CATALOGUE.get(name)
        again = Metric(name, metric.practice, read_definition(said), parts=metric.parts)
        assert again.definition_hash == metric.definition_hash


def test_our_own_that_was_changed_there_is_not_taken_for_ours() -> None:
    """Another expression, name or definition: told, with what to do; without ours it is read."""
    changed = deepcopy(DOCUMENT)
    opened, resolved, reopened = (
        next(each for each in changed["semantic_model"][0]["metrics"] if each["name"] == name)
        for name in ("tickets_opened", "tickets_resolved", "reopened_share")
    )
    opened["expression"]["dialects"][0]["expression"] = "COUNT(tickets.closed_at)"
    resolved["name"] = "resolved_ours"
    data = json.loads(reopened["custom_extensions"][0]["data"])
    data["definition"]["pitfalls"] = ["None."]
    reopened["custom_extensions"][0]["data"] = json.dumps(data)
    found, left_out = read(changed)

    assert set(left_out) == {"tickets_opened", "resolved_ours", "reopened_share"}
    assert all("was changed since" in why for why in left_out.values())
    assert not set(found) & set(left_out)
    del opened["custom_extensions"]
    assert read(changed)[0]["tickets_opened"]["period_by"] == "closed_at"


def test_theirs_is_taken_as_far_as_it_maps() -> None:
    """Each as a draft whose example gives what it says."""
    found, _ = read(theirs())
    own = metrics_of(json.dumps(found), "theirs.yaml", "theirs", "theirs.yaml")
    whole = with_metrics(CATALOGUE, own)

    assert set(found) == {*TAKEN, *TAKEN_OF_TICKETS, *TAKEN_OF_APPROVALS}
    for name in found:
        metric = whole.get(name)
        assert metric.definition.lifecycle == "draft"
        assert work_example(metric) == metric.definition.example.gives, name
    dated = {name: said["period_by"] for name, said in found.items()}
    assert (dated["opened"], dated["done"], dated["moved"]) == (
        "opened_at", "resolved_at", "opened_at",
    )  # fmt: skip
    assert (dated["moved_done"], dated["every"]) == ("resolved_at", "opened_at")
    assert (found["hours"]["from"], found["hours"]["to"]) == ("opened_at", "resolved_at")
    assert found["not_majors"]["where"] == {"major": [False], "phase": ["new"]}
    assert found["moved_p90"]["statistics"] == ["p90"]


def test_what_cannot_be_meant_exactly_is_named_with_its_reason() -> None:
    """Nothing is guessed: no moment, no column, no filter and no aggregate."""
    _, left_out = read(theirs())
    why = {**WHY, **WHY_OF_APPROVALS, **WHY_OF_TICKETS}
    del why["opened"]

    assert set(left_out) == set(why)
    assert {name: reason for name, (_, reason) in why.items() if reason not in left_out[name]} == {}


@pytest.mark.parametrize(
    ("fields", "text", "why"),
    [
        (("opened_at", "closed_at"), "COUNT(*)", "2 fields of tickets are times"),
        (("resolved_at",), "COUNT(*)", "counts records without resolved_at too"),
        (("sold_at",), "COUNT(*)", "1 fields of tickets are times"),
        ((), "COUNT(*)", "0 fields of tickets are times"),
    ],
)
def test_the_moment_is_never_guessed(fields: tuple[str, ...], text: str, why: str) -> None:
    """One time alone, without which there is no record, dates what names none."""
    document = yaml.safe_load(THEIRS)
    tickets = {"name": "tickets", "source": "tickets", "metrics": [one("all_of_them", text)]}
    tickets["fields"] = [one(name, name, datatype="DateTime") for name in fields]
    document["semantic_model"][0]["datasets"] = [tickets]

    found, left_out = read(document)
    assert found == {}
    assert why in left_out["all_of_them"]


def test_a_name_is_taken_once() -> None:
    """Two datasets may each have a metric of a name; here it has one."""
    document = yaml.safe_load(THEIRS)
    for dataset in document["semantic_model"][0]["datasets"][:2]:
        dataset["metrics"] = [one("counted", "COUNT(opened_at)")]

    found, left_out = read(document)
    assert found["counted"]["of"] == "tickets"
    assert "stands before it" in left_out["counted"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("{", r"metrics\.custom_extensions\.data: it is no JSON"),
        ('{"definition": {"days": NaN}}', "NaN is no number of JSON"),
        ("[" * 100_000, "it is no JSON"),
        ("[]", "data: the extension of Opsgauge holds no keys"),
        ('{"definition": 3}', "metrics: the extension of Opsgauge holds no keys"),
    ],
)
def test_an_extension_of_ours_that_cannot_be_read_is_refused(data: str, told: str) -> None:
    """With its line; nothing of the file is taken."""
    document = yaml.safe_load(THEIRS)
    extension = {"vendor_name": "Opsgauge", "data": data}
    said = one("odd", "COUNT(*)", custom_extensions=[extension])
    document["semantic_model"][0]["metrics"] = [said]

    with pytest.raises(DefinitionWrong, match=rf"theirs\.yaml, line \d+: .*{told}"):
        read(document)
    said["custom_extensions"] = [extension, extension]
    with pytest.raises(DefinitionWrong, match="two extensions"):
        read(document)


def test_a_sealed_definition_that_does_not_fit_is_named() -> None:
    """Also one without an expression, in the extension of the model."""
    document = yaml.safe_load(THEIRS)
    data = json.dumps({"definitions": {"odd": {"kind": "shares"}, "Odd Name": {}}})
    document["semantic_model"][0]["custom_extensions"] = [{"vendor_name": "Opsgauge", "data": data}]

    found, left_out = read(document)
    assert found == {}
    assert "does not fit" in left_out["odd"]
    assert "small letters" in left_out["Odd Name"]
