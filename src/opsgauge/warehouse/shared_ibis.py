"""Ibis made fit for threads: what it remembers of comparisons is kept right while several compile.

Floor 1. Ibis remembers which expressions are equal by where they lie in memory, in one table for
the whole process, and forgets an expression when it goes. Two threads that compile at once can
leave an entry behind; a later expression at the same place then counts as equal to what it is not,
and a query means something else without a word. Here the table is read and written in turns.
`portable.py` sees to it, so that it holds wherever expressions are made.
"""

import threading
from typing import Any

from ibis.common.bases import Comparable

Known = dict[int, dict[int, bool]]
known: Known = {}
TURN = threading.RLock()  # an expression may go, and be forgotten, in the middle of a turn


def _equal(self: Any, other: Any) -> bool:
    if self is other:
        return True
    if type(self) is not type(other):
        return False
    mine, theirs = id(self), id(other)
    with TURN:
        found = known.get(mine, {}).get(theirs)
    if found is None:
        found = bool(self.__equals__(other))
        with TURN:
            known.setdefault(mine, {})[theirs] = found
            known.setdefault(theirs, {})[mine] = found
    return found


def _forget(self: Any, known: Known = known, turn: Any = TURN) -> None:
    # As defaults, since names of the module are gone before the last expressions are.
    mine = id(self)
    with turn:
        for theirs in [*known.pop(mine, ())]:
            others = known.get(theirs)
            if others is not None:
                others.pop(mine, None)
                if not others:
                    known.pop(theirs, None)


def fit_for_threads() -> None:
    """Let Ibis compare in turns, from now on; to be done before any expression is made."""
    Comparable.__eq__ = _equal
    Comparable.__del__ = _forget
