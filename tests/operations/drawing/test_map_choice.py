"""Which steps and ways of a map are drawn."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.drawing.map_choice import (
    END,
    START,
    Beside,
    Chosen,
    Folded,
    Place,
    choose,
    step_name,
)
from opsgauge.operations.flow_answers import ProcessMap
from tests.operations.drawing.samples import desk, flow


@st.composite
def journeys(draw: st.DrawFn) -> ProcessMap:
    """Return the map of a few tickets that walk at random over up to eight steps."""
    step = st.sampled_from("ABCDEFGH")
    paths = draw(st.lists(st.lists(step, min_size=1, max_size=8), min_size=1, max_size=12))
    ways: dict[tuple[str, str], int] = {}
    starts: dict[str, int] = {}
    ends: dict[str, int] = {}
    for path in paths:
        starts[path[0]] = starts.get(path[0], 0) + 1
        ends[path[-1]] = ends.get(path[-1], 0) + 1
        for pair in pairwise(path):
            ways[pair] = ways.get(pair, 0) + 1
    return flow(ways, starts, ends)


def reached(chosen: Chosen, backwards: bool = False) -> set[object]:
    """Return the places one gets to over the ways drawn."""
    pairs = [(way.to, way.from_) if backwards else (way.from_, way.to) for way in chosen.ways]
    seen: set[object] = {END if backwards else START}
    while True:
        more = {to for from_, to in pairs if from_ in seen} - seen
        if not more:
            return seen
        seen |= more


@pytest.mark.row("MAP-02")
@given(journeys(), st.integers(1, 8), st.integers(0, 20))
def test_no_step_drawn_stands_alone(process: ProcessMap, steps: int, ways: int) -> None:
    """Every step drawn can be reached from the start and leads to the end, however few ways."""
    chosen = choose(process, steps, ways)
    drawn = {node.id for node in chosen.steps}

    assert drawn <= reached(chosen)
    assert drawn <= reached(chosen, backwards=True)


@pytest.mark.row("MAP-02")
@given(journeys(), st.integers(1, 8), st.integers(0, 20))
def test_what_is_drawn_keeps_its_numbers(process: ProcessMap, steps: int, ways: int) -> None:
    """Hiding a step or a way changes no count of the others."""
    chosen = choose(process, steps, ways)
    arcs = {(arc.from_, arc.to): arc for arc in process.arcs}

    assert set(chosen.steps) <= set(process.nodes)
    for way in chosen.ways:
        if way.arc is not None:
            assert arcs[way.arc.from_, way.arc.to] is way.arc
            assert way.count == way.arc.count


@pytest.mark.row("MAP-02")
@given(journeys(), st.integers(1, 8), st.integers(0, 20))
def test_the_picture_conserves(process: ProcessMap, steps: int, ways: int) -> None:
    """Each box: entered = drawn ways in + stays + ways in that are not drawn; the same for out.

    So it is for the box of the hidden steps, and nothing is lost over all: what comes in on ways
    that are not drawn goes out on such ways, starts and ends that are not drawn aside.
    """
    chosen = choose(process, steps, ways)
    boxes: dict[Place, tuple[int, int]] = {
        node.id: (node.count, node.stays) for node in chosen.steps
    }
    if chosen.folded:
        boxes[chosen.folded] = (chosen.folded.count, chosen.folded.stays)
    starts = sum(node.starts for node in process.nodes)
    drawn = Counter[object](), Counter[object]()
    for way in chosen.ways:
        drawn[0][way.from_] += way.count
        drawn[1][way.to] += way.count

    assert set(chosen.beside) == set(boxes)
    assert sum(count for count, _ in boxes.values()) == sum(node.count for node in process.nodes)
    for place, (count, stays) in boxes.items():
        beside = chosen.beside[place]
        assert min(beside.in_, beside.out) >= 0
        assert count == drawn[1][place] + stays + beside.in_
        assert count == drawn[0][place] + stays + beside.out
    unseen_in = sum(each.in_ for each in chosen.beside.values())
    unseen_out = sum(each.out for each in chosen.beside.values())
    assert unseen_in - (starts - drawn[0][START]) == unseen_out - (starts - drawn[1][END])


@pytest.mark.row("MAP-02")
def test_hidden_steps_are_drawn_as_one_box() -> None:
    """Queue and User are entered 30 + 20 times; 50 ways in, 40 back to Work and 10 to Resolved."""
    chosen = choose(desk(), 2, 6)
    folded = chosen.folded

    assert folded == Folded(steps=2, count=50, stays=0)
    assert {(way.from_, way.to): way.count for way in chosen.ways if way.arc is None} == {
        (START, "Work"): 100,
        ("Resolved", END): 100,
        ("Work", folded): 50,
        (folded, "Work"): 40,
    }
    assert chosen.beside == {
        "Work": Beside(0, 0),
        "Resolved": Beside(10, 0),
        folded: Beside(0, 10),
    }


@given(journeys())
def test_all_steps_and_ways_hide_nothing(process: ProcessMap) -> None:
    """With both sliders at their end the words say so."""
    chosen = choose(process, 100, 1000)
    assert len(chosen.steps) == len(process.nodes)
    assert chosen.shown_ways == chosen.all_ways


@pytest.mark.row("MAP-02")
def test_the_words_count_what_is_hidden() -> None:
    """Of the desk's map, two steps and their ways are left.

    Work and Resolved stay: 90 passages. Queue and User are hidden with
    30 + 30 + 20 + 10 + 10 = 100 passages on five ways.
    """
    hidden, balance = choose(desk(), 2, 6).sentences()

    assert hidden == (
        "Hidden: 2 steps, 5 ways with 100 passages; their counts stay in every total. "
        "The dashed box stands for the hidden steps."
    )
    assert balance == "In = out + end holds for each step."


def test_a_map_whose_numbers_do_not_agree_says_so() -> None:
    """A step that is left more often than entered cannot be explained away."""
    wrong = flow({("A", "B"): 5}, starts={"A": 3}, ends={"B": 5})
    assert choose(wrong, 5, 5).sentences()[-1] == "In and out do not agree for 1 step: A."


def test_a_step_that_others_hang_on_is_added() -> None:
    """A and C are asked for, but C is reached only through B; the words own up to it."""
    process = flow(
        {("A", "B"): 1, ("B", "C"): 1, ("C", "C"): 9}, starts={"A": 5}, ends={"A": 4, "C": 1}
    )
    chosen = choose(process, 2, 5)

    assert {node.id for node in chosen.steps} == {"A", "B", "C"}
    assert chosen.sentences()[0].startswith("1 step more than asked for")


def test_the_widest_ways_come_first() -> None:
    """Beside what connectedness needs, frequency decides."""
    drawn = [(way.from_, way.to) for way in choose(desk(), 4, 5).ways if way.arc is not None]
    assert ("Work", "Resolved") in drawn
    assert ("User", "Work") not in drawn or ("User", "Resolved") not in drawn


def test_a_step_without_a_name_is_drawn_as_missing() -> None:
    """Where no team is written, the way through "no team" is still a way."""
    assert step_name(None, "team") == "Missing"
    assert step_name("in_progress", "phase") == "In progress"
    assert step_name("in_progress", "original_status") == "in_progress"
    assert step_name(START, "team") == "start"
    assert step_name("in_progress · (none)", "phase+team") == "In progress · Missing"


@pytest.mark.row("MAP-02")
@pytest.mark.parametrize("steps", [1, 6, 8])
def test_of_a_long_chain_few_steps_are_drawn_and_hang_on_the_others(steps: int) -> None:
    """The most frequent lie far from start and end: the box of the others leads to them and on."""
    names = [f"step {n}" for n in range(5_000)]
    ways = dict.fromkeys(pairwise(names), 10)
    for name in ("step 2000", "step 3000", "step 3001"):
        ways[name, name] = 500
    chosen = choose(flow(ways, {"step 0": 10}, {"step 4999": 10}), steps, 14)
    drawn = {node.id for node in chosen.steps}

    assert len(drawn) <= steps + 8
    assert {"step 2000", "step 3000", "step 3001"} & drawn
    assert drawn <= reached(chosen)
    assert drawn <= reached(chosen, backwards=True)
    assert all(each.in_ >= 0 <= each.out for each in chosen.beside.values())
    assert chosen.folded is not None
    assert chosen.folded.steps + len(drawn) == 5_000
