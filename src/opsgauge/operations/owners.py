"""Who answers for what, and what nobody answers for.

Floor 5. The register is `governance.owners`; what needs an owner is read from the catalogue and
the records.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from opsgauge.foundation.errors import UnknownName, WorkspaceMissing, did_you_mean
from opsgauge.governance import owners as kept
from opsgauge.governance.owners import CONSUMER, OWNER, Ownership
from opsgauge.operations.choices import MOST_VALUES, held
from opsgauge.operations.context import Context

QUEUE = "queue"


@dataclass(frozen=True)
class Gap:
    """Something without an owner or a consumer, or whose owner left.

    `what` is "no owner", "no consumer" or "owner left"; `person` is who left.
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
        left = sum(gap.what == "owner left" for gap in self.gaps)
        without = sum(gap.what == "no owner" for gap in self.gaps)
        if not left and not without:
            return "Everything has an owner."
        told = f"{without} things have no owner" if without != 1 else "One thing has no owner"
        return f"{told}, and of {left} the owner left." if left else f"{told}."

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
    left = kept.who_left(ctx.database)
    return Register(tuple(lines), tuple(_gaps(ctx, lines, left)))


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


def _gaps(ctx: Context, lines: list[Ownership], left: frozenset[str]) -> Iterable[Gap]:
    there = {(line.kind, line.subject, line.part): line for line in lines}
    for kind, things in _things(ctx):
        for name, title in things.items():
            owner = there.get((kind, name, OWNER))
            if owner is None:
                yield Gap(kind, name, title, "no owner")
            elif owner.person.casefold() in left:
                yield Gap(kind, name, title, "owner left", owner.person)
            if kind == "metric" and owner is not None and (kind, name, CONSUMER) not in there:
                yield Gap(kind, name, title, "no consumer")
