"""Small numbers withheld: what so few records say could be of a person.

Floor 5. Pure rules on values. A value of fewer records than `suppress_below` is withheld; so is a
value that could be found by taking the others from a total. Between the values of one table, this
looks along every dimension and, where records add up over time, along the periods.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from opsgauge.metrics.series import Point

Cell = tuple[str | None, ...]  # the period and the value of each dimension
SHOWN_FROM = 1  # nothing is withheld


def cell_of(point: Point) -> Cell:
    """Return what tells a value apart in its table."""
    return (point.period, *point.by.values())


def withheld(
    points: Iterable[Point],
    below: int,
    adds_over_time: bool,
    others: frozenset[Cell] = frozenset(),
) -> frozenset[Cell]:
    """Return which values of a table are withheld.

    Parameters
    ----------
    below : the fewest records of which a value is shown; 1 withholds nothing
    adds_over_time : whether the records of all periods together are those of the whole
    others : values that are withheld for another reason

    Examples
    --------
    >>> table = [Point("all", {"team": t}, n, 1.0) for t, n in [("A", 2), ("B", 9), ("C", 40)]]
    >>> sorted(withheld(table, 5, False))
    [('all', 'A'), ('all', 'B')]
    """
    if below <= SHOWN_FROM and not others:
        return frozenset()
    table = {cell_of(point): point.n for point in points}
    hidden = {cell for cell, n in table.items() if 0 < n < below} | others
    found = bool(hidden)
    while found:
        found = False
        for line in _lines(table, adds_over_time):
            more = _given_away(line, hidden, table, below)
            if more is not None:
                hidden.add(more)
                found = True
    return frozenset(hidden)


def _lines(table: Mapping[Cell, int], adds_over_time: bool) -> Iterable[Sequence[Cell]]:
    """Yield the cells that differ in one place alone, whose total somebody may know."""
    width = max(map(len, table), default=0)
    for axis in range(0 if adds_over_time else 1, width):
        others = [place for place in range(width) if place != axis]

        def rest(cell: Cell, others: Sequence[int] = others) -> str:
            return repr([cell[place] for place in others])

        for _, cells in groupby(sorted(table, key=rest), key=rest):
            yield list(cells)


def _given_away(
    line: Sequence[Cell], hidden: set[Cell], table: Mapping[Cell, int], below: int
) -> Cell | None:
    """Return the next cell to hide in a line, so that its total gives nothing away; else None."""
    gone = [cell for cell in line if cell in hidden]
    shown = [cell for cell in line if cell not in hidden and table[cell] > 0]
    if not gone or not shown:
        return None
    if len(gone) > 1 and sum(table[cell] for cell in gone) >= below:
        return None
    return min(shown, key=lambda cell: (table[cell], repr(cell)))
