"""Reads what a workspace defines to split by: a hierarchy in each file, or several bands.

Floor 3. All of a folder are read or none: whatever is wrong is said with the file, the line, the
key and the nearest right word. The formats are in docs/guides/questions.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from opsgauge.foundation.errors import did_you_mean
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.metrics.banding import read_bands
from opsgauge.metrics.groupings import Banded, Grouping
from opsgauge.metrics.placing import CHANGING, NOT_PLACED, THEN, Moved, Placed
from opsgauge.metrics.subject import PERSONS, every_dimension
from opsgauge.metrics.written_page import NAME, Page, Stamp, stamps

HIERARCHIES, BANDS = "hierarchies", "bands"
KEYS = ("title", "dimension", "of", "levels", "changes")
CHANGE_KEYS = ("from", "level", "move")
Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Move:
    """From a day on, members of a level stand in other groups."""

    since: date
    level: str
    to: Mapping[str, str]


@dataclass(frozen=True)
class Hierarchy:
    """What one file of a hierarchy says.

    Attributes
    ----------
    of : level -> the level, or the dimension, whose values it groups
    levels : level -> group -> its members
    """

    dimension: str
    of: Mapping[str, str]
    levels: Mapping[str, Groups]
    moves: tuple[Move, ...] = ()

    def placed(self) -> list[Placed]:
        """Return its levels, each over the dimension itself, and over what that was then."""
        made = [self._level(level) for level in self.levels]
        if self.dimension not in CHANGING:
            return made
        then = f"{self.dimension}{THEN}"
        return made + [
            replace(each, name=f"{then}.{level}", as_then=True)
            for level, each in zip(self.levels, made, strict=True)
        ]

    def _level(self, level: str) -> Placed:
        """Return a level as it was at first, and what moved on each day."""
        first = self._groups(level, None)
        stood, moved = _places(first), []
        for day in sorted({move.since for move in self.moves}):
            stands = _places(self._groups(level, day))
            every = dict.fromkeys((*stands, *stood))
            to = {m: stands.get(m, NOT_PLACED) for m in every if stands.get(m) != stood.get(m)}
            if to:
                groups = dict.fromkeys(to.values())
                has = ((group, tuple(m for m in to if to[m] == group)) for group in groups)
                moved.append(Moved(day, tuple(has)))
            stood = stands
        name, groups_at_first = f"{self.dimension}.{level}", tuple(first.items())
        return Placed(name, self.dimension, groups_at_first, tuple(moved))

    def _groups(self, level: str, on: date | None) -> dict[str, tuple[str, ...]]:
        """Return the values of the dimension in each group on a day; None for before any move."""
        groups = {name: list(members) for name, members in self._members(level, on).items()}
        below = self.of[level]
        while below != self.dimension:
            inside = self._members(below, on)
            groups = {
                name: [one for member in members for one in inside.get(member, ())]
                for name, members in groups.items()
            }
            below = self.of[below]
        return {name: tuple(members) for name, members in groups.items()}

    def _members(self, level: str, on: date | None) -> Groups:
        where = {m: group for group, members in self.levels[level].items() for m in members}
        for move in self.moves:
            if move.level == level and on is not None and move.since <= on:
                where |= move.to
        return {
            group: [member for member, its in where.items() if its == group]
            for group in self.levels[level]
        }


def _places(groups: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the group of each member."""
    return {member: group for group, members in groups.items() for member in members}


@dataclass(frozen=True)
class OwnGroupings:
    """What a workspace defines."""

    hierarchies: tuple[Hierarchy, ...] = ()
    bands: tuple[Banded, ...] = ()

    def by_name(self) -> dict[str, Grouping]:
        """Return every grouping by its name."""
        found: list[Grouping] = [*self.bands]
        for one in self.hierarchies:
            found += one.placed()
        return {each.name: each for each in found}


def load_groupings(workspace: Path) -> OwnGroupings:
    """Read the hierarchies and bands of a workspace.

    Raises
    ------
    GroupingWrong : a file does not fit; none is loaded then
    """
    return _read(stamps(workspace / HIERARCHIES) + stamps(workspace / BANDS))


@lru_cache(maxsize=8)
def _read(files: tuple[Stamp, ...]) -> OwnGroupings:
    hierarchies: dict[str, Hierarchy] = {}
    bands: dict[str, Banded] = {}
    for name, *_ in files:
        file = Path(name)
        page = Page.of(file)
        if file.parent.name == BANDS:
            made: Mapping[str, Any] = read_bands(page)
            _only_new(page, made, bands)
            bands |= made
        else:
            one = read_hierarchy(page)
            levels = {f"{one.dimension}.{level}": one for level in one.levels}
            _only_new(page, levels, hierarchies)
            hierarchies |= levels
    return OwnGroupings(
        tuple({id(one): one for one in hierarchies.values()}.values()), tuple(bands.values())
    )


