"""Business time as expressions: the same whole microseconds on every engine.

Floor 2. Each function takes a table and gives it back with one column more, found by joining the
tables of `compiled.py`, which the engine must hold (`CompiledCalendars.tables`). Every key is in
them, that of a missing result too, so rows are never lost or doubled. A result is missing where an
instant is, where the calendar is, and where an instant lies outside the compiled range; `outside`
finds the last, so that they can be counted.

Moments are whole microseconds since 1970 UTC (`micros` of `warehouse.portable`), given as a
column's name or as an expression; a calendar is given by its name for all rows, or as a column of
calendar numbers (`number_of`).
"""

from collections.abc import Sequence
from typing import TypeAlias

import ibis
import ibis.expr.types as ir

from opsgauge.log.calendars.compiled import (
    NOWHERE,
    OPEN_AXIS_SCHEMA,
    OPEN_TIME_SCHEMA,
    CompiledCalendars,
)

Given: TypeAlias = str | ir.IntegerValue  # the name of a column, or an expression
Which: TypeAlias = str | ir.IntegerValue  # the name of a calendar, or a column of calendar numbers


def number_of(names: ir.StringValue, compiled: CompiledCalendars) -> ir.IntegerValue:
    """Return the numbers of calendars by their names; null for a name that was not compiled."""
    nothing = ibis.null("int64")
    cases = [(names == name, number) for name, number in sorted(compiled.numbers.items())]
    return ibis.cases(*cases, else_=nothing).cast("int64") if cases else nothing


def outside(moment_us: ir.IntegerValue, compiled: CompiledCalendars) -> ir.BooleanValue:
    """Say of which instants the calendars know nothing; null where the instant is."""
    return (moment_us < compiled.first_us) | (moment_us >= compiled.last_us)


def open_us(
    rows: ir.Table,
    moment_us: Given,
    calendar: Which,
    compiled: CompiledCalendars,
    name: str = "open_us",
) -> ir.Table:
    """Add how long the calendar was open from the range's beginning up to an instant.

    Differences of two of them are business time, so one column serves many intervals.
    """
    keyed = rows.mutate(_clock_at=_given(rows, moment_us))
    keyed = keyed.mutate(
        _clock_at_k=_time_key(keyed["_clock_at"], _number(calendar, compiled), compiled)
    )
    found = _beside(open_time_table(), "_clock_at_")
    joined = keyed.join(found, keyed["_clock_at_k"] == found["_clock_at_key"])
    return joined.select(*_kept(joined, rows, name), _open(joined, "_clock_at").name(name))


def business_us(
    rows: ir.Table,
    start_us: Given,
    end_us: Given,
    calendar: Which,
    compiled: CompiledCalendars,
    name: str = "business_us",
) -> ir.Table:
    """Add how long the calendar was open from a start to an end; negative where they are reversed.

    For example `business_us(tickets, micros(tickets.opened_at), micros(tickets.closed_at), "desk",
    compiled)`.
    """
    number = _number(calendar, compiled)
    keyed = rows.mutate(_clock_at=_given(rows, start_us), _clock_to=_given(rows, end_us))
    keyed = keyed.mutate(
        _clock_at_k=_time_key(keyed["_clock_at"], number, compiled),
        _clock_to_k=_time_key(keyed["_clock_to"], number, compiled),
    )
    at, to = _beside(open_time_table(), "_clock_at_"), _beside(open_time_table(), "_clock_to_")
    joined = keyed.join(at, keyed["_clock_at_k"] == at["_clock_at_key"])
    joined = joined.join(to, joined["_clock_to_k"] == to["_clock_to_key"])
    passed = _open(joined, "_clock_to") - _open(joined, "_clock_at")
    return joined.select(*_kept(joined, rows, name), passed.name(name))


