"""Where nothing is there to show, a program gets an empty answer with the reason, and no error."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

NOBODY = "where=team=nobody"


def names(answer: dict[str, Any]) -> set[str]:
    """Return what an answer tells."""
    return set(answer)


@pytest.mark.row("MAP-11")
def test_a_way_of_no_ticket_is_an_empty_spectrum(client: TestClient) -> None:
    """In the same shape as any other; what is wrong with the question stays an error."""
    some = client.get("/api/v1/map/spectrum").json()
    none = client.get(f"/api/v1/map/spectrum?{NOBODY}")

    assert none.status_code == 200
    told = none.json()
    assert names(told) == names(some)
    assert (told["nothing"], some["nothing"]) == ("No ticket goes from one step to another.", "")
    assert (told["from"], told["to"], told["lines"], told["dots"]) == (None, None, [], [])
    assert told["notes"] == ["Choose other steps, days or filters."]
    assert told["data_version"] == some["data_version"]
    assert client.get("/api/v1/map/spectrum?where=temper=bad").status_code == 404
    assert client.get("/api/v1/map/spectrum?where=team").status_code == 400


@pytest.mark.row("MAP-12")
def test_a_side_without_tickets_is_an_empty_comparison(client: TestClient) -> None:
    """With how many each side has, as far as it can be said which it is."""
    some = client.get("/api/v1/map/compare?where=team=Desk&against_where=team=Network").json()
    none = client.get("/api/v1/map/compare?where=team=Desk&against_where=team=nobody").json()
    neither = client.get(f"/api/v1/map/compare?{NOBODY}").json()

    assert names(none) == names(neither) == names(some)
    assert (none["nothing"], none["rows"]) == ("There are no tickets, where team is nobody.", [])
    assert (none["one"], none["other"]["tickets"]) == (some["one"], 0)
    assert (neither["one"]["tickets"], neither["other"]) == (0, None)
    assert neither["nothing"] == "There are no tickets, where team is nobody."
    same = client.get("/api/v1/map/compare?where=team=Desk&against_where=team=Desk")
    assert same.status_code == 400
