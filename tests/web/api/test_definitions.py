"""A definition is tried on the data before it is taken."""

import pytest
import yaml
from fastapi.testclient import TestClient

from opsgauge.metrics.load import load_catalogue
from opsgauge.operations.catalogue import written

SAID = written(load_catalogue().get("time_to_resolve"))


@pytest.mark.row("CAT-19")
def test_another_definition_is_measured_beside_the_one_in_use(client: TestClient) -> None:
    """By month, with what differs; nothing of it is kept."""
    text = yaml.safe_dump({"time_to_resolve": {**SAID, "from": "first_response_at"}})
    answer = client.post("/api/v1/diff/time_to_resolve?period=month", json={"text": text}).json()

    assert answer.get("changed") == ["from"], answer
    assert any(row["difference"] for row in answer["rows"])
    again = client.get("/api/v1/metrics/time_to_resolve").json()
    assert again["definition"]["from"] == "opened_at"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time_to_resolve: {kind: durations}", "duration"),
        ("other: {}", "kind is missing"),
        ("", "holds no metric 'time_to_resolve'"),
        ("[", "no YAML"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_with_the_reason(
    client: TestClient, text: str, words: str
) -> None:
    """As a file of the catalogue would be."""
    answer = client.post("/api/v1/diff/time_to_resolve", json={"text": text})

    assert answer.status_code == 400
    assert words in answer.text
