"""Which column fills which field: by what it is called, and by what its values are.

Floor 3. Every column is weighed against every field, and the best pair is taken first, so that a
column goes where it fits best. What fits badly is proposed, switched off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from opsgauge.log.mapping_fields import PERSONS
from opsgauge.sources.draft.evidence import by_values
from opsgauge.sources.draft.identity import Identity
from opsgauge.sources.draft.kinds import Kind, Seen, counts_something
from opsgauge.sources.draft.meanings import BY_FIELD, GOOD, MEANINGS, WEAK, Meaning
from opsgauge.sources.draft.names import folded

SURE, LIKELY = 2.0, 1.0  # from here a pair is taken, or proposed
BY_VALUES_ALONE = 0.8  # what values must say where the name says nothing
ONLY_UPDATES = ("actor", "activity")
FOR_THE_ACTOR = 0.6  # in a log, "user" is who did it rather than who asked


@dataclass(frozen=True)
class Filled:
    """A field and the column that fills it, or could.

    Attributes
    ----------
    score : how well it fits; from `SURE` on it is taken
    by_name : whether its name speaks for it, not its values alone
    others : columns that would fit as well
    """

    field: str
    seen: Seen
    score: float
    by_name: bool = True
    others: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it is taken, not only proposed."""
        return self.score >= SURE


@dataclass
class Fields:
    """The fields that are filled, those that could be, and the columns that are spoken for."""

    filled: dict[str, Filled] = field(default_factory=dict)
    proposed: list[Filled] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def column(self, name: str) -> Seen | None:
        """Return the column that fills a field, None where none does."""
        found = self.filled.get(name)
        return found.seen if found else None

    def of(self, names: Iterable[str]) -> list[Seen]:
        """Return the columns that fill some fields."""
        return [self.filled[name].seen for name in names if name in self.filled]


def fields(columns: Sequence[Seen], found: Identity) -> Fields:
    """Return which column fills which field.

    Parameters
    ----------
    columns : those that are free: neither the ticket's number nor spoken for in another way
    """
    made = Fields()
    if found.moment is not None:
        made.filled["updated_at"] = Filled("updated_at", found.moment, GOOD)
        made.used.add(found.moment.name)
    pairs = [
        (score, meaning, each)
        for each in columns
        if each.name not in made.used
        for meaning in MEANINGS
        if (score := _score(meaning, each, found.shape)) >= LIKELY
    ]
    pairs.sort(key=lambda pair: (-pair[0], -pair[2].column.filled))
    for score, meaning, each in pairs:
        if meaning.field in made.filled or each.name in made.used:
            continue
        others = tuple(
            other.name
            for its, other_meaning, other in pairs
            if other_meaning is meaning
            and other is not each
            and its >= max(SURE, score - 1.2)
            and other.among(Kind.FLAG) == each.among(Kind.FLAG)
        )
        by_name = meaning.named(each.folded) > 0
        pair = Filled(meaning.field, each, score, by_name, others[:3])
        if pair.sure and not each.empty:
            made.filled[meaning.field] = pair
            made.used.add(each.name)
        else:
            made.proposed.append(pair)
    _drop_settled(made)
    _must_open(made, columns, found)
    return made


def _drop_settled(made: Fields) -> None:
    """Leave of the proposals those whose field and column are still free, one for each field."""
    left: dict[str, Filled] = {}
    taken: set[str] = set()
    for each in made.proposed:
        free = each.field not in made.filled and each.seen.name not in made.used | taken
        if free and each.field not in left:
            left[each.field] = each
            taken.add(each.seen.name)
    made.proposed = list(left.values())


def _score(meaning: Meaning, each: Seen, shape: str) -> float:
    """Return how well a column fills a field; 0: it does not."""
    named = meaning.named(each.folded)
    if _never(meaning.field, each, shape, named):
        return 0.0
    if each.empty:
        return min(named, SURE) if named >= GOOD else 0.0
    values = by_values(meaning.field, each)
    if not meaning.kinds & each.kinds or (not named and values < BY_VALUES_ALONE):
        return 0.0
    by_shape = FOR_THE_ACTOR if meaning.field == "actor" else 0.0
    return (named or WEAK) + values + by_shape


def _never(name: str, each: Seen, shape: str, named: float) -> bool:
    """Say whether a column cannot fill a field in a file of that shape."""
    if shape == "tickets" and name in ONLY_UPDATES:
        return True
    if name in PERSONS and counts_something(each):
        return True
    if shape == "updates" and name == "original_status" and each.column.distinct == 1:
        return True  # in a log of updates, a state that never changes is none
    # How a row of a log came to be was asked of `identity`.
    return name == "updated_at" and named < GOOD


def _must_open(made: Fields, columns: Sequence[Seen], found: Identity) -> None:
    """Take the fullest moment for the opening that a row per ticket needs, if no name says so."""
    if found.shape != "tickets" or "opened_at" in made.filled:
        return
    times = [each for each in columns if each.among(Kind.MOMENT)]
    free = [each for each in times if each.name not in made.used] or times
    weighed = max(
        free, key=lambda each: (each.column.filled, BY_FIELD["opened_at"].named(each.folded))
    )
    taken = [name for name, pair in made.filled.items() if pair.seen is weighed]
    for name in taken:
        del made.filled[name]
    made.filled["opened_at"] = Filled("opened_at", weighed, LIKELY, by_name=False)
    made.used.add(weighed.name)
    made.proposed = [pair for pair in made.proposed if pair.field != "opened_at"]


def named_for(word: str, allowed: Sequence[str]) -> str | None:
    """Return the field that a name speaks of outright, where the name is all there is.

    Examples
    --------
    >>> named_for("Assignment group", ["team", "assignee"]), named_for("Rank", ["team"])
    ('team', None)
    """
    weighed: Mapping[str, float] = {name: BY_FIELD[name].named(folded(word)) for name in allowed}
    best = max(allowed, key=lambda name: weighed[name])
    return best if weighed[best] >= GOOD - 0.5 else None
