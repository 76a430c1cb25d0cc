"""Raw records as updates: each column of the log from what the mapping says, row by row.

Floor 2. Pure text: SQL is made here and run by `building.py`. A record that cannot be used gets a
reason, and goes to `rejected`; nothing is guessed and nothing unreadable becomes null in silence.

`read_rows` stands below all the rest: values are made plain and moments read once there, and the
other expressions are over its columns. In one flat SELECT the engine would do both again wherever
they are named, which takes ten times as long.
"""

import re
from dataclasses import dataclass

from opsgauge.foundation.csv_text import RISKY
from opsgauge.log.mapping import Mapping, Take
from opsgauge.log.mapping_parts import DIRECTIVE, NAMED_FORMATS, Times, carries_zone
from opsgauge.log.raw import FILE, HASH, IMPORT, LAYOUT, ROW, stored_name
from opsgauge.warehouse.engine import name_of, quoted

# As every CSV of ours marks a text that a spreadsheet would compute: one apostrophe more.
MARKED = f"^'('*[{re.escape(''.join(RISKY))}])"
UNIT_OF_EPOCH = {"epoch_s": 1_000_000, "epoch_ms": 1_000}
EARLIEST = 0  # 1970-01-01; what lies before or far ahead is a slip, not a moment
LATEST = 7_258_118_400_000_000  # 2200-01-01
# No clock on Earth is further from UTC than 14 hours; beyond, the engine would reckon on.
FAR_OFFSET = "[+-](?:1[5-9]|[2-9][0-9]|14:?(?:0[1-9]|[1-5][0-9])|[0-9]{2}:?[6-9])"
SQL_OF_TYPE = {
    "instant": "TIMESTAMP",
    "text": "VARCHAR",
    "yes_no": "BOOLEAN",
    "whole": "BIGINT",
    "number": "DOUBLE",
    "day": "DATE",
}
REASONS = {
    "id": "the ticket has no number",
    "no_time": "the moment is missing",
    "time": "the moment cannot be read",
    "naive": "the moment carries no zone, and the mapping names none",
    "key": "the record has no number of its own",
    "number": "the number cannot be read",
    "day": "the date cannot be read",
    "practice": "the practice has no word in the mapping",
    "field": "the changed field has no name",
}


@dataclass(frozen=True)
class Fault:
    """One way in which a record can be unusable: the SQL that finds it, and what to say."""

    found: str
    reason: str
    column: str
    value: str


def plain(column: str, mapping: Mapping) -> str:
    """Return the SQL of a source's column, trimmed, its words for "missing" and blanks as null."""
    value = name_of(stored_name(column))
    if mapping.formula_marks:
        value = f"regexp_replace({value}, {quoted(MARKED)}, '\\1')"
    value = f"trim({value})"
    nothing = ", ".join(quoted(word) for word in ("", *mapping.missing))
    return f"CASE WHEN {value} NOT IN ({nothing}) THEN {value} END"


def read_rows(mapping: Mapping, raw: str) -> str:
    """Return the relation of raw rows that every other expression here is made for.

    Its columns are those that the mapping reads, plain and by their stored names, our own of the
    raw table, and microseconds since 1970 UTC for each moment, such as `_opened_at`.
    """
    plained = [f"{plain(column, mapping)} AS {column_of(column)}" for column in mapping.columns()]
    moments = "".join(
        f", {micros(text(mapping.fields[name]), mapping.times)} AS {_micros_of(name)}"
        for name in mapping.fields_of("instant")
    )
    columns = ", ".join([*plained, HASH, IMPORT, FILE, ROW, LAYOUT])
    return f"(SELECT *{moments} FROM (SELECT {columns} FROM {raw}))"


def column_of(column: str) -> str:
    """Return the SQL of a source's column in `read_rows`."""
    return name_of(stored_name(column))


def _micros_of(moment_field: str) -> str:
    # No column of a source begins with an underscore by its stored name.
    return f"_{moment_field}"


def text(take: Take) -> str:
    """Return the SQL of a field's text as the source has it; joined parts are null together."""
    if take.value:
        return quoted(take.value)
    parts = [column_of(column) for column in take.columns]
    value = parts[0]
    if len(parts) > 1:
        together = f" || {quoted(take.with_)} || ".join(f"coalesce({part}, '')" for part in parts)
        value = f"CASE WHEN coalesce({', '.join(parts)}) IS NOT NULL THEN {together} END"
    return f"coalesce({value}, {quoted(take.blank)})" if take.blank else value


