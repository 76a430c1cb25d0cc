"""Short marks for the steps of a path."""

from hypothesis import given
from hypothesis import strategies as st

from opsgauge.operations.drawing.path_marks import path_marks
from opsgauge.operations.flow_answers import Variant, Variants
from tests.operations.drawing.samples import PROVENANCE


def variants(*paths: tuple[str | None, ...]) -> Variants:
    """Return paths that one ticket each took."""
    rows = tuple(Variant(path, 1, 1 / len(paths)) for path in paths)
    return Variants("team", len(rows), len(rows), {}, rows, PROVENANCE)


def name(step: str | None) -> str:
    """Return a step's name."""
    return step or "Missing"


def test_the_first_letter_if_it_is_free_then_the_initials() -> None:
    """Waits for the user comes second, so it takes more than its first letter."""
    marks = path_marks(variants(("Work", "Waits for the user", None)), name)
    assert marks == {"Work": "W", "Waits for the user": "WFTU", None: "M"}


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=9), min_size=1, max_size=9))
def test_no_two_steps_share_a_mark(paths: list[list[str]]) -> None:
    """Whatever they are called."""
    marks = path_marks(variants(*(tuple(path) for path in paths)), name)
    assert len(set(marks.values())) == len({step for path in paths for step in path})
