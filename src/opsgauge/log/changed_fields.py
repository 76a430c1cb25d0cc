"""Changed fields of a row per field change: which the mapping names, and what is hidden of others.

Floor 2. A field that the mapping does not name may name people, so its old and new values are
hidden on the way in as persons are. A later mapping that names it then finds digests: as a person
they serve, as anything else they stand for a value that is not known, until the file is imported
again and the same record comes in clear.
"""

from collections.abc import Mapping as Dict

from opsgauge.foundation.units import whole
from opsgauge.log.mapping import Changes, Mapping
from opsgauge.log.mapping_fields import PERSONS
from opsgauge.log.normalise import plain
from opsgauge.log.privacy import digest_sql, is_digest_sql
from opsgauge.log.raw import HASH, stored_name
from opsgauge.warehouse.engine import name_of, quoted

MOST_SHOWN = 10


def names_of(changes: Changes, ours: tuple[str, ...]) -> tuple[str, ...]:
    """Return the source's names, in small letters, of those of our fields."""
    return tuple(sorted({theirs.lower() for theirs, name in changes.names.items() if name in ours}))


def names_in_clear(changes: Changes) -> tuple[str, ...]:
    """Return the source's names of fields whose values are no persons'.

    A name that stands for a person in one spelling and for another field in the next is a person's.

    Examples
    --------
    >>> names = {"State": "original_status", "Owner": "assignee", "OWNER": "team"}
    >>> names_in_clear(Changes(field="f", new="n", names=names))
    ('state',)
    """
    people = names_of(changes, PERSONS)
    return tuple(sorted({theirs.lower() for theirs in changes.names} - set(people)))


def among_sql(value: str, names: tuple[str, ...]) -> str:
    """Return the SQL that says whether a field's name is one of some; false where there is none."""
    listed = ", ".join(map(quoted, names))
    return f"coalesce(lower(trim({value})) IN ({listed}), false)" if names else "false"


def hidden_sql(mapping: Mapping) -> str:
    """Return the SQL that finds the raw records whose values were hidden and now are wanted.

    They came when the mapping did not name their field; it names it now, and not as a person's.
    """
    if mapping.changes is None:
        return "false"
    wanted = among_sql(_raw(mapping.changes.field), names_in_clear(mapping.changes))
    values = (mapping.changes.old, mapping.changes.new)
    digests = " OR ".join(is_digest_sql(_raw(column)) for column in values if column)
    return f"({wanted} AND ({digests}))"


def once_in_clear(mapping: Mapping, raw: str) -> str:
    """Return the raw rows without those that are hidden and came again in clear."""
    hidden = hidden_sql(mapping)
    again = (
        f"SELECT {HASH} FROM {raw} WHERE NOT {hidden} "
        f"AND {HASH} IN (SELECT {HASH} FROM {raw} WHERE {hidden})"
    )
    return f"(SELECT * FROM {raw} WHERE NOT {hidden} OR {HASH} NOT IN ({again}))"


def unnamed_sql(mapping: Mapping, raw: str) -> str:
    """Return the query of the changed fields that the mapping does not name, a row per record."""
    if mapping.changes is None:
        return "SELECT NULL::VARCHAR AS word WHERE false"
    field = plain(mapping.changes.field, mapping)
    named = tuple(sorted({theirs.lower() for theirs in mapping.changes.names}))
    return f"SELECT {field} AS word FROM {raw} WHERE {field} IS NOT NULL AND NOT " + among_sql(
        field, named
    )


def people_sql(mapping: Mapping, raw: str, persons: str, key: bytes) -> str:
    """Return the query of changed fields that stay in clear and hold somebody of a person column.

    Parameters
    ----------
    persons : a relation with the digests of the people met in columns of persons, `digest`
    """
    if mapping.changes is None:
        return "SELECT NULL::VARCHAR AS word WHERE false"
    field = plain(mapping.changes.field, mapping)
    clear = among_sql(field, names_in_clear(mapping.changes))
    met = " OR ".join(
        f"{digest_sql(_raw(column), key)} IN (SELECT digest FROM {persons})"
        for column in (mapping.changes.old, mapping.changes.new)
        if column
    )
    return f"SELECT DISTINCT {field} AS word FROM {raw} WHERE {clear} AND ({met}) ORDER BY 1"


def told_of_unnamed(counts: Dict[str, int]) -> tuple[str, ...]:
    """Say which changed fields the mapping does not name, and what becomes of their values.

    Examples
    --------
    >>> told_of_unnamed({}), told_of_unnamed({"Watcher": 2})[0][:43]
    ((), "Changed fields that 'changes.names' does no")
    """
    if not counts:
        return ()
    listed = list(counts.items())
    shown = ", ".join(f"{name!r} {whole(n)} times" for name, n in listed[:MOST_SHOWN])
    more = f" and {whole(len(listed) - MOST_SHOWN)} more" if len(listed) > MOST_SHOWN else ""
    return (
        f"Changed fields that 'changes.names' does not name: {shown}{more}. Their values are kept "
        "hidden, since they may be people's names; to use one, name it and import the file again.",
    )


def _raw(column: str) -> str:
    return name_of(stored_name(column))