def worded(take: Take) -> str:
    """Return the SQL of a field whose words are turned into others; unknown words stay."""
    value = text(take)
    if not take.words:
        return value
    cases = " ".join(f"WHEN {quoted(old)} THEN {quoted(new)}" for old, new in take.words.items())
    return f"CASE {value} {cases} ELSE {value} END"


def micros(value: str, times: Times) -> str:
    """Return the SQL of a written moment's microseconds since 1970 UTC; null if unreadable."""
    tries = [_parsed(value, form, times.zone) for form in times.formats]
    return tries[0] if len(tries) == 1 else f"coalesce({', '.join(tries)})"


def moment(read: str) -> str:
    """Return the SQL of a moment as naive UTC from its microseconds; null where it lies far off."""
    return f"make_timestamp(CASE WHEN {read} BETWEEN {EARLIEST} AND {LATEST} THEN {read} END)"


def _parsed(value: str, form: str, zone: str) -> str:
    if form in UNIT_OF_EPOCH:
        # Decimal, since a cast to a whole number would round fractions of a second away.
        exact = f"try_cast({number(value)} AS DECIMAL(26, 6))"
        return f"try_cast({exact} * {UNIT_OF_EPOCH[form]} AS BIGINT)"
    if form == "iso":
        return _parsed_iso(value, zone)
    read = f"try_strptime({value}, {quoted(form)})"
    if "%z" in form:
        read = f"CASE WHEN NOT regexp_matches({value}, {quoted(_far(form))}) THEN {read} END"
    return f"epoch_us({read})" if carries_zone(form) else _from_zone(read, zone)


def _parsed_iso(value: str, zone: str) -> str:
    # A cast to TIMESTAMP would drop the offset in silence; one to TIMESTAMPTZ honours it and
    # takes what has none as UTC, since every connection speaks UTC.
    read = f"epoch_us(try_cast({value} AS TIMESTAMPTZ))"
    far = quoted(f":[0-9][0-9:.]*{FAR_OFFSET}")
    if zone != "UTC":
        local = _from_zone(f"try_cast({value} AS TIMESTAMP)", zone) if zone else "NULL::BIGINT"
        read = f"CASE WHEN {has_offset(value)} THEN {read} ELSE {local} END"
    # Few moments have a sign behind a colon, and a search for it costs less than the other.
    signed = f"{value} LIKE '%:%-%' OR {value} LIKE '%:%+%'"
    fit = f"CASE WHEN {signed} THEN NOT regexp_matches({value}, {far}) ELSE true END"
    # Words sort after digits; the engine would take `epoch` for 1970.
    return f"CASE WHEN {value} < ':' AND {fit} THEN {read} END"


def _far(form: str) -> str:
    """Return the regular expression of what a strptime format reads with an impossible offset."""
    found, last = "^", 0
    for directive in DIRECTIVE.finditer(form):
        found += re.escape(form[last : directive.start()])
        found += FAR_OFFSET + ".*?" if directive.group() == "%z" else ".*?"
        last = directive.end()
    return f"{found}{re.escape(form[last:])}$"


def _from_zone(value: str, zone: str) -> str:
    if zone == "UTC":
        return f"epoch_us({value})"
    return f"epoch_us(timezone({quoted(zone)}, {value}))"


def has_offset(value: str) -> str:
    """Return the SQL that says whether an ISO moment carries its offset from UTC, or a zone.

    Letters at its end are Z, UTC or another zone. Where they are none, such as PM, the moment is
    not read: a cast to TIMESTAMP would drop them in silence, and be off by half a day.
    """
    clock = f"substr({value}, 11)"
    # Most end in Z, which is seen sooner than the rest.
    return (
        f"(CASE WHEN suffix({value}, 'Z') AND length({value}) > 10 THEN true "
        f"ELSE contains({clock}, '+') OR contains({clock}, '-') "
        f"OR upper({clock}[-1:]) BETWEEN 'A' AND 'Z' END)"
    )


def flag(take: Take) -> str:
    """Return the SQL of a yes-or-no field; a word that is neither is null, and reported."""
    value = f"lower({text(take)})"
    yes = ", ".join(quoted(word.lower()) for word in take.yes or ("true", "yes", "1", "y"))
    no = ", ".join(quoted(word.lower()) for word in take.no or ("false", "no", "0", "n"))
    return f"CASE WHEN {value} IN ({yes}) THEN true WHEN {value} IN ({no}) THEN false END"


