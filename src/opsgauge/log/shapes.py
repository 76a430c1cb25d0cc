"""The three shapes of source, each as one relation of updates.

Floor 2. Whatever the shape, what comes out is a row per update with the state after it:

    ticket_id, practice, happened_at, phase, every field that is mapped, attributes,
    key_0 ..  what orders a ticket's updates, then _import, _row and part

- `updates`: the source has it so.
- `tickets`: a row per ticket; its moments become updates, its status the last of them.
- `changes`: a row per changed field; what else held is carried forward from change to change.
"""

from opsgauge.log.changed_fields import once_in_clear
from opsgauge.log.mapping import Mapping
from opsgauge.log.mapping_fields import AT_OPENING, FIELDS, PERSONS, TICKET_TYPES
from opsgauge.log.normalise import (
    SQL_OF_TYPE,
    attributes_sql,
    column_of,
    fields_sql,
    fit_sql,
    order_sql,
    phase,
    practice_sql,
    read_rows,
    worded,
)
from opsgauge.log.privacy import is_digest_sql
from opsgauge.log.raw import IMPORT, LAYOUT, ROW
from opsgauge.log.vocabulary import CANCELLED_PHASES, CLOSED_PHASE, DONE_PHASES
from opsgauge.warehouse.engine import name_of, quoted

CLEARED = "chr(0)"  # stands for "changed to nothing" while values are carried forward
# What a row per ticket tells of its past: each moment, and the phase that began with it.
MOMENTS_OF_TICKETS = (
    ("opened_at", "new"),
    ("assigned_at", "assigned"),
    ("first_response_at", "in_progress"),
    ("resolved_at", "resolved"),
    ("closed_at", "closed"),
)
ENDS_OF_TICKETS = MOMENTS_OF_TICKETS[-2:]
REOPENING = ("assigned", "in_progress")  # of these phases, those that a done ticket cannot be in
STATE = 9  # the number of the step that holds the state, which comes after all moments
DONE = ", ".join(quoted(word) for word in DONE_PHASES)


def updates_sql(mapping: Mapping, raw: str) -> str:
    """Return the relation of updates made from the raw rows of one source.

    Parameters
    ----------
    raw : a relation with the raw table's columns; rows with faults are left out here
    """
    made = {"updates": _from_updates, "tickets": _from_tickets, "changes": _from_changes}
    return made[mapping.shape](mapping, raw)


def mapped(mapping: Mapping) -> list[str]:
    """Return the fields the mapping fills, in the order of `FIELDS`; activity is always one."""
    named = set(mapping.fields)
    if mapping.changes:
        named |= set(mapping.changes.names.values())
    return [name for name in FIELDS if name in named and name != "updated_at"]


def at_opening(mapping: Mapping) -> dict[str, str]:
    """Return the columns that say what held at the opening, by field.

    Where a field's changes are told, it held the old value of the first; where the mapping names a
    column for it, that one's; else the first update's.
    """
    told = {*mapping.opening, *(mapping.changes.names.values() if mapping.changes else ())}
    known = [name for name in AT_OPENING if name in mapped(mapping)]
    return {name: f"{name}_before" if name in told else name for name in known}


def _read(mapping: Mapping, raw: str) -> str:
    """Return the fit rows with each field read; fields keep their names."""
    keys = [f"{sql} AS key_{n}" for n, sql in enumerate(order_sql(mapping)) if sql != "happened_at"]
    fields = fields_sql(mapping)
    at = fields.pop("updated_at", "NULL::TIMESTAMP")
    begun = {f"{name}_before": worded(take) for name, take in mapping.opening.items()}
    columns = "".join(f", {sql} AS {name}" for name, sql in (fields | begun).items())
    return (
        f"SELECT {column_of(mapping.ticket_id)} AS ticket_id, "
        f"{practice_sql(mapping)} AS practice, {at} AS happened_at{columns}, "
        f"{attributes_sql(mapping)} AS attributes, {', '.join([*keys, IMPORT, ROW, LAYOUT])} "
        f"FROM {read_rows(mapping, raw)} WHERE {fit_sql(mapping)}"
    )


def _finish(mapping: Mapping, rows: str, given_phase: str = "") -> str:
    """Return the relation with the phase and the activity read off the status."""
    status = "original_status" if "original_status" in mapped(mapping) else "NULL::VARCHAR"
    meant = given_phase or phase(status, "happened_at", mapping)
    keys = ", happened_at AS key_0" if not mapping.order else ""
    activity = "" if "activity" in mapped(mapping) else f", {status} AS activity"
    part = "" if mapping.shape == "tickets" else ", 0 AS part"
    return f"SELECT *{keys}, {meant} AS phase{activity}{part} FROM ({rows})"


