"""What the values of a filter mean in these records, and which of them are not there.

Floor 5. Pages write `pending_approval` as "Pending approval", and people write what they read: a
value is taken for the one of the records that is spelled like it but for capitals, blanks and
underscores, where there is one alone. A value that is not there stays as it is written: the answer
is empty, and a note says so, since a program may well ask for what is yet to come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import ibis.expr.types as ir

from opsgauge.foundation.agreed import Condition
from opsgauge.foundation.units import whole
from opsgauge.log.door import ATTRIBUTE_PREFIX
from opsgauge.log.related import CLOCKS
from opsgauge.log.tables import HISTORY, TICKETS, dimensions
from opsgauge.metrics.criterion import CLOSED_COLUMNS, spellings
from opsgauge.metrics.question import check_dimensions, check_words
from opsgauge.metrics.subject import TICKETS_SUBJECT, Subject
from opsgauge.metrics.words import word
from opsgauge.operations.choices import MOST_VALUES, Choice, held
from opsgauge.operations.context import Context
from opsgauge.operations.small_teams import is_of_few

MOST_NEAR = 3
NEAR = 0.5  # of two texts, how much must be alike
MOST_SPELLINGS = 5
MOST_KEPT = 1_000  # conditions whose meaning is remembered
_YES_NO = {"true": "yes", "false": "no"}


@dataclass(frozen=True)
class NotThere:
    """A value of a filter that the records do not hold, with those that could have been meant."""

    column: str
    value: str
    near: tuple[Choice, ...]
    alike: bool  # whether `near` are spelled like it; else they are the most frequent ones

    def with_counts_of_many(self, ctx: Context) -> "NotThere":
        """Return it without what is counted of teams of few people."""
        near = tuple(
            replace(each, tickets=0) if is_of_few(ctx, self.column, each.value) else each
            for each in self.near
        )
        return replace(self, near=near)

    def sentence(self, below: int = 1) -> str:
        """Say it, with how many tickets have the others; fewer than `below` are not counted.

        Examples
        --------
        >>> NotThere("team", "Destk", (Choice("Desk", 15),), alike=True).sentence()
        "There is no 'Destk' among team; nearest: Desk (15)."
        """
        said = f"There is no {self.value!r} among {self.column.replace('_', ' ')}"
        named = [_counted(each, below) for each in self.near]
        if not named:
            return f"{said}."
        return f"{said}; {'nearest' if self.alike else 'most frequent'}: {', '.join(named)}."


def meant(
    ctx: Context, where: Sequence[Condition], subject: Subject = TICKETS_SUBJECT
) -> tuple[Condition, ...]:
    """Return conditions with their values as the records spell them."""
    kept = ctx.opened().memo.setdefault(("meant", ctx.scope), {})
    key = (*where, subject.name)  # a page asks a dozen questions with the same conditions
    if key in kept:
        told: tuple[Condition, ...] = kept[key]
        return told
    told = tuple(
        replace(
            each, values=tuple(_meant(ctx, each.column, value, subject) for value in each.values)
        )
        for each in where
    )
    if len(kept) < MOST_KEPT:
        kept[key] = told
    return told


def meant_of_tickets(ctx: Context, where: Sequence[Condition]) -> tuple[Condition, ...]:
    """Return conditions on tickets as the records spell them.

    Raises
    ------
    UnknownColumn, PersonSplit, QueryWrong : a condition that no ticket can meet
    """
    check_dimensions(condition.column for condition in where)
    conditions = meant(ctx, where)
    check_words(conditions)
    return conditions


def not_there(
    ctx: Context, where: Sequence[Condition], subject: Subject = TICKETS_SUBJECT
) -> tuple[NotThere, ...]:
    """Return the values that stand nowhere in the records, neither now nor in the past."""
    asked = [(each.column, value) for each in where for value in each.values if value is not None]
    return tuple(
        _near(ctx, name, value)
        for name, value in asked
        if _spelled(ctx, name, value, subject) == ()
    )


def not_there_words(
    ctx: Context, where: Sequence[Condition], subject: Subject = TICKETS_SUBJECT
) -> tuple[str, ...]:
    """Return a sentence for each value that stands nowhere in the records."""
    below = ctx.workspace.settings.suppress_below
    found = not_there(ctx, where, subject)
    return tuple(each.with_counts_of_many(ctx).sentence(below) for each in found)


def _counted(choice: Choice, below: int) -> str:
    count = f" ({whole(choice.tickets)})" if choice.tickets >= below else ""
    return f"{choice.value}{count}"


def _meant(ctx: Context, name: str, value: str | None, subject: Subject) -> str | None:
    if value is None:
        return None
    spelled = _spelled(ctx, name, value, subject)
    if spelled == () and name in CLOSED_COLUMNS:
        spelled = _like(value, CLOSED_COLUMNS[name])
    return spelled[0] if spelled and len(spelled) == 1 else value


def _spelled(ctx: Context, name: str, value: str, subject: Subject) -> tuple[str, ...] | None:
    """Return the values that are spelled so; None where the column is not looked into.

    A column of the ticket holds what it holds now, and of a past moment what history says.
    """
    if subject.has(name) and not subject.is_tickets:
        return None if subject.name == CLOCKS.name else _looked(ctx, name, value, (subject,))
    if name not in dimensions() and not name.startswith(ATTRIBUTE_PREFIX):
        return None
    offered = [each.value for each in held(ctx, name) if each.value is not None]
    same = _like(value, offered)
    if value in same or (same and len(offered) < MOST_VALUES - 1):
        return same
    return _looked(ctx, name, value, (TICKETS_SUBJECT,), past=HISTORY.column(name) is not None)


def _like(value: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that are spelled like a value, itself alone where it is among them."""
    if value in words:
        return (value,)
    asked = _plain(_YES_NO.get(value.lower(), value) if set(words) <= {"yes", "no"} else value)
    return tuple(each for each in words if _plain(each) == asked)


