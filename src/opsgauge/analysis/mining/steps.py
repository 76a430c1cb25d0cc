"""What counts as a step, and in which columns it stands.

Floor 4, analysis. A map is drawn by any field that `history` knows over time, persons aside, or by
two of them together: "phase+team". Phases, states, teams and activities have the step that follows
stored beside them, and the hash of a ticket's whole path in `tickets`; of other fields the step
that follows is looked up, which takes a window over the log.

A step of one field is its value. One of two is both values, joined by a dot; a dot inside a value
is doubled, so that two steps never get one name.
"""

import re
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir

from opsgauge.foundation.errors import UnknownColumn, did_you_mean
from opsgauge.log.vocabulary import STEPS

FIELDS = (*STEPS, "priority", "category", "service")
NO_STEP = "(none)"  # how a step is drawn where nothing is written
BEGIN, FINISH = "(start)", "(end)"  # before a ticket's first step, and after its last
TICKET = ("source", "ticket_id")
_TOGETHER = "+"
_DOT = "·"
_MOST_FIELDS = 2
_PARTED = re.compile(rf" {_DOT} ")

_NEXT = {
    "phase": "next_phase",
    "original_status": "next_status",
    "team": "next_team",
    "activity": "next_activity",
}
_VARIANT = {
    "phase": "variant_phase",
    "original_status": "variant_original_status",
    "team": "variant_team",
    "activity": "variant",
}


def fields_of(steps: str) -> tuple[str, ...]:
    """Return the fields that steps are told by: one, or two.

    Raises
    ------
    UnknownColumn : no map is drawn by that

    Examples
    --------
    >>> fields_of("phase+team")
    ('phase', 'team')
    """
    named = tuple(part.strip() for part in steps.replace(" ", _TOGETHER).split(_TOGETHER))
    for name in named:
        if name not in FIELDS:
            raise UnknownColumn(f"There are no steps by {name!r}.", hint=did_you_mean(name, FIELDS))
    if len(named) > _MOST_FIELDS or len(set(named)) < len(named):
        raise UnknownColumn(
            f"There are no steps by {steps!r}.",
            hint="A step is told by one field, or by two different ones: phase+team.",
        )
    return named


def has_paths(steps: str) -> bool:
    """Say whether the paths of tickets are known by these steps."""
    return steps in _VARIANT


def named(values: Sequence[str | None]) -> str | None:
    """Return the name of a step from the value of each field; None where nothing is written.

    Examples
    --------
    >>> named(["new", "Desk"]), named(["new", None]), named([None])
    ('new · Desk', 'new · (none)', None)
    """
    if len(values) == 1:
        return values[0]
    told = [NO_STEP if value is None else value for value in values]
    return f" {_DOT} ".join(value.replace(_DOT, 2 * _DOT) for value in told)


def values_of(step: str, fields: Sequence[str]) -> tuple[str | None, ...]:
    """Return the value of each field from the name of a step; the way back of `named`.

    Raises
    ------
    UnknownColumn : it is no step of these fields

    Examples
    --------
    >>> values_of("new · (none)", ("phase", "team")), values_of("(none)", ("team",))
    (('new', None), (None,))
    """
    parts = [step] if len(fields) == 1 else _PARTED.split(step)
    if len(parts) != len(fields):
        raise UnknownColumn(
            f"{step!r} is no step by {_TOGETHER.join(fields)}.",
            hint=f"Write it as: {f' {_DOT} '.join(fields)}.",
        )
    if len(fields) > 1:
        parts = [part.replace(2 * _DOT, _DOT) for part in parts]
    return tuple(None if part == NO_STEP else part for part in parts)


def updates(history: ir.Table) -> ir.Table:
    """Return the rows that are updates; the opening interval before the first is none."""
    return history.filter(history.seq >= 1)


def stepped(history: ir.Table, steps: str) -> ir.Table:
    """Return the updates, each with the column of the step that follows it, see `following`.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    rows = updates(history)
    sought = [name for name in fields_of(steps) if name not in _NEXT]
    if not sought:
        return rows
    ticket = ibis.window(group_by=[rows[name] for name in TICKET], order_by=rows.seq)
    return rows.mutate(**{_next(name): rows[name].lead().over(ticket) for name in sought})


def here(rows: ir.Table, steps: str, name: str = "id") -> Mapping[str, ir.Value]:
    """Return the columns of the step of each row: `name`, and `name_2` of a second field."""
    return _called(name, [rows[field] for field in fields_of(steps)])


def following(rows: ir.Table, steps: str, name: str = "to") -> Mapping[str, ir.Value]:
    """Return the columns of the step of the update that follows, of rows of `stepped`."""
    return _called(name, [rows[_next(field)] for field in fields_of(steps)])


def are(columns: Mapping[str, ir.Value], steps: str, name: str | None) -> ir.BooleanValue:
    """Return where the columns of a step, of `here` or `following`, are those of one by its name.

    Raises
    ------
    UnknownColumn : it is no step of these fields
    """
    values = values_of(NO_STEP if name is None else name, fields_of(steps))
    each = [
        column.isnull() if value is None else column == value
        for column, value in zip(columns.values(), values, strict=True)
    ]
    return reduce(and_, each)


def columns(steps: str, name: str) -> tuple[str, ...]:
    """Return what the columns of a step are called.

    Examples
    --------
    >>> columns("phase", "id"), columns("phase+team", "id")
    (('id',), ('id', 'id_2'))
    """
    return tuple(_called(name, fields_of(steps)))


def step(history: ir.Table, steps: str) -> ir.StringColumn:
    """Return the step of each row, of steps by which paths are known.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    return history[_known(steps)]


def next_step(history: ir.Table, steps: str) -> ir.StringColumn:
    """Return the step that follows each row, of steps by which paths are known; null at the end.

    Raises
    ------
    UnknownColumn : steps cannot be drawn by that
    """
    return history[_NEXT[_known(steps)]]


def variant_hash(tickets: ir.Table, steps: str) -> ir.StringColumn:
    """Return the hash of each ticket's path.

    Raises
    ------
    UnknownColumn : no paths are known by that
    """
    return tickets[_VARIANT[_known(steps)]]


def is_followed(history: ir.Table) -> ir.BooleanColumn:
    """Return whether another update follows: the interval has an end."""
    return history.until.notnull()


def _called(name: str, parts: Sequence[ir.Value] | Sequence[str]) -> dict[str, ir.Value]:
    return {f"{name}_{at}" if at > 1 else name: part for at, part in enumerate(parts, 1)}


def _next(field: str) -> str:
    return _NEXT.get(field, f"next_{field}")


def _known(steps: str) -> str:
    if steps not in STEPS:
        raise UnknownColumn(f"There are no steps by {steps!r}.", hint=did_you_mean(steps, STEPS))
    return steps
