"""Short marks for the steps of a path, so that a path fits into a table cell.

Floor 5, drawing.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from opsgauge.operations.flow_answers import Variants

MARKS_SHOWN = 40  # of the steps of a path


def path_marks(variants: Variants, name: Callable[[str | None], str]) -> dict[str | None, str]:
    """Return a mark for each step, in the order in which the paths first meet them.

    Parameters
    ----------
    variants : the paths to be shown
    name : a step's name, as `map_choice.step_name` gives it
    """
    steps = dict.fromkeys(step for row in variants.rows for step in row.path)
    marks: dict[str | None, str] = {}
    taken: set[str] = set()
    for step in steps:
        marks[step] = next(mark for mark in _candidates(name(step)) if mark not in taken)
        taken.add(marks[step])
    return marks


def _candidates(name: str) -> Iterator[str]:
    """Yield marks from the shortest: `W`, `WU`, `Wa`, then numbered ones, which never end.

    Examples
    --------
    >>> from itertools import islice
    >>> list(islice(_candidates("Waits for the user"), 4)), next(_candidates("Group 20"))
    (['W', 'WFTU', 'Wa', 'W2'], 'G')
    >>> list(islice(_candidates("Group 20"), 2))
    ['G', 'G20']
    """
    words = name.split() or ["?"]
    first = words[0][0].upper()
    yield first
    if len(words) > 1:
        yield "".join(_part(words))[:4]
    yield first + words[0][1:2]
    yield from (f"{first}{number}" for number in count(2))


def _part(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield word if word.isdigit() else word[0].upper()