def _plain(text: str) -> str:
    """Return a text without what spellings of one thing differ in."""
    return " ".join(text.replace("_", " ").casefold().split())


def _looked(
    ctx: Context, name: str, value: str, of: Sequence[Subject], past: bool = False
) -> tuple[str, ...]:
    """Look through the records for a value: all of them, not only the most frequent ones."""

    def look() -> tuple[str, ...]:
        tables = [each.rows(ctx.tables) for each in of]
        rows = [*tables, *([ctx.tables.history] if past else [])]
        there = [each for table in rows for each in _found(ctx, table, name, value)]
        return _like(value, tuple(dict.fromkeys(there)))

    return ctx.opened().once(("spelled", ctx.scope, name, value, tuple(s.name for s in of)), look)


def _found(ctx: Context, table: ir.Table, name: str, value: str) -> list[str]:
    """Return the values of a table that are the value in one of the usual spellings."""
    words = word(table, name)
    forms = [value, value.replace("_", " "), value.replace(" ", "_")]
    rows = table.select(value=words)
    rows = (
        rows.filter(rows.value.isin(spellings(forms)))
        .distinct()
        .order_by("value")
        .limit(MOST_SPELLINGS)
    )
    return [row["value"] for row in ctx.opened().engine.run(rows).to_pylist()]


def _near(ctx: Context, name: str, value: str) -> NotThere:
    """Return what could have been meant: what is spelled nearly so, else the most frequent."""
    if TICKETS.column(name) is None and not name.startswith(ATTRIBUTE_PREFIX):
        return NotThere(name, value, (), alike=False)
    offered = {_plain(each.value): each for each in held(ctx, name) if each.value is not None}
    close = get_close_matches(_plain(value), list(offered), MOST_NEAR, NEAR)
    if close:
        return NotThere(name, value, tuple(offered[each] for each in close), alike=True)
    return NotThere(name, value, tuple(offered.values())[:MOST_NEAR], alike=False)
