"""Notes on process maps: pinned, changed, removed, and told beside the map they stand on.

Floor 5. The records are `governance.map_notes`. A note belongs to a step or a way by its name, so
it stays when new data comes. It is told only to whom the map shows that step: a name of a step can
say what others' tickets do.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from opsgauge.analysis.mining import steps as steps_by
from opsgauge.analysis.mining.steps import NO_STEP, fields_of
from opsgauge.foundation.errors import QueryWrong, UnknownName, did_you_mean
from opsgauge.governance import map_notes as kept
from opsgauge.governance.access import decide
from opsgauge.governance.map_notes import MapNote
from opsgauge.operations.context import Context
from opsgauge.operations.flow import process_map
from opsgauge.operations.flow_answers import ProcessMap
from opsgauge.operations.small_teams import small_teams, told_together, withheld_words

HERE, ELSEWHERE, GONE = "here", "elsewhere", "gone"
WHERE_WORDS: Mapping[str, str] = {
    HERE: "",
    ELSEWHERE: "not on the map as it is chosen",
    GONE: "no ticket comes there any more",
}
Place = tuple[str, ...]  # a step, or the two of a way


@dataclass(frozen=True)
class Pinned:
    """A note as the reader of a map is told it.

    Attributes
    ----------
    where : a key of `WHERE_WORDS`: on the map, only on the map of all tickets, or on none
    mine : whether the reader may change and remove it
    """

    note: MapNote
    where: str
    mine: bool

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {**self.note.as_json(), "where": self.where, "mine": self.mine}


@dataclass(frozen=True)
class PinnedNotes:
    """The notes of a map, and which are not told."""

    steps: str
    rows: tuple[Pinned, ...] = ()
    withheld: str = ""

    @cached_property
    def places(self) -> dict[Place, tuple[int, ...]]:
        """The numbers of the notes of each step and way of the map."""
        found: dict[Place, tuple[int, ...]] = {}
        for each in self.rows:
            if each.where == HERE:
                place = each.note.place
                found[place] = (*found.get(place, ()), each.note.number)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "steps": self.steps,
            "notes": [each.as_json() for each in self.rows],
            "withheld": self.withheld,
        }


def places_of(process: ProcessMap) -> tuple[Place, ...]:
    """Return the steps and ways of a map, the most frequent of each first."""
    ways = ((arc.from_, arc.to) for arc in process.arcs)
    return (*((node.id,) for node in process.nodes), *ways)


def place_words(place: Place) -> str:
    """Return a place in words.

    Examples
    --------
    >>> place_words(("new",)), place_words(("new", "resolved")), place_words(("new", "new"))
    ('new', 'new → resolved', 'new ↻')
    """
    if len(place) > 1 and place[0] == place[1]:
        return f"{place[0]} ↻"
    return " → ".join(place)


def map_notes(ctx: Context, process: ProcessMap) -> PinnedNotes:
    """Return the notes that stand on a map; none for whom notes are not told.

    Needs `note:read`, or tells none.
    """
    if not decide(ctx.actor, kept.READ).allowed:
        return PinnedNotes(process.steps)
    found = kept.notes(ctx.database, process.steps)
    if not found:
        return PinnedNotes(process.steps)
    here = {*places_of(process)}
    if all(each.place in here for each in found):
        told = tuple(_pinned(ctx, each, HERE) for each in found)
        return PinnedNotes(process.steps, told)
    return _with_others(ctx, process.steps, found, here)


def notes_by(ctx: Context, steps: str) -> PinnedNotes:
    """Return the notes of the map of all tickets; needs `map:read` and `note:read`."""
    ctx.require(kept.READ)
    return map_notes(ctx, process_map(ctx, "+".join(fields_of(steps))))


def pin_note(ctx: Context, wanted: MapNote) -> MapNote:
    """Pin a note on a step or a way of the map of all tickets; needs `note:write`.

    Raises
    ------
    UnknownName : there is no such step or way on the map
    UnknownColumn : no map is drawn by such steps
    QueryWrong : it says nothing or too much, or stands on teams that are told together
    """
    ctx.require(kept.WRITE)
    steps = "+".join(fields_of(wanted.steps))
    there = places_of(process_map(ctx, steps))
    together = told_together(ctx) if small_teams(ctx).fewest > 1 else None
    if together and together.teams and any(together.label in each for each in wanted.place):
        raise QueryWrong(f"No note stands on teams of which nothing is told: {together.label}.")
    if wanted.place not in there:
        named = place_words(wanted.place)
        what = "step" if wanted.then is None else "way"
        known = [place_words(each) for each in there if len(each) == len(wanted.place)]
        raise UnknownName(
            f"The map by {steps} has no {what} {named[:100]!r}.", hint=did_you_mean(named, known)
        )
    note = MapNote(steps, wanted.step, wanted.then, wanted.words)
    return kept.pin(ctx.database, ctx.clock, ctx.actor, note)


def change_note(ctx: Context, number: int, words: str) -> MapNote:
    """Change what one's own note says; needs `note:write`, of others `note:manage`."""
    ctx.require(kept.WRITE)
    return kept.change(ctx.database, ctx.clock, ctx.actor, number, words)


def remove_note(ctx: Context, number: int) -> MapNote:
    """Take one's own note away; needs `note:write`, of others `note:manage`."""
    ctx.require(kept.WRITE)
    return kept.remove(ctx.database, ctx.clock, ctx.actor, number)


def _with_others(
    ctx: Context, steps: str, found: list[MapNote], here: Collection[Place]
) -> PinnedNotes:
    """Return the notes of a map where some stand on no step of it."""
    whole = {*places_of(process_map(ctx, steps))}
    withheld, rows = 0, []
    for each in found:
        if each.place in here:
            rows.append(_pinned(ctx, each, HERE))
        elif each.place in whole:
            rows.append(_pinned(ctx, each, ELSEWHERE))
        elif _of_few(ctx, each):
            withheld += 1
        elif not ctx.scope.hides:  # else it may be a step that others alone have
            rows.append(_pinned(ctx, each, GONE))
    said = "1 note is" if withheld == 1 else f"{withheld} notes are"
    fewest = withheld_words(small_teams(ctx).fewest)
    return PinnedNotes(steps, tuple(rows), f"{said} {fewest}." if withheld else "")


def _of_few(ctx: Context, note: MapNote) -> bool:
    fields = fields_of(note.steps)
    if "team" not in fields or small_teams(ctx).fewest <= 1:
        return False
    teams = told_together(ctx).teams
    return any(
        teams.intersection(steps_by.values_of(step or NO_STEP, fields)) for step in note.place
    )


def _pinned(ctx: Context, note: MapNote, where: str) -> Pinned:
    return Pinned(note, where, kept.may_change(ctx.actor, note.made_by))
