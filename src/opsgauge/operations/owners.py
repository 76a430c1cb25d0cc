"""Who answers for what, and what nobody answers for.

Floor 5. The register is `governance.owners`; what needs an owner is read from the catalogue and
the records. Whoever set a target answers for it, until somebody else sets another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsgauge.foundation.agreed import Target
from opsgauge.foundation.errors import UnknownName, WorkspaceMissing, did_you_mean
from opsgauge.governance import owners as kept
from opsgauge.governance.access import decide
from opsgauge.governance.owners import CONSUMER, OWNER, Ownership, Staff
from opsgauge.governance.people import User, actor_of, users
from opsgauge.governance.targets import targets
from opsgauge.operations.choices import MOST_VALUES, held
from opsgauge.operations.context import Context

QUEUE = "queue"
NO_OWNER, OWNER_LEFT, NO_SUCH_USER, NO_CONSUMER = (
    "no owner",
    "owner left",
    "no such user",
    "no consumer",
)
MANY = 3


@dataclass(frozen=True)
class Gap:
    """Something without an owner or a consumer, or whose owner left or is no user here.

    `what` is "no owner", "owner left", "no such user" or "no consumer"; `person` is the owner.
    """

    kind: str
    subject: str
    title: str
    what: str
    person: str = ""


@dataclass(frozen=True)
class Register:
    """The lines that stand, and what is missing among them."""

    lines: tuple[Ownership, ...]
    gaps: tuple[Gap, ...]

    def sentence(self) -> str:
        """Say it in words."""
        counts = Counter(gap.what for gap in self.gaps)
        without, left, unknown = (counts[each] for each in (NO_OWNER, OWNER_LEFT, NO_SUCH_USER))
        told = []
        if without:
            told += [
                "One thing has no owner" if without == 1 else f"{without} things have no owner"
            ]
        told += [f"of {left} the owner left"] if left else []
        told += [f"of {unknown} the owner is no user here"] if unknown else []
        if not told:
            return "Everything has an owner."
        said = " and ".join(told) if len(told) < MANY else f"{told[0]}, {told[1]} and {told[2]}"
        return f"{said[0].upper()}{said[1:]}."

    def as_json(self) -> dict[str, Any]:
        """Return the published form."""
        return {
            "sentence": self.sentence(),
            "owners": [line.as_json() for line in self.lines],
            "gaps": [dict(vars(gap)) for gap in self.gaps],
        }


def owner_register(ctx: Context) -> Register:
    """Return who answers for what, and what nobody answers for; needs `owner:read`."""
    ctx.require("owner:read")
    lines = kept.owners(ctx.database)
    return Register(tuple(lines), tuple(_gaps(ctx, lines, kept.staff(ctx.database))))


@dataclass(frozen=True)
class Held:
    """Something that somebody answers for, and who could take it over.

    `could_take` are active users: those with another part in it, else those whose role may name
    owners; of a target, those who may set one.
    """

    kind: str
    subject: str
    title: str
    could_take: tuple[str, ...]

    def sentence(self) -> str:
        """Say it in words."""
        names = ", ".join(self.could_take) or "nobody yet: give somebody a role first"
        return f"{self.kind} {self.title}; could take it: {names}"


def held_by(ctx: Context, user: User) -> tuple[Held, ...]:
    """Return what a user answers for; needs `owner:read` and `people:read`."""
    ctx.require("owner:read")
    ctx.require("people:read")
    others = [each for each in users(ctx.database) if each.active and each.name != user.name]
    mine = {each.strip().casefold() for each in (user.name, user.shown)} - {""}
    lines = kept.owners(ctx.database)
    titles = {each.name: each.definition.title for each in ctx.catalogue}
    held_lines = [
        Held(
            line.kind,
            line.subject,
            titles.get(line.subject, line.subject) if line.kind == "metric" else line.subject,
            _could_take(line, lines, others),
        )
        for line in lines
        if line.part == OWNER and line.person.strip().casefold() in mine
    ]
    setters = tuple(each.name for each in others if decide(actor_of(each), "target:set").allowed)
    held_targets = [
        Held("target", str(each.number), _target_title(titles, each), setters)
        for each in targets(ctx.database)
        if each.made_by == user.name
    ]
    return (*held_lines, *held_targets)


def _could_take(
    line: Ownership, lines: Sequence[Ownership], others: Sequence[User]
) -> tuple[str, ...]:
    beside = {
        each.person.strip().casefold()
        for each in lines
        if (each.kind, each.subject) == (line.kind, line.subject) and each.part != OWNER
    }
    near = [each.name for each in others if {each.name, each.shown.strip().casefold()} & beside]
    may = [each.name for each in others if decide(actor_of(each), kept.SET).allowed]
    return tuple(near or may)


def _target_title(titles: Mapping[str, str], target: Target) -> str:
    return f"{target.number} of {titles.get(target.metric, target.metric)}"


def parts_in(ctx: Context, kind: str, subject: str) -> list[Ownership]:
    """Return who has which part in one thing; needs `owner:read`."""
    ctx.require("owner:read")
    return kept.owners(ctx.database, kind, subject)


def set_owner(ctx: Context, wanted: Ownership) -> Ownership:
    """Give somebody a part in a thing; needs `owner:set`.

    Raises
    ------
    UnknownName : there is no such process, metric or service
    QueryWrong : kind or part are none, or they have that part already
    """
    ctx.require(kept.SET)
    known = _queues(ctx) if wanted.kind == QUEUE else dict(_things(ctx)).get(wanted.kind)
    # A list that is cut off does not tell what is not there.
    if known is not None and len(known) < MOST_VALUES and wanted.subject.strip() not in known:
        raise UnknownName(
            f"There is no {wanted.kind} {wanted.subject!r}.",
            hint=did_you_mean(wanted.subject, known),
        )
    return kept.set_owner(ctx.database, ctx.clock, ctx.actor, wanted)


def end_ownership(ctx: Context, number: int) -> Ownership:
    """End somebody's part; needs `owner:set`."""
    ctx.require(kept.SET)
    return kept.end_ownership(ctx.database, ctx.clock, ctx.actor, number)