def _from_updates(mapping: Mapping, raw: str) -> str:
    """Read each row as it stands; where a field is carried, a blank keeps what stood before it."""
    read = _read(mapping, raw)
    if not mapping.carry:
        return _finish(mapping, read)
    window = (
        f"(PARTITION BY ticket_id ORDER BY {_in_order(mapping)} "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    kept = ", ".join(
        f"last_value({name} IGNORE NULLS) OVER {window} AS {name}" for name in mapping.carry
    )
    return _finish(mapping, f"SELECT * REPLACE ({kept}) FROM ({read})")


def _in_order(mapping: Mapping) -> str:
    """Return the columns that order a ticket's rows."""
    keys = [f"key_{n}" for n in range(len(mapping.order))] or ["happened_at"]
    return ", ".join([*keys, IMPORT, ROW])


def _from_tickets(mapping: Mapping, raw: str) -> str:
    """Unfold each ticket's moments; a moment met in several exports counts once.

    What the newest row says is the ticket's state comes after all its moments, also after one that
    is later than `updated_at`: each field has a clock of its own, and none takes a state away.
    """
    moments = [(name, word) for name, word in MOMENTS_OF_TICKETS if name in mapping.fields]
    has_status = "original_status" in mapping.fields
    told = phase("original_status" if has_status else "NULL::VARCHAR", "stands_at", mapping)
    steps = ", ".join(
        f"{{'happened_at': {name}, 'phase': {_begun(name, word, mapping)}, 'part': {n}}}"
        for n, (name, word) in enumerate(moments)
    )
    now = f"{{'happened_at': stands_at, 'phase': told, 'part': {STATE}}}"
    rows = f"SELECT *, {told} AS told FROM ({_standing(mapping, raw, [m for m, _ in moments])})"
    unfolded = f"SELECT *, unnest([{steps}, {now}]) AS step FROM ({rows})"
    # Only the last step may carry the status word: what it was called before is not known.
    word = f", CASE WHEN step.part = {STATE} THEN original_status END AS original_status"
    rows = (
        "SELECT * EXCLUDE (step, told, known_at, stands_at) "
        f"REPLACE (step.happened_at AS happened_at{word if has_status else ''}), "
        "step.part AS part, step.phase AS step_phase "
        f"FROM ({unfolded}) WHERE step.happened_at IS NOT NULL AND "
        f"(step.part < {STATE} OR step.phase IS NOT NULL OR "
        f"{'original_status IS NOT NULL' if has_status else 'false'}) "
        "QUALIFY row_number() OVER (PARTITION BY ticket_id, step.happened_at, step.part, "
        f"CASE WHEN step.part = {STATE} THEN step.phase END "
        # Of one moment in two exports, the one that is known to be after the end: see `_begun`.
        f"ORDER BY coalesce(step.part < {STATE} AND step.phase IN ({DONE}), false) DESC, "
        f"{IMPORT}, {ROW}) = 1"
    )
    finished = _finish(mapping, rows, given_phase="step_phase")
    activity = "coalesce(original_status, step_phase)" if has_status else "step_phase"
    activity = "activity" if "activity" in mapping.fields else f"{activity} AS activity"
    return f"SELECT * EXCLUDE (step_phase) REPLACE ({activity}) FROM ({finished})"


def _standing(mapping: Mapping, raw: str, moments: list[str]) -> str:
    """Return the rows of a list, each with the moment at which its state stands: `stands_at`.

    That is its own update, else its own latest moment; of a ticket's newest row, the latest moment
    of all its rows where that is later.
    """
    every = ", ".join(moments)
    known = f"coalesce(happened_at, greatest({every}))"
    keys = [f"key_{n}" for n in range(len(mapping.order))] or ["known_at"]
    # One window for both, since each costs a sorting: the newest row is the last of its ticket.
    latest = f"max(greatest({every})) OVER upto"
    return (
        "SELECT *, CASE WHEN lead(1) OVER upto IS NULL "
        f"THEN greatest(known_at, {latest}) ELSE known_at END AS stands_at "
        f"FROM (SELECT *, {known} AS known_at FROM ({_read(mapping, raw)})) "
        f"WINDOW upto AS (PARTITION BY ticket_id ORDER BY {', '.join([*keys, IMPORT, ROW])} "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )


def _begun(name: str, word: str, mapping: Mapping) -> str:
    """Return the SQL of the phase that a moment began.

    An answer after the end reopens no ticket that its row calls done, or says nothing of. Where a
    closing resolves, that of a ticket which was taken back does not.
    """
    if word == CLOSED_PHASE and mapping.closing_resolves:
        gone = ", ".join(map(quoted, CANCELLED_PHASES))
        return f"CASE WHEN told IN ({gone}) THEN told ELSE {quoted(word)} END"
    ends = [(end, done) for end, done in ENDS_OF_TICKETS if end in mapping.fields]
    if not ends or word not in REOPENING:
        return quoted(word)
    over = " ".join(f"WHEN {end} <= {name} THEN {quoted(done)}" for end, done in reversed(ends))
    is_open = "false"
    if "original_status" in mapping.fields:
        is_open = f"original_status IS NOT NULL AND coalesce(told NOT IN ({DONE}), true)"
    return f"CASE WHEN {is_open} THEN {quoted(word)} {over} ELSE {quoted(word)} END"


def _from_changes(mapping: Mapping, raw: str) -> str:
    """Carry every field forward; before its first change it held that change's old value."""
    assert mapping.changes is not None  # noqa: S101 - the mapping was checked: shape is `changes`
    changes = mapping.changes
    field, new = column_of(changes.field), column_of(changes.new)
    old = column_of(changes.old) if changes.old else "NULL::VARCHAR"
    extra = f"{field} AS changed, {new} AS new_value, {old} AS old_value"
    again = once_in_clear(mapping, raw)
    read = _read(mapping, again).replace("SELECT ", f"SELECT {extra}, ", 1)
    window = (
        f"(PARTITION BY ticket_id ORDER BY {_in_order(mapping)} "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    )
    whole = window.replace("CURRENT ROW", "UNBOUNDED FOLLOWING")
    names: dict[str, list[str]] = {}
    for theirs, ours in changes.names.items():
        names.setdefault(ours, []).append(theirs)
    carried = ", ".join(
        f"{_carried(ours, theirs, window, whole, ours in mapping.fields)} AS {ours}"
        for ours, theirs in names.items()
    ) + "".join(
        f", {_carried(name, names[name], '', whole, name in mapping.fields)} AS {column}"
        for name, column in at_opening(mapping).items()
        if name != column
    )
    doubled = [name for name in names if name in mapping.fields]
    keep = f"* EXCLUDE ({', '.join(['changed', 'new_value', 'old_value', *doubled])})"
    rows = f"SELECT {keep}, {carried} FROM ({read})"
    # Fields changed by one person at one moment are one update; its last row holds them all.
    who = ", actor" if "actor" in mapped(mapping) else ""
    once = (
        f"QUALIFY lead(1) OVER (PARTITION BY ticket_id, happened_at{who} "
        f"ORDER BY {_in_order(mapping)}) IS NULL"
    )
    return _finish(mapping, f"{rows} {once}")


def _carried(ours: str, theirs: list[str], window: str, whole: str, has_plain: bool) -> str:
    """Return the SQL of a field's value after a row; without `window`, before its first change."""
    meant = " OR ".join(f"lower(changed) = {quoted(name.lower())}" for name in theirs)
    new, old = (_in_clear(name, ours) for name in ("new_value", "old_value"))
    value = f"CASE WHEN {meant} THEN coalesce({new}, {CLEARED}) END"
    before = f"CASE WHEN {meant} THEN coalesce({old}, {CLEARED}) END"
    first = f"first_value({before} IGNORE NULLS) OVER {whole}"
    unchanged = f", {name_of(ours)}::VARCHAR" if has_plain else ""
    changed = f"last_value({value} IGNORE NULLS) OVER {window}, " if window else ""
    held = f"nullif(coalesce({changed}{first}{unchanged}), {CLEARED})"
    kind = SQL_OF_TYPE[TICKET_TYPES[ours]]
    if kind == "BOOLEAN":
        return f"lower({held}) IN ('true', 'yes', '1', 'y')"
    return held if kind == "VARCHAR" else f"try_cast({held} AS {kind})"


def _in_clear(value: str, ours: str) -> str:
    """Return the SQL of a changed value; null where all that is known of it is a digest."""
    return value if ours in PERSONS else f"CASE WHEN NOT {is_digest_sql(value)} THEN {value} END"