def number(value: str) -> str:
    """Return the SQL of a written number with a point for its decimal comma.

    One comma before exactly three digits may set thousands apart or be decimal, so `1,234` stays
    what it is and is read as no number; so do digits grouped by underscores.
    """
    pointed = (
        f"CASE WHEN regexp_full_match({value}, '[+-]?[0-9]+,([0-9]{{1,2}}|[0-9]{{4,}})') "
        f"THEN replace({value}, ',', '.') END"
    )
    return (
        f"CASE WHEN contains({value}, ',') THEN {pointed} "
        f"WHEN NOT contains({value}, '_') THEN {value} END"
    )


def whole(value: str) -> str:
    """Return the SQL of a whole number; null where it is none, since a cast would round it."""
    exact = f"try_cast({number(value)} AS DECIMAL(38, 9))"
    return f"CASE WHEN {exact} % 1 = 0 THEN try_cast({exact} AS BIGINT) END"


def measured(value: str, decimal: str) -> str:
    """Return the SQL of a number that may have a fraction; null where it is none.

    Marks between thousands are read where they part whole groups of three.
    """
    mark, between = (",", ".") if decimal == "," else (".", ",")
    form = (
        f"^[-+]?([0-9]{{1,3}}([{between} ][0-9]{{3}})+|[0-9]+)([{mark}][0-9]+)?([eE][-+]?[0-9]+)?$"
    )
    bare = f"replace(replace({value}, '{between}', ''), ' ', '')"
    read = f"try_cast(replace({bare}, '{mark}', '.') AS DOUBLE)"
    return f"CASE WHEN regexp_matches({value}, {quoted(form)}) THEN {read} END"


def day(value: str, times: Times) -> str:
    """Return the SQL of a written date; null if unreadable. No zone moves it."""
    tries = [
        f"try_cast(substr({value}, 1, 10) AS DATE)"
        if form in NAMED_FORMATS
        else f"try_strptime({value}, {quoted(form)})::DATE"
        for form in times.formats
    ]
    return f"coalesce({', '.join(tries)}, NULL)"


def phase(status: str, at: str, mapping: Mapping) -> str:
    """Return the SQL of the phase a status means at a moment; null where no word says so."""
    dated = sorted(mapping.phases, key=lambda each: str(each.since or ""), reverse=True)
    known = "NULL::VARCHAR"
    for words in reversed(dated):
        cases = " ".join(f"WHEN {quoted(w)} THEN {quoted(p)}" for w, p in words.words.items())
        meant = f"CASE {status} {cases} END" if cases else "NULL"
        since = f"{at} >= TIMESTAMP {quoted(str(words.since))}" if words.since else "true"
        known = f"CASE WHEN {since} THEN {meant} ELSE {known} END"
    return known


def fields_sql(mapping: Mapping) -> dict[str, str]:
    """Return the SQL of every field the mapping fills, by the field's name."""
    return {name: _field(mapping, name, take) for name, take in mapping.fields.items()}


def _field(mapping: Mapping, name: str, take: Take) -> str:
    kind = mapping.type_of(name)
    if kind == "instant":
        return moment(_micros_of(name))
    if kind == "yes_no":
        return flag(take)
    return worded(take) if kind == "text" else _counted(mapping, name, take)


def _counted(mapping: Mapping, name: str, take: Take) -> str:
    """Return the SQL of a whole number, a number or a day; null where it cannot be read."""
    kind = mapping.type_of(name)
    if kind == "day":
        return day(text(take), mapping.times)
    return whole(text(take)) if kind == "whole" else measured(text(take), mapping.decimal)


def practice_sql(mapping: Mapping) -> str:
    """Return the SQL of the practice; null where the source's word has none."""
    take = mapping.practice
    if take.value:
        return quoted(take.value)
    cases = " ".join(f"WHEN {quoted(w)} THEN {quoted(p)}" for w, p in take.words.items())
    return f"CASE {text(take)} {cases} END" if cases else "NULL::VARCHAR"


def order_sql(mapping: Mapping) -> list[str]:
    """Return the SQL of the keys that order a ticket's updates: the mapping's, import, place.

    Where the mapping names no order, time comes first.
    """
    keys = [f"try_cast({number(column_of(column))} AS DOUBLE)" for column in mapping.order]
    return keys or ["happened_at"]