def reached_us(
    rows: ir.Table,
    start_us: Given,
    length_us: Given,
    calendar: Which,
    compiled: CompiledCalendars,
    name: str = "reached_us",
) -> ir.Table:
    """Add the earliest instant by which so much open time has passed since a start.

    A length of zero is reached at the start itself. Null where the length is negative, and where
    it is not reached within the compiled range.
    """
    number = _number(calendar, compiled)
    given = rows.mutate(_clock_from=_given(rows, start_us), _clock_length=_given(rows, length_us))
    if not isinstance(number, int):
        given = given.mutate(_clock_number=number)
    opened = open_us(given, "_clock_from", calendar, compiled, "_clock_open")
    keyed = opened.mutate(_clock_target=opened["_clock_open"] + opened["_clock_length"])
    on = number if isinstance(number, int) else keyed["_clock_number"]
    keyed = keyed.mutate(_clock_k=_axis_key(keyed, on, compiled))
    piece = _beside(open_axis_table(), "_clock_on_")
    joined = keyed.join(piece, keyed["_clock_k"] == piece["_clock_on_key"])
    target = joined["_clock_target"]
    shift = ibis.ifelse(
        target <= joined["_clock_on_closing"],
        joined["_clock_on_shift"],
        joined["_clock_on_shift_after"],
    )
    no_time = (joined["_clock_length"] == 0) & joined["_clock_open"].notnull()
    when = ibis.ifelse(no_time, joined["_clock_from"], target + shift)
    return joined.select(*_kept(joined, rows, name), when.name(name))


def open_time_table() -> ir.Table:
    """Return the table `open_time` as queries see it."""
    return ibis.table(OPEN_TIME_SCHEMA, name="open_time")


def open_axis_table() -> ir.Table:
    """Return the table `open_axis` as queries see it."""
    return ibis.table(OPEN_AXIS_SCHEMA, name="open_axis")


def _given(rows: ir.Table, given: Given) -> ir.IntegerValue:
    return rows[given] if isinstance(given, str) else given


def _number(calendar: Which, compiled: CompiledCalendars) -> int | ir.IntegerValue:
    return compiled.number(calendar) if isinstance(calendar, str) else calendar.cast("int64")


def _kept(joined: ir.Table, rows: ir.Table, name: str) -> list[ir.Value]:
    return [joined[column] for column in rows.columns if column != name]


def _beside(table: ir.Table, prefix: str) -> ir.Table:
    """Return a look-up table under names that meet no others, its key as `PREFIXkey`."""
    names = {prefix + (column if column != "k" else "key"): column for column in table.columns}
    return table.select(**{name: table[column] for name, column in names.items()})


def _open(joined: ir.Table, moment: str) -> ir.IntegerValue:
    """Return the open time up to a moment whose bucket was joined under its name."""
    inside = ibis.least(joined[moment], joined[f"{moment}_hi"]) - joined[f"{moment}_lo"]
    return joined[f"{moment}_before"] + ibis.greatest(ibis.literal(0, "int64"), inside)


def _time_key(
    moment: ir.IntegerValue, number: int | ir.IntegerValue, compiled: CompiledCalendars
) -> ir.IntegerValue:
    width = _by_number(number, [cut.bucket_us for cut in compiled.cuts])
    key = number * compiled.spacing + (moment - compiled.first_us) // width
    # Outside the range the place would be one of another calendar's.
    known = (moment >= compiled.first_us) & (moment < compiled.last_us)
    return _key_or_nowhere(known & _exists(number, compiled), key)


def _axis_key(
    keyed: ir.Table, number: int | ir.IntegerValue, compiled: CompiledCalendars
) -> ir.IntegerValue:
    target = keyed["_clock_target"]
    width = _by_number(number, [cut.piece_us for cut in compiled.cuts])
    total = _by_number(number, [cut.total_us for cut in compiled.cuts])
    key = number * compiled.axis_spacing + (target - 1) // width
    known = (keyed["_clock_length"] > 0) & (target <= total)
    return _key_or_nowhere(known & _exists(number, compiled), key)


def _exists(number: int | ir.IntegerValue, compiled: CompiledCalendars) -> ir.BooleanValue:
    if isinstance(number, int):
        return ibis.literal(True)
    return (number >= 0) & (number < len(compiled.cuts))


def _key_or_nowhere(known: ir.BooleanValue, key: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.ifelse(known, key, NOWHERE).cast("int64")


def _by_number(number: int | ir.IntegerValue, figures: Sequence[int]) -> int | ir.IntegerValue:
    """Return a figure of each row's calendar; a plain number where all have the same."""
    if isinstance(number, int) or len(set(figures)) == 1:
        return figures[number if isinstance(number, int) else 0]
    cases = [(number == place, figure) for place, figure in enumerate(figures)]
    return ibis.cases(*cases, else_=ibis.null("int64")).cast("int64")
