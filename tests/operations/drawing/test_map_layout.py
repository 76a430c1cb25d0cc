"""Where the steps and ways of a map stand."""

from itertools import combinations

from opsgauge.operations.drawing.map_layout import Box, Tie, lay_out

LABEL = Box(60, 16)
BOXES = [Box(18, 18), *(Box(150, 48) for _ in range(6)), Box(18, 18)]
TIES = [
    Tie(0, 1, LABEL, 100),
    *(Tie(1, step, LABEL, 20) for step in range(2, 7)),
    *(Tie(step, 1, LABEL, 10) for step in range(2, 6)),
    Tie(6, 7, LABEL, 100),
]


def test_boxes_never_overlap() -> None:
    """Left to right and top down alike."""
    for down in (False, True):
        layout = lay_out(BOXES, TIES, down)
        for one, other in combinations(range(len(BOXES)), 2):
            apart_x = abs(layout.middles[one][0] - layout.middles[other][0])
            apart_y = abs(layout.middles[one][1] - layout.middles[other][1])
            assert (
                apart_x >= (BOXES[one].width + BOXES[other].width) / 2
                or apart_y >= (BOXES[one].height + BOXES[other].height) / 2
            )


def test_no_label_stands_on_a_box() -> None:
    """Graphviz keeps room of the size it is told."""
    for down in (False, True):
        layout = lay_out(BOXES, TIES, down)
        for course in layout.courses:
            for middle, box in zip(layout.middles, BOXES, strict=True):
                apart_x = abs(course.label[0] - middle[0])
                apart_y = abs(course.label[1] - middle[1])
                assert (
                    apart_x >= (LABEL.width + box.width) / 2 - 1
                    or apart_y >= (LABEL.height + box.height) / 2 - 1
                )


def test_the_start_comes_first() -> None:
    """At the left, or at the top."""
    wide, down = lay_out(BOXES, TIES), lay_out(BOXES, TIES, down=True)
    assert wide.middles[0][0] == min(x for x, _ in wide.middles)
    assert down.middles[0][1] == min(y for _, y in down.middles)


def test_every_way_has_its_course_in_order() -> None:
    """Two ways between the same steps are two courses, each with points and a tip."""
    layout = lay_out(BOXES, [Tie(1, 2, LABEL, 5), Tie(2, 1, LABEL, 5)])
    assert len(layout.courses) == 2
    assert all(len(course.points) >= 4 for course in layout.courses)
    assert layout.courses[0].tip != layout.courses[1].tip


def test_steps_without_ways_are_laid_out_too() -> None:
    """A map of one step has no way."""
    layout = lay_out([Box(18, 18), Box(150, 48), Box(18, 18)], [])
    assert len(layout.middles) == 3
    assert layout.courses == ()


def test_the_same_map_is_laid_out_the_same_twice() -> None:
    """A page that is opened again looks as before."""
    assert lay_out(BOXES, TIES) == lay_out(BOXES, TIES)