def faults(mapping: Mapping) -> list[Fault]:
    """Return every way in which a record of this mapping can be unusable, the gravest first."""
    found = _faults_of_related(mapping) if mapping.related else _faults_of_tickets(mapping)
    needed = {"tickets": "opened_at"}.get(mapping.shape, "updated_at")
    for name in mapping.fields_of("instant"):
        found += _moment_faults(mapping, name, needed=name == needed)
    for name in mapping.fields_of("whole", "number", "day"):
        take = mapping.fields[name]
        bad = f"{text(take)} IS NOT NULL AND ({_counted(mapping, name, take)}) IS NULL"
        reason = REASONS["day" if mapping.type_of(name) == "day" else "number"]
        found.append(Fault(bad, reason, take.columns[0] if take.columns else name, text(take)))
    if mapping.changes:
        named = column_of(mapping.changes.field)
        found.append(Fault(f"{named} IS NULL", REASONS["field"], mapping.changes.field, "NULL"))
    return found


def _faults_of_tickets(mapping: Mapping) -> list[Fault]:
    ticket = column_of(mapping.ticket_id)
    found = [Fault(f"{ticket} IS NULL", REASONS["id"], mapping.ticket_id, "NULL")]
    if not mapping.practice.value:
        word = text(mapping.practice)
        column = " + ".join(mapping.practice.columns)
        found.append(Fault(f"{practice_sql(mapping)} IS NULL", REASONS["practice"], column, word))
    return found


def _faults_of_related(mapping: Mapping) -> list[Fault]:
    keys = [mapping.fields[name] for name in mapping.key]
    return [
        Fault(f"{worded(take)} IS NULL", REASONS["key"], " + ".join(take.columns), "NULL")
        for take in keys
    ]


def _moment_faults(mapping: Mapping, name: str, needed: bool) -> list[Fault]:
    take = mapping.fields[name]
    value, unread = text(take), f"{moment(_micros_of(name))} IS NULL"
    column = " + ".join(take.columns)
    found = []
    if needed:
        found.append(Fault(f"{value} IS NULL", REASONS["no_time"], column, "NULL"))
    if "iso" in mapping.times.formats and not mapping.times.zone:
        plain_time = f"try_cast({value} AS TIMESTAMP) IS NOT NULL"
        naive = f"{unread} AND {value} IS NOT NULL AND NOT {has_offset(value)} AND {plain_time}"
        found.append(Fault(naive, REASONS["naive"], column, value))
    found.append(Fault(f"{unread} AND {value} IS NOT NULL", REASONS["time"], column, value))
    return found


def reason_sql(mapping: Mapping) -> str:
    """Return the SQL of the number of the first fault of a record, from 0; null where it is fit.

    A record that says that its ticket is deleted needs no more than the ticket's number.
    """
    cases = [f"WHEN {f.found} THEN {n}" for n, f in enumerate(faults(mapping))]
    if mapping.deleted:
        cases.insert(1, f"WHEN {deleted_sql(mapping)} THEN NULL")
    return f"CASE {' '.join(cases)} END"


def fit_sql(mapping: Mapping) -> str:
    """Return the SQL that holds for records without a fault, of tickets not said to be deleted."""
    fit = f"({reason_sql(mapping)}) IS NULL"
    return f"{fit} AND NOT {deleted_sql(mapping)}" if mapping.deleted else fit


def deleted_sql(mapping: Mapping) -> str:
    """Return the SQL that holds for records which say that their ticket is deleted."""
    if mapping.deleted is None:
        return "false"
    words = ", ".join(quoted(word) for word in mapping.deleted.words)
    return f"coalesce({column_of(mapping.deleted.column)} IN ({words}), false)"


def attributes_sql(mapping: Mapping) -> str:
    """Return the SQL of the map of further fields; absent values are left out of it.

    So are columns of persons: numbers are split by attributes, and never by a person.
    """
    people = mapping.person_columns
    kept = {name: column for name, column in mapping.attributes.items() if column not in people}
    if not kept:
        return "NULL::MAP(VARCHAR, VARCHAR)"
    entries = ", ".join(
        f"{{'key': {quoted(name)}, 'value': {column_of(column)}}}" for name, column in kept.items()
    )
    return f"map_from_entries(list_filter([{entries}], lambda entry: entry.value IS NOT NULL))"
