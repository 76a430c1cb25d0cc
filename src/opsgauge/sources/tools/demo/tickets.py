"""The table of tickets of one run: a row per ticket, all that is known before anybody works on it.

Floor 3. Every ticket that any truth could add is drawn in every run and holds its number; a run
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from opsgauge.sources.tools.demo.draws import Flags, Floats, Ints

NOBODY = -1
ALWAYS = 0  # in column `only_with`: a ticket of every run


@dataclass(frozen=True)
class Tickets:
    """Columns of equal length; codes are places in the words of the organisation, -1 is none."""

    practice: Ints
    opened: Ints  # seconds since 1970 UTC
    only_with: Ints  # ALWAYS, or 1 + the place of the truth that brings it
    location: Ints
    category: Ints
    subcategory: Ints
    item: Ints
    service: Ints
    machine: Ints
    channel: Ints
    priority: Ints  # 0 is the highest
    impact: Ints
    urgency: Ints
    requester: Ints
    owner: Ints  # the team whose work it is
    first_team: Ints  # the team it comes to
    kind: Ints  # a number with meaning to the practice's own plan
    parent: Ints  # place of another ticket
    problem: Ints
    caused_by: Ints
    fixed_by: Ints
    article: Ints
    approval: Ints  # seconds until somebody says yes or no; -1 where nobody has to

    def __len__(self) -> int:
        return len(self.practice)

    def take(self, which: Ints | Flags) -> "Tickets":
        """Return some of the tickets, as they are; places of others still mean the whole table."""
        return Tickets(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    def of(self, practice: int) -> Ints:
        """Return the places of the tickets of one practice."""
        return np.flatnonzero(self.practice == practice)


REFERENCES = ("parent", "problem", "caused_by", "fixed_by", "article")
Block = dict[str, Ints]


def gathered(blocks: Iterable[Block]) -> Tickets:
    """Put blocks of tickets together, by practice and opening; references follow their tickets.

    A block names the columns it has; `practice` and `opened` are needed. References are places in
    the blocks as they come, one after the other.
    """
    told = [_whole(block) for block in blocks]
    columns = {f.name: np.concatenate([block[f.name] for block in told]) for f in fields(Tickets)}
    order = np.lexsort((columns["opened"], columns["practice"]))
    new_place = np.empty(len(order) + 1, dtype=np.int64)
    new_place[order] = np.arange(len(order))
    new_place[-1] = NOBODY  # where -1 looks
    columns = {name: column[order] for name, column in columns.items()}
    for name in REFERENCES:
        columns[name] = new_place[columns[name]]
    return Tickets(**columns)


def _whole(block: Block) -> Block:
    n = len(block["opened"])
    whole = {f.name: np.full(n, NOBODY, dtype=np.int64) for f in fields(Tickets)}
    whole["only_with"] = np.zeros(n, dtype=np.int64)
    for name, column in block.items():
        whole[name] = np.broadcast_to(np.asarray(column, dtype=np.int64), (n,))
    return whole


def nearest_before(
    keys: Ints, moments: Ints, of_keys: Ints, of_moments: Ints, within: float
) -> Ints:
    """Return for each (key, moment) the place of the last other of that key up to `within` before.

    Returns
    -------
    places in `of_keys`, -1 where there is none
    """
    if not len(of_keys):
        return np.full(len(keys), NOBODY, dtype=np.int64)
    far = int(max(moments.max(initial=0), of_moments.max())) + 1
    order = np.argsort(of_keys * far + of_moments, kind="stable")
    ranked = (of_keys * far + of_moments)[order]
    at = np.searchsorted(ranked, keys * far + moments, side="right") - 1
    found = order[np.maximum(at, 0)]
    near = (at >= 0) & (of_keys[found] == keys) & (moments - of_moments[found] <= within)
    return np.where(near, found, NOBODY)


def share_of(n: int, share: float, least: int = 1) -> int:
    """Return how many of n tickets are of a kind that makes up this share."""
    return max(least, round(n * share))


def rising(values: Floats) -> Ints:
    """Return numbers as whole seconds."""
    return np.rint(values).astype(np.int64)
