"""The process map as SVG."""

import re
import xml.etree.ElementTree as ET

import pytest

from opsgauge.operations.drawing.map_picture import Hrefs, View, map_picture
from tests.operations.drawing.samples import HOSTILE, desk, flow

HREFS = Hrefs(
    step=lambda step: f"/tickets?step={step}", way=lambda from_, to: f"/tickets?way={from_},{to}"
)


def parsed(svg: str) -> ET.Element:
    """Return the picture as elements, which proves that it is well-formed."""
    return ET.fromstring(svg)  # noqa: S314 - drawn right here


@pytest.mark.row("MAP-01")
def test_steps_and_ways_lead_to_their_tickets_and_have_a_spoken_name() -> None:
    """The map of the desk has four steps and six ways."""
    svg = map_picture(desk(), View(steps=4, ways=6), HREFS).svg
    links = {one.get("href"): one.get("aria-label") for one in parsed(svg).iter("a")}

    assert {f"/tickets?step={name}" for name in ("Work", "Queue", "User", "Resolved")} < set(links)
    spoken = [one.get("aria-label") for one in parsed(svg).iter("a") if one.get("aria-label")]
    assert "Work to Resolved: 90 times; half within 30 min, nine in ten within 1.0 h" in spoken
    assert any((name or "").startswith("Work: entered 140 times") for name in spoken)
    assert len(spoken) == 10


@pytest.mark.row("MAP-01")
@pytest.mark.parametrize(
    ("time", "words"), [("median", "30 min"), ("p90", "1.0 h"), ("mean", "33 min")]
)
def test_a_way_shows_how_often_and_the_time_asked_for(time: str, words: str) -> None:
    """Median, nine in ten, or mean."""
    svg = map_picture(desk(), View(4, 6, time=time), HREFS).svg
    labels = [one for one in parsed(svg).iter("text") if "way-label" in (one.get("class") or "")]
    texts = {"".join(one.itertext()) for one in labels}
    assert f"90 {words}" in texts


def test_the_widest_arrow_is_the_most_frequent_way() -> None:
    """Width goes with the square root: 100 starts are drawn 6 px wide, 25 would be 3.6."""
    svg = map_picture(flow({("A", "B"): 25}, {"A": 100}, {"A": 75, "B": 25}), View(2, 5), HREFS).svg
    widths = [float(width) for width in re.findall(r'stroke-width="([\d.]+)"', svg)]
    assert max(widths) == 6.0
    assert min(widths) == 3.6


def test_start_and_end_say_how_many_tickets_pass() -> None:
    """All 100 of them, whatever is hidden."""
    svg = map_picture(desk(), View(1, 1), HREFS).svg
    words = ["".join(one.itertext()) for one in parsed(svg).iter("text")]
    assert words.count("100") >= 2
    assert {"start", "end"} <= set(words)


def test_no_verdict_is_coloured() -> None:
    """Which waits could be won back is not known, so nothing is orange."""
    assert "hot" not in map_picture(desk(), View(4, 6), HREFS).svg


@pytest.mark.parametrize("down", [False, True])
def test_hostile_names_stay_names(down: bool) -> None:
    """In names, spoken names, titles and addresses."""
    process = flow({(HOSTILE, '"><b>'): 5}, {HOSTILE: 5}, {'"><b>': 5})
    svg = map_picture(process, View(2, 2, down=down), HREFS).svg

    assert "<script" not in svg
    assert "<b>" not in svg
    assert any(HOSTILE in (one.text or "") for one in parsed(svg).iter("title"))


def test_a_map_too_wide_for_a_page_is_laid_top_down() -> None:
    """A chain of twelve steps is drawn downwards, where boxes stand closer."""
    names = [f"Step number {at}" for at in range(12)]
    chain = {(names[at], names[at + 1]): 5 for at in range(11)}
    process = flow(chain, {names[0]: 5}, {names[-1]: 5})
    root = parsed(map_picture(process, View(12, 20), HREFS).svg)

    assert float(root.get("width", "0")) < 1400
    assert float(root.get("height", "0")) > float(root.get("width", "0"))


def test_boxes_hold_their_words() -> None:
    """A long name wraps inside its box, and the box grows."""
    long = "Second line support for workplace devices and printers"
    svg = map_picture(flow({}, {long: 5}, {long: 5}), View(1, 1), HREFS).svg
    box = next(one for one in parsed(svg).iter("rect") if one.get("class") == "box")

    assert float(box.get("width", "0")) <= 180
    assert float(box.get("height", "0")) > 60


def test_forty_steps_are_drawn_in_bounded_time_and_size() -> None:
    """A map of forty teams stays a picture one can scroll, with every step on it."""
    teams = [f"Group {at}" for at in range(40)]
    ways = {(teams[at], teams[(at * 7 + 3) % 40]): 40 - at for at in range(39)}
    ways |= {(teams[0], team): 3 for team in teams[1:]}
    process = flow(ways, {teams[0]: 100}, dict.fromkeys(teams, 2))
    picture = map_picture(process, View(40, 60), HREFS)
    root = parsed(picture.svg)

    assert len([one for one in root.iter("rect") if one.get("class") == "box"]) == 40
    assert float(root.get("height", "0")) < 4000