def _things(ctx: Context) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield what can have an owner, by kind: names and titles."""
    yield "process", {each: each.replace("_", " ") for each in _values(ctx, "practice")}
    yield "metric", {each.name: each.definition.title for each in ctx.catalogue}
    yield "service", {each: each for each in _values(ctx, "service")}


def _queues(ctx: Context) -> dict[str, str]:
    """Return the teams, whose queues may have an owner; none has to, so that none is a gap."""
    return {each: each for each in _values(ctx, "team")}


def _values(ctx: Context, column: str) -> list[str]:
    """Return what stands in a column of the tickets; nothing where there are none yet."""
    try:
        found = held(ctx, column)
    except WorkspaceMissing:
        return []
    return [each.value for each in found if each.value]


def _gaps(ctx: Context, lines: list[Ownership], staff: Staff) -> Iterable[Gap]:
    titles = {(kind, name): title for kind, named in _things(ctx) for name, title in named.items()}
    for line in lines:
        if line.part == OWNER and not staff.knows(line.person):
            what = OWNER_LEFT if staff.has_left(line.person) else NO_SUCH_USER
            title = titles.get((line.kind, line.subject), line.subject)
            yield Gap(line.kind, line.subject, title, what, line.person)
    names = {each.name: each.definition.title for each in ctx.catalogue}
    for target in targets(ctx.database):
        if staff.has_left(target.made_by):
            title = _target_title(names, target)
            yield Gap("target", str(target.number), title, OWNER_LEFT, target.made_by)
    yield from _nobodys(ctx, lines)


def _nobodys(ctx: Context, lines: Sequence[Ownership]) -> Iterable[Gap]:
    """Yield what has no owner, and metrics that have one and that nobody decides by."""
    there = {(line.kind, line.subject, line.part): line for line in lines}
    for kind, things in _things(ctx):
        for name, title in things.items():
            owner = there.get((kind, name, OWNER))
            if owner is None:
                yield Gap(kind, name, title, NO_OWNER)
            if kind == "metric" and owner is not None and (kind, name, CONSUMER) not in there:
                yield Gap(kind, name, title, NO_CONSUMER)
