"""Who answered: updates by programs told from those by persons, and what that says of a ticket.

Floor 2. Persons are hashes once they are in, so the mapping says by which words its programs sign,
and each update keeps a yes or no. An answer is what `first_response_at` counts as one: an update
after which the ticket no longer waits to be looked at. Where it is not told who made an update,
nothing is said that could be otherwise had it been somebody else: not known is not nobody.
"""

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
    words = [mapping.fields["actor"].words.get(word, word) for word in mapping.automatic]
    met = [*words, *(digest_of(word, key) for word in mapping.automatic if key)]
    by_program = f"actor IN ({', '.join(quoted(word) for word in met)})"
    if key is None:
        # What came in while persons were hidden is a hash of nobody knows whom.
        by_program = f"CASE WHEN NOT {is_digest_sql('actor')} THEN {by_program} END"
    return f"SELECT *, {by_program} AS {AUTOMATIC} FROM ({updates})"


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
