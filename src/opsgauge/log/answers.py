"""Who answered: updates by programs told from those by persons, and what that says of a ticket.

Floor 2. Persons are hashes once they are in, so the mapping says by which words its programs sign,
and each update keeps a yes or no. An answer is what `first_response_at` counts as one: an update
after which the ticket no longer waits to be looked at. Where it is not told who made an update,
nothing is said that could be otherwise had it been somebody else: not known is not nobody.
"""

import duckdb

from opsgauge.log.mapping import Mapping
from opsgauge.log.privacy import digest_of, is_digest_sql
from opsgauge.log.vocabulary import BEFORE_RESPONSE
from opsgauge.warehouse.engine import quoted

AUTOMATIC = "automatic"  # the column of updates and of history
ANSWERS = ("first_human_response_at", "first_automatic_response_at", "first_response_automatic")


def with_automatic(mapping: Mapping, updates: str, key: bytes | None) -> str:
    """Return updates with `automatic`, where the mapping says which words are programs.

    Parameters
    ----------
    updates : SQL of updates, persons in them hidden where there is a key
    key : what persons are hidden with, None where they are kept as they are
    """
    if not mapping.automatic:
        return updates
    signed = [sign for word in mapping.automatic for sign in _signs(mapping, word, key)]
    by_program = f"actor IN ({', '.join(quoted(sign) for sign in signed)})"
    if key is None:
        # What came in while persons were hidden is a hash of nobody knows whom.
        by_program = f"CASE WHEN NOT {is_digest_sql('actor')} THEN {by_program} END"
    return f"SELECT *, {by_program} AS {AUTOMATIC} FROM ({updates})"


def _signs(mapping: Mapping, word: str, key: bytes | None) -> list[str]:
    """Return what stands in updates for a word of the mapping's."""
    shown = mapping.fields["actor"].words.get(word, word)
    return [shown, digest_of(word, key)] if key else [shown]


def unmet(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, key: bytes | None
) -> tuple[str, ...]:
    """Return the words for programs that none of the relation `updates` is signed with."""
    if not mapping.automatic:
        return ()
    asked = f"SELECT DISTINCT actor FROM updates WHERE {AUTOMATIC}"
    met = {row[0] for row in connection.execute(asked).fetchall()}
    return tuple(word for word in mapping.automatic if not met & {*_signs(mapping, word, key)})


def told_of_unmet(words: tuple[str, ...]) -> tuple[str, ...]:
    """Say that words for programs were not met, since a misspelt one makes a program a person.

    Examples
    --------
    >>> told_of_unmet(()), told_of_unmet(("System",))[0][:36]
    ((), "No update is signed with 'System', w")
    """
    if not words:
        return ()
    listed = " or ".join(repr(word) for word in words)
    return (
        f"No update is signed with {listed}, which the mapping names under 'automatic'. If it is "
        "spelt otherwise in the source, that program counts as a person.",
    )


def answers_sql(mapping: Mapping) -> str:
    """Return the SQL of ANSWERS over the history of a ticket, as aggregates.

    The first answer that was no program's is a person's if it is told whose it was, else it is not
    known when the first person answered.
    """
    if not mapping.automatic:
        return ", ".join(f"NULL AS {name}" for name in ANSWERS)
    silent = ", ".join(quoted(phase) for phase in BEFORE_RESPONSE)
    answer = f"seq > 0 AND phase NOT IN ({silent})"
    made = {
        "first_human_response_at": (
            f"arg_min_null(CASE WHEN NOT {AUTOMATIC} THEN since END, seq) "
            f"FILTER ({answer} AND {AUTOMATIC} IS DISTINCT FROM true)"
        ),
        "first_automatic_response_at": (
            f"arg_min_null(CASE WHEN {AUTOMATIC} THEN since END, seq) FILTER ({answer})"
        ),
        "first_response_automatic": f"arg_min_null({AUTOMATIC}, seq) FILTER ({answer})",
    }
    return ", ".join(f"{made[name]} AS {name}" for name in ANSWERS)
