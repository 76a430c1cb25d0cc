"""Notes on the process map and saved filters, on pages and in the API, without a script."""

from collections.abc import Iterator

import pytest

from opsgauge.governance.access import Actor, everywhere
from tests.conftest import Intake
from tests.web.pages.desk import make_desk
from tests.web.pages.test_agreed import HOSTILE, Visit, actions, fields

NOTE = {"place": '["new"]', "words": "The portal asks twice."}
NOTES, SAVED = "/api/v1/map/notes", "/api/v1/saved"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """Return a desk of sixteen weeks of its own, since these tests write into its records."""
    held = make_desk(tmp_path_factory.mktemp("notes"))
    yield held
    held.close()


@pytest.fixture(scope="module")
def ana(own: Intake) -> Visit:
    """Return somebody who may everything."""
    return Visit(own, everywhere("ana", "administrator"))


@pytest.fixture(scope="module")
def ben(own: Intake) -> Visit:
    """Return an analyst."""
    return Visit(own, everywhere("ben", "analyst"))


@pytest.mark.row("MAP-17")
def test_a_note_is_pinned_by_its_form_and_stands_on_the_picture(
    own: Intake, ana: Visit, ben: Visit
) -> None:
    """As a number that leads to the list; changed and removed by its author or an administrator."""
    assert "No note stands on this map." in ben.see("/map").words
    page = ben.send("/map/notes?steps=phase", **NOTE)
    assert page.headline == "1 note on the map by phase"
    ben.send("/map/notes?steps=phase", place='["new","in_progress"]', words=HOSTILE)

    shown = ben.see("/map")
    pins = [link.href for link in shown.links if link.href.startswith("#note-")]
    assert sorted(pins) == ["#note-1", "#note-1", "#note-2", "#note-2"]  # wide and narrow
    assert "New The portal asks twice. ben," in shown.words
    assert HOSTILE not in shown.source
    assert HOSTILE in "".join(shown.text)
    assert "#note-" not in ben.see("/map?steps=team").source

    cleo = Visit(own, everywhere("cleo", "analyst"))
    assert not [each for each in actions(cleo.see("/map/notes")) if "/change" in each]
    assert cleo.send("/map/notes/1/change?steps=phase", words="x").status == 403
    changed = ana.send("/map/notes/1/change?steps=phase", words="It asks once.")
    assert "It asks once. ben," in changed.words
    assert "changed" in changed.words
    ben.send("/map/notes/1/end?steps=phase")
    assert "It asks once" not in ben.see("/map").words
    ben.send("/map/notes/2/end?steps=phase")


@pytest.mark.row("MAP-17")
@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"place": "new"}, "names no step and no way"),
        ({"place": "[]"}, "names no step and no way"),
        ({"place": "[" * 9_000}, "names no step and no way"),
        ({"place": '["nowhere"]'}, "has no step"),
        ({"words": " "}, "is empty"),
        ({"words": "x" * 501}, "longer than 500"),
    ],
)
def test_a_note_that_does_not_fit_comes_back_as_it_was_typed(
    ben: Visit, form: dict[str, str], wrong: str
) -> None:
    """With what is wrong; nothing is kept."""
    page = ben.send("/map/notes?steps=phase", **{**NOTE, **form})
    assert page.status in (400, 404)
    assert wrong in page.words
    assert fields(page)["words"].strip() == {**NOTE, **form}["words"].strip()
    assert ben.see("/map/notes").headline == "No note stands on the map by phase"


@pytest.mark.row("MAP-17")
def test_a_filter_is_saved_from_its_page_and_its_link_leads_back(
    own: Intake, ana: Visit, ben: Visit
) -> None:
    """With its numbers of now among the findings; a reader without the right sees no form."""
    page = ben.see("/map?where=team=Network&steps=team")
    [save] = [link.href for link in page.links if link.text == "Save this filter"]
    form = ben.see(save)
    assert "Process map: tickets, where team is Network." in form.words
    typed = {"address": fields(form)["address"], "name": f"Slow {HOSTILE}", "why": "It lags."}
    made = ben.send("/saved", **typed)
    assert HOSTILE not in made.source
    assert ben.send("/saved", **typed).status == 400  # the name is taken

    number = ben.asks.get(SAVED).json()["saved"][0]["number"]
    led = ben.asks.get(f"/saved/{number}")
    assert (led.status_code, led.headers["location"]) == (303, "/map?where=team=Network&steps=team")
    counted = ben.asks.get("/api/v1/tickets?where=team=Network").json()["total"]
    told = ben.asks.get(f"{SAVED}/{number}").json()["numbers"]
    assert told["chosen"]["tickets"] == counted
    found = ben.see("/findings")
    assert f"Tickets {counted} Share" in found.words
    assert ben.asks.get("/api/v1/findings").json()["saved"][0]["numbers"] == told

    viewer = Visit(own, everywhere("vera", "viewer"))
    assert "Save this filter" not in viewer.see("/map").words
    assert viewer.asks.get(f"/saved/{number}").status_code == 303
    assert not actions(viewer.see("/saved"))
    assert Visit(own, Actor("nobody", ())).asks.get(f"/saved/{number}").status_code == 403
    ana.send(f"/saved/{number}/end")
    assert ben.see("/saved").headline == "No filter is saved"
    assert ben.asks.get(f"/saved/{number}").status_code == 404


@pytest.mark.row("MAP-17")
def test_the_api_makes_changes_and_ends_both(ben: Visit) -> None:
    """Bodies are checked for form and length, and for their meaning."""
    asks = ben.asks
    body = {"step": "new", "then": "in_progress", "words": "It lags."}
    note = asks.post(NOTES, json=body)
    assert note.status_code == 201, note.text
    number = note.json()["number"]
    assert asks.post(f"{NOTES}/{number}/change", json={"words": "No."}).json()["words"] == "No."
    [told] = asks.get(NOTES).json()["notes"]
    assert (told["where"], told["mine"], told["made_by"]) == ("here", True, "ben")
    assert asks.get("/api/v1/map").json()["pinned"] == [told]
    assert asks.post(f"{NOTES}/{number}/end").json()["ended_at"]
    assert asks.get("/api/v1/map").json()["pinned"] == []

    filtered = {"name": "N", "address": "/map?where=team=Network", "why": "It lags."}
    made = asks.post(SAVED, json=filtered)
    assert (made.status_code, made.json()["link"]) == (201, f"/saved/{made.json()['number']}")
    assert asks.post(f"{SAVED}/{made.json()['number']}/end").json()["ended_at"]
    for place, wrong in (
        (NOTES, {**body, "words": "x" * 501}),
        (NOTES, {**body, "extra": 1}),
        (NOTES, {**body, "step": "nowhere", "then": None}),
        (SAVED, {**filtered, "name": "x" * 81}),
        (SAVED, {**filtered, "address": "//evil.example/map"}),
    ):
        assert asks.post(place, json=wrong).status_code in (400, 404, 422), wrong
    assert asks.get(SAVED).json() == {"saved": []}