def _only_new(page: Page, made: Iterable[str], there: Mapping[str, Any]) -> None:
    for name in made:
        if name in there:
            _, dot, level = name.rpartition(".")
            path = ("levels", level) if dot else (name,)
            raise page.wrong(path, f"there is a {name!r} already, in another file.")


def read_hierarchy(page: Page) -> Hierarchy:
    """Read one hierarchy.

    Raises
    ------
    GroupingWrong : it does not fit the format, or goes round in a circle
    """
    said = page.mapping((), KEYS)
    dimension = page.needed(said, "dimension")
    _must_be_dimension(page, dimension)
    levels = {level: _groups(page, level) for level in page.mapping(("levels",))}
    if not levels:
        raise page.wrong(("levels",), "a hierarchy needs at least one level.")
    for level in levels:
        if not NAME.fullmatch(level) or level == dimension:
            raise page.wrong(
                ("levels", level),
                f"a level cannot be called {level!r}; use small letters, digits and '_', and "
                "another name than that of the dimension.",
            )
    of = _below(page, dimension, list(levels))
    _no_circle(page, dimension, of)
    for level, groups in levels.items():
        _placed_once(page, level, groups, levels.get(of[level]))
    return Hierarchy(dimension, of, levels, _moves(page, levels, of))


def _must_be_dimension(page: Page, name: str) -> None:
    if name in PERSONS:
        raise page.wrong(("dimension",), f"{name!r} names a person; group teams instead.")
    if name not in every_dimension() and not name.startswith(ATTRIBUTE_PREFIX):
        raise page.wrong(
            ("dimension",),
            f"there is no dimension {name!r}. {did_you_mean(name, every_dimension())}",
        )


def _groups(page: Page, level: str) -> Groups:
    groups = page.mapping(("levels", level))
    made = {}
    for group in groups:
        if group in {NOT_PLACED, ""}:
            raise page.wrong(("levels", level, group), f"a group cannot be called {group!r}.")
        made[group] = page.words(("levels", level, group))
    return made


def _below(page: Page, dimension: str, levels: Sequence[str]) -> dict[str, str]:
    """Return what each level groups: what the file says, else the level before it."""
    told = page.mapping(("of",))
    usual = dict(zip(levels, [dimension, *levels[:-1]], strict=True))
    for level, below in told.items():
        if level not in levels:
            raise page.wrong(
                ("of", level), f"there is no level {level!r}. {did_you_mean(level, levels)}"
            )
        if not isinstance(below, str) or below not in (dimension, *levels):
            near = did_you_mean(str(below), (dimension, *levels))
            raise page.wrong(("of", level), f"there is no level {str(below)!r}. {near}")
    return usual | {level: str(below) for level, below in told.items()}


def _no_circle(page: Page, dimension: str, of: Mapping[str, str]) -> None:
    for level in of:
        passed, below = [level], of[level]
        while below != dimension:
            if below in passed:
                circle = " → ".join([*passed, below])
                raise page.wrong(
                    ("of", level),
                    f"the levels go round in a circle: {circle}. One of them must be of "
                    f"{dimension!r}.",
                )
            passed.append(below)
            below = of[below]


def _placed_once(page: Page, level: str, groups: Groups, below: Groups | None) -> None:
    seen: dict[str, str] = {}
    for group, members in groups.items():
        for member in members:
            path = ("levels", level, group)
            if member in seen:
                told = "twice" if seen[member] == group else f"in {seen[member]!r} as well"
                raise page.wrong(path, f"{member!r} stands {told}; it has one place.", member)
            if below is not None and member not in below:
                near = did_you_mean(member, below)
                raise page.wrong(path, f"there is no {member!r} in the level below. {near}", member)
            seen[member] = group


def _moves(page: Page, levels: Mapping[str, Groups], of: Mapping[str, str]) -> tuple[Move, ...]:
    made = []
    for place, _ in enumerate(page.list_of(("changes",))):
        path = ("changes", place)
        said = page.mapping(path, CHANGE_KEYS)
        level = page.needed(said, "level", path)
        if level not in levels:
            raise page.wrong(
                (*path, "level"), f"there is no level {level!r}. {did_you_mean(level, levels)}"
            )
        since = page.date_at(page.needed(said, "from", path), (*path, "from"))
        to = {}
        for member, group in page.mapping((*path, "move")).items():
            _must_be_in(page, (*path, "move", member), group, levels[level])
            if of[level] in levels:
                _must_be_in(page, (*path, "move", member), member, levels[of[level]])
            to[member] = str(group)
        made.append(Move(since, level, to))
    return tuple(sorted(made, key=lambda move: move.since))


def _must_be_in(page: Page, path: Sequence[str | int], name: Any, groups: Groups) -> None:
    if not isinstance(name, str) or name not in groups:
        near = did_you_mean(str(name), groups)
        raise page.wrong(path, f"there is no group {str(name)!r}. {near}")
